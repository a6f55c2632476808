//! What a function takes, and how its arguments are made ready for it.

use std::borrow::Cow;
use std::sync::Arc;

use super::Files;
use crate::terraform::number::Number;
use crate::terraform::types::{self, Type};
use crate::terraform::value::{Failure, Kind, Marks, Presence, Sequence, Unknown, Value};

/// The type that an argument is converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Any,
    Bool,
    Number,
    String,
    ListOfAny,
    ListOfBools,
    ListOfStrings,
    SetOfAny,
    SetOfStrings,
    MapOfAny,
    MapOfStringLists,
}

impl Takes {
    fn is_list(self) -> bool {
        matches!(
            self,
            Takes::ListOfAny | Takes::ListOfBools | Takes::ListOfStrings
        )
    }

    /// The type itself.
    pub(super) fn ty(self) -> Type {
        let list = |ty| Type::List(Arc::new(ty));
        match self {
            Takes::Any => Type::Any,
            Takes::Bool => Type::Bool,
            Takes::Number => Type::Number,
            Takes::String => Type::String,
            Takes::ListOfAny => list(Type::Any),
            Takes::ListOfBools => list(Type::Bool),
            Takes::ListOfStrings => list(Type::String),
            Takes::SetOfAny => Type::Set(Arc::new(Type::Any)),
            Takes::SetOfStrings => Type::Set(Arc::new(Type::String)),
            Takes::MapOfAny => Type::Map(Arc::new(Type::Any)),
            Takes::MapOfStringLists => Type::Map(Arc::new(list(Type::String))),
        }
    }
}

/// What Terraform marks sensitive in the result because of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sensitivity {
    /// The whole result, where anything in the argument is sensitive.
    OfAllParts,
    /// The whole result, where the argument as a whole is; its parts carry their own marks along.
    OfTheWhole,
    /// What the function says: it is about the mark itself.
    SaidByTheFunction,
}

/// Whether an argument may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Null {
    Refused,
    Allowed,
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) null: Null,
    pub(super) sensitivity: Sensitivity,
}

impl Parameter {
    /// A parameter that takes no null, and a sensitive part of which makes all of the result sensitive.
    pub(super) const fn new(name: &'static str, takes: Takes) -> Self {
        Parameter {
            name,
            takes,
            null: Null::Refused,
            sensitivity: Sensitivity::OfAllParts,
        }
    }

    /// The same, but null is an argument like any other.
    pub(super) const fn nullable(self) -> Self {
        Parameter {
            null: Null::Allowed,
            ..self
        }
    }

    /// The same, but sensitive parts stay where they are.
    pub(super) const fn by_parts(self) -> Self {
        Parameter {
            sensitivity: Sensitivity::OfTheWhole,
            ..self
        }
    }

    /// The same, but the function itself says what is sensitive.
    pub(super) const fn with_own_marks(self) -> Self {
        Parameter {
            sensitivity: Sensitivity::SaidByTheFunction,
            ..self
        }
    }
}

/// The arguments of a call: as many as the function takes, each of the type that it wants, and null only
/// where it may be.
pub(super) struct Arguments<'a> {
    pub(super) values: Vec<Value>,
    pub(super) files: &'a dyn Files,
}

impl Arguments<'_> {
    /// An argument that there must be one of.
    pub(super) fn at(&self, index: usize) -> &Value {
        &self.values[index]
    }

    /// The text of an argument all of which is known.
    pub(super) fn text(&self, index: usize) -> Cow<'_, str> {
        self.at(index).as_str().unwrap_or_default()
    }

    /// The number of an argument that is known.
    pub(super) fn number(&self, index: usize) -> Number {
        self.at(index).as_number().cloned().unwrap_or_default()
    }

    /// The whole number of an argument that is known.
    pub(super) fn whole(&self, index: usize) -> Result<i64, Failure> {
        whole(&self.number(index)).map_err(|failure| failure.in_argument(index))
    }
}

/// A number that must be whole, and of a size that can be counted.
pub(super) fn whole(number: &Number) -> Result<i64, Failure> {
    number
        .to_i64()
        .ok_or_else(|| Failure::new("a whole number of at most 63 bits is required"))
}

/// A set in which elements are not known, before it becomes a list: where they sort nobody knows, nor
/// whether they are equal to others. So any element stands in any place.
pub(super) fn without_order(value: &Value) -> Value {
    let Kind::List(Sequence::Set, elements) = &value.kind else {
        return value.clone();
    };
    let is_open = |element: &Value| !element.clone().with_presence(Presence::Certain).is_known();
    if elements.len() < 2 || !elements.iter().any(is_open) {
        return value.clone();
    }
    let why = Unknown::computed(elements.iter());
    let each = elements
        .iter()
        .map(|element| element.clone().with_presence(Presence::Certain));
    let any = Unknown::one_of(each.collect(), &why).with_presence(Presence::Any(why));
    Value::set(vec![any]).with_trace(value.trace.clone())
}

/// Checks how many arguments there are.
pub(super) fn check_count(
    name: &str,
    parameters: &[Parameter],
    variadic: bool,
    count: usize,
) -> Result<(), Failure> {
    if let Some(missing) = parameters.get(count) {
        let message = format!("`{name}` needs an argument for `{}`", missing.name);
        return Err(Failure::new(message));
    }
    if count > parameters.len() && !variadic {
        let takes = parameters.len();
        let plural = if takes == 1 { "" } else { "s" };
        let message = format!("`{name}` takes {takes} argument{plural}, not {count}");
        return Err(Failure::new(message).in_argument(takes));
    }
    Ok(())
}

/// Checks and converts arguments: as many as there are parameters, or more where there is a variadic one.
pub(super) fn prepare(
    name: &str,
    parameters: &[Parameter],
    variadic: Option<&Parameter>,
    arguments: &[Value],
) -> Result<Vec<Value>, Failure> {
    check_count(name, parameters, variadic.is_some(), arguments.len())?;
    let mut prepared = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let Some(parameter) = parameters.get(index).or(variadic) else {
            break;
        };
        let argument = &if parameter.takes.is_list() {
            without_order(argument)
        } else {
            argument.clone()
        };
        let value = match parameter.takes {
            Takes::Any => argument.clone(),
            takes => types::convert(argument, &takes.ty()).map_err(|failure| {
                let message = format!("`{}` of `{name}`: {failure}", parameter.name);
                Failure::new(message).in_argument(index)
            })?,
        };
        prepared.push(value);
    }
    for (index, value) in prepared.iter().enumerate() {
        let Some(parameter) = parameters.get(index).or(variadic) else {
            break;
        };
        if value.is_null() && parameter.null == Null::Refused {
            let message = format!("`{}` of `{name}` must not be null", parameter.name);
            return Err(Failure::new(message).in_argument(index));
        }
    }
    Ok(prepared)
}

/// The sensitivity that a result has because of its arguments.
pub(super) fn sensitivity(
    parameters: &[Parameter],
    variadic: Option<&Parameter>,
    arguments: &[Value],
) -> Marks {
    let sensitive = arguments.iter().enumerate().any(|(index, argument)| {
        match parameters
            .get(index)
            .or(variadic)
            .map(|parameter| parameter.sensitivity)
        {
            Some(Sensitivity::OfAllParts) | None => argument.is_sensitive(),
            Some(Sensitivity::OfTheWhole) => argument.trace.sensitive,
            Some(Sensitivity::SaidByTheFunction) => false,
        }
    });
    Marks {
        taint: None,
        sensitive,
    }
}
