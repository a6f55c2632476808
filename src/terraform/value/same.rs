//! Whether two values are the same for certain.

use std::sync::Arc;

use super::kind::{Kind, Map, Value};
use super::unknown::{Presence, Reason, Unknown};

impl Value {
    /// Whether both are the same for certain, traces aside: equal where known, of one kind, and with
    /// equal references or reasons where not.
    #[must_use]
    pub fn same(&self, other: &Value) -> bool {
        self.trace.presence.same(&other.trace.presence)
            && match (&self.kind, &other.kind) {
                (Kind::Null(_), Kind::Null(_)) => true,
                (Kind::Bool(one), Kind::Bool(another)) => one == another,
                (Kind::Number(one), Kind::Number(another)) => one == another,
                (Kind::String(one), Kind::String(another)) => one.same(another),
                (Kind::List(kind, one), Kind::List(other_kind, another)) => {
                    kind == other_kind
                        && (one.is_identical(another)
                            || one.len() == another.len()
                                && one.iter().zip(another.iter()).all(|(a, b)| a.same(b)))
                }
                (Kind::Object(kind, one), Kind::Object(other_kind, another)) => {
                    kind == other_kind && (one.is_identical(another) || one.same(another))
                }
                (Kind::Json(one), Kind::Json(another)) => {
                    one.is_identical(another) || one.same(another)
                }
                (Kind::Json(_), Kind::String(_)) | (Kind::String(_), Kind::Json(_)) => {
                    matches!((self.as_str(), other.as_str()), (Some(a), Some(b)) if a == b)
                }
                (Kind::Unknown(one), Kind::Unknown(another)) => one.same(another),
                _ => false,
            }
    }
}

impl Map {
    fn same(&self, other: &Map) -> bool {
        let rest = match (&self.rest, &other.rest) {
            (None, None) => true,
            (Some(one), Some(another)) => one.same(another),
            _ => false,
        };
        rest && self.entries.len() == other.entries.len()
            && self.entries.iter().zip(&other.entries).all(
                |((key, value), (other_key, other_value))| {
                    key == other_key && value.same(other_value)
                },
            )
    }
}

impl Presence {
    fn same(&self, other: &Presence) -> bool {
        match (self, other) {
            (Presence::Certain, Presence::Certain) => true,
            (Presence::Maybe(one), Presence::Maybe(another))
            | (Presence::Any(one), Presence::Any(another)) => one.same(another),
            _ => false,
        }
    }
}

impl Unknown {
    /// Whether both will give the same for certain: they are one unknown, or equal references.
    #[must_use]
    pub fn same(&self, other: &Unknown) -> bool {
        if Arc::ptr_eq(&self.0, &other.0) {
            return true;
        }
        match (&self.0.reason, &other.0.reason) {
            (Reason::Reference(one), Reason::Reference(another)) => one == another,
            _ => false,
        }
    }
}
