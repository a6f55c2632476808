//! Repositories, log groups and alarms, and what they have to do with tasks; what `lifecycle` says.

use std::collections::HashMap;
use std::sync::Arc;

use super::links::Links;
use super::read::Object;
use super::task_definition::subject;
use super::why::why;
use crate::ecs::Origin;
use crate::ecs::inventory::{
    Alarm, Dimensions, Field, Ignored, Lifecycle, LogGroup, RegistryScanning, Repository, Setting,
    TaskDefinition, Text, TextPart, Why,
};
use crate::terraform::instance::IgnoredChange;
use crate::terraform::{Instance, Kind, Value};

/// The log drivers with an option that names a log group; that of FireLens is its plugin's.
const LOG_GROUP_OPTIONS: [(&str, &str); 2] = [
    ("awslogs", "awslogs-group"),
    ("awsfirelens", "log_group_name"),
];

/// Reads `aws_cloudwatch_log_group`.
pub(super) fn log_group(instance: &Instance) -> LogGroup {
    let object = Object::instance(instance, &Origin::default());
    LogGroup {
        subject: subject(&instance.address, &object),
        name: object.text("name"),
        kms_key_id: object.text("kms_key_id"),
        retention: object.text("retention_in_days"),
        writers: Vec::new(),
    }
}

/// Finds which containers write to which log groups.
pub(super) fn writers(groups: &mut [LogGroup], tasks: &[TaskDefinition]) {
    let by_address = index(groups.iter().map(|group| group.subject.address.clone()));
    let mut by_name = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        if let Some(name) = group.name.set().and_then(Text::identity) {
            by_name.entry(name).or_insert(at);
        }
    }
    let mut found = Vec::new();
    for (task, container) in containers(tasks) {
        let Some(log) = tasks[task].containers[container].log.set() else {
            continue;
        };
        for (option, name) in &log.options {
            let names_group = LOG_GROUP_OPTIONS.iter().any(|(driver, of_driver)| {
                *of_driver == &**option && log.driver.text().is_none_or(|text| text == *driver)
            });
            if !names_group {
                continue;
            }
            let Some(text) = name.set() else {
                continue;
            };
            let referred = text
                .reference()
                .and_then(|one| by_address.get(&one.address));
            let at = referred.or_else(|| by_name.get(&text.identity()?));
            found.extend(at.map(|&at| (at, (task, container))));
        }
    }
    for (at, writer) in found {
        let writers = &mut groups[at].writers;
        if writers.last() != Some(&writer) {
            writers.push(writer);
        }
    }
}

fn containers(tasks: &[TaskDefinition]) -> impl Iterator<Item = (usize, usize)> {
    tasks
        .iter()
        .enumerate()
        .flat_map(|(task, one)| (0..one.containers.len()).map(move |container| (task, container)))
}

fn index(names: impl Iterator<Item = Arc<str>>) -> HashMap<Arc<str>, usize> {
    let mut index = HashMap::new();
    for (at, name) in names.enumerate() {
        index.entry(name).or_insert(at);
    }
    index
}

/// Reads `aws_ecr_repository`.
pub(super) fn repository(instance: &Instance) -> Repository {
    let object = Object::instance(instance, &Origin::default());
    let (scanning, scanning_uncertain) = object.block("image_scanning_configuration");
    let (encryption, encryption_uncertain) = object.block("encryption_configuration");
    let missing = |name: &str| Origin::missing(&object.origin).named(name);
    let unset = |uncertain: Option<Why>| uncertain.map_or(Setting::Unset, Setting::Unknown);
    Repository {
        subject: subject(&instance.address, &object),
        name: object.text("name"),
        provider: instance.provider.clone(),
        scanning: match &scanning {
            Some(scanning) => scanning.origin.clone(),
            None => missing("image_scanning_configuration"),
        },
        scan_on_push: match &scanning {
            Some(scanning) => scanning.flag("scan_on_push"),
            None => Field {
                setting: unset_flag(scanning_uncertain),
                origin: missing("image_scanning_configuration"),
            },
        },
        tag_mutability: object.text("image_tag_mutability"),
        encryption: match &encryption {
            Some(encryption) => encryption.text("encryption_type"),
            None => Field {
                setting: unset(encryption_uncertain),
                origin: missing("encryption_configuration"),
            },
        },
        users: Vec::new(),
    }
}

fn unset_flag(uncertain: Option<Why>) -> Setting<bool> {
    uncertain.map_or(Setting::Unset, Setting::Unknown)
}

/// Finds which containers' images come from which repositories.
pub(super) fn users(repositories: &mut [Repository], tasks: &[TaskDefinition], links: &Links<'_>) {
    let by_address = index(repositories.iter().map(|one| one.subject.address.clone()));
    let names = repositories
        .iter()
        .map(|one| Arc::from(one.name.text().unwrap_or_default()));
    let by_name = index(names);
    for (task, container) in containers(tasks) {
        let image = &tasks[task].containers[container].image;
        let Some(text) = image.set() else {
            continue;
        };
        let referred = text.parts.iter().find_map(|part| match part {
            TextPart::Unknown {
                reference: Some(reference),
                ..
            } => by_address.get(&reference.address).copied().or_else(|| {
                // A data source that looks up what the configuration itself makes.
                let data = links.at(&reference.address)?;
                let looked_up = data.data && &*data.ty == "aws_ecr_repository";
                let name = data.attributes.entries.get("name")?.as_str()?;
                by_name.get(&*name).copied().filter(|_| looked_up)
            }),
            _ => None,
        });
        let found = referred.or_else(|| {
            let name = repository_name(text)?;
            by_name.get(name).copied()
        });
        if let Some(found) = found {
            repositories[found].users.push((task, container));
        }
    }
}

