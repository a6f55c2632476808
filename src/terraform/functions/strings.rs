//! Functions of text. What is known of a text in part stays known where the rest cannot change it.

use unicode_segmentation::UnicodeSegmentation;

use super::collections::undecided;
use super::elements::spread;
use super::letters;
use super::pattern::{Pattern, Refusal};
use super::registry::Outcome;
use super::signature::Arguments;
use crate::terraform::json;
use crate::terraform::types::{self, Type};
use crate::terraform::value::{
    Failure, Kind, MAX_WEIGHT, Part, Presence, Text, TextBuilder, Trace, Unknown, Value,
};

/// The trace of known text that a function made: what flowed into it, but no place that could be taken
/// for the place of the text itself.
fn made(trace: &Trace) -> Trace {
    let mut trace = trace.clone();
    trace.steps = None;
    trace.presence = Presence::Certain;
    trace
}

/// A string that is made from one, part by part; JSON in it is text here.
fn by_parts(value: &Value, known: impl Fn(&str) -> String) -> Option<Text> {
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
            Part::Unknown(unknown, trace) => {
                let other = Unknown::computed_from([&unknown]).with_type(Type::String);
                built.push(Part::Unknown(other.not_null(), made(&trace)));
            }
            Part::Json(_) => {}
        }
    }
    Some(built.finish())
}

