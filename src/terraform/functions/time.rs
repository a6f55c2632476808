//! Functions of timestamps.

use super::function::Outcome;
use super::instant::{Instant, Reading, parse_duration};
use super::signature::Arguments;
use crate::terraform::value::{Failure, Value};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

fn instant(arguments: &Arguments<'_>, index: usize, reading: Reading) -> Result<Instant, Failure> {
    let instant = Instant::parse(&arguments.text(index), reading);
    instant.map_err(|why| Failure::new(why).in_argument(index))
}

pub(super) fn timeadd(arguments: &Arguments<'_>) -> Outcome {
    let instant = instant(arguments, 0, Reading::Strict)?;
    let duration = parse_duration(&arguments.text(1));
    let duration = duration.map_err(|why| Failure::new(why).in_argument(1))?;
    Ok(Value::from(instant.plus(duration).to_string()))
}

pub(super) fn timecmp(arguments: &Arguments<'_>) -> Outcome {
    let one = instant(arguments, 0, Reading::Lenient)?;
    let other = instant(arguments, 1, Reading::Lenient)?;
    let (one, other) = (
        (one.seconds, one.nanoseconds),
        (other.seconds, other.nanoseconds),
    );
    Ok(Value::from(one.cmp(&other) as i64))
}

pub(super) fn formatdate(arguments: &Arguments<'_>) -> Outcome {
    let instant = instant(arguments, 1, Reading::Strict)?;
    let format = arguments.text(0);
    let wrong = |what: &str| Failure::new(what).in_argument(0);
    let mut written = String::with_capacity(format.len());
    let mut rest = &*format;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (literal, after) = quoted(rest).ok_or_else(|| wrong("a quotation has no end"))?;
            written.push_str(&literal);
            rest = after;
        } else if first.is_ascii_alphabetic() {
            let after = rest.trim_start_matches(first);
            let verb = &rest[..rest.len() - after.len()];
            let value = date_verb(verb, instant);
            let value = value.ok_or_else(|| wrong(&format!("there is no date format `{verb}`")))?;
            written.push_str(&value);
            rest = after;
        } else {
            written.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(Value::from(written))
}

/// Reads a quotation, in which a doubled quote is a quote, and so are two without anything between them.
fn quoted(text: &str) -> Option<(String, &str)> {
    if let Some(after) = text.strip_prefix("''") {
        return Some(("'".to_owned(), after));
    }
    let mut literal = String::new();
    let mut rest = &text[1..];
    loop {
        let Some(end) = rest.find('\'') else {
            // A doubled quote that the text ends with closes the quotation all the same.
            let closed = rest.is_empty() && literal.ends_with('\'');
            return closed.then_some((literal, ""));
        };
        literal.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                literal.push('\'');
                rest = after;
            }
            None => return Some((literal, rest)),
        }
    }
}

/// What a run of one letter stands for.
fn date_verb(verb: &str, instant: Instant) -> Option<String> {
    let civil = instant.civil();
    let number = |number: u32| match verb.len() {
        1 => Some(number.to_string()),
        2 => Some(format!("{number:02}")),
        _ => None,
    };
    let name = |names: &[&str], index: u32, short: usize| {
        let name = names.get(index as usize)?;
        match verb.len() {
            length if length == short => Some(name[..3].to_owned()),
            length if length == short + 1 => Some((*name).to_owned()),
            _ => None,
        }
    };
    match (verb.chars().next()?, verb.len()) {
        ('Y', 2) => Some(format!("{:02}", civil.year % 100)),
        ('Y', 4) => Some(format!("{:04}", civil.year)),
        ('M', 1 | 2) => number(civil.month),
        ('M', _) => name(&MONTHS, civil.month - 1, 3),
        ('D', _) => number(civil.day),
        ('E', _) => name(&DAYS, civil.weekday, 3),
        ('h', _) => number(civil.hour),
        ('H', _) => number((civil.hour + 11) % 12 + 1),
        ('A', 2) => Some(if civil.hour < 12 { "AM" } else { "PM" }.to_owned()),
        ('a', 2) => Some(if civil.hour < 12 { "am" } else { "pm" }.to_owned()),
        ('m', _) => number(civil.minute),
        ('s', _) => number(civil.second),
        ('Z', 1) if instant.offset == 0 => Some("Z".to_owned()),
        ('Z', 3) if instant.offset == 0 => Some("UTC".to_owned()),
        ('Z', 1 | 5) => Some(instant.offset_text(":")),
        ('Z', 3 | 4) => Some(instant.offset_text("")),
        _ => None,
    }
}
