//! Functions that take elements out of lists and put them in another order.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::collections::{element_of, may_be_sequence, undecided};
use super::elements::{certain_head, out_of};
use super::function::Outcome;
use super::lookup::counted;
use super::signature::{Arguments, whole, without_order};
use crate::terraform::types::{self, Type};
use crate::terraform::value::{Failure, Kind, Sequence, Unknown, Value};
use crate::terraform::{json, operators};

pub(super) fn reverse(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.at(0);
    let (sequence, elements) = match &list.kind {
        Kind::List(sequence, elements) => (*sequence, elements),
        Kind::Unknown(unknown) if may_be_sequence(unknown) => {
            let ty = match unknown.ty() {
                Type::List(element) | Type::Set(element) => Type::list((**element).clone()),
                Type::Tuple(elements) => Type::tuple(elements.iter().rev().cloned().collect()),
                _ => Type::Any,
            };
            return Ok(undecided(arguments, ty));
        }
        _ => return Err(Failure::new("a list or a tuple is required").in_argument(0)),
    };
    if sequence == Sequence::Set {
        let listed = types::convert(&without_order(list), &Type::list(Type::Any))?;
        let reversed = listed.elements().unwrap_or_default().iter().rev().cloned();
        let reversed = reversed.map(|element| out_of(list, &element));
        return Ok(Value::list(reversed.collect()).or_empty_of(|| element_of(list)));
    }
    let reversed = elements
        .iter()
        .rev()
        .map(|element| out_of(list, element))
        .collect();
    Ok(match sequence {
        Sequence::Tuple => Value::tuple(reversed),
        Sequence::List | Sequence::Set => Value::list(reversed).or_empty_of(|| element_of(list)),
    })
}

pub(super) fn slice(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.at(0);
    let (sequence, elements) = match &list.kind {
        Kind::List(sequence @ (Sequence::Tuple | Sequence::List), elements) => {
            (*sequence, elements)
        }
        Kind::Unknown(unknown)
            if may_be_sequence(unknown) && !matches!(unknown.ty(), Type::Set(_)) =>
        {
            let ty = match unknown.ty() {
                Type::Tuple(_) => Type::Any,
                ty => ty.clone(),
            };
            bounds(arguments, None)?;
            return Ok(undecided(arguments, ty));
        }
        _ => return Err(Failure::new("a list or a tuple is required").in_argument(0)),
    };
    let head = certain_head(elements);
    let count = (head == elements.len()).then_some(head);
    if let (Some(start), Some(end)) = bounds(arguments, count)?
        && end <= head
    {
        let taken = elements[start..end]
            .iter()
            .map(|element| out_of(list, element))
            .collect();
        return Ok(Value::sequence(sequence, taken).or_empty_of(|| element_of(list)));
    }
    let ty = match sequence {
        Sequence::List => types::type_of(list),
        _ => Type::Any,
    };
    Ok(undecided(arguments, ty))
}

/// Where a slice begins and ends, as far as it is known, in a list of so many elements.
fn bounds(
    arguments: &Arguments<'_>,
    count: Option<usize>,
) -> Result<(Option<usize>, Option<usize>), Failure> {
    let bound = |index: usize| -> Result<Option<usize>, Failure> {
        let Some(number) = arguments.at(index).as_number() else {
            return Ok(None);
        };
        let bound = whole(number)
            .ok()
            .and_then(|number| usize::try_from(number).ok());
        match (bound, count) {
            (Some(bound), Some(count)) if bound > count => {
                Err(Failure::new(format!("the list has only {count} elements")).in_argument(index))
            }
            (Some(bound), _) => Ok(Some(bound)),
            (None, _) => Err(
                Failure::new("a whole number that is not negative is required").in_argument(index),
            ),
        }
    };
    let (start, end) = (bound(1)?, bound(2)?);
    if start.zip(end).is_some_and(|(start, end)| start > end) {
        return Err(Failure::new("the start must not be past the end").in_argument(1));
    }
    Ok((start, end))
}

pub(super) fn chunklist(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.at(0);
    let ty = || Type::list(types::type_of(list));
    let size = match arguments.at(1).as_number() {
        Some(size) => Some(usize::try_from(whole(size)?).map_err(|_| {
            Failure::new("the size of a chunk must not be negative").in_argument(1)
        })?),
        None => None,
    };
    let (Some(elements), Some(size)) = (counted(list), size) else {
        return Ok(undecided(arguments, ty()));
    };
    if elements.is_empty() {
        return Ok(Value::empty_sequence(Sequence::List, types::type_of(list)));
    }
    let size = if size == 0 { elements.len() } else { size };
    let chunks = elements
        .chunks(size)
        .map(|chunk| Value::list(chunk.iter().map(|element| out_of(list, element)).collect()));
    Ok(Value::list(chunks.collect()))
}

