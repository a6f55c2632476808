//! What is to be said of each root module, beside its diagnostics.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use super::{Detail, Rendering, SHOWN};
use crate::policy::{Level, LevelSource};
use crate::report::diagnostic::{self, Diagnostic};
use crate::report::terminal;
use crate::report::{Basis, Judged, NotAudited, Report, RootNote, RootReport};
use crate::verdict::Outcome;
use crate::waiver::{Waived, WaivedBy};

/// The parts of a root module that could not be read, as far as their level has them shown. A whole root module has a
/// line of its own, and is told of here only where that is denied.
pub(super) fn unread(text: &mut String, root: &RootReport, report: &Report, rendering: &Rendering) {
    let told = root.unread.iter().filter(|unread| match unread.level {
        Level::Allow => false,
        Level::Warn => rendering.detail != Detail::Quiet && !root.skipped,
        Level::Deny => true,
    });
    let limit = limit(rendering);
    let count = told.clone().count();
    for (index, unread) in told.take(limit).enumerate() {
        let mut notes = within(root, report);
        if index == 0 {
            let level = unread.level;
            notes.push(Cow::Owned(match &unread.level_source {
                LevelSource::Default => format!("what is undecided is `{level}` by default"),
                LevelSource::Flag(flag) => format!("what is undecided is `{level}` by `{flag}`"),
                LevelSource::Configuration(key) => {
                    format!("what is undecided is set to `{level}` by `{key}`")
                }
            }));
        }
        let diagnostic = Diagnostic {
            denied: unread.level == Level::Deny,
            title: &unread.reason,
            locations: unread.location.as_slice(),
            notes,
            ..Diagnostic::default()
        };
        text.push_str(&diagnostic::render(&diagnostic, rendering.colour));
        text.push('\n');
    }
    and_more(text, root, count.saturating_sub(limit));
}

/// How many of a list are shown.
fn limit(rendering: &Rendering) -> usize {
    match rendering.detail {
        Detail::Verbose => usize::MAX,
        Detail::Usual | Detail::Quiet => SHOWN,
    }
}

/// Which root module something is said of, where there are several.
fn within(root: &RootReport, report: &Report) -> Vec<Cow<'static, str>> {
    if report.roots.len() > 1 {
        vec![Cow::Owned(format!("in root module `{}`", root.path))]
    } else {
        Vec::new()
    }
}

fn and_more(text: &mut String, root: &RootReport, more: usize) {
    if more > 0 {
        let path = terminal::line(&root.path);
        let _ = writeln!(text, "… and {more} more of `{path}`; `-v` shows them\n");
    }
}

/// What a person should know of how a root module was audited.
pub(super) fn root_notes(
    text: &mut String,
    root: &RootReport,
    report: &Report,
    rendering: &Rendering,
) {
    let limit = limit(rendering);
    let warnings = || root.notes.iter().filter(|note| note.warning);
    // Where there are many, what reads the same is one note, and its first place the one that is shown.
    let folds = warnings().nth(limit).is_some();
    let mut told: Vec<(&RootNote, usize)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for note in warnings() {
        match known.get(&*note.message) {
            Some(&index) if folds => told[index].1 += 1,
            _ => {
                known.insert(&note.message, told.len());
                told.push((note, 0));
            }
        }
    }
    for (note, more) in told.iter().take(limit) {
        let title = match more {
            0 => note.message.clone(),
            1 => format!("{} (and in 1 more place)", note.message),
            _ => format!("{} (and in {more} more places)", note.message),
        };
        let diagnostic = Diagnostic {
            title: &title,
            locations: note.location.as_slice(),
            notes: within(root, report),
            ..Diagnostic::default()
        };
        text.push_str(&diagnostic::render(&diagnostic, rendering.colour));
        text.push('\n');
    }
    and_more(text, root, told.len().saturating_sub(limit));
}

