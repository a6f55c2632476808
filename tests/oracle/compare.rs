//! Holding a value against what Terraform said.

use ecs_audit::hcl;
use ecs_audit::terraform::evaluate::expression;
use ecs_audit::terraform::json;
use ecs_audit::terraform::number::Number;
use ecs_audit::terraform::types::{Constraint, type_of};
use ecs_audit::terraform::value::{Failure, Kind, Sequence, Value};
use serde_json::Value as Json;

use crate::cases::{files, variable};
use crate::types::type_in;

/// A value in a few words.
pub(crate) fn shown(value: &Value) -> String {
    let text = json::render(value);
    match text.known() {
        Some(known) => format!("{known} of type {}", type_of(value)),
        None => format!(
            "{}…, not wholly known, of type {}",
            text.prefix(),
            type_of(value)
        ),
    }
}

/// Says where and how a value is not what Terraform said.
fn disagreement(
    value: &Value,
    said: &Json,
    unknown: &Json,
    sensitive: &Json,
    (path, marked): (&str, bool),
) -> Option<String> {
    let marked = marked || value.trace.sensitive;
    let is_leaf = value.elements().is_none() && value.as_mapping().is_none();
    if sensitive == &Json::Bool(true) && !value.is_sensitive() && !marked {
        return Some(format!("{path}: not sensitive here"));
    }
    if marked
        && is_leaf
        && !value.is_null()
        && unknown != &Json::Bool(true)
        && matches!(sensitive, Json::Null | Json::Bool(false))
    {
        return Some(format!("{path}: sensitive here alone"));
    }
    if unknown == &Json::Bool(true) {
        // Knowing more than Terraform is what the evaluator is for; tests of soundness are elsewhere.
        return None;
    }
    if !value.trace.presence.is_certain() {
        return Some(format!("{path}: not certain here"));
    }
    let part = |json: &Json, key: &str, index: usize| match json {
        Json::Bool(true) => Json::Bool(true),
        Json::Object(entries) => entries.get(key).cloned().unwrap_or_default(),
        Json::Array(elements) => elements.get(index).cloned().unwrap_or_default(),
        _ => Json::Null,
    };
    match (&value.kind, said) {
        (Kind::Null(_), Json::Null) => None,
        (Kind::Bool(one), Json::Bool(another)) if one == another => None,
        (Kind::Number(number), Json::Number(text)) => {
            let text = text.to_string();
            let equal = Number::parse(&text)
                .is_ok_and(|other| other == *number || other.to_string() == number.to_string());
            (!equal).then(|| format!("{path}: {number}, Terraform {text}"))
        }
        (Kind::String(_) | Kind::Json(_), Json::String(text)) => match value.as_str() {
            Some(known) if *known == **text => None,
            Some(known) => Some(format!("{path}: {known:?}, Terraform {text:?}")),
            None => Some(format!("{path}: unknown here, Terraform {text:?}")),
        },
        // Where elements stand that are not known, and how many they are, is told by nobody.
        (Kind::List(Sequence::Set, elements), Json::Array(_))
            if unknown.to_string().contains("true") || !elements.iter().all(Value::is_known) =>
        {
            None
        }
        (Kind::List(_, elements), Json::Array(others)) => {
            let known = unknown.as_array().map_or(0, Vec::len).max(others.len());
            if elements.len() != known {
                return Some(format!(
                    "{path}: {} elements, Terraform {known}",
                    elements.len()
                ));
            }
            elements.iter().enumerate().find_map(|(index, element)| {
                disagreement(
                    element,
                    &part(said, "", index),
                    &part(unknown, "", index),
                    &part(sensitive, "", index),
                    (&format!("{path}[{index}]"), marked),
                )
            })
        }
        (Kind::Object(_, map), Json::Object(others)) => {
            let empty = serde_json::Map::new();
            let masked = unknown.as_object().unwrap_or(&empty);
            let mut keys: Vec<&str> = others.keys().chain(masked.keys()).map(|k| &**k).collect();
            keys.sort_unstable();
            keys.dedup();
            if !keys
                .iter()
                .copied()
                .eq(map.entries.keys().map(|key| &**key))
            {
                return Some(format!("{path}: other keys, Terraform {keys:?}"));
            }
            map.entries.iter().find_map(|(key, element)| {
                disagreement(
                    element,
                    &part(said, key, 0),
                    &part(unknown, key, 0),
                    &part(sensitive, key, 0),
                    (&format!("{path}.{key}"), marked),
                )
            })
        }
        _ => Some(format!("{path}: {}, Terraform {said}", shown(value))),
    }
}

