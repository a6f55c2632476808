//! Functions that choose among what they are given: an element, an entry, the first that counts.

use super::collections::{element_of, is_empty, may_be_mapping, may_be_sequence, undecided};
use super::elements::{are_certain, certain_head, out_of, taken};
use super::function::Outcome;
use super::signature::Arguments;
use crate::terraform::types::{self, Type};
use crate::terraform::value::{Failure, Kind, Map, Mapping, Presence, Sequence, Unknown, Value};

/// One of several values, decided by what the arguments hang on.
fn one_of(values: Vec<Value>, arguments: &Arguments<'_>) -> Value {
    Unknown::one_of(values, &Unknown::computed(&arguments.values))
}

/// Takes the element with an index, which goes round. A negative one counts from the end, as it does
/// in newer versions of Terraform; older ones refuse it.
pub(super) fn element(arguments: &Arguments<'_>) -> Outcome {
    let (list, index) = (arguments.at(0), arguments.at(1));
    let elements = match &list.kind {
        Kind::List(Sequence::Tuple | Sequence::List, elements) => elements,
        Kind::Unknown(unknown) if may_be_sequence(unknown) => {
            let some = match index.as_number().and_then(|index| index.to_usize()) {
                Some(index) if may_reach(unknown, index) => unknown.element(index),
                _ => unknown.some_element(),
            };
            return Ok(out_of(list, &Value::unknown(some)));
        }
        _ => return Err(Failure::new("a list or a tuple is required").in_argument(0)),
    };
    if elements.is_empty() {
        return Err(Failure::new("an empty list has no elements to take").in_argument(0));
    }
    if index.is_unknown() {
        let several = elements.iter().map(|element| taken(out_of(list, element)));
        return Ok(one_of(several.collect(), arguments));
    }
    let index = arguments.whole(1)?;
    let head = certain_head(elements);
    let count = i64::try_from(elements.len()).unwrap_or(i64::MAX);
    let exact = if head == elements.len() {
        usize::try_from(index.rem_euclid(count)).ok()
    } else {
        usize::try_from(index).ok().filter(|&index| index < head)
    };
    Ok(match exact.and_then(|index| elements.get(index)) {
        Some(element) => out_of(list, element),
        None => {
            let several = elements.iter().map(|element| taken(out_of(list, element)));
            one_of(several.collect(), arguments)
        }
    })
}

/// Whether an index is sure not to go round, so that the element is exactly the one there.
fn may_reach(unknown: &Unknown, index: usize) -> bool {
    match unknown.ty() {
        Type::Tuple(elements) => index < elements.len(),
        _ => index == 0,
    }
}

/// The only element of a sequence, or null of an empty one.
pub(super) fn one(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.at(0);
    let wrong = || Failure::new("a sequence with one element or none is required").in_argument(0);
    let elements = match &list.kind {
        Kind::List(_, elements) => elements,
        Kind::Unknown(unknown) if may_be_sequence(unknown) => {
            return Ok(out_of(list, &Value::unknown(unknown.some_element())));
        }
        _ => return Err(wrong()),
    };
    let mut certain = elements
        .iter()
        .filter(|element| element.trace.presence.is_certain());
    match (certain.next(), certain.next()) {
        (Some(_), Some(_)) if !super::elements::may_shrink(Sequence::Set, elements) => Err(wrong()),
        (Some(_), Some(_)) => match list.as_sequence() {
            Some((Sequence::Set, _)) => {
                let several = elements.iter().map(|element| taken(out_of(list, element)));
                Ok(one_of(several.collect(), arguments))
            }
            _ => Err(wrong()),
        },
        // The others cannot be there, or there would be more than one.
        (Some(only), None) => Ok(out_of(list, only)),
        (None, _) if elements.is_empty() => {
            let element = elements.element().clone();
            Ok(Value::of(Kind::Null(element)))
        }
        (None, _) => {
            let mut several: Vec<Value> = elements
                .iter()
                .map(|element| taken(out_of(list, element)))
                .collect();
            several.push(Value::null());
            Ok(one_of(several, arguments))
        }
    }
}

