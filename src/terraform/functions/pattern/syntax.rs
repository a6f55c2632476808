//! Reads RE2's syntax and writes the same pattern for `regex-lite`.

use super::Refusal;
use super::classes::{Ranges, folded, perl_class, posix_class};

/// A pattern in the other engine's syntax. It has no flags: what they mean is written out.
pub(super) struct Translated {
    pub(super) pattern: String,
    pub(super) names: Vec<Option<String>>,
    /// About how many states its automaton has.
    pub(super) states: usize,
    /// How many bytes a match has at the most, where that is bounded.
    pub(super) longest: Option<usize>,
}

/// The most often that a repetition may repeat, nested ones multiplied.
const REPETITIONS: u32 = 1000;

#[derive(Clone, Copy, Default)]
struct Flags {
    fold_case: bool,
    many_lines: bool,
    dot_is_all: bool,
    lazy: bool,
}

/// What an open group must remember until it is closed.
struct Group {
    flags: Flags,
    /// States of what is in the group, without the last atom.
    states: usize,
    /// States and repetitions of the last atom, where there is one that can be repeated.
    atom: Option<Atom>,
    /// The most repetitions nested in the group.
    repetitions: u32,
    /// How many bytes what is in the group matches at the most, all its branches together.
    longest: Option<usize>,
}

#[derive(Clone, Copy)]
struct Atom {
    states: usize,
    repetitions: u32,
    longest: Option<usize>,
}

/// The longest that one character is, in bytes.
const CHARACTER: usize = 4;

struct Translator<'p> {
    rest: &'p str,
    out: String,
    names: Vec<Option<String>>,
    groups: Vec<Group>,
    flags: Flags,
}

/// Reads a pattern.
pub(super) fn translate(source: &str) -> Result<Translated, Refusal> {
    let mut translator = Translator {
        rest: source,
        out: String::with_capacity(source.len() * 2),
        names: Vec::new(),
        groups: vec![Group::new(Flags::default())],
        flags: Flags::default(),
    };
    translator.run()?;
    let whole = translator.groups.pop().map(Group::settled);
    Ok(Translated {
        pattern: translator.out,
        names: translator.names,
        states: whole.as_ref().map_or(0, |group| group.states),
        longest: whole.and_then(|group| group.longest),
    })
}

impl Group {
    fn new(flags: Flags) -> Self {
        Group {
            flags,
            states: 1,
            atom: None,
            repetitions: 1,
            longest: Some(0),
        }
    }

    fn settled(mut self) -> Self {
        self.settle();
        self
    }

    /// Begins a new atom.
    fn push(&mut self, atom: Atom) {
        self.settle();
        self.atom = Some(atom);
    }

    /// Ends the last atom: it can no longer be repeated.
    fn settle(&mut self) {
        if let Some(atom) = self.atom.take() {
            self.states = self.states.saturating_add(atom.states);
            self.repetitions = self.repetitions.max(atom.repetitions);
            self.longest = self
                .longest
                .zip(atom.longest)
                .map(|(one, other)| one.saturating_add(other));
        }
    }
}

