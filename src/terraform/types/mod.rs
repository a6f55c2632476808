//! Types, type constraints, conversion and unification.

mod constraint;
mod convert;
mod kind;
mod set_order;
mod unify;

pub use constraint::Constraint;
pub use convert::convert;
pub use kind::{Type, type_of};
pub use set_order::sort_set;
pub use unify::{convertible, unify};
