//! From an instance's JSON to a value: the values, what is unknown among them, what is sensitive.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::text::Json;
use crate::terraform::number::Number;
use crate::terraform::types::Type;
use crate::terraform::value::{
    Kind, Part, Reason, Reference, Taint, Text, Trace, Unknown, UnknownParts, Value,
};

/// The attribute of which a plan marks only the whole as sensitive, for one leaf of it: the mark decides
/// nothing about the others.
const MARKED_AS_A_WHOLE: &str = "container_definitions";

/// The value at a path of an instance.
pub(super) struct Leaves<'a> {
    /// The values as far as they are known; what is unknown is missing or empty here.
    pub after: Option<&'a Json<'a>>,
    /// What is unknown: `true` where it is, with the structure of the values above it.
    pub unknown: Option<&'a Json<'a>>,
    /// What is sensitive, in the same form.
    pub sensitive: Option<&'a Json<'a>>,
}

/// A path to a value from the instance's address on.
enum Path<'a> {
    Address(&'a Arc<str>),
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl Leaves<'_> {
    /// Makes a value of them, for the instance or variable with this address.
    pub(super) fn value(&self, address: &Arc<str>) -> Value {
        value(self, &Path::Address(address), &Trace::default())
    }
}

fn value(leaves: &Leaves<'_>, path: &Path<'_>, around: &Trace) -> Value {
    let trace = trace(leaves.sensitive, path, around);
    if leaves.unknown == Some(&Json::Bool(true)) || leaves.after == Some(&Json::Unknown) {
        let reference = Reason::Reference(path.reference());
        return Value {
            kind: unknown(reference),
            trace,
        };
    }
    let kind = match leaves.after {
        Some(Json::Object(entries)) => {
            let mut keys: BTreeSet<&str> = entries.keys().map(|key| &**key).collect();
            keys.extend(unknown_keys(leaves.unknown));
            object(keys, leaves, path, &trace)
        }
        Some(Json::Array(elements)) => {
            let length = elements.len().max(unknown_length(leaves.unknown));
            list(length, leaves, path, &trace)
        }
        None | Some(Json::Null | Json::Unknown) => match leaves.unknown {
            Some(mask @ Json::Object(_)) if has_unknown(mask) => {
                object(unknown_keys(leaves.unknown).collect(), leaves, path, &trace)
            }
            Some(mask @ Json::Array(_)) if has_unknown(mask) => {
                list(unknown_length(leaves.unknown), leaves, path, &trace)
            }
            _ => Kind::Null(Type::Null),
        },
        Some(Json::Bool(truth)) => Kind::Bool(*truth),
        Some(Json::Number(text)) => number(text),
        Some(Json::String(text)) => {
            let known = Part::Known(Arc::from(&**text), Trace::default());
            Kind::String(Text(if text.is_empty() { vec![] } else { vec![known] }))
        }
        Some(Json::PastBounds) => unknown(Reason::Other(
            "it nests too deep or is too large in the plan".into(),
        )),
    };
    Value { kind, trace }
}

fn object(keys: BTreeSet<&str>, leaves: &Leaves<'_>, path: &Path<'_>, trace: &Trace) -> Kind {
    let entries: BTreeMap<Arc<str>, Value> = keys
        .into_iter()
        .map(|key| {
            let below = Leaves {
                after: leaves.after.and_then(|json| json.entry(key)),
                unknown: leaves.unknown.and_then(|json| json.entry(key)),
                sensitive: leaves.sensitive.and_then(|json| json.entry(key)),
            };
            (Arc::from(key), value(&below, &Path::Key(path, key), trace))
        })
        .collect();
    Value::object(entries).kind
}

fn list(length: usize, leaves: &Leaves<'_>, path: &Path<'_>, trace: &Trace) -> Kind {
    let elements: Vec<Value> = (0..length)
        .map(|index| {
            let below = Leaves {
                after: leaves.after.and_then(|json| json.element(index)),
                unknown: leaves.unknown.and_then(|json| json.element(index)),
                sensitive: leaves.sensitive.and_then(|json| json.element(index)),
            };
            value(&below, &Path::Index(path, index), trace)
        })
        .collect();
    Value::list(elements).kind
}

/// A number, exactly as it is written. What no plan has is not read at any length.
fn number(text: &str) -> Kind {
    match Number::parse(text) {
        Ok(number) => Kind::Number(number),
        Err(_) => unknown(Reason::Other("it is a number that cannot be read".into())),
    }
}

fn unknown(reason: Reason) -> Kind {
    Kind::Unknown(Unknown(Arc::new(UnknownParts {
        ty: Type::Any,
        reason,
        not_null: false,
        mocked: false,
    })))
}

fn unknown_keys<'a>(mask: Option<&'a Json<'_>>) -> impl Iterator<Item = &'a str> {
    let entries = match mask {
        Some(Json::Object(entries)) => Some(entries),
        _ => None,
    };
    let unknown = entries
        .into_iter()
        .flatten()
        .filter(|(_, mask)| has_unknown(mask));
    unknown.map(|(key, _)| &**key)
}

fn unknown_length(mask: Option<&Json<'_>>) -> usize {
    match mask {
        Some(Json::Array(elements)) => elements
            .iter()
            .rposition(has_unknown)
            .map_or(0, |last| last + 1),
        _ => 0,
    }
}

fn has_unknown(mask: &Json<'_>) -> bool {
    match mask {
        Json::Bool(unknown) => *unknown,
        Json::Object(entries) => entries.values().any(has_unknown),
        Json::Array(elements) => elements.iter().any(has_unknown),
        _ => false,
    }
}

fn trace(sensitive: Option<&Json<'_>>, path: &Path<'_>, around: &Trace) -> Trace {
    if sensitive != Some(&Json::Bool(true)) || around.sensitive {
        return around.clone();
    }
    let whole = matches!(path, Path::Key(Path::Address(_), name) if *name == MARKED_AS_A_WHOLE);
    let taint = Taint {
        source: format!("`{}`, marked sensitive in the plan", path.reference()).into(),
        place: None,
        is_bared: false,
    };
    Trace {
        sensitive: true,
        taint: (!whole).then(|| Arc::new(taint)),
        ..Trace::default()
    }
}

impl Path<'_> {
    fn reference(&self) -> Reference {
        let mut segments = vec![];
        let mut path = self;
        let address = loop {
            match path {
                Path::Address(address) => break *address,
                Path::Key(before, _) | Path::Index(before, _) => {
                    segments.push(path);
                    path = before;
                }
            }
        };
        let mut text = String::new();
        for segment in segments.into_iter().rev() {
            let written = match segment {
                Path::Address(_) => Ok(()),
                Path::Key(_, key) if is_name(key) => write!(text, ".{key}"),
                Path::Key(_, key) => write!(text, "[{key:?}]"),
                Path::Index(_, index) => write!(text, "[{index}]"),
            };
            debug_assert!(written.is_ok(), "writing to a string cannot fail");
        }
        Reference {
            address: Arc::clone(address),
            path: text.into(),
        }
    }
}

/// Whether a key can stand after a dot.
fn is_name(key: &str) -> bool {
    let mut characters = key.chars();
    characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|next| next.is_alphanumeric() || next == '_' || next == '-')
}