pub(super) fn lookup(arguments: &Arguments<'_>) -> Outcome {
    if arguments.values.len() > 3 {
        return Err(Failure::new("`lookup` takes two or three arguments").in_argument(3));
    }
    let (map, key) = (arguments.at(0), arguments.at(1));
    let default = arguments.values.get(2);
    let entries = match &map.kind {
        Kind::Object(mapping, entries) => (*mapping, entries),
        Kind::Unknown(unknown) if may_be_mapping(unknown) => {
            return Ok(lookup_unknown(unknown, arguments));
        }
        _ => return Err(Failure::new("a map or an object is required").in_argument(0)),
    };
    let (mapping, entries) = (entries.0, &**entries.1);
    let default = match default {
        Some(default) => Some(default_of(map, mapping, default)?),
        None => None,
    };
    let Some(key) = key.as_str() else {
        let mut several: Vec<Value> = entries
            .entries
            .values()
            .map(|entry| taken(out_of(map, entry)))
            .collect();
        several.extend(
            entries
                .rest
                .as_ref()
                .map(|rest| Value::unknown(rest.some_element())),
        );
        several.extend(default);
        if several.is_empty() {
            return Ok(undecided(arguments, Type::Any));
        }
        return Ok(one_of(several, arguments));
    };
    let found = match entries.entries.get(&*key) {
        Some(entry) => {
            let value = out_of(map, entry);
            match (&entry.trace.presence, default) {
                (Presence::Certain, _) | (_, None) => return Ok(taken(value)),
                (_, Some(default)) => vec![taken(value), default],
            }
        }
        None => {
            let Some(rest) = &entries.rest else {
                return default.ok_or_else(|| {
                    Failure::new(format!(
                        "the map has no key `{key}` and `lookup` no default"
                    ))
                    .in_argument(0)
                });
            };
            let value = out_of(map, &Value::unknown(rest.attribute(&key)));
            match default {
                None => return Ok(value),
                Some(default) => vec![value, default],
            }
        }
    };
    Ok(one_of(found, arguments))
}

/// The default, of the type that a map's elements have.
fn default_of(map: &Value, mapping: Mapping, default: &Value) -> Result<Value, Failure> {
    if mapping == Mapping::Object {
        return Ok(default.clone());
    }
    let Type::Map(element) = types::type_of(map) else {
        return Ok(default.clone());
    };
    types::convert(default, &element).map_err(|_| {
        Failure::new("the default must have the type of the map's elements").in_argument(2)
    })
}

fn lookup_unknown(unknown: &Unknown, arguments: &Arguments<'_>) -> Value {
    let (map, key) = (arguments.at(0), arguments.at(1));
    let found = match key.as_str() {
        Some(key) => unknown.attribute(&key),
        None => unknown.some_element(),
    };
    let found = out_of(map, &Value::unknown(found));
    match arguments.values.get(2) {
        None => found,
        Some(default) => one_of(vec![found, default.clone()], arguments),
    }
}

pub(super) fn keys(arguments: &Arguments<'_>) -> Outcome {
    let map = arguments.at(0);
    let (mapping, entries) = match &map.kind {
        Kind::Object(mapping, entries) => (*mapping, &**entries),
        Kind::Unknown(unknown) if may_be_mapping(unknown) => {
            return Ok(match unknown.ty() {
                Type::Object(attributes) => {
                    let keys = attributes.keys().map(|key| Value::string(key.clone()));
                    Value::tuple(keys.collect())
                }
                _ => undecided(arguments, Type::list(Type::String)),
            });
        }
        _ => return Err(Failure::new("a map or an object is required").in_argument(0)),
    };
    let each = entries.entries.iter().map(|(key, entry)| {
        let key = Value::string(key.clone());
        key.with_presence(entry.trace.presence.clone())
    });
    let other = |rest: &Unknown| {
        let key = Unknown::computed_from([rest]);
        key.with_type(Type::String).not_null()
    };
    let keys = each.collect();
    Ok(sequence_of(map, mapping, keys, entries, other, || {
        Type::String
    }))
}

