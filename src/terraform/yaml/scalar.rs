//! What a scalar of YAML is: a truth value, a number, null, or text.

use saphyr_parser::ScalarStyle;

use super::timestamp;
use crate::terraform::number::Number;
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{Failure, Kind, Value};

/// The tags that a scalar can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    None,
    Text,
    Bool,
    Int,
    Float,
    Null,
    Timestamp,
    Binary,
}

impl Tag {
    /// The tag of a scalar by its full name.
    pub(super) fn named(name: &str) -> Result<Self, Failure> {
        Ok(
            match name.strip_prefix("tag:yaml.org,2002:").unwrap_or("?") {
                "str" => Tag::Text,
                "bool" => Tag::Bool,
                "int" => Tag::Int,
                "float" => Tag::Float,
                "null" => Tag::Null,
                "timestamp" => Tag::Timestamp,
                "binary" => Tag::Binary,
                _ => return Err(Failure::new(format!("the tag `{name}` is not supported"))),
            },
        )
    }
}

/// What a scalar without unknown parts is.
pub(super) fn resolve(tag: Tag, text: &str, style: ScalarStyle) -> Result<Value, Failure> {
    let value = resolve_plain(tag, text, style)?;
    // A block of text is a string, but only after it has been taken for what it looks like.
    let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    if tag == Tag::None && block {
        convert(&value, &Type::String)
    } else {
        Ok(value)
    }
}

fn resolve_plain(mut tag: Tag, text: &str, style: ScalarStyle) -> Result<Value, Failure> {
    let first = text.bytes().next();
    let may_be_more = first.is_none_or(|first| b"+-.~0123456789yYnNtTfFoO".contains(&first));
    if may_be_more && !matches!(tag, Tag::Text | Tag::Binary) {
        if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) {
            return Ok(Value::from(text));
        }
        if let Some(word) = word(text) {
            return word;
        }
        match first {
            Some(b'.') => {
                if let Ok(number) = Number::parse(text) {
                    return Ok(Value::from(number));
                }
            }
            Some(b'0'..=b'9' | b'+' | b'-') => {
                if matches!(tag, Tag::None | Tag::Timestamp)
                    && let Some(timestamp) = timestamp::normalized(text)
                {
                    return Ok(Value::from(timestamp));
                }
                if is_integer(text) {
                    tag = Tag::Int;
                } else if is_float(text) {
                    tag = Tag::Float;
                }
            }
            _ => {}
        }
    }
    let not_a = |what: &str| Failure::new(format!("this is not a {what}"));
    match tag {
        Tag::None | Tag::Text => Ok(Value::from(text)),
        Tag::Binary if is_base64(text) => Ok(Value::from(text)),
        Tag::Binary => Err(not_a("text in base 64")),
        Tag::Bool => match word(text) {
            Some(Ok(value)) if value.as_bool().is_some() => Ok(value),
            _ => Err(not_a("truth value")),
        },
        Tag::Int | Tag::Float => number(text).map(Value::from).ok_or_else(|| not_a("number")),
        Tag::Timestamp => timestamp::normalized(text)
            .map(Value::from)
            .ok_or_else(|| not_a("timestamp")),
        Tag::Null => Ok(Value::null()),
    }
}

/// The words that are something else than text.
fn word(text: &str) -> Option<Result<Value, Failure>> {
    let kind = match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Kind::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Kind::Bool(false)
        }
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null(Type::Null),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" => {
            return Some(Err(Failure::new("infinity is no number that can be kept")));
        }
        ".nan" | ".NaN" | ".NAN" => {
            return Some(Err(Failure::new("what is not a number cannot be kept")));
        }
        _ => return None,
    };
    Some(Ok(Value::of(kind)))
}

fn is_integer(text: &str) -> bool {
    let all =
        |text: &str, digit: fn(&u8) -> bool| !text.is_empty() && text.bytes().all(|b| digit(&b));
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    all(unsigned, u8::is_ascii_digit)
        || text
            .strip_prefix("0o")
            .is_some_and(|octal| all(octal, |b| matches!(b, b'0'..=b'7')))
        || text
            .strip_prefix("0x")
            .is_some_and(|hex| all(hex, u8::is_ascii_hexdigit))
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && digits(fraction),
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => !mantissa.is_empty() && digits(mantissa),
    };
    mantissa
        && exponent.is_none_or(|exponent| {
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !unsigned.is_empty() && digits(unsigned)
        })
}

/// A number as Terraform reads it, or as the machine's integers are written in C.
fn number(text: &str) -> Option<Number> {
    let plain = text.replace('_', "");
    if let Ok(number) = Number::parse(&plain) {
        return Some(number);
    }
    let (negative, unsigned) = match plain.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let prefixed = |prefix: [&str; 2], base| {
        let digits = prefix
            .iter()
            .find_map(|prefix| unsigned.strip_prefix(prefix))?;
        u64::from_str_radix(digits, base)
            .ok()
            .filter(|_| !digits.starts_with('+'))
    };
    let size = prefixed(["0x", "0X"], 16)
        .or_else(|| prefixed(["0o", "0O"], 8))
        .or_else(|| prefixed(["0b", "0B"], 2))?;
    let number = Number::from(size);
    Some(if negative { number.negate() } else { number })
}

fn is_base64(text: &str) -> bool {
    let kept: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\n' | b'\r'))
        .collect();
    let padding = kept.iter().rev().take_while(|byte| **byte == b'=').count();
    kept.len().is_multiple_of(4)
        && padding <= 2
        && kept[..kept.len() - padding]
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
