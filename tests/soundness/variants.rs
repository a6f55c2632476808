//! Values that are less known than a given one, but open to it.

use std::sync::Arc;

use ecs_audit::terraform::types::type_of;
use ecs_audit::terraform::value::{
    Kind, Map, Part, Presence, Sequence, Taint, Text, TextBuilder, Trace, Unknown, Value,
};

/// A less known value, and what was done to make it.
pub(crate) struct Variant {
    pub(crate) what: &'static str,
    pub(crate) value: Value,
}

fn reference() -> Unknown {
    Unknown::reference("aws_x.y", ".z")
}

/// The variants of a value: of itself, and of each part in it.
pub(crate) fn variants(value: &Value) -> Vec<Variant> {
    let mut all = of_itself(value);
    for (index, part) in parts(value).into_iter().enumerate() {
        for variant in variants(&part) {
            all.push(Variant {
                what: variant.what,
                value: with_part(value, index, variant.value),
            });
        }
    }
    all
}

fn of_itself(value: &Value) -> Vec<Variant> {
    let mut all = Vec::new();
    let mut add = |what, value: Value| all.push(Variant { what, value });
    add("an unknown", Value::unknown(reference()));
    let ty = type_of(value);
    if ty.is_known() && !value.is_null() {
        add(
            "an unknown of its type",
            Value::unknown(reference().with_type(ty.clone()).not_null()),
        );
    }
    let other = match &value.kind {
        Kind::String(_) | Kind::Json(_) => Value::from("other"),
        Kind::Number(_) => Value::from(7_i64),
        Kind::Bool(truth) => Value::from(!truth),
        Kind::List(sequence, _) => Value::sequence(*sequence, Vec::new()),
        Kind::Object(mapping, _) => Value::mapping(*mapping, Map::default()),
        _ => Value::from("other"),
    };
    if !value.is_null() {
        let either = Unknown::one_of(vec![other, value.clone()], &reference());
        add("one of several", either);
    }
    match &value.kind {
        Kind::String(_) => {
            let text = value.as_str().unwrap_or_default().into_owned();
            for (what, start, end) in [
                ("an unknown after its beginning", text.len() / 2, text.len()),
                ("an unknown before its end", 0, text.len() / 2),
                (
                    "an unknown in its middle",
                    text.len() / 3,
                    text.len() * 2 / 3,
                ),
            ] {
                if text.is_char_boundary(start) && text.is_char_boundary(end) {
                    add(what, Value::string(pieced(&text, start, end)));
                }
            }
        }
        Kind::List(sequence, elements) => {
            let of = |elements: Vec<Value>| Value::sequence(*sequence, elements);
            let many = Value::unknown(reference().some_element());
            let many = many.with_presence(Presence::Any(reference()));
            let mut more = elements.to_vec();
            more.push(many.clone());
            add("perhaps more elements", of(more));
            let mut fewer = elements.to_vec();
            if fewer.pop().is_some() {
                fewer.push(many.clone());
                add("many for its last element", of(fewer));
            }
            if !elements.is_empty() && *sequence != Sequence::Set {
                let mut fewer = elements[1..].to_vec();
                fewer.insert(0, many);
                add("many for its first element", of(fewer));
                let mut perhaps = elements.to_vec();
                perhaps[0] = perhaps[0]
                    .clone()
                    .with_presence(Presence::Maybe(reference()));
                add("perhaps no first element", of(perhaps));
            }
        }
        Kind::Object(mapping, map) => {
            let mut open = (**map).clone();
            open.rest = Some(reference());
            add(
                "perhaps more entries",
                Value::mapping(*mapping, open.clone()),
            );
            if open.entries.pop_first().is_some() {
                add("an entry among the others", Value::mapping(*mapping, open));
            }
            let mut perhaps = (**map).clone();
            if let Some(entry) = perhaps.entries.values_mut().next() {
                *entry = entry.clone().with_presence(Presence::Maybe(reference()));
                add("perhaps no first entry", Value::mapping(*mapping, perhaps));
            }
        }
        _ => {}
    }
    all
}

/// A text of which a piece is not known.
fn pieced(text: &str, start: usize, end: usize) -> Text {
    let mut built = TextBuilder::default();
    built.push_known(&text[..start], &Trace::default());
    built.push(Part::Unknown(reference(), Trace::default()));
    built.push_known(&text[end..], &Trace::default());
    built.finish()
}

/// The parts of a value, in order.
fn parts(value: &Value) -> Vec<Value> {
    match &value.kind {
        Kind::List(_, elements) => elements.to_vec(),
        Kind::Object(_, map) => map.entries.values().cloned().collect(),
        Kind::Json(inner) => vec![(**inner).clone()],
        _ => Vec::new(),
    }
}

/// The same value with another part in that place.
fn with_part(value: &Value, index: usize, part: Value) -> Value {
    match &value.kind {
        Kind::List(sequence, elements) => {
            let mut elements = elements.to_vec();
            elements[index] = part;
            Value::sequence(*sequence, elements)
        }
        Kind::Object(mapping, map) => {
            let mut map = (**map).clone();
            if let Some(entry) = map.entries.values_mut().nth(index) {
                *entry = part;
            }
            Value::mapping(*mapping, map)
        }
        _ => Value::json(part),
    }
}

/// What another secret has in it.
pub(crate) const OTHER: &str = "qzq";

/// A value with a part in it marked as a secret, and the same with another secret there.
pub(crate) struct Secret {
    pub(crate) marked: Value,
    pub(crate) other: Value,
}

/// Each part of a value as a secret.
pub(crate) fn secrets(value: &Value, taint: &Arc<Taint>) -> Vec<Secret> {
    let marked = |mut value: Value| {
        value.trace.taint = Some(taint.clone());
        value
    };
    let other = match &value.kind {
        // No text tells no secret.
        Kind::String(text) if text.is_empty() => None,
        Kind::String(_) => {
            let text = value.as_str().unwrap_or_default();
            Some(Value::from(format!("{text}{OTHER}")))
        }
        Kind::Number(number) => number.add(&1_i64.into()).ok().map(Value::from),
        Kind::Bool(truth) => Some(Value::from(!truth)),
        _ => None,
    };
    let mut all: Vec<Secret> = other
        .into_iter()
        .map(|other| Secret {
            marked: marked(value.clone()),
            other: marked(other),
        })
        .collect();
    for (index, part) in parts(value).into_iter().enumerate() {
        all.extend(secrets(&part, taint).into_iter().map(|secret| Secret {
            marked: with_part(value, index, secret.marked),
            other: with_part(value, index, secret.other),
        }));
    }
    all
}
