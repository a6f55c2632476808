//! Functions that write text in another form and read it again.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::base64;
use super::charset::{Charset, is_another};
use super::collections::undecided;
use super::csv;
use super::function::Outcome;
use super::signature::Arguments;
use crate::terraform::json;
use crate::terraform::types::Type;
use crate::terraform::value::{Failure, Unknown, Value};
use crate::terraform::yaml;

/// How many fields a table may have.
const MOST_FIELDS: usize = 200_000;

pub(super) fn jsonencode(arguments: &Arguments<'_>) -> Outcome {
    Ok(Value::json(arguments.at(0).clone()))
}

pub(super) fn jsondecode(arguments: &Arguments<'_>) -> Outcome {
    let Some(text) = arguments.at(0).as_text() else {
        return Ok(undecided(arguments, Type::Any));
    };
    match json::parse(&text) {
        // What cannot be read around an unknown piece may be readable with it.
        Err(_) if !text.is_known() => Ok(undecided(arguments, Type::Any)),
        parsed => parsed.map_err(|why| why.in_argument(0)),
    }
}

pub(super) fn yamlencode(arguments: &Arguments<'_>) -> Outcome {
    Ok(Value::string(yaml::render(arguments.at(0))))
}

pub(super) fn yamldecode(arguments: &Arguments<'_>) -> Outcome {
    let Some(text) = arguments.at(0).as_text() else {
        return Ok(undecided(arguments, Type::Any));
    };
    match yaml::parse(&text) {
        // What cannot be read around an unknown piece may be readable with it.
        Err(_) if !text.is_known() => Ok(undecided(arguments, Type::Any)),
        parsed => parsed.map_err(|why| why.in_argument(0)),
    }
}

pub(super) fn base64encode(arguments: &Arguments<'_>) -> Outcome {
    Ok(Value::from(base64::encode(arguments.text(0).as_bytes())))
}

pub(super) fn base64decode(arguments: &Arguments<'_>) -> Outcome {
    let wrong = |what: &str| Failure::new(what).in_argument(0);
    let bytes = base64::decode(&arguments.text(0)).ok_or_else(|| wrong("not valid base 64"))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("the decoded bytes are not UTF-8"))?;
    Ok(Value::from(text))
}

/// The text encoding that the second argument names, or what the result is without it.
fn charset(arguments: &Arguments<'_>) -> Result<Charset, Outcome> {
    let name = arguments.text(1);
    if let Some(charset) = Charset::find(&name) {
        return Ok(charset);
    }
    if !is_another(&name) {
        return Err(Err(
            Failure::new("there is no such text encoding").in_argument(1)
        ));
    }
    let why = format!("the text encoding `{}` is not computed here", name.trim());
    let unknown = Unknown::other(why).with_type(Type::String).not_null();
    Err(Ok(Value::unknown(unknown)))
}

pub(super) fn textencodebase64(arguments: &Arguments<'_>) -> Outcome {
    let charset = match charset(arguments) {
        Ok(charset) => charset,
        Err(outcome) => return outcome,
    };
    let bytes = charset.encode(&arguments.text(0)).ok_or_else(|| {
        Failure::new("the text has characters that the encoding does not have").in_argument(0)
    })?;
    Ok(Value::from(base64::encode(&bytes)))
}

pub(super) fn textdecodebase64(arguments: &Arguments<'_>) -> Outcome {
    let charset = match charset(arguments) {
        Ok(charset) => charset,
        Err(outcome) => return outcome,
    };
    let wrong = |what: &str| Failure::new(what).in_argument(0);
    let bytes = base64::decode(&arguments.text(0)).ok_or_else(|| wrong("not valid base 64"))?;
    let text = charset.decode(&bytes);
    let text = text.ok_or_else(|| wrong("the bytes stand for no text in the encoding"))?;
    Ok(Value::from(text))
}

pub(super) fn urlencode(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            // Writing to a string cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    Ok(Value::from(encoded))
}

pub(super) fn csvdecode(arguments: &Arguments<'_>) -> Outcome {
    let wrong = |what: String| Failure::new(what).in_argument(0);
    let text = arguments.text(0);
    if text
        .bytes()
        .filter(|byte| matches!(byte, b',' | b'\n'))
        .count()
        > MOST_FIELDS
    {
        let why = Unknown::other("the table is too large to be read here");
        return Ok(Value::unknown(why.not_null()));
    }
    let records = csv::parse(&text).map_err(wrong)?;
    let mut records = records.into_iter();
    let Some(header) = records.next() else {
        return Err(wrong("the table has no header line".to_owned()));
    };
    let mut names = HashSet::new();
    if let Some(twice) = header.iter().find(|name| !names.insert(name.as_str())) {
        return Err(wrong(format!("the column `{twice}` is there twice")));
    }
    let rows = records.map(|record| {
        let fields = header
            .iter()
            .map(String::as_str)
            .zip(record.into_iter().map(Value::from));
        Value::object(fields)
    });
    let row = || Type::object(header.iter().map(|name| (name.as_str(), Type::String)));
    Ok(Value::list(rows.collect()).or_empty_of(row))
}
