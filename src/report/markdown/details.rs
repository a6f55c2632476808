//! What there is to say of verdicts that read the same, in full.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::text::{Code, Prose, Text, line_link};
use crate::fix::Applicability;
use crate::report::change::hunks;
use crate::report::rank::{Rank, waived_word};
use crate::report::{Judged, Location, ResolvedFix, RootReport};
use crate::verdict::Outcome;

/// How many subjects, places and notes of one entry are named.
const MOST_NAMED: usize = 8;

/// Verdicts of one root module that read the same.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) judged: &'a Judged,
    subjects: Vec<&'a Judged>,
}

/// The verdicts that are wanted, those that read the same together, the worst first.
pub(super) fn entries<'a>(
    root: &'a RootReport,
    wanted: impl Fn(&Judged) -> bool,
) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut known = HashMap::new();
    for judged in root.verdicts.iter().filter(|judged| wanted(judged)) {
        let place = judged.locations.first();
        let identity = (
            judged.rule.id,
            Rank::of(judged),
            &judged.message,
            &judged.reason,
            place.map(|place| (&place.file, place.span.start)),
            judged.waived.as_ref().map(|waived| &waived.terms.reason),
        );
        match known.get(&identity) {
            Some(&at) => {
                let entry: &mut Entry<'a> = &mut entries[at];
                entry.subjects.push(judged);
            }
            None => {
                known.insert(identity, entries.len());
                entries.push(Entry {
                    judged,
                    subjects: vec![judged],
                });
            }
        }
    }
    entries.sort_by_key(|entry| {
        let severity = std::cmp::Reverse(entry.judged.severity);
        (Rank::of(entry.judged), severity)
    });
    entries
}

impl Entry<'_> {
    /// A row of a table: how bad, the rule, what is so, where.
    pub(super) fn row(&self) -> String {
        let judged = self.judged;
        let rule = judged.rule;
        let (id, name) = (rule.id, rule.name);
        let what = Prose(&judged.message);
        let mut row = format!("| {} | `{id}` {name} | {what}", verdict(judged));
        let _ = write!(row, "<br>{}", self.subjects(1));
        let place = judged.locations.first();
        let place = place.map_or_else(String::new, link);
        let _ = writeln!(row, " | {place} |");
        row
    }

    /// All of it.
    pub(super) fn text(&self) -> String {
        let judged = self.judged;
        let id = judged.rule.id;
        let mut text = format!(
            "#### {} `{id}` {}\n\n",
            verdict(judged),
            Prose(&judged.message)
        );
        let _ = writeln!(text, "- **of** {}", self.subjects(MOST_NAMED));
        if let Some(waived) = &judged.waived {
            let until = match waived.terms.until {
                Some(until) => format!(" until {until}"),
                None => String::new(),
            };
            let (word, by) = (waived_word(waived.by), waived.by.name());
            let reason = Prose(&waived.terms.reason);
            let _ = writeln!(text, "- **{word}{until}** by {by}: {reason}");
        }
        if let (Outcome::Unknown, Some(reason)) = (judged.outcome, &judged.reason) {
            let _ = writeln!(text, "- **undecided**: {}", Prose(reason));
        }
        for location in judged.locations.iter().take(MOST_NAMED) {
            let what = if location.primary { "where" } else { "see" };
            let _ = write!(text, "- **{what}** {}", link(location));
            if !location.label.is_empty() {
                let _ = write!(text, ": {}", Prose(&location.label));
            }
            text.push('\n');
        }
        if let Some(help) = &judged.help {
            let _ = writeln!(text, "- **help** {}", Prose(help));
        }
        for note in judged.notes.iter().take(MOST_NAMED) {
            let _ = writeln!(text, "- **note** {}", Prose(note));
        }
        text.push('\n');
        if let Some(fix) = &judged.fix {
            change(&mut text, fix);
        }
        text
    }

    fn subjects(&self, most: usize) -> String {
        let names = self.subjects.iter().take(most).map(|judged| {
            let address = Code(&judged.address);
            match &judged.container {
                Some(container) => format!("{address}, container {}", Code(container)),
                None => address.to_string(),
            }
        });
        let mut text = names.collect::<Vec<_>>().join("; ");
        let more = self.subjects.len().saturating_sub(most);
        if more > 0 {
            let _ = write!(text, "; and {more} more");
        }
        text
    }
}

/// A sign and a word for what a verdict comes to.
pub(super) fn verdict(judged: &Judged) -> String {
    let level = judged.level;
    match (Rank::of(judged), &judged.waived) {
        (_, Some(waived)) => format!("☑️ {}", waived_word(waived.by)),
        (Rank::Told(_, Outcome::Unknown), None) => format!("❔ undecided, {level}"),
        (Rank::Told(..), None) if judged.level == crate::policy::Level::Deny => {
            format!("❌ {level}")
        }
        (Rank::Told(..), None) => format!("⚠️ {level}"),
        (Rank::Passed, None) => "✅ pass".to_owned(),
        _ => "➖ not applicable".to_owned(),
    }
}

/// A place, as a link relative to the workspace.
pub(super) fn link(location: &Location) -> String {
    let (file, line) = (&location.file, location.start.line);
    let name = Text(file);
    match line_link(file, line) {
        Some(address) => format!("[{name}:{line}]({address})"),
        None => format!("{name}:{line}"),
    }
}

/// A fix as a diff.
fn change(text: &mut String, fix: &ResolvedFix) {
    let Some(hunks) = hunks(fix) else {
        return;
    };
    let sure = match fix.applicability {
        Applicability::MachineApplicable => "",
        Applicability::MaybeIncorrect => " (look at it first: it may be wrong)",
    };
    let _ = writeln!(text, "**fix** {}{sure}\n", Prose(&fix.title));
    let lines = || hunks.iter().flat_map(|hunk| &hunk.lines);
    let longest = lines()
        .map(|line| longest_run(&line.text))
        .max()
        .unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let _ = writeln!(text, "{fence}diff");
    for hunk in &hunks {
        let old = hunk.lines.iter().filter(|line| line.sign != '+').count();
        let new = hunk.lines.iter().filter(|line| line.sign != '-').count();
        let line = hunk.line;
        let _ = writeln!(text, "@@ -{line},{old} +{line},{new} @@");
        for line in &hunk.lines {
            let _ = writeln!(text, "{}{}", line.sign, line.text);
        }
    }
    let _ = writeln!(text, "{fence}\n");
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|character| character != '`').map(str::len);
    runs.max().unwrap_or(0)
}
