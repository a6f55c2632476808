//! Texts that hold JSON, read to be joined part by part.

use std::sync::Arc;

use crate::terraform::json;
use crate::terraform::value::{Kind, Part, Text, Trace, Value};

pub(super) fn begins_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// A text as JSON, where it is that.
pub(super) fn document(source: &Value) -> Option<Value> {
    match &source.kind {
        Kind::Json(value) => Some((**value).clone()),
        Kind::String(text) => json::parse(text).ok(),
        _ => None,
    }
}

/// The two texts as JSON, where both are.
pub(super) fn documents(source: &Value, planned: &str) -> Option<(Value, Value)> {
    let document = document(source)?;
    if !begins_json(planned) {
        return None;
    }
    Some((document, json::parse(&Text::from(planned)).ok()?))
}

/// The parts of a text with what is unknown among them filled in from the whole, where the whole has
/// the known parts in their order. What several unknowns have between them may be divided otherwise.
pub(super) fn completed(text: &Text, whole: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut open: Option<Trace> = None;
    let mut rest = whole;
    for (index, part) in text.0.iter().enumerate() {
        let known = match part {
            Part::Known(known, trace) => Some((Arc::clone(known), trace.clone())),
            Part::Json(value) => {
                let known = json::render(value).known().map(|text| Arc::from(&*text));
                known.map(|text| (text, value.trace.clone()))
            }
            Part::Unknown(..) => None,
        };
        let Some((known, trace)) = known else {
            let marks = part.marks();
            let trace = match part {
                Part::Unknown(_, trace) => trace.clone(),
                _ => Trace::default(),
            };
            // Two unknowns side by side share what is there.
            let before = open.take().map(|before| before.marks()).unwrap_or_default();
            open = Some(trace.with_marks(&marks).with_marks(&before));
            continue;
        };
        let last = index + 1 == text.0.len();
        let start = match &open {
            None => rest.starts_with(&*known).then_some(0)?,
            Some(_) if last => rest.ends_with(&*known).then(|| rest.len() - known.len())?,
            Some(_) => rest.find(&*known)?,
        };
        if let Some(trace) = open.take() {
            parts.push(Part::Known(Arc::from(&rest[..start]), trace));
        }
        rest = &rest[start + known.len()..];
        parts.push(Part::Known(known, trace));
    }
    match open {
        Some(trace) => parts.push(Part::Known(Arc::from(rest), trace)),
        None if rest.is_empty() => {}
        None => return None,
    }
    Some(parts)
}
