//! The report for a person: diagnostics as rustc has them, and what it all comes to.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::thread;

use super::diagnostic::{self, Diagnostic};
use super::terminal;
use super::{Basis, Judged, Location, NotAudited, Report, RootNote, RootReport};
use crate::exit::Exit;
use crate::policy::{Level, LevelSource, group_name};
use crate::rules::Rule;
use crate::verdict::Outcome;
use crate::waiver::{Waived, WaivedBy};

/// How much is shown, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Human {
    /// Whether to colour.
    pub colour: bool,
    /// How much is shown.
    pub detail: Detail,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// What is denied, and the last line.
    Quiet,
    /// What is denied or warned of, and how the audit went.
    #[default]
    Usual,
    /// Everything: passes, what is not audited, how long it took.
    Verbose,
}

/// How many notes of one root module, and how many addresses in a list, are shown.
const SHOWN: usize = 10;

/// Renders the whole report.
#[must_use]
pub fn human(report: &Report, options: &Human) -> String {
    let mut text = String::new();
    for root in &report.roots {
        unread(&mut text, root, report, options);
        if options.detail != Detail::Quiet {
            root_notes(&mut text, root, report, options);
        }
    }
    text.push_str(&diagnostics(report, options));
    if options.detail == Detail::Verbose {
        for root in &report.roots {
            passes(&mut text, root);
        }
    }
    for root in &report.roots {
        match &root.failure {
            Some(failure) => failed(&mut text, root, failure),
            None if options.detail != Detail::Quiet => root_line(&mut text, root, options),
            None => {}
        }
    }
    if options.detail != Detail::Quiet && !report.unchanged.is_empty() {
        let names = report
            .unchanged
            .iter()
            .map(|name| format!("`{}`", terminal::line(name)));
        let _ = writeln!(text, "unchanged: {}", names.collect::<Vec<_>>().join(", "));
    }
    text.push_str(&last_line(report));
    text
}

/// Renders the diagnostics alone, sorted by file and place; equal ones of many instances once.
#[must_use]
pub fn diagnostics(report: &Report, options: &Human) -> String {
    let mut told = gather(report, options);
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
    laid_out(&diagnostics, options.colour)
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

/// A diagnostic and everything that it is said of.
struct Told<'a> {
    judged: &'a Judged,
    subjects: Vec<(&'a RootReport, &'a Judged)>,
    /// Every rule that is undecided for this one reason, the first among them.
    rules: Vec<&'static str>,
}

fn gather<'a>(report: &'a Report, options: &Human) -> Vec<Told<'a>> {
    let mut told: Vec<Told<'a>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for root in &report.roots {
        for judged in &root.verdicts {
            let shown = judged.is_told()
                && match options.detail {
                    Detail::Quiet => judged.level == Level::Deny,
                    Detail::Usual | Detail::Verbose => judged.level != Level::Allow,
                };
            if !shown {
                continue;
            }
            match known.entry(identity(judged)) {
                Entry::Occupied(index) => told[*index.get()].add(root, judged),
                Entry::Vacant(identity) => {
                    identity.insert(told.len());
                    told.push(Told {
                        judged,
                        subjects: vec![(root, judged)],
                        rules: vec![judged.rule.id],
                    });
                }
            }
        }
    }
    told
}

/// Equal for diagnostics that would read the same but for the address, in their reasons too. What is undecided for one
/// reason is one diagnostic, whichever rules it is undecided for. One without a place is told apart
/// by its address, since nothing else says where it is.
fn identity(judged: &Judged) -> String {
    let reason = judged.reason.as_deref().unwrap_or_default();
    let mut identity = format!(
        "{}\0{:?}\0{}\0{}\0{}\0{:?}",
        match judged.outcome {
            Outcome::Unknown => "",
            _ => judged.rule.id,
        },
        judged.outcome,
        judged.level,
        judged.message,
        reason.replace(&*judged.address, ""),
        judged.notes,
    );
    for Location {
        file, span, label, ..
    } in &judged.locations
    {
        let _ = write!(identity, "\0{file}\0{}\0{}\0{label}", span.start, span.end);
    }
    if judged.locations.is_empty() {
        let _ = write!(identity, "\0{}", judged.address);
    }
    identity
}

