//! The plan and the source held against each other, instance by instance and leaf by leaf.
//!
//! Knows what the AWS provider does to a value between source and plan, and nothing of what a value
//! means for an audit.

mod containers;
mod disagreement;
mod documents;
mod form;
mod instances;
mod leaves;
mod matching;
mod mocked;
mod normalised;
#[cfg(test)]
mod tests;

pub use disagreement::Disagreement;
pub use instances::{Joined, join};
