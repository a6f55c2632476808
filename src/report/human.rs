//! The report for a person: diagnostics as rustc has them, and what it all comes to.

mod by_rule;
mod last_line;
mod root;
mod told;

pub use self::last_line::last_line;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::thread;

use self::by_rule::by_rule;
use self::root::{failed, passes, root_line, root_notes, unread};
pub(super) use self::told::{Told, gather};
use super::diagnostic::{self, Diagnostic};
use super::terminal;
use super::{Detail, Rendering, Report};
#[cfg(feature = "junit")]
use super::{Judged, RootReport};
use crate::verdict::Outcome;

/// How many notes of one root module, and how many addresses in a list, are shown.
const SHOWN: usize = 10;

/// Renders the whole report.
#[must_use]
pub fn human(report: &Report, rendering: &Rendering) -> String {
    let mut text = String::new();
    for root in &report.roots {
        unread(&mut text, root, report, rendering);
        if rendering.detail != Detail::Quiet {
            root_notes(&mut text, root, report, rendering);
        }
    }
    text.push_str(&diagnostics(report, rendering));
    if rendering.detail == Detail::Verbose || rendering.passes {
        for root in &report.roots {
            passes(&mut text, root);
        }
    }
    for root in &report.roots {
        match &root.failure {
            Some(failure) => failed(&mut text, root, failure),
            None if rendering.detail != Detail::Quiet => root_line(&mut text, root, rendering),
            None => {}
        }
    }
    if rendering.detail != Detail::Quiet && !report.unchanged.is_empty() {
        let names = report
            .unchanged
            .iter()
            .map(|name| format!("`{}`", terminal::line(name)));
        let _ = writeln!(text, "unchanged: {}", names.collect::<Vec<_>>().join(", "));
    }
    if rendering.detail == Detail::Verbose {
        by_rule(&mut text, report);
    }
    text.push_str(&last_line(report));
    text
}

/// Renders the diagnostics alone, sorted by file and place; equal ones of many instances once.
#[must_use]
pub fn diagnostics(report: &Report, rendering: &Rendering) -> String {
    let mut told = gather(report, rendering);
    told.sort_by(|left, right| left.order().cmp(&right.order()));
    let mut explained = HashSet::new();
    let diagnostics: Vec<Diagnostic<'_>> = told
        .iter()
        .map(|told| {
            let judged = told.judged;
            let explains = explained.insert((judged.rule.id, judged.outcome == Outcome::Unknown));
            told.diagnostic(report, explains)
        })
        .collect();
    laid_out(&diagnostics, rendering.colour)
}

/// Renders the diagnostic of one verdict, without colours.
#[cfg(feature = "junit")]
pub(super) fn diagnostic_of(report: &Report, root: &RootReport, judged: &Judged) -> String {
    let told = Told::of(root, judged);
    diagnostic::render(&told.diagnostic(report, true), false)
}

/// How many diagnostics are laid out by two threads; with fewer, a thread takes longer to start.
const MANY: usize = 64;

fn laid_out(diagnostics: &[Diagnostic<'_>], colour: bool) -> String {
    let render = |diagnostics: &[Diagnostic<'_>]| {
        let mut text = String::new();
        for diagnostic in diagnostics {
            text.push_str(&diagnostic::render(diagnostic, colour));
            text.push('\n');
        }
        text
    };
    if diagnostics.len() < MANY {
        return render(diagnostics);
    }
    let (first, rest) = diagnostics.split_at(diagnostics.len() / 2);
    thread::scope(|scope| {
        let beside = thread::Builder::new().spawn_scoped(scope, || render(rest));
        let mut text = render(first);
        let beside = beside.ok().and_then(|thread| thread.join().ok());
        text.push_str(&beside.unwrap_or_else(|| render(rest)));
        text
    })
}

#[cfg(test)]
mod tests;
