//! What a type can be, and the type of a value.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::terraform::value::{Kind, Mapping, Sequence, Value};

/// A type of Terraform's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `any`, or a type that is not known yet.
    #[default]
    Any,
    /// The type of a `null` that was converted to none: it goes with every type, and is never another.
    Null,
    /// `bool`.
    Bool,
    /// `number`.
    Number,
    /// `string`.
    String,
    /// `list(…)`.
    List(Arc<Type>),
    /// `set(…)`.
    Set(Arc<Type>),
    /// `map(…)`.
    Map(Arc<Type>),
    /// `tuple([…])`.
    Tuple(Arc<[Type]>),
    /// `object({…})`.
    Object(Arc<BTreeMap<Arc<str>, Type>>),
}

impl Type {
    /// A list of elements of a type.
    #[must_use]
    pub fn list(element: Type) -> Self {
        Type::List(Arc::new(element))
    }

    /// A set of elements of a type.
    #[must_use]
    pub fn set(element: Type) -> Self {
        Type::Set(Arc::new(element))
    }

    /// A map of elements of a type.
    #[must_use]
    pub fn map(element: Type) -> Self {
        Type::Map(Arc::new(element))
    }

    /// A tuple of elements of these types.
    #[must_use]
    pub fn tuple(elements: Vec<Type>) -> Self {
        Type::Tuple(elements.into())
    }

    /// An object with attributes of these types.
    pub fn object<K: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (K, Type)>) -> Self {
        let attributes = attributes.into_iter().map(|(name, ty)| (name.into(), ty));
        Type::Object(Arc::new(attributes.collect()))
    }

    /// Whether it is a string, a number or a truth value.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        matches!(self, Type::Bool | Type::Number | Type::String)
    }

    /// Whether it leaves the type itself open.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self, Type::Any | Type::Null)
    }

    /// Whether something in it is open because of a value that is not known.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Type::Any => true,
            Type::Null | Type::Bool | Type::Number | Type::String => false,
            Type::List(element) | Type::Set(element) | Type::Map(element) => element.is_open(),
            Type::Tuple(elements) => elements.iter().any(Type::is_open),
            Type::Object(attributes) => attributes.values().any(Type::is_open),
        }
    }

    /// The same with nothing open because of a value that is not known: what is open in it is so because
    /// nothing was said of it.
    #[must_use]
    pub fn decided(&self) -> Type {
        match self {
            Type::Any => Type::Null,
            Type::List(element) => Type::list(element.decided()),
            Type::Set(element) => Type::set(element.decided()),
            Type::Map(element) => Type::map(element.decided()),
            Type::Tuple(elements) => Type::Tuple(elements.iter().map(Type::decided).collect()),
            Type::Object(attributes) => {
                let decided = attributes
                    .iter()
                    .map(|(name, ty)| (name.clone(), ty.decided()));
                Type::object(decided)
            }
            Type::Null | Type::Bool | Type::Number | Type::String => self.clone(),
        }
    }

    /// Whether nothing in it is open.
    #[must_use]
    pub fn is_known(&self) -> bool {
        match self {
            Type::Any | Type::Null => false,
            Type::Bool | Type::Number | Type::String => true,
            Type::List(element) | Type::Set(element) | Type::Map(element) => element.is_known(),
            Type::Tuple(elements) => elements.iter().all(Type::is_known),
            Type::Object(attributes) => attributes.values().all(Type::is_known),
        }
    }

    /// The type of the elements of a collection, [`Type::Any`] where that is open. One that is not known
    /// at all may turn out to be a string, or a list beside a tuple, and then all are.
    fn of_elements<'a>(elements: impl Iterator<Item = &'a Value> + Clone, declared: &Type) -> Self {
        let mut common = declared.clone();
        for element in elements.clone() {
            match common.merge(&type_of(element)) {
                Some(merged) => common = merged,
                None => return Type::Any,
            }
        }
        let open = |value: &Value| value.as_unknown().is_some_and(|one| *one.ty() == Type::Any);
        if common != Type::String && elements.clone().any(open) {
            return Type::Any;
        }
        common
    }

    /// The type that all of these values have but those that are null; [`Type::Any`] where it is open.
    pub(in crate::terraform) fn common(values: &[Value]) -> Self {
        let mut types = values.iter().filter(|value| !value.is_null()).map(type_of);
        let first = types.next().unwrap_or_default();
        if types.all(|ty| ty == first) {
            first
        } else {
            Type::Any
        }
    }

    /// Whether both are one type, or may come to be where what is not known of them is known.
    #[must_use]
    pub fn is_or_may_be(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::List(one), Type::List(another))
            | (Type::Set(one), Type::Set(another))
            | (Type::Map(one), Type::Map(another)) => one.is_or_may_be(another),
            (Type::Tuple(one), Type::Tuple(another)) => {
                one.len() == another.len()
                    && one
                        .iter()
                        .zip(another.iter())
                        .all(|(a, b)| a.is_or_may_be(b))
            }
            (Type::Object(one), Type::Object(another)) => {
                one.len() == another.len()
                    && one.iter().all(|(name, ty)| {
                        another
                            .get(name)
                            .is_some_and(|other| ty.is_or_may_be(other))
                    })
            }
            _ => self == other,
        }
    }

    /// The type that both are, where what is open in one is filled in from the other. `None` where they
    /// are two types.
    #[must_use]
    pub fn merge(&self, other: &Type) -> Option<Type> {
        Some(match (self, other) {
            (Type::Null, ty) | (ty, Type::Null) | (Type::Any, ty) | (ty, Type::Any) => ty.clone(),
            (Type::List(one), Type::List(another)) => Type::list(one.merge(another)?),
            (Type::Set(one), Type::Set(another)) => Type::set(one.merge(another)?),
            (Type::Map(one), Type::Map(another)) => Type::map(one.merge(another)?),
            (Type::Tuple(one), Type::Tuple(another)) if one.len() == another.len() => {
                let merged = one.iter().zip(another.iter()).map(|(a, b)| a.merge(b));
                Type::Tuple(merged.collect::<Option<_>>()?)
            }
            (Type::Object(one), Type::Object(another)) if one.len() == another.len() => {
                let mut merged = BTreeMap::new();
                for (name, ty) in one.iter() {
                    merged.insert(name.clone(), ty.merge(another.get(name)?)?);
                }
                Type::Object(Arc::new(merged))
            }
            (one, another) if one == another => one.clone(),
            _ => return None,
        })
    }
}

