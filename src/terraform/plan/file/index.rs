//! From a plan file to the facts: which instances there are, and where in the file their values are.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result};
use serde_json::value::RawValue;

use super::archive::Archive;
use super::marks::{mark_named, mask, path, state_paths};
use super::message::Plan;
use super::snapshot::Snapshot;
use super::state::State;
use super::{numbers, packed};
use crate::terraform::evaluate::{InstanceKey, managed_secrets};
use crate::terraform::plan::address::{self, Parsed};
use crate::terraform::plan::document::range_in;
use crate::terraform::plan::facts::{Content, Entry, Facts, PlannedInstance};
use crate::terraform::plan::index::Names;
use crate::terraform::plan::text::Json;

/// How many values are made of a plan file at most; each takes some hundred bytes.
const MOST_VALUES: usize = 4 << 20;

/// A plan file that was read.
#[derive(Debug, Default)]
pub(in crate::terraform::plan) struct PlanFile {
    archive: Archive,
    plan: Vec<u8>,
    variables: BTreeMap<String, Range<usize>>,
    snapshot: OnceLock<Option<Snapshot>>,
    left: AtomicUsize,
}

impl PlanFile {
    /// The configuration that the plan was made of.
    pub(in crate::terraform::plan) fn snapshot(&self) -> Option<&Snapshot> {
        let read = || Snapshot::read(&self.archive);
        self.snapshot.get_or_init(read).as_ref()
    }

    /// The root module's variables that were given a value.
    pub(in crate::terraform::plan) fn variables(&self) -> impl Iterator<Item = (&str, Json<'_>)> {
        let variables = self.variables.iter();
        variables.map(|(name, range)| {
            (
                name.as_str(),
                packed::value(&self.plan[range.clone()], &self.left),
            )
        })
    }

    /// The values of an instance, and what of them is sensitive.
    pub(in crate::terraform::plan) fn planned(
        &self,
        instance: &PlannedInstance,
        after: &Range<usize>,
        sensitive: &[Range<usize>],
    ) -> (Json<'_>, Json<'_>) {
        let mut after = packed::value(&self.plan[after.clone()], &self.left);
        numbers::restore(instance.data, &instance.ty, &mut after);
        let paths = sensitive
            .iter()
            .map(|range| path(&self.plan[range.clone()]));
        let mut sensitive = mask(&after, paths);
        // What is replaced has not all the marks that the provider's schema asks for.
        if !instance.data && instance.ty.starts_with("aws_") {
            for path in managed_secrets(&instance.ty) {
                mark_named(&mut sensitive, &after, path);
            }
        }
        (after, sensitive)
    }
}

/// The values of a data source in a state, and what of them is sensitive.
pub(in crate::terraform::plan) fn stored<'a>(
    instance: &PlannedInstance,
    values: &'a str,
    sensitive: &'a str,
) -> (Json<'a>, Json<'a>) {
    let mut values = Json::read(values);
    // The AWS provider has no attribute of any type.
    if !instance.ty.starts_with("aws_") {
        unwrap(&mut values);
    }
    let sensitive = mask(&values, state_paths(&Json::read(sensitive)).into_iter());
    (values, sensitive)
}

impl Facts {
    pub(in crate::terraform::plan) fn index_file(&mut self, bytes: Vec<u8>) -> Result<()> {
        let archive = Archive::read(bytes)?;
        let message = archive.file("tfplan")?.context("there is no plan in it")?;
        let state = archive
            .file("tfstate")?
            .context("there is no state in it")?;
        let state = String::from_utf8(state).ok();
        let state = state.context("the state in it is damaged")?;
        let plan = Plan::read(&message)?;
        let range = |part: &[u8]| {
            let start = part.as_ptr().addr() - message.as_ptr().addr();
            start..start + part.len()
        };
        self.terraform_version = Some(plan.terraform_version.to_owned());
        self.timestamp = plan.timestamp.map(str::to_owned);
        self.complete = plan.complete;
        self.note_what_is_left_out();

        let mut names = Names::default();
        let mut changes = plan.changes;
        changes.sort_by_key(|change| change.address);
        for change in changes {
            let Parsed {
                module,
                data,
                ty,
                name,
            } = address::parse(change.address).context("its plan is damaged")?;
            let instance = PlannedInstance {
                address: change.address.into(),
                module: names.share(module),
                data,
                ty: names.share(ty),
                name: names.share(name),
            };
            self.add(Entry {
                instance,
                content: Content::Packed {
                    after: range(change.after),
                    sensitive: change.sensitive.into_iter().map(range).collect(),
                },
                value: OnceLock::new(),
            });
        }
        let variables = plan.variables.into_iter();
        let variables = variables
            .map(|(name, value)| (name.to_owned(), range(value)))
            .collect();
        self.index_state(&state, &mut names)?;
        self.text = state;
        self.file = Some(PlanFile {
            archive,
            plan: message,
            variables,
            snapshot: OnceLock::new(),
            left: AtomicUsize::new(MOST_VALUES),
        });
        Ok(())
    }

    fn index_state(&mut self, text: &str, names: &mut Names) -> Result<()> {
        let range = |raw: &RawValue| range_in(text, raw.get());
        for found in State::read(text)?.resources {
            let module = found.module.as_ref().map_or("", |text| &text.0);
            let resource = address::resource(module, true, &found.r#type, &found.name);
            for instance in found.instances {
                let key = instance.index_key.map(|key| Json::read(key.get()));
                let key = key_of(key.as_ref()).context("the state in it is damaged")?;
                let address: Arc<str> = format!("{resource}{key}").into();
                // What is read again while planning is among the changes, and newer there.
                if self.by_address.contains_key(&address) {
                    continue;
                }
                let planned = PlannedInstance {
                    address,
                    module: names.share(module),
                    data: true,
                    ty: names.share(&found.r#type),
                    name: names.share(&found.name),
                };
                self.add(Entry {
                    instance: planned,
                    content: Content::State {
                        values: instance.attributes.map(range),
                        sensitive: instance.sensitive_attributes.map(range),
                    },
                    value: OnceLock::new(),
                });
            }
        }
        Ok(())
    }
}

/// Takes values that can be of any type out of what a state wraps them in: `{"type":…,"value":…}`.
fn unwrap(value: &mut Json<'_>) {
    match value {
        Json::Object(entries) => {
            let wraps = entries.len() == 2
                && entries.contains_key("value")
                && entries.get("type").is_some_and(is_type);
            if wraps && let Some(inner) = entries.remove("value") {
                *value = inner;
                return;
            }
            entries.values_mut().for_each(unwrap);
        }
        Json::Array(elements) => elements.iter_mut().for_each(unwrap),
        _ => {}
    }
}

/// Whether a value is how a state writes a type: `"string"`, `["list","string"]`.
fn is_type(value: &Json<'_>) -> bool {
    match value {
        Json::String(name) => matches!(&**name, "string" | "number" | "bool" | "dynamic"),
        Json::Array(parts) => match parts.first() {
            Some(Json::String(kind)) => {
                matches!(&**kind, "list" | "set" | "map" | "object" | "tuple")
            }
            _ => false,
        },
        _ => false,
    }
}

/// The key of an instance in a state.
fn key_of(key: Option<&Json<'_>>) -> Option<InstanceKey> {
    match key {
        None | Some(Json::Null) => Some(InstanceKey::None),
        Some(Json::String(name)) => Some(InstanceKey::Name(Arc::from(&**name))),
        Some(Json::Number(index)) => index.parse().ok().map(InstanceKey::Index),
        Some(_) => None,
    }
}
