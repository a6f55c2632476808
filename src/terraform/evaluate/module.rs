//! Module instances: their variables, local values and outputs.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::directory::{Directory, Variable};
use super::evaluator::{Evaluator, Slots, step, written};
use super::expansion::{Expansion, InstanceKey, Planned, Whole};
use super::file_system::clean;
use super::resource::Expanded;
use super::scope::{Origin, Repetition, Scope};
use crate::hcl::Span;
use crate::source::Place;
use crate::terraform::plan::without_key;
use crate::terraform::value::{Presence, StepKind, Taint, Unknown, Value};

/// How deep modules may be nested.
const DEPTH: usize = 64;

/// The instances of a module call; `None` while they are being decided.
type Called = Option<Rc<Expansion<ModuleInstance>>>;

/// A module, called once.
#[derive(Debug)]
pub(super) struct ModuleInstance {
    /// Its address; empty for the root module.
    pub(super) address: Arc<str>,
    /// What its files declare; `None` where it is not installed.
    pub(super) directory: Option<Rc<Directory>>,
    /// Its directory relative to the root module's, as `path.module` has it.
    pub(super) path: String,
    /// Whether it is there.
    pub(super) presence: Presence,
    /// Who calls it.
    pub(super) caller: Option<Caller>,
    /// All of its outputs as one value.
    pub(super) whole: Whole,
    /// The resources that were expanded, by their place in the directory.
    pub(super) resources: RefCell<HashMap<usize, Expanded>>,
    /// The names of the calls that lead to it, with dots.
    names: String,
    assigned: RefCell<HashMap<Arc<str>, Value>>,
    variables: Slots,
    locals: Slots,
    outputs: Slots,
    calls: RefCell<HashMap<Arc<str>, Called>>,
}

/// Who calls a module.
#[derive(Debug)]
pub(super) struct Caller {
    /// The module that the call is in.
    pub(super) module: Rc<ModuleInstance>,
    /// The call's name.
    pub(super) call: Arc<str>,
    /// What `count` or `for_each` of the call gives.
    pub(super) repetition: Repetition,
}

impl ModuleInstance {
    /// The address of something in the module.
    pub(super) fn absolute(&self, address: &str) -> String {
        if self.address.is_empty() {
            address.to_owned()
        } else {
            format!("{}.{address}", self.address)
        }
    }

    /// Whether a call that leads to it has a syntax error in it.
    pub(super) fn is_broken(&self) -> bool {
        let callers =
            std::iter::successors(self.caller.as_ref(), |caller| caller.module.caller.as_ref());
        callers.into_iter().any(|caller| {
            let directory = caller.module.directory.as_ref();
            let call = directory.and_then(|directory| directory.calls.get(&caller.call));
            call.is_some_and(|call| call.broken)
        })
    }

    fn depth(&self) -> usize {
        std::iter::successors(self.caller.as_ref(), |caller| caller.module.caller.as_ref()).count()
    }

    /// Whether the module or one that calls it is in this directory.
    fn is_within(&self, path: &Path) -> bool {
        let mut module = Some(self);
        while let Some(here) = module {
            if here
                .directory
                .as_ref()
                .is_some_and(|directory| directory.path == path)
            {
                return true;
            }
            module = here.caller.as_ref().map(|caller| &*caller.module);
        }
        false
    }

    fn new(directory: Option<Rc<Directory>>) -> Self {
        ModuleInstance {
            address: Arc::from(""),
            directory,
            path: ".".to_owned(),
            presence: Presence::Certain,
            caller: None,
            whole: Whole::default(),
            resources: RefCell::default(),
            names: String::new(),
            assigned: RefCell::default(),
            variables: Slots::default(),
            locals: Slots::default(),
            outputs: Slots::default(),
            calls: RefCell::default(),
        }
    }
}

