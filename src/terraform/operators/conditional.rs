//! Conditionals, with a condition that may be unknown.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::terraform::types::{Type, convert, type_of, unify};
use crate::terraform::value::{Failure, Kind, Map, Mapping, Presence, Sequence, Unknown, Value};

/// Gives one of two values, converted to the type that both convert to. Where the condition is unknown it
/// gives what both arms agree on, and for the rest one of both.
///
/// # Errors
/// What Terraform would refuse: a condition that is no truth value, arms without a common type.
pub fn conditional(condition: &Value, then: &Value, otherwise: &Value) -> Result<Value, Failure> {
    let types = [type_of(then), type_of(otherwise)];
    let ty = match &types {
        [Type::Any, _] | [_, Type::Any] => Type::Any,
        _ => unify(&types)
            .ok_or_else(|| Failure::new("the arms of the conditional have no common type"))?,
    };
    let truth = convert(condition, &Type::Bool)
        .map_err(|failure| Failure::new(format!("the condition is unsuitable: {failure}")))?;
    if truth.is_null() {
        return Err(Failure::new("the condition is null"));
    }
    let mut result = match (&truth.kind, truth.as_bool()) {
        (_, Some(true)) => convert(then, &ty)?,
        (_, Some(false)) => convert(otherwise, &ty)?,
        (_, None) => {
            let why = Unknown::computed([condition]);
            let one = convert(then, &ty)?;
            let another = convert(otherwise, &ty)?;
            either(&one, &another, &why)
        }
    };
    // To Terraform the result is sensitive where any of the three is, chosen or not. A condition does not
    // tell a secret.
    result.trace.sensitive |=
        condition.is_sensitive() || then.trace.sensitive || otherwise.trace.sensitive;
    Ok(result)
}

/// What is one value or another, depending on something unknown: what they agree on stays known, entries
/// that only one has are perhaps there, leaves that differ are one of two.
#[must_use]
pub fn either(one: &Value, another: &Value, why: &Unknown) -> Value {
    if one.same(another) {
        return one.clone().with_marks(&another.marks());
    }
    let joined = match (&one.kind, &another.kind) {
        (Kind::Object(mapping, map), Kind::Object(other_mapping, other))
            if mapping == other_mapping && map.rest.is_none() && other.rest.is_none() =>
        {
            either_mapping(*mapping, map, other, why)
        }
        (Kind::List(sequence, elements), Kind::List(other_sequence, others))
            if sequence == other_sequence =>
        {
            either_sequence(*sequence, elements, others, why)
        }
        (Kind::Json(value), Kind::Json(other)) => match (&value.kind, &other.kind) {
            (Kind::List(..), Kind::List(..)) | (Kind::Object(..), Kind::Object(..)) => {
                Some(Value::json(either(value, other, why)))
            }
            _ => None,
        },
        _ => None,
    };
    let Some(joined) = joined else {
        return Unknown::one_of(vec![one.clone(), another.clone()], why);
    };
    let mut trace = one.trace.clone();
    trace.add_marks(&another.trace.marks());
    trace.sensitive |= joined.trace.sensitive;
    joined.with_trace(trace)
}

fn perhaps(value: &Value, why: &Unknown) -> Value {
    let mut value = value.clone();
    if value.trace.presence.is_certain() {
        value.trace.presence = Presence::Maybe(why.clone());
    }
    value
}

/// What both have is there as far as both say so.
fn both(one: &Value, another: &Value, why: &Unknown) -> Value {
    let mut joined = either(one, another, why);
    joined.trace.presence = match (&one.trace.presence, &another.trace.presence) {
        (Presence::Certain, other) => other.clone(),
        (other, _) => other.clone(),
    };
    joined
}

fn either_mapping(mapping: Mapping, map: &Map, other: &Map, why: &Unknown) -> Option<Value> {
    let mut entries: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for (key, value) in &map.entries {
        let joined = match other.entries.get(key) {
            Some(other) => both(value, other, why),
            None => perhaps(value, why),
        };
        entries.insert(key.clone(), joined);
    }
    for (key, value) in &other.entries {
        if !map.entries.contains_key(key) {
            entries.insert(key.clone(), perhaps(value, why));
        }
    }
    Some(Value::mapping(
        mapping,
        Map {
            entries,
            rest: None,
        },
    ))
}

fn either_sequence(
    sequence: Sequence,
    elements: &[Value],
    others: &[Value],
    why: &Unknown,
) -> Option<Value> {
    if sequence == Sequence::Set {
        let in_both = |value: &Value, set: &[Value]| set.iter().any(|other| other.same(value));
        let mut all: Vec<Value> = Vec::new();
        for (set, other) in [(elements, others), (others, elements)] {
            // Held against each other one by one: past this a set is one of two as a whole.
            if set.len().saturating_mul(other.len()) > 1_000_000 {
                return None;
            }
            for element in set {
                let certain = in_both(element, other);
                all.push(if certain {
                    element.clone()
                } else {
                    perhaps(element, why)
                });
            }
        }
        return Some(Value::sequence(sequence, all));
    }
    let (short, long) = if elements.len() <= others.len() {
        (elements, others)
    } else {
        (others, elements)
    };
    let certain = |value: &Value| value.trace.presence.is_certain();
    if short.len() == long.len() && elements.iter().chain(others).all(certain) {
        let pairs = elements.iter().zip(others);
        return Some(Value::sequence(
            sequence,
            pairs
                .map(|(one, another)| either(one, another, why))
                .collect(),
        ));
    }
    if short
        .iter()
        .zip(long)
        .all(|(one, another)| one.same(another))
    {
        let mut all: Vec<Value> = Vec::with_capacity(long.len());
        for (one, another) in short.iter().zip(long) {
            all.push(one.clone().with_marks(&another.marks()));
        }
        all.extend(
            long[short.len()..]
                .iter()
                .map(|element| perhaps(element, why)),
        );
        return Some(Value::sequence(sequence, all));
    }
    None
}