/// The same text with JSON rendered, so that known and unknown parts are all there is.
fn plain(text: Text) -> Text {
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
fn string(text: Text, arguments: &Arguments<'_>) -> Value {
    if text.is_empty() {
        return Value::from("").flow(&arguments.values);
    }
    Value::string(text)
}

/// An unknown string with the secrets of the text that it is made of.
fn unknown_text(arguments: &Arguments<'_>) -> Value {
    undecided(arguments, Type::String).flow(&arguments.values)
}

/// Whether nothing is known of an argument, so that no part of it can be kept.
fn open(arguments: &Arguments<'_>, indices: &[usize]) -> bool {
    indices.iter().any(|&index| !arguments.at(index).is_known())
}

pub(super) fn lower(arguments: &Arguments<'_>) -> Outcome {
    Ok(changed(arguments, |text| {
        text.chars().map(letters::lower).collect()
    }))
}

pub(super) fn upper(arguments: &Arguments<'_>) -> Outcome {
    Ok(changed(arguments, |text| {
        text.chars().map(letters::upper).collect()
    }))
}

fn changed(arguments: &Arguments<'_>, known: impl Fn(&str) -> String) -> Value {
    match by_parts(arguments.at(0), known) {
        Some(text) => string(text, arguments),
        None => unknown_text(arguments),
    }
}

pub(super) fn title(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    let mut before = ' ';
    let titled = text.chars().map(|letter| {
        let starts = letters::separates(before);
        before = letter;
        if starts {
            letters::title(letter)
        } else {
            letter
        }
    });
    Ok(Value::from(titled.collect::<String>()))
}

pub(super) fn strrev(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    Ok(Value::from(text.graphemes(true).rev().collect::<String>()))
}

pub(super) fn chomp(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    Ok(Value::from(text.trim_end_matches(['\n', '\r'])))
}

pub(super) fn indent(arguments: &Arguments<'_>) -> Outcome {
    if open(arguments, &[0]) {
        return Ok(unknown_text(arguments));
    }
    let spaces = usize::try_from(arguments.whole(0)?)
        .map_err(|_| Failure::new("the number of spaces must not be negative").in_argument(0))?;
    let text = arguments.at(1);
    let lines = text.as_text().map_or(0, |text| {
        let known = text.0.iter().filter_map(|part| match part {
            Part::Known(text, _) => Some(text.matches('\n').count()),
            _ => None,
        });
        known.sum()
    });
    if lines.saturating_mul(spaces) > MAX_WEIGHT || spaces > MAX_WEIGHT {
        return Ok(too_large(arguments));
    }
    let indented = format!("\n{}", " ".repeat(spaces));
    Ok(changed_argument(arguments, 1, |text| {
        text.replace('\n', &indented)
    }))
}

fn changed_argument(
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
fn too_large(arguments: &Arguments<'_>) -> Value {
    let why = Unknown::other("the text would be larger than 32 MiB").with_type(Type::String);
    Value::unknown(why.not_null()).flow(&arguments.values)
}

pub(super) fn trim(arguments: &Arguments<'_>) -> Outcome {
    let (text, cutset) = (arguments.text(0), arguments.text(1));
    let cut: std::collections::HashSet<char> = cutset.chars().collect();
    Ok(Value::from(
        text.trim_matches(|letter| cut.contains(&letter)),
    ))
}

pub(super) fn trimspace(arguments: &Arguments<'_>) -> Outcome {
    let Some(text) = arguments.at(0).as_text().map(plain) else {
        return Ok(unknown_text(arguments));
    };
    let mut parts = text.0;
    // An unknown part at an end may be blank, and what is next to it an end then.
    let blank = |part: &Part| match part {
        Part::Known(text, _) => text.trim_matches(letters::is_space).is_empty(),
        _ => false,
    };
    while parts.first().is_some_and(blank) {
        parts.remove(0);
    }
    while parts.last().is_some_and(blank) {
        parts.pop();
    }
    let known = |part: Option<&Part>| matches!(part, None | Some(Part::Known(..)));
    if !known(parts.first()) || !known(parts.last()) {
        return Ok(unknown_text(arguments));
    }
    let cut = |part: &mut Part, trimmed: fn(&str) -> &str| {
        if let Part::Known(text, trace) = part {
            let rest = trimmed(text);
            if rest.len() < text.len() {
                *part = Part::Known(rest.into(), made(trace));
            }
        }
    };
    if let Some(first) = parts.first_mut() {
        cut(first, |text| text.trim_start_matches(letters::is_space));
    }
    if let Some(last) = parts.last_mut() {
        cut(last, |text| text.trim_end_matches(letters::is_space));
    }
    Ok(string(rebuilt(parts), arguments))
}

fn rebuilt(parts: Vec<Part>) -> Text {
    let mut built = TextBuilder::default();
    for part in parts {
        built.push(part);
    }
    built.finish()
}

/// Whether a known end of a text is a given text: certain once enough of it is known.
fn decided(
    known_end: &str,
    all_known: bool,
    wanted: &str,
    ends_with: fn(&str, &str) -> bool,
) -> Option<bool> {
    if ends_with(known_end, wanted) {
        return Some(true);
    }
    // What is known so far can still become the wanted text where it is a shorter piece of it.
    let may_become = known_end.len() < wanted.len() && ends_with(wanted, known_end);
    (all_known || !may_become).then_some(false)
}

fn starts(text: &Text, prefix: &str) -> Option<bool> {
    decided(&text.prefix(), text.is_known(), prefix, |text, end| {
        text.starts_with(end)
    })
}

fn ends(text: &Text, suffix: &str) -> Option<bool> {
    decided(&text.suffix(), text.is_known(), suffix, |text, end| {
        text.ends_with(end)
    })
}

fn decide(arguments: &Arguments<'_>, decision: fn(&Text, &str) -> Option<bool>) -> Outcome {
    let decision = match (arguments.at(0).as_text(), arguments.at(1).as_str()) {
        (Some(text), Some(wanted)) => decision(&text, &wanted),
        _ => None,
    };
    Ok(decision.map_or_else(|| undecided(arguments, Type::Bool), Value::from))
}

pub(super) fn startswith(arguments: &Arguments<'_>) -> Outcome {
    decide(arguments, starts)
}

pub(super) fn endswith(arguments: &Arguments<'_>) -> Outcome {
    decide(arguments, ends)
}

pub(super) fn strcontains(arguments: &Arguments<'_>) -> Outcome {
    decide(arguments, |text, wanted| {
        if let Some(known) = text.known() {
            return Some(known.contains(wanted));
        }
        let contains = plain(text.clone()).0.iter().any(|part| match part {
            Part::Known(text, _) => text.contains(wanted),
            _ => false,
        });
        (contains || wanted.is_empty()).then_some(true)
    })
}

pub(super) fn trimprefix(arguments: &Arguments<'_>) -> Outcome {
    let (value, prefix) = (arguments.at(0), arguments.at(1));
    let (Some(text), Some(prefix)) = (value.as_text(), prefix.as_str()) else {
        return Ok(unknown_text(arguments));
    };
    Ok(match starts(&text, &prefix) {
        None => unknown_text(arguments),
        Some(false) => value.clone(),
        Some(true) => {
            let mut parts = plain(text).0;
            let mut left = prefix.len();
            while left > 0 {
                match parts.first_mut() {
                    Some(Part::Known(text, _)) if text.len() <= left => {
                        left -= text.len();
                        parts.remove(0);
                    }
                    Some(part) => {
                        if let Part::Known(text, trace) = part {
                            *part = Part::Known(text[left..].into(), made(trace));
                        }
                        break;
                    }
                    None => break,
                }
            }
            string(rebuilt(parts), arguments)
        }
    })
}

pub(super) fn trimsuffix(arguments: &Arguments<'_>) -> Outcome {
    let (value, suffix) = (arguments.at(0), arguments.at(1));
    let (Some(text), Some(suffix)) = (value.as_text(), suffix.as_str()) else {
        return Ok(unknown_text(arguments));
    };
    Ok(match ends(&text, &suffix) {
        None => unknown_text(arguments),
        Some(false) => value.clone(),
        Some(true) => {
            let mut parts = plain(text).0;
            let mut left = suffix.len();
            while left > 0 {
                match parts.last_mut() {
                    Some(Part::Known(text, _)) if text.len() <= left => {
                        left -= text.len();
                        parts.pop();
                    }
                    Some(part) => {
                        if let Part::Known(text, trace) = part {
                            *part = Part::Known(text[..text.len() - left].into(), made(trace));
                        }
                        break;
                    }
                    None => break,
                }
            }
            string(rebuilt(parts), arguments)
        }
    })
}

pub(super) fn substr(arguments: &Arguments<'_>) -> Outcome {
    let value = arguments.at(0);
    let (Some(text), false) = (value.as_text(), open(arguments, &[1, 2])) else {
        return Ok(unknown_text(arguments));
    };
    let (offset, length) = (arguments.whole(1)?, arguments.whole(2)?);
    let all_known = text.is_known();
    let prefix = text.prefix();
    let graphemes: Vec<&str> = prefix.graphemes(true).collect();
    let count = i64::try_from(graphemes.len()).unwrap_or(i64::MAX);
    if !all_known {
        // The last grapheme before an unknown part may go on in it.
        let end = offset.checked_add(length);
        if offset < 0 || length < 0 || end.is_none_or(|end| end >= count) {
            return Ok(unknown_text(arguments));
        }
    }
    if offset >= 0 && length == 0 {
        return Ok(Value::from("").flow(&arguments.values));
    }
    // A count from the end that goes past the beginning stops there.
    let start = if offset < 0 {
        (offset + count).max(0)
    } else {
        offset.min(count)
    };
    let most = if length <= 0 { count } else { length };
    let start_index = usize::try_from(start).unwrap_or(0);
    let taken = usize::try_from(most).unwrap_or(usize::MAX);
    let rest = graphemes.get(start_index..).unwrap_or_default();
    let part: String = rest.iter().take(taken).copied().collect();
    Ok(Value::from(part).flow(&arguments.values))
}

pub(super) fn replace(arguments: &Arguments<'_>) -> Outcome {
    let (Some(wanted), Some(with)) = (arguments.at(1).as_str(), arguments.at(2).as_str()) else {
        return Ok(unknown_text(arguments));
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
fn is_borderless(text: &str) -> bool {
    text.len() <= 64
        && text
            .char_indices()
            .skip(1)
            .all(|(index, _)| !text.starts_with(&text[index..]))
}

pub(super) fn split(arguments: &Arguments<'_>) -> Outcome {
    let (separator, value) = (arguments.at(0), arguments.at(1));
    let list = || undecided(arguments, Type::list(Type::String)).flow(&arguments.values);
    let Some(separator) = separator.as_str() else {
        return Ok(list());
    };
    let secrets = arguments.at(0).marks();
    let pieces = match value.as_str() {
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
