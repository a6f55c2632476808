//! What a value can be.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::shared::Shared;
use super::text::Text;
use super::trace::{StepKind, Trace};
use super::unknown::Unknown;
use crate::terraform::number::Number;
use crate::terraform::types::Type;

/// A Terraform value in which any part may be unknown, and which knows where it came from.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it came from.
    pub trace: Trace,
}

/// What a value can be. Cloning is cheap: everything large is shared.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`, with the type that it was converted to: [`Type::Null`] where it was to none.
    Null(Type),
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text, known or known in part.
    String(Text),
    /// A tuple, a list or a set. An element's [`Presence`] may say that it stands for none or many.
    /// Made by [`Value::sequence`].
    List(Sequence, Shared<Vec<Value>>),
    /// An object or a map. Made by [`Value::mapping`].
    Object(Mapping, Shared<Map>),
    /// A text that is the JSON of a value: what `jsonencode` gave, or a template that renders JSON
    /// once it has been read. To Terraform it is a string. Made by [`Value::json`].
    Json(Shared<Value>),
    /// Known after apply, or not known to us.
    Unknown(Unknown),
}

impl Default for Kind {
    fn default() -> Self {
        Kind::Null(Type::Null)
    }
}

/// The three sequence types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// `[a, b]`, each element with a type of its own.
    Tuple,
    /// `list(…)`.
    List,
    /// `set(…)`, kept sorted as Terraform iterates it, without repetition among what is known.
    Set,
}

/// The two mapping types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// `{ a = b }`, each attribute with a type of its own. Resources and modules are such objects.
    Object,
    /// `map(…)`.
    Map,
}

/// The entries of an object or a map, by key.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// What is known to be there.
    pub entries: BTreeMap<Arc<str>, Value>,
    /// What any other key would give, where keys may be missing from `entries`: the attributes of a
    /// resource that nobody wrote, or the unknown argument of a `merge`. `None`: there is no other key.
    pub rest: Option<Unknown>,
}

impl Map {
    /// Entries without any other key beside them.
    pub fn closed<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Map {
            entries: entries
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
            rest: None,
        }
    }

    /// Puts a value under a key that stands in a text. Where the key is there already, the new value counts, and says
    /// where the other stands.
    pub fn enter(&mut self, key: Arc<str>, mut value: Value) {
        if let Some(first) = self.entries.get(&key).and_then(|first| first.trace.key()) {
            value.trace = value.trace.then(StepKind::Again, first);
        }
        self.entries.insert(key, value);
    }

    /// Entries beside which there may be others.
    pub fn open<K: Into<Arc<str>>>(
        entries: impl IntoIterator<Item = (K, Value)>,
        rest: Unknown,
    ) -> Self {
        Map {
            rest: Some(rest),
            ..Map::closed(entries)
        }
    }
}