impl<'a> Told<'a> {
    /// Takes in a verdict that reads the same: on another subject, or by another rule.
    fn add(&mut self, root: &'a RootReport, judged: &'a Judged) {
        if judged.rule.id == self.judged.rule.id {
            self.subjects.push((root, judged));
        } else if !self.rules.contains(&judged.rule.id) {
            self.rules.push(judged.rule.id);
        }
    }

    fn order(&self) -> (bool, Option<(&str, u32)>, &str, &str) {
        let place = self.judged.locations.first();
        let place = place.map(|location| (&*location.file, location.span.start));
        (
            place.is_none(),
            place,
            self.judged.rule.id,
            &self.judged.address,
        )
    }

    fn diagnostic(&self, report: &Report, explains: bool) -> Diagnostic<'a> {
        let judged = self.judged;
        let mut notes: Vec<Cow<'a, str>> = Vec::new();
        if let (Outcome::Unknown, Some(reason)) = (judged.outcome, &judged.reason) {
            notes.push(Cow::Owned(format!("undecided: {reason}")));
        }
        if let [_, others @ ..] = self.rules.as_slice()
            && !others.is_empty()
        {
            let others = others.join("`, `");
            notes.push(Cow::Owned(format!(
                "undecided for the same reason: `{others}`"
            )));
        }
        notes.extend(judged.notes.iter().map(|note| Cow::Borrowed(note.as_str())));
        notes.push(Cow::Owned(self.addresses(report)));
        if explains {
            notes.push(Cow::Owned(level_note(judged)));
        }
        Diagnostic {
            denied: judged.level == Level::Deny,
            id: Some(judged.rule.id),
            title: &judged.message,
            locations: &judged.locations,
            notes,
            help: judged.help.as_deref().map(Cow::Borrowed),
            fix: judged.fix.as_ref(),
        }
    }

    /// "in `module.api.aws_ecs_service.this` and 2 others: …", with the root modules where there are several.
    fn addresses(&self, report: &Report) -> String {
        let name = |(root, judged): &(&RootReport, &Judged)| {
            if report.roots.len() > 1 {
                format!("`{}` of `{}`", judged.address, root.path)
            } else {
                format!("`{}`", judged.address)
            }
        };
        let Some((first, others)) = self.subjects.split_first() else {
            return String::new();
        };
        let mut text = format!("in {}", name(first));
        if !others.is_empty() {
            let instances = if others.len() == 1 {
                "instance"
            } else {
                "instances"
            };
            let _ = write!(text, ", and in {} other {instances}: ", others.len());
            let names: Vec<String> = others.iter().take(SHOWN).map(name).collect();
            text.push_str(&names.join(", "));
            if others.len() > SHOWN {
                text.push_str(", …");
            }
        }
        text
    }
}

/// Why the level is what it is.
fn level_note(judged: &Judged) -> String {
    let Rule {
        id, name, group, ..
    } = judged.rule;
    let level = judged.level;
    let subject = if judged.outcome == Outcome::Unknown {
        format!("what is undecided of `{id}`, `{name}`,")
    } else {
        format!("`{id}`, `{name}`,")
    };
    match &judged.level_source {
        LevelSource::Default if judged.outcome == Outcome::Unknown => {
            format!("{subject} is `{level}` by default")
        }
        LevelSource::Default => {
            format!(
                "{subject} is {} and `{level}` by default",
                group_name(*group)
            )
        }
        LevelSource::Flag(flag) => format!("{subject} is `{level}` by `{flag}`"),
        LevelSource::Configuration(key) => format!("{subject} is set to `{level}` by `{key}`"),
    }
}

/// The parts of a root module that could not be read, as far as their level has them shown. A whole root module has a
/// line of its own, and is told of here only where that is denied.
fn unread(text: &mut String, root: &RootReport, report: &Report, options: &Human) {
    let told = root.unread.iter().filter(|unread| match unread.level {
        Level::Allow => false,
        Level::Warn => options.detail != Detail::Quiet && !root.skipped,
        Level::Deny => true,
    });
    let limit = limit(options);
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
        text.push_str(&diagnostic::render(&diagnostic, options.colour));
        text.push('\n');
    }
    and_more(text, root, count.saturating_sub(limit));
}

