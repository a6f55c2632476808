//! The facts: what a plan can give, by address.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result};
use serde_json::value::RawValue;

use super::document::{Document, PlannedModule, PlannedValues, StateModule, part, range_in, read};
use super::leaves::Leaves;
use super::text::Json;
use super::written::{Written, writes};
use super::{address, document, encoding};
use crate::terraform::instance::Instance;
use crate::terraform::value::{Kind, Map, Presence, Value};

/// Everything that a plan can give: the facts. [`Facts::default`] knows nothing.
#[derive(Debug, Default)]
pub struct Facts {
    text: String,
    terraform_version: Option<String>,
    complete: bool,
    notes: Vec<String>,
    entries: Vec<Entry>,
    by_address: HashMap<Arc<str>, usize>,
    by_resource: OnceLock<HashMap<String, Vec<usize>>>,
    deferred: HashSet<Box<str>>,
    variables: Option<Range<usize>>,
    variable_values: OnceLock<HashMap<String, Value>>,
    configuration: Option<Range<usize>>,
    written: OnceLock<Written>,
}

/// A resource instance in a plan that exists or will exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedInstance {
    /// The absolute address, with instance keys.
    pub address: Arc<str>,
    /// The address of its module instance; empty for the root module.
    pub module: Arc<str>,
    /// Whether it is a data source.
    pub data: bool,
    /// Its type.
    pub ty: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
}

/// An instance and the JSON of its values, which is read when it is asked for.
#[derive(Debug)]
struct Entry {
    instance: PlannedInstance,
    after: Option<Range<usize>>,
    unknown: Option<Range<usize>>,
    sensitive: Option<Range<usize>>,
    value: OnceLock<Value>,
}

impl Facts {
    /// Reads a plan's JSON: what `terraform show -json` prints of a plan file. `name` says in messages
    /// where it is from.
    ///
    /// # Errors
    /// It is not JSON, not a plan, a plan in a format of another major version, or a plan that failed.
    pub fn read(bytes: Vec<u8>, name: &str) -> Result<Self> {
        let context = || format!("cannot read the plan {name}");
        let mut facts = Facts::default();
        let text = encoding::decode(bytes).with_context(context)?;
        {
            let document = read(&text).with_context(context)?;
            facts.index(&text, document);
        }
        facts.text = text;
        Ok(facts)
    }

