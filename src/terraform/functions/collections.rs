//! Functions that look through a collection: what is in it, how much, and without repetition.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation;

use super::elements::{are_certain, may_shrink, out_of, perhaps};
use super::function::Outcome;
use super::signature::Arguments;
use crate::terraform::types::{self, Type};
use crate::terraform::value::{Failure, Kind, Part, Presence, Sequence, Unknown, Value};
use crate::terraform::{json, operators};

/// How many comparisons of elements that are not wholly known a call makes.
const COMPARISONS: usize = 200_000;

/// The unknown of a type that a call gives where it cannot tell; the arguments' secrets are in it.
pub(super) fn undecided(arguments: &Arguments<'_>, ty: Type) -> Value {
    Value::unknown(
        Unknown::computed(&arguments.values)
            .with_type(ty)
            .not_null(),
    )
    .flow(&arguments.values)
}

pub(super) fn length(arguments: &Arguments<'_>) -> Outcome {
    let value = arguments.at(0);
    let count = match &value.kind {
        Kind::String(_) | Kind::Json(_) => value.as_str().map(|text| text.graphemes(true).count()),
        Kind::List(sequence, elements) => {
            let counted = are_certain(elements) && !may_shrink(*sequence, elements);
            counted.then_some(elements.len())
        }
        Kind::Object(_, map) => {
            let certain = map
                .entries
                .values()
                .all(|entry| entry.trace.presence.is_certain());
            (certain && map.rest.is_none()).then_some(map.entries.len())
        }
        Kind::Unknown(unknown) => match unknown.ty() {
            Type::Tuple(elements) => Some(elements.len()),
            Type::Object(attributes) => Some(attributes.len()),
            Type::Number | Type::Bool => return Err(no_length()),
            _ => None,
        },
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => return Err(no_length()),
    };
    Ok(count.map_or_else(|| few(arguments), Value::from))
}

/// The most lengths that a collection is said to be one of.
const MOST_LENGTHS: usize = 8;

/// The length of a collection whose elements may not all be there, or may be equal to each other.
fn few(arguments: &Arguments<'_>) -> Value {
    let value = arguments.at(0);
    let open = || undecided(arguments, Type::Number);
    let Some((sequence, elements)) = value.as_sequence() else {
        return open();
    };
    if elements
        .iter()
        .any(|element| matches!(element.trace.presence, Presence::Any(_)))
    {
        return open();
    }
    let there = elements.iter().filter(|element| {
        element.trace.presence.is_certain() && (sequence != Sequence::Set || element.is_known())
    });
    let some = elements
        .iter()
        .any(|element| element.trace.presence.is_certain());
    let least = there.count().max(usize::from(some));
    if elements.len() - least >= MOST_LENGTHS {
        return open();
    }
    let lengths = (least..=elements.len()).map(Value::from);
    Unknown::one_of(lengths.collect(), &Unknown::computed([value]))
}

fn no_length() -> Failure {
    Failure::new("a string, a collection or a structure is required").in_argument(0)
}

pub(super) fn alltrue(arguments: &Arguments<'_>) -> Outcome {
    Ok(all_are(arguments, true))
}

pub(super) fn anytrue(arguments: &Arguments<'_>) -> Outcome {
    let none = all_are(arguments, false);
    Ok(match none.as_bool() {
        Some(none) => Value::from(!none),
        None => none,
    })
}

/// Whether each element is this; a null counts as false. One that is not decides, whatever the others are.
fn all_are(arguments: &Arguments<'_>, wanted: bool) -> Value {
    let Some(elements) = arguments.at(0).elements() else {
        return undecided(arguments, Type::Bool);
    };
    let mut open = false;
    for element in elements {
        let decided = match element.kind {
            Kind::Bool(value) => Some(value == wanted),
            Kind::Null(_) => Some(!wanted),
            _ => None,
        };
        match decided {
            Some(true) => {}
            Some(false) if element.trace.presence.is_certain() => return Value::from(false),
            _ => open = true,
        }
    }
    if open {
        undecided(arguments, Type::Bool)
    } else {
        Value::from(true)
    }
}

pub(super) fn contains(arguments: &Arguments<'_>) -> Outcome {
    let (list, wanted) = (arguments.at(0), arguments.at(1));
    let Some(elements) = list.elements() else {
        return match &list.kind {
            Kind::Unknown(unknown) if may_be_sequence(unknown) => {
                Ok(undecided(arguments, Type::Bool))
            }
            _ => Err(Failure::new("a list, a tuple or a set is required").in_argument(0)),
        };
    };
    let mut open = false;
    for element in elements {
        match operators::equals(element, wanted).as_bool() {
            Some(true) if element.trace.presence.is_certain() => return Ok(Value::from(true)),
            Some(false) => {}
            _ => open = true,
        }
    }
    Ok(if open {
        undecided(arguments, Type::Bool)
    } else {
        Value::from(false)
    })
}

