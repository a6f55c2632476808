//! The verbs of format strings: reading them, and padding what they give.

use unicode_segmentation::UnicodeSegmentation;

/// A piece of a format string.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Directive<'f> {
    Literal(&'f str),
    Verb(Verb<'f>),
}

/// A verb, `%-8.2[1]f`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verb<'f> {
    pub(super) written: &'f str,
    pub(super) letter: char,
    /// The argument that it formats, counted from 0.
    pub(super) argument: usize,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) sharp: bool,
    zero: bool,
    minus: bool,
    plus: bool,
    space: bool,
}

/// How a number is padded on its left where nothing asks for the right.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Padding {
    Spaces,
    /// Zeros where the flag says so.
    Zeros,
    /// Zeros where the flag says so and the flag for the right side does not.
    ZerosUnlessLeft,
}

/// Reads a format string.
pub(super) fn directives(format: &str) -> Result<Vec<Directive<'_>>, String> {
    let mut directives = Vec::new();
    let mut rest = format;
    let mut next = 0;
    while let Some(at) = rest.find('%') {
        if at > 0 {
            directives.push(Directive::Literal(&rest[..at]));
        }
        rest = &rest[at..];
        if rest.starts_with("%%") {
            directives.push(Directive::Literal("%"));
            rest = &rest[2..];
            continue;
        }
        let (verb, after) = verb(rest, next)?;
        next = verb.argument + 1;
        directives.push(Directive::Verb(verb));
        rest = after;
    }
    if !rest.is_empty() {
        directives.push(Directive::Literal(rest));
    }
    Ok(directives)
}

fn verb(text: &str, next: usize) -> Result<(Verb<'_>, &str), String> {
    let mut verb = Verb {
        argument: next,
        ..Verb::default()
    };
    let mut rest = text[1..].trim_start_matches(|flag| {
        match flag {
            '#' => verb.sharp = true,
            '0' => verb.zero = true,
            '-' => verb.minus = true,
            '+' => verb.plus = true,
            ' ' => verb.space = true,
            _ => return false,
        }
        true
    });
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        let (width, after) = number(rest);
        verb.width = Some(width);
        rest = after;
    }
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = number(after);
        verb.precision = Some(precision);
        rest = after;
    }
    if let Some(after) = rest.strip_prefix('[') {
        let (argument, after) = number(after);
        let wrong = || "the number of an argument in a format is malformed".to_owned();
        verb.argument = argument.checked_sub(1).ok_or_else(wrong)?;
        rest = after.strip_prefix(']').ok_or_else(wrong)?;
    }
    match rest.chars().next() {
        Some(letter) if letter.is_ascii_alphabetic() => {
            verb.letter = letter;
            let after = &rest[1..];
            verb.written = &text[..text.len() - after.len()];
            Ok((verb, after))
        }
        Some(letter) => Err(format!(
            "`{letter}` is no format verb; write `%%` for a percent sign"
        )),
        None => Err("the format ends within a verb; write `%%` for a percent sign".to_owned()),
    }
}

fn number(text: &str) -> (usize, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, after) = text.split_at(end);
    let number = if digits.is_empty() {
        0
    } else {
        digits.parse().unwrap_or(usize::MAX / 2)
    };
    (number, after)
}

impl Verb<'_> {
    /// Whether it gives a text as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.width.is_none()
            && (self.letter == 'v' && !self.sharp
                || self.precision.unwrap_or(0) == 0 && self.letter == 's')
    }

    /// A text cut to the precision, in graphemes; nought does not cut.
    pub(super) fn cut<'t>(&self, text: &'t str) -> &'t str {
        match self.precision {
            None | Some(0) => text,
            Some(precision) => match text.grapheme_indices(true).nth(precision) {
                Some((end, _)) => &text[..end],
                None => text,
            },
        }
    }

    /// A text padded to the width, in graphemes.
    pub(super) fn padded(&self, text: &str) -> String {
        let missing = self.missing(text.graphemes(true).count());
        match (self.minus, self.zero) {
            (true, _) => format!("{text}{}", " ".repeat(missing)),
            (_, true) => format!("{}{text}", "0".repeat(missing)),
            _ => format!("{}{text}", " ".repeat(missing)),
        }
    }

    /// A number padded to the width, with its sign.
    pub(super) fn padded_number(
        &self,
        negative: bool,
        prefix: &str,
        digits: &str,
        padding: Padding,
    ) -> String {
        let sign = match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let missing = self.missing(sign.len() + prefix.len() + digits.len());
        let zeros = self.zero
            && match padding {
                Padding::Spaces => false,
                Padding::Zeros => true,
                Padding::ZerosUnlessLeft => !self.minus,
            };
        if zeros {
            format!("{sign}{prefix}{}{digits}", "0".repeat(missing))
        } else if self.minus {
            format!("{sign}{prefix}{digits}{}", " ".repeat(missing))
        } else {
            format!("{}{sign}{prefix}{digits}", " ".repeat(missing))
        }
    }

    fn missing(&self, length: usize) -> usize {
        self.width.unwrap_or(0).saturating_sub(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_are_read() {
        let read = directives("a%%b%-08.3[2]f%s").expect("a format");
        let Directive::Verb(verb) = &read[3] else {
            panic!("{read:?}");
        };
        assert_eq!(
            (verb.width, verb.precision, verb.argument),
            (Some(8), Some(3), 1)
        );
        assert_eq!(verb.written, "%-08.3[2]f");
        let Directive::Verb(verb) = &read[4] else {
            panic!("{read:?}");
        };
        assert_eq!((verb.letter, verb.argument), ('s', 2));
    }

    #[test]
    fn what_is_no_verb_is_refused() {
        for format in [
            "%", "%5", "%5%", "%*d", "%[0]s", "%[x]s", "%[1]", "%[1]5s", "%é",
        ] {
            assert!(directives(format).is_err(), "{format}");
        }
    }
}
