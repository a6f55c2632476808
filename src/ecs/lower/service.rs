//! What only services have, and what they refer to.

use std::collections::HashMap;
use std::sync::Arc;

use super::links::{Links, link};
use super::parts::listed;
use super::read::Object;
use super::task_definition::subject;
use crate::ecs::Origin;
use crate::ecs::inventory::{
    CapacityProvider, ContainerPort, Field, Listed, Rollback, Service, Setting, TargetGroup, Text,
    Why,
};
use crate::terraform::Instance;

/// A target group, by the two names of its type.
pub(super) const TARGET_GROUP_TYPES: [&str; 2] = ["aws_lb_target_group", "aws_alb_target_group"];

/// Reads what only a service has; `target_groups` has the indices of those that are made here, by address.
pub(super) fn service(
    object: &Object<'_>,
    links: &Links<'_>,
    target_groups: &HashMap<Arc<str>, usize>,
) -> Service {
    let (controller, uncertain) = object.block("deployment_controller");
    let port = |block: &Object<'_>| ContainerPort {
        origin: block.origin.clone(),
        maybe: block.maybe.clone(),
        container: block.text("container_name"),
        port: block.scalar("container_port"),
        target_group: link(
            links,
            block.get("target_group_arn"),
            &TARGET_GROUP_TYPES,
            target_groups,
        ),
    };
    Service {
        controller: nested(
            object,
            "deployment_controller",
            &controller,
            &uncertain,
            |block| block.text("type"),
        ),
        circuit_breaker: rollback(object, "deployment_circuit_breaker"),
        alarms: rollback(object, "alarms"),
        load_balancers: listed(object, "load_balancer", port),
        registries: listed(object, "service_registries", port),
        connected_ports: connected_ports(object),
    }
}

fn rollback(object: &Object<'_>, name: &str) -> Rollback {
    let (block, uncertain) = object.block(name);
    let flag = |flag| nested(object, name, &block, &uncertain, |block| block.flag(flag));
    Rollback {
        origin: origin(object, name, &block),
        enable: flag("enable"),
        rollback: flag("rollback"),
    }
}

fn connected_ports(object: &Object<'_>) -> Listed<Field<Text>> {
    let (connect, uncertain) = object.block("service_connect_configuration");
    let Some(connect) = connect else {
        return Listed {
            items: Vec::new(),
            uncertain,
        };
    };
    match connect.flag("enabled").setting {
        Setting::Set(false) => Listed::default(),
        Setting::Unknown(why) => Listed {
            items: Vec::new(),
            uncertain: Some(why),
        },
        Setting::Set(true) | Setting::Unset => {
            listed(&connect, "service", |service| service.text("port_name"))
        }
    }
}

/// Reads `aws_lb_target_group`.
pub(super) fn target_group(instance: &Instance) -> TargetGroup {
    let object = Object::instance(instance, &Origin::default());
    TargetGroup {
        subject: subject(&instance.address, &object),
        target_type: object.text("target_type"),
    }
}

/// Reads `aws_ecs_capacity_provider`.
pub(super) fn capacity_provider(instance: &Instance) -> CapacityProvider {
    let object = Object::instance(instance, &Origin::default());
    let name = "auto_scaling_group_provider";
    let (group, uncertain) = object.block(name);
    let (scaling, scaling_uncertain) = group
        .as_ref()
        .map(|group| group.block("managed_scaling"))
        .unwrap_or_default();
    let setting = match (&group, &uncertain) {
        (Some(group), _) => Setting::Set(group.origin.clone()),
        (None, Some(why)) => Setting::Unknown(why.clone()),
        (None, None) => Setting::Unset,
    };
    CapacityProvider {
        subject: subject(&instance.address, &object),
        auto_scaling_group: Field {
            setting,
            origin: origin(&object, name, &group),
        },
        termination_protection: nested(&object, name, &group, &uncertain, |group| {
            group.text("managed_termination_protection")
        }),
        managed_scaling: nested(
            group.as_ref().unwrap_or(&object),
            "managed_scaling",
            &scaling,
            &scaling_uncertain,
            |scaling| scaling.text("status"),
        ),
    }
}

/// A field of a nested block, which may not be there, or of which it is not known whether it is.
fn nested<'a, T>(
    within: &Object<'_>,
    name: &str,
    block: &Option<Object<'a>>,
    uncertain: &Option<Why>,
    read: impl Fn(&Object<'a>) -> Field<T>,
) -> Field<T> {
    match block {
        Some(block) => {
            let mut field = read(block);
            // What a block says counts where the block is there.
            if let Some(why) = &block.maybe {
                field.setting = Setting::Unknown(why.clone());
            }
            field
        }
        None => Field {
            setting: uncertain.clone().map_or(Setting::Unset, Setting::Unknown),
            origin: origin(within, name, block),
        },
    }
}

/// The origin of a nested block, or of what would be one.
fn origin(within: &Object<'_>, name: &str, block: &Option<Object<'_>>) -> Origin {
    match block {
        Some(block) => block.origin.clone(),
        None => Origin::missing(&within.origin).named(name),
    }
}
