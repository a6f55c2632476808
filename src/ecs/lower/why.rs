//! Why something is not known, in the words of a report.

use std::sync::Arc;

use crate::ecs::inventory::Why;
use crate::terraform::value::{Presence, Reason};
use crate::terraform::{Kind, Unknown};

/// Why something is not known, for a person.
pub(super) fn why(unknown: &Unknown) -> Why {
    let text = match &unknown.0.reason {
        Reason::Reference(reference) => format!("`{reference}`"),
        Reason::Computed(references) | Reason::OneOf(_, references) if !references.is_empty() => {
            let names: Vec<_> = references
                .iter()
                .take(3)
                .map(|name| format!("`{name}`"))
                .collect();
            names.join(", ")
        }
        // Whichever it is of several, none of which a reference will tell: why the first is not known.
        Reason::OneOf(values, _) => {
            let mut parts = values.iter().flat_map(|value| match &value.kind {
                Kind::Unknown(unknown) => vec![unknown.clone()],
                _ => value
                    .as_text()
                    .map_or_else(Vec::new, |text| text.unknowns().cloned().collect()),
            });
            return parts.next().map_or_else(unexplained, |part| why(&part));
        }
        Reason::Computed(_) => return unexplained(),
        Reason::Other(text) => text.to_string(),
    };
    let text = if unknown.0.mocked {
        format!("{text} (mocked)")
    } else {
        text
    };
    Why(Arc::from(text))
}

/// What the presence of something hangs on, where it is not certain.
pub(super) fn presence(presence: &Presence) -> Option<Why> {
    match presence {
        Presence::Certain => None,
        Presence::Maybe(unknown) | Presence::Any(unknown) => Some(why(unknown)),
    }
}

pub(super) fn unexplained() -> Why {
    Why(Arc::from("a value that is not known"))
}
