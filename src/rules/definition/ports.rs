//! The ports that containers of a task ask for.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::{Look, before};
use crate::ecs::inventory::{Container, PortMapping, Setting, TaskDefinition};

const PORTS: RangeInclusive<i64> = 1..=65_535;

pub(super) fn ports(look: &mut Look, task: &TaskDefinition, one: &Container) {
    let mode = match &task.network_mode.setting {
        Setting::Set(mode) => mode.known(),
        Setting::Unset => Some("bridge"),
        Setting::Unknown(_) => None,
    };
    if mode == Some("none") && !one.port_mappings.items.is_empty() {
        let at = &one.port_mappings.items[0].origin;
        look.fault(
            "it maps ports, and its network mode is `none`",
            "nothing to map to",
            at,
        );
    }
    let shared = matches!(mode, Some("awsvpc" | "host"));
    let mut taken = HashSet::new();
    for other in before(task, one) {
        taken.extend(
            other
                .port_mappings
                .items
                .iter()
                .filter_map(|port| host_port(port, mode)),
        );
    }
    for port in &one.port_mappings.items {
        mapping(look, port, shared.then_some(mode).flatten());
        if let Some(host) = host_port(port, mode)
            && !taken.insert(host)
        {
            let (number, protocol) = host;
            let what = format!("port {number} ({protocol}) is mapped twice in its task");
            let field = match port.host_port.is_present() {
                true => &port.host_port,
                false => &port.container_port,
            };
            look.fault(what, "mapped already", &field.origin);
        }
    }
}

/// The port of the host, or of the task's own network, that a mapping takes; none where ECS finds a free one.
fn host_port<'a>(port: &'a PortMapping, mode: Option<&str>) -> Option<(i64, &'a str)> {
    let protocol = match &port.protocol.setting {
        Setting::Unset => "tcp",
        Setting::Set(text) => match text.known()? {
            "" => "tcp",
            known => known,
        },
        Setting::Unknown(_) => return None,
    };
    let number = match mode? {
        "awsvpc" | "host" => *port.container_port.set()?,
        _ => *port.host_port.set()?,
    };
    (number != 0 && port.maybe.is_none()).then_some((number, protocol))
}

/// Looks at one mapping; `mode` is the network mode where the host's port must be the container's.
fn mapping(look: &mut Look, port: &PortMapping, mode: Option<&str>) {
    let (container, host) = (&port.container_port, &port.host_port);
    if container
        .set()
        .is_some_and(|number| !PORTS.contains(number))
    {
        look.fault(
            "a `containerPort` is not between 1 and 65535",
            "no port",
            &container.origin,
        );
    }
    if host
        .set()
        .is_some_and(|number| *number != 0 && !PORTS.contains(number))
    {
        look.fault(
            "a `hostPort` is not between 0 and 65535",
            "no port",
            &host.origin,
        );
    }
    if let Some(range) = port
        .container_port_range
        .text()
        .filter(|range| !range.is_empty())
    {
        let ends = range.split_once('-');
        let ends = ends.and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
        let fits = ends.is_some_and(|(first, last): (i64, i64)| {
            first < last && PORTS.contains(&first) && PORTS.contains(&last)
        });
        if !fits {
            let at = &port.container_port_range.origin;
            look.fault(
                "a `containerPortRange` is no range of ports",
                "write it like `8000-8010`",
                at,
            );
        }
    } else if !container.is_present() && !port.container_port_range.is_present() {
        look.fault(
            "a port mapping has no `containerPort`",
            "no `containerPort`",
            &port.origin,
        );
    }
    let Some(mode) = mode else {
        return;
    };
    match (container.set(), host.set()) {
        (Some(inside), Some(outside)) if *outside != 0 && inside != outside => {
            let what = format!(
                "`hostPort` {outside} is not the `containerPort` {inside}, as `{mode}` wants"
            );
            look.fault(what, format!("not {inside}"), &host.origin);
            look.help("leave `hostPort` out");
        }
        // What both wait for is most likely the same.
        _ if container.unknown() == host.unknown() => {}
        _ if host.is_present() && container.is_present() && host.set() != Some(&0) => {
            if let Some(why) = host.unknown().or(container.unknown()) {
                look.unknown("a `hostPort` or its `containerPort`", why, &port.origin);
            }
        }
        _ => {}
    }
}
