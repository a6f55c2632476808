//! Single characters and counts of a pattern, as they are written.

use super::Refusal;

/// The most often that a repetition may repeat, nested ones multiplied.
pub(super) const REPETITIONS: u32 = 1000;

pub(super) fn invalid(what: impl Into<String>) -> Refusal {
    Refusal::Invalid(what.into())
}

pub(super) fn unicode_class() -> Refusal {
    Refusal::Beyond(r"a regular expression with a Unicode class (`\p`) is not applied")
}

/// A character as the other engine reads it in and out of classes.
pub(super) fn written(c: u32) -> String {
    match char::from_u32(c) {
        Some(c) if c.is_ascii_alphanumeric() => c.to_string(),
        _ => format!(r"\x{{{c:X}}}"),
    }
}

/// Reads `{n}`, `{n,}` or `{n,m}`, with its length; anything else is literal. A count that is far too
/// large is read as the largest there is.
pub(super) fn counted(text: &str) -> Option<(u32, Option<u32>, usize)> {
    let counts = |b: u8| b == b',' || b.is_ascii_digit();
    let end = 1 + text.bytes().skip(1).take_while(|&b| counts(b)).count();
    if !text[end..].starts_with('}') {
        return None;
    }
    let inner = &text[1..end];
    let number = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let padded = digits.len() > 1 && digits.starts_with('0');
        (plain && !padded).then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let (least, most) = match inner.split_once(',') {
        None => {
            let times = number(inner)?;
            (times, Some(times))
        }
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    Some((least, most, end + 1))
}

pub(super) fn check_counts(least: u32, most: Option<u32>) -> Result<u32, Refusal> {
    let times = most.unwrap_or(least);
    if least > REPETITIONS || times > REPETITIONS || times < least {
        return Err(invalid("invalid repeat count"));
    }
    Ok(times.max(1))
}

pub(super) fn class_character(rest: &str) -> Result<(char, &str), Refusal> {
    match rest.chars().next() {
        None => Err(invalid("missing closing ]")),
        Some('\\') => escaped(rest),
        Some(c) => Ok((c, &rest[c.len_utf8()..])),
    }
}

/// Reads an escape that stands for one character.
pub(super) fn escaped(rest: &str) -> Result<(char, &str), Refusal> {
    let after = &rest[1..];
    let Some(c) = after.chars().next() else {
        return Err(invalid("trailing backslash at end of expression"));
    };
    let bad = || invalid(format!(r"invalid escape sequence `\{c}`"));
    let after = &after[c.len_utf8()..];
    let simple = match c {
        'a' => '\x07',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '0'..='7' => {
            let more = after
                .bytes()
                .take(2)
                .take_while(|b| (b'0'..=b'7').contains(b));
            let more = more.count();
            if c != '0' && more == 0 {
                return Err(bad());
            }
            let digits = &rest[1..2 + more];
            let value = u32::from_str_radix(digits, 8).map_err(|_| bad())?;
            return Ok((char::from_u32(value).ok_or_else(bad)?, &after[more..]));
        }
        'x' => {
            let (digits, after) = match after.strip_prefix('{') {
                Some(braced) => braced.split_once('}').ok_or_else(bad)?,
                None => after.split_at_checked(2).ok_or_else(bad)?,
            };
            if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(bad());
            }
            let value = u32::from_str_radix(digits, 16).map_err(|_| bad())?;
            if (0xD800..0xE000).contains(&value) {
                return Err(Refusal::Beyond(
                    "a regular expression with a surrogate is not applied",
                ));
            }
            return Ok((char::from_u32(value).ok_or_else(bad)?, after));
        }
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
        _ => return Err(bad()),
    };
    Ok((simple, after))
}
