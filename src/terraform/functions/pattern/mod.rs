//! Regular expressions as Terraform has them.
//!
//! Terraform's engine is RE2's syntax as Go reads it, over Unicode scalar values with ASCII-only
//! classes. The engine here is `regex-lite`, which matches in the same order but reads a slightly
//! different syntax; so a pattern is read by its own rules and written again in the few constructs
//! that mean the same in both. Classes of Unicode properties (`\pL`) have no counterpart: a pattern
//! that has one cannot be applied here.

mod characters;
mod classes;
mod group;
mod syntax;

use regex_lite::{Captures, Regex, RegexBuilder};

/// How many steps one search may take at the worst: characters by states of the pattern.
const SEARCH_STEPS: usize = 5_000_000;
/// How many steps all searches of one call may take at the worst.
const ALL_STEPS: usize = 20_000_000;
/// How many states a pattern may have.
const PATTERN_STATES: usize = 20_000;

/// A pattern that is ready to search with.
pub(super) struct Pattern {
    regex: Regex,
    /// The name of each group, where it has one.
    pub(super) names: Vec<Option<String>>,
    states: usize,
    /// How many bytes a match has at the most, where that is bounded.
    longest: Option<usize>,
}

/// Why a pattern cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Terraform would refuse it.
    Invalid(String),
    /// Terraform would take it, and it is beyond what can be done here.
    Beyond(&'static str),
}

/// A match: the text of the whole and of each group that took part.
pub(super) struct Found<'t> {
    pub(super) whole: &'t str,
    pub(super) groups: Vec<Option<&'t str>>,
    start: usize,
    end: usize,
}

impl Pattern {
    /// Reads a pattern.
    pub(super) fn new(source: &str) -> Result<Self, Refusal> {
        let translated = syntax::translate(source)?;
        if translated.states > PATTERN_STATES {
            return Err(Refusal::Beyond("the regular expression is too large"));
        }
        let regex = RegexBuilder::new(&translated.pattern)
            .nest_limit(250)
            .size_limit(8 << 20)
            .build()
            .map_err(|_| Refusal::Beyond("the regular expression is too large"))?;
        Ok(Pattern {
            regex,
            names: translated.names,
            states: translated.states,
            longest: translated.longest,
        })
    }

