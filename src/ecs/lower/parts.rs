//! The parts of a container definition: ports, mounts, dependencies, limits, the health check.

use super::read::Object;
use crate::ecs::inventory::{
    Dependency, Field, HealthCheck, Listed, MountPoint, PortMapping, Setting, Text, Ulimit, Why,
};

pub(super) fn port_mappings(container: &Object<'_>) -> Listed<PortMapping> {
    listed(container, "portMappings", |object| PortMapping {
        origin: object.origin.clone(),
        name: object.text("name"),
        container_port: object.integer("containerPort"),
        port_text: object.scalar("containerPort"),
        host_port: object.integer("hostPort"),
        container_port_range: object.text("containerPortRange"),
        protocol: object.text("protocol"),
        maybe: object.maybe.clone(),
    })
}

pub(super) fn mount_points(container: &Object<'_>) -> Listed<MountPoint> {
    listed(container, "mountPoints", |object| MountPoint {
        origin: object.origin.clone(),
        source_volume: object.text("sourceVolume"),
        container_path: object.text("containerPath"),
        read_only: object.flag("readOnly"),
        maybe: object.maybe.clone(),
    })
}

pub(super) fn volumes_from(container: &Object<'_>) -> Listed<Field<Text>> {
    listed(container, "volumesFrom", |object| {
        object.text("sourceContainer")
    })
}

pub(super) fn dependencies(container: &Object<'_>) -> Listed<Dependency> {
    listed(container, "dependsOn", |object| Dependency {
        origin: object.origin.clone(),
        container: object.text("containerName"),
        condition: object.text("condition"),
        maybe: object.maybe.clone(),
    })
}

pub(super) fn ulimits(container: &Object<'_>) -> Listed<Ulimit> {
    listed(container, "ulimits", |object| Ulimit {
        origin: object.origin.clone(),
        name: object.text("name"),
        soft: object.integer("softLimit"),
        hard: object.integer("hardLimit"),
    })
}

pub(super) fn health_check(container: &Object<'_>) -> Field<HealthCheck> {
    let check = container.object("healthCheck");
    let setting = match check.setting {
        Setting::Unset => Setting::Unset,
        Setting::Unknown(why) => Setting::Unknown(why),
        Setting::Set(object) => {
            let (items, uncertain) = object.items("command");
            Setting::Set(HealthCheck {
                command: Listed { items, uncertain },
                interval: object.integer("interval"),
                timeout: object.integer("timeout"),
                retries: object.integer("retries"),
                start_period: object.integer("startPeriod"),
            })
        }
    };
    Field {
        setting,
        origin: check.origin,
    }
}

/// Reads what is added to the capabilities of the container.
pub(super) fn added_capabilities(container: &Object<'_>) -> Listed<Field<Text>> {
    let uncertain = |why: &Why| Listed {
        items: Vec::new(),
        uncertain: Some(why.clone()),
    };
    let capabilities = match &container.object("linuxParameters").setting {
        Setting::Set(linux) => linux.object("capabilities").setting,
        Setting::Unknown(why) => return uncertain(why),
        Setting::Unset => Setting::Unset,
    };
    match &capabilities {
        Setting::Set(capabilities) => capabilities.listed_texts("add"),
        Setting::Unknown(why) => uncertain(why),
        Setting::Unset => Listed::default(),
    }
}

/// Reads whether the container gets devices of its host.
pub(super) fn devices(container: &Object<'_>) -> Field<()> {
    let linux = container.object("linuxParameters");
    let setting = match &linux.setting {
        Setting::Set(linux) => return linux.presence("devices"),
        Setting::Unknown(why) => Setting::Unknown(why.clone()),
        Setting::Unset => Setting::Unset,
    };
    Field {
        setting,
        origin: linux.origin,
    }
}

/// Reads the objects in a list, or nested blocks; what is of another type is uncertain.
pub(super) fn listed<T>(
    within: &Object<'_>,
    name: &str,
    read: impl Fn(&Object<'_>) -> T,
) -> Listed<T> {
    let objects = within.blocks(name);
    let malformed = || Why(format!("`{name}` has a value of a wrong type").into());
    Listed {
        items: objects.items.iter().map(read).collect(),
        uncertain: objects
            .uncertain
            .or_else(|| objects.malformed.then(malformed)),
    }
}
