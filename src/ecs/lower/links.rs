//! Which resource a value refers to.

use std::collections::HashMap;
use std::sync::Arc;

use super::why;
use crate::ecs::inventory::{Link, Why};
use crate::terraform::value::{Reason, Reference, StepKind};
use crate::terraform::{Instance, Kind, Value};

/// Instances by address and by the values that name them.
pub(super) struct Links<'a> {
    instances: HashMap<&'a str, &'a Instance>,
    named: HashMap<(&'a str, Arc<str>), &'a Instance>,
    looked_up: HashMap<Arc<str>, &'a Instance>,
}

/// The attributes whose values name a resource, where they are known.
const NAMING: [&str; 6] = [
    "id",
    "arn",
    "name",
    "family",
    "arn_without_revision",
    "bucket",
];

/// What the ids of networks begin with.
const NETWORKS: [&str; 2] = ["vpc-", "subnet-"];

/// The arguments by which data sources ask for networks: what they hold comes from elsewhere.
const ASKED_BY: [&str; 2] = ["filter", "vpc_id"];

/// How deep the attributes of a data source are searched for them: `outputs.network.subnets[0]`.
const NETWORK_DEPTH: usize = 4;

/// A chain of data sources longer than this is no honest one.
const MAX_HOPS: usize = 8;

impl<'a> Links<'a> {
    pub(super) fn new(instances: &'a [Instance], types: &[&str]) -> Self {
        let mut links = Links {
            instances: HashMap::new(),
            named: HashMap::new(),
            looked_up: HashMap::new(),
        };
        for instance in instances {
            links.instances.insert(&instance.address, instance);
            if instance.data {
                for (name, value) in &instance.attributes.entries {
                    if !ASKED_BY.contains(&&**name) {
                        links.look_up(instance, value, NETWORK_DEPTH);
                    }
                }
                continue;
            }
            if !types.contains(&&*instance.ty) {
                continue;
            }
            for attribute in NAMING {
                let value = instance.attributes.entries.get(attribute);
                if let Some(text) = value.and_then(known) {
                    links.named.entry((&instance.ty, text)).or_insert(instance);
                }
            }
        }
        links
    }

    /// Remembers the networks that a data source gives, so that their ids lead back to it.
    fn look_up(&mut self, instance: &'a Instance, value: &Value, depth: usize) {
        match &value.kind {
            Kind::String(_) => {
                let id = known(value).filter(|id| NETWORKS.iter().any(|kind| id.starts_with(kind)));
                if let Some(id) = id {
                    self.looked_up.entry(id).or_insert(instance);
                }
            }
            Kind::List(_, items) if depth > 0 => {
                items
                    .iter()
                    .for_each(|item| self.look_up(instance, item, depth - 1));
            }
            Kind::Object(_, map) if depth > 0 => {
                let values = map.entries.values();
                values.for_each(|item| self.look_up(instance, item, depth - 1));
            }
            _ => {}
        }
    }

