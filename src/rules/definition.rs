//! What makes a container definition one that ECS registers and runs: the knowledge behind ECS:030.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::task_size;
use crate::ecs::Origin;
use crate::ecs::inventory::{
    Container, Dependency, Field, Form, HealthCheck, PortMapping, SchemaFault, SchemaFaultKind,
    Setting, TaskDefinition, Text, Why,
};

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Look {
    pub(super) faults: Vec<Finding>,
    /// What is not known, though it decides.
    pub(super) unknown: Option<(String, Why, Origin)>,
}

/// Something that is wrong.
#[derive(Debug)]
pub(super) struct Finding {
    /// For the message.
    pub(super) what: String,
    /// For its place.
    pub(super) label: String,
    pub(super) origin: Origin,
    pub(super) help: Option<String>,
    /// Whether what stands there may be a secret.
    pub(super) is_secret: bool,
    /// The key that was meant, and whether that is sure.
    pub(super) rename: Option<(&'static str, bool)>,
}

impl Look {
    pub(super) fn fault(
        &mut self,
        what: impl Into<String>,
        label: impl Into<String>,
        origin: &Origin,
    ) {
        self.faults.push(Finding {
            what: what.into(),
            label: label.into(),
            origin: origin.clone(),
            help: None,
            is_secret: false,
            rename: None,
        });
    }

    pub(super) fn unknown(&mut self, what: impl Into<String>, why: &Why, origin: &Origin) {
        if self.unknown.is_none() {
            self.unknown = Some((what.into(), why.clone(), origin.clone()));
        }
    }

