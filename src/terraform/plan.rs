//! What a plan says, read once from its JSON without building a tree of it.

use std::sync::Arc;

use super::value::Value;

/// Everything that a plan can give: the facts. [`Facts::default`] knows nothing.
#[derive(Debug, Default)]
pub struct Facts;

/// A resource instance in a plan that exists or will exist.
#[derive(Clone, Debug)]
pub struct PlannedInstance {
    /// The absolute address, with instance keys.
    pub address: Arc<str>,
    /// The address of its module instance; empty for the root module.
    pub module: Arc<str>,
    /// Whether it is a data source.
    pub data: bool,
    /// Its type.
    pub ty: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
}

impl Facts {
    /// The value of a variable of the root module.
    #[must_use]
    pub fn variable(&self, _name: &str) -> Option<Value> {
        None
    }

    /// The attributes of an instance, managed or data, by absolute address: an object with unknown leaves
    /// where the plan does not know them.
    #[must_use]
    pub fn attributes(&self, _address: &str) -> Option<Value> {
        None
    }

    /// The instances of a resource: an absolute address without the last instance key. Decides a `count`
    /// or `for_each` that the source cannot. Empty where the plan has none of it.
    #[must_use]
    pub fn instances_of(&self, _resource: &str) -> Vec<PlannedInstance> {
        Vec::new()
    }
}
