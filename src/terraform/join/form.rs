//! How an object is to be compared: what its keys are, and what counts as not there.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::containers;
use super::normalised::is_empty;
use crate::terraform::value::{Kind, Map, Value};

/// What a value is part of, which says what may differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Arguments and nested blocks: what is not written is the provider's.
    Block,
    /// A map, or an object of texts: every key counts.
    Map,
    /// A JSON document: nothing is added, the order of lists and a list of one do not count.
    Document,
    /// Container definitions.
    Containers,
}

impl Form {
    /// The form of what stands under a key.
    pub(super) fn of_entry(self, key: &str) -> Form {
        match self {
            Form::Containers if containers::holds_texts(key) => Form::Map,
            form => form,
        }
    }
}

/// The entries of a map by key; those of container definitions whatever their case.
pub(super) struct Keys<'a> {
    map: &'a Map,
    folded: Option<BTreeMap<String, &'a Arc<str>>>,
}

impl<'a> Keys<'a> {
    pub(super) fn of(map: &'a Map, form: Form) -> Self {
        let fold = |key: &'a Arc<str>| (key.to_ascii_lowercase(), key);
        let folded = (form == Form::Containers).then(|| map.entries.keys().map(fold).collect());
        Keys { map, folded }
    }

    pub(super) fn find(&self, key: &str) -> Option<(Arc<str>, &'a Value)> {
        let name = match &self.folded {
            Some(folded) => folded.get(&key.to_ascii_lowercase())?,
            None => self.map.entries.get_key_value(key)?.0,
        };
        Some((Arc::clone(name), &self.map.entries[name]))
    }
}

/// Whether an entry is as good as none.
pub(super) fn is_unset(form: Form, key: &str, value: &Value, around: &Map) -> bool {
    match form {
        Form::Containers if containers::is_default(key, value, around) => true,
        Form::Containers => !key.eq_ignore_ascii_case("essential") && is_empty(value),
        Form::Map => matches!(value.kind, Kind::Null(_)),
        Form::Block | Form::Document => is_empty(value),
    }
}
