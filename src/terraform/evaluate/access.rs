//! Traversals: from a name through attributes, indices and splats.

use std::rc::Rc;

use super::directory::Mode;
use super::evaluator::{Evaluator, Fault, Outcome, step};
use super::expansion::{Expansion, Shape};
use super::module::ModuleInstance;
use super::scope::{Names, Repetition, Scope};
use crate::hcl::Span;
use crate::hcl::tree::{Access, ExpressionKind, Step};
use crate::source::Place;
use crate::terraform::number::Number;
use crate::terraform::operators;
use crate::terraform::types::{Type, type_of};
use crate::terraform::value::{Failure, Kind, Presence, Sequence, StepKind, Unknown, Value};

/// What a step picks of the instances of a resource or a module call.
enum Picked<T> {
    /// One of them.
    One(Rc<T>),
    /// None: they are meant together.
    All,
    /// The one with this key, which may be any or none; where the key stands.
    Key(Box<Value>, Span),
}

/// A value, and how many steps of a traversal led to it.
type Resolved = Result<(Value, usize), Fault>;

impl Evaluator<'_> {
    /// A base and the steps taken from it.
    pub(super) fn access(&self, scope: Scope<'_>, access: &Access, span: Span) -> Outcome {
        let named = match &access.base.kind {
            ExpressionKind::Variable(name) if scope.bound(name).is_none() => Some(name),
            _ => None,
        };
        let (value, taken) = match named {
            Some(name) => self.resolve(scope, name, &access.steps, span)?,
            None => (self.expression(scope, &access.base)?, 0),
        };
        let mut value = self.steps(scope, value, &access.steps[taken..], span)?;
        value.trace.presence = Presence::Certain;
        if named.is_some()
            && let Some(text) = self.shown(scope, span)
        {
            value = step(value, StepKind::Reference(text), scope.place(span));
        }
        Ok(value)
    }

    /// Takes steps from a value.
    fn steps(&self, scope: Scope<'_>, value: Value, steps: &[Step], span: Span) -> Outcome {
        let mut value = value;
        for step in steps {
            value = self.step(scope, value, step, span)?;
        }
        Ok(value)
    }

    fn step(&self, scope: Scope<'_>, value: Value, step: &Step, span: Span) -> Outcome {
        let place = |at: Span| scope.place(if at == Span::default() { span } else { at });
        let element = match step {
            Step::Attribute(name) => operators::attribute(&value, &name.text)
                .map_err(|failure| Fault::of(failure, place(name.span)))?,
            Step::LegacyIndex(digits) => {
                let key = Number::parse(&digits.text)
                    .map_err(|failure| Fault::of(failure, place(digits.span)))?;
                operators::index(&value, &Value::from(key))
                    .map_err(|failure| Fault::of(failure, place(digits.span)))?
            }
            Step::Index(key, at) => {
                let key = self.leaf(scope, key)?;
                operators::index(&value, &key)
                    .map_err(|failure| Fault::of(unquoted(failure, &key), place(*at)))?
            }
            Step::Splat(inner, at) => return self.splat(scope, value, inner, *at),
        };
        Ok(self.inherit(element, &value))
    }

    fn splat(&self, scope: Scope<'_>, value: Value, inner: &[Step], span: Span) -> Outcome {
        let marks = value.trace.marks();
        let each = |element: &Value| -> Outcome {
            let presence = element.trace.presence.clone();
            let element = self.inherit(element.clone(), &value);
            let element = self.steps(scope, element, inner, span)?;
            Ok(element.with_presence(presence))
        };
        let result = match &value.kind {
            Kind::Null(Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                let message = "the elements of a list that is null cannot be taken";
                return Err(Fault::new(message, scope.place(span)));
            }
            Kind::Null(_) => Value::tuple(Vec::new()),
            Kind::List(sequence, elements) => {
                if let Err(met) = self.bounds.produce(elements.len()) {
                    return Ok(self.met(met, scope.place(span)));
                }
                let elements: Result<Vec<Value>, Fault> = elements.iter().map(each).collect();
                match sequence {
                    Sequence::Tuple => Value::tuple(elements?),
                    Sequence::List | Sequence::Set
                        if elements.as_ref().is_ok_and(Vec::is_empty) =>
                    {
                        self.splat_of_none(scope, &value, inner, span)?
                    }
                    Sequence::List | Sequence::Set => Value::list(elements?),
                }
            }
            Kind::Unknown(unknown)
                if !matches!(
                    unknown.ty(),
                    Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_)
                ) =>
            {
                let presence = match value.is_not_null() {
                    true => Presence::Certain,
                    false => Presence::Maybe(unknown.clone()),
                };
                Value::tuple(vec![each(&value)?.with_presence(presence)])
            }
            Kind::Unknown(unknown) => {
                let element = self.inherit(Value::unknown(unknown.some_element()), &value);
                let element = self.steps(scope, element, inner, span)?;
                let presence = Presence::Any(unknown.clone());
                Value::tuple(vec![element.with_presence(presence)])
            }
            _ => Value::tuple(vec![each(&value)?]),
        };
        Ok(result.with_marks(&marks))
    }

    /// A list without elements, which has the type that they would have.
    fn splat_of_none(&self, scope: Scope<'_>, none: &Value, inner: &[Step], at: Span) -> Outcome {
        let element = match type_of(none) {
            Type::List(element) | Type::Set(element) => (*element).clone(),
            _ => Type::Null,
        };
        if element.is_any() {
            return Ok(Value::empty_sequence(Sequence::List, element));
        }
        let some = Value::unknown(Unknown::other("there is no element").with_type(element));
        let taken = self.steps(scope, some, inner, at)?;
        Ok(Value::empty_sequence(Sequence::List, type_of(&taken)))
    }

    /// What a name at the beginning of a traversal stands for, with as many steps as that takes.
    fn resolve(&self, scope: Scope<'_>, name: &str, steps: &[Step], span: Span) -> Resolved {
        let place = scope.place(span);
        let (module, repetition) = match scope.names {
            Names::Module(module, repetition) => (module, repetition),
            Names::Template(variables) => {
                return Ok((self.template_variable(variables, name, place)?, 0));
            }
            Names::None => {
                let message = format!("`{name}` cannot be referred to here");
                return Err(Fault::new(message, place));
            }
        };
        let first = attribute(steps, 0);
        let incomplete = || Fault::new(format!("`{name}` needs a name after it"), place);
        match name {
            "var" => {
                let value = self.variable(module, first.ok_or_else(incomplete)?, place);
                Ok((value, 1))
            }
            "local" => {
                let value = self.local(module, first.ok_or_else(incomplete)?, place);
                Ok((value, 1))
            }
            "path" => Ok((self.path(module, first.ok_or_else(incomplete)?, place)?, 1)),
            "terraform" | "tofu" => {
                let value = self.terraform(first.ok_or_else(incomplete)?, place)?;
                Ok((value, 1))
            }
            "count" | "each" | "self" => {
                let name_after = first.ok_or_else(incomplete)?;
                Ok((repeated(repetition, name, name_after, place)?, 1))
            }
            "module" => self.resolve_module(scope, module, steps, place),
            "data" => self.resolve_resource(scope, module, Mode::Data, steps, 0, place),
            "ephemeral" => self.resolve_resource(scope, module, Mode::Ephemeral, steps, 0, place),
            "resource" => self.resolve_resource(scope, module, Mode::Managed, steps, 0, place),
            ty => {
                let name_after = first.ok_or_else(incomplete)?;
                self.resolve_instance(
                    scope,
                    module,
                    (Mode::Managed, ty, name_after),
                    steps,
                    1,
                    place,
                )
            }
        }
    }

    fn resolve_resource(
        &self,
        scope: Scope<'_>,
        module: &Rc<ModuleInstance>,
        mode: Mode,
        steps: &[Step],
        taken: usize,
        place: Option<Place>,
    ) -> Resolved {
        let (Some(ty), Some(name)) = (attribute(steps, taken), attribute(steps, taken + 1)) else {
            let message = "a reference to a resource needs its type and name";
            return Err(Fault::new(message, place));
        };
        self.resolve_instance(scope, module, (mode, ty, name), steps, taken + 2, place)
    }

    fn resolve_instance(
        &self,
        scope: Scope<'_>,
        module: &Rc<ModuleInstance>,
        (mode, ty, name): (Mode, &str, &str),
        steps: &[Step],
        taken: usize,
        place: Option<Place>,
    ) -> Resolved {
        let directory = module.directory.as_ref();
        let address = || module.absolute(&format!("{}{ty}.{name}", mode.prefix()));
        let Some(at) = directory.and_then(|directory| directory.resource(mode, ty, name)) else {
            return Ok((self.undeclared(&address(), place), steps.len()));
        };
        let expansion = match self.resource(module, at, place) {
            Ok(expansion) => expansion,
            Err(value) => return Ok((*value, steps.len())),
        };
        let (picked, taken) = self.pick(scope, &expansion, steps, taken)?;
        let key = match picked {
            Picked::One(instance) => {
                return Ok(match attribute(steps, taken) {
                    Some(name) => (self.resource_attribute(&instance, name, place), taken + 1),
                    None => {
                        let whole = || self.resource_value(&instance, place);
                        (instance.whole.get(whole), taken)
                    }
                });
            }
            Picked::All => None,
            Picked::Key(key, at) => Some((key, at)),
        };
        let of = |one: &Rc<_>| self.resource_value(one, place);
        Ok((self.all(scope, &expansion, key, address, of)?, taken))
    }

    fn resolve_module(
        &self,
        scope: Scope<'_>,
        module: &Rc<ModuleInstance>,
        steps: &[Step],
        place: Option<Place>,
    ) -> Resolved {
        let Some(name) = attribute(steps, 0) else {
            return Err(Fault::new("`module` needs a name after it", place));
        };
        let expansion = match self.call(module, name, place) {
            Ok(Some(expansion)) => expansion,
            Ok(None) => {
                let address = module.absolute(&format!("module.{name}"));
                return Ok((self.undeclared(&address, place), steps.len()));
            }
            Err(value) => return Ok((*value, steps.len())),
        };
        let (picked, taken) = self.pick(scope, &expansion, steps, 1)?;
        let key = match picked {
            Picked::One(instance) => {
                return Ok(match attribute(steps, taken) {
                    Some(name) => (self.output(&instance, name, place), taken + 1),
                    None => {
                        let whole = || self.outputs(&instance, place);
                        (instance.whole.get(whole), taken)
                    }
                });
            }
            Picked::All => None,
            Picked::Key(key, at) => Some((key, at)),
        };
        let address = || module.absolute(&format!("module.{name}"));
        let of = |one: &Rc<_>| self.outputs(one, place);
        Ok((self.all(scope, &expansion, key, address, of)?, taken))
    }

    /// What the next step picks of the instances, and the steps taken then.
    fn pick<T>(
        &self,
        scope: Scope<'_>,
        expansion: &Expansion<T>,
        steps: &[Step],
        taken: usize,
    ) -> Result<(Picked<T>, usize), Fault> {
        if expansion.shape == Shape::One {
            let one = expansion.all().next().cloned();
            return Ok((one.map_or(Picked::All, Picked::One), taken));
        }
        let (key, at) = match steps.get(taken) {
            Some(Step::Index(key, at)) => (self.leaf(scope, key)?, *at),
            Some(Step::LegacyIndex(digits)) => match Number::parse(&digits.text) {
                Ok(number) => (Value::from(number), digits.span),
                Err(_) => return Ok((Picked::All, taken)),
            },
            _ => return Ok((Picked::All, taken)),
        };
        let picked = match expansion.get(&key) {
            Some(instance) => Picked::One(instance.clone()),
            None => Picked::Key(Box::new(key), at),
        };
        Ok((picked, taken + 1))
    }

    /// All instances together, or the element of them that a key gives that picks none for certain.
    fn all<T>(
        &self,
        scope: Scope<'_>,
        expansion: &Expansion<T>,
        key: Option<(Box<Value>, Span)>,
        address: impl Fn() -> String,
        of: impl Fn(&Rc<T>) -> Value,
    ) -> Outcome {
        if let Err(met) = self.bounds.produce(expansion.known.len()) {
            return Ok(self.met(met, None));
        }
        let whole = expansion.value(address, of);
        match key {
            None => Ok(whole),
            Some((key, at)) => operators::index(&whole, &key)
                .map_err(|failure| Fault::of(failure, scope.place(at))),
        }
    }

    fn path(&self, module: &ModuleInstance, name: &str, place: Option<Place>) -> Outcome {
        match name {
            "module" => Ok(Value::string(module.path.as_str())),
            "root" => Ok(Value::string(".")),
            "cwd" => Ok(Value::string(&*self.files.root().to_string_lossy())),
            _ => Err(Fault::new(format!("there is no `path.{name}`"), place)),
        }
    }

    fn terraform(&self, name: &str, place: Option<Place>) -> Outcome {
        match name {
            "workspace" => Ok(match self.inputs.terraform_workspace {
                Some(workspace) => Value::string(workspace),
                None => {
                    let message = "a plan does not tell `terraform.workspace`";
                    self.notes.add(message, place);
                    Value::unknown(Unknown::reference("terraform.workspace", ""))
                }
            }),
            "applying" => Ok(Value::unknown(Unknown::reference("terraform.applying", ""))),
            _ => Err(Fault::new(format!("there is no `terraform.{name}`"), place)),
        }
    }
}

/// `count.index`, `each.key`, `each.value`.
fn repeated(repetition: &Repetition, name: &str, after: &str, place: Option<Place>) -> Outcome {
    match (name, after, repetition) {
        ("count", "index", Repetition::Count(index)) => Ok(index.clone()),
        ("each", "key", Repetition::Each(key, _)) => Ok(key.clone()),
        ("each", "value", Repetition::Each(_, value)) => Ok(value.clone()),
        ("self", _, _) => Ok(Value::unknown(Unknown::other(
            "`self` is known when it runs",
        ))),
        _ => {
            let message = format!("there is no `{name}.{after}` here");
            Err(Fault::new(message, place))
        }
    }
}

fn attribute(steps: &[Step], at: usize) -> Option<&str> {
    match steps.get(at)? {
        Step::Attribute(name) => Some(&name.text),
        _ => None,
    }
}

/// What is wrong with an index, without the key where that is secret.
fn unquoted(mut failure: Failure, key: &Value) -> Failure {
    if key.marks().is_marked() {
        failure.message = "there is no such element, and its key is secret".to_owned();
    }
    failure
}