    /// The first match.
    pub(super) fn find<'t>(&self, text: &'t str) -> Result<Option<Found<'t>>, Refusal> {
        self.check(text)?;
        Ok(self.regex.captures(text).map(|captures| found(&captures)))
    }

    /// Every match that does not overlap one before it, up to a number of them.
    pub(super) fn find_all<'t>(
        &self,
        text: &'t str,
        limit: usize,
    ) -> Result<Vec<Found<'t>>, Refusal> {
        let mut all = Vec::new();
        let complete = self.each(text, |found| {
            all.push(found);
            all.len() <= limit
        })?;
        if complete {
            Ok(all)
        } else {
            Err(Refusal::Beyond("the regular expression matches too often"))
        }
    }

    /// The text with each match replaced by a template, in which `$1`, `$name` and `${name}` stand for
    /// groups and `$$` for a dollar sign. `None` where the result would be longer than the limit.
    pub(super) fn replace_all(
        &self,
        text: &str,
        template: &str,
        limit: usize,
    ) -> Result<Option<String>, Refusal> {
        let mut result = String::new();
        let mut copied = 0;
        let complete = self.each(text, |found| {
            result.push_str(&text[copied..found.start]);
            self.expand(&found, template, &mut result);
            copied = found.end;
            result.len() <= limit
        })?;
        result.push_str(&text[copied..]);
        Ok((complete && result.len() <= limit).then_some(result))
    }

    /// Hands over each match until told to stop, and says whether all were.
    fn each<'t>(
        &self,
        text: &'t str,
        mut next: impl FnMut(Found<'t>) -> bool,
    ) -> Result<bool, Refusal> {
        self.check(text)?;
        let (mut steps, mut from) = (0_usize, 0);
        for captures in self.regex.captures_iter(text) {
            let found = found(&captures);
            // A search goes on past the match until no longer one is possible, which may be to the end.
            let searched = match self.longest {
                Some(longest) => (found.end - from).saturating_add(longest),
                None => text.len() - from,
            };
            steps = steps.saturating_add(self.states.saturating_mul(searched));
            from = found.end;
            if steps > ALL_STEPS {
                return Err(Refusal::Beyond("the regular expression takes too long"));
            }
            if !next(found) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn check(&self, text: &str) -> Result<(), Refusal> {
        if self.states.saturating_mul(text.len()) > SEARCH_STEPS {
            return Err(Refusal::Beyond(
                "the text is too long for this regular expression",
            ));
        }
        Ok(())
    }

    fn expand(&self, found: &Found<'_>, template: &str, result: &mut String) {
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            result.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                result.push('$');
                rest = after;
            } else if let Some((name, after)) = group_name(rest) {
                result.push_str(self.group(found, name).unwrap_or_default());
                rest = after;
            } else {
                result.push('$');
            }
        }
        result.push_str(rest);
    }

    fn group<'t>(&self, found: &Found<'t>, name: &str) -> Option<&'t str> {
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            return match name.parse::<usize>().ok()? {
                0 => Some(found.whole),
                number => found.groups.get(number - 1).copied().flatten(),
            };
        }
        // Several groups may have the name; the first that took part counts.
        let named = self.names.iter().zip(&found.groups);
        named
            .filter(|(other, _)| other.as_deref() == Some(name))
            .find_map(|(_, group)| *group)
    }
}

/// Takes the name of a group off a template, after its dollar sign.
fn group_name(rest: &str) -> Option<(&str, &str)> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let (name, after) = match rest.strip_prefix('{') {
        Some(inner) => {
            let (name, after) = inner.split_once('}')?;
            (name, after)
        }
        None => rest.split_at(rest.find(|c| !is_name(c)).unwrap_or(rest.len())),
    };
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, after))
}

fn found<'t>(captures: &Captures<'t>) -> Found<'t> {
    let mut groups = captures.iter().map(|group| group.map(|m| m.as_str()));
    let whole = groups.next().flatten().unwrap_or_default();
    let (start, end) = captures.get(0).map_or((0, 0), |m| (m.start(), m.end()));
    Found {
        whole,
        groups: groups.collect(),
        start,
        end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(pattern: &str, text: &str, template: &str) -> String {
        let pattern = Pattern::new(pattern).expect("a pattern");
        let result = pattern
            .replace_all(text, template, 1000)
            .expect("in bounds");
        result.expect("short")
    }

    #[test]
    fn a_template_names_groups_by_number_and_by_name() {
        assert_eq!(replaced("(a)(b)?", "ab-a", "[$2$1]"), "[ba]-[a]");
        assert_eq!(replaced("(?P<x>a)", "a", "${x}x$x1$$"), "ax$");
        assert_eq!(replaced("a", "a", "$ ${ ${-} $0"), "$ ${ ${-} a");
    }

    #[test]
    fn an_empty_match_after_a_match_does_not_count() {
        assert_eq!(replaced("a*", "baac", "x"), "xbxcx");
    }

    #[test]
    fn what_takes_too_long_is_refused() {
        let pattern = Pattern::new("(a{1,100}){1,9}b").expect("a pattern");
        let text = "a".repeat(100_000);
        assert!(matches!(pattern.find(&text), Err(Refusal::Beyond(_))));
        assert!(Pattern::new("(((x{30}){30})y{99}){2}").is_err());
        let pattern = Pattern::new("a.*z|a").expect("a pattern");
        assert!(matches!(
            pattern.find_all(&text, usize::MAX),
            Err(Refusal::Beyond(_))
        ));
    }
}