/// How many of a list are shown.
fn limit(options: &Human) -> usize {
    match options.detail {
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
fn root_notes(text: &mut String, root: &RootReport, report: &Report, options: &Human) {
    let limit = limit(options);
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
        text.push_str(&diagnostic::render(&diagnostic, options.colour));
        text.push('\n');
    }
    and_more(text, root, told.len().saturating_sub(limit));
}

fn passes(text: &mut String, root: &RootReport) {
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
fn root_line(text: &mut String, root: &RootReport, options: &Human) {
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
    not_audited(text, &root.not_audited, options);
    if options.detail == Detail::Verbose {
        for (part, duration) in &root.timing {
            let _ = writeln!(text, "  {part}: {:.1} ms", duration.as_secs_f64() * 1e3);
        }
    }
}

/// Why nothing of a root module is audited.
fn skipped(root: &RootReport) -> String {
    let path = terminal::line(&root.path);
    let reasons: Vec<_> = root
        .unread
        .iter()
        .map(|unread| terminal::line(&unread.reason))
        .collect();
    format!("not audited: `{path}`: {}", reasons.join("; "))
}

/// Why a root module could not be audited; what Terraform itself said may take many lines.
fn failed(text: &mut String, root: &RootReport, failure: &str) {
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

fn not_audited(text: &mut String, resources: &[NotAudited], options: &Human) {
    let limit = limit(options);
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

/// The last line: the exit code, why it is that, and the counts.
#[must_use]
pub fn last_line(report: &Report) -> String {
    let summary = report.summary();
    let mut counts: Vec<String> = Vec::new();
    for (count, what) in [
        (summary.denied, "denied"),
        (summary.warned, "warned of"),
        (summary.allowed, "allowed"),
    ] {
        if count > 0 {
            counts.push(format!("{count} {what}"));
        }
    }
    if summary.unread > 0 {
        counts.push(format!("{} not read", summary.unread));
    }
    counts.push(format!("{} passed", summary.pass));
    for (count, what) in [
        (summary.waived - summary.known, "waived"),
        (summary.known, "known"),
    ] {
        if count > 0 {
            counts.push(format!("{count} {what}"));
        }
    }
    if summary.not_applicable > 0 {
        counts.push(format!("{} not applicable", summary.not_applicable));
    }
    if !report.unchanged.is_empty() {
        counts.push(format!("{} unchanged", report.unchanged.len()));
    }
    let counts = counts.join(", ");
    let exit = report.exit();
    match exit {
        Exit::Unfinished => {
            let failed = report.roots.iter().filter(|root| root.failure.is_some());
            let names: Vec<String> = failed
                .map(|root| format!("`{}`", terminal::line(&root.path)))
                .collect();
            format!("{exit} with {}; {counts}\n", names.join(", "))
        }
        Exit::Nothing if report.roots.is_empty() => format!("{exit}\n"),
        Exit::Nothing => {
            let skips = report.roots.iter().filter(|root| root.skipped);
            let (first, more) = (skips.clone().next(), skips.count().saturating_sub(1));
            let skips = first.map(|root| match more {
                0 => skipped(root),
                more => format!("{}; and {more} more", skipped(root)),
            });
            let audited: Vec<&RootReport> =
                report.roots.iter().filter(|root| !root.skipped).collect();
            if let (Some(skips), true) = (&skips, audited.is_empty()) {
                return format!("{exit}; {skips}\n");
            }
            let resources: usize = audited.iter().map(|root| root.instances).sum();
            let names: Vec<String> = audited
                .iter()
                .map(|root| format!("`{}`", terminal::line(&root.path)))
                .collect();
            let of = names.join(", ");
            let mut unread = match summary.unread {
                0 => String::new(),
                count => format!("; {count} not read"),
            };
            if let Some(skips) = &skips {
                unread = format!("; {skips}");
            }
            let resources = match resources {
                1 => "the one resource".to_owned(),
                count => format!("the {count} resources"),
            };
            format!("{exit}; no rule has anything to say of {resources} of {of}{unread}\n")
        }
        _ => format!("{exit}; {counts}\n"),
    }
}

#[cfg(test)]
mod tests;
