//! Arithmetic, comparison and logic.

use super::equality::equals;
use crate::hcl::tree::{BinaryOperator, UnaryOperator};
use crate::terraform::number::Number;
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{Failure, Reason, Unknown, Value};

/// Applies a binary operator.
///
/// # Errors
/// What Terraform would refuse.
pub fn binary(operator: BinaryOperator, left: &Value, right: &Value) -> Result<Value, Failure> {
    match each_way(operator, left, right) {
        Some(result) => result,
        None => once(operator, left, right),
    }
}

/// How many combinations of what operands may be are computed.
const MOST_WAYS: usize = 16;

/// Where an operand is one of several values: one of what they come to, those aside that would fail.
fn each_way(
    operator: BinaryOperator,
    left: &Value,
    right: &Value,
) -> Option<Result<Value, Failure>> {
    // Whether values are equal is told without taking them apart.
    if matches!(operator, BinaryOperator::Equal | BinaryOperator::NotEqual) {
        return None;
    }
    let several = |value: &Value| match value.as_unknown().map(Unknown::reason) {
        Some(Reason::OneOf(several, _)) => {
            let marks = value.trace.marks();
            let marked = several.iter().map(|one| one.clone().with_marks(&marks));
            (marked.collect(), true)
        }
        _ => (vec![value.clone()], false),
    };
    let ((lefts, left_open), (rights, right_open)): ((Vec<Value>, bool), (Vec<Value>, bool)) =
        (several(left), several(right));
    if !(left_open || right_open) || lefts.len() * rights.len() > MOST_WAYS {
        return None;
    }
    let (mut results, mut failure) = (Vec::new(), None);
    for left in &lefts {
        for right in &rights {
            match once(operator, left, right) {
                Ok(result) => results.push(result),
                Err(why) => failure = Some(why),
            }
        }
    }
    Some(match failure {
        Some(failure) if results.is_empty() => Err(failure),
        _ => Ok(Unknown::one_of(results, &Unknown::computed([left, right]))),
    })
}

fn once(operator: BinaryOperator, left: &Value, right: &Value) -> Result<Value, Failure> {
    match operator {
        BinaryOperator::Or => logic(left, right, true),
        BinaryOperator::And => logic(left, right, false),
        BinaryOperator::Equal => Ok(equals(left, right)),
        BinaryOperator::NotEqual => unary(UnaryOperator::Not, &equals(left, right)),
        BinaryOperator::Less => compare(left, right, |one, another| one < another),
        BinaryOperator::LessOrEqual => compare(left, right, |one, another| one <= another),
        BinaryOperator::Greater => compare(left, right, |one, another| one > another),
        BinaryOperator::GreaterOrEqual => compare(left, right, |one, another| one >= another),
        BinaryOperator::Add => compute(left, right, Number::add),
        BinaryOperator::Subtract => compute(left, right, Number::subtract),
        BinaryOperator::Multiply => compute(left, right, Number::multiply),
        BinaryOperator::Divide => compute(left, right, Number::divide),
        BinaryOperator::Remainder => compute(left, right, Number::remainder),
    }
}

/// Applies a unary operator.
///
/// # Errors
/// What Terraform would refuse.
pub fn unary(operator: UnaryOperator, operand: &Value) -> Result<Value, Failure> {
    let ty = match operator {
        UnaryOperator::Not => Type::Bool,
        UnaryOperator::Negate => Type::Number,
    };
    let converted = operand_of(operand, &ty, "the operand")?;
    let result = if let Some(number) = converted.as_number() {
        Value::from(number.negate())
    } else if let Some(truth) = converted.as_bool() {
        Value::from(!truth)
    } else {
        Value::unknown(Unknown::computed([operand]).with_type(ty).not_null())
    };
    Ok(result.flow([operand]))
}

/// An operand in the type that the operator takes, known or unknown, never null.
fn operand_of(operand: &Value, ty: &Type, which: &str) -> Result<Value, Failure> {
    let converted = convert(operand, ty)
        .map_err(|failure| Failure::new(format!("{which} is unsuitable: {failure}")))?;
    if converted.is_null() {
        return Err(Failure::new(format!("{which} is null")));
    }
    Ok(converted)
}

fn operands(left: &Value, right: &Value, ty: &Type) -> Result<(Value, Value), Failure> {
    Ok((
        operand_of(left, ty, "the left operand")?,
        operand_of(right, ty, "the right operand")?,
    ))
}

fn unknown_of(left: &Value, right: &Value, ty: Type) -> Value {
    Value::unknown(Unknown::computed([left, right]).with_type(ty).not_null())
}

fn compute(
    left: &Value,
    right: &Value,
    operation: fn(&Number, &Number) -> Result<Number, Failure>,
) -> Result<Value, Failure> {
    let (one, another) = operands(left, right, &Type::Number)?;
    let result = match (one.as_number(), another.as_number()) {
        (Some(one), Some(another)) => Value::from(operation(one, another)?),
        _ => unknown_of(left, right, Type::Number),
    };
    Ok(result.flow([left, right]))
}

fn compare(
    left: &Value,
    right: &Value,
    holds: fn(&Number, &Number) -> bool,
) -> Result<Value, Failure> {
    let (one, another) = operands(left, right, &Type::Number)?;
    let result = match (one.as_number(), another.as_number()) {
        (Some(one), Some(another)) => Value::from(holds(one, another)),
        _ => unknown_of(left, right, Type::Bool),
    };
    Ok(result.flow_sensitivity([left, right]))
}

/// `||` is decided by an operand that is true, `&&` by one that is false, whatever the other may be.
fn logic(left: &Value, right: &Value, decisive: bool) -> Result<Value, Failure> {
    let (one, another) = operands(left, right, &Type::Bool)?;
    let result = match (one.as_bool(), another.as_bool()) {
        (Some(one), _) if one == decisive => Value::from(decisive),
        (_, Some(another)) if another == decisive => Value::from(decisive),
        (Some(_), Some(_)) => Value::from(!decisive),
        _ => unknown_of(left, right, Type::Bool),
    };
    Ok(result.flow([left, right]))
}