impl Evaluator<'_> {
    /// A root module of this directory.
    pub(super) fn module_of(&self, directory: Directory) -> Rc<ModuleInstance> {
        Rc::new(ModuleInstance::new(Some(Rc::new(directory))))
    }

    /// The root module, with the values that its variables are given.
    pub(super) fn root_module(&self) -> Rc<ModuleInstance> {
        let directory = self.directory(self.files.root());
        if directory.is_none() {
            let name = self.files.name(self.files.root());
            let message = format!("there is no directory `{name}`");
            self.notes.missing(&name, message, None);
        }
        let module = ModuleInstance::new(directory);
        if let Some(directory) = &module.directory {
            *module.assigned.borrow_mut() = self.assigned(directory);
        }
        Rc::new(module)
    }

    /// The value of a variable.
    pub(super) fn variable(
        &self,
        module: &Rc<ModuleInstance>,
        name: &str,
        place: Option<Place>,
    ) -> Value {
        let Some((name, variable)) = module
            .directory
            .as_ref()
            .and_then(|directory| directory.variables.get_key_value(name))
        else {
            return self.undeclared(&module.absolute(&format!("var.{name}")), place);
        };
        let address = || module.absolute(&format!("var.{name}"));
        self.once(&module.variables, name, address, place, || {
            let value = self.given(module, name, variable);
            let value = self.guarded(value, variable.secrecy, &address, variable.header);
            let value = self.constrained(value, variable, name);
            let value = match module.caller {
                Some(_) => value,
                None => self.planned(name, variable, value),
            };
            self.guarded(value, variable.secrecy, &address, variable.header)
        })
    }

    /// What a variable is given: by a call, a file, the command line or a plan, else by its default.
    fn given(&self, module: &Rc<ModuleInstance>, name: &Arc<str>, variable: &Variable) -> Value {
        let given = match &module.caller {
            Some(caller) => self.passed(caller, name),
            None => module.assigned.borrow().get(name).cloned(),
        };
        let replaced = |value: &Value| value.is_null() && !variable.nullable;
        if let Some(value) = given
            && !(replaced(&value) && variable.default.is_some())
        {
            return value;
        }
        match &variable.default {
            Some(default) => {
                let scope = Scope::bare(Origin::File(default.file, 0));
                let value = self.argument_value(scope, default);
                step(
                    value,
                    StepKind::Default(name.clone()),
                    Some(default.place()),
                )
            }
            None => {
                let address = module.absolute(&format!("var.{name}"));
                Value::unknown(Unknown::reference(address, ""))
            }
        }
    }

    /// What a call passes for a variable.
    fn passed(&self, caller: &Caller, name: &Arc<str>) -> Option<Value> {
        let directory = caller.module.directory.as_ref()?;
        let call = directory.calls.get(&caller.call)?;
        let argument = call.arguments.attributes.get(name)?;
        let scope = Scope::of_instance(&caller.module, &caller.repetition, argument.file);
        let value = self.argument_value(scope, argument);
        let span = Span {
            start: argument.key.start,
            end: argument.value.span.end,
        };
        let place = Place::new(argument.file, span);
        Some(step(value, StepKind::Argument(name.clone()), Some(place)))
    }

    /// Converts a value to a variable's type. What does not convert stays as it is, with a note.
    pub(super) fn constrained(&self, value: Value, variable: &Variable, name: &str) -> Value {
        let Some(constraint) = &variable.constraint else {
            return value;
        };
        match constraint.apply(&value) {
            Ok(converted) => converted,
            Err(failure) => {
                let place = value.trace.iter().next().map(|step| step.place);
                let message = match value.is_tainted() {
                    true => format!("`{name}` has a value of another type, and it is secret"),
                    false => format!("`{name}` has a value of another type: {}", failure.message),
                };
                self.notes.add(message, place.or(Some(variable.header)));
                value
            }
        }
    }

    /// Taints what a declaration says is secret.
    fn guarded(
        &self,
        mut value: Value,
        secrecy: Option<&str>,
        address: &dyn Fn() -> String,
        header: Place,
    ) -> Value {
        let Some(word) = secrecy else {
            return value;
        };
        value.trace.sensitive = true;
        value.trace.taint = Some(Arc::new(Taint {
            source: Arc::from(format!("`{}`, which is {word}", address())),
            place: Some(header),
        }));
        self.secrets.borrow_mut().gather(&value);
        value
    }

    /// The value of a local value.
    pub(super) fn local(
        &self,
        module: &Rc<ModuleInstance>,
        name: &str,
        place: Option<Place>,
    ) -> Value {
        let Some((name, local)) = module
            .directory
            .as_ref()
            .and_then(|directory| directory.locals.get_key_value(name))
        else {
            return self.undeclared(&module.absolute(&format!("local.{name}")), place);
        };
        let address = || module.absolute(&format!("local.{name}"));
        self.once(&module.locals, name, address, place, || {
            let scope = Scope::of_module(module, local.file);
            let value = self.argument_value(scope, local);
            step(value, StepKind::Local(name.clone()), Some(local.key()))
        })
    }

    /// The value of an output of a child module.
    pub(super) fn output(
        &self,
        module: &Rc<ModuleInstance>,
        name: &str,
        place: Option<Place>,
    ) -> Value {
        let Some(directory) = &module.directory else {
            return Value::unknown(Unknown::reference(module.address.clone(), "").attribute(name));
        };
        let Some((name, output)) = directory.outputs.get_key_value(name) else {
            return self.undeclared(&format!("{}.{name}", module.address), place);
        };
        let address = || format!("{}.{name}", module.address);
        self.once(&module.outputs, name, address, place, || {
            let Some(argument) = &output.value else {
                return Value::null();
            };
            let scope = Scope::of_module(module, argument.file);
            let value = self.argument_value(scope, argument);
            let value = step(
                value,
                StepKind::Output(name.clone()),
                Some(argument.place()),
            );
            self.guarded(value, output.secrecy, &address, output.header)
        })
    }

    /// All outputs of a module instance as an object.
    pub(super) fn outputs(&self, module: &Rc<ModuleInstance>, place: Option<Place>) -> Value {
        let Some(directory) = &module.directory else {
            return Value::unknown(Unknown::reference(module.address.clone(), ""));
        };
        let outputs = directory.outputs.keys();
        Value::object(outputs.map(|name| (name.clone(), self.output(module, name, place))))
    }

    /// The instances of a module call; `None` where there is no such call.
    ///
    /// # Errors
    /// What is there instead, where the call is asked for in a circle.
    pub(super) fn call(
        &self,
        module: &Rc<ModuleInstance>,
        name: &str,
        place: Option<Place>,
    ) -> Result<Option<Rc<Expansion<ModuleInstance>>>, Box<Value>> {
        let Some((name, call)) = module
            .directory
            .as_ref()
            .and_then(|directory| directory.calls.get_key_value(name))
        else {
            return Ok(None);
        };
        match module.calls.borrow().get(name) {
            Some(Some(known)) => return Ok(Some(known.clone())),
            Some(None) => {
                let address = module.absolute(&format!("module.{name}"));
                return Err(Box::new(self.circular(&address, place)));
            }
            None => {}
        }
        module.calls.borrow_mut().insert(name.clone(), None);
        let scope = Scope::of_module(module, call.header.file);
        let address = module.absolute(&format!("module.{name}"));
        let planned = || self.planned_calls(&address);
        let plan = self.repeat(scope, call.count.as_ref(), call.for_each.as_ref(), planned);
        let names = if module.names.is_empty() {
            name.to_string()
        } else {
            format!("{}.{name}", module.names)
        };
        let found = self.locate(module, call, &address, &names);
        let (directory, path) = found.map_or((None, String::new()), |(directory, path)| {
            (Some(directory), path)
        });
        let expansion = Rc::new(plan.expand(|planned: Planned| ModuleInstance {
            address: Arc::from(format!("{address}{}", planned.key)),
            path: path.clone(),
            presence: both(&module.presence, planned.presence),
            caller: Some(Caller {
                module: module.clone(),
                call: name.clone(),
                repetition: planned.repetition,
            }),
            names: names.clone(),
            ..ModuleInstance::new(directory.clone())
        }));
        module
            .calls
            .borrow_mut()
            .insert(name.clone(), Some(expansion.clone()));
        Ok(Some(expansion))
    }

    /// The directory of a called module, and its path as `path.module` has it.
    fn locate(
        &self,
        module: &Rc<ModuleInstance>,
        call: &super::directory::ModuleCall,
        address: &str,
        names: &str,
    ) -> Option<(Rc<Directory>, String)> {
        let source = call.source.as_ref().map(|source| {
            let scope = Scope::of_module(module, source.file);
            self.argument_value(scope, source)
        });
        let source = source.as_ref().and_then(Value::as_str);
        let path = match source.as_deref() {
            Some(local) if local.starts_with("./") || local.starts_with("../") => {
                clean(&Path::new(&module.path).join(local))
            }
            Some("." | "..") => clean(&Path::new(&module.path).join(source.as_deref()?)),
            _ => match self.installed.directory(names) {
                Some(directory) => clean(Path::new(directory)),
                None => {
                    let message =
                        format!("`{address}` is not installed: what it makes is not audited");
                    self.notes.missing(address, message, Some(call.header));
                    return None;
                }
            },
        };
        let relative = match path.to_str() {
            Some("") | None => ".".to_owned(),
            Some(path) => path.to_owned(),
        };
        let Some(directory) = self.directory(&self.files.root().join(&path)) else {
            let message = format!("`{address}` is not there: there is no directory `{relative}`");
            self.notes.missing(address, message, Some(call.header));
            return None;
        };
        if module.is_within(&directory.path) {
            let message = format!("`{address}` calls the module that it is in");
            self.notes.missing(address, message, Some(call.header));
            return None;
        }
        if module.depth() > DEPTH {
            let message = format!("`{address}` is nested too deep");
            self.notes.missing(address, message, Some(call.header));
            return None;
        }
        Some((directory, relative))
    }

    /// The keys of a call's instances, where a plan has them.
    fn planned_calls(&self, address: &str) -> Vec<InstanceKey> {
        let planned = self.planned_modules.get_or_init(|| self.index_modules());
        let keys = planned.get(address);
        keys.map_or_else(Vec::new, |keys| keys.iter().cloned().collect())
    }

    /// The keys of all module instances that a plan has something of, by the address of the call.
    fn index_modules(&self) -> HashMap<String, BTreeSet<InstanceKey>> {
        let mut keys: HashMap<String, BTreeSet<InstanceKey>> = HashMap::new();
        let mut seen = HashSet::new();
        for planned in self.inputs.facts.instances() {
            let mut module = &*planned.module;
            while !module.is_empty() && seen.insert(module) {
                let call = without_key(module);
                let key = InstanceKey::after(module, call);
                keys.entry(call.to_owned()).or_default().extend(key);
                let name = call.rfind("module.").unwrap_or(0);
                module = call[..name].trim_end_matches('.');
            }
        }
        keys
    }

    /// What is not declared: unknown, with a note.
    pub(super) fn undeclared(&self, address: &str, place: Option<Place>) -> Value {
        let message = format!("`{address}` is not declared");
        self.notes.add_once(&message, place);
        written(Value::unknown(Unknown::other(message)), place)
    }
}

/// Whether something is there in something that itself may not be.
pub(super) fn both(outer: &Presence, inner: Presence) -> Presence {
    match (outer, inner) {
        (Presence::Certain, inner) => inner,
        (outer, Presence::Certain) => outer.clone(),
        (Presence::Maybe(one), Presence::Maybe(other)) => {
            Presence::Maybe(Unknown::computed_from([one, &other]))
        }
        (
            Presence::Any(one) | Presence::Maybe(one),
            Presence::Any(other) | Presence::Maybe(other),
        ) => Presence::Any(Unknown::computed_from([one, &other])),
    }
}
