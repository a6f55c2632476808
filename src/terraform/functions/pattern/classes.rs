//! Classes of characters, as ranges of their numbers.

use super::Refusal;
use super::characters::invalid;

/// Ranges of characters, both ends included.
pub(super) type Ranges = Vec<(u32, u32)>;

const DIGITS: &[(u32, u32)] = &[(0x30, 0x39)];
const SPACES: &[(u32, u32)] = &[(0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20)];
const WORDS: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];

/// Adds the class of an escape such as `\d`.
pub(super) fn perl_class(c: char, ranges: &mut Ranges) {
    let class = match c.to_ascii_lowercase() {
        'd' => DIGITS,
        's' => SPACES,
        _ => WORDS,
    };
    add_class(class, c.is_ascii_uppercase(), ranges);
}

/// Adds a sorted class, or everything else.
fn add_class(class: &[(u32, u32)], negated: bool, ranges: &mut Ranges) {
    if !negated {
        ranges.extend_from_slice(class);
        return;
    }
    let mut next = 0;
    for &(first, last) in class {
        if first > next {
            ranges.push((next, first - 1));
        }
        next = last + 1;
    }
    ranges.push((next, 0x10_FFFF));
}

/// Reads a class such as `[:alpha:]` within brackets, and adds it. `None` where there is none.
pub(super) fn posix_class<'p>(
    rest: &'p str,
    ranges: &mut Ranges,
) -> Result<Option<&'p str>, Refusal> {
    let Some(inner) = rest.strip_prefix("[:") else {
        return Ok(None);
    };
    let Some((name, after)) = inner.split_once(":]") else {
        return Ok(None);
    };
    let (plain, negated) = match name.strip_prefix('^') {
        Some(plain) => (plain, true),
        None => (name, false),
    };
    let class: &[(u32, u32)] = match plain {
        "alnum" => &[(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)],
        "alpha" => &[(0x41, 0x5A), (0x61, 0x7A)],
        "ascii" => &[(0x00, 0x7F)],
        "blank" => &[(0x09, 0x09), (0x20, 0x20)],
        "cntrl" => &[(0x00, 0x1F), (0x7F, 0x7F)],
        "digit" => DIGITS,
        "graph" => &[(0x21, 0x7E)],
        "lower" => &[(0x61, 0x7A)],
        "print" => &[(0x20, 0x7E)],
        "punct" => &[(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)],
        "space" => &[(0x09, 0x0D), (0x20, 0x20)],
        "upper" => &[(0x41, 0x5A)],
        "word" => WORDS,
        "xdigit" => &[(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
        _ => {
            return Err(invalid(format!(
                "invalid character class range `[:{name}:]`"
            )));
        }
    };
    add_class(class, negated, ranges);
    Ok(Some(after))
}

/// The widest range beyond ASCII whose characters are looked at one by one for other cases.
const FOLDED_RANGE: u32 = 2000;

/// Adds the other cases of every character.
pub(super) fn folded(mut ranges: Ranges) -> Ranges {
    for index in 0..ranges.len() {
        let (first, last) = ranges[index];
        for (from, to, other) in [(0x41, 0x5A, 0x61), (0x61, 0x7A, 0x41)] {
            let (low, high) = (first.max(from), last.min(to));
            if low <= high {
                ranges.push((low - from + other, high - from + other));
            }
        }
        // The Kelvin sign and the long s are cases of ASCII letters.
        for (letters, relative) in [([0x4B, 0x6B], 0x212A), ([0x53, 0x73], 0x17F)] {
            let within = |c: u32| (first..=last).contains(&c);
            if letters.into_iter().any(within) {
                ranges.push((relative, relative));
            } else if within(relative) {
                ranges.extend(letters.map(|c| (c, c)));
            }
        }
        let low = first.max(0x80);
        if low <= last && last - low <= FOLDED_RANGE {
            for c in (low..=last).filter_map(char::from_u32) {
                let upper = single(c.to_uppercase());
                let lower = single(c.to_lowercase());
                for other in [upper, lower].into_iter().flatten().filter(|&o| o != c) {
                    ranges.push((u32::from(other), u32::from(other)));
                }
            }
        }
    }
    ranges
}

fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}
