//! What a container waits for.

use std::collections::{HashMap, HashSet};

use super::{Look, missing, named};
use crate::ecs::inventory::{Container, Dependency, Setting, TaskDefinition};

pub(super) fn dependencies(look: &mut Look, task: &TaskDefinition, one: &Container) {
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
