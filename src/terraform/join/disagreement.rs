//! What is said where plan and source do not agree.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::source::Place;
use crate::terraform::value::{Kind, Value};

/// The most characters of a value that a message shows.
const SHOWN: usize = 60;

/// A place where plan and source both know a value and it is not the same one; the plan's is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The instance.
    pub address: Arc<str>,
    /// The path in it, as it would be written after the address: `.network_mode`; inside a text that is
    /// JSON it goes on, with names for elements that have one. Empty for the whole instance.
    pub path: String,
    /// Where the source has it.
    pub place: Option<Place>,
    /// What stands in the source, shortened and safe to print; never a secret.
    pub source: String,
    /// What stands in the plan, shortened and safe to print; never a secret.
    pub plan: String,
}

/// A path to a value from the instance on.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Instance,
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
    Name(&'a Path<'a>, &'a str),
}

impl Path<'_> {
    /// The path as it would be written after the address.
    pub(super) fn written(&self) -> String {
        let mut text = match self {
            Path::Instance => return String::new(),
            Path::Key(before, _) | Path::Index(before, _) | Path::Name(before, _) => {
                before.written()
            }
        };
        let name = |key: &str| {
            key.chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        };
        match self {
            Path::Instance => {}
            Path::Key(_, key) if name(key) => text.extend([".", key]),
            Path::Key(_, key) | Path::Name(_, key) => {
                text.extend(["[\"", &safe(key, SHOWN), "\"]"]);
            }
            Path::Index(_, index) => {
                // Writing to a string cannot fail.
                let _ = write!(text, "[{index}]");
            }
        }
        text
    }

    /// The last key on the path.
    pub(super) fn key(&self) -> Option<&str> {
        match self {
            Path::Instance => None,
            Path::Key(_, key) => Some(key),
            Path::Index(before, _) | Path::Name(before, _) => before.key(),
        }
    }
}

/// Shows two values that are not the same, the source's and the plan's. Where neither can be shown, that
/// they are two is all there is to say.
pub(super) fn shown_apart(source: &Value, plan: &Value, secret: bool) -> (String, String) {
    let (source, plan) = (shown(source, secret), shown(plan, secret));
    if source == HIDDEN && plan == HIDDEN {
        return ("another one".into(), "a value that is not shown".into());
    }
    (source, plan)
}

/// What stands for a value that may be a secret.
const HIDDEN: &str = "(sensitive)";

/// Shows a value in a message. Text in lines is a script, a document or a key, and is not shown.
fn shown(value: &Value, secret: bool) -> String {
    let secret = secret || value.trace.sensitive || value.trace.taint.is_some();
    match &value.kind {
        Kind::Null(_) => "null".into(),
        _ if secret => HIDDEN.into(),
        Kind::List(_, elements) => match elements.len() {
            1 => "a list of one".into(),
            length => format!("a list of {length}"),
        },
        Kind::Object(..) => "an object".into(),
        Kind::Json(_) => "JSON".into(),
        Kind::Unknown(_) => "unknown".into(),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            let Some(text) = value.as_text() else {
                return "a text".into();
            };
            match text.known() {
                _ if value.marks().any() => HIDDEN.into(),
                Some(known) if known.contains('\n') => "a text of several lines".into(),
                Some(known) => format!("`{}`", safe(&known, SHOWN)),
                None => format!("a text that begins with `{}`", safe(&text.prefix(), SHOWN)),
            }
        }
    }
}

/// A text without what could move a cursor, and no longer than a message can have it.
fn safe(text: &str, length: usize) -> String {
    let mut safe = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == length {
            safe.push('…');
            break;
        }
        match character {
            '"' | '\'' => safe.push(character),
            _ => safe.extend(character.escape_debug()),
        }
    }
    safe
}
