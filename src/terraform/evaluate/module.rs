//! Module instances: their variables, local values and outputs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::directory::{Directory, Secrecy, Variable};
use super::evaluator::{Evaluator, Slots, step, written};
use super::expansion::{Expansion, Whole};
use super::resource::Expanded;
use super::scope::{Origin, Repetition, Scope};
use crate::hcl::Span;
use crate::source::Place;
use crate::terraform::value::{Presence, StepKind, Taint, Unknown, Value};

/// The instances of a module call; `None` while they are being decided.
pub(super) type Called = Option<Rc<Expansion<ModuleInstance>>>;

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
    pub(super) names: String,
    assigned: RefCell<HashMap<Arc<str>, Value>>,
    variables: Slots,
    locals: Slots,
    outputs: Slots,
    /// The instances of its calls, by their names.
    pub(super) calls: RefCell<HashMap<Arc<str>, Called>>,
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

    /// Whether a call that leads to it has a syntax error in it, or what overrides its blocks or such a
    /// call could not be read.
    pub(super) fn is_broken(&self) -> bool {
        let is_unread = |directory: &Directory| directory.overridden_unread;
        if self.directory.as_deref().is_some_and(is_unread) {
            return true;
        }
        let callers =
            std::iter::successors(self.caller.as_ref(), |caller| caller.module.caller.as_ref());
        callers.into_iter().any(|caller| {
            let directory = caller.module.directory.as_ref();
            let call = directory.and_then(|directory| directory.calls.get(&caller.call));
            directory.is_some_and(|directory| is_unread(directory))
                || call.is_some_and(|call| call.broken)
        })
    }

    /// How many calls lead to it.
    pub(super) fn depth(&self) -> usize {
        std::iter::successors(self.caller.as_ref(), |caller| caller.module.caller.as_ref()).count()
    }

    /// Whether the module or one that calls it is in this directory.
    pub(super) fn is_within(&self, path: &Path) -> bool {
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

    /// A root module, or one that is yet to be placed in another.
    pub(super) fn new(directory: Option<Rc<Directory>>) -> Self {
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

    /// Converts a value to a variable's type. What does not convert is unknown, with a note.
    pub(super) fn constrained(&self, value: Value, variable: &Variable, name: &str) -> Value {
        let Some(constraint) = &variable.constraint else {
            return value;
        };
        let place = value.trace.iter().next().map(|step| step.place);
        match constraint.apply(&value) {
            // What is filled in can be too much.
            Ok(converted) if converted.is_unknown() && !value.is_unknown() => {
                self.noted(converted, place.or(Some(variable.header)))
            }
            Ok(converted) => converted,
            Err(failure) => {
                let message = match value.is_tainted() {
                    true => format!("`{name}` has a value of another type, and it is secret"),
                    false => format!("`{name}` has a value of another type: {}", failure.message),
                };
                let unknown = Value::unknown(Unknown::other(message.as_str()));
                self.notes.add(message, place.or(Some(variable.header)));
                let unknown = unknown.with_trace(value.trace.clone());
                unknown.flow([&value])
            }
        }
    }

    /// Taints what a declaration says is secret.
    fn guarded(
        &self,
        mut value: Value,
        secrecy: Secrecy,
        address: &dyn Fn() -> String,
        header: Place,
    ) -> Value {
        let Some(word) = secrecy.word() else {
            return value;
        };
        value.trace.sensitive = true;
        value.trace.taint = Some(Arc::new(Taint {
            source: Arc::from(format!("`{}`, which is {word}", address())),
            place: Some(header),
            is_bared: false,
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