    fn index(&mut self, text: &str, document: Document<'_>) {
        let range = |raw: &RawValue| range_in(text, raw.get());
        self.complete = document.complete != Some(false);
        self.terraform_version = document
            .terraform_version
            .map(|version| version.0.into_owned());
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
                    after: found.change.after.map(range),
                    unknown: found.change.after_unknown.map(range),
                    sensitive: found.change.after_sensitive.map(range),
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
        } else if !self.complete {
            let note = "the plan is not complete: what it leaves out is from the source alone";
            self.notes.push(note.into());
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
            after: found.values.map(range),
            unknown: None,
            sensitive: found.sensitive_values.map(range),
            value: OnceLock::new(),
        });
    }

    fn add(&mut self, entry: Entry) {
        let address = &entry.instance.address;
        let index = self.entries.len();
        if self.by_address.contains_key(address) {
            let address = address.escape_debug();
            self.notes
                .push(format!("the plan has `{address}` twice; the first is used"));
            return;
        }
        self.by_address.insert(Arc::clone(address), index);
        self.entries.push(entry);
    }

    /// Whether there is no plan.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The version of Terraform that made the plan.
    #[must_use]
    pub fn terraform_version(&self) -> Option<&str> {
        self.terraform_version.as_deref()
    }

    /// What a person should know of the plan, a line each.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether the plan has everything that the configuration comes to.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete && self.deferred.is_empty()
    }

    /// Whether the plan leaves a resource, an absolute address without the last instance key, to a later
    /// plan.
    #[must_use]
    pub fn is_deferred(&self, resource: &str) -> bool {
        self.deferred.contains(resource)
    }

    /// The value of a variable of the root module.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<Value> {
        let values = self.variable_values.get_or_init(|| self.read_variables());
        values.get(name).cloned()
    }

    fn read_variables(&self) -> HashMap<String, Value> {
        let json = Json::read(self.part(self.variables.as_ref()));
        let Json::Object(variables) = &json else {
            return HashMap::new();
        };
        let mut values = HashMap::new();
        for (name, variable) in variables {
            let address = Arc::from(format!("var.{name}"));
            let sensitive = Json::Bool(self.written().sensitive_variable(name));
            let leaves = Leaves {
                after: variable.entry("value"),
                unknown: None,
                sensitive: Some(&sensitive),
            };
            values.insert(name.to_string(), leaves.value(&address));
        }
        values
    }

    /// Every instance, in the order of the plan.
    pub fn instances(&self) -> impl Iterator<Item = &PlannedInstance> {
        self.entries.iter().map(|entry| &entry.instance)
    }

    /// The instances of a resource: an absolute address without the last instance key. Decides a `count`
    /// or `for_each` that the source cannot. Empty where the plan has none of it.
    #[must_use]
    pub fn instances_of(&self, resource: &str) -> Vec<PlannedInstance> {
        let by_resource = self.by_resource.get_or_init(|| {
            let mut by_resource: HashMap<String, Vec<usize>> = HashMap::new();
            for (index, entry) in self.entries.iter().enumerate() {
                let PlannedInstance {
                    module,
                    data,
                    ty,
                    name,
                    ..
                } = &entry.instance;
                let resource = address::resource(module, *data, ty, name);
                by_resource.entry(resource).or_default().push(index);
            }
            by_resource
        });
        let indices = by_resource.get(resource).map_or(&[][..], Vec::as_slice);
        indices
            .iter()
            .map(|&index| self.entries[index].instance.clone())
            .collect()
    }

    /// The instance with this absolute address.
    #[must_use]
    pub fn planned(&self, address: &str) -> Option<&PlannedInstance> {
        self.entry(address).map(|entry| &entry.instance)
    }

    /// The attributes of an instance, managed or data, by absolute address: an object with unknown leaves
    /// where the plan does not know them.
    #[must_use]
    pub fn attributes(&self, address: &str) -> Option<Value> {
        let entry = self.entry(address)?;
        Some(self.value(entry).clone())
    }

    /// An instance as the plan alone has it. What nobody wrote is told by the configuration in the plan;
    /// without one everything counts as written.
    #[must_use]
    pub fn instance(&self, address: &str) -> Option<Instance> {
        let entry = self.entry(address)?;
        let PlannedInstance {
            address,
            module,
            data,
            ty,
            name,
        } = &entry.instance;
        let attributes = match &self.value(entry).kind {
            Kind::Object(_, map) => Arc::new(Map::clone(map)),
            _ => Arc::new(Map::default()),
        };
        let block = self.written().block(module, *data, ty, name);
        let computed = block.map_or_else(Vec::new, |block| {
            let expressions = Json::read(self.part(block.expressions.as_ref()));
            let nobody_wrote = |name: &&Arc<str>| !writes(expressions.entry(name));
            attributes
                .entries
                .keys()
                .filter(nobody_wrote)
                .cloned()
                .collect()
        });
        Some(Instance {
            address: Arc::clone(address),
            module: Arc::clone(module),
            data: *data,
            ty: Arc::clone(ty),
            attributes,
            computed,
            header: None,
            calls: Vec::new(),
            body: None,
            presence: Presence::Certain,
            provider: block.map_or_else(|| "".into(), |block| Arc::clone(&block.provider)),
            ignore_changes: Vec::new(),
        })
    }

    fn entry(&self, address: &str) -> Option<&Entry> {
        self.by_address
            .get(address)
            .map(|&index| &self.entries[index])
    }

    fn value<'a>(&self, entry: &'a Entry) -> &'a Value {
        entry.value.get_or_init(|| {
            let after = Json::read(self.part(entry.after.as_ref()));
            let unknown = Json::read(self.part(entry.unknown.as_ref()));
            let sensitive = Json::read(self.part(entry.sensitive.as_ref()));
            let leaves = Leaves {
                after: Some(&after),
                unknown: Some(&unknown),
                sensitive: Some(&sensitive),
            };
            leaves.value(&entry.instance.address)
        })
    }

    fn written(&self) -> &Written {
        self.written.get_or_init(|| match &self.configuration {
            Some(range) => Written::read(&self.text, range.clone()),
            None => Written::default(),
        })
    }

    fn part(&self, range: Option<&Range<usize>>) -> &str {
        range.map_or("null", |range| &self.text[range.clone()])
    }
}

/// Names that come again and again, each kept once.
#[derive(Default)]
struct Names(HashSet<Arc<str>>);

impl Names {
    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        name
    }
}
