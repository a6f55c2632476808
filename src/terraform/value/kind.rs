//! What a value can be, and the ways to make one and look into it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::shared::{Extent, Shared};
use super::text::{Part, Text, normalized};
use super::trace::{Marks, Trace};
use super::unknown::{Presence, Reason, Unknown};
use crate::terraform::number::Number;
use crate::terraform::{json, types};

/// A Terraform value in which any part may be unknown, and which knows where it came from.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it came from.
    pub trace: Trace,
}

/// What a value can be. Cloning is cheap: everything large is shared.
#[derive(Clone, Debug, Default)]
pub enum Kind {
    /// `null`, of any type.
    #[default]
    Null,
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

/// Making values.
impl Value {
    /// `null`.
    #[must_use]
    pub fn null() -> Self {
        Value::default()
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

/// Looking into values.
impl Value {
    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Whether it is certainly not null.
    #[must_use]
    pub fn is_not_null(&self) -> bool {
        match &self.kind {
            Kind::Null => false,
            Kind::Unknown(unknown) => unknown.0.not_null,
            _ => true,
        }
    }

    /// Whether nothing of it is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }

    /// What is unknown, where nothing of it is known.
    #[must_use]
    pub fn as_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// Whether all of it is known and certainly there, all the way down.
    #[must_use]
    pub fn is_known(&self) -> bool {
        Extent::of(self).known
    }

    /// Whether Terraform marks it or anything in it sensitive.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        Extent::of(self).sensitive
    }

    /// Whether a secret flowed into it or into anything in it.
    #[must_use]
    pub fn is_tainted(&self) -> bool {
        Extent::of(self).tainted
    }

    /// What it weighs in memory, in bytes and roughly: what producing it costs.
    #[must_use]
    pub fn weight(&self) -> usize {
        Extent::of(self).weight
    }

    /// How many levels of values are nested in it.
    #[must_use]
    pub fn depth(&self) -> usize {
        Extent::of(self).depth
    }

    /// Its marks and those of everything in it.
    #[must_use]
    pub fn marks(&self) -> Marks {
        let extent = Extent::of(self);
        Marks {
            taint: if extent.tainted {
                self.first_taint()
            } else {
                None
            },
            sensitive: extent.sensitive,
        }
    }

    fn first_taint(&self) -> Option<Arc<super::Taint>> {
        if self.trace.taint.is_some() {
            return self.trace.taint.clone();
        }
        if !Extent::of(self).tainted {
            return None;
        }
        let of_unknown = |unknown: &Unknown| match &unknown.0.reason {
            Reason::OneOf(values, _) => values.iter().find_map(Value::first_taint),
            _ => None,
        };
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => None,
            Kind::String(text) => text.0.iter().find_map(|part| match part {
                Part::Known(_, trace) => trace.taint.clone(),
                Part::Json(value) => value.first_taint(),
                Part::Unknown(unknown, trace) => {
                    trace.taint.clone().or_else(|| of_unknown(unknown))
                }
            }),
            Kind::List(_, elements) => elements.iter().find_map(Value::first_taint),
            Kind::Object(_, map) => map.entries.values().find_map(Value::first_taint),
            Kind::Json(value) => value.first_taint(),
            Kind::Unknown(unknown) => of_unknown(unknown),
        }
    }

    /// The truth value, where it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number, where it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The known text, where it is a string and all of it is known; numbers and truth values are no text.
    #[must_use]
    pub fn as_str(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            Kind::String(text) => text.known(),
            Kind::Json(value) => Some(Cow::Owned(
                normalized(&json::render(value).known()?).into_owned(),
            )),
            _ => None,
        }
    }

    /// The value as text, as a template would have it: strings, JSON, numbers, truth values and unknowns,
    /// each part with the value's own marks. `None` for null and for what is no text.
    #[must_use]
    pub fn as_text(&self) -> Option<Text> {
        let marks = self.trace.marks();
        let text = match &self.kind {
            Kind::Null | Kind::List(..) | Kind::Object(..) => return None,
            Kind::Bool(value) => self.made_text(if *value { "true" } else { "false" }),
            Kind::Number(number) => self.made_text(&number.to_string()),
            Kind::String(text) => match text.0.as_slice() {
                [Part::Known(known, trace)] if trace.steps.is_none() => {
                    let mut text = self.made_text(known);
                    for part in &mut text.0 {
                        if let Part::Known(_, made) = part {
                            made.add_marks(&trace.marks());
                        }
                    }
                    text
                }
                _ => text.clone().with_marks(&marks),
            },
            Kind::Json(value) if marks.taint.is_some() => {
                let value = (**value).clone().with_marks(&marks);
                Text(vec![Part::Json(Value::share(value))])
            }
            Kind::Json(value) => Text(vec![Part::Json(value.clone())]),
            Kind::Unknown(unknown) => {
                let mut trace = self.trace.clone();
                trace.presence = Presence::Certain;
                Text(vec![Part::Unknown(unknown.clone(), trace)])
            }
        };
        Some(text)
    }

    /// A known text with this value's trace, unless the trace's place could be taken for the text itself.
    fn made_text(&self, text: &str) -> Text {
        let mut trace = self.trace.clone();
        trace.presence = Presence::Certain;
        let length = |place: crate::source::Place| (place.span.end - place.span.start) as usize;
        if trace
            .written()
            .is_some_and(|place| length(place) == text.len())
        {
            trace.steps = None;
        }
        Text::written(text, trace)
    }

    /// The elements, where it is a tuple, a list or a set.
    #[must_use]
    pub fn as_sequence(&self) -> Option<(Sequence, &[Value])> {
        match &self.kind {
            Kind::List(sequence, elements) => Some((*sequence, elements)),
            _ => None,
        }
    }

    /// The elements, where it is a tuple, a list or a set.
    #[must_use]
    pub fn elements(&self) -> Option<&[Value]> {
        self.as_sequence().map(|(_, elements)| elements)
    }

    /// The entries, where it is an object or a map.
    #[must_use]
    pub fn as_mapping(&self) -> Option<(Mapping, &Map)> {
        match &self.kind {
            Kind::Object(mapping, map) => Some((*mapping, map)),
            _ => None,
        }
    }

    /// The entry of an object or a map.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Value> {
        self.as_mapping()?.1.entries.get(key)
    }

    /// Whether both are the same for certain, traces aside: equal where known, of one kind, and with
    /// equal references or reasons where not.
    #[must_use]
    pub fn same(&self, other: &Value) -> bool {
        self.trace.presence.same(&other.trace.presence)
            && match (&self.kind, &other.kind) {
                (Kind::Null, Kind::Null) => true,
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
