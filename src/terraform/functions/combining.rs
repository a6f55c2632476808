//! Functions that put collections together: `concat`, `flatten`, `merge`, `zipmap`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::collections::{may_be_mapping, may_be_sequence, undecided};
use super::elements::{out_of, perhaps, spread};
use super::function::Outcome;
use super::lookup::counted;
use super::signature::{Arguments, without_order};
use crate::terraform::types::{self, Type};
use crate::terraform::value::{
    Failure, Kind, MAX_WEIGHT, Map, Mapping, Marks, Presence, Reason, Sequence, Unknown, Value,
};

pub(super) fn concat(arguments: &Arguments<'_>) -> Outcome {
    let values = &arguments.values;
    if values.is_empty() {
        return Err(Failure::new("at least one argument is required"));
    }
    if let Some(unknown) = too_heavy(arguments) {
        return Ok(unknown);
    }
    let mut all = Vec::new();
    for (index, argument) in values.iter().enumerate() {
        let joined = match &argument.kind {
            Kind::List(Sequence::Set, _) => None,
            Kind::Unknown(unknown) if !may_be_sequence(unknown) => None,
            _ => spread(argument),
        };
        let Some(elements) = joined else {
            return Err(Failure::new("a list or a tuple is required").in_argument(index));
        };
        all.extend(elements);
    }
    if let [only] = values.as_slice() {
        return Ok(only.clone());
    }
    if values.iter().all(Value::is_unknown) {
        return Ok(undecided(
            arguments,
            common_list(values).unwrap_or_default(),
        ));
    }
    match common_list(values) {
        // A type that hangs on something unknown may not be the one that it turns out to be.
        Some(ty) => match types::convert(&Value::list(all.clone()), &ty) {
            Err(_) if !values.iter().all(Value::is_known) => Ok(Value::tuple(all)),
            converted => converted,
        },
        None => Ok(Value::tuple(all)),
    }
}

/// The result of putting arguments together that are heavier than a value may be.
pub(super) fn too_heavy(arguments: &Arguments<'_>) -> Option<Value> {
    let weight = arguments
        .values
        .iter()
        .fold(0, |sum: usize, value| sum.saturating_add(value.weight()));
    (weight > MAX_WEIGHT).then(|| {
        let why = Unknown::other("the value would be larger than 32 MiB");
        Value::unknown(why.not_null()).flow(&arguments.values)
    })
}

/// The list type that all of these have together, where each is a list.
fn common_list(values: &[Value]) -> Option<Type> {
    let mut list_types = Vec::with_capacity(values.len());
    for value in values {
        let ty = types::type_of(value);
        if !matches!(ty, Type::List(_)) {
            return None;
        }
        list_types.push(ty);
    }
    types::unify(&list_types)
}

pub(super) fn flatten(arguments: &Arguments<'_>) -> Outcome {
    let list = arguments.at(0);
    match &list.kind {
        Kind::List(..) => {}
        Kind::Unknown(unknown) if may_be_sequence(unknown) => {
            return Ok(undecided(arguments, Type::Any));
        }
        _ => return Err(Failure::new("a list, a tuple or a set is required").in_argument(0)),
    }
    let mut flat = Flat::default();
    flat.add(list, &Presence::Certain);
    let marks = Marks {
        taint: None,
        sensitive: flat.sensitive,
    };
    Ok(Value::tuple(flat.elements).with_marks(&marks))
}

/// What is gathered of nested sequences.
#[derive(Default)]
struct Flat {
    elements: Vec<Value>,
    /// Whether one of the sequences is sensitive, which then all of the result is.
    sensitive: bool,
}

impl Flat {
    /// Adds the elements of a sequence, and in place of sequences among them their elements. Values are
    /// not nested deeper than recursion can go.
    fn add(&mut self, list: &Value, around: &Presence) {
        self.sensitive |= list.trace.sensitive;
        for element in spread(&without_order(list)).unwrap_or_default() {
            self.add_element(perhaps(element, around));
        }
    }

    fn add_element(&mut self, element: Value) {
        match &element.kind {
            Kind::List(..) => self.add(&element, &element.trace.presence),
            Kind::Unknown(unknown) => self.add_unknown(&element, unknown),
            _ => self.elements.push(element),
        }
    }

