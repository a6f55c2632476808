//! Functions that look at the ends of a text, or cut them off.

use super::collections::undecided;
use super::function::Outcome;
use super::letters;
use super::signature::Arguments;
use super::text::{made, plain, rebuilt, string, unknown_text};
use crate::terraform::types::Type;
use crate::terraform::value::{Part, Text, Value};

pub(super) fn trimspace(arguments: &Arguments<'_>) -> Outcome {
    let Some(text) = arguments.at(0).as_text().map(plain) else {
        return Ok(unknown_text(arguments));
    };
    let mut parts = text.0;
    // An unknown part at an end may be blank, and what is next to it an end then.
    let blank = |part: &Part| match part {
        Part::Known(text, _) => text.trim_matches(letters::is_space).is_empty(),
        _ => false,
    };
    while parts.first().is_some_and(blank) {
        parts.remove(0);
    }
    while parts.last().is_some_and(blank) {
        parts.pop();
    }
    let known = |part: Option<&Part>| matches!(part, None | Some(Part::Known(..)));
    if !known(parts.first()) || !known(parts.last()) {
        return Ok(unknown_text(arguments));
    }
    let cut = |part: &mut Part, trimmed: fn(&str) -> &str| {
        if let Part::Known(text, trace) = part {
            let rest = trimmed(text);
            if rest.len() < text.len() {
                *part = Part::Known(rest.into(), made(trace));
            }
        }
    };
    if let Some(first) = parts.first_mut() {
        cut(first, |text| text.trim_start_matches(letters::is_space));
    }
    if let Some(last) = parts.last_mut() {
        cut(last, |text| text.trim_end_matches(letters::is_space));
    }
    Ok(string(rebuilt(parts), arguments))
}

/// Whether a known end of a text is a given text: certain once enough of it is known.
fn decided(
    known_end: &str,
    all_known: bool,
    wanted: &str,
    ends_with: fn(&str, &str) -> bool,
) -> Option<bool> {
    if ends_with(known_end, wanted) {
        return Some(true);
    }
    // What is known so far can still become the wanted text where it is a shorter piece of it.
    let may_become = known_end.len() < wanted.len() && ends_with(wanted, known_end);
    (all_known || !may_become).then_some(false)
}

fn starts(text: &Text, prefix: &str) -> Option<bool> {
    decided(&text.prefix(), text.is_known(), prefix, |text, end| {
        text.starts_with(end)
    })
}

fn ends(text: &Text, suffix: &str) -> Option<bool> {
    decided(&text.suffix(), text.is_known(), suffix, |text, end| {
        text.ends_with(end)
    })
}

fn decide(arguments: &Arguments<'_>, decision: fn(&Text, &str) -> Option<bool>) -> Outcome {
    let decision = match (arguments.at(0).as_text(), arguments.at(1).as_str()) {
        (Some(text), Some(wanted)) => decision(&text, &wanted),
        _ => None,
    };
    Ok(decision.map_or_else(|| undecided(arguments, Type::Bool), Value::from))
}

pub(super) fn startswith(arguments: &Arguments<'_>) -> Outcome {
    decide(arguments, starts)
}

pub(super) fn endswith(arguments: &Arguments<'_>) -> Outcome {
    decide(arguments, ends)
}

pub(super) fn strcontains(arguments: &Arguments<'_>) -> Outcome {
    decide(arguments, |text, wanted| {
        if let Some(known) = text.known() {
            return Some(known.contains(wanted));
        }
        let contains = plain(text.clone()).0.iter().any(|part| match part {
            Part::Known(text, _) => text.contains(wanted),
            _ => false,
        });
        (contains || wanted.is_empty()).then_some(true)
    })
}

pub(super) fn trimprefix(arguments: &Arguments<'_>) -> Outcome {
    let (value, prefix) = (arguments.at(0), arguments.at(1));
    let (Some(text), Some(prefix)) = (value.as_text(), prefix.as_str()) else {
        return Ok(unknown_text(arguments));
    };
    Ok(match starts(&text, &prefix) {
        None => unknown_text(arguments),
        Some(false) => value.clone(),
        Some(true) => {
            let mut parts = plain(text).0;
            let mut left = prefix.len();
            while left > 0 {
                match parts.first_mut() {
                    Some(Part::Known(text, _)) if text.len() <= left => {
                        left -= text.len();
                        parts.remove(0);
                    }
                    Some(part) => {
                        if let Part::Known(text, trace) = part {
                            *part = Part::Known(text[left..].into(), made(trace));
                        }
                        break;
                    }
                    None => break,
                }
            }
            string(rebuilt(parts), arguments)
        }
    })
}

pub(super) fn trimsuffix(arguments: &Arguments<'_>) -> Outcome {
    let (value, suffix) = (arguments.at(0), arguments.at(1));
    let (Some(text), Some(suffix)) = (value.as_text(), suffix.as_str()) else {
        return Ok(unknown_text(arguments));
    };
    Ok(match ends(&text, &suffix) {
        None => unknown_text(arguments),
        Some(false) => value.clone(),
        Some(true) => {
            let mut parts = plain(text).0;
            let mut left = suffix.len();
            while left > 0 {
                match parts.last_mut() {
                    Some(Part::Known(text, _)) if text.len() <= left => {
                        left -= text.len();
                        parts.pop();
                    }
                    Some(part) => {
                        if let Part::Known(text, trace) = part {
                            *part = Part::Known(text[..text.len() - left].into(), made(trace));
                        }
                        break;
                    }
                    None => break,
                }
            }
            string(rebuilt(parts), arguments)
        }
    })
}

pub(super) fn trim(arguments: &Arguments<'_>) -> Outcome {
    let (text, cutset) = (arguments.text(0), arguments.text(1));
    let cut: std::collections::HashSet<char> = cutset.chars().collect();
    Ok(Value::from(
        text.trim_matches(|letter| cut.contains(&letter)),
    ))
}

pub(super) fn chomp(arguments: &Arguments<'_>) -> Outcome {
    let text = arguments.text(0);
    Ok(Value::from(text.trim_end_matches(['\n', '\r'])))
}