    fn help(&mut self, help: impl Into<String>) {
        if let Some(last) = self.faults.last_mut() {
            last.help = Some(help.into());
        }
    }
}

/// The most containers that are held against each other; a task has ten.
const MOST_CONTAINERS: usize = 32;

/// What belongs to the task definition, as `RegisterTaskDefinition` has it.
const OF_THE_TASK: [&str; 15] = [
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "containerDefinitions",
    "family",
    "placementConstraints",
    "requiresCompatibilities",
    "pidMode",
    "ipcMode",
    "proxyConfiguration",
    "inferenceAccelerators",
    "ephemeralStorage",
    "runtimePlatform",
    "enableFaultInjection",
    "volumes",
];

/// Keys whose meaning weakens a container: nothing here tells anyone to write them.
const NEVER_ADVISED: [&str; 1] = ["privileged"];

/// Looks at one container of a task.
pub(super) fn container(look: &mut Look, task: &TaskDefinition, one: &Container) {
    for fault in &one.schema_faults {
        schema(look, fault);
    }
    name_and_image(look, task, one);
    variables(look, one);
    ports(look, task, one);
    task_size::memory(look, task, one);
    if let Setting::Set(check) = &one.health_check.setting {
        health_check(look, check);
    }
    for limit in &one.ulimits.items {
        if let (Some(soft), Some(hard)) = (limit.soft.set(), limit.hard.set())
            && soft > hard
            && *hard >= 0
        {
            let what = format!(
                "the soft limit of `{}` is above its hard limit",
                limit.name.shown()
            );
            look.fault(what, format!("above {hard}"), &limit.soft.origin);
        }
    }
    dependencies(look, task, one);
    mounts(look, task, one);
    if let Some(why) = &one.keys_uncertain {
        look.unknown("it may have further keys", why, &one.subject.origin);
    }
}

fn schema(look: &mut Look, fault: &SchemaFault) {
    let path = &fault.path;
    match &fault.kind {
        SchemaFaultKind::UnknownKey { written, meant } => {
            let of_task = OF_THE_TASK
                .iter()
                .find(|key| key.eq_ignore_ascii_case(written));
            let says = match (of_task, meant) {
                (Some(_), _) => " (it belongs to the task definition)".to_owned(),
                (None, Some(meant)) => format!(" (did you mean `{}`?)", meant.key),
                (None, None) => String::new(),
            };
            let what = format!("`{path}` is no key of the API, and the provider drops it{says}");
            look.fault(what, "dropped without a word", &fault.origin);
            let advised =
                meant.filter(|meant| of_task.is_none() && !NEVER_ADVISED.contains(&meant.key));
            if let Some(meant) = advised
                && let Some(last) = look.faults.last_mut()
            {
                last.rename = Some((meant.key, meant.is_sure));
            }
        }
        SchemaFaultKind::RepeatedKey => {
            let what = format!("`{path}` is there twice, and one of the two is lost");
            look.fault(what, "there already", &fault.origin);
        }
        SchemaFaultKind::WrongType { expected, found } => {
            let what = format!("`{path}` is {found}, not {expected}");
            look.fault(what, format!("{expected} must stand here"), &fault.origin);
        }
        SchemaFaultKind::NotAmong(texts) => {
            let what = format!("`{path}` is nothing that the API takes");
            look.fault(
                what,
                format!("none of `{}`", texts.join("`, `")),
                &fault.origin,
            );
        }
        SchemaFaultKind::MissingKey(key) => {
            let (what, label) = match &**path {
                "" => (format!("it has no `{key}`"), format!("no `{key}`")),
                path => (format!("`{path}` has no `{key}`"), format!("no `{key}`")),
            };
            look.fault(what, label, &fault.origin);
        }
    }
}

fn name_and_image(look: &mut Look, task: &TaskDefinition, one: &Container) {
    for (name, field) in [("name", &one.name), ("image", &one.image)] {
        // Where it is written in blocks, Terraform itself wants what must be there.
        let is_missing = !field.is_present() && one.form == Form::Json;
        if is_missing || field.text() == Some("") {
            look.fault(
                format!("it has no `{name}`"),
                format!("no `{name}`"),
                &field.origin,
            );
        }
    }
    let Some(text) = one.name.set() else {
        return;
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let length: usize = text.known_parts().map(str::len).sum();
    if length > 255 || text.known_parts().any(|part| !part.chars().all(allowed)) {
        look.fault(
            "its name has more than letters, digits, `-` and `_`, or is longer than 255",
            "no name of a container",
            &one.name.origin,
        );
    }
    let mut before = before(task, one).iter();
    if let Some(name) = text.known().filter(|name| !name.is_empty())
        && before.any(|other| other.name.text() == Some(name))
    {
        look.fault(
            "another container has its name",
            "taken already",
            &one.name.origin,
        );
    }
}

fn variables(look: &mut Look, one: &Container) {
    let mut seen = HashSet::new();
    for variable in one.environment.iter().chain(&one.secrets) {
        let name = variable.name.text().filter(|name| !name.is_empty());
        if let Some(name) = name.filter(|_| variable.maybe.is_none())
            && !seen.insert(name)
        {
            let what = format!("the variable `{}` is given twice", variable.name.shown());
            look.fault(what, "given already", &variable.name.origin);
        }
    }
    for secret in &one.secrets {
        if let Some(text) = secret.value.set()
            && let Err(why) = value_from(text)
        {
            let what = format!("the `valueFrom` of `{}` {why}", secret.name.shown());
            look.fault(
                what,
                "neither an ARN nor a parameter's name",
                &secret.value.origin,
            );
            look.help("write the ARN of a secret or a parameter, or a parameter's name");
            // Who writes a secret where its place should stand is not to see it in a log.
            if let Some(last) = look.faults.last_mut() {
                last.is_secret = true;
            }
        }
    }
}

/// Whether ECS finds a secret under a text, as far as it is known.
fn value_from(text: &Text) -> Result<(), &'static str> {
    if let Some(reference) = text.reference() {
        let secret = reference
            .resource_type
            .starts_with("aws_secretsmanager_secret");
        let parameter = &*reference.resource_type == "aws_ssm_parameter";
        return match &*reference.path {
            ".name" if secret => Err("is a secret's name, by which ECS looks for a parameter"),
            ".secret_string" | ".secret_binary" if secret => Err("is the secret itself"),
            ".value" | ".insecure_value" if parameter => Err("is the parameter's value"),
            _ => Ok(()),
        };
    }
    let Some(known) = text.known() else {
        let space = |part: &str| part.contains(char::is_whitespace);
        return match text.known_parts().any(space) {
            true => Err("has a space in it"),
            false => Ok(()),
        };
    };
    if known.is_empty() {
        return Err("is empty");
    }
    if let Some(arn) = known.strip_prefix("arn:") {
        let service = arn.split(':').nth(1).unwrap_or_default();
        return match service {
            "secretsmanager" | "ssm" => Ok(()),
            _ => Err("is the ARN of neither a secret nor a parameter"),
        };
    }
    let of_name = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    match known.chars().all(of_name) {
        true => Ok(()),
        false => Err("is neither an ARN nor a parameter's name"),
    }
}

const PORTS: RangeInclusive<i64> = 1..=65_535;

fn ports(look: &mut Look, task: &TaskDefinition, one: &Container) {
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

fn health_check(look: &mut Look, check: &HealthCheck) {
    let first = check.command.items.first();
    let whole = check.command.uncertain.is_none();
    match first.and_then(|first| first.text()) {
        Some("CMD" | "CMD-SHELL" | "NONE") => {
            let alone = check.command.items.len() == 1 && whole;
            if alone && first.is_some_and(|first| first.text() != Some("NONE")) {
                let at = first.map_or_else(Origin::default, |first| first.origin.clone());
                look.fault(
                    "its health check has nothing to run",
                    "nothing follows",
                    &at,
                );
            }
        }
        // A program alone is taken for `CMD`, as widely used configurations show; a line for a shell is no program.
        Some(line) if line.contains(char::is_whitespace) => {
            let at = first.map_or_else(Origin::default, |first| first.origin.clone());
            look.fault(
                "its health check is a line for a shell without `CMD-SHELL`",
                "`CMD-SHELL` must stand before it",
                &at,
            );
        }
        _ => {}
    }
    let ranges: [(_, _, RangeInclusive<i64>); 4] = [
        ("interval", &check.interval, 5..=300),
        ("timeout", &check.timeout, 2..=60),
        ("retries", &check.retries, 1..=10),
        ("startPeriod", &check.start_period, 0..=300),
    ];
    for (name, field, range) in ranges {
        if field.set().is_some_and(|value| !range.contains(value)) {
            let (least, most) = (range.start(), range.end());
            let what = format!("`healthCheck.{name}` is not between {least} and {most}");
            look.fault(what, format!("{least} to {most}"), &field.origin);
        }
    }
}

/// The containers before one, where that is one of those that are held against each other.
fn before<'a>(task: &'a TaskDefinition, one: &Container) -> &'a [Container] {
    let mut first = task.containers.iter().take(MOST_CONTAINERS);
    let at = first.position(|other| std::ptr::eq(other, one));
    &task.containers[..at.unwrap_or(0)]
}

