//! What makes a container definition one that ECS registers and runs: the knowledge behind ECS:030.

mod dependencies;
mod ports;

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use self::dependencies::dependencies;
use self::ports::ports;
use super::task_size;
use crate::ecs::Origin;
use crate::ecs::inventory::{
    Container, Field, Form, HealthCheck, SchemaFault, SchemaFaultKind, Setting, TaskDefinition,
    Text, Why,
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

fn named(task: &TaskDefinition) -> HashMap<&str, &Container> {
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
