//! Operators, conditionals, attributes and indices on values.
//!
//! Splats and `for` need the syntax tree and are in `evaluate`.

mod access;
mod computation;
mod conditional;
mod equality;

pub use access::{attribute, index};
pub use computation::{binary, unary};
pub use conditional::{conditional, either};
pub use equality::equals;
