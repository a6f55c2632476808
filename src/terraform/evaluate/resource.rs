//! Resource instances: what is written of them, and what a reference to them gives.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::block::Arguments;
use super::directory::Resource;
use super::evaluator::{Evaluator, Slots};
use super::expansion::{Expansion, InstanceKey, Planned, Whole};
use super::module::{ModuleInstance, both};
use super::own::{OWN_ATTRIBUTES, is_own, tainted_as};
use super::scope::{Repetition, Scope};
use super::secret;
use crate::source::Place;
use crate::terraform::types::{Type, type_of};
use crate::terraform::value::{Kind, Map, Mapping, Presence, Unknown, Value};

/// The instances of a resource; `None` while they are being decided.
pub(super) type Expanded = Option<Rc<Expansion<ResourceInstance>>>;

/// An instance of a resource, data source or ephemeral resource.
#[derive(Debug)]
pub(super) struct ResourceInstance {
    /// Its absolute address.
    pub(super) address: Arc<str>,
    /// The module instance that it is in.
    pub(super) module: Rc<ModuleInstance>,
    /// Which of the directory's resources it is an instance of.
    pub(super) resource: usize,
    /// What `count` or `for_each` gives.
    repetition: Repetition,
    /// Whether it is there.
    pub(super) presence: Presence,
    /// All of it as one value.
    pub(super) whole: Whole,
    /// What is written, as far as it was evaluated.
    pub(super) attributes: Slots,
    /// What is written, once all of it is evaluated.
    pub(super) written: RefCell<Option<Arc<Map>>>,
    facts: RefCell<Option<Option<Value>>>,
}

impl ResourceInstance {
    fn resource(&self) -> Option<&Resource> {
        self.module.directory.as_ref()?.resources.get(self.resource)
    }

    /// What any attribute is that nobody wrote.
    fn unwritten(&self) -> Unknown {
        Unknown::reference(self.address.clone(), "")
    }
}