pub(super) fn invalid(what: impl Into<String>) -> Refusal {
    Refusal::Invalid(what.into())
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), Refusal> {
        let mut after_repetition = false;
        while let Some(c) = self.rest.chars().next() {
            let mut is_repetition = false;
            match c {
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => {
                    self.bump(1);
                    self.group().settle();
                    self.out.push('|');
                }
                '^' => {
                    let written = if self.flags.many_lines {
                        "(?m:^)"
                    } else {
                        r"\A"
                    };
                    self.simple(1, written);
                }
                '$' => {
                    let written = if self.flags.many_lines {
                        "(?m:$)"
                    } else {
                        r"\z"
                    };
                    self.simple(1, written);
                }
                '.' => {
                    let written = if self.flags.dot_is_all {
                        "(?s:.)"
                    } else {
                        r"[^\n]"
                    };
                    self.simple(1, written);
                }
                '[' => self.class()?,
                '*' | '+' | '?' => {
                    self.bump(1);
                    self.repeat(&c.to_string(), 1, after_repetition)?;
                    is_repetition = true;
                }
                '{' => match counted(self.rest) {
                    Some((least, most, length)) => {
                        let written = self.rest[..length].to_owned();
                        self.bump(length);
                        let times = check_counts(least, most)?;
                        self.repeat(&written, times, after_repetition)?;
                        is_repetition = true;
                    }
                    None => {
                        self.bump(1);
                        self.literal('{');
                    }
                },
                '\\' => self.escape()?,
                _ => {
                    self.bump(c.len_utf8());
                    self.literal(c);
                }
            }
            after_repetition = is_repetition;
        }
        if self.groups.len() > 1 {
            return Err(invalid("missing closing )"));
        }
        Ok(())
    }

    fn group(&mut self) -> &mut Group {
        // The outermost group is never closed: `close` refuses to.
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn bump(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }

    fn simple(&mut self, bytes: usize, written: &str) {
        self.bump(bytes);
        self.atom(written);
    }

    fn atom(&mut self, written: &str) {
        self.out.push_str(written);
        self.group().push(Atom {
            states: 1,
            repetitions: 1,
            longest: Some(CHARACTER),
        });
    }

    fn literal(&mut self, c: char) {
        if self.flags.fold_case {
            let ranges = folded(vec![(u32::from(c), u32::from(c))]);
            if ranges.len() > 1 {
                return self.ranges(&ranges, "[");
            }
        }
        let written = written(u32::from(c));
        self.atom(&written);
    }

    fn ranges(&mut self, ranges: &[(u32, u32)], open: &str) {
        self.out.push_str(open);
        for &(first, last) in ranges {
            self.out.push_str(&written(first));
            self.out.push('-');
            self.out.push_str(&written(last));
        }
        self.out.push(']');
        self.group().push(Atom {
            states: 1 + ranges.len(),
            repetitions: 1,
            longest: Some(CHARACTER),
        });
    }

    fn repeat(&mut self, written: &str, times: u32, again: bool) -> Result<(), Refusal> {
        if again {
            return Err(invalid(format!(
                "invalid nested repetition operator `{written}`"
            )));
        }
        let Some(atom) = self.group().atom.as_mut() else {
            return Err(invalid(format!(
                "missing argument to repetition operator `{written}`"
            )));
        };
        atom.states = atom.states.saturating_mul(times as usize).saturating_add(1);
        atom.repetitions = atom.repetitions.saturating_mul(times);
        let unbounded = matches!(written, "*" | "+") || written.ends_with(",}");
        atom.longest = match atom.longest {
            Some(longest) if !unbounded => Some(longest.saturating_mul(times as usize)),
            _ => None,
        };
        if atom.repetitions > REPETITIONS {
            return Err(invalid("invalid repeat count"));
        }
        let lazy = self.rest.starts_with('?');
        if lazy {
            self.bump(1);
        }
        self.out.push_str(written);
        if lazy != self.flags.lazy {
            self.out.push('?');
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), Refusal> {
        let Some(special) = self.rest.strip_prefix("(?") else {
            self.bump(1);
            self.out.push('(');
            self.names.push(None);
            self.groups.push(Group::new(self.flags));
            return Ok(());
        };
        if let Some(name) = special.strip_prefix("P<").or(special.strip_prefix('<')) {
            let Some((name, after)) = name.split_once('>') else {
                return Err(invalid("invalid named capture"));
            };
            let valid = name.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric());
            if name.is_empty() || !valid {
                return Err(invalid("invalid named capture"));
            }
            self.names.push(Some(name.to_owned()));
            self.rest = after;
            self.out.push('(');
            self.groups.push(Group::new(self.flags));
            return Ok(());
        }
        self.rest = special;
        let mut flags = self.flags;
        let (mut on, mut seen) = (true, false);
        loop {
            let Some(c) = self.rest.chars().next() else {
                return Err(invalid("missing closing )"));
            };
            self.bump(c.len_utf8());
            match c {
                'i' => flags.fold_case = on,
                'm' => flags.many_lines = on,
                's' => flags.dot_is_all = on,
                'U' => flags.lazy = on,
                '-' if on => {
                    on = false;
                    seen = false;
                    continue;
                }
                ':' | ')' if on || seen => {
                    if c == ':' {
                        self.out.push_str("(?:");
                        self.groups.push(Group::new(self.flags));
                    } else {
                        self.group().settle();
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => return Err(invalid("invalid or unsupported Perl syntax")),
            }
            seen = true;
        }
    }

    fn close(&mut self) -> Result<(), Refusal> {
        self.bump(1);
        if self.groups.len() == 1 {
            return Err(invalid("unexpected )"));
        }
        let Some(group) = self.groups.pop().map(Group::settled) else {
            return Err(invalid("unexpected )"));
        };
        self.out.push(')');
        self.flags = group.flags;
        self.group().push(Atom {
            states: group.states.saturating_add(2),
            repetitions: group.repetitions,
            longest: group.longest,
        });
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Refusal> {
        let after = &self.rest[1..];
        match after.chars().next() {
            Some('A') => self.simple(2, r"\A"),
            Some('z') => self.simple(2, r"\z"),
            Some('b') => self.simple(2, r"\b"),
            Some('B') => self.simple(2, r"\B"),
            Some('C') => return Err(invalid(r"invalid escape sequence `\C`")),
            Some('p' | 'P') => return Err(unicode_class()),
            Some('Q') => {
                let quoted = &after[1..];
                let (literal, rest) = quoted.split_once(r"\E").unwrap_or((quoted, ""));
                for c in literal.chars() {
                    self.literal(c);
                }
                self.rest = rest;
            }
            Some(c @ ('d' | 'D' | 's' | 'S' | 'w' | 'W')) => {
                self.bump(2);
                let mut ranges = Ranges::new();
                perl_class(c, &mut ranges);
                self.ranges(&ranges, "[");
            }
            _ => {
                let (c, rest) = escaped(self.rest)?;
                self.rest = rest;
                self.literal(c);
            }
        }
        Ok(())
    }

    fn class(&mut self) -> Result<(), Refusal> {
        let mut rest = &self.rest[1..];
        let negated = rest.starts_with('^');
        if negated {
            rest = &rest[1..];
        }
        let mut ranges = Ranges::new();
        let mut first = true;
        while first || !rest.starts_with(']') {
            first = false;
            if let Some(after) = posix_class(rest, &mut ranges)? {
                rest = after;
                continue;
            }
            let mut two = rest.chars();
            match (two.next(), two.next()) {
                (Some('\\'), Some('p' | 'P')) => return Err(unicode_class()),
                (Some('\\'), Some(c @ ('d' | 'D' | 's' | 'S' | 'w' | 'W'))) => {
                    perl_class(c, &mut ranges);
                    rest = &rest[2..];
                    continue;
                }
                _ => {}
            }
            let (low, after) = class_character(rest)?;
            rest = after;
            let mut high = low;
            if rest.len() >= 2 && rest.starts_with('-') && !rest[1..].starts_with(']') {
                (high, rest) = class_character(&rest[1..])?;
                if high < low {
                    return Err(invalid("invalid character class range"));
                }
            }
            ranges.push((u32::from(low), u32::from(high)));
        }
        self.rest = &rest[1..];
        if self.flags.fold_case {
            ranges = folded(ranges);
        }
        self.ranges(&ranges, if negated { "[^" } else { "[" });
        Ok(())
    }
}

fn unicode_class() -> Refusal {
    Refusal::Beyond(r"a regular expression with a Unicode class (`\p`) is not applied")
}

/// A character as the other engine reads it in and out of classes.
fn written(c: u32) -> String {
    match char::from_u32(c) {
        Some(c) if c.is_ascii_alphanumeric() => c.to_string(),
        _ => format!(r"\x{{{c:X}}}"),
    }
}

/// Reads `{n}`, `{n,}` or `{n,m}`, with its length; anything else is literal. A count that is far too
/// large is read as the largest there is.
fn counted(text: &str) -> Option<(u32, Option<u32>, usize)> {
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

fn check_counts(least: u32, most: Option<u32>) -> Result<u32, Refusal> {
    let times = most.unwrap_or(least);
    if least > REPETITIONS || times > REPETITIONS || times < least {
        return Err(invalid("invalid repeat count"));
    }
    Ok(times.max(1))
}

fn class_character(rest: &str) -> Result<(char, &str), Refusal> {
    match rest.chars().next() {
        None => Err(invalid("missing closing ]")),
        Some('\\') => escaped(rest),
        Some(c) => Ok((c, &rest[c.len_utf8()..])),
    }
}

/// Reads an escape that stands for one character.
fn escaped(rest: &str) -> Result<(char, &str), Refusal> {
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

#[cfg(test)]
mod tests {
    use regex_lite::Regex;

    use super::*;

    fn first(pattern: &str, text: &str) -> Option<String> {
        let translated = translate(pattern).unwrap_or_else(|why| panic!("{pattern}: {why:?}"));
        let regex = Regex::new(&translated.pattern)
            .unwrap_or_else(|why| panic!("{pattern} -> {}: {why}", translated.pattern));
        regex.find(text).map(|found| found.as_str().to_owned())
    }

    #[test]
    fn the_same_constructs_mean_the_same() {
        let cases = [
            ("a{", "xa{", "a{"),
            ("a{,2}", "a{,2}", "a{,2}"),
            ("a{2}", "aaa", "aa"),
            ("a{2,}?", "aaa", "aa"),
            ("[]a]+", "b]a", "]a"),
            ("[^]a]", "]ab", "b"),
            ("[a-]+", "x-a", "-a"),
            (r"[\]\-x]+", "a]-x", "]-x"),
            ("[[a]+", "[[a", "[[a"),
            ("[a&&b]+", "a&b", "a&b"),
            ("[[:alpha:]]+", "1ab2", "ab"),
            ("[[:^alpha:]]+", "ab12", "12"),
            (r"\Qa.b\E+", "a.bbb", "a.bbb"),
            (r"\x41\x{42}\103", "ABC", "ABC"),
            (r"\_\-\/", "_-/", "_-/"),
            ("(?i)straße", "STRAßE", "STRAßE"),
            ("(?i)[k-l]+", "K\u{212A}", "K\u{212A}"),
            ("(?i:A)b", "aB ab", "ab"),
            ("(?s).", "\n", "\n"),
            (".", "\nx", "x"),
            ("(?U)a+", "aaa", "a"),
            ("(?U)a+?", "aaa", "aaa"),
            ("(?m)^b$", "a\nb\nc", "b"),
            ("b$", "a\nb", "b"),
            (r"\s", "\u{b} ", " "),
            (r"\w+", "é9_a", "9_a"),
            ("(?)a", "a", "a"),
            ("(?P<1x>a)", "a", "a"),
            ("^*a", "a", "a"),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(first(pattern, text).as_deref(), Some(expected), "{pattern}");
        }
        assert_eq!(first("b$", "b\n"), None);
    }

    #[test]
    fn what_the_language_refuses_is_refused() {
        let wrong = [
            "a**",
            "a+*",
            "*a",
            "(*)",
            "|*",
            "a{1001}",
            "a{2,1}",
            "(a{100}){100}",
            "(",
            ")",
            "(a",
            "[a",
            "[",
            "[b-a]",
            "[[:nope:]]",
            r"\1",
            r"\8",
            r"\Z",
            r"\<",
            r"\u0041",
            r"\x{110000}",
            r"\C",
            r"a\",
            "(?x)a",
            "(?=a)",
            "(?!a)",
            "(?<=a)",
            "(?P<a-b>x)",
            "(?P<>x)",
            "(?-)",
            "(?",
            r"\xg0",
            r"[\",
            "(?i",
        ];
        for pattern in wrong {
            let refused = matches!(translate(pattern), Err(Refusal::Invalid(_)));
            // `\<` is punctuation with a backslash, which stands for itself.
            assert_eq!(refused, pattern != r"\<", "{pattern}");
        }
    }

    #[test]
    fn any_pattern_is_translated_or_refused() {
        use proptest::prelude::*;
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let any = r"[\[\](){}|*+?.^$\\a-cA-Zx0-9:,<>=!PQEipsUm-]{0,24}";
        runner
            .run(&any, |pattern| {
                if let Ok(translated) = translate(&pattern)
                    && translated.states < 1000
                {
                    prop_assert!(
                        Regex::new(&translated.pattern).is_ok(),
                        "{}",
                        translated.pattern
                    );
                }
                Ok(())
            })
            .expect("every pattern that was translated is one");
    }
}
