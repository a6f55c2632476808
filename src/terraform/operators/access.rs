//! Attributes and elements.

use crate::terraform::types::{Type, convert};
use crate::terraform::value::{
    Failure, Kind, Map, Mapping, Marks, Presence, Reason, Unknown, Value,
};

/// Takes an attribute (`value.name`). On an unknown reference it gives a longer reference.
///
/// # Errors
/// What Terraform would refuse: no such attribute, not an object.
pub fn attribute(value: &Value, name: &str) -> Result<Value, Failure> {
    match &value.kind {
        Kind::Null(_) => Err(Failure::new(format!(
            "this value is null, so it has no attribute `{name}`"
        ))),
        Kind::Object(mapping, map) => {
            entry(*mapping, map, name).map(|taken| out_of(value, taken, &Marks::default()))
        }
        Kind::Unknown(unknown) => {
            if let Some(distributed) = distribute(value, unknown, |one| attribute(one, name)) {
                return distributed;
            }
            match unknown.ty() {
                Type::Any | Type::Map(_) => {}
                Type::Object(attributes) if attributes.contains_key(name) => {}
                Type::Object(_) => {
                    return Err(Failure::new(format!(
                        "this object has no attribute named `{name}`"
                    )));
                }
                _ => return Err(without_attributes(name)),
            }
            Ok(Value::unknown(unknown.attribute(name)).with_trace(certain(value)))
        }
        _ => Err(without_attributes(name)),
    }
}

fn without_attributes(name: &str) -> Failure {
    Failure::new(format!(
        "this value is no object, so it has no attribute `{name}`"
    ))
}

/// Takes an element (`value[key]`).
///
/// # Errors
/// What Terraform would refuse: out of range, no such key, null.
pub fn index(value: &Value, key: &Value) -> Result<Value, Failure> {
    if value.is_null() {
        return Err(Failure::new("this value is null, so it has no elements"));
    }
    if key.is_null() {
        return Err(Failure::new("null cannot be a key"));
    }
    if let Kind::Unknown(unknown) = &key.kind
        && let Reason::OneOf(alternatives, _) = unknown.reason()
    {
        return any_of(
            alternatives.iter().map(|key| index(value, key)),
            unknown,
            value,
        );
    }
    let taken = index_by(value, key);
    match (&key.kind, taken) {
        // A key of a type that is still open is refused by nobody yet.
        (Kind::Unknown(unknown), Err(_)) if *unknown.ty() == Type::Any => {
            Ok(Value::unknown(Unknown::computed([value, key])).flow([value, key]))
        }
        (_, taken) => taken,
    }
}

fn index_by(value: &Value, key: &Value) -> Result<Value, Failure> {
    match &value.kind {
        Kind::List(crate::terraform::value::Sequence::Set, _) => {
            Err(Failure::new("elements of a set have no index"))
        }
        Kind::List(_, elements) => {
            let key = convert(key, &Type::Number)?;
            let Some(number) = key.as_number() else {
                return some_of(elements.iter(), value, &key);
            };
            if !number.is_whole() || number.is_negative() {
                return Err(Failure::new(
                    "an index must be a whole number that is not negative",
                ));
            }
            let taken = number.to_usize().and_then(|at| element_at(elements, at));
            taken
                .map(|taken| out_of(value, taken, &key.marks()))
                .ok_or_else(|| {
                    Failure::new(if elements.is_empty() {
                        "the collection has no elements"
                    } else {
                        "the index is not less than the number of elements"
                    })
                })
        }
        Kind::Object(mapping, map) => {
            let key = convert(key, &Type::String)?;
            let Some(name) = key.as_str() else {
                return some_of(map.entries.values(), value, &key);
            };
            // The name of an attribute is no secret to Terraform; the key of a map is.
            let marks = match mapping {
                Mapping::Object => Marks::default(),
                Mapping::Map => key.marks(),
            };
            entry(*mapping, map, &name).map(|taken| out_of(value, taken, &marks))
        }
        Kind::Unknown(unknown) => {
            if let Some(distributed) = distribute(value, unknown, |one| index(one, key)) {
                return distributed;
            }
            index_unknown(value, unknown, key)
        }
        _ => Err(Failure::new("this value has no elements")),
    }
}

