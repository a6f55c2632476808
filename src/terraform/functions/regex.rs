//! `regex` and `regexall`.

use super::collections::undecided;
use super::function::Outcome;
use super::pattern::{Found, Pattern};
use super::replacing::refused;
use super::signature::Arguments;
use crate::terraform::types::Type;
use crate::terraform::value::{Failure, Kind, Sequence, Value};

/// How many matches a call gives at the most.
const MOST_MATCHES: usize = 100_000;

/// A pattern whose groups all have names, or none of them.
fn pattern(arguments: &Arguments<'_>) -> Result<Pattern, Outcome> {
    let pattern = Pattern::new(&arguments.text(0)).map_err(|why| refused(why, 0))?;
    let named = pattern.names.iter().flatten().count();
    if named > 0 && named < pattern.names.len() {
        let what = "the regular expression has groups with names and groups without";
        return Err(Err(Failure::new(what).in_argument(0)));
    }
    Ok(pattern)
}

pub(super) fn regex(arguments: &Arguments<'_>) -> Outcome {
    if !arguments.at(0).is_known() {
        return Ok(undecided(arguments, Type::Any));
    }
    let pattern = match pattern(arguments) {
        Ok(pattern) => pattern,
        Err(outcome) => return outcome,
    };
    if !arguments.at(1).is_known() {
        return Ok(undecided(arguments, type_of_match(&pattern)));
    }
    match pattern.find(&arguments.text(1)) {
        Ok(Some(found)) => Ok(captured(&pattern, &found)),
        Ok(None) => {
            Err(Failure::new("the regular expression does not match the string").in_argument(1))
        }
        Err(why) => refused(why, 0),
    }
}

pub(super) fn regexall(arguments: &Arguments<'_>) -> Outcome {
    if !arguments.at(0).is_known() {
        return Ok(undecided(arguments, Type::list(Type::Any)));
    }
    let pattern = match pattern(arguments) {
        Ok(pattern) => pattern,
        Err(outcome) => return outcome,
    };
    if !arguments.at(1).is_known() {
        return Ok(undecided(arguments, Type::list(type_of_match(&pattern))));
    }
    match pattern.find_all(&arguments.text(1), MOST_MATCHES) {
        Ok(all) if all.is_empty() => Ok(Value::empty_sequence(
            Sequence::List,
            type_of_match(&pattern),
        )),
        Ok(all) => Ok(Value::list(
            all.iter().map(|found| captured(&pattern, found)).collect(),
        )),
        Err(why) => refused(why, 0),
    }
}

/// The type of what a match gives.
fn type_of_match(pattern: &Pattern) -> Type {
    if pattern.names.is_empty() {
        return Type::String;
    }
    let names: Vec<&str> = pattern.names.iter().flatten().map(String::as_str).collect();
    if names.is_empty() {
        return Type::tuple(vec![Type::String; pattern.names.len()]);
    }
    Type::object(names.into_iter().map(|name| (name, Type::String)))
}

/// What a match gives: its text, or its groups as a tuple or by their names.
fn captured(pattern: &Pattern, found: &Found<'_>) -> Value {
    let group =
        |text: &Option<&str>| text.map_or_else(|| Value::of(Kind::Null(Type::String)), Value::from);
    if found.groups.is_empty() {
        return Value::from(found.whole);
    }
    let names = pattern.names.iter().flatten().map(String::as_str);
    let groups: Vec<Value> = found.groups.iter().map(group).collect();
    if names.clone().next().is_none() {
        return Value::tuple(groups);
    }
    Value::object(names.zip(groups))
}