    fn add_unknown(&mut self, element: &Value, unknown: &Unknown) {
        let presence = &element.trace.presence;
        match unknown.ty() {
            Type::List(_) | Type::Set(_) => self.add(element, presence),
            Type::Tuple(elements) => {
                self.sensitive |= element.trace.sensitive;
                for index in 0..elements.len() {
                    let inner = out_of(element, &Value::unknown(unknown.element(index)));
                    self.add_element(perhaps(inner, presence));
                }
            }
            Type::Any if alternatives_are_lists(unknown) => self.add(element, presence),
            // It may be a list, and stands for its elements then.
            Type::Any => {
                let why = Unknown::computed_from([unknown]);
                let inner = Value::unknown(why.clone()).with_marks(&element.trace.marks());
                let inner = inner.with_presence(Presence::Any(why));
                self.elements.push(perhaps(inner, presence));
            }
            _ => self.elements.push(element.clone()),
        }
    }
}

fn alternatives_are_lists(unknown: &Unknown) -> bool {
    match unknown.reason() {
        Reason::OneOf(several, _) => several.iter().all(|one| one.elements().is_some()),
        _ => false,
    }
}

/// What is gathered of maps, the later overriding the earlier.
#[derive(Default)]
struct Merged {
    entries: BTreeMap<Arc<str>, Value>,
    rest: Vec<Unknown>,
    /// Secrets in the keys that are not known, which no entry can carry.
    marks: Marks,
}

impl Merged {
    fn add(&mut self, argument: &Value) -> bool {
        match &argument.kind {
            Kind::Null(_) => true,
            Kind::Object(_, map) => {
                if let Some(rest) = &map.rest {
                    self.override_with(rest, argument, |key| map.entries.contains_key(key));
                }
                for (key, entry) in &map.entries {
                    self.insert(key, out_of(argument, entry));
                }
                true
            }
            Kind::Unknown(unknown) if may_be_mapping(unknown) => {
                match (unknown.reason(), unknown.ty()) {
                    (Reason::OneOf(several, _), _) if several.iter().all(is_closed) => {
                        self.add_one_of(argument, unknown, several);
                    }
                    (_, Type::Object(attributes)) => {
                        for key in attributes.keys() {
                            let value = Value::unknown(unknown.attribute(key));
                            self.insert(key, out_of(argument, &value));
                        }
                    }
                    _ => self.override_with(unknown, argument, |_| false),
                }
                true
            }
            _ => false,
        }
    }

    /// Adds the entries of one of several maps: those that all have are certain, others perhaps there.
    fn add_one_of(&mut self, argument: &Value, unknown: &Unknown, several: &[Value]) {
        let why = Unknown::computed_from([unknown]);
        let mut keys: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
        for one in several {
            for (key, entry) in one
                .as_mapping()
                .into_iter()
                .flat_map(|(_, map)| &map.entries)
            {
                let entry = out_of(argument, &out_of(one, entry));
                keys.entry(key.clone()).or_default().push(entry);
            }
        }
        for (key, values) in keys {
            let everywhere = values.len() == several.len()
                && values.iter().all(|value| value.trace.presence.is_certain());
            let value = Unknown::one_of(values, &why);
            let presence = if everywhere {
                Presence::Certain
            } else {
                Presence::Maybe(why.clone())
            };
            self.insert(&key, value.with_presence(presence));
        }
    }

    fn insert(&mut self, key: &Arc<str>, value: Value) {
        let Some(why) = value.trace.presence.unknown().cloned() else {
            self.entries.insert(key.clone(), value);
            return;
        };
        let value = match self.entries.remove(key) {
            Some(before) => {
                let presence = before.trace.presence.clone();
                let both = vec![before, value];
                let either = Unknown::one_of(both, &why);
                match presence {
                    Presence::Certain => either,
                    _ => either.with_presence(Presence::Maybe(why)),
                }
            }
            None => value,
        };
        self.entries.insert(key.clone(), value);
    }

    /// Lets keys that are not known override what is there.
    fn override_with(&mut self, rest: &Unknown, argument: &Value, but: impl Fn(&str) -> bool) {
        for (key, value) in &mut self.entries {
            if but(key) {
                continue;
            }
            let presence = value.trace.presence.clone();
            let other = out_of(argument, &Value::unknown(rest.attribute(key)));
            let both = vec![std::mem::take(value), other];
            *value = Unknown::one_of(both, rest).with_presence(presence);
        }
        self.rest.push(rest.clone());
        self.marks.add(&Marks {
            taint: argument.trace.taint.clone(),
            sensitive: false,
        });
    }

    fn finish(self, mapping: Mapping) -> Value {
        let rest = match self.rest.as_slice() {
            [] => None,
            [only] => Some(only.clone()),
            several => Some(Unknown::computed_from(several)),
        };
        let entries = self.entries;
        Value::mapping(mapping, Map { entries, rest }).with_marks(&self.marks)
    }
}