fn index_unknown(value: &Value, unknown: &Unknown, key: &Value) -> Result<Value, Failure> {
    let key = match unknown.ty() {
        Type::Any => key.clone(),
        Type::List(_) | Type::Tuple(_) => convert(key, &Type::Number)?,
        Type::Map(_) | Type::Object(_) => convert(key, &Type::String)?,
        Type::Set(_) => return Err(Failure::new("elements of a set have no index")),
        _ => return Err(Failure::new("this value has no elements")),
    };
    let taken = if let Some(number) = key.as_number() {
        let Some(at) = number.to_usize() else {
            if *unknown.ty() == Type::Any {
                return Ok(Value::unknown(unknown.attribute(&number.to_string()))
                    .with_trace(certain(value)));
            }
            return Err(Failure::new(
                "an index must be a whole number that is not negative",
            ));
        };
        if let Type::Tuple(elements) = unknown.ty()
            && at >= elements.len()
        {
            return Err(Failure::new(
                "the index is not less than the number of elements",
            ));
        }
        unknown.element(at)
    } else if let Some(name) = key.as_str() {
        if let Type::Object(attributes) = unknown.ty()
            && !attributes.contains_key(&*name)
        {
            return Err(Failure::new(format!(
                "this object has no attribute named `{name}`"
            )));
        }
        unknown.attribute(&name)
    } else {
        let some = unknown.some_element();
        let ty = some.ty().clone();
        Unknown::computed([value, &key]).with_type(ty)
    };
    Ok(Value::unknown(taken)
        .with_trace(certain(value))
        .with_marks(&key.marks()))
}

/// The entry under a key. One that is only perhaps there is taken as there: Terraform fails otherwise.
fn entry(mapping: Mapping, map: &Map, name: &str) -> Result<Value, Failure> {
    if let Some(value) = map.entries.get(name) {
        return Ok(value.clone());
    }
    match (&map.rest, mapping) {
        (Some(rest), _) => Ok(Value::unknown(rest.attribute(name))),
        (None, Mapping::Object) => Err(Failure::new(format!(
            "this object has no attribute named `{name}`"
        ))),
        (None, Mapping::Map) => Err(Failure::new(format!(
            "this map has no element with the key `{name}`"
        ))),
    }
}

/// The element at an index. Where elements before it may be missing or stand for many, it is one of all
/// that may come to stand there.
fn element_at(elements: &[Value], at: usize) -> Option<Value> {
    let (mut least, mut most) = (0_usize, Some(0_usize));
    let mut candidates = Vec::new();
    let mut why: Option<Unknown> = None;
    for element in elements {
        let presence = &element.trace.presence;
        if let Some(unknown) = presence.unknown() {
            why.get_or_insert_with(|| unknown.clone());
        }
        let unbounded = matches!(presence, Presence::Any(_));
        if least <= at && (unbounded || most.is_none_or(|most| at <= most)) {
            candidates.push(element.clone());
        }
        match presence {
            Presence::Certain => {
                least += 1;
                most = most.map(|most| most + 1);
            }
            Presence::Maybe(_) => most = most.map(|most| most + 1),
            Presence::Any(_) => most = None,
        }
        if least > at {
            break;
        }
    }
    match (candidates.len(), why) {
        (0, _) => None,
        (1, _) => candidates.pop(),
        (_, why) => Some(Unknown::one_of(candidates, &why.unwrap_or_default())),
    }
}

/// One of these elements, which one being open because the key is not known.
fn some_of<'a>(
    elements: impl Iterator<Item = &'a Value>,
    value: &Value,
    key: &Value,
) -> Result<Value, Failure> {
    let why = Unknown::computed([key]);
    let mut candidates: Vec<Value> = elements.cloned().collect();
    let open = matches!(&value.kind, Kind::Object(_, map) if map.rest.is_some());
    if candidates.is_empty() && !open {
        return Err(Failure::new("the collection has no elements"));
    }
    if open {
        candidates.push(Value::unknown(Unknown::computed([value, key])));
    }
    let taken = Unknown::one_of(candidates, &why);
    Ok(out_of(value, taken, &key.marks()))
}

/// What is taken out of a value has its marks; that it may be missing there ends with its being taken.
fn out_of(value: &Value, taken: Value, marks: &Marks) -> Value {
    let mut taken = taken.with_marks(&value.trace.marks()).with_marks(marks);
    taken.trace.presence = Presence::Certain;
    taken
}

fn certain(value: &Value) -> crate::terraform::value::Trace {
    let mut trace = value.trace.clone();
    trace.presence = Presence::Certain;
    trace
}

/// Does to each alternative what is done to a value that is one of several.
fn distribute(
    value: &Value,
    unknown: &Unknown,
    operation: impl Fn(&Value) -> Result<Value, Failure>,
) -> Option<Result<Value, Failure>> {
    let Reason::OneOf(alternatives, _) = unknown.reason() else {
        return None;
    };
    Some(any_of(alternatives.iter().map(operation), unknown, value))
}

/// One of the results that are no failures; the first failure where all are.
fn any_of(
    results: impl Iterator<Item = Result<Value, Failure>>,
    why: &Unknown,
    value: &Value,
) -> Result<Value, Failure> {
    let mut taken = Vec::new();
    let mut failure = None;
    for result in results {
        match result {
            Ok(one) => taken.push(one),
            Err(refused) => failure = failure.or(Some(refused)),
        }
    }
    match failure {
        Some(failure) if taken.is_empty() => Err(failure),
        _ => Ok(out_of(
            value,
            Unknown::one_of(taken, why),
            &Marks::default(),
        )),
    }
}
