//! The ways to make a value. They keep it within its bounds.

use std::sync::Arc;

use super::kind::{Kind, Map, Mapping, Sequence, Value};
use super::shared::{Extent, Shared};
use super::text::{Part, Text};
use super::trace::{Marks, Trace};
use super::unknown::{Presence, Unknown};
use crate::terraform::number::Number;
use crate::terraform::types::{self, Type};

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::of(Kind::Bool(value))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::string(text)
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Value::string(text)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Value::of(Kind::Number(number))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::from(Number::from(number))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Value::from(Number::from(number))
    }
}

impl From<Unknown> for Value {
    fn from(unknown: Unknown) -> Self {
        Value::unknown(unknown)
    }
}

impl Value {
    /// `null`.
    #[must_use]
    pub fn null() -> Self {
        Value::default()
    }

    /// A list or a set without elements, which would be of this type.
    #[must_use]
    pub fn empty_sequence(sequence: Sequence, element: Type) -> Self {
        let content = Shared::of_elements(Extent::of_elements(&[]), element, Vec::new());
        Value::of(Kind::List(sequence, content))
    }

    /// The same value; where it is a list or a set without elements, they would be of this type.
    #[must_use]
    pub fn or_empty_of(self, element: impl FnOnce() -> Type) -> Self {
        match &self.kind {
            Kind::List(sequence, elements)
                if *sequence != Sequence::Tuple && elements.is_empty() =>
            {
                Value::empty_sequence(*sequence, element()).with_trace(self.trace)
            }
            _ => self,
        }
    }

    /// A map without elements, which would be of this type.
    #[must_use]
    pub fn empty_map(element: Type) -> Self {
        let map = Map::default();
        let content = Shared::of_elements(Extent::of_map(&map), element, map);
        Value::of(Kind::Object(Mapping::Map, content))
    }

    /// A value with no trace yet.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        Value {
            kind,
            trace: Trace::default(),
        }
    }

    /// A string. It is sensitive as a whole where a part of it is.
    pub fn string(text: impl Into<Text>) -> Self {
        let text = text.into();
        let extent = Extent::of_text(&text);
        if let Some(why) = extent.past_bounds() {
            return Value::unknown(Unknown::other(why).with_type(types::Type::String))
                .with_marks(&text.marks());
        }
        if let [Part::Json(value)] = text.0.as_slice() {
            return Value::json_shared(value.clone());
        }
        let mut value = match text.0.as_slice() {
            [Part::Unknown(unknown, trace)] => {
                let unknown = unknown.clone().with_type(types::Type::String);
                Value::unknown(unknown).with_trace(trace.clone())
            }
            _ => Value::of(Kind::String(text)),
        };
        value.trace.sensitive = extent.sensitive;
        value
    }

    /// A tuple, a list or a set of these elements as they are; sets are sorted and freed of repetition,
    /// and sensitive as a whole where an element is.
    #[must_use]
    pub fn sequence(sequence: Sequence, mut elements: Vec<Value>) -> Self {
        if sequence == Sequence::Set {
            types::sort_set(&mut elements);
        }
        let extent = Extent::of_elements(&elements);
        if let Some(why) = extent.past_bounds() {
            return Value::past_bounds(why, &elements);
        }
        let mut value = Value::of(Kind::List(sequence, Shared::new(extent, elements)));
        value.trace.sensitive = sequence == Sequence::Set && extent.sensitive;
        value
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(elements: Vec<Value>) -> Self {
        Value::sequence(Sequence::Tuple, elements)
    }

    /// A list. The elements must have one type already: see [`types::convert`].
    #[must_use]
    pub fn list(elements: Vec<Value>) -> Self {
        Value::sequence(Sequence::List, elements)
    }

    /// A set. The elements must have one type already: see [`types::convert`].
    #[must_use]
    pub fn set(elements: Vec<Value>) -> Self {
        Value::sequence(Sequence::Set, elements)
    }

    /// An object or a map of these entries as they are.
    #[must_use]
    pub fn mapping(mapping: Mapping, map: Map) -> Self {
        let extent = Extent::of_map(&map);
        if let Some(why) = extent.past_bounds() {
            return Value::past_bounds(why, map.entries.values());
        }
        Value::of(Kind::Object(mapping, Shared::new(extent, map)))
    }

    /// An object.
    pub fn object<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Value::mapping(Mapping::Object, Map::closed(entries))
    }

    /// A map. The elements must have one type already: see [`types::convert`].
    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Value::mapping(Mapping::Map, Map::closed(entries))
    }

    /// The text that is the JSON of a value. It is sensitive where anything in the value is.
    #[must_use]
    pub fn json(value: Value) -> Self {
        let extent = Extent::of_json(&value);
        if let Some(why) = extent.past_bounds() {
            return Value::past_bounds(why, [&value]);
        }
        Value::json_shared(Shared::new(extent, value))
    }

    fn json_shared(value: Shared<Value>) -> Self {
        let sensitive = value.extent().sensitive;
        let mut json = Value::of(Kind::Json(value));
        json.trace.sensitive = sensitive;
        json
    }

    /// Shares a value as a part of a text.
    #[must_use]
    pub fn share(value: Value) -> Shared<Value> {
        let extent = Extent::of_json(&value);
        Shared::new(extent, value)
    }

    /// Something that is not known.
    #[must_use]
    pub fn unknown(unknown: Unknown) -> Self {
        Value::of(Kind::Unknown(unknown))
    }

    fn past_bounds<'a>(why: &str, inputs: impl IntoIterator<Item = &'a Value>) -> Self {
        Value::unknown(Unknown::other(why)).flow(inputs)
    }

    /// The same value with this trace instead of its own.
    #[must_use]
    pub fn with_trace(mut self, trace: Trace) -> Self {
        self.trace = trace;
        self
    }

    /// The same value, marked as perhaps not there or standing for many.
    #[must_use]
    pub fn with_presence(mut self, presence: Presence) -> Self {
        self.trace.presence = presence;
        self
    }

    /// The same value with marks added to it as a whole.
    #[must_use]
    pub fn with_marks(mut self, marks: &Marks) -> Self {
        self.trace.add_marks(marks);
        self
    }

    /// Gives a value that was made from others their taint and sensitivity, however deep it lies in them.
    #[must_use]
    pub fn flow<'a>(mut self, inputs: impl IntoIterator<Item = &'a Value>) -> Self {
        for input in inputs {
            self.trace.add_marks(&input.marks());
        }
        self
    }

    /// Gives a value that was made from others their sensitivity alone: a length, a comparison or a hash
    /// is sensitive to Terraform, but does not tell the secret.
    #[must_use]
    pub fn flow_sensitivity<'a>(mut self, inputs: impl IntoIterator<Item = &'a Value>) -> Self {
        for input in inputs {
            self.trace.sensitive |= input.is_sensitive();
        }
        self
    }
}
