//! What an evaluation keeps while it runs.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::block::Argument;
use super::bounds::Bounds;
use super::configuration::{Inputs, Note};
use super::directory::Directory;
use super::expansion::InstanceKey;
use super::file_system::{FileSystem, clean};
use super::installed::Installed;
use super::notes::Notes;
use super::overlay::Overlay;
use super::scope::{Origin, Scope};
use super::template::TemplateFile;
use super::variables::unquoted;
use crate::hcl::tree::Expression;
use crate::source::{FileId, Place, SourceMap};
use crate::terraform::value::{Failure, SecretTexts, StepKind, Trace, Unknown, Value};

/// What an expression comes to.
pub(super) type Outcome = Result<Value, Fault>;

/// What Terraform would refuse, and where.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// What is wrong.
    pub(super) message: String,
    /// Where.
    pub(super) place: Option<Place>,
}

/// Values that are evaluated once, by name.
pub(super) type Slots = RefCell<HashMap<Arc<str>, Slot>>;

/// A value that is evaluated once.
#[derive(Debug)]
pub(super) enum Slot {
    /// It is being evaluated: whoever asks now asks in a circle.
    Open,
    /// What it came to.
    Done(Value),
}

/// An evaluation.
#[derive(Debug)]
pub(super) struct Evaluator<'i> {
    /// What it starts from.
    pub(super) inputs: Inputs<'i>,
    /// The files that it reads.
    pub(super) files: FileSystem<'i>,
    /// What it says along the way.
    pub(super) notes: Notes,
    /// What it may use up.
    pub(super) bounds: Bounds,
    /// The modules that are installed.
    pub(super) installed: Installed,
    /// What of the configuration is read from a plan.
    overlay: Overlay,
    /// The template files that were parsed.
    pub(super) templates: RefCell<HashMap<FileId, Rc<TemplateFile>>>,
    /// The keys of module instances that a plan has, by the address of the call.
    pub(super) planned_modules: OnceCell<HashMap<String, BTreeSet<InstanceKey>>>,
    /// The variable files that were read.
    pub(super) variable_files: RefCell<Vec<FileId>>,
    /// The secrets that were met.
    pub(super) secrets: RefCell<SecretTexts>,
    /// The addresses of the instances whose blocks have syntax errors.
    pub(super) broken: RefCell<Vec<Arc<str>>>,
    directories: RefCell<HashMap<PathBuf, Option<Rc<Directory>>>>,
}

impl Fault {
    /// What is refused, at a place unless the failure has one of its own.
    pub(super) fn of(failure: Failure, place: Option<Place>) -> Self {
        Fault {
            message: failure.message,
            place: failure.place.or(place),
        }
    }

    /// What is refused here.
    pub(super) fn new(message: impl Into<String>, place: Option<Place>) -> Self {
        Fault {
            message: message.into(),
            place,
        }
    }
}

impl<'i> Evaluator<'i> {
    /// Begins an evaluation.
    pub(super) fn new(inputs: Inputs<'i>, source: &'i mut SourceMap) -> Self {
        let files = FileSystem::new(&inputs, source);
        let notes = Notes::default();
        let (installed, overlay) = match inputs.facts.source() {
            Some(snapshot) => (
                Installed::of(snapshot),
                Overlay::of(snapshot, &files, &notes),
            ),
            None => (Installed::read(files.root()), Overlay::default()),
        };
        Evaluator {
            installed,
            overlay,
            inputs,
            files,
            notes,
            bounds: Bounds::new(),
            templates: RefCell::default(),
            planned_modules: OnceCell::new(),
            variable_files: RefCell::default(),
            secrets: RefCell::default(),
            broken: RefCell::default(),
            directories: RefCell::default(),
        }
    }

    /// What was said along the way.
    pub(super) fn into_notes(self) -> Vec<Note> {
        self.notes.finish()
    }

    /// A module's directory, read once.
    pub(super) fn directory(&self, path: &Path) -> Option<Rc<Directory>> {
        self.files.looked_at(path);
        let cleaned = clean(path);
        let planned = self.overlay.module(&cleaned);
        let real = match planned {
            Some(_) => cleaned,
            None => std::fs::canonicalize(path).ok()?,
        };
        if let Some(known) = self.directories.borrow().get(&real) {
            return known.clone();
        }
        let directory = match planned {
            Some(texts) => Some(Directory::of_texts(
                real.clone(),
                texts,
                &self.files,
                &self.notes,
            )),
            None => Directory::read(real.clone(), &self.files, &self.notes),
        };
        let directory = directory.map(Rc::new);
        self.directories
            .borrow_mut()
            .insert(real, directory.clone());
        directory
    }

