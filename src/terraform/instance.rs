//! What an evaluated configuration consists of.

use std::sync::Arc;

use super::value::{Map, Presence};
use crate::source::Place;

/// An instance of a resource or data source, with its attributes as far as they are known.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The absolute address, with instance keys: `module.api.aws_ecs_service.this[0]`.
    pub address: Arc<str>,
    /// The address of the module instance that it is in; empty for the root module.
    pub module: Arc<str>,
    /// Whether it is a data source.
    pub data: bool,
    /// The type: `aws_ecs_service`.
    pub ty: Arc<str>,
    /// Written arguments and nested blocks (as lists of objects) by name. `rest` stands for what nobody
    /// wrote and only the provider knows.
    pub attributes: Arc<Map>,
    /// The names in `attributes` that only a plan gave: nobody wrote them in the configuration.
    pub computed: Vec<Arc<str>>,
    /// The block's header, where there is source.
    pub header: Option<Place>,
    /// The text between the block's braces, where there is source.
    pub body: Option<Place>,
    /// The headers of the module calls that lead to it, the innermost first; empty in the root module.
    pub calls: Vec<Place>,
    /// Whether it is there at all, where `count` or `for_each` is unknown.
    pub presence: Presence,
    /// The address of the provider configuration, with its alias: `aws`, `aws.replica`, as its module
    /// names it, resolved to the root module's where modules pass providers on.
    pub provider: Arc<str>,
    /// What `lifecycle.ignore_changes` names.
    pub ignore_changes: Vec<IgnoredChange>,
}

/// Something that `lifecycle.ignore_changes` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredChange {
    /// The path as it is written, `tags["a"]` and the like up to what is no literal; `all` for everything, and nothing
    /// for what is no path.
    pub path: Arc<str>,
    /// Where it is written.
    pub place: Place,
}
