//! What only services have: where their tasks are reached, and how a deployment ends.

use super::{Field, Link, Listed, Subject, Text, Why};
use crate::ecs::Origin;

/// What only `aws_ecs_service` has.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// `deployment_controller.type`; unset is `ECS`.
    pub controller: Field<Text>,
    /// `deployment_circuit_breaker`.
    pub circuit_breaker: Rollback,
    /// `alarms`.
    pub alarms: Rollback,
    /// `load_balancer` blocks.
    pub load_balancers: Listed<ContainerPort>,
    /// `service_registries` blocks.
    pub registries: Listed<ContainerPort>,
    /// `service_connect_configuration.service`: the `port_name` of each.
    pub connected_ports: Listed<Field<Text>>,
}

/// A block that can make ECS go back to the last deployment that worked.
#[derive(Clone, Debug, Default)]
pub struct Rollback {
    /// The block; not written where there is none.
    pub origin: Origin,
    /// `enable`.
    pub enable: Field<bool>,
    /// `rollback`.
    pub rollback: Field<bool>,
}

/// A container's port that a service names.
#[derive(Clone, Debug, Default)]
pub struct ContainerPort {
    /// The block.
    pub origin: Origin,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
    /// `container_name`.
    pub container: Field<Text>,
    /// `container_port`, in digits.
    pub port: Field<Text>,
    /// The target group that watches it, as an index into
    /// [`Inventory::target_groups`](super::Inventory::target_groups).
    pub target_group: Link,
}

/// `aws_lb_target_group`.
#[derive(Clone, Debug, Default)]
pub struct TargetGroup {
    /// The target group.
    pub subject: Subject,
    /// `target_type`; unset is `instance`.
    pub target_type: Field<Text>,
}

/// `aws_ecs_capacity_provider`.
#[derive(Clone, Debug, Default)]
pub struct CapacityProvider {
    /// The capacity provider.
    pub subject: Subject,
    /// `auto_scaling_group_provider`, where it is one of instances that the account keeps itself.
    pub auto_scaling_group: Field<Origin>,
    /// `managed_termination_protection`.
    pub termination_protection: Field<Text>,
    /// `managed_scaling.status`.
    pub managed_scaling: Field<Text>,
}
