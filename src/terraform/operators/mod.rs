//! Operators, attributes and indices on values.
//!
//! Conditionals, splats and `for` need the syntax tree and are in `evaluate`.

mod access;
mod computation;
mod equality;
#[cfg(test)]
mod tests;

pub use access::{attribute, index};
pub use computation::{binary, unary};
pub use equality::equals;
