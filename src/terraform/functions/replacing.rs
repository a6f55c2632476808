//! `replace`.

use super::function::Outcome;
use super::pattern::{Pattern, Refusal};
use super::signature::Arguments;
use super::text::{changed_argument, changed_unknown, made, plain, too_large, unknown_text};
use crate::terraform::types::{self, Type};
use crate::terraform::value::{Failure, MAX_WEIGHT, Part, TextBuilder, Trace, Unknown, Value};

/// The most parts that a text gets where something of which not all is known is put into it.
const MOST_PARTS: usize = 10_000;

pub(super) fn replace(arguments: &Arguments<'_>) -> Outcome {
    let Some(wanted) = arguments.at(1).as_str() else {
        return Ok(unknown_text(arguments));
    };
    let Some(with) = arguments.at(2).as_str() else {
        return Ok(replace_by_unknown(arguments, &wanted));
    };
    if let Some(pattern) = expression(&wanted) {
        return replace_pattern(arguments, pattern, &with);
    }
    let value = arguments.at(0);
    if let Some(text) = value.as_str() {
        let count = if wanted.is_empty() {
            text.chars().count() + 1
        } else {
            text.matches(&*wanted).count()
        };
        if count == 0 {
            return Ok(value.clone().flow(&arguments.values[1..]));
        }
        let size = count.saturating_mul(with.len()).saturating_add(text.len());
        if size > MAX_WEIGHT {
            return Ok(too_large(arguments));
        }
        if text.is_empty() {
            return Ok(Value::from(&*with).flow(&arguments.values));
        }
    } else if !is_apart(value, &wanted) {
        return Ok(unknown_text(arguments));
    }
    Ok(changed_argument(arguments, 0, |text| {
        text.replace(&*wanted, &with)
    }))
}

/// `replace` by a text of which not all is known: its parts stand wherever the wanted text stood.
fn replace_by_unknown(arguments: &Arguments<'_>, wanted: &str) -> Value {
    let value = arguments.at(0);
    let (Some(text), Some(with)) = (value.as_text(), arguments.at(2).as_text()) else {
        return unknown_text(arguments);
    };
    if expression(wanted).is_some() || !is_apart(value, wanted) {
        return unknown_text(arguments);
    }
    let (text, with) = (plain(text), plain(with));
    let mut built = TextBuilder::default();
    let mut weight = 0_usize;
    for part in text.0 {
        let Part::Known(known, trace) = &part else {
            built.push(changed_unknown(part));
            continue;
        };
        weight = weight.saturating_add(known.matches(wanted).count() * with.0.len());
        if weight > MOST_PARTS {
            return unknown_text(arguments);
        }
        let mut start = 0;
        for (index, piece) in known.split(wanted).enumerate() {
            if index > 0 {
                built.push_text(with.clone());
            }
            let end = start + piece.len();
            let at = part.place_of(start, end).map(Trace::at);
            let at = at.map_or_else(|| made(trace), |at| at.with_marks(&trace.marks()));
            built.push_known(piece, &at);
            start = end + wanted.len();
        }
    }
    let text = built.finish();
    let marks = text.marks();
    Value::string(text)
        .with_marks(&marks)
        .flow([arguments.at(1)])
}

/// The regular expression that a text between slashes is to `replace`.
fn expression(wanted: &str) -> Option<&str> {
    wanted.strip_prefix('/')?.strip_suffix('/')
}

fn replace_pattern(arguments: &Arguments<'_>, pattern: &str, with: &str) -> Outcome {
    let Some(text) = arguments.at(0).as_str() else {
        Pattern::new(pattern)
            .map(|_| ())
            .or_else(|why| refused(why, 1).map(|_| ()))?;
        return Ok(unknown_text(arguments));
    };
    let replaced =
        Pattern::new(pattern).and_then(|pattern| pattern.replace_all(&text, with, MAX_WEIGHT));
    match replaced {
        Ok(Some(replaced)) => Ok(Value::from(replaced).flow(&arguments.values)),
        Ok(None) => Ok(too_large(arguments)),
        Err(why) => {
            let refused = types::convert(&refused(why, 1)?, &Type::String)?;
            Ok(refused.flow(&arguments.values))
        }
    }
}

/// What a regular expression that cannot be applied comes to.
pub(super) fn refused(why: Refusal, argument: usize) -> Outcome {
    match why {
        Refusal::Invalid(what) => {
            Err(Failure::new(format!("not a regular expression: {what}")).in_argument(argument))
        }
        Refusal::Beyond(what) => Ok(Value::unknown(Unknown::other(what).not_null())),
    }
}

/// Whether no occurrence of a text can reach from a known part of another into one that is not known.
fn is_apart(value: &Value, wanted: &str) -> bool {
    let Some(text) = value.as_text().map(plain) else {
        return false;
    };
    if wanted.is_empty() {
        return false;
    }
    let inner: Vec<usize> = wanted
        .char_indices()
        .map(|(index, _)| index)
        .skip(1)
        .collect();
    text.0.iter().all(|part| match part {
        Part::Known(text, _) => inner
            .iter()
            .all(|&index| !text.ends_with(&wanted[..index]) && !text.starts_with(&wanted[index..])),
        _ => true,
    }) && is_borderless(wanted)
}

/// Whether no occurrence of a text can overlap another.
pub(super) fn is_borderless(text: &str) -> bool {
    text.len() <= 64
        && text
            .char_indices()
            .skip(1)
            .all(|(index, _)| !text.starts_with(&text[index..]))
}
