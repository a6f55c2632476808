//! A variable's `type`, with the defaults of optional attributes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::convert::convert;
use super::kind::Type;
use crate::hcl::tree::{Expression, ExpressionKind, ObjectKey, TemplatePart};
use crate::hcl::{Span, SyntaxError};
use crate::terraform::number::Number;
use crate::terraform::operators;
use crate::terraform::value::{
    Failure, Kind, MAX_WEIGHT, Map, Mapping, Reason, Sequence, Unknown, Value,
};

/// How deep a type may be nested; what would be deeper is refused.
const MAX_NESTING: usize = 64;

/// A variable's `type`: the type to convert to, with the defaults of optional attributes.
#[derive(Clone, Debug, Default)]
pub struct Constraint {
    ty: Type,
    defaults: Option<Defaults>,
}

/// The optional attributes somewhere in a type.
#[derive(Clone, Debug)]
enum Defaults {
    /// In each element of a list, a set or a map.
    Elements(Box<Defaults>),
    /// In some elements of a tuple.
    Tuple(BTreeMap<usize, Defaults>),
    /// In an object: the optional attributes with their defaults, and what is in the attributes.
    Object {
        optional: BTreeMap<Arc<str>, Value>,
        inner: BTreeMap<Arc<str>, Defaults>,
    },
}

impl Constraint {
    /// Reads a type expression (`map(object({ port = optional(number, 80) }))`).
    ///
    /// # Errors
    /// Where the expression is not a type.
    pub fn parse(expression: &Expression) -> Result<Self, SyntaxError> {
        parse(expression, MAX_NESTING)
    }

    /// A constraint without defaults.
    #[must_use]
    pub fn of(ty: Type) -> Self {
        Constraint { ty, defaults: None }
    }

    /// The type to convert to; optional attributes are in it.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Converts a value, filling in the defaults of optional attributes.
    ///
    /// # Errors
    /// What Terraform would refuse.
    pub fn apply(&self, value: &Value) -> Result<Value, Failure> {
        match &self.defaults {
            Some(defaults) => convert(&defaults.fill(value), &self.ty),
            None => convert(value, &self.ty),
        }
    }
}

/// What is made, until it is heavier than a value may be: the rest of it would be made for nothing.
fn within_weight<T>(made: impl Iterator<Item = T>, weight: impl Fn(&T) -> usize) -> Vec<T> {
    let mut left = MAX_WEIGHT;
    let mut taken = Vec::new();
    for one in made {
        let more = left.checked_sub(weight(&one));
        taken.push(one);
        match more {
            Some(more) => left = more,
            None => break,
        }
    }
    taken
}

impl Defaults {
    /// The value with every missing optional attribute filled in, before it is converted.
    fn fill(&self, value: &Value) -> Value {
        let filled = match (self, &value.kind) {
            (Defaults::Elements(inner), Kind::List(sequence, elements)) => {
                // Filled objects of a list may differ in type until they are converted.
                let filled = elements.iter().map(|element| inner.fill(element));
                let filled = within_weight(filled, Value::weight);
                let sequence = match sequence {
                    // What is left out must not go unseen because the rest repeats itself.
                    Sequence::Set if filled.len() == elements.len() => Sequence::Set,
                    _ => Sequence::Tuple,
                };
                Value::sequence(sequence, filled)
            }
            (Defaults::Tuple(inner), Kind::List(sequence, elements)) => {
                let filled = elements.iter().enumerate().map(|(index, element)| {
                    inner
                        .get(&index)
                        .map_or_else(|| element.clone(), |inner| inner.fill(element))
                });
                Value::sequence(*sequence, filled.collect())
            }
            (Defaults::Elements(inner), Kind::Object(mapping, map)) => {
                let entries = map.entries.iter();
                let entries = entries.map(|(key, value)| (key.clone(), inner.fill(value)));
                let entries = within_weight(entries, |(_, value)| value.weight());
                let map = Map {
                    entries: entries.into_iter().collect(),
                    rest: map.rest.clone(),
                };
                Value::mapping(*mapping, map)
            }
            (Defaults::Object { optional, inner }, Kind::Object(_, map)) => {
                let mut filled = (**map).clone();
                for (name, default) in optional {
                    let missing = match filled.entries.get(name) {
                        Some(value) => value.is_null(),
                        None => filled.rest.is_none(),
                    };
                    if missing && !(default.is_null() && filled.entries.contains_key(name)) {
                        let mut default = default.clone();
                        if let Some(null) = filled.entries.get(name) {
                            default.trace.add_marks(&null.trace.marks());
                        }
                        filled.entries.insert(name.clone(), default);
                    }
                }
                for (name, inner) in inner {
                    if let Some(value) = filled.entries.get_mut(name) {
                        *value = inner.fill(value);
                    }
                }
                Value::mapping(Mapping::Object, filled)
            }
            (_, Kind::Unknown(unknown)) => match unknown.reason() {
                Reason::OneOf(alternatives, _) => {
                    let filled = alternatives.iter().map(|one| self.fill(one)).collect();
                    Unknown::one_of(filled, unknown)
                }
                _ => return value.clone(),
            },
            _ => return value.clone(),
        };
        let sensitive = filled.trace.sensitive;
        let mut filled = filled.with_trace(value.trace.clone());
        filled.trace.sensitive |= sensitive;
        filled
    }
}