impl Evaluator<'_> {
    /// The instances of a resource of a module.
    ///
    /// # Errors
    /// What is there instead, where they are asked for in a circle.
    pub(super) fn resource(
        &self,
        module: &Rc<ModuleInstance>,
        at: usize,
        place: Option<Place>,
    ) -> Result<Rc<Expansion<ResourceInstance>>, Box<Value>> {
        let resource = module
            .directory
            .as_ref()
            .and_then(|directory| directory.resources.get(at))
            .ok_or_else(|| Box::new(Value::default()))?;
        match module.resources.borrow().get(&at) {
            Some(Some(known)) => return Ok(known.clone()),
            Some(None) => {
                return Err(Box::new(self.circular(&address(module, resource), place)));
            }
            None => {}
        }
        module.resources.borrow_mut().insert(at, None);
        let address = address(module, resource);
        let scope = Scope::of_module(module, resource.header.file);
        let planned = || self.planned_keys(&address);
        let repetition = (resource.count.as_ref(), resource.for_each.as_ref());
        let plan = self.repeat(scope, repetition, resource.header, planned);
        let expansion = Rc::new(plan.expand(|planned: Planned| ResourceInstance {
            address: Arc::from(format!("{address}{}", planned.key)),
            module: module.clone(),
            resource: at,
            repetition: planned.repetition,
            presence: both(&module.presence, planned.presence),
            whole: Whole::default(),
            attributes: Slots::default(),
            written: RefCell::default(),
            facts: RefCell::default(),
        }));
        module
            .resources
            .borrow_mut()
            .insert(at, Some(expansion.clone()));
        Ok(expansion)
    }

    /// The keys of a resource's instances, where a plan has them.
    fn planned_keys(&self, address: &str) -> Vec<InstanceKey> {
        let planned = self.inputs.facts.instances_of(address);
        planned
            .iter()
            .filter_map(|instance| InstanceKey::after(&instance.address, address))
            .collect()
    }

    /// What a reference to an attribute of an instance gives: what is written, else what a plan knows,
    /// else a reference. An argument that is written as null is as if it were not written.
    pub(super) fn resource_attribute(
        &self,
        instance: &Rc<ResourceInstance>,
        name: &str,
        place: Option<Place>,
    ) -> Value {
        let value = self.written_attribute(instance, name, place);
        match instance.resource() {
            Some(resource) if value.is_null() => self.unwritten(instance, resource, name),
            _ => value,
        }
    }

    /// An attribute of an instance as it is written, else what a plan knows, else a reference.
    fn written_attribute(
        &self,
        instance: &Rc<ResourceInstance>,
        name: &str,
        place: Option<Place>,
    ) -> Value {
        let Some(resource) = instance.resource() else {
            return Value::default();
        };
        if let Some(written) = &*instance.written.borrow()
            && let Some(value) = written.entries.get(name)
        {
            return value.clone();
        }
        let arguments = &resource.arguments;
        let key = arguments.attributes.get_key_value(name).map(|(key, _)| key);
        let key = key.or_else(|| arguments.blocks.get_key_value(name).map(|(key, _)| key));
        let Some(key) = key else {
            return self.unwritten(instance, resource, name);
        };
        let address = || format!("{}.{name}", instance.address);
        self.once(&instance.attributes, key, address, place, || {
            let file = resource.header.file;
            let scope = Scope::of_instance(&instance.module, &instance.repetition, file);
            let value = match arguments.attributes.get(key) {
                Some(argument) => self.argument(scope, argument),
                None => {
                    let blocks = &arguments.blocks[key];
                    self.blocks(scope, blocks, &instance.unwritten().attribute(name))
                }
            };
            let value = self.filled(value, instance, name);
            self.known_source(value, instance, resource, name)
        })
    }

    /// What is written, or what a plan knows where nothing of what is written is known.
    fn filled(&self, value: Value, instance: &ResourceInstance, name: &str) -> Value {
        if !value.is_unknown() {
            return value;
        }
        let facts = self.facts(instance);
        match facts.as_ref().and_then(|facts| facts.entry(name)) {
            Some(known) if !known.is_unknown() => {
                let mut filled = known.clone();
                filled.trace.steps.clone_from(&value.trace.steps);
                filled.flow([&value])
            }
            // What it says of a secret holds for what nobody knows, too.
            Some(unknown) => value.with_marks(&unknown.marks()),
            None => value,
        }
    }

    /// An attribute that nobody wrote.
    fn unwritten(&self, instance: &Rc<ResourceInstance>, resource: &Resource, name: &str) -> Value {
        let entry = self
            .facts(instance)
            .and_then(|facts| facts.entry(name).cloned());
        let marks = entry.as_ref().map(Value::marks).unwrap_or_default();
        let known = entry.filter(|entry| !entry.is_unknown());
        let known = known.map(|known| {
            let input = (name == "output")
                .then(|| self.own_input(instance, resource))
                .flatten();
            match input {
                Some(input) => tainted_as(known, &input),
                None => known,
            }
        });
        let value = known.unwrap_or_else(|| {
            if let Some(value) = self.of_its_own(instance, resource, name) {
                return value;
            }
            let rendered = (&*resource.ty == "template_file" && name == "rendered")
                .then(|| self.rendered(instance, resource))
                .flatten();
            rendered.unwrap_or_else(|| {
                Value::unknown(secret::typed(instance.unwritten().attribute(name), name))
            })
        });
        self.known_source(value.with_marks(&marks), instance, resource, name)
    }

    /// What is known of an attribute that nobody wrote of `terraform_data`, the one type that is
    /// Terraform's own: its arguments are null, and its output is to be what its input is.
    fn of_its_own(
        &self,
        instance: &Rc<ResourceInstance>,
        resource: &Resource,
        name: &str,
    ) -> Option<Value> {
        if !is_own(resource) {
            return None;
        }
        let unknown = || instance.unwritten().attribute(name);
        match name {
            "input" | "triggers_replace" => Some(Value::null()),
            "id" => Some(Value::unknown(unknown().with_type(Type::String).not_null())),
            "output" => {
                let input = self.own_input(instance, resource);
                Some(input.map_or_else(Value::null, |input| {
                    let output = Value::unknown(unknown().with_type(type_of(&input)));
                    tainted_as(output, &input)
                }))
            }
            _ => None,
        }
    }

    /// The input of `terraform_data`, where it has one.
    fn own_input(&self, instance: &Rc<ResourceInstance>, resource: &Resource) -> Option<Value> {
        let is_written = is_own(resource) && resource.arguments.attributes.contains_key("input");
        let input = is_written.then(|| self.written_attribute(instance, "input", None));
        input.filter(|input| !input.is_null())
    }

    /// What the old `template_file` renders, which is what `templatestring` does.
    fn rendered(&self, instance: &Rc<ResourceInstance>, resource: &Resource) -> Option<Value> {
        let scope =
            Scope::of_instance(&instance.module, &instance.repetition, resource.header.file);
        let template = self.written_attribute(instance, "template", None);
        let variables = match self.written_attribute(instance, "vars", None) {
            variables if variables.as_mapping().is_some() => variables,
            // So they were written before `=` was asked for.
            blocks if resource.arguments.blocks.contains_key("vars") => {
                let block = blocks.elements().and_then(|blocks| blocks.first());
                let entries = block.and_then(Value::as_mapping)?.1.entries.clone();
                let rest = None;
                Value::mapping(Mapping::Map, Map { entries, rest })
            }
            _ if resource.arguments.attributes.contains_key("vars") => return None,
            _ => Value::mapping(Mapping::Map, Map::default()),
        };
        self.render_text(scope, &template, &variables, Some(resource.header))
            .ok()
    }

    /// What a plan knows of an instance.
    fn facts(&self, instance: &ResourceInstance) -> Option<Value> {
        if let Some(known) = &*instance.facts.borrow() {
            return known.clone();
        }
        let facts = self.inputs.facts.attributes(&instance.address);
        *instance.facts.borrow_mut() = Some(facts.clone());
        facts
    }

    /// Taints an attribute that is a secret source.
    fn known_source(
        &self,
        value: Value,
        instance: &ResourceInstance,
        resource: &Resource,
        name: &str,
    ) -> Value {
        let written = |other: &str| {
            let arguments = &resource.arguments;
            arguments.attributes.get(other).map(|argument| {
                let scope =
                    Scope::of_instance(&instance.module, &instance.repetition, argument.file);
                self.argument_value(scope, argument)
            })
        };
        let source = secret::Source {
            mode: resource.mode,
            ty: &resource.ty,
            address: &instance.address,
            header: resource.header,
        };
        let value = secret::taint(value, &source, name, &written);
        self.secrets.borrow_mut().gather(&value);
        value
    }

    /// Everything of an instance: what is written, what a plan knows, and a reference for the rest.
    pub(super) fn resource_value(
        &self,
        instance: &Rc<ResourceInstance>,
        place: Option<Place>,
    ) -> Value {
        let Some(resource) = instance.resource() else {
            return Value::default();
        };
        let mut map = self.written(instance, place);
        map.entries.retain(|_, value| !value.is_null());
        if let Some(facts) = self.facts(instance)
            && let Kind::Object(_, known) = &facts.kind
        {
            for (name, value) in &known.entries {
                if map.entries.contains_key(name) {
                    continue;
                }
                if !value.is_unknown() {
                    let value = self.known_source(value.clone(), instance, resource, name);
                    map.entries.insert(name.clone(), value);
                } else if value.marks().is_marked() {
                    let value = self.unwritten(instance, resource, name);
                    map.entries.insert(name.clone(), value);
                }
            }
        }
        for name in secret::attributes(resource.mode, &resource.ty) {
            if !map.entries.contains_key(name) {
                let value = self.unwritten(instance, resource, name);
                map.entries.insert(Arc::from(name), value);
            }
        }
        if is_own(resource) {
            for name in OWN_ATTRIBUTES {
                if !map.entries.contains_key(name) {
                    let value = self.unwritten(instance, resource, name);
                    map.entries.insert(Arc::from(name), value);
                }
            }
            map.rest = None;
        }
        Value::mapping(Mapping::Object, map)
    }

    /// What is written of an instance.
    pub(super) fn written(&self, instance: &Rc<ResourceInstance>, place: Option<Place>) -> Map {
        if let Err(met) = self.bounds.produce(8) {
            self.notes.add_once(met, place);
            return Map::open(Vec::<(Arc<str>, Value)>::new(), Unknown::other(met));
        }
        let empty = Arguments::default();
        let arguments = instance
            .resource()
            .map_or(&empty, |resource| &resource.arguments);
        let names = arguments.attributes.keys().chain(arguments.blocks.keys());
        let entries = names.map(|name| {
            let value = self.written_attribute(instance, name, place);
            (name.clone(), value)
        });
        Map::open(entries, instance.unwritten())
    }
}

/// The address of a resource without an instance key.
pub(super) fn address(module: &ModuleInstance, resource: &Resource) -> String {
    let mode = resource.mode.prefix();
    module.absolute(&format!("{mode}{}.{}", resource.ty, resource.name))
}