/// What a line comes to.
pub(crate) fn evaluated(line: &str) -> Result<Value, Failure> {
    let Some((ty, default)) = variable(line) else {
        return expression(line, &files());
    };
    let parsed = hcl::parse_expression(ty);
    if let Some(error) = parsed.errors.first() {
        return Err(Failure::new(error.message.clone()));
    }
    let constraint =
        Constraint::parse(&parsed.tree).map_err(|error| Failure::new(error.message))?;
    constraint.apply(&expression(default, &files())?)
}

/// Says that a failure is at a place that has nothing in common with those that Terraform names.
fn elsewhere(text: &str, failure: &Failure, places: &Json) -> Option<String> {
    let places = places.as_array().filter(|places| !places.is_empty())?;
    let span = failure.place?.span;
    let near = places.iter().any(|place| {
        let at = |index: usize| usize::try_from(place[index].as_u64().unwrap_or_default()).unwrap();
        // Where Terraform names a function, any of its arguments is as good or better.
        let (start, end) = (at(0), end_of_call(text, at(0), at(1)));
        let (first, last) = (span.start as usize, span.end as usize);
        // Of a key that is wrong Terraform names the value.
        let between = text.get(last..start).unwrap_or("x");
        first <= end && start <= last || between.trim_matches([' ', ')', '=', ':']).is_empty()
    });
    let Failure { message, .. } = failure;
    (!near).then(|| format!("refused at {span:?} ({message}), by Terraform at {places:?}"))
}

/// Where a call ends whose name and bracket stand in a range; the end of the range where there is none.
fn end_of_call(text: &str, start: usize, end: usize) -> usize {
    if !text.get(start..end).is_some_and(|name| name.ends_with('(')) {
        return end;
    }
    let mut depth = 0;
    for (at, character) in text[end - 1..].char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return end + at;
        }
    }
    text.len()
}

/// Says how an evaluation is not what Terraform answered.
///
/// The evaluator may know more than Terraform of what hangs on something unknown: what else it says of it
/// need not be what Terraform says, but must be true whatever the unknown will be.
pub(crate) fn verdict(text: &str, answer: &Json) -> Option<String> {
    let result = evaluated(text);
    let found = disagreement_with(text, &result, answer)?;
    let knows_less = [
        "unknown here",
        "not wholly known",
        "not certain",
        "sensitive",
    ];
    let knows_less =
        !found.starts_with("Terraform refuses") && knows_less.iter().any(|why| found.contains(why));
    if !text.contains("terraform_data.x.") || knows_less {
        return Some(found);
    }
    crate::soundness::disproved(text, &result).map(|why| format!("{found}, and {why}"))
}

fn disagreement_with(text: &str, result: &Result<Value, Failure>, answer: &Json) -> Option<String> {
    if answer["error"] == Json::Bool(true) {
        return match result {
            Ok(value) => Some(format!("Terraform refuses it, here it is {}", shown(value))),
            Err(failure) => elsewhere(text, failure, &answer["at"]),
        };
    }
    let value = match result {
        Ok(value) => value,
        Err(failure) => return Some(format!("refused here: {failure}")),
    };
    let found = disagreement(
        value,
        &answer["value"],
        &answer["unknown"],
        &answer["sensitive"],
        ("", false),
    );
    if found.is_some() {
        return found;
    }
    let (here, there) = (type_of(value), type_in(&answer["type"])?);
    // The type of null and of what is in nothing is open here.
    here.merge(&there)
        .is_none()
        .then(|| format!("of type {here}, Terraform {there}"))
}
