//! Diagnostics that read the same, told once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;

use super::{Detail, Rendering, SHOWN};
use crate::policy::{Level, LevelSource};
use crate::report::diagnostic::Diagnostic;
use crate::report::{Judged, Location, Report, RootReport};
use crate::rules::Rule;
use crate::selection::group_name;
use crate::verdict::Outcome;

/// A diagnostic and everything that it is said of.
pub(in crate::report) struct Told<'a> {
    pub(in crate::report) judged: &'a Judged,
    subjects: Vec<(&'a RootReport, &'a Judged)>,
    /// Every rule that is undecided for this one reason, the first among them.
    rules: Vec<&'static str>,
}

pub(in crate::report) fn gather<'a>(report: &'a Report, rendering: &Rendering) -> Vec<Told<'a>> {
    let mut told: Vec<Told<'a>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for root in &report.roots {
        for judged in &root.verdicts {
            let shown = judged.is_told()
                && match rendering.detail {
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
                    told.push(Told::of(root, judged));
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
    /// The diagnostic of one verdict.
    pub(in crate::report) fn of(root: &'a RootReport, judged: &'a Judged) -> Self {
        Told {
            judged,
            subjects: vec![(root, judged)],
            rules: vec![judged.rule.id],
        }
    }

    /// The root module of the verdict that is shown.
    pub(in crate::report) fn root(&self) -> &'a RootReport {
        self.subjects[0].0
    }

    /// Takes in a verdict that reads the same: on another subject, or by another rule.
    fn add(&mut self, root: &'a RootReport, judged: &'a Judged) {
        if judged.rule.id == self.judged.rule.id {
            self.subjects.push((root, judged));
        } else if !self.rules.contains(&judged.rule.id) {
            self.rules.push(judged.rule.id);
        }
    }

    pub(in crate::report) fn order(&self) -> (bool, Option<(&str, u32)>, &str, &str) {
        let place = self.judged.locations.first();
        let place = place.map(|location| (&*location.file, location.span.start));
        (
            place.is_none(),
            place,
            self.judged.rule.id,
            &self.judged.address,
        )
    }

    pub(in crate::report) fn diagnostic(&self, report: &Report, explains: bool) -> Diagnostic<'a> {
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