fn named<'a>(task: &'a TaskDefinition) -> HashMap<&'a str, &'a Container> {
    let containers = task.containers.iter().take(MOST_CONTAINERS);
    containers
        .filter_map(|one| Some((one.name.text()?, one)))
        .collect()
}

/// Why a container that is not found may be there all the same.
fn hidden(task: &TaskDefinition) -> Option<Why> {
    if task.containers.len() > MOST_CONTAINERS {
        return Some(Why(Arc::from("there are too many containers")));
    }
    let named = || {
        let mut containers = task.containers.iter();
        containers.find_map(|one| one.name.partly_unknown())
    };
    task.containers_uncertain.clone().or_else(named)
}

fn dependencies(look: &mut Look, task: &TaskDefinition, one: &Container) {
    if one.depends_on.items.is_empty() && one.volumes_from.items.is_empty() {
        return;
    }
    let others = named(task);
    for field in &one.volumes_from.items {
        if let Some(name) = field.text().filter(|name| !others.contains_key(name)) {
            missing(look, task, "it takes volumes from", name, field);
        }
    }
    for dependency in &one.depends_on.items {
        let Some(name) = dependency.container.text() else {
            if let Some(why) = dependency.container.unknown() {
                look.unknown("what it depends on", why, &dependency.origin);
            }
            continue;
        };
        if Some(name) == one.name.text() {
            look.fault(
                "it depends on itself",
                "itself",
                &dependency.container.origin,
            );
            continue;
        }
        match others.get(name) {
            Some(other) => condition(look, dependency, other),
            None => missing(look, task, "it depends on", name, &dependency.container),
        }
    }
    if let Some(name) = one.name.text()
        && let Some(way) = circle(name, &others)
    {
        let way: Vec<_> = way.iter().map(|name| format!("`{name}`")).collect();
        let what = format!("it depends on itself by way of {}", way.join(", "));
        look.fault(what, "a circle", &one.depends_on.items[0].origin);
    }
}