pub(super) fn index(arguments: &Arguments<'_>) -> Outcome {
    let (list, wanted) = (arguments.at(0), arguments.at(1));
    let elements = match &list.kind {
        Kind::List(sequence, elements) if *sequence != Sequence::Set => elements,
        Kind::Unknown(unknown) if may_be_sequence(unknown) => {
            return Ok(undecided(arguments, Type::Number));
        }
        _ => return Err(Failure::new("a list or a tuple is required").in_argument(0)),
    };
    for (position, element) in elements.iter().enumerate() {
        if !element.trace.presence.is_certain() {
            return Ok(undecided(arguments, Type::Number));
        }
        match operators::equals(element, wanted).as_bool() {
            Some(true) => return Ok(Value::from(position)),
            Some(false) => {}
            None => return Ok(undecided(arguments, Type::Number)),
        }
    }
    Err(Failure::new("the list does not contain the value"))
}

/// The type of the elements of a list, a set or a map.
pub(super) fn element_of(collection: &Value) -> Type {
    match types::type_of(collection) {
        Type::List(element) | Type::Set(element) | Type::Map(element) => (*element).clone(),
        _ => Type::Null,
    }
}

/// Whether an unknown may turn out to be a list, a tuple or a set.
pub(super) fn may_be_sequence(unknown: &Unknown) -> bool {
    matches!(
        unknown.ty(),
        Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_)
    )
}

/// Whether an unknown may turn out to be an object or a map.
pub(super) fn may_be_mapping(unknown: &Unknown) -> bool {
    matches!(unknown.ty(), Type::Any | Type::Map(_) | Type::Object(_))
}

pub(super) fn compact(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.at(0);
    let Some(elements) = list.elements() else {
        return Ok(undecided(arguments, Type::list(Type::String)));
    };
    let mut kept = Vec::with_capacity(elements.len());
    for element in elements {
        let element = out_of(list, element);
        match is_empty(&element) {
            Some(true) => {}
            Some(false) => kept.push(element),
            None => {
                let why = Unknown::computed([&element]);
                kept.push(perhaps(element, &Presence::Maybe(why)));
            }
        }
    }
    Ok(Value::list(kept).or_empty_of(|| Type::String))
}

/// Whether a string is null or empty, where that is known.
pub(super) fn is_empty(value: &Value) -> Option<bool> {
    match &value.kind {
        Kind::Null(_) => Some(true),
        Kind::Unknown(_) => None,
        Kind::String(text) => match text.known() {
            Some(known) => Some(known.is_empty()),
            None => {
                let some = text.0.iter().any(|part| !matches!(part, Part::Unknown(..)));
                some.then_some(false)
            }
        },
        _ => Some(false),
    }
}

pub(super) fn distinct(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.at(0);
    let Some(elements) = list.elements() else {
        return Ok(undecided(arguments, types::type_of(list)));
    };
    let mut distinct = Distinct::default();
    for element in elements {
        distinct.add(out_of(list, element));
    }
    Ok(Value::list(distinct.kept).or_empty_of(|| element_of(list)))
}

/// What is gathered of elements without repetition.
#[derive(Default)]
struct Distinct {
    kept: Vec<Value>,
    /// Where each element that is known and certain stands, by its JSON.
    known: HashMap<String, usize>,
    /// Where the others stand.
    open: Vec<usize>,
    comparisons: usize,
}

impl Distinct {
    fn add(&mut self, element: Value) {
        let key = if element.is_known() {
            json::render(&element).known().map(String::from)
        } else {
            None
        };
        let same = match &key {
            Some(key) => self.known.get(key).copied(),
            None => self.same(&element),
        };
        if let Some(at) = same {
            // The one that is kept tells a secret that the other is, too.
            self.kept[at].trace.add_marks(&element.marks());
            return;
        }
        let at = self.kept.len();
        let before = match &key {
            // Known elements that are not the same are different.
            Some(_) => self.equal(&element, self.open.len(), |index| self.open[index]),
            None => self.equal(&element, at, |index| index),
        };
        self.comparisons += before.compared;
        match key {
            Some(key) => {
                self.known.insert(key, at);
            }
            None => self.open.push(at),
        }
        self.kept.push(match before.equal {
            Some(why) => perhaps(element, &Presence::Maybe(why)),
            None => element,
        });
    }

    /// Where an element stands that is certainly the same.
    fn same(&mut self, element: &Value) -> Option<usize> {
        let left = COMPARISONS.saturating_sub(self.comparisons);
        self.comparisons += self.open.len().min(left);
        let mut open = self.open.iter().take(left).copied();
        open.find(|&at| self.kept[at].same(element))
    }

    /// Whether an element may be equal to one of so many that are kept.
    fn equal(&self, element: &Value, count: usize, at: impl Fn(usize) -> usize) -> Before {
        let left = COMPARISONS.saturating_sub(self.comparisons);
        for index in 0..count {
            let other = &self.kept[at(index)];
            if index == left || operators::equals(other, element).as_bool() != Some(false) {
                return Before {
                    compared: index + 1,
                    equal: Some(Unknown::computed([other, element])),
                };
            }
        }
        Before {
            compared: count,
            equal: None,
        }
    }
}

/// What comparing with the elements before found.
struct Before {
    compared: usize,
    /// Why an element may be one of those before it.
    equal: Option<Unknown>,
}