/// Whether a value is a map or an object without unknown keys.
fn is_closed(value: &Value) -> bool {
    value
        .as_mapping()
        .is_some_and(|(_, map)| map.rest.is_none())
}

pub(super) fn merge(arguments: &Arguments<'_>) -> Outcome {
    let values = &arguments.values;
    if let Some(unknown) = too_heavy(arguments) {
        return Ok(unknown);
    }
    let mut merged = Merged::default();
    for (index, argument) in values.iter().enumerate() {
        if !merged.add(argument) {
            return Err(Failure::new("a map or an object is required").in_argument(index));
        }
    }
    let written: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
    match written.as_slice() {
        [only] if only.is_unknown() => return Ok((*only).clone()),
        several if !several.is_empty() && several.iter().all(|value| value.is_unknown()) => {
            let ty = types::type_of(several[0]);
            if several.iter().all(|value| types::type_of(value) == ty)
                && !matches!(ty, Type::Object(_))
            {
                return Ok(undecided(arguments, ty));
            }
        }
        _ => {}
    }
    if merged_as_map(values) {
        return Ok(merged.finish(Mapping::Map));
    }
    Ok(merged.finish(Mapping::Object))
}

/// Whether the result is a map: all arguments are, and of one type.
fn merged_as_map(values: &[Value]) -> bool {
    let mut element: Option<Type> = None;
    for value in values.iter().filter(|value| !value.is_null()) {
        match (types::type_of(value), &element) {
            (Type::Map(_), None) | (Type::Map(_), Some(Type::Any)) => {
                if let Type::Map(ty) = types::type_of(value) {
                    element = Some((*ty).clone());
                }
            }
            (Type::Map(ty), Some(before)) => {
                let empty = value
                    .as_mapping()
                    .is_some_and(|(_, map)| map.entries.is_empty());
                if *ty != *before && !empty && *ty != Type::Any {
                    return false;
                }
            }
            _ => return false,
        }
    }
    element.is_some()
}

pub(super) fn zipmap(arguments: &Arguments<'_>) -> Outcome {
    let (keys, values) = (arguments.at(0), arguments.at(1));
    let mapping = match (&values.kind, values.as_unknown().map(Unknown::ty)) {
        (Kind::List(Sequence::List, _), _) | (_, Some(Type::List(_))) => Mapping::Map,
        (Kind::List(Sequence::Tuple, _), _) | (_, Some(Type::Tuple(_) | Type::Any)) => {
            Mapping::Object
        }
        _ => return Err(Failure::new("a list or a tuple is required").in_argument(1)),
    };
    let open = |ty| Ok(undecided(arguments, ty));
    let Some(keys_in_order) = counted(keys) else {
        return open(match types::type_of(values) {
            Type::List(element) => Type::map((*element).clone()),
            _ => Type::Any,
        });
    };
    let values_in_order: Vec<Value> = match (counted(values), values.as_unknown()) {
        (Some(elements), _) => elements
            .iter()
            .map(|element| out_of(values, element))
            .collect(),
        (None, Some(unknown)) => (0..keys_in_order.len())
            .map(|index| out_of(values, &Value::unknown(unknown.element(index))))
            .collect(),
        _ => return open(Type::Any),
    };
    if keys_in_order.len() != values_in_order.len() {
        return Err(Failure::new(format!(
            "{} keys do not match {} values",
            keys_in_order.len(),
            values_in_order.len()
        )));
    }
    let mut merged = Merged::default();
    let mut sensitive = false;
    for (index, (key, value)) in keys_in_order.iter().zip(values_in_order).enumerate() {
        if key.is_null() {
            return Err(Failure::new(format!("the key at index {index} is null")).in_argument(0));
        }
        sensitive |= key.is_sensitive();
        match key.as_str() {
            Some(key) => {
                merged.entries.insert(Arc::from(&*key), value);
            }
            None => {
                // The entry has some key, perhaps one of those before it.
                for before in merged.entries.values_mut() {
                    let both = vec![std::mem::take(before), value.clone()];
                    *before = Unknown::one_of(both, &Unknown::computed([key]));
                }
                merged.marks.add(&Marks {
                    taint: value.marks().taint,
                    sensitive: false,
                });
                merged.rest.push(Unknown::computed([key, &value]));
            }
        }
    }
    let secrets = Marks {
        taint: keys.marks().taint,
        sensitive,
    };
    Ok(merged.finish(mapping).with_marks(&secrets))
}
