//! Functions of numbers.

use super::collections::{may_be_sequence, undecided};
use super::function::Outcome;
use super::signature::{Arguments, whole};
use crate::terraform::Number;
use crate::terraform::types::{self, Type};
use crate::terraform::value::{Failure, Kind, Value};

/// How many numbers `range` gives at the most, in Terraform as here.
const LONGEST_RANGE: usize = 1024;

pub(super) fn abs(arguments: &Arguments<'_>) -> Outcome {
    Ok(Value::from(arguments.number(0).abs()))
}

pub(super) fn ceil(arguments: &Arguments<'_>) -> Outcome {
    Ok(Value::from(arguments.number(0).ceil()))
}

pub(super) fn floor(arguments: &Arguments<'_>) -> Outcome {
    Ok(Value::from(arguments.number(0).floor()))
}

pub(super) fn signum(arguments: &Arguments<'_>) -> Outcome {
    Ok(Value::from(arguments.whole(0)?.signum()))
}

pub(super) fn max(arguments: &Arguments<'_>) -> Outcome {
    let numbers = arguments.values.iter().filter_map(Value::as_number);
    // The first of equal numbers, which may be of different precision.
    extreme(numbers.reduce(|most, number| if number > most { number } else { most }))
}

pub(super) fn min(arguments: &Arguments<'_>) -> Outcome {
    let numbers = arguments.values.iter().filter_map(Value::as_number);
    extreme(numbers.reduce(|least, number| if number < least { number } else { least }))
}

fn extreme(number: Option<&Number>) -> Outcome {
    let number = number.ok_or_else(|| Failure::new("at least one number is required"))?;
    Ok(Value::from(number.clone()))
}

pub(super) fn sum(arguments: &Arguments<'_>) -> Outcome {
    let wrong = || Failure::new("a list, a set or a tuple of numbers is required").in_argument(0);
    let elements = match &arguments.at(0).kind {
        Kind::List(_, elements) => elements,
        Kind::Unknown(unknown) if may_be_sequence(unknown) => {
            return Ok(undecided(arguments, Type::Any));
        }
        _ => return Err(wrong()),
    };
    let mut sum: Option<Number> = None;
    for element in elements.iter() {
        let converted = types::convert(element, &Type::Number).map_err(|_| wrong())?;
        if converted.is_unknown() {
            continue;
        }
        let number = converted.as_number().ok_or_else(wrong)?;
        sum = Some(match sum {
            None => number.clone(),
            Some(sum) => sum.add(number)?,
        });
    }
    if !arguments.at(0).is_known() {
        return Ok(undecided(arguments, Type::Number));
    }
    let sum = sum.ok_or_else(|| Failure::new("an empty list has no sum").in_argument(0))?;
    Ok(Value::from(sum))
}

pub(super) fn pow(arguments: &Arguments<'_>) -> Outcome {
    let (base, exponent) = (arguments.number(0).to_f64(), arguments.number(1).to_f64());
    machine(power(base, exponent))
}

/// A power, the part after the point by logarithms and the rest by squaring, as Terraform has it: its last
/// bit is not always that of the exact power.
fn power(base: f64, exponent: f64) -> f64 {
    let (mut whole, mut part) = (exponent.abs().trunc(), exponent.abs().fract());
    if part == 0.5 && whole == 0.0 {
        let root = base.sqrt();
        return if exponent < 0.0 { 1.0 / root } else { root };
    }
    if base <= 0.0 || base == 1.0 || part == 0.0 || whole >= 4096.0 {
        return base.powf(exponent);
    }
    if part > 0.5 {
        part -= 1.0;
        whole += 1.0;
    }
    let power = (part * base.ln()).exp() * base.powf(whole);
    if exponent < 0.0 { 1.0 / power } else { power }
}

pub(super) fn log(arguments: &Arguments<'_>) -> Outcome {
    machine(arguments.number(0).to_f64().ln() / arguments.number(1).to_f64().ln())
}

fn machine(number: f64) -> Outcome {
    let number =
        Number::from_f64(number).ok_or_else(|| Failure::new("the result is not a number"))?;
    Ok(Value::from(number))
}

pub(super) fn parseint(arguments: &Arguments<'_>) -> Outcome {
    if !matches!(types::type_of(arguments.at(0)), Type::String | Type::Any) {
        return Err(Failure::new("a string is required").in_argument(0));
    }
    if !arguments.values.iter().all(Value::is_known) {
        return Ok(undecided(arguments, Type::Number));
    }
    let base = whole(&arguments.number(1)).map_err(|why| why.in_argument(1))?;
    let base = u32::try_from(base)
        .ok()
        .filter(|base| (2..=62).contains(base));
    let base =
        base.ok_or_else(|| Failure::new("a base from 2 to 62 is required").in_argument(1))?;
    let number = Number::from_digits(&arguments.text(0), base)
        .ok_or_else(|| Failure::new(format!("not a whole number in base {base}")).in_argument(0))?;
    Ok(Value::from(number))
}

pub(super) fn range(arguments: &Arguments<'_>) -> Outcome {
    let zero = Number::default();
    let toward = |start: &Number, end: &Number| Number::from(if end < start { -1_i64 } else { 1 });
    let (start, end, step) = match arguments.values.len() {
        1 => {
            let end = arguments.number(0);
            let step = toward(&zero, &end);
            (zero.clone(), end, step)
        }
        2 => {
            let (start, end) = (arguments.number(0), arguments.number(1));
            let step = toward(&start, &end);
            (start, end, step)
        }
        3 => (
            arguments.number(0),
            arguments.number(1),
            arguments.number(2),
        ),
        _ => return Err(Failure::new("one, two or three numbers are required")),
    };
    if step.is_zero() {
        return Err(Failure::new("the step must not be zero").in_argument(2));
    }
    let down = step.is_negative();
    if if down { end > start } else { end < start } {
        return Err(Failure::new("the step leads away from the end").in_argument(1));
    }
    let mut numbers = Vec::new();
    let mut number = start;
    while if down { number > end } else { number < end } {
        if numbers.len() == LONGEST_RANGE {
            return Err(Failure::new("the range has more than 1024 numbers"));
        }
        let next = number.add(&step)?;
        numbers.push(Value::from(std::mem::replace(&mut number, next)));
    }
    Ok(Value::list(numbers).or_empty_of(|| Type::Number))
}
