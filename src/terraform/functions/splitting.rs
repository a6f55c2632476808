//! `split` and `join`.

use super::collections::undecided;
use super::elements::spread;
use super::function::Outcome;
use super::replacing::is_borderless;
use super::signature::Arguments;
use super::text::{made, plain, rebuilt, too_large, unknown_text};
use crate::terraform::types::Type;
use crate::terraform::value::{
    Failure, Kind, MAX_WEIGHT, Part, Presence, Text, TextBuilder, Trace, Unknown, Value,
};

/// How many pieces a text may be split into.
const MOST_PIECES: usize = 200_000;

pub(super) fn split(arguments: &Arguments<'_>) -> Outcome {
    let (separator, value) = (arguments.at(0), arguments.at(1));
    let list = || undecided(arguments, Type::list(Type::String));
    let Some(separator) = separator.as_str() else {
        return Ok(list());
    };
    let secrets = arguments.at(0).marks();
    let known = value.as_str();
    let count = known.as_ref().map_or(0, |text| match &*separator {
        "" => text.len(),
        separator => text.matches(separator).count(),
    });
    if count > MOST_PIECES {
        let why = Unknown::other("the text has too many pieces to split it here");
        let list = Value::unknown(why.with_type(Type::list(Type::String)).not_null());
        return Ok(list.flow(&arguments.values));
    }
    let pieces = match known {
        Some(text) => {
            let marks = value.marks();
            let piece = |text: &str| {
                let mut trace = Trace::default();
                trace.taint.clone_from(&marks.taint);
                // A piece of no length has no part to carry the mark.
                let whole = if text.is_empty() {
                    trace.clone()
                } else {
                    Trace::default()
                };
                Value::string(Text::written(text, trace)).with_trace(whole)
            };
            if separator.is_empty() {
                text.chars()
                    .map(|letter| piece(letter.encode_utf8(&mut [0; 4])))
                    .collect()
            } else {
                text.split(&*separator).map(piece).collect()
            }
        }
        None => match value.as_text().map(plain) {
            Some(text)
                if is_borderless(&separator) && !separator.is_empty() && !value.is_unknown() =>
            {
                split_parts(text, &separator)
            }
            _ => return Ok(list()),
        },
    };
    Ok(Value::list(pieces).with_marks(&secrets))
}

/// Splits a text that is known in part. The piece with an unknown in it may be any number of pieces.
fn split_parts(text: Text, separator: &str) -> Vec<Value> {
    let mut pieces = Vec::new();
    let mut piece: Vec<Part> = Vec::new();
    for part in text.0 {
        match part {
            Part::Known(text, trace) => {
                let mut split = text.split(separator);
                if let Some(first) = split.next()
                    && !first.is_empty()
                {
                    piece.push(Part::Known(first.into(), made(&trace)));
                }
                for next in split {
                    pieces.push(finished(std::mem::take(&mut piece)));
                    if !next.is_empty() {
                        piece.push(Part::Known(next.into(), made(&trace)));
                    }
                }
            }
            other => piece.push(other),
        }
    }
    pieces.push(finished(piece));
    pieces
}

fn finished(parts: Vec<Part>) -> Value {
    let text = rebuilt(parts);
    if text.is_known() {
        return Value::string(text);
    }
    let marks = text.marks();
    let value = Value::string(text);
    let unknown = Unknown::computed([&value])
        .with_type(Type::String)
        .not_null();
    Value::unknown(unknown.clone())
        .with_marks(&marks)
        .with_presence(Presence::Any(unknown))
}

pub(super) fn join(arguments: &Arguments<'_>) -> Outcome {
    if arguments.values.len() < 2 {
        return Err(Failure::new("at least one list is required"));
    }
    let Some(separator) = arguments.at(0).as_text() else {
        return Ok(unknown_text(arguments));
    };
    let mut built = TextBuilder::default();
    // Terraform hides a join of anything sensitive as a whole; taint stays with the parts.
    let mut any_certain = false;
    let mut size = 0_usize;
    for (index, list) in arguments.values.iter().enumerate().skip(1) {
        for (position, element) in spread(list).unwrap_or_default().into_iter().enumerate() {
            if element.is_null() {
                let what = format!("the element at index {position} is null");
                return Err(Failure::new(what).in_argument(index));
            }
            let Some(text) = element.clone().with_presence(Presence::Certain).as_text() else {
                return Ok(unknown_text(arguments));
            };
            match &element.trace.presence {
                Presence::Certain => {
                    size = size
                        .saturating_add(element.weight())
                        .saturating_add(arguments.at(0).weight());
                    if size > 2 * MAX_WEIGHT {
                        return Ok(too_large(arguments));
                    }
                    if any_certain {
                        built.push_text(separator.clone());
                    }
                    any_certain = true;
                    built.push_text(text);
                }
                presence => built.push(optional(&element, text, &separator, presence, any_certain)),
            }
        }
    }
    Ok(Value::string(built.finish()))
}

/// The part of a joined text for an element that is perhaps not there, with the separator to its side.
fn optional(
    element: &Value,
    text: Text,
    separator: &Text,
    presence: &Presence,
    after_another: bool,
) -> Part {
    let marks = element.marks();
    let trace = Trace::default().with_marks(&marks);
    if let (Presence::Maybe(why), true) = (presence, after_another) {
        let there = Value::string(Text::concat([separator.clone(), text]));
        let either = Unknown::one_of(vec![Value::from(""), there], why);
        if let Kind::Unknown(unknown) = either.kind {
            return Part::Unknown(unknown.with_type(Type::String).not_null(), trace);
        }
    }
    let unknown = Unknown::computed([element]).with_type(Type::String);
    Part::Unknown(unknown.not_null(), trace)
}
