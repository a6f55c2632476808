//! Conversion of values to types.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::kind::{Type, type_of};
use super::unify::{convertible, unify};
use crate::terraform::number::Number;
use crate::terraform::value::{
    Failure, Kind, Map, Mapping, Reason, Sequence, Shared, Unknown, Value,
};

/// Converts a value to a type. Unknown parts stay unknown, with the type that they now have; traces and
/// marks stay. Null stays null.
///
/// # Errors
/// What Terraform would refuse.
pub fn convert(value: &Value, ty: &Type) -> Result<Value, Failure> {
    let kind = match (&value.kind, ty) {
        (_, Type::Any | Type::Null) | (Kind::Bool(_), Type::Bool) => return Ok(value.clone()),
        (Kind::Null(from), _) => {
            if !convertible(from, ty) {
                return Err(required(ty));
            }
            let null = Value::of(Kind::Null(filled(ty, from).decided()));
            return Ok(null.with_trace(value.trace.clone()));
        }
        (Kind::Number(_), Type::Number) | (Kind::String(_) | Kind::Json(_), Type::String) => {
            return Ok(value.clone());
        }
        (Kind::Unknown(unknown), _) => return convert_unknown(value, unknown, ty),
        (Kind::Bool(_) | Kind::Number(_), Type::String) => match value.as_text() {
            Some(text) => {
                let trace = value.trace.clone();
                return Ok(Value::string(text).with_trace(trace));
            }
            None => return Err(required(ty)),
        },
        (Kind::String(_) | Kind::Json(_), Type::Bool | Type::Number) => {
            return from_text(value, ty);
        }
        (Kind::List(from, elements), _) => convert_sequence(*from, elements, ty)?,
        (Kind::Object(from, map), _) => convert_mapping(*from, map, ty)?,
        _ => return Err(required(ty)),
    };
    let mut trace = value.trace.clone();
    trace.sensitive |= kind.trace.sensitive;
    Ok(Value {
        kind: kind.kind,
        trace,
    })
}

fn required(ty: &Type) -> Failure {
    let article = if matches!(ty, Type::Object(_)) {
        "an"
    } else {
        "a"
    };
    Failure::new(format!("{article} {} is required", name(ty)))
}

/// The kind of a type, in a word.
fn name(ty: &Type) -> &'static str {
    match ty {
        Type::Any | Type::Null => "value",
        Type::Bool => "bool",
        Type::Number => "number",
        Type::String => "string",
        Type::List(_) => "list",
        Type::Set(_) => "set",
        Type::Map(_) => "map",
        Type::Tuple(_) => "tuple",
        Type::Object(_) => "object",
    }
}

/// A truth value or a number out of a text.
fn from_text(value: &Value, ty: &Type) -> Result<Value, Failure> {
    let Some(text) = value.as_str() else {
        let unknown = Unknown::computed([value]).with_type(ty.clone()).not_null();
        let mut converted = Value::unknown(unknown).flow([value]);
        converted.trace.steps.clone_from(&value.trace.steps);
        converted.trace.presence = value.trace.presence.clone();
        return Ok(converted);
    };
    let kind = match (ty, &*text) {
        (Type::Number, text) => Kind::Number(Number::parse(text)?),
        (_, "true" | "1") => Kind::Bool(true),
        (_, "false" | "0") => Kind::Bool(false),
        (_, text) if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
            return Err(Failure::new(format!(
                "a bool is required; to convert from string, use lowercase \"{}\"",
                text.to_ascii_lowercase()
            )));
        }
        _ => return Err(required(ty)),
    };
    let mut converted = Value::of(kind).with_trace(value.trace.clone());
    converted.trace.add_marks(&value.marks());
    Ok(converted)
}

fn convert_unknown(value: &Value, unknown: &Unknown, ty: &Type) -> Result<Value, Failure> {
    if let Reason::OneOf(alternatives, _) = unknown.reason() {
        // An alternative that does not convert is one that Terraform would refuse when it comes to it.
        let mut converted = Vec::new();
        let mut failure = None;
        for alternative in alternatives {
            match convert(alternative, ty) {
                Ok(value) => converted.push(value),
                Err(refused) => failure = Some(refused),
            }
        }
        if converted.is_empty() {
            return Err(failure.unwrap_or_else(|| required(ty)));
        }
        let mut one = Unknown::one_of(converted, unknown);
        if let Kind::Unknown(unknown) = one.kind {
            one.kind = Kind::Unknown(unknown.with_type(ty.clone()));
        }
        let marks = one.marks();
        return Ok(one.with_trace(value.trace.clone()).with_marks(&marks));
    }
    if !convertible(unknown.ty(), ty) {
        return Err(required(ty));
    }
    let ty = filled(ty, unknown.ty());
    Ok(Value::unknown(unknown.clone().with_type(ty)).with_trace(value.trace.clone()))
}

