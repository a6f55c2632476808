//! Functions that convert types, and those about sensitivity.

use std::sync::Arc;

use super::function::Outcome;
use super::signature::{Arguments, Takes, without_order};
use crate::terraform::types::{self, Type};
use crate::terraform::value::{Failure, Kind, Part, Taint, Text, Unknown, Value};

fn to(arguments: &Arguments<'_>, wanted: Takes, name: &str) -> Outcome {
    let value = match wanted {
        Takes::ListOfAny => without_order(arguments.at(0)),
        _ => arguments.at(0).clone(),
    };
    types::convert(&value, &wanted.ty()).map_err(|failure| {
        Failure::new(format!("not convertible to {name}: {failure}")).in_argument(0)
    })
}

pub(super) fn tobool(arguments: &Arguments<'_>) -> Outcome {
    to(arguments, Takes::Bool, "a bool")
}

pub(super) fn tonumber(arguments: &Arguments<'_>) -> Outcome {
    to(arguments, Takes::Number, "a number")
}

pub(super) fn tostring(arguments: &Arguments<'_>) -> Outcome {
    to(arguments, Takes::String, "a string")
}

pub(super) fn tolist(arguments: &Arguments<'_>) -> Outcome {
    to(arguments, Takes::ListOfAny, "a list")
}

pub(super) fn toset(arguments: &Arguments<'_>) -> Outcome {
    to(arguments, Takes::SetOfAny, "a set")
}

pub(super) fn tomap(arguments: &Arguments<'_>) -> Outcome {
    to(arguments, Takes::MapOfAny, "a map")
}

/// Marks a value, and calls it a secret source where no other flowed into it.
pub(super) fn sensitive(arguments: &Arguments<'_>) -> Outcome {
    let mut value = arguments.at(0).clone();
    if value.trace.taint.is_none() {
        value.trace.taint = value.marks().taint.or_else(|| {
            let source = Arc::from("a value that `sensitive` marks");
            Some(Arc::new(Taint {
                source,
                place: None,
                is_bared: false,
            }))
        });
    }
    value.trace.sensitive = true;
    Ok(value)
}

/// Takes the mark off the value as a whole; secrets that flowed into it stay known as such.
pub(super) fn nonsensitive(arguments: &Arguments<'_>) -> Outcome {
    let mut value = arguments.at(0).clone();
    value.trace.bare();
    // A string is one value to Terraform, whatever it is made of here.
    Ok(match &value.kind {
        Kind::String(text) if value.is_sensitive() => {
            let text = Text(text.0.iter().cloned().map(unmarked_part).collect());
            Value::string(text).with_trace(value.trace)
        }
        Kind::Json(inner) if value.is_sensitive() => {
            Value::json(unmarked(inner)).with_trace(value.trace)
        }
        _ => value,
    })
}

fn unmarked_part(part: Part) -> Part {
    match part {
        Part::Known(text, mut trace) => {
            trace.bare();
            Part::Known(text, trace)
        }
        Part::Unknown(unknown, mut trace) => {
            trace.bare();
            Part::Unknown(unknown, trace)
        }
        Part::Json(inner) => Part::Json(Value::share(unmarked(&inner))),
    }
}

/// The same without a mark anywhere. Values are not nested deeper than recursion can go.
fn unmarked(value: &Value) -> Value {
    if !value.is_sensitive() {
        return value.clone();
    }
    let mut trace = value.trace.clone();
    trace.bare();
    let plain = match &value.kind {
        Kind::String(text) => {
            Value::string(Text(text.0.iter().cloned().map(unmarked_part).collect()))
        }
        Kind::List(sequence, elements) => {
            Value::sequence(*sequence, elements.iter().map(unmarked).collect())
        }
        Kind::Object(mapping, map) => {
            let mut map = (**map).clone();
            for entry in map.entries.values_mut() {
                *entry = unmarked(entry);
            }
            Value::mapping(*mapping, map)
        }
        Kind::Json(inner) => Value::json(unmarked(inner)),
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::Unknown(_) => value.clone(),
    };
    plain.with_trace(trace)
}

pub(super) fn issensitive(arguments: &Arguments<'_>) -> Outcome {
    let value = arguments.at(0);
    let whole = match &value.kind {
        Kind::String(_) | Kind::Json(_) => value.is_sensitive(),
        _ => value.trace.sensitive,
    };
    if whole {
        return Ok(Value::from(true));
    }
    if value.is_unknown() {
        let unknown = Unknown::computed([value]).with_type(Type::Bool);
        return Ok(Value::unknown(unknown.not_null()));
    }
    Ok(Value::from(false))
}

/// Gives the value: what is ephemeral never gets into a resource that is audited.
pub(super) fn ephemeralasnull(arguments: &Arguments<'_>) -> Outcome {
    Ok(arguments.at(0).clone())
}
