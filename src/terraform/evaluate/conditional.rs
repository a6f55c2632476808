//! Conditionals, whose both arms matter where the condition is not known.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evaluator::{Evaluator, Fault, Outcome};
use super::scope::Scope;
use crate::hcl::tree::{
    BinaryOperator, Conditional, Expression, ExpressionKind, TemplatePart, UnaryOperator,
};
use crate::source::Place;
use crate::terraform::types::{Type, convert, type_of, unify};
use crate::terraform::value::{Kind, Map, Marks, Presence, Unknown, Value};

const APART: &str = "the arms of a conditional must have types that go together";

impl Evaluator<'_> {
    /// A conditional.
    pub(super) fn conditional(&self, scope: Scope<'_>, conditional: &Conditional) -> Outcome {
        let place = scope.place(conditional.condition.span);
        let condition = self
            .leaf(scope, &conditional.condition)
            .and_then(|condition| truth(&condition, place));
        let condition = match condition {
            Ok(condition) => condition,
            // To Terraform arms that do not go together are wrong before the condition is.
            Err(fault) => return Err(self.arms_apart(scope, conditional).unwrap_or(fault)),
        };
        let sensitivity = Marks {
            taint: None,
            sensitive: condition.trace.sensitive,
        };
        let (then, otherwise) = (&conditional.then, &conditional.otherwise);
        let value = match &condition.kind {
            Kind::Bool(true) => self.arm(scope, then, otherwise)?,
            Kind::Unknown(unknown) => {
                let (then, otherwise) = (self.any_arm(scope, then), self.any_arm(scope, otherwise));
                let (then, otherwise) = self.same_type(scope, then, otherwise, conditional)?;
                either(then, otherwise, unknown)
            }
            _ => self.arm(scope, otherwise, then)?,
        };
        Ok(value.with_marks(&sensitivity))
    }

    /// An arm that may not be taken. To Terraform what is wrong in it is nobody's concern, but its type is,
    /// as far as the syntax tells it.
    fn any_arm(&self, scope: Scope<'_>, arm: &Expression) -> Value {
        self.expression(scope.strict(), arm)
            .unwrap_or_else(|fault| {
                Value::unknown(Unknown::other(fault.message).with_type(written_type(arm)))
            })
    }

    fn arms_apart(&self, scope: Scope<'_>, conditional: &Conditional) -> Option<Fault> {
        let then = self.any_arm(scope, &conditional.then);
        let otherwise = self.any_arm(scope, &conditional.otherwise);
        let apart = common_type(&then, &otherwise).is_none();
        apart.then(|| Fault::new(APART, scope.place(conditional.then.span)))
    }

    /// The arm that is taken, with the type that both have together.
    fn arm(&self, scope: Scope<'_>, taken: &Expression, other: &Expression) -> Outcome {
        let mut value = self.leaf(scope, taken)?;
        let other = self.any_arm(scope, other);
        // To Terraform the result is sensitive where either arm is, taken or not.
        value.trace.sensitive |= other.trace.sensitive;
        let Some(ty) = common_type(&value, &other) else {
            if scope.strict {
                return Err(Fault::new(APART, scope.place(taken.span)));
            }
            return Ok(value);
        };
        match converted(value.clone(), &ty) {
            Err(fault) if scope.strict => Err(fault),
            Err(_) => Ok(value),
            converted => converted,
        }
    }

    fn same_type(
        &self,
        scope: Scope<'_>,
        then: Value,
        otherwise: Value,
        conditional: &Conditional,
    ) -> Result<(Value, Value), Fault> {
        let Some(ty) = common_type(&then, &otherwise) else {
            if scope.strict {
                return Err(Fault::new(APART, scope.place(conditional.then.span)));
            }
            return Ok((then, otherwise));
        };
        let pair = converted(then.clone(), &ty).and_then(|then| {
            let otherwise = converted(otherwise.clone(), &ty)?;
            Ok((then, otherwise))
        });
        match pair {
            Err(fault) if scope.strict => Err(fault),
            Err(_) => Ok((then, otherwise)),
            pair => pair,
        }
    }
}

/// A condition as a truth value, known or not.
fn truth(condition: &Value, place: Option<Place>) -> Outcome {
    let condition = convert(condition, &Type::Bool).map_err(|why| Fault::of(why, place))?;
    if condition.is_null() {
        return Err(Fault::new("a condition cannot be null", place));
    }
    Ok(condition)
}

