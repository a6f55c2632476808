//! The `cidr*` functions.

use super::function::Outcome;
use super::prefix::Prefix;
use super::signature::Arguments;
use crate::terraform::types::Type;
use crate::terraform::value::{Failure, Unknown, Value};

fn prefix(arguments: &Arguments<'_>) -> Result<Prefix, Failure> {
    Prefix::parse(&arguments.text(0)).map_err(|why| Failure::new(why).in_argument(0))
}

/// The result where Terraform gives something that has no meaning.
fn meaningless(ty: Type) -> Value {
    let why = "the address prefix is one that Terraform does not compute with in a useful way";
    Value::unknown(Unknown::other(why).with_type(ty).not_null())
}

/// A whole number of any size that matters for addresses.
fn wide(arguments: &Arguments<'_>, index: usize) -> Result<i128, Failure> {
    let number = arguments.number(index);
    let wrong = |what: &str| Failure::new(what).in_argument(index);
    if !number.is_whole() {
        return Err(wrong("a whole number is required"));
    }
    number
        .to_string()
        .parse()
        .map_err(|_| wrong("the number is too large for an address"))
}

pub(super) fn cidrhost(arguments: &Arguments<'_>) -> Outcome {
    let (prefix, number) = (prefix(arguments)?, wide(arguments, 1)?);
    if prefix.is_mapped() {
        return Ok(meaningless(Type::String));
    }
    prefix.host(number).map(Value::from).map_err(Failure::new)
}

pub(super) fn cidrnetmask(arguments: &Arguments<'_>) -> Outcome {
    let prefix = prefix(arguments)?;
    if prefix.is_mapped() {
        return Ok(meaningless(Type::String));
    }
    prefix
        .netmask()
        .map(Value::from)
        .map_err(|why| Failure::new(why).in_argument(0))
}

pub(super) fn cidrsubnet(arguments: &Arguments<'_>) -> Outcome {
    let (prefix, bits, number) = (prefix(arguments)?, arguments.whole(1)?, wide(arguments, 2)?);
    let Ok(more) = u32::try_from(bits).and_then(|bits| u128::try_from(number).map(|_| bits)) else {
        // What is negative is taken too, and gives an address that may lie elsewhere.
        let more = u32::try_from(bits).unwrap_or(0);
        prefix.subnet(more.min(129), 0).map_err(Failure::new)?;
        let elsewhere = prefix.elsewhere(bits, number);
        return elsewhere
            .map(Value::from)
            .ok_or_else(|| Failure::new("the address would be longer than it can be"));
    };
    let subnet = prefix.subnet(more.min(129), number.unsigned_abs());
    subnet
        .map(|subnet| Value::from(subnet.to_string()))
        .map_err(Failure::new)
}

pub(super) fn cidrsubnets(arguments: &Arguments<'_>) -> Outcome {
    let prefix = prefix(arguments)?;
    if prefix.is_mapped() {
        return Ok(meaningless(Type::list(Type::String)));
    }
    let mut bits = Vec::new();
    for index in 1..arguments.values.len() {
        // What is below one is refused like nought, what is too large like 33.
        bits.push(u32::try_from(arguments.whole(index)?.clamp(0, 33)).unwrap_or(0));
    }
    match prefix.subnets(&bits) {
        Ok(subnets) => {
            let texts = subnets.iter().map(|subnet| Value::from(subnet.to_string()));
            Ok(Value::list(texts.collect()).or_empty_of(|| Type::String))
        }
        Err((index, why)) => Err(Failure::new(why).in_argument(index + 1)),
    }
}