/// The type asked for, with what is open in it filled in from the type that was there.
fn filled(wanted: &Type, from: &Type) -> Type {
    match (wanted, from) {
        (wanted, Type::Any | Type::Null) => wanted.clone(),
        (Type::Any | Type::Null, from) => from.clone(),
        (Type::List(wanted), Type::List(from) | Type::Set(from)) => {
            Type::list(filled(wanted, from))
        }
        (Type::Set(wanted), Type::List(from) | Type::Set(from)) => Type::set(filled(wanted, from)),
        (Type::Map(wanted), Type::Map(from)) => Type::map(filled(wanted, from)),
        (Type::List(wanted), Type::Tuple(from)) => {
            Type::list(filled(wanted, &unify(from).unwrap_or_default()))
        }
        (Type::Set(wanted), Type::Tuple(from)) => {
            Type::set(filled(wanted, &unify(from).unwrap_or_default()))
        }
        (Type::Map(wanted), Type::Object(from)) => {
            let types: Vec<Type> = from.values().cloned().collect();
            Type::map(filled(wanted, &unify(&types).unwrap_or_default()))
        }
        (Type::Object(wanted), Type::Object(from)) => {
            Type::object(wanted.iter().map(|(name, wanted)| {
                let from = from.get(name).cloned().unwrap_or_default();
                (name.clone(), filled(wanted, &from))
            }))
        }
        (Type::Object(wanted), Type::Map(from)) => Type::object(
            wanted
                .iter()
                .map(|(name, wanted)| (name.clone(), filled(wanted, from))),
        ),
        (Type::Tuple(wanted), Type::Tuple(from)) => Type::Tuple(
            wanted
                .iter()
                .zip(from.iter())
                .map(|(a, b)| filled(a, b))
                .collect(),
        ),
        (wanted, _) => wanted.clone(),
    }
}

fn convert_sequence(
    from: Sequence,
    elements: &Shared<Vec<Value>>,
    ty: &Type,
) -> Result<Value, Failure> {
    match (from, ty) {
        (_, Type::List(element)) => collected(Sequence::List, from, elements, element),
        (_, Type::Set(element)) => collected(Sequence::Set, from, elements, element),
        (Sequence::Tuple, Type::Tuple(types)) => {
            if elements
                .iter()
                .any(|element| !element.trace.presence.is_certain())
            {
                // How many there are is open, so each must be what any of the types asks for.
                return Ok(Value::sequence(from, elements.to_vec()));
            }
            if elements.len() != types.len() {
                return Err(Failure::new(format!(
                    "a tuple of {} elements is required",
                    types.len()
                )));
            }
            let converted: Result<Vec<Value>, Failure> = elements
                .iter()
                .zip(types.iter())
                .enumerate()
                .map(|(at, (element, ty))| convert(element, ty).map_err(|f| in_element(at, f)))
                .collect();
            Ok(Value::tuple(converted?))
        }
        _ => Err(required(ty)),
    }
}

fn in_element(at: usize, failure: Failure) -> Failure {
    Failure {
        message: format!("element {at}: {}", failure.message),
        ..failure
    }
}

fn in_attribute(name: &str, failure: Failure) -> Failure {
    Failure {
        message: format!("attribute `{name}`: {}", failure.message),
        ..failure
    }
}

