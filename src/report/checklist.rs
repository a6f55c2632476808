//! The release checklist, for people who sign it and for machines.

mod html;
mod json;
mod markdown;

use super::{Basis, Format, RootReport};
use crate::checklist::{Checklist, Evidence, Item, Provenance};
use crate::exit::Exit;
use crate::verdict::Outcome;

/// The formats that a checklist can be written in; the first is the default.
pub const CHECKLIST_FORMATS: [Format; 3] = [Format::Markdown, Format::Html, Format::Json];

/// Renders a checklist in one of [`CHECKLIST_FORMATS`], or else as Markdown. The text ends with a line break, and is the
/// same for the same checklist.
#[must_use]
pub fn checklist(format: Format, checklist: &Checklist<'_>) -> String {
    match format {
        Format::Html => html::html(checklist),
        Format::Json => json::json(checklist),
        _ => markdown::markdown(checklist),
    }
}

/// What it all comes to, in one line.
fn outcome(checklist: &Checklist<'_>) -> String {
    let of = checklist.items(true).count();
    let met = checklist.items(true).filter(|item| item.state.is_met());
    let in_part = checklist.report.partial || checklist.left_out() > 0;
    let verdict = match (checklist.certifies(), in_part) {
        (true, false) => "Nothing stands against the release.",
        (true, true) => "Nothing that was audited stands against the release.",
        (false, _) if checklist.report.exit() == Exit::Clean => {
            "Nothing is denied, but not every requirement is met."
        }
        (false, _) => "The release is not certified.",
    };
    let exit = checklist.report.exit();
    format!(
        "{verdict} {} of {of} requirements are met; {exit}.",
        met.count()
    )
}

/// How many verdicts there are of each kind: "3 pass, 1 fail".
fn counts(item: &Item<'_>) -> String {
    let parts = item.tally.parts();
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    parts.join(", ")
}

/// What a person has to look at, waived or not, and the rest.
fn loud_and_quiet<'a, 'b>(item: &'b Item<'a>) -> (Vec<&'b Evidence<'a>>, Vec<&'b Evidence<'a>>) {
    let is_loud = |evidence: &&Evidence<'_>| {
        matches!(evidence.judged.outcome, Outcome::Fail | Outcome::Unknown)
    };
    item.evidence.iter().partition(is_loud)
}

/// What is so, why it is not known, what would decide it, and why it is waived.
fn sentences(evidence: &Evidence<'_>) -> Vec<String> {
    let judged = evidence.judged;
    let reason = judged.reason.as_ref();
    let mut sentences = vec![match reason.filter(|reason| **reason != judged.message) {
        Some(reason) => format!("{}: {reason}", judged.message),
        None => judged.message.clone(),
    }];
    if let Some(by) = evidence.decided_by() {
        sentences.push(format!("what would decide it: {by}"));
    }
    if let Some(waived) = &judged.waived {
        let until = waived.terms.until;
        let until = until.map_or_else(String::new, |until| format!(" until {until}"));
        let (by, reason) = (waived.by.name(), &waived.terms.reason);
        sentences.push(format!("waived{until} by {by}: {reason}"));
    }
    sentences
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Plan => "plan",
        Basis::Mock => "mocked plan",
        Basis::PlanFile => "plan file",
        Basis::Source => "source",
    }
}

/// What the verdicts on a root module stand on.
fn from(root: &RootReport) -> &'static str {
    if root.skipped {
        "not audited"
    } else {
        basis(root.basis)
    }
}

fn revision(provenance: &Provenance) -> String {
    let Some(revision) = &provenance.revision else {
        return "in no Git repository".to_owned();
    };
    let commit = match &revision.commit {
        Some(commit) => format!("`{commit}`"),
        None => "no commit yet".to_owned(),
    };
    match revision.uncommitted {
        0 => format!("{commit}, nothing uncommitted"),
        1 => format!("{commit}, and one uncommitted file"),
        count => format!("{commit}, and {count} uncommitted files"),
    }
}

/// What is not audited, what could not be read, and what a person should know of how the rest was: what, and why.
fn left_out(checklist: &Checklist<'_>) -> Vec<(String, String)> {
    let report = checklist.report;
    let mut all = Vec::new();
    match checklist.left_out() {
        0 => {}
        count => all.push((
            format!("Rules that are not on this list: {count}"),
            "the command line left them out".to_owned(),
        )),
    }
    if report.partial {
        let why = "the command line left out the rest";
        all.push((
            "A part of the workspace alone was audited".to_owned(),
            why.to_owned(),
        ));
    }
    for root in &report.roots {
        for unread in &root.unread {
            all.push((
                format!("Not read: `{}`", unread.part),
                unread.reason.clone(),
            ));
        }
        for resource in &root.not_audited {
            let what = format!("Not audited: `{}`", resource.address);
            all.push((what, resource.reason.clone()));
        }
        for note in &root.notes {
            all.push((format!("`{}`", root.path), note.message.clone()));
        }
    }
    for path in &report.unchanged {
        let why = "nothing of it changed, and `--since` leaves out what did not";
        all.push((format!("Not audited: `{path}`"), why.to_owned()));
    }
    all
}
