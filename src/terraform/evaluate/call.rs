//! Function calls, and the functions that need the syntax tree: `try`, `can`, `convert` and the template
//! functions.

use super::evaluator::{Evaluator, Fault, Outcome, written};
use super::module::both;
use super::scope::{Names, Scope};
use super::template::can_be_named;
use crate::hcl::Span;
use crate::hcl::tree::{Call, Expression};
use crate::terraform::functions;
use crate::terraform::types::{Constraint, Type};
use crate::terraform::value::{Kind, Map, Presence, Unknown, Value};

impl Evaluator<'_> {
    /// A function call.
    pub(super) fn call_function(&self, scope: Scope<'_>, call: &Call, span: Span) -> Outcome {
        let name = &*call.name.text;
        let name = name.strip_prefix("core::").unwrap_or(name);
        if name.starts_with("provider::") {
            // What it gives is not known here, but a secret that flows in flows out.
            let values = self.call_arguments(scope, &call.arguments)?;
            return functions::call(name, &values, &self.files)
                .map_err(|failure| Fault::of(failure, scope.place(span)));
        }
        match name {
            "try" => self.try_each(scope, call, span),
            "can" => self.can(scope, call, span),
            "convert" => self.convert_to(scope, call, span),
            "templatefile" => self.template_file(scope, call, span),
            "templatestring" => self.template_string(scope, call, span),
            _ => self.function(scope, name, call, span),
        }
    }

    fn function(&self, scope: Scope<'_>, name: &str, call: &Call, span: Span) -> Outcome {
        let mut expressions = call.arguments.as_slice();
        let mut more = Vec::new();
        // What is expanded comes first: it tells how many arguments there are.
        if let (true, Some((last, others))) = (call.expanded, expressions.split_last()) {
            expressions = others;
            let place = scope.place(last.span);
            let last = self.leaf(scope, last)?.with_presence(Presence::Certain);
            match expand(name, &last).map_err(|message| Fault::new(message, place))? {
                Expanded::Arguments(arguments) => more = arguments,
                Expanded::Unknown => {
                    let mut values = self.call_arguments(scope, others)?;
                    values.push(last);
                    let unknown = Value::unknown(Unknown::computed(&values));
                    return Ok(unknown.flow(&values));
                }
            }
        }
        functions::check_count(name, expressions.len() + more.len()).map_err(|failure| {
            let argument = failure.argument.and_then(|at| {
                let last = call.arguments.last();
                call.arguments.get(at).or(last)
            });
            Fault::of(failure, scope.place(argument.map_or(span, |one| one.span)))
        })?;
        let mut values = self.call_arguments(scope, expressions)?;
        values.extend(more);
        if let Err(met) = self.bounds.work(&values) {
            return Ok(self.met(met, scope.place(span)));
        }
        let value = functions::call(name, &values, &self.files).map_err(|mut failure| {
            // A message may quote what it is about.
            if values.iter().any(|value| value.marks().is_marked()) {
                failure.message = format!("`{name}` fails, and one of its arguments is secret");
            }
            let argument = failure.argument.and_then(|at| call.arguments.get(at));
            let place = scope.place(argument.map_or(span, |argument| argument.span));
            Fault::of(failure, place)
        })?;
        // What is made of a secret is one.
        self.secrets.borrow_mut().gather(&value);
        let value = match values.iter().all(Value::is_known) && !functions::is_never_known(name) {
            true => self.noted(value, scope.place(span)),
            false => value,
        };
        match self.bounds.produce(size(&value)) {
            Ok(()) => Ok(value),
            Err(met) => Ok(self.met(met, scope.place(span))),
        }
    }

    fn call_arguments(
        &self,
        scope: Scope<'_>,
        several: &[Expression],
    ) -> Result<Vec<Value>, Fault> {
        let values = several.iter().map(|argument| {
            let value = self.leaf(scope, argument)?;
            Ok(value.with_presence(Presence::Certain))
        });
        values.collect()
    }

    /// `try`: the first argument that does not fail, however little of it is known.
    fn try_each(&self, scope: Scope<'_>, call: &Call, span: Span) -> Outcome {
        let mut reasons = Vec::new();
        for argument in &call.arguments {
            match self.expression(scope.strict(), argument) {
                Ok(value) => return Ok(value),
                Err(fault) => reasons.push(fault.message),
            }
        }
        let message = if reasons.is_empty() {
            "`try` needs an argument".to_owned()
        } else {
            format!("every argument of `try` fails: {}", reasons.join("; "))
        };
        Err(Fault::new(message, scope.place(span)))
    }

    /// `convert`, which newer versions have: its second argument is a type, as a variable's is.
    fn convert_to(&self, scope: Scope<'_>, call: &Call, span: Span) -> Outcome {
        let [value, ty] = call.arguments.as_slice() else {
            let message = "`convert` takes a value and a type";
            return Err(Fault::new(message, scope.place(span)));
        };
        let constraint = Constraint::parse(ty)
            .map_err(|error| Fault::new(error.message, scope.place(error.span)))?;
        let place = scope.place(value.span);
        let value = self.leaf(scope, value)?.with_presence(Presence::Certain);
        constraint.apply(&value).map_err(|mut failure| {
            if value.marks().is_marked() {
                failure.message = "`convert` fails, and what it converts is secret".to_owned();
            }
            Fault::of(failure, place)
        })
    }

    /// `can`: whether its argument does not fail.
    fn can(&self, scope: Scope<'_>, call: &Call, span: Span) -> Outcome {
        let [argument] = call.arguments.as_slice() else {
            let message = "`can` takes one argument";
            return Err(Fault::new(message, scope.place(span)));
        };
        Ok(match self.expression(scope.strict(), argument) {
            Err(_) => Value::from(false),
            Ok(value) if value.is_unknown() => {
                let unknown = Unknown::computed([&value]).with_type(Type::Bool).not_null();
                Value::unknown(unknown)
            }
            // Whether an expression fails does not tell what it holds, to Terraform either.
            Ok(_) => Value::from(true),
        })
    }

    /// The two arguments of a template function: the path or text, and the variables.
    pub(super) fn template_arguments(
        &self,
        scope: Scope<'_>,
        call: &Call,
        span: Span,
    ) -> Result<(Value, Value), Fault> {
        let name = &call.name.text;
        let [first, variables] = call.arguments.as_slice() else {
            let message = format!("`{name}` takes two arguments");
            return Err(Fault::new(message, scope.place(span)));
        };
        if matches!(scope.names, Names::Template(_)) {
            let message = format!("a template cannot call `{name}`");
            return Err(Fault::new(message, scope.place(span)));
        }
        let first = self.leaf(scope, first)?;
        let place = scope.place(variables.span);
        let variables = self.leaf(scope, variables)?;
        match &variables.kind {
            Kind::Object(_, map) => {
                let mut names = map.entries.keys();
                if let (true, Some(name)) =
                    (first.is_known(), names.find(|name| !can_be_named(name)))
                {
                    let message = format!("`{name}` cannot be the name of a variable");
                    return Err(Fault::new(message, place));
                }
                Ok((first, variables))
            }
            Kind::Unknown(_) => Ok((first, variables)),
            _ => {
                let message = format!("the variables of `{name}` must be an object");
                Err(Fault::new(message, place))
            }
        }
    }

    /// What a variable of a template stands for.
    pub(super) fn template_variable(
        &self,
        variables: &Map,
        name: &str,
        place: Option<crate::source::Place>,
    ) -> Outcome {
        match (variables.entries.get(name), &variables.rest) {
            (Some(value), _) => Ok(value.clone().with_presence(Presence::Certain)),
            (None, Some(rest)) => Ok(written(Value::unknown(rest.attribute(name)), place)),
            (None, None) => {
                let message = format!("the template is given no variable `{name}`");
                Err(Fault::new(message, place))
            }
        }
    }
}

