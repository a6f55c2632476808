//! What a plan says, read once from its JSON, or from the plan file itself, without building a tree of it.
//!
//! The text is kept as it was read and everything else is byte ranges into it; an instance's values are
//! read when somebody asks for them. What the values mean, nothing here knows.

mod address;
mod document;
mod encoding;
mod facts;
mod file;
mod index;
mod leaves;
mod mocked;
mod reduced;
#[cfg(test)]
mod tests;
mod text;
mod written;

pub(super) use address::{without_key, without_keys};
pub use facts::{Facts, PlannedInstance};
pub use file::{Module, OnlyShown, Snapshot};
