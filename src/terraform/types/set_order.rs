//! The order in which Terraform goes through a set.

use crate::terraform::number::Number;
use crate::terraform::value::{Kind, Value};

/// Where an element stands: what is known by its value, then what is not, then null.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Bool(bool),
    Number(Number),
    Text(String),
    Compound(String),
    Unknown,
    Null,
}

fn rank(value: &Value) -> Rank {
    match &value.kind {
        Kind::Null(_) => Rank::Null,
        Kind::Bool(value) => Rank::Bool(*value),
        Kind::Number(number) => Rank::Number(number.clone()),
        Kind::String(_) | Kind::Json(_) => match value.as_str() {
            Some(text) => Rank::Text(text.into_owned()),
            None => Rank::Unknown,
        },
        Kind::Unknown(_) => Rank::Unknown,
        Kind::List(..) | Kind::Object(..) => {
            let mut bytes = String::new();
            write_compound(value, &mut bytes);
            Rank::Compound(bytes)
        }
    }
}

/// Sorts the elements of a set as Terraform goes through them, and drops what is there already.
pub fn sort_set(elements: &mut Vec<Value>) {
    let mut ranked: Vec<(Rank, Value)> = elements
        .drain(..)
        .map(|element| (rank(&element), element))
        .collect();
    // Stable, so that what has no order keeps the order in which it was written.
    ranked.sort_by(|(one, _), (another, _)| one.cmp(another));
    for (_, element) in ranked {
        match elements.last_mut() {
            Some(last) if is_repeated(last, &element) => {
                last.trace.add_marks(&element.marks());
                if element.trace.presence.is_certain() {
                    last.trace.presence = element.trace.presence;
                }
            }
            _ => elements.push(element),
        }
    }
}

fn is_repeated(one: &Value, another: &Value) -> bool {
    let certain = |value: &Value| value.trace.presence.is_certain();
    if certain(one) || certain(another) {
        let mut bare = (one.clone(), another.clone());
        bare.0.trace = Default::default();
        bare.1.trace = Default::default();
        return bare.0.same(&bare.1);
    }
    false
}

/// The text by which Terraform orders lists, maps and objects in a set.
fn write_compound(value: &Value, out: &mut String) {
    match &value.kind {
        Kind::Null(_) => out.push('~'),
        Kind::Bool(value) => out.push(if *value { 'T' } else { 'F' }),
        Kind::Number(number) => out.push_str(&number.short()),
        Kind::Unknown(_) => out.push('?'),
        Kind::String(_) | Kind::Json(_) => match value.as_str() {
            Some(text) => write_quoted(&text, out),
            None => out.push('?'),
        },
        Kind::List(sequence, elements) => {
            let tuple = *sequence == crate::terraform::value::Sequence::Tuple;
            out.push(if tuple { '<' } else { '[' });
            for element in elements.iter() {
                write_compound(element, out);
                out.push(';');
            }
            out.push(if tuple { '>' } else { ']' });
        }
        Kind::Object(mapping, map) => {
            let object = *mapping == crate::terraform::value::Mapping::Object;
            out.push(if object { '<' } else { '{' });
            for (key, element) in &map.entries {
                if !object {
                    write_quoted(key, out);
                    out.push(':');
                }
                write_compound(element, out);
                out.push(';');
            }
            out.push(if object { '>' } else { '}' });
        }
    }
}

fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
}
