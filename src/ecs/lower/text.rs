//! Values as texts that may be known in part.

use std::sync::Arc;

use super::why::why;
use crate::ecs::Origin;
use crate::ecs::inventory::{Reference, Secret, Text, TextPart};
use crate::terraform::value::{Part, Reason, Taint};
use crate::terraform::{self, Kind, Trace, Unknown, Value, json};

/// A value as a text, where Terraform would take it for one.
pub(super) fn text(value: &Value) -> Option<Text> {
    let mut builder = TextBuilder::default();
    builder.take_taint(&value.trace);
    match &value.kind {
        Kind::Bool(on) => builder.known.push_str(if *on { "true" } else { "false" }),
        Kind::Number(number) => builder.known.push_str(&number.to_string()),
        Kind::String(text) => builder.push(text),
        Kind::Json(structure) => builder.push(&json::render(structure)),
        Kind::Unknown(unknown) => builder.push_unknown(unknown),
        Kind::Null(_) | Kind::List(..) | Kind::Object(..) => return None,
    }
    Some(builder.finish())
}

/// Joins adjacent known parts and gathers the taint of all.
#[derive(Default)]
struct TextBuilder {
    parts: Vec<TextPart>,
    known: String,
    secret: Option<Secret>,
}

impl TextBuilder {
    fn push(&mut self, text: &terraform::Text) {
        for part in &text.0 {
            match part {
                Part::Known(known, trace) => {
                    self.known.push_str(known);
                    self.take_taint(trace);
                }
                Part::Json(structure) => {
                    self.take_taint(&structure.trace);
                    self.push(&json::render(structure));
                }
                Part::Unknown(unknown, trace) => {
                    self.push_unknown(unknown);
                    self.take_taint(trace);
                }
            }
        }
    }

    fn push_unknown(&mut self, unknown: &Unknown) {
        self.flush();
        // What may be a secret is to be kept like one.
        if let Reason::OneOf(values, _) = &unknown.0.reason
            && self.secret.is_none()
        {
            let taint = values.iter().find_map(|value| value.marks().taint);
            self.secret = taint.map(|taint| secret(&taint));
        }
        let reference = match &unknown.0.reason {
            Reason::Reference(reference) => Some(Reference {
                address: reference.address.clone(),
                resource_type: Arc::from(resource_type(&reference.address)),
                path: reference.path.clone(),
            }),
            _ => None,
        };
        self.parts.push(TextPart::Unknown {
            reference,
            why: why(unknown),
        });
    }

    fn take_taint(&mut self, trace: &Trace) {
        if self.secret.is_none() {
            self.secret = trace.taint.as_ref().map(|taint| secret(taint));
        }
    }

    fn flush(&mut self) {
        if !self.known.is_empty() {
            // Most texts have one part.
            self.parts.reserve_exact(usize::from(self.parts.is_empty()));
            self.parts
                .push(TextPart::Known(Arc::from(std::mem::take(&mut self.known))));
        }
    }

    fn finish(mut self) -> Text {
        self.flush();
        Text {
            parts: self.parts,
            secret: self.secret,
        }
    }
}

/// What a taint says of its source.
pub(super) fn secret(taint: &Taint) -> Secret {
    Secret {
        source: taint.source.clone(),
        origin: Origin::place(taint.place),
        is_bared: taint.is_bared,
    }
}

/// The type in the address of a managed resource or a data source; empty for any other address.
pub(super) fn resource_type(address: &str) -> &str {
    let mut rest = address;
    while let Some(inner) = rest.strip_prefix("module.") {
        match after_step(inner) {
            Some(after) => rest = after,
            None => return "",
        }
    }
    let rest = rest.strip_prefix("data.").unwrap_or(rest);
    match rest.split_once('.') {
        Some((ty, _)) if ty.contains('_') => ty,
        _ => "",
    }
}

/// What follows a module's name, its instance key and the dot.
fn after_step(text: &str) -> Option<&str> {
    let end = text.find(['.', '['])?;
    if text[end..].starts_with('.') {
        return Some(&text[end + 1..]);
    }
    let key = &text[end + 1..];
    let length = if let Some(quoted) = key.strip_prefix('"') {
        let mut escaped = false;
        1 + quoted.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })? + 1
    } else {
        key.find(']')?
    };
    key.get(length..)?.strip_prefix("].")
}
