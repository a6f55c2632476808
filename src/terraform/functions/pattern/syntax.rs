//! Reads RE2's syntax and writes the same pattern for `regex-lite`.

use super::Refusal;
use super::characters::{
    REPETITIONS, check_counts, class_character, counted, escaped, invalid, unicode_class, written,
};
use super::classes::{Ranges, folded, perl_class, posix_class};
use super::group::{Atom, CHARACTER, Flags, Group};

/// A pattern in the other engine's syntax. It has no flags: what they mean is written out.
pub(super) struct Translated {
    pub(super) pattern: String,
    pub(super) names: Vec<Option<String>>,
    /// About how many states its automaton has.
    pub(super) states: usize,
    /// How many bytes a match has at the most, where that is bounded.
    pub(super) longest: Option<usize>,
}

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

#[cfg(test)]
mod tests;