fn refused<T>(span: Span, message: impl Into<String>) -> Result<T, SyntaxError> {
    Err(SyntaxError {
        message: message.into(),
        span,
    })
}

fn parse(expression: &Expression, depth: usize) -> Result<Constraint, SyntaxError> {
    let span = expression.span;
    let Some(depth) = depth.checked_sub(1) else {
        return refused(span, "the type is nested too deep");
    };
    match &expression.kind {
        ExpressionKind::Variable(name) => match &**name {
            "any" => Ok(Constraint::of(Type::Any)),
            "bool" => Ok(Constraint::of(Type::Bool)),
            "number" => Ok(Constraint::of(Type::Number)),
            "string" => Ok(Constraint::of(Type::String)),
            // Old configurations leave the type of the elements out.
            "list" => Ok(Constraint::of(Type::list(Type::Any))),
            "map" => Ok(Constraint::of(Type::map(Type::Any))),
            "set" => refused(span, "`set` needs the type of its elements"),
            "object" => refused(span, "`object` needs the types of its attributes"),
            "tuple" => refused(span, "`tuple` needs the types of its elements"),
            other => refused(span, format!("`{other}` is not a type")),
        },
        ExpressionKind::Call(call) => {
            let name = &*call.name.text;
            if name == "optional" {
                return refused(span, "`optional` is for attributes of an object type only");
            }
            let [argument] = call.arguments.as_slice() else {
                return refused(span, format!("`{name}` needs exactly one argument"));
            };
            match name {
                "list" | "set" | "map" => {
                    let element = parse(argument, depth)?;
                    let ty = match name {
                        "list" => Type::list(element.ty),
                        "set" => Type::set(element.ty),
                        _ => Type::map(element.ty),
                    };
                    let defaults = element.defaults.map(|d| Defaults::Elements(Box::new(d)));
                    Ok(Constraint { ty, defaults })
                }
                "tuple" => parse_tuple(argument, depth),
                "object" => parse_object(argument, depth),
                other => refused(span, format!("`{other}` is not a type constructor")),
            }
        }
        _ => refused(
            span,
            "a type is a keyword such as `string` or a call such as `list(string)`",
        ),
    }
}

fn parse_tuple(argument: &Expression, depth: usize) -> Result<Constraint, SyntaxError> {
    let ExpressionKind::Tuple(elements) = &argument.kind else {
        return refused(argument.span, "`tuple` needs a list of types");
    };
    let mut types = Vec::with_capacity(elements.len());
    let mut defaults = BTreeMap::new();
    for (index, element) in elements.iter().enumerate() {
        let element = parse(element, depth)?;
        types.push(element.ty);
        if let Some(inner) = element.defaults {
            defaults.insert(index, inner);
        }
    }
    let defaults = (!defaults.is_empty()).then_some(Defaults::Tuple(defaults));
    Ok(Constraint {
        ty: Type::tuple(types),
        defaults,
    })
}

