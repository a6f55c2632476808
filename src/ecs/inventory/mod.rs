//! The inventory: what the rules see.

mod around;
mod container;
mod field;
mod iam;
mod image;
mod network;
mod parts;
mod runner;
mod service;
mod task;
mod text;

use std::sync::Arc;

pub use self::around::{
    Alarm, Dimensions, Ignored, Lifecycle, LogGroup, RegistryScanning, Repository,
};
pub use self::container::{Container, Form, LogConfiguration, SecretStore, Variable};
pub use self::field::{Field, Setting, Why};
pub use self::iam::{
    Condition, Elements, Policy, PolicyContent, Principal, Role, RoleKind, RolePolicy, RoleUse,
    Statement,
};
pub use self::image::Image;
pub use self::network::{Egress, Endpoint, Vpc};
pub use self::parts::{
    Dependency, HealthCheck, Listed, MeantKey, MountPoint, PortMapping, SchemaFault,
    SchemaFaultKind, Ulimit,
};
pub use self::runner::{
    AccountSetting, Cluster, ClusterSetting, ExecConfiguration, Link, Runner, RunnerKind,
};
pub use self::service::{CapacityProvider, ContainerPort, Rollback, Service, TargetGroup};
pub use self::task::{EfsVolume, Invalid, Platform, Platforms, System, TaskDefinition, Volume};
pub use self::text::{Reference, Secret, Text, TextPart};
use super::Origin;

/// Everything of ECS, and around it, that a root module would make.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Clusters.
    pub clusters: Vec<Cluster>,
    /// Task definitions.
    pub task_definitions: Vec<TaskDefinition>,
    /// What runs tasks: services, task sets, scheduled targets.
    pub runners: Vec<Runner>,
    /// The VPCs that tasks run in.
    pub vpcs: Vec<Vpc>,
    /// Log groups.
    pub log_groups: Vec<LogGroup>,
    /// The roles that tasks use.
    pub roles: Vec<Role>,
    /// Image repositories.
    pub repositories: Vec<Repository>,
    /// What is scanned in a registry as a whole.
    pub registry_scanning: Vec<RegistryScanning>,
    /// Alarms.
    pub alarms: Vec<Alarm>,
    /// What Terraform is told to leave alone of task definitions and services.
    pub lifecycles: Vec<Lifecycle>,
    /// Account settings for Container Insights.
    pub insights_settings: Vec<AccountSetting>,
    /// Account settings for the mode of log drivers.
    pub log_mode_settings: Vec<AccountSetting>,
    /// Capacity providers.
    pub capacity_providers: Vec<CapacityProvider>,
    /// Target groups of load balancers.
    pub target_groups: Vec<TargetGroup>,
    /// Why there may be further resources of any kind: a part of the configuration could not be read. What is not
    /// here is then not known to be absent.
    pub incomplete: Option<Why>,
    /// Resources that look like ECS and that no rule reads.
    pub not_audited: Vec<NotAudited>,
}

/// What a verdict is about, and where it is.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The resource instance's address.
    pub address: Arc<str>,
    /// The container's name, where it is one.
    pub container: Option<Arc<str>>,
    /// The block or the object.
    pub origin: Origin,
    /// What its being there hangs on, where that is not known.
    pub maybe: Option<Why>,
}

/// A resource that no rule reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAudited {
    /// Its address.
    pub address: Arc<str>,
    /// Why.
    pub reason: String,
}