/// The repository's name in an image of a private registry: `…amazonaws.com/NAME:tag`.
fn repository_name(image: &Text) -> Option<&str> {
    let last = image.parts.len().checked_sub(1)?;
    image.parts.iter().enumerate().find_map(|(index, part)| {
        let TextPart::Known(part) = part else {
            return None;
        };
        let (host, path) = part.split_once('/')?;
        let is_registry = host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
        match path.find([':', '@']) {
            _ if !is_registry => None,
            Some(end) => Some(&path[..end]),
            None if index == last => Some(path),
            None => None,
        }
    })
}

/// Reads `aws_ecr_registry_scanning_configuration`.
pub(super) fn registry_scanning(instance: &Instance) -> RegistryScanning {
    let object = Object::instance(instance, &Origin::default());
    let rules = object.blocks("rule");
    let mut scanning = RegistryScanning {
        provider: instance.provider.clone(),
        maybe: object.maybe.clone(),
        filters: Vec::new(),
        uncertain: rules.uncertain.clone(),
    };
    for rule in &rules.items {
        let frequency = rule.text("scan_frequency");
        match frequency.text() {
            Some("MANUAL") => continue,
            Some(_) => {}
            None => scanning.uncertain = frequency.partly_unknown(),
        }
        let filters = rule.blocks("repository_filter");
        scanning.uncertain = scanning.uncertain.take().or(filters.uncertain);
        scanning
            .filters
            .extend(filters.items.iter().map(|filter| filter.text("filter")));
    }
    scanning
}

/// Reads `aws_cloudwatch_metric_alarm`.
pub(super) fn alarm(instance: &Instance) -> Alarm {
    let object = Object::instance(instance, &Origin::default());
    let mut alarm = Alarm {
        subject: subject(&instance.address, &object),
        ..Alarm::default()
    };
    dimensions(&object, &mut alarm);
    let queries = object.blocks("metric_query");
    alarm.uncertain = alarm.uncertain.take().or(queries.uncertain);
    for query in &queries.items {
        let (metric, uncertain) = query.block("metric");
        alarm.uncertain = alarm.uncertain.take().or(uncertain);
        if let Some(metric) = metric {
            dimensions(&metric, &mut alarm);
        }
        // A search is over whatever it finds.
        let expression = query.text("expression");
        let searches = expression
            .set()
            .is_some_and(|text| text.known_parts().any(|part| part.contains("ServiceName")));
        if searches {
            let why = format!("the expression of `{}`", instance.address);
            alarm.uncertain = alarm.uncertain.take().or(Some(Why(Arc::from(why))));
        }
    }
    alarm
}

fn dimensions(object: &Object<'_>, alarm: &mut Alarm) {
    let Some(value) = object.get("dimensions") else {
        return;
    };
    match &value.kind {
        Kind::Unknown(unknown) => alarm.uncertain = Some(why(unknown)),
        Kind::Object(_, map) => {
            let within = Origin::value(&value.trace, &object.origin).named("dimensions");
            let rest = map.rest.as_ref().map(why);
            let read = |name: &str| dimension(map.entries.get(name), &within, rest.as_ref());
            alarm.metrics.push(Dimensions {
                cluster: read("ClusterName"),
                service: read("ServiceName"),
            });
        }
        _ => {}
    }
}

fn dimension(value: Option<&Value>, within: &Origin, rest: Option<&Why>) -> Field<Text> {
    let setting = match value.filter(|value| !value.is_null()) {
        Some(value) => super::text::text(value).map_or(Setting::Unset, Setting::Set),
        None => rest.cloned().map_or(Setting::Unset, Setting::Unknown),
    };
    Field {
        setting,
        origin: within.clone(),
    }
}

/// Reads what `lifecycle` of a task definition or a service says.
pub(super) fn lifecycle(instance: &Instance) -> Lifecycle {
    let object = Object::instance(instance, &Origin::default());
    let is_path = |one: &IgnoredChange| !one.path.is_empty();
    let ignored = instance
        .ignore_changes
        .iter()
        .filter(|one| is_path(one))
        .map(|ignored| Ignored {
            path: ignored.path.clone(),
            origin: Origin::block(Some(ignored.place), None, &object.origin)
                .named(&format!("lifecycle.ignore_changes.{}", ignored.path)),
        });
    let unread = || {
        Why(Arc::from(
            "`ignore_changes` names something that is no path",
        ))
    };
    let readable = instance.ignore_changes.iter().all(is_path);
    let unseen = || Why(Arc::from("a plan does not say what is ignored"));
    Lifecycle {
        ignored: ignored.collect(),
        uncertain: instance
            .header
            .is_none()
            .then(unseen)
            .or_else(|| (!readable).then(unread)),
        resource_type: instance.ty.clone(),
        subject: subject(&instance.address, &object),
    }
}
