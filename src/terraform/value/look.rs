//! The ways to look into a value.

use std::borrow::Cow;
use std::sync::Arc;

use super::kind::{Kind, Map, Mapping, Sequence, Value};
use super::shared::Extent;
use super::text::{Part, Text, normalized};
use super::trace::{Marks, Taint};
use super::unknown::{Presence, Reason, Unknown};
use crate::source::Place;
use crate::terraform::json;
use crate::terraform::number::Number;

impl Value {
    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null(_))
    }

    /// Whether it is certainly not null.
    #[must_use]
    pub fn is_not_null(&self) -> bool {
        match &self.kind {
            Kind::Null(_) => false,
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

    fn first_taint(&self) -> Option<Arc<Taint>> {
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
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => None,
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
            Kind::Null(_) | Kind::List(..) | Kind::Object(..) => return None,
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
            // What is sensitive in it is marked there; marks of the whole go to all of it.
            Kind::Json(value)
                if marks.taint.is_some() || marks.sensitive && !value.is_sensitive() =>
            {
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
        let length = |place: Place| (place.span.end - place.span.start) as usize;
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
}
