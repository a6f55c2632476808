//! Waivers: what a team has decided to live with, why, and until when.
//!
//! They are written as comments beside what they are about, or in the manifest. What matches a verdict,
//! and what is said of those that match none, is decided here; nothing is read or shown.

mod baseline;
mod comment;
mod date;
mod matching;

pub use baseline::{BASELINE, Baseline, Known};
pub use date::{Date, now};
pub(crate) use matching::{Found, Use, Waivers};

use std::sync::Arc;

use crate::did_you_mean::did_you_mean;
use crate::hcl::Span;
use crate::rules::{RULES, Rule};
use crate::selection::find_rule;

/// A waiver in the manifest.
#[derive(Clone, Debug)]
pub struct ManifestWaiver {
    /// The rule.
    pub rule: &'static Rule,
    /// The resource instances' addresses; `*` stands for any text.
    pub address: String,
    /// The container's name, where it is one container's; `*` stands for any text.
    pub container: Option<String>,
    /// The root module, where it is one's, relative to the workspace root; `*` stands for any text.
    pub root: Option<String>,
    /// Why, and until when.
    pub terms: Terms,
    /// Where it stands in the manifest.
    pub span: Option<Span>,
}

/// A waiver in the manifest that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedWaiver {
    /// What is wrong with it.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
}

/// Why something is waived, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Why.
    pub reason: Arc<str>,
    /// The last day on which it holds.
    pub until: Option<Date>,
}

/// The waiver of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// Why, and until when.
    pub terms: Terms,
    /// Where it is written.
    pub by: WaivedBy,
}

/// Where a waiver is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaivedBy {
    /// Beside what it is about.
    Comment,
    /// In the workspace's manifest.
    Manifest,
    /// In the baseline: it failed when that was made.
    Baseline,
}

impl WaivedBy {
    /// The name, as reports have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            WaivedBy::Comment => "comment",
            WaivedBy::Manifest => "manifest",
            WaivedBy::Baseline => "baseline",
        }
    }
}

/// The waivers of a workspace, and what holds for those in comments.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Those of the manifest.
    pub manifest: Vec<ManifestWaiver>,
    /// Those of the manifest that do not hold.
    pub rejected: Vec<RejectedWaiver>,
    /// What is known to fail.
    pub baseline: Baseline,
    /// How many days ahead a waiver may end.
    pub most_days: u32,
    /// The day that it is.
    pub today: Date,
    /// The manifest's name and its text.
    pub file: Option<(Arc<str>, Arc<str>)>,
    /// Whether all that a waiver could be about is audited, so that one that is about nothing can go.
    pub all_audited: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            manifest: Vec::new(),
            rejected: Vec::new(),
            baseline: Baseline::default(),
            most_days: MOST_DAYS,
            today: Date::today(),
            file: None,
            all_audited: false,
        }
    }
}

/// How many days ahead a waiver may end where the configuration does not say otherwise.
pub const MOST_DAYS: u32 = 366;

/// The rule that a waiver names, or what is wrong with the name.
pub(crate) fn rule(name: &str) -> Result<&'static Rule, String> {
    let known = RULES.iter().flat_map(|rule| [rule.id, rule.name]);
    find_rule(name).ok_or_else(|| match did_you_mean(name, known) {
        Some(meant) => format!("unknown rule `{name}`; did you mean `{meant}`?"),
        None => format!("unknown rule `{name}`; `cargo ecs-audit explain` lists the rules"),
    })
}

/// The day that a waiver ends on, or that it is none.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| format!("`{text}` is no day: `until` is a date as 2027-01-31"))
}

/// What is wrong with an end, where something is.
pub(crate) fn too_far(until: Date, today: Date, most_days: u32) -> Option<String> {
    let ahead = until.days_after(today);
    (ahead > i64::from(most_days))
        .then(|| format!("`until` is {ahead} days ahead, and `max-waiver-days` is {most_days}"))
}

/// Whether a text is like a pattern, in which `*` stands for any text.
pub(crate) fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            let Some(at) = rest.find(middle) else {
                return false;
            };
            rest = &rest[at + middle.len()..];
        }
    }
    last.map_or(rest.is_empty(), |last| rest.ends_with(last))
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(is_like("a.b[\"x\"]", "a.b[\"x\"]"));
        assert!(is_like(
            "module.api.aws_ecs_service.this[0]",
            "module.*.this[*]"
        ));
        assert!(is_like("abc", "*") && is_like("", "*") && is_like("abab", "ab*ab"));
        assert!(!is_like("ab", "ab*ab") && !is_like("abc", "ab") && !is_like("xab", "ab*"));
        assert!(is_like("a-b-c", "a*b*c") && !is_like("a-c-b", "a*b*c"));
    }
}