fn parse_object(argument: &Expression, depth: usize) -> Result<Constraint, SyntaxError> {
    let ExpressionKind::Object(items) = &argument.kind else {
        return refused(
            argument.span,
            "`object` needs attribute names with their types",
        );
    };
    let mut types: BTreeMap<Arc<str>, Type> = BTreeMap::new();
    let mut optional = BTreeMap::new();
    let mut inner = BTreeMap::new();
    for item in items {
        let (name, span) = match &item.key {
            ObjectKey::Name(name) => (&*name.text, name.span),
            ObjectKey::Expression(expression) => match &expression.kind {
                ExpressionKind::Variable(name) => (&**name, expression.span),
                _ => return refused(expression.span, "an attribute's name must stand here"),
            },
        };
        let name: Arc<str> = Arc::from(name);
        if types.contains_key(&name) {
            return refused(span, format!("the attribute `{name}` is there already"));
        }
        let (ty, default) = match &item.value.kind {
            ExpressionKind::Call(call) if &*call.name.text == "optional" => {
                match call.arguments.as_slice() {
                    [ty] => (ty, Some(None)),
                    [ty, default] => (ty, Some(Some(default))),
                    _ => {
                        return refused(item.value.span, "`optional` needs a type and a default");
                    }
                }
            }
            _ => (&item.value, None),
        };
        let attribute = parse(ty, depth)?;
        if let Some(default) = default {
            let value = match default {
                None => Value::null(),
                Some(expression) => {
                    let constant = constant(expression, depth)?;
                    attribute
                        .apply_shallow(&constant)
                        .map_err(|failure| SyntaxError {
                            message: format!("the default is not of its type: {failure}"),
                            span: expression.span,
                        })?
                }
            };
            optional.insert(name.clone(), value);
        }
        if let Some(defaults) = attribute.defaults {
            inner.insert(name.clone(), defaults);
        }
        types.insert(name, attribute.ty);
    }
    let none = optional.is_empty() && inner.is_empty();
    Ok(Constraint {
        ty: Type::Object(Arc::new(types)),
        defaults: (!none).then_some(Defaults::Object { optional, inner }),
    })
}

impl Constraint {
    /// Converts a default. What is optional in it is filled in when it is used.
    fn apply_shallow(&self, value: &Value) -> Result<Value, Failure> {
        self.apply(value)
    }
}

const NOT_CONSTANT: &str = "a default must be constant: no variables and no functions";

fn at(span: Span) -> impl Fn(Failure) -> SyntaxError {
    move |failure| SyntaxError {
        message: failure.message,
        span,
    }
}

/// The value of a constant expression: literals, templates, tuples, objects and operators.
fn constant(expression: &Expression, depth: usize) -> Result<Value, SyntaxError> {
    let span = expression.span;
    let Some(depth) = depth.checked_sub(1) else {
        return refused(span, "the default is nested too deep");
    };
    match &expression.kind {
        ExpressionKind::Null => Ok(Value::null()),
        ExpressionKind::Bool(value) => Ok(Value::from(*value)),
        ExpressionKind::Number(text) => {
            Number::parse(text)
                .map(Value::from)
                .map_err(|failure| SyntaxError {
                    message: failure.message,
                    span,
                })
        }
        ExpressionKind::Template(template) => {
            let mut text = String::new();
            for part in &template.parts {
                match part {
                    TemplatePart::Literal(literal, _) => text.push_str(literal),
                    TemplatePart::Interpolation(inner, span) => {
                        let Some(known) = constant(inner, depth)?.as_text() else {
                            return refused(*span, "this is no text");
                        };
                        text.push_str(&known.known().unwrap_or_default());
                    }
                    _ => return refused(span, NOT_CONSTANT),
                }
            }
            Ok(Value::from(text))
        }
        ExpressionKind::Parentheses(inner) => constant(inner, depth),
        ExpressionKind::Unary(operator, operand) => {
            let operand = constant(operand, depth)?;
            operators::unary(*operator, &operand).map_err(at(span))
        }
        ExpressionKind::Binary(binary) => {
            let left = constant(&binary.left, depth)?;
            let right = constant(&binary.right, depth)?;
            operators::binary(binary.operator, &left, &right).map_err(at(span))
        }
        ExpressionKind::Tuple(elements) => {
            let elements: Result<_, _> = elements.iter().map(|e| constant(e, depth)).collect();
            Ok(Value::tuple(elements?))
        }
        ExpressionKind::Object(items) => {
            let mut entries: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            for item in items {
                let key = match &item.key {
                    ObjectKey::Name(name) => name.text.to_string(),
                    ObjectKey::Expression(key) => match constant(key, depth)?.as_text() {
                        Some(text) => text.known().unwrap_or_default().into_owned(),
                        None => return refused(key.span, "a key must be a string"),
                    },
                };
                entries.insert(Arc::from(key), constant(&item.value, depth)?);
            }
            Ok(Value::object(entries))
        }
        _ => refused(
            span,
            "a default must be constant: no variables and no functions",
        ),
    }
}
