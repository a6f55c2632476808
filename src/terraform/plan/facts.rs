//! The facts: what a plan can give, by address.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, Result};

use super::document::read;
use super::file::{PlanFile, Snapshot, stored};
use super::leaves::Leaves;
use super::mocked::in_both;
use super::text::Json;
use super::written::Written;
use super::{address, encoding};
use crate::terraform::evaluate;
use crate::terraform::instance::Instance;
use crate::terraform::value::{Kind, Map, Presence, Value};

/// Everything that a plan can give: the facts. [`Facts::default`] knows nothing.
#[derive(Debug, Default)]
pub struct Facts {
    /// The plan's JSON, or the state in a plan file.
    pub(super) text: String,
    pub(super) file: Option<PlanFile>,
    made_here: bool,
    pub(super) terraform_version: Option<String>,
    pub(super) timestamp: Option<String>,
    pub(super) complete: bool,
    pub(super) notes: Vec<String>,
    pub(super) entries: Vec<Entry>,
    pub(super) by_address: HashMap<Arc<str>, usize>,
    by_resource: OnceLock<HashMap<String, Vec<usize>>>,
    pub(super) deferred: HashSet<Box<str>>,
    pub(super) variables: Option<Range<usize>>,
    variable_values: OnceLock<HashMap<String, Value>>,
    pub(super) configuration: Option<Range<usize>>,
    written: OnceLock<Written>,
    /// The same plan with other made-up values, where values were made up.
    other: Option<Box<Facts>>,
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

/// An instance and where its values are, which are read when they are asked for.
#[derive(Debug)]
pub(super) struct Entry {
    pub instance: PlannedInstance,
    pub content: Content,
    pub value: OnceLock<Value>,
}

/// Where an instance's values are.
#[derive(Debug)]
pub(super) enum Content {
    /// In a plan's JSON.
    Json {
        /// What is known.
        after: Option<Range<usize>>,
        /// What is not.
        unknown: Option<Range<usize>>,
        /// What is sensitive.
        sensitive: Option<Range<usize>>,
    },
    /// In the plan of a plan file.
    Packed {
        /// The values.
        after: Range<usize>,
        /// The paths to what is sensitive.
        sensitive: Vec<Range<usize>>,
    },
    /// In the state of a plan file.
    State {
        /// The values.
        values: Option<Range<usize>>,
        /// The paths to what is sensitive.
        sensitive: Option<Range<usize>>,
    },
}

impl Facts {
    /// Reads the plan file itself, as `terraform plan -out` writes it. `name` says in messages where it is
    /// from.
    ///
    /// # Errors
    /// It is not a plan file, is damaged, or is of a plan that failed; [`super::OnlyShown`] where it
    /// may be a plan and is not one that is known here.
    pub fn read_file(bytes: Vec<u8>, name: &str) -> Result<Self> {
        let mut facts = Facts::default();
        facts
            .index_file(bytes)
            .with_context(|| format!("cannot read the plan {name}"))?;
        Ok(facts)
    }

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

    /// The facts of a plan that was made twice with values that were made up, differently each time: what
    /// is not the same in both hangs on them and is unknown.
    #[must_use]
    pub fn mocked(mut first: Facts, second: Facts) -> Self {
        let mut hanging = HashSet::new();
        for (one, other) in [(&first, &second), (&second, &first)] {
            let alone = one
                .instances()
                .filter(|instance| other.planned(&instance.address).is_none());
            hanging.extend(alone.map(|instance| {
                let PlannedInstance {
                    module,
                    data,
                    ty,
                    name,
                    ..
                } = instance;
                address::resource(module, *data, ty, name).into_boxed_str()
            }));
        }
        first.deferred.extend(hanging);
        first.other = Some(Box::new(second));
        first
    }

    /// Whether the plan was made with made-up values.
    #[must_use]
    pub fn is_mocked(&self) -> bool {
        self.other.is_some()
    }

    pub(super) fn add(&mut self, entry: Entry) {
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
        self.text.is_empty() && self.file.is_none()
    }