/// What `...` after the last argument gives.
enum Expanded {
    Arguments(Vec<Value>),
    Unknown,
}

/// Expands the last argument. An element that may not be there makes what it holds uncertain, where the
/// function puts together what its arguments hold; of other functions the result is not known then.
fn expand(name: &str, last: &Value) -> Result<Expanded, String> {
    let elements = match &last.kind {
        Kind::List(_, elements) => elements,
        Kind::Unknown(unknown) if unknown.ty().is_primitive() => {
            return Err("only a list can be expanded into arguments".to_owned());
        }
        Kind::Unknown(_) if matches!(name, "concat" | "merge") => {
            return Ok(Expanded::Arguments(vec![Value::unknown(
                Unknown::computed([last]),
            )]));
        }
        Kind::Unknown(_) => return Ok(Expanded::Unknown),
        _ => return Err("only a list can be expanded into arguments".to_owned()),
    };
    let marks = last.trace.marks();
    let mut arguments = Vec::with_capacity(elements.len());
    for element in elements.iter() {
        let mut element = element.clone().with_marks(&marks);
        let presence = std::mem::take(&mut element.trace.presence);
        if !presence.is_certain() {
            if !matches!(name, "concat" | "merge") {
                return Ok(Expanded::Unknown);
            }
            element = uncertain_within(element, &presence);
        }
        arguments.push(element);
    }
    Ok(Expanded::Arguments(arguments))
}

/// Marks all that a collection holds as no more certain than the collection.
fn uncertain_within(collection: Value, presence: &Presence) -> Value {
    let within = |element: &Value| {
        let inner = element.trace.presence.clone();
        element.clone().with_presence(both(presence, inner))
    };
    let trace = collection.trace.clone();
    let value = match &collection.kind {
        Kind::List(sequence, elements) => {
            Value::sequence(*sequence, elements.iter().map(within).collect())
        }
        Kind::Object(mapping, map) => {
            let entries = map.entries.iter();
            let entries = entries.map(|(key, element)| (key.clone(), within(element)));
            Value::mapping(
                *mapping,
                Map {
                    entries: entries.collect(),
                    rest: map.rest.clone(),
                },
            )
        }
        _ => return collection,
    };
    value.with_trace(trace)
}

/// What a value costs to have been made: its elements, or its text in 64s; not what is shared in it.
fn size(value: &Value) -> usize {
    match &value.kind {
        Kind::List(_, elements) => elements.len(),
        Kind::Object(_, map) => map.entries.len(),
        Kind::String(_) => value.weight() / 64,
        _ => 1,
    }
}