    /// Gives what a slot holds, or evaluates it; asked for in a circle, it is unknown.
    pub(super) fn once(
        &self,
        slots: &Slots,
        name: &Arc<str>,
        address: impl Fn() -> String,
        place: Option<Place>,
        evaluate: impl FnOnce() -> Value,
    ) -> Value {
        match slots.borrow().get(name) {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::Open) => return self.circular(&address(), place),
            None => {}
        }
        slots.borrow_mut().insert(name.clone(), Slot::Open);
        let value = evaluate();
        slots
            .borrow_mut()
            .insert(name.clone(), Slot::Done(value.clone()));
        value
    }

    /// What is asked for in a circle.
    pub(super) fn circular(&self, address: &str, place: Option<Place>) -> Value {
        let message = format!("`{address}` depends on itself");
        self.notes.add(message.clone(), place);
        Value::unknown(Unknown::other(message))
    }

    /// An expression whose failure is an unknown with a note, unless it is wanted as it is.
    pub(super) fn leaf(&self, scope: Scope<'_>, expression: &Expression) -> Outcome {
        match self.expression(scope, expression) {
            Err(mut fault) if !scope.strict => {
                // What is read as a name there was to be a value.
                if self.is_assigned(scope.origin) {
                    fault.message = unquoted(&fault.message, &HashSet::new());
                }
                let value = self.refused(fault);
                let place = scope.place(expression.span);
                Ok(written(value, place))
            }
            outcome => outcome,
        }
    }

    /// Whether a text is one that gives values to variables, and so may hold secrets.
    fn is_assigned(&self, origin: Origin) -> bool {
        match origin {
            Origin::File(file, _) => self.variable_files.borrow().contains(&file),
            Origin::Nowhere => true,
            Origin::Value(_) => false,
        }
    }

    /// What was refused, as an unknown with a note.
    pub(super) fn refused(&self, fault: Fault) -> Value {
        let unknown = Unknown::other(fault.message.as_str());
        self.notes.add(fault.message, fault.place);
        Value::unknown(unknown)
    }

    /// The value of an argument, without the step of its key.
    pub(super) fn argument_value(&self, scope: Scope<'_>, argument: &Argument) -> Value {
        let scope = scope.in_file(argument.file);
        if let Err(met) = self.bounds.produce(1) {
            return self.met(met, Some(argument.key()));
        }
        let mut value = self
            .leaf(
                Scope {
                    strict: false,
                    ..scope
                },
                &argument.value,
            )
            .unwrap_or_else(|fault| self.refused(fault));
        value.trace.presence = Default::default();
        value
    }

    /// The value of an argument, under its key.
    pub(super) fn argument(&self, scope: Scope<'_>, argument: &Argument) -> Value {
        step(
            self.argument_value(scope, argument),
            StepKind::Key,
            Some(argument.key()),
        )
    }

    /// Gives an element of a value the marks that the whole has, and the steps that it went through.
    pub(super) fn inherit(&self, mut element: Value, whole: &Value) -> Value {
        element.trace.add_marks(&whole.trace.marks());
        inherit_steps(&mut element.trace, &whole.trace);
        element
    }
}

/// The same value with one step more, where the place is known.
pub(super) fn step(mut value: Value, kind: StepKind, place: Option<Place>) -> Value {
    if let Some(place) = place {
        value.trace = value.trace.then(kind, place);
    }
    value
}

/// The same value, written here unless it was written elsewhere.
pub(super) fn written(value: Value, place: Option<Place>) -> Value {
    if value.trace.steps.is_some() {
        return value;
    }
    step(value, StepKind::Written, place)
}

/// How many steps of a whole are given on to its elements.
const MOST_INHERITED: usize = 8;

/// Gives on the variables, locals, calls and outputs that a whole went through.
fn inherit_steps(element: &mut Trace, whole: &Trace) {
    let passed: Vec<_> = whole
        .iter()
        .take(64)
        .filter(|step| {
            !matches!(
                step.kind,
                StepKind::Written | StepKind::Key | StepKind::Again | StepKind::Reference(_)
            )
        })
        .take(MOST_INHERITED)
        .collect();
    for step in passed.into_iter().rev() {
        *element = std::mem::take(element).then(step.kind.clone(), step.place);
    }
}