    /// When the plan was made, as `plantimestamp` has it.
    #[must_use]
    pub fn timestamp(&self) -> Option<&str> {
        self.timestamp.as_deref()
    }

    /// Says that the plan was made of the source that is here.
    #[must_use]
    pub fn made_here(self) -> Self {
        Facts {
            made_here: true,
            ..self
        }
    }

    /// Whether the plan was made of the source that is here.
    #[must_use]
    pub fn is_made_here(&self) -> bool {
        self.made_here
    }

    /// The configuration that the plan was made of, where the plan has it and it may not be the one that is
    /// here.
    #[must_use]
    pub fn source(&self) -> Option<&Snapshot> {
        self.snapshot().filter(|_| !self.made_here)
    }

    fn snapshot(&self) -> Option<&Snapshot> {
        self.file.as_ref()?.snapshot()
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
        let mut values = HashMap::new();
        let mut add = |name: &str, value: Option<&Json<'_>>| {
            let address = Arc::from(format!("var.{name}"));
            let sensitive = Json::Bool(self.written().sensitive_variable(name));
            let leaves = Leaves {
                after: value,
                unknown: None,
                sensitive: Some(&sensitive),
            };
            values.insert(name.to_owned(), leaves.value(&address));
        };
        if let Some(file) = &self.file {
            // What was not given has its default.
            for (name, default) in self.written().defaults() {
                add(name, Some(&Json::read(default)));
            }
            for (name, value) in file.variables() {
                add(name, Some(&value));
            }
        } else if let Json::Object(variables) = Json::read(self.part(self.variables.as_ref())) {
            for (name, variable) in &variables {
                add(name, variable.entry("value"));
            }
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
            let names = attributes.entries.keys();
            block.unwritten(names, &self.text)
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

    /// Whether somebody asked for the attributes of the instance with this address.
    pub(super) fn was_read(&self, address: &str) -> bool {
        self.entry(address)
            .is_some_and(|entry| entry.value.get().is_some())
    }

    fn entry(&self, address: &str) -> Option<&Entry> {
        self.by_address
            .get(address)
            .map(|&index| &self.entries[index])
    }

    fn value<'a>(&self, entry: &'a Entry) -> &'a Value {
        entry.value.get_or_init(|| {
            let (after, unknown, sensitive) = match (&entry.content, &self.file) {
                (
                    Content::Json {
                        after,
                        unknown,
                        sensitive,
                    },
                    _,
                ) => (
                    Json::read(self.part(after.as_ref())),
                    Json::read(self.part(unknown.as_ref())),
                    Json::read(self.part(sensitive.as_ref())),
                ),
                (Content::Packed { after, sensitive }, Some(file)) => {
                    let (after, sensitive) = file.planned(&entry.instance, after, sensitive);
                    (after, Json::Null, sensitive)
                }
                (Content::State { values, sensitive }, _) => {
                    let values = self.part(values.as_ref());
                    let sensitive = self.part(sensitive.as_ref());
                    let (values, sensitive) = stored(&entry.instance, values, sensitive);
                    (values, Json::Null, sensitive)
                }
                (Content::Packed { .. }, None) => (Json::Null, Json::Null, Json::Null),
            };
            let leaves = Leaves {
                after: Some(&after),
                unknown: Some(&unknown),
                sensitive: Some(&sensitive),
            };
            let value = leaves.value(&entry.instance.address);
            let Some(other) = &self.other else {
                return value;
            };
            let other = other.attributes(&entry.instance.address);
            in_both(&value, &other.unwrap_or_default())
        })
    }

    fn written(&self) -> &Written {
        self.written
            .get_or_init(|| match (&self.configuration, self.snapshot()) {
                (Some(range), _) => Written::read(&self.text, range.clone()),
                (None, Some(snapshot)) => Written::of(evaluate::declared(snapshot)),
                (None, None) => Written::default(),
            })
    }

    fn part(&self, range: Option<&Range<usize>>) -> &str {
        range.map_or("null", |range| &self.text[range.clone()])
    }
}