/// The type of an expression, as far as its syntax tells it.
fn written_type(expression: &Expression) -> Type {
    match &expression.kind {
        ExpressionKind::Bool(_) => Type::Bool,
        ExpressionKind::Number(_) => Type::Number,
        ExpressionKind::Template(template) => match template.parts.as_slice() {
            [TemplatePart::Interpolation(inner, _)] => written_type(inner),
            _ => Type::String,
        },
        ExpressionKind::Parentheses(inner) => written_type(inner),
        ExpressionKind::Tuple(elements) => Type::Tuple(elements.iter().map(written_type).collect()),
        ExpressionKind::Conditional(conditional) => {
            let then = written_type(&conditional.then);
            let otherwise = written_type(&conditional.otherwise);
            if then.is_open() || otherwise.is_open() {
                return Type::Any;
            }
            unify(&[then, otherwise]).unwrap_or_default()
        }
        ExpressionKind::Unary(UnaryOperator::Negate, _) => Type::Number,
        ExpressionKind::Unary(UnaryOperator::Not, _) => Type::Bool,
        ExpressionKind::Binary(binary) => match binary.operator {
            BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply
            | BinaryOperator::Divide
            | BinaryOperator::Remainder => Type::Number,
            _ => Type::Bool,
        },
        _ => Type::Any,
    }
}

/// The type that both arms have together; `None` where there is none.
fn common_type(one: &Value, other: &Value) -> Option<Type> {
    let (one, other) = (type_of(one), type_of(other));
    match (one, other) {
        (Type::Null, ty) | (ty, Type::Null) => Some(ty),
        (Type::Any, _) | (_, Type::Any) => Some(Type::Any),
        (one, other) if one == other => Some(Type::Any),
        (one, other) => unify(&[one, other]),
    }
}

fn converted(value: Value, ty: &Type) -> Outcome {
    if *ty == Type::Any {
        return Ok(value);
    }
    convert(&value, ty).map_err(|failure| Fault::of(failure, None))
}

/// One of two values, depending on something unknown: leaf by leaf where they have one shape.
pub(super) fn either(one: Value, other: Value, condition: &Unknown) -> Value {
    if one.same(&other) {
        return one.flow([&other]);
    }
    let mut marks = one.trace.marks();
    marks.add(&other.trace.marks());
    let steps = match (&one.trace.steps, &other.trace.steps) {
        (Some(steps), None) | (None, Some(steps)) => Some(steps.clone()),
        _ => None,
    };
    let maybe = || Presence::Maybe(condition.clone());
    let mut value = match (&one.kind, &other.kind) {
        (Kind::List(kind, ones), Kind::List(other_kind, others))
            if kind == other_kind && (ones.is_empty() || others.is_empty()) =>
        {
            let elements = ones.iter().chain(others.iter());
            Value::sequence(
                *kind,
                elements.map(|element| perhaps(element, &maybe)).collect(),
            )
        }
        (Kind::List(kind, ones), Kind::List(other_kind, others))
            if kind == other_kind && ones.len() == others.len() && all_certain(ones, others) =>
        {
            let pairs = ones.iter().zip(others.iter());
            let elements = pairs.map(|(one, other)| either(one.clone(), other.clone(), condition));
            Value::sequence(*kind, elements.collect())
        }
        (Kind::Object(kind, ones), Kind::Object(other_kind, others)) if kind == other_kind => {
            Value::mapping(*kind, either_map(ones, others, condition, &maybe))
        }
        _ => return Unknown::one_of(vec![one, other], condition).with_marks(&marks),
    };
    value.trace.steps = steps;
    value.with_marks(&marks)
}

fn all_certain(ones: &[Value], others: &[Value]) -> bool {
    ones.iter()
        .chain(others)
        .all(|element| element.trace.presence.is_certain())
}

fn perhaps(value: &Value, maybe: &dyn Fn() -> Presence) -> Value {
    let presence = match &value.trace.presence {
        Presence::Any(unknown) => Presence::Any(unknown.clone()),
        Presence::Certain | Presence::Maybe(_) => maybe(),
    };
    value.clone().with_presence(presence)
}

fn either_map(ones: &Map, others: &Map, condition: &Unknown, maybe: &dyn Fn() -> Presence) -> Map {
    let mut entries: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for (key, one) in &ones.entries {
        let value = match others.entries.get(key) {
            Some(other) => {
                let certain = one.trace.presence.is_certain() && other.trace.presence.is_certain();
                let value = either(one.clone(), other.clone(), condition);
                if certain {
                    value
                } else {
                    value.with_presence(maybe())
                }
            }
            None => either_rest(one, key, others.rest.as_ref(), condition, maybe),
        };
        entries.insert(key.clone(), value);
    }
    for (key, other) in &others.entries {
        if !entries.contains_key(key) {
            let value = either_rest(other, key, ones.rest.as_ref(), condition, maybe);
            entries.insert(key.clone(), value);
        }
    }
    let rest = match (&ones.rest, &others.rest) {
        (Some(one), Some(other)) => Some(Unknown::computed_from([one, other])),
        (Some(rest), None) | (None, Some(rest)) => Some(rest.clone()),
        (None, None) => None,
    };
    Map { entries, rest }
}

/// An entry that only one of two maps has, where the other may have more than it shows.
fn either_rest(
    entry: &Value,
    key: &str,
    rest: Option<&Unknown>,
    condition: &Unknown,
    maybe: &dyn Fn() -> Presence,
) -> Value {
    match rest {
        None => perhaps(entry, maybe),
        Some(rest) => either(
            entry.clone(),
            Value::unknown(rest.attribute(key)),
            condition,
        ),
    }
}
