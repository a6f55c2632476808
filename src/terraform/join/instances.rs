//! The instances of the source and of the plan, brought together by their addresses.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::disagreement::{Disagreement, Path};
use super::form::Form;
use super::leaves::{At, Joiner, filled};
use super::mocked;
use crate::terraform::evaluate::Configuration;
use crate::terraform::instance::Instance;
use crate::terraform::plan::{Facts, PlannedInstance, without_key, without_keys};
use crate::terraform::value::{Kind, Map, Presence, Value};

/// The most disagreements that are listed; a plan of something else altogether has no end of them.
const LISTED: usize = 100;

/// What plan and source come to together.
#[derive(Debug, Default)]
pub struct Joined {
    /// Every instance that will be there, in the order of their addresses.
    pub instances: Vec<Instance>,
    /// Where plan and source both know a value and it is not the same one; the plan's is used.
    pub disagreements: Vec<Disagreement>,
    /// What a person should know, a line each.
    pub notes: Vec<String>,
}

/// Joins an evaluated configuration with a plan: the resources of which `relevant` says so by their type.
/// The others stay as the source has them, since a plan can have many thousands that nobody will look at
/// and of which a provider may plan what it likes. Data sources are joined all: others refer to them.
#[must_use]
pub fn join(
    configuration: Configuration,
    facts: &Facts,
    relevant: &dyn Fn(&str) -> bool,
) -> Joined {
    let mut joined = Joined::default();
    if facts.is_empty() {
        joined.instances = configuration.instances;
        return joined;
    }
    joined.notes.extend(facts.notes().iter().cloned());
    let has_source = !configuration.instances.is_empty();
    let complete = facts.is_complete() && !makes_nothing_of(&configuration, facts);
    if facts.is_complete() && !complete {
        let note = "the plan has none of the resources of the source: it destroys them, or only refreshes, \
                    or is of another configuration; they are from the source alone";
        joined.notes.push(note.to_owned());
    }
    let mut modules: HashSet<Arc<str>> = HashSet::new();
    let mut taken: HashSet<Arc<str>> = HashSet::new();
    let mut open = Vec::new();
    let mut hanging: HashSet<String> = HashSet::new();
    for instance in configuration.instances {
        modules.insert(Arc::clone(&instance.module));
        // Whether it is there hangs on what is made up, and a data source is made up whole.
        if facts.is_mocked() && (instance.data || !is_certain(&instance)) {
            if !is_certain(&instance) {
                hanging.insert(without_keys(&instance.address));
            }
            joined.instances.push(Instance {
                presence: mocked::marked_presence(&instance.presence),
                ..instance
            });
            continue;
        }
        match facts.planned(&instance.address) {
            Some(planned) => {
                taken.insert(Arc::clone(&planned.address));
                if instance.data || relevant(&instance.ty) {
                    joined.add(instance, planned, facts);
                } else {
                    joined.instances.push(instance);
                }
            }
            None if !instance.data && !relevant(&instance.ty) => joined.instances.push(instance),
            None => open.push(instance),
        }
    }
    joined.add_open(open, facts, complete, &mut taken);

    let mut elsewhere = 0_usize;
    let mut hidden: Vec<&PlannedInstance> = Vec::new();
    for planned in facts.instances() {
        if taken.contains(&planned.address) {
            continue;
        }
        if !relevant(&planned.ty) {
            continue;
        }
        if facts.is_mocked()
            && (planned.data
                || facts.is_deferred(without_key(&planned.address))
                || hanging.contains(&without_keys(&planned.address)))
        {
            continue;
        }
        let known_module = planned.module.is_empty() || modules.contains(&planned.module);
        if has_source && known_module && !planned.data {
            joined.disagree(&planned.address, None, "not there", "there");
        }
        elsewhere += usize::from(!known_module || !has_source);
        let instance = facts.instance(&planned.address);
        hidden.extend(instance.iter().filter(is_hidden).map(|_| planned));
        joined
            .instances
            .extend(instance.map(|instance| match facts.is_mocked() {
                // What is written and what the mocked provider made up is not told apart in the plan.
                true => Instance {
                    attributes: Arc::new(mocked::nothing_known()),
                    ..instance
                },
                false => instance,
            }));
    }
    if elsewhere > 0 {
        let what = if elsewhere == 1 {
            "resource is"
        } else {
            "resources are"
        };
        joined.notes.push(format!(
            "{elsewhere} {what} in the plan without source: no places for them"
        ));
    }
    if let Some(first) = hidden.first() {
        let whose = match hidden.len() {
            1 => format!("`{}`", first.address),
            count => format!("{count} resources"),
        };
        joined.notes.push(format!(
            "the plan marks the container definitions of {whose} sensitive as a whole: without the source \
             nobody can tell which part of them is a secret"
        ));
    }
    let more = joined.disagreements.len().saturating_sub(LISTED);
    if more > 0 {
        joined.disagreements.truncate(LISTED);
        joined
            .notes
            .push(format!("plan and source disagree in {more} more places"));
    }
    joined.instances.sort_by(|a, b| a.address.cmp(&b.address));
    joined
}

