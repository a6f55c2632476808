//! Text of which parts are known: how a function keeps the parts that it can.

use super::collections::undecided;
use super::signature::Arguments;
use crate::terraform::json;
use crate::terraform::types::Type;
use crate::terraform::value::{Part, Presence, Text, TextBuilder, Trace, Unknown, Value};

/// The trace of known text that a function made: what flowed into it, but no place that could be taken
/// for the place of the text itself.
pub(super) fn made(trace: &Trace) -> Trace {
    let mut trace = trace.clone();
    trace.steps = None;
    trace.presence = Presence::Certain;
    trace
}

/// A string that is made from one, part by part; JSON in it is text here.
pub(super) fn by_parts(value: &Value, known: impl Fn(&str) -> String) -> Option<Text> {
    let mut built = TextBuilder::default();
    for part in plain(value.as_text()?).0 {
        match part {
            Part::Known(text, trace) => {
                let changed = known(&text);
                let trace = if *changed == *text {
                    trace
                } else {
                    made(&trace)
                };
                built.push_known(&changed, &trace);
            }
            other => built.push(changed_unknown(other)),
        }
    }
    Some(built.finish())
}

/// What becomes of an unknown part of a text of which every part is changed.
pub(super) fn changed_unknown(part: Part) -> Part {
    match part {
        Part::Unknown(unknown, trace) => {
            let other = Unknown::computed_from([&unknown]).with_type(Type::String);
            Part::Unknown(other.not_null(), made(&trace))
        }
        other => other,
    }
}

/// The same text with JSON rendered, so that known and unknown parts are all there is.
pub(super) fn plain(text: Text) -> Text {
    if !text.0.iter().any(|part| matches!(part, Part::Json(_))) {
        return text;
    }
    let mut built = TextBuilder::default();
    for part in text.0 {
        match part {
            Part::Json(value) => built.push_text(json::render(&value)),
            other => built.push(other),
        }
    }
    built.finish()
}

/// A string of this text. Where it has no length, its parts can carry no marks, and the whole does.
pub(super) fn string(text: Text, arguments: &Arguments<'_>) -> Value {
    if text.is_empty() {
        return Value::from("").flow(&arguments.values);
    }
    Value::string(text)
}

/// An unknown string with the secrets of the text that it is made of.
pub(super) fn unknown_text(arguments: &Arguments<'_>) -> Value {
    undecided(arguments, Type::String)
}

/// Whether nothing is known of an argument, so that no part of it can be kept.
pub(super) fn open(arguments: &Arguments<'_>, indices: &[usize]) -> bool {
    indices.iter().any(|&index| !arguments.at(index).is_known())
}

pub(super) fn changed(arguments: &Arguments<'_>, known: impl Fn(&str) -> String) -> Value {
    match by_parts(arguments.at(0), known) {
        Some(text) => string(text, arguments),
        None => unknown_text(arguments),
    }
}

pub(super) fn changed_argument(
    arguments: &Arguments<'_>,
    index: usize,
    known: impl Fn(&str) -> String,
) -> Value {
    match by_parts(arguments.at(index), known) {
        Some(text) => {
            let others = arguments.values.iter().enumerate();
            let others = others
                .filter(|(other, _)| *other != index)
                .map(|(_, value)| value);
            Value::string(text).flow(others)
        }
        None => unknown_text(arguments),
    }
}

/// The result is a text that is not made because of its size.
pub(super) fn too_large(arguments: &Arguments<'_>) -> Value {
    let why = Unknown::other("the text would be larger than 32 MiB").with_type(Type::String);
    Value::unknown(why.not_null()).flow(&arguments.values)
}

pub(super) fn rebuilt(parts: Vec<Part>) -> Text {
    let mut built = TextBuilder::default();
    for part in parts {
        built.push(part);
    }
    built.finish()
}