/// A list or a set of elements converted to one type, or to the type that they all convert to where it is
/// open.
fn collected(
    sequence: Sequence,
    from: Sequence,
    elements: &Shared<Vec<Value>>,
    wanted: &Type,
) -> Result<Value, Failure> {
    if elements.is_empty() {
        let element = match from {
            Sequence::Tuple => wanted.decided(),
            _ => element_of_empty(elements.element(), wanted)?,
        };
        return Ok(Value::empty_sequence(sequence, element));
    }
    let element = one_type(elements.iter(), wanted)?;
    if element == Type::Null && !elements.iter().all(|element| type_of(element).is_any()) {
        return Err(Failure::new("all elements must have the same type"));
    }
    let converted: Result<Vec<Value>, Failure> = elements
        .iter()
        .enumerate()
        .map(|(at, value)| convert(value, &element).map_err(|f| in_element(at, f)))
        .collect();
    let converted = converted?;
    alike(converted.iter(), &element)?;
    Ok(Value::sequence(sequence, converted))
}

/// The type that the elements of an empty collection would have once it is converted.
fn element_of_empty(from: &Type, wanted: &Type) -> Result<Type, Failure> {
    if !convertible(from, wanted) {
        return Err(required(wanted));
    }
    Ok(if *wanted == Type::Any {
        from.clone()
    } else {
        wanted.clone()
    })
}

/// Refuses elements that are of different types, where the type that they were converted to leaves that
/// open. Of what is not known yet nothing is refused.
fn alike<'a>(values: impl Iterator<Item = &'a Value>, element: &Type) -> Result<(), Failure> {
    if element.is_known() {
        return Ok(());
    }
    let types: Vec<Type> = values.map(type_of).filter(|ty| *ty != Type::Null).collect();
    let Some(first) = types.first() else {
        return Ok(());
    };
    // Beside one that turns out to be a string, others become strings.
    if types.contains(&Type::Any) || types.iter().all(|ty| ty.is_or_may_be(first)) {
        Ok(())
    } else {
        Err(Failure::new("all elements must have the same type"))
    }
}

fn one_type<'a>(
    values: impl Iterator<Item = &'a Value> + Clone,
    wanted: &Type,
) -> Result<Type, Failure> {
    if wanted.is_known() {
        return Ok(wanted.clone());
    }
    let mut types: Vec<Type> = Vec::new();
    for value in values {
        // Where the type is open further in, as in `list(map(any))`, each is converted for itself first.
        types.push(if *wanted == Type::Any {
            type_of(value)
        } else {
            type_of(&convert(value, wanted)?)
        });
    }
    let unified = unify(&types)
        .ok_or_else(|| Failure::new("cannot find a common base type for all elements"))?;
    Ok(if unified.is_any() && *wanted != Type::Any {
        wanted.clone()
    } else {
        unified
    })
}

fn convert_mapping(from: Mapping, map: &Shared<Map>, ty: &Type) -> Result<Value, Failure> {
    match ty {
        Type::Map(element) => {
            if map.entries.is_empty() && map.rest.is_none() {
                let element = match from {
                    Mapping::Object => element.decided(),
                    Mapping::Map => element_of_empty(map.element(), element)?,
                };
                return Ok(Value::empty_map(element));
            }
            let element = if map.entries.is_empty() {
                element.as_ref().clone()
            } else {
                one_type(map.entries.values(), element)?
            };
            let mut entries = BTreeMap::new();
            for (key, value) in &map.entries {
                let value = convert(value, &element).map_err(|f| in_attribute(key, f))?;
                entries.insert(key.clone(), value);
            }
            alike(entries.values(), &element)?;
            let rest = map.rest.clone();
            let ty = if element == Type::Any {
                Type::Any
            } else {
                Type::map(element)
            };
            let rest = rest.map(|rest| {
                if ty == Type::Any {
                    rest
                } else {
                    rest.with_type(ty)
                }
            });
            Ok(Value::mapping(Mapping::Map, Map { entries, rest }))
        }
        Type::Object(attributes) => {
            let mut entries: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            for (name, ty) in attributes.iter() {
                let value = match (map.entries.get(name), &map.rest) {
                    (Some(value), _) => convert(value, ty),
                    (None, Some(rest)) => convert(&Value::unknown(rest.attribute(name)), ty),
                    (None, None) => {
                        return Err(Failure::new(match from {
                            Mapping::Object => format!("attribute `{name}` is required"),
                            Mapping::Map => {
                                format!("map has no element for required attribute `{name}`")
                            }
                        }));
                    }
                };
                entries.insert(name.clone(), value.map_err(|f| in_attribute(name, f))?);
            }
            Ok(Value::mapping(
                Mapping::Object,
                Map {
                    entries,
                    rest: None,
                },
            ))
        }
        _ => Err(required(ty)),
    }
}
