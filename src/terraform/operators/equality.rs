//! `==`.

use crate::terraform::types::{Type, convertible, type_of};
use crate::terraform::value::{Kind, Map, Mapping, Reason, Sequence, Unknown, Value};

/// Says whether two values are equal: a known or unknown truth value, never a failure.
///
/// Nothing is converted: `1 == "1"` is false, and so is a tuple held against a list. Two unknowns are
/// equal where they are what the same reference gives.
#[must_use]
pub fn equals(left: &Value, right: &Value) -> Value {
    let result = match is_equal(left, right) {
        Some(truth) => Value::from(truth),
        None => {
            let unknown = Unknown::computed([left, right])
                .with_type(Type::Bool)
                .not_null();
            Value::unknown(unknown)
        }
    };
    result.flow_sensitivity([left, right])
}

/// Whether two values are equal, where that can be told.
fn is_equal(left: &Value, right: &Value) -> Option<bool> {
    if !left.trace.presence.is_certain() || !right.trace.presence.is_certain() {
        return None;
    }
    match (&left.kind, &right.kind) {
        (Kind::Null(_), Kind::Null(_)) => Some(true),
        (Kind::Unknown(one), Kind::Unknown(another)) if one.same(another) => {
            let (one, another) = (one.ty(), another.ty());
            Some(!(one.is_known() && another.is_known() && one != another))
        }
        (Kind::Unknown(unknown), _) => with_unknown(unknown, left, right),
        (_, Kind::Unknown(unknown)) => with_unknown(unknown, right, left),
        (Kind::Bool(one), Kind::Bool(another)) => Some(one == another),
        (Kind::Number(one), Kind::Number(another)) => Some(one == another),
        (Kind::String(_) | Kind::Json(_), Kind::String(_) | Kind::Json(_)) => texts(left, right),
        (Kind::List(one, elements), Kind::List(another, others)) => {
            if one == another {
                sequences(*one, elements, others)
            } else {
                Some(false)
            }
        }
        (Kind::Object(one, map), Kind::Object(another, other)) => {
            if one == another {
                mappings(*one, map, other)
            } else {
                Some(false)
            }
        }
        _ => Some(false),
    }
}

fn with_unknown(unknown: &Unknown, value: &Value, other: &Value) -> Option<bool> {
    if let Reason::OneOf(alternatives, _) = unknown.reason() {
        let mut results = alternatives.iter().map(|one| is_equal(one, other));
        let first = results.next()??;
        return results.all(|result| result == Some(first)).then_some(first);
    }
    if other.is_null() {
        return value.is_not_null().then_some(false);
    }
    let (one, another) = (unknown.ty(), type_of(other));
    // What is of another type is not equal, whatever it will be; open types may still become the same.
    let impossible = one.merge(&another).is_none()
        && (one.is_known() && another.is_known() || !convertible(one, &another));
    impossible.then_some(false)
}

fn texts(left: &Value, right: &Value) -> Option<bool> {
    let (Some(one), Some(another)) = (left.as_text(), right.as_text()) else {
        return None;
    };
    if let (Some(one), Some(another)) = (one.known(), another.known()) {
        return Some(one == another);
    }
    if one.same(&another) {
        return Some(true);
    }
    let (begins, other_begins) = (one.prefix(), another.prefix());
    let (ends, other_ends) = (one.suffix(), another.suffix());
    let fits = |whole: &str, begin: &str, end: &str| {
        whole.len() >= begin.len() + end.len() && whole.starts_with(begin) && whole.ends_with(end)
    };
    let possible = match (one.is_known(), another.is_known()) {
        (true, _) => fits(&begins, &other_begins, &other_ends),
        (_, true) => fits(&other_begins, &begins, &ends),
        _ => {
            (begins.starts_with(&other_begins) || other_begins.starts_with(&begins))
                && (ends.ends_with(&other_ends) || other_ends.ends_with(&ends))
        }
    };
    if possible { None } else { Some(false) }
}

/// All of many: false where one is false, else unknown where one is, else true.
fn all(results: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut whole = Some(true);
    for result in results {
        match result {
            Some(true) => {}
            Some(false) => return Some(false),
            None => whole = None,
        }
    }
    whole
}

fn sequences(sequence: Sequence, elements: &[Value], others: &[Value]) -> Option<bool> {
    let mut both = elements.iter().chain(others);
    if both.any(|element| !element.trace.presence.is_certain()) {
        return None;
    }
    if sequence == Sequence::Set {
        let known = elements.iter().chain(others).all(Value::is_known);
        if !known {
            let same = elements.len() == others.len()
                && elements
                    .iter()
                    .zip(others)
                    .all(|(one, another)| one.same(another));
            return same.then_some(true);
        }
    }
    if elements.len() != others.len() {
        return Some(false);
    }
    all(elements
        .iter()
        .zip(others)
        .map(|(one, another)| is_equal(one, another)))
}

fn mappings(mapping: Mapping, map: &Map, other: &Map) -> Option<bool> {
    let open = map.rest.is_some()
        || other.rest.is_some()
        || map
            .entries
            .values()
            .chain(other.entries.values())
            .any(|value| !value.trace.presence.is_certain());
    let shared = map
        .entries
        .iter()
        .filter_map(|(key, value)| Some(is_equal(value, other.entries.get(key)?)));
    if open {
        return match all(shared) {
            Some(false) if mapping == Mapping::Object => Some(false),
            _ => None,
        };
    }
    if !map.entries.keys().eq(other.entries.keys()) {
        return Some(false);
    }
    all(shared)
}