    /// The data source that a value comes from: by reference, or by a network's id that it gives.
    pub(super) fn data_source(&self, value: &Value) -> Option<&'a Instance> {
        if let Some(id) = known(value) {
            return self.looked_up.get(&id).copied();
        }
        let references = references(value, &mut String::new());
        let found = references
            .iter()
            .find_map(|reference| self.at(&reference.address));
        found.filter(|instance| instance.data)
    }

    /// The instance at an address.
    pub(super) fn at(&self, address: &str) -> Option<&'a Instance> {
        self.instances.get(address).copied()
    }

    /// The instance of one of these types that a value names: by reference, or by a value that is known.
    pub(super) fn find(&self, value: &Value, types: &[&str]) -> Option<&'a Instance> {
        self.follow(value, types, MAX_HOPS)
    }

    fn follow(&self, value: &Value, types: &[&str], hops: usize) -> Option<&'a Instance> {
        if hops == 0 {
            return None;
        }
        if let Some(text) = known(value) {
            return self.by_name(&text, types);
        }
        let mut prefix = String::new();
        for reference in references(value, &mut prefix) {
            let Some(instance) = self.at(&reference.address) else {
                continue;
            };
            if !instance.data && types.contains(&&*instance.ty) {
                return Some(instance);
            }
            // A data source that looks up what the configuration itself makes.
            if instance.data {
                let attributes = ["task_definition", "cluster_name", "vpc_id", "id", "name"];
                let looked_up = attributes.iter().find_map(|name| {
                    self.follow(instance.attributes.entries.get(*name)?, types, hops - 1)
                });
                if looked_up.is_some() {
                    return looked_up;
                }
            }
        }
        // `family:<unknown>`: what stands before the colon decides.
        let (name, _) = prefix.split_once(':')?;
        self.by_name(name, types)
    }

    fn by_name(&self, text: &str, types: &[&str]) -> Option<&'a Instance> {
        let last = text.rsplit_once('/').map_or(text, |(_, last)| last);
        let family = last.split_once(':').map_or(last, |(family, _)| family);
        types.iter().find_map(|ty| {
            [text, last, family]
                .iter()
                .find_map(|name| self.named.get(&(*ty, Arc::from(*name))).copied())
        })
    }
}

/// A link to the thing with the index that `index` gives for an address.
pub(super) fn link(
    links: &Links<'_>,
    value: Option<&Value>,
    types: &[&str],
    index: &HashMap<Arc<str>, usize>,
) -> Link {
    let Some(value) = value else {
        return Link::None;
    };
    match links
        .find(value, types)
        .and_then(|instance| index.get(&instance.address))
    {
        Some(&index) => Link::To(index),
        None => Link::External(external(value)),
    }
}

/// What a value that names nothing of the configuration comes from.
pub(super) fn external(value: &Value) -> Why {
    if let Kind::Unknown(unknown) = &value.kind {
        return why::why(unknown);
    }
    if let Some(reference) = references(value, &mut String::new()).first() {
        return Why(Arc::from(format!("`{reference}`")));
    }
    let mut step = value.trace.steps.as_deref();
    let mut source = None;
    while let Some(at) = step {
        if let StepKind::Reference(text) = &at.kind {
            source = Some(text);
        }
        step = at.before.as_deref();
    }
    match (source, known(value)) {
        (Some(source), _) => Why(Arc::from(format!("`{source}`"))),
        (None, Some(text)) if !value.is_tainted() => Why(Arc::from(format!("`{text}`"))),
        _ => Why(Arc::from("a value that names nothing in the configuration")),
    }
}

fn known(value: &Value) -> Option<Arc<str>> {
    match &value.kind {
        Kind::String(text) => text.known().map(|text| Arc::from(&*text)),
        _ => None,
    }
}

/// Every reference in a value that is not wholly known; `prefix` gets the text before the first.
pub(super) fn references(value: &Value, prefix: &mut String) -> Vec<Reference> {
    use crate::terraform::value::Part;
    let mut found = Vec::new();
    match &value.kind {
        Kind::Unknown(unknown) => of_reason(&unknown.0.reason, &mut found),
        Kind::String(text) => {
            for part in &text.0 {
                match part {
                    Part::Known(text, _) if found.is_empty() => prefix.push_str(text),
                    Part::Unknown(unknown, _) => of_reason(&unknown.0.reason, &mut found),
                    Part::Known(..) | Part::Json(_) => {}
                }
            }
        }
        _ => {}
    }
    found
}

fn of_reason(reason: &Reason, found: &mut Vec<Reference>) {
    match reason {
        Reason::Reference(reference) => found.push(reference.clone()),
        Reason::Computed(references) => found.extend(references.iter().cloned()),
        Reason::OneOf(values, references) => {
            for value in values {
                found.extend(self::references(value, &mut String::new()));
            }
            found.extend(references.iter().cloned());
        }
        Reason::Other(_) => {}
    }
}
