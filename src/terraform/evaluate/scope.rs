//! What the names in an expression mean, and where its text stands.

use std::rc::Rc;

use super::module::ModuleInstance;
use crate::hcl::Span;
use crate::source::{FileId, Place};
use crate::terraform::value::{Map, Value};

/// What an expression is evaluated in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'s> {
    /// What its names mean.
    pub(super) names: Names<'s>,
    /// The names that `for` and `dynamic` gave, the innermost first.
    pub(super) bindings: Option<&'s Binding<'s>>,
    /// Where its text stands.
    pub(super) origin: Origin,
    /// Whether a failure is wanted as it is, as in `try`, and not turned into an unknown with a note.
    pub(super) strict: bool,
}

/// What the names in an expression mean.
#[derive(Clone, Copy, Debug)]
pub(super) enum Names<'s> {
    /// Those of a module, with what `count` or `for_each` gives where there is one.
    Module(&'s Rc<ModuleInstance>, &'s Repetition),
    /// The variables that a template was given.
    Template(&'s Map),
    /// There are none, as in a variable file.
    None,
}

/// What `count` and `for_each` give to each instance.
#[derive(Clone, Debug, Default)]
pub(super) enum Repetition {
    /// Nothing.
    #[default]
    None,
    /// `count.index`.
    Count(Value),
    /// `each.key` and `each.value`.
    Each(Value, Value),
}

/// A name that stands for a value.
#[derive(Debug)]
pub(super) struct Binding<'s> {
    /// The name.
    pub(super) name: &'s str,
    /// The value.
    pub(super) value: &'s Value,
    /// The names around it.
    pub(super) outer: Option<&'s Binding<'s>>,
}

/// Where the text of an expression stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin {
    /// In a file, this many bytes further than the spans say.
    File(FileId, u32),
    /// In a text that a value holds: every place in it is this one.
    Value(Place),
    /// Nowhere: on the command line, in the environment.
    Nowhere,
}

static NO_REPETITION: Repetition = Repetition::None;

impl<'s> Scope<'s> {
    /// The scope of what a module's file says outside of resources.
    pub(super) fn of_module(module: &'s Rc<ModuleInstance>, file: FileId) -> Self {
        Scope::of_instance(module, &NO_REPETITION, file)
    }

    /// The scope of what a module's file says in a resource or a call.
    pub(super) fn of_instance(
        module: &'s Rc<ModuleInstance>,
        repetition: &'s Repetition,
        file: FileId,
    ) -> Self {
        Scope {
            names: Names::Module(module, repetition),
            bindings: None,
            origin: Origin::File(file, 0),
            strict: false,
        }
    }

    /// A scope without names.
    pub(super) fn bare(origin: Origin) -> Self {
        Scope {
            names: Names::None,
            bindings: None,
            origin,
            strict: false,
        }
    }

    /// The same scope, in which failures are wanted as they are.
    pub(super) fn strict(self) -> Self {
        Scope {
            strict: true,
            ..self
        }
    }

    /// The same scope for a text in another file.
    pub(super) fn in_file(self, file: FileId) -> Self {
        Scope {
            origin: Origin::File(file, 0),
            ..self
        }
    }

    /// The same scope with one name more.
    pub(super) fn bind(self, binding: &'s Binding<'s>) -> Self {
        Scope {
            bindings: Some(binding),
            ..self
        }
    }

    /// What a name stands for that `for` or `dynamic` gave.
    pub(super) fn bound(&self, name: &str) -> Option<&'s Value> {
        let mut next = self.bindings;
        while let Some(binding) = next {
            if binding.name == name {
                return Some(binding.value);
            }
            next = binding.outer;
        }
        None
    }

    /// The place of a span.
    pub(super) fn place(&self, span: Span) -> Option<Place> {
        match self.origin {
            Origin::File(file, offset) => Some(Place::new(
                file,
                Span {
                    start: span.start.saturating_add(offset),
                    end: span.end.saturating_add(offset),
                },
            )),
            Origin::Value(place) => Some(place),
            Origin::Nowhere => None,
        }
    }
}