pub(super) fn values(arguments: &Arguments<'_>) -> Outcome {
    let map = arguments.at(0);
    let (mapping, entries) = match &map.kind {
        Kind::Object(mapping, entries) => (*mapping, &**entries),
        Kind::Unknown(unknown) if may_be_mapping(unknown) => {
            let ty = match unknown.ty() {
                Type::Map(element) => Type::list((**element).clone()),
                _ => Type::Any,
            };
            return Ok(undecided(arguments, ty));
        }
        _ => return Err(Failure::new("a map or an object is required").in_argument(0)),
    };
    let each = entries.entries.values().map(|entry| out_of(map, entry));
    Ok(sequence_of(
        map,
        mapping,
        each.collect(),
        entries,
        Unknown::some_element,
        || element_of(map),
    ))
}

/// What keys and values come in: a list for a map and a tuple for an object, and one element more for all
/// those that are not known.
fn sequence_of(
    map: &Value,
    mapping: Mapping,
    mut elements: Vec<Value>,
    entries: &Map,
    other: impl Fn(&Unknown) -> Unknown,
    element: impl FnOnce() -> Type,
) -> Value {
    if let Some(rest) = &entries.rest {
        // Where the others sort between these, nobody knows. Standing first, they leave none of these a
        // certain place.
        let others = Value::unknown(other(rest)).with_presence(Presence::Any(rest.clone()));
        elements.insert(0, out_of(map, &others));
    }
    match mapping {
        Mapping::Map => Value::list(elements).or_empty_of(element),
        Mapping::Object => Value::tuple(elements),
    }
}

pub(super) fn coalesce(arguments: &Arguments<'_>) -> Outcome {
    let mut argument_types = Vec::new();
    for value in &arguments.values {
        argument_types.push(types::type_of(value));
    }
    let Some(ty) = types::unify(&argument_types) else {
        return Err(Failure::new("all arguments must have one type"));
    };
    let mut several = Vec::new();
    for (index, argument) in arguments.values.iter().enumerate() {
        let value = types::convert(argument, &ty).map_err(|why| why.in_argument(index))?;
        let is_text = matches!(value.kind, Kind::String(_) | Kind::Json(_)) || ty == Type::String;
        let skipped = match &value.kind {
            Kind::Null(_) => Some(true),
            Kind::Unknown(unknown) => match (unknown.ty(), value.is_not_null()) {
                (Type::String | Type::Any, _) | (_, false) => None,
                _ => Some(false),
            },
            _ if is_text => is_empty(&value),
            _ => Some(false),
        };
        match skipped {
            Some(true) => {}
            Some(false) => {
                several.push(value);
                return Ok(first_of(several, arguments));
            }
            None => several.push(value),
        }
    }
    if several.is_empty() {
        return Err(Failure::new("every argument is null or an empty string"));
    }
    Ok(first_of(several, arguments))
}

/// The first of these that counts, where it is not known which do. Where there is but one, it is that:
/// Terraform fails where none counts.
fn first_of(mut several: Vec<Value>, arguments: &Arguments<'_>) -> Value {
    match several.len() {
        1 => several.remove(0),
        _ => one_of(several, arguments),
    }
}

pub(super) fn coalescelist(arguments: &Arguments<'_>) -> Outcome {
    if arguments.values.is_empty() {
        return Err(Failure::new("at least one argument is required"));
    }
    for (index, argument) in arguments.values.iter().enumerate() {
        let is_list = match &argument.kind {
            Kind::Null(ty) => matches!(ty, Type::List(_) | Type::Tuple(_)),
            Kind::List(sequence, _) => *sequence != Sequence::Set,
            Kind::Unknown(unknown) => may_be_sequence(unknown),
            _ => false,
        };
        if !is_list {
            return Err(Failure::new("a list or a tuple is required").in_argument(index));
        }
    }
    let mut several = Vec::new();
    for argument in &arguments.values {
        match &argument.kind {
            Kind::Null(_) => {}
            Kind::List(Sequence::Tuple | Sequence::List, elements) => {
                if elements.is_empty() {
                    continue;
                }
                several.push(argument.clone());
                if elements
                    .iter()
                    .any(|element| element.trace.presence.is_certain())
                {
                    return Ok(first_of(several, arguments));
                }
            }
            _ => several.push(argument.clone()),
        }
    }
    if several.is_empty() {
        return Err(Failure::new("every argument is null or empty"));
    }
    Ok(first_of(several, arguments))
}

/// Whether a sequence is known to have exactly as many elements as it shows.
pub(super) fn counted(value: &Value) -> Option<&[Value]> {
    value.elements().filter(|elements| are_certain(elements))
}