/// Whether a plan that someone made has no resource where the configuration has some: a plan does not say
/// that it destroys, or only refreshes, and what it leaves out is not for that reason not there.
fn makes_nothing_of(configuration: &Configuration, facts: &Facts) -> bool {
    let mut instances = configuration.instances.iter();
    !facts.is_made_here()
        && facts.instances().all(|planned| planned.data)
        && instances.any(|instance| !instance.data && is_certain(instance))
}

impl Joined {
    /// Adds what the source has and the plan does not have under the same address.
    fn add_open(
        &mut self,
        open: Vec<Instance>,
        facts: &Facts,
        complete: bool,
        taken: &mut HashSet<Arc<str>>,
    ) {
        let mut by_block: HashMap<String, Vec<&PlannedInstance>> = HashMap::new();
        if open.iter().any(|instance| !is_certain(instance)) {
            for planned in facts.instances() {
                by_block
                    .entry(without_keys(&planned.address))
                    .or_default()
                    .push(planned);
            }
        }
        for instance in open {
            let deferred = facts.is_deferred(without_key(&instance.address));
            if is_certain(&instance) {
                if !instance.data && complete {
                    self.disagree(&instance.address, instance.header, "there", "not there");
                }
                self.instances.push(instance);
                continue;
            }
            let block = without_keys(&instance.address);
            let planned = by_block.get(&block).map_or(&[][..], Vec::as_slice);
            let mut found = false;
            for planned in planned {
                if same_path(&instance, planned) && taken.insert(Arc::clone(&planned.address)) {
                    found = true;
                    self.add(instance.clone(), planned, facts);
                }
            }
            // A data source that will be read only while applying is not in every plan.
            if !found && (instance.data || deferred || !complete) {
                self.instances.push(instance);
            }
        }
    }

    fn add(&mut self, mut instance: Instance, planned: &PlannedInstance, facts: &Facts) {
        instance.address = Arc::clone(&planned.address);
        instance.module = Arc::clone(&planned.module);
        instance.presence = Presence::Certain;
        if let Some(value) = facts.attributes(&planned.address)
            && let Kind::Object(_, map) = &value.kind
        {
            self.disagreements
                .extend(join_attributes(&mut instance, map, facts.is_mocked()));
        }
        self.instances.push(instance);
    }

    fn disagree(
        &mut self,
        address: &Arc<str>,
        place: Option<crate::source::Place>,
        source: &str,
        plan: &str,
    ) {
        self.disagreements.push(Disagreement {
            address: Arc::clone(address),
            path: String::new(),
            place,
            source: source.into(),
            plan: plan.into(),
        });
    }
}

/// Joins the attributes of an instance with the plan's.
fn join_attributes(instance: &mut Instance, planned: &Map, mocked: bool) -> Vec<Disagreement> {
    let address = Arc::clone(&instance.address);
    let mut joiner = Joiner::new(&address, mocked);
    let mut entries: BTreeMap<Arc<str>, Value> = instance.attributes.entries.clone();
    for (name, plan) in &planned.entries {
        let written = entries.get(name).filter(|value| !value.is_null());
        let Some(source) = written else {
            // What nobody wrote is the provider's, and the provider is mocked.
            if mocked {
                continue;
            }
            if !plan.is_null() {
                instance.computed.push(Arc::clone(name));
            }
            entries.insert(Arc::clone(name), plan.clone());
            continue;
        };
        let value = if !mocked && is_ignored(instance, name) {
            filled_where_known(source, plan)
        } else if name.ends_with("_wo") && plan.is_null() {
            source.clone()
        } else {
            let root = Path::Instance;
            let at = At {
                path: Path::Key(&root, name),
                form: Form::Block,
                place: instance.header,
                secret: false,
            };
            let before = joiner.found.len();
            let value = joiner.value(source, plan, &at);
            if mocked && joiner.found.len() > before {
                mocked::disputed(source)
            } else {
                value
            }
        };
        entries.insert(Arc::clone(name), value);
    }
    let rest = instance.attributes.rest.clone().filter(|_| mocked);
    instance.attributes = Arc::new(Map { entries, rest });
    joiner.found
}

/// What `ignore_changes` names is the plan's to say: it stays as it is.
fn filled_where_known(source: &Value, plan: &Value) -> Value {
    if plan.is_unknown() {
        source.clone()
    } else {
        filled(plan, &source.trace)
    }
}

fn is_ignored(instance: &Instance, attribute: &str) -> bool {
    instance.ignore_changes.iter().any(|ignored| {
        let first = ignored.path.split(['.', '[']).next().unwrap_or_default();
        first == "all" || first == attribute
    })
}

/// Whether a plan marks a definition sensitive as a whole, as it does where one leaf of it is.
fn is_hidden(instance: &&Instance) -> bool {
    let definitions = instance.attributes.entries.get("container_definitions");
    definitions.is_some_and(|value| {
        value.trace.sensitive && value.trace.taint.is_none() && !value.is_unknown()
    })
}

fn is_certain(instance: &Instance) -> bool {
    matches!(instance.presence, Presence::Certain)
}

/// Whether the keys that the source knows are those of the plan's address.
fn same_path(instance: &Instance, planned: &PlannedInstance) -> bool {
    instance.data == planned.data
        && instance.ty == planned.ty
        && (instance.module == planned.module || without_keys(&instance.module) == *instance.module)
}
