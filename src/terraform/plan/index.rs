//! From a plan's JSON to the facts: which instances there are, and where in the text their values are.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use serde_json::value::RawValue;

use super::document::{Document, PlannedModule, PlannedValues, StateModule, part, range_in};
use super::facts::{Content, Entry, Facts, PlannedInstance};
use super::{address, document};

impl Facts {
    pub(super) fn index(&mut self, text: &str, document: Document<'_>) {
        let range = |raw: &RawValue| range_in(text, raw.get());
        self.complete = document.complete != Some(false);
        self.terraform_version = document
            .terraform_version
            .map(|version| version.0.into_owned());
        self.timestamp = document.timestamp.map(|time| time.0.into_owned());
        self.variables = document.variables.map(range);
        self.configuration = document.configuration.map(range);

        let mut names = Names::default();
        if let Some(changes) = document.resource_changes {
            self.entries.reserve(changes.len());
            for found in changes {
                let instance = PlannedInstance {
                    address: found.address.into(),
                    module: names.share(found.module_address.as_ref().map_or("", |text| &text.0)),
                    data: found.mode == document::Mode::Data,
                    ty: names.share(&found.r#type),
                    name: names.share(&found.name),
                };
                self.add(Entry {
                    instance,
                    content: Content::Json {
                        after: found.change.after.map(range),
                        unknown: found.change.after_unknown.map(range),
                        sensitive: found.change.after_sensitive.map(range),
                    },
                    value: OnceLock::new(),
                });
            }
        } else if let Some(planned) = document.planned_values {
            let planned: PlannedValues<'_> = part(planned.get());
            self.add_planned(text, &planned.root_module, &mut names);
        }
        if let Some(values) = document.prior_state.and_then(|state| state.values) {
            self.add_state(text, &values.root_module, &mut names);
        }

        let deferred = document.deferred_changes.unwrap_or_default();
        if !deferred.is_empty() {
            self.notes.push(match deferred.len() {
                1 => "the plan defers a change: of that resource it knows nothing".into(),
                count => format!("the plan defers {count} changes: of those it knows nothing"),
            });
        } else {
            self.note_what_is_left_out();
        }
        for deferred in deferred {
            let change = deferred.resource_change;
            let module = change.module_address.as_ref().map_or("", |text| &text.0);
            let data = change.mode == document::Mode::Data;
            let resource = address::resource(module, data, &change.r#type, &change.name);
            self.deferred.insert(resource.into());
        }
    }

    fn add_state(&mut self, text: &str, module: &StateModule<'_>, names: &mut Names) {
        let path = names.share(module.address.as_ref().map_or("", |text| &text.0));
        for found in &module.resources {
            // What is read again while planning is among the changes, and newer there.
            if !self.by_address.contains_key(&*found.address) {
                self.add_resource(text, found, &path, names);
            }
        }
        for child in &module.child_modules {
            self.add_state(text, child, names);
        }
    }

    fn add_planned(&mut self, text: &str, module: &PlannedModule<'_>, names: &mut Names) {
        let path = names.share(module.address.as_ref().map_or("", |text| &text.0));
        for found in &module.resources {
            self.add_resource(text, found, &path, names);
        }
        for child in &module.child_modules {
            self.add_planned(text, child, names);
        }
    }

    fn add_resource(
        &mut self,
        text: &str,
        found: &document::StateResource<'_>,
        module: &Arc<str>,
        names: &mut Names,
    ) {
        let range = |raw: &RawValue| range_in(text, raw.get());
        let instance = PlannedInstance {
            address: Arc::from(&*found.address),
            module: Arc::clone(module),
            data: found.mode == document::Mode::Data,
            ty: names.share(&found.r#type),
            name: names.share(&found.name),
        };
        self.add(Entry {
            instance,
            content: Content::Json {
                after: found.values.map(range),
                unknown: None,
                sensitive: found.sensitive_values.map(range),
            },
            value: OnceLock::new(),
        });
    }

    /// Says so where a plan is not complete.
    pub(super) fn note_what_is_left_out(&mut self) {
        if !self.complete {
            let note = "the plan is not complete: what it leaves out is from the source alone";
            self.notes.push(note.into());
        }
    }
}

/// Names that come again and again, each kept once.
#[derive(Default)]
pub(super) struct Names(HashSet<Arc<str>>);

impl Names {
    /// The one that is kept.
    pub(super) fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        name
    }
}