fn missing(look: &mut Look, task: &TaskDefinition, what: &str, name: &str, field: &Field<Text>) {
    match hidden(task) {
        Some(why) => look.unknown(format!("{what} `{}`", field.shown()), &why, &field.origin),
        None => {
            let what = format!("{what} `{}`, which its task does not have", field.shown());
            let meant = named(task)
                .into_keys()
                .find(|other| other.eq_ignore_ascii_case(name));
            look.fault(what, "no such container", &field.origin);
            if let Some(meant) = meant {
                look.help(format!("the container is called `{meant}`"));
            }
        }
    }
}

fn condition(look: &mut Look, dependency: &Dependency, other: &Container) {
    let name = dependency.container.shown();
    let at = &dependency.condition.origin;
    match dependency.condition.text() {
        Some("HEALTHY") => match &other.health_check.setting {
            Setting::Unset => {
                let what =
                    format!("it waits for `{name}` to be healthy, which has no health check");
                look.fault(what, "it is never `HEALTHY`", at);
                look.help(format!(
                    "give `{name}` a `healthCheck`, or wait for `START`"
                ));
            }
            Setting::Unknown(why) => {
                look.unknown(format!("whether `{name}` has a health check"), why, at);
            }
            Setting::Set(_) => {}
        },
        Some(condition @ ("COMPLETE" | "SUCCESS")) => match &other.essential.setting {
            Setting::Unset | Setting::Set(true) => {
                let what = format!("it waits for `{name}` to end, which is essential");
                look.fault(what, format!("`{condition}` of an essential container"), at);
                look.help(format!("set `essential = false` for `{name}`"));
            }
            Setting::Unknown(why) => {
                look.unknown(format!("whether `{name}` is essential"), why, at);
            }
            Setting::Set(false) => {}
        },
        Some(_) => {}
        None => {
            if let Some(why) = dependency.condition.partly_unknown() {
                look.unknown(format!("what it waits for in `{name}`"), &why, at);
            }
        }
    }
}

/// The way by which a container depends on itself, by other containers.
fn circle<'a>(name: &'a str, others: &HashMap<&'a str, &'a Container>) -> Option<Vec<&'a str>> {
    let mut seen = HashSet::from([name]);
    let mut waiting: Vec<Vec<&str>> = vec![Vec::new()];
    while let Some(way) = waiting.pop() {
        let last = way.last().copied().unwrap_or(name);
        let Some(container) = others.get(last) else {
            continue;
        };
        for next in &container.depends_on.items {
            let Some(next) = next.container.text() else {
                continue;
            };
            if next == name && !way.is_empty() {
                return Some(way);
            }
            if let Some((&next, _)) = others.get_key_value(next)
                && seen.insert(next)
            {
                let mut longer = way.clone();
                longer.push(next);
                waiting.push(longer);
            }
        }
    }
    None
}

fn mounts(look: &mut Look, task: &TaskDefinition, one: &Container) {
    if one.mount_points.items.is_empty() {
        return;
    }
    let volumes: HashSet<&str> = task
        .volumes
        .iter()
        .filter_map(|volume| volume.name.text())
        .collect();
    let hidden = task.volumes_uncertain.clone();
    let hidden = hidden.or_else(|| {
        task.volumes
            .iter()
            .find_map(|volume| volume.name.partly_unknown())
    });
    for mount in &one.mount_points.items {
        let Some(name) = mount.source_volume.text().filter(|name| !name.is_empty()) else {
            continue;
        };
        if volumes.contains(name) {
            continue;
        }
        let (shown, at) = (mount.source_volume.shown(), &mount.source_volume.origin);
        match &hidden {
            Some(why) => look.unknown(format!("whether there is a volume `{shown}`"), why, at),
            None => {
                let what = format!("it mounts the volume `{shown}`, which its task does not have");
                look.fault(what, "no such volume", at);
            }
        }
    }
}