impl fmt::Display for Type {
    /// As it would be written in a type constraint.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any | Type::Null => f.write_str("any"),
            Type::Bool => f.write_str("bool"),
            Type::Number => f.write_str("number"),
            Type::String => f.write_str("string"),
            Type::List(element) => write!(f, "list({element})"),
            Type::Set(element) => write!(f, "set({element})"),
            Type::Map(element) => write!(f, "map({element})"),
            Type::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (index, element) in elements.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{element}")?;
                }
                f.write_str("])")
            }
            Type::Object(attributes) => {
                f.write_str("object({")?;
                for (index, (name, ty)) in attributes.iter().enumerate() {
                    let comma = if index == 0 { " " } else { ", " };
                    write!(f, "{comma}{name} = {ty}")?;
                }
                f.write_str(if attributes.is_empty() { "})" } else { " })" })
            }
        }
    }
}

/// The type of a value.
#[must_use]
pub fn type_of(value: &Value) -> Type {
    match &value.kind {
        Kind::Null(ty) => ty.clone(),
        Kind::Bool(_) => Type::Bool,
        Kind::Number(_) => Type::Number,
        Kind::String(_) | Kind::Json(_) => Type::String,
        Kind::List(Sequence::Tuple, elements) => {
            if elements
                .iter()
                .any(|element| !element.trace.presence.is_certain())
            {
                return Type::Any;
            }
            Type::Tuple(elements.iter().map(type_of).collect())
        }
        Kind::List(Sequence::List, elements) => {
            Type::list(Type::of_elements(elements.iter(), elements.element()))
        }
        Kind::List(Sequence::Set, elements) => {
            Type::set(Type::of_elements(elements.iter(), elements.element()))
        }
        Kind::Object(Mapping::Object, map) => {
            let certain = |value: &Value| value.trace.presence.is_certain();
            if map.rest.is_some() || !map.entries.values().all(certain) {
                return Type::Any;
            }
            let entries = map.entries.iter();
            Type::Object(Arc::new(
                entries
                    .map(|(name, value)| (name.clone(), type_of(value)))
                    .collect(),
            ))
        }
        Kind::Object(Mapping::Map, map) => {
            Type::map(Type::of_elements(map.entries.values(), map.element()))
        }
        Kind::Unknown(unknown) => unknown.ty().clone(),
    }
}