pub(super) fn passes(text: &mut String, root: &RootReport) {
    let of = |outcome| {
        root.verdicts
            .iter()
            .filter(move |judged| judged.outcome == outcome)
    };
    let waived = root
        .verdicts
        .iter()
        .filter(|judged| judged.waived.is_some());
    for judged in waived
        .chain(of(Outcome::Pass))
        .chain(of(Outcome::NotApplicable))
    {
        let kind = match (judged.outcome, &judged.waived) {
            (_, Some(waived)) if waived.by == WaivedBy::Baseline => "known",
            (_, Some(_)) => "waived",
            (Outcome::Pass, None) => "pass",
            _ => "not applicable",
        };
        let Judged {
            rule,
            address,
            message,
            notes,
            ..
        } = judged;
        let (address, message) = (terminal::line(address), terminal::line(message));
        let _ = writeln!(text, "{kind}[{}]: {message}\n  in `{address}`", rule.id);
        for note in notes {
            let _ = writeln!(text, "  note: {}", terminal::line(note));
        }
        if let Some(Waived { terms, by }) = &judged.waived {
            let until = terms
                .until
                .map_or_else(String::new, |until| format!(" until {until}"));
            let (by, reason) = (by.name(), terminal::line(&terms.reason));
            let _ = writeln!(text, "  waived{until} by {by}: {reason}");
        }
    }
}

/// One line on a root module: what its verdicts stand on, and what is not audited in it.
pub(super) fn root_line(text: &mut String, root: &RootReport, rendering: &Rendering) {
    if root.skipped {
        let _ = writeln!(text, "{}", skipped(root));
        return;
    }
    let _ = write!(
        text,
        "audited `{}` from {}",
        terminal::line(&root.path),
        basis(root)
    );
    text.push('\n');
    for note in root.notes.iter().filter(|note| !note.warning) {
        let _ = writeln!(
            text,
            "  note: {}",
            terminal::block(&note.message).trim_end()
        );
    }
    not_audited(text, &root.not_audited, rendering);
    if rendering.detail == Detail::Verbose {
        for (part, duration) in &root.timing {
            let _ = writeln!(text, "  {part}: {:.1} ms", duration.as_secs_f64() * 1e3);
        }
    }
}

/// Why nothing of a root module is audited.
pub(super) fn skipped(root: &RootReport) -> String {
    let path = terminal::line(&root.path);
    let reasons: Vec<_> = root
        .unread
        .iter()
        .map(|unread| terminal::line(&unread.reason))
        .collect();
    format!("not audited: `{path}`: {}", reasons.join("; "))
}

/// Why a root module could not be audited; what Terraform itself said may take many lines.
pub(super) fn failed(text: &mut String, root: &RootReport, failure: &str) {
    let path = terminal::line(&root.path);
    let _ = writeln!(
        text,
        "error: `{path}` could not be audited: {}\n",
        terminal::block(failure).trim_end()
    );
}

fn basis(root: &RootReport) -> String {
    let basis = match root.basis {
        Basis::Plan => "source and plan",
        Basis::Mock => "source and mocked plan",
        Basis::PlanFile => "source and plan file",
        Basis::Source => "source",
    };
    match &root.terraform {
        Some(terraform) => {
            let binary = terminal::line(&terraform.binary).into_owned();
            format!("{basis} ({binary} {})", terminal::line(&terraform.version))
        }
        None => basis.to_owned(),
    }
}

fn not_audited(text: &mut String, resources: &[NotAudited], rendering: &Rendering) {
    let limit = limit(rendering);
    for NotAudited { address, reason } in resources.iter().take(limit) {
        let (address, reason) = (terminal::line(address), terminal::line(reason));
        let _ = writeln!(text, "  not audited: `{address}`: {reason}");
    }
    if resources.len() > limit {
        let _ = writeln!(
            text,
            "  not audited: {} more; `-v` lists them",
            resources.len() - limit
        );
    }
}
