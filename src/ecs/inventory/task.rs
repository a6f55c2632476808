//! Task definitions, their volumes and their containers.

use std::sync::Arc;

use super::{Container, Field, Subject, Text, Why};
use crate::ecs::Origin;

/// `aws_ecs_task_definition` and what else defines tasks.
#[derive(Clone, Debug, Default)]
pub struct TaskDefinition {
    /// The task definition.
    pub subject: Subject,
    /// The resource's type.
    pub resource_type: Arc<str>,
    /// The provider configuration that makes it.
    pub provider: Arc<str>,
    /// `region`; the provider's where it is unset.
    pub region: Field<Text>,
    /// `family`.
    pub family: Field<Text>,
    /// `network_mode`.
    pub network_mode: Field<Text>,
    /// `pid_mode`.
    pub pid_mode: Field<Text>,
    /// `ipc_mode`.
    pub ipc_mode: Field<Text>,
    /// `enable_fault_injection`.
    pub fault_injection: Field<bool>,
    /// `requires_compatibilities`.
    pub requires_compatibilities: Field<Vec<Text>>,
    /// The operating system: `runtime_platform.operating_system_family`, Linux where unset.
    pub system: Field<System>,
    /// `cpu`: CPU units, or `1 vCPU`.
    pub cpu: Field<Text>,
    /// `memory`: MiB, or `2 GB`.
    pub memory: Field<Text>,
    /// `task_role_arn`.
    pub task_role: Field<Text>,
    /// `execution_role_arn`.
    pub execution_role: Field<Text>,
    /// Its volumes.
    pub volumes: Vec<Volume>,
    /// Why there may be further volumes.
    pub volumes_uncertain: Option<Why>,
    /// Its container definitions.
    pub containers: Vec<Container>,
    /// Where the definitions are written as a whole.
    pub definitions: Origin,
    /// Why there may be further containers, or why none is known.
    pub containers_uncertain: Option<Why>,
    /// What is wrong with the definitions as a whole: no JSON, no list.
    pub invalid: Option<Invalid>,
    /// What runs it, as indices into [`Inventory::runners`].
    pub runners: Vec<usize>,
    /// Where it runs.
    pub platforms: Platforms,
}

/// Why container definitions cannot be read.
#[derive(Clone, Debug, Default)]
pub struct Invalid {
    /// What is wrong: "a colon must stand here".
    pub message: String,
    /// Where, in the text.
    pub origin: Origin,
}

/// The operating system of a task's containers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum System {
    /// Linux.
    #[default]
    Linux,
    /// Windows, of any edition.
    Windows,
}

/// Where tasks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Platform {
    /// Fargate and Fargate Spot.
    Fargate,
    /// Container instances on EC2.
    Ec2,
    /// ECS Anywhere.
    External,
    /// ECS managed instances.
    ManagedInstances,
}

/// Every platform that something may run on.
#[derive(Clone, Debug, Default)]
pub struct Platforms {
    /// Those that are known, each once.
    pub known: Vec<Platform>,
    /// Why there may be others.
    pub undetermined: Option<Why>,
}

impl Platforms {
    /// Whether this platform is among those that are known.
    #[must_use]
    pub fn includes(&self, platform: Platform) -> bool {
        self.known.contains(&platform)
    }

    /// Whether it is certain that there is this one and no other.
    #[must_use]
    pub fn is_only(&self, platform: Platform) -> bool {
        self.undetermined.is_none() && self.known == [platform]
    }
}

/// A volume of a task definition.
#[derive(Clone, Debug, Default)]
pub struct Volume {
    /// The block.
    pub origin: Origin,
    /// `name`.
    pub name: Field<Text>,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
    /// `host_path`.
    pub host_path: Field<Text>,
    /// `efs_volume_configuration`.
    pub efs: Option<EfsVolume>,
    /// The driver options of a docker volume, by name.
    pub driver_options: Vec<(Arc<str>, Field<Text>)>,
    /// Why the kind of the volume is not known.
    pub uncertain: Option<Why>,
}

/// `efs_volume_configuration`.
#[derive(Clone, Debug, Default)]
pub struct EfsVolume {
    /// The block.
    pub origin: Origin,
    /// `file_system_id`.
    pub file_system_id: Field<Text>,
    /// `transit_encryption`.
    pub transit_encryption: Field<Text>,
    /// The `authorization_config` block; not written where there is none.
    pub authorization: Origin,
    /// `authorization_config.iam`.
    pub iam: Field<Text>,
    /// `authorization_config.access_point_id`.
    pub access_point_id: Field<Text>,
}
