//! Operators, attributes and indices on values.

use super::value::{Failure, Value};
use crate::hcl::tree::{BinaryOperator, UnaryOperator};

/// Applies a binary operator.
///
/// # Errors
/// What Terraform would refuse.
pub fn binary(_operator: BinaryOperator, _left: &Value, _right: &Value) -> Result<Value, Failure> {
    Err(Failure::new("not there yet"))
}

/// Applies a unary operator.
///
/// # Errors
/// What Terraform would refuse.
pub fn unary(_operator: UnaryOperator, _operand: &Value) -> Result<Value, Failure> {
    Err(Failure::new("not there yet"))
}

/// Says whether two values are equal: a known or unknown truth value, never a failure.
#[must_use]
pub fn equals(_left: &Value, _right: &Value) -> Value {
    Value::default()
}

/// Takes an attribute (`value.name`). On an unknown reference it gives a longer reference.
///
/// # Errors
/// What Terraform would refuse: no such attribute, not an object.
pub fn attribute(_value: &Value, _name: &str) -> Result<Value, Failure> {
    Err(Failure::new("not there yet"))
}

/// Takes an element (`value[key]`).
///
/// # Errors
/// What Terraform would refuse: out of range, no such key, null.
pub fn index(_value: &Value, _key: &Value) -> Result<Value, Failure> {
    Err(Failure::new("not there yet"))
}