pub(super) fn sort(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.at(0);
    if !list.is_known() {
        // Each place has one of the elements, but which?
        let Some(elements) = counted(list) else {
            return Ok(undecided(arguments, Type::list(Type::String)));
        };
        let each: Vec<Value> = elements
            .iter()
            .map(|element| out_of(list, element))
            .collect();
        let any = match each.as_slice() {
            [_] => each[0].clone(),
            _ => Unknown::one_of(each, &Unknown::computed([list])),
        };
        return Ok(Value::list(vec![any; elements.len()]));
    }
    let mut texts = Vec::new();
    for (index, element) in list.elements().unwrap_or_default().iter().enumerate() {
        let Some(text) = element.as_str() else {
            return Err(
                Failure::new(format!("the element at index {index} is null")).in_argument(0),
            );
        };
        texts.push((text.into_owned(), element));
    }
    // Elements of equal text may differ in their traces: the first stays the first.
    texts.sort_by(|one, other| one.0.cmp(&other.0));
    let sorted = texts.into_iter().map(|(_, element)| out_of(list, element));
    Ok(Value::list(sorted.collect()).or_empty_of(|| Type::String))
}

/// How many comparisons a call makes where elements cannot be told apart by their JSON.
const COMPARISONS: usize = 4_000_000;

pub(super) fn matchkeys(arguments: &Arguments<'_>) -> Outcome {
    let (values, keys, wanted) = (arguments.at(0), arguments.at(1), arguments.at(2));
    let Some(common) = types::unify(&[types::type_of(keys), types::type_of(wanted)]) else {
        return Err(Failure::new(
            "the keys and the keys to search for must have one type",
        ));
    };
    let different = counted(values).zip(counted(keys));
    if different.is_some_and(|(values, keys)| values.len() != keys.len()) {
        return Err(Failure::new("there must be as many keys as values"));
    }
    if !arguments.values.iter().all(Value::is_known) {
        return Ok(undecided(arguments, types::type_of(values)));
    }
    let keys = types::convert(keys, &common).map_err(|why| why.in_argument(1))?;
    let wanted = types::convert(wanted, &common).map_err(|why| why.in_argument(2))?;
    let (values, keys) = (
        values.elements().unwrap_or_default(),
        keys.elements().unwrap_or_default(),
    );
    let wanted = wanted.elements().unwrap_or_default();
    let written = |value: &Value| json::render(value).known().map(String::from);
    let texts: Option<HashSet<String>> = wanted.iter().map(written).collect();
    let is_wanted = |key: &Value| match (&texts, written(key)) {
        (Some(texts), Some(key)) => texts.contains(&key),
        _ => wanted
            .iter()
            .any(|one| operators::equals(one, key).as_bool() == Some(true)),
    };
    if texts.is_none() && keys.len().saturating_mul(wanted.len()) > COMPARISONS {
        return Ok(Value::unknown(Unknown::other(
            "`matchkeys` has too much to compare",
        )));
    }
    let matched = values.iter().zip(keys).filter(|(_, key)| is_wanted(key));
    let matched = matched.map(|(value, _)| value.clone());
    Ok(Value::list(matched.collect()).or_empty_of(|| element_of(arguments.at(0))))
}

pub(super) fn transpose(arguments: &Arguments<'_>) -> Outcome {
    let Some((_, map)) = arguments.at(0).as_mapping() else {
        return Ok(undecided(arguments, Type::map(Type::list(Type::String))));
    };
    let mut transposed: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (key, list) in &map.entries {
        let Some(elements) = list.elements() else {
            return Err(Failure::new("a list in the map is null").in_argument(0));
        };
        for element in elements {
            let Some(text) = element.as_str() else {
                return Err(Failure::new("a string in the map is null").in_argument(0));
            };
            transposed
                .entry(Arc::from(&*text))
                .or_default()
                .push(Value::string(key.clone()));
        }
    }
    // The keys came in order, so each list is sorted already.
    Ok(Value::map(
        transposed
            .into_iter()
            .map(|(key, list)| (key, Value::list(list))),
    ))
}
