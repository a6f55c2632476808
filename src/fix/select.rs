//! Which fixes can be written together, and what the texts are then.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::mend::Worse;
use super::{Applicability, apply};
use crate::policy::Level;
use crate::report::{Judged, Report, ResolvedEdit, ResolvedFix, RootReport};
use crate::verdict::Outcome;

/// Fixes that can be written together.
#[derive(Debug, Default)]
pub(super) struct Selected<'a> {
    files: BTreeMap<Arc<str>, Chosen<'a>>,
    of: Vec<(&'a RootReport, &'a Judged)>,
}

/// What is to be written into one text.
#[derive(Debug)]
struct Chosen<'a> {
    text: &'a Arc<str>,
    edits: Vec<&'a ResolvedEdit>,
    fixes: usize,
}

/// A text with some fixes in it.
#[derive(Debug)]
pub(super) struct Fixed {
    /// The text's name.
    pub(super) name: Arc<str>,
    /// What it said.
    pub(super) before: Arc<str>,
    /// What it says.
    pub(super) after: Arc<str>,
    /// How many fixes are in it.
    pub(super) fixes: usize,
}

impl<'a> Selected<'a> {
    /// Selects the fixes of what is not allowed, in the order of the report, but for those with these
    /// fingerprints. One that touches what another one changes has to wait: it was laid out for a text that
    /// is about to be another.
    pub(super) fn of(
        report: &'a Report,
        least: Applicability,
        held_back: &HashSet<String>,
    ) -> Self {
        let mut selected = Selected::default();
        for root in &report.roots {
            for judged in &root.verdicts {
                if judged.is_told()
                    && judged.level != Level::Allow
                    && !held_back.contains(&judged.fingerprint)
                    && let Some(fix) = &judged.fix
                    && fix.applicability >= least
                    && selected.add(fix)
                {
                    selected.of.push((root, judged));
                }
            }
        }
        selected
    }

    /// The fingerprints of the fixes that are taken to be the cause of what is worse: those of the same subjects, a
    /// whole resource's and its containers' alike; where none is of them, of the same root modules; else all.
    pub(super) fn causes(&self, worse: &[Worse]) -> Vec<String> {
        let paths: HashSet<&Arc<str>> = worse.iter().map(|worse| &worse.root).collect();
        let subjects: HashSet<_> = worse.iter().filter_map(Worse::resource).collect();
        let containers: HashSet<_> = worse.iter().map(|worse| &worse.container).collect();
        let is_of = |root: &RootReport, judged: &Judged| {
            subjects.contains(&(&root.path, &judged.address))
                && (judged.container.is_none()
                    || containers.contains(&None)
                    || containers.contains(&judged.container))
        };
        let of = |is_cause: &dyn Fn(&RootReport, &Judged) -> bool| -> Vec<String> {
            let causes = self
                .of
                .iter()
                .filter(|(root, judged)| is_cause(root, judged));
            causes
                .map(|(_, judged)| judged.fingerprint.clone())
                .collect()
        };
        let mut causes = of(&is_of);
        if causes.is_empty() {
            causes = of(&|root, _| paths.contains(&root.path));
        }
        if causes.is_empty() {
            causes = of(&|_, _| true);
        }
        causes
    }

    /// The fingerprints of what fails with its fix as it does without.
    pub(super) fn without_effect(&self, after: &Report) -> Vec<String> {
        let verdicts = after.roots.iter().flat_map(|root| &root.verdicts);
        let failing: HashSet<&String> = verdicts
            .filter(|judged| judged.outcome == Outcome::Fail)
            .map(|judged| &judged.fingerprint)
            .collect();
        let fixed = self.of.iter().map(|(_, judged)| &judged.fingerprint);
        fixed.filter(|one| failing.contains(one)).cloned().collect()
    }

    /// The texts with the fixes in them.
    pub(super) fn applied(&self) -> Vec<Fixed> {
        let fixed = self.files.iter().filter_map(|(name, chosen)| {
            let after = apply(chosen.text, &chosen.edits)?;
            Some(Fixed {
                name: name.clone(),
                before: chosen.text.clone(),
                after: Arc::from(after),
                fixes: chosen.fixes,
            })
        });
        fixed.collect()
    }

    /// Adds a fix, where it fits beside the others and is not among them. Whether it is there then.
    fn add(&mut self, fix: &'a ResolvedFix) -> bool {
        let fits = fix.edits.iter().all(|edit| {
            let chosen = self.files.get(&edit.file);
            let others = chosen.into_iter().flat_map(|chosen| &chosen.edits);
            is_inside(&edit.file)
                && others.into_iter().all(|other| {
                    same(edit, other)
                        || edit.span.end < other.span.start
                        || other.span.end < edit.span.start
                })
        });
        let is_new = |edit: &&ResolvedEdit| {
            let chosen = self.files.get(&edit.file);
            let there = chosen.is_some_and(|chosen| chosen.edits.iter().any(|one| same(edit, one)));
            !there && !changes_nothing(edit)
        };
        if !fits {
            return false;
        }
        if !fix.edits.iter().any(|edit| is_new(&edit)) {
            return !fix.edits.iter().all(changes_nothing);
        }
        for edit in &fix.edits {
            let chosen = self
                .files
                .entry(edit.file.clone())
                .or_insert_with(|| Chosen {
                    text: &edit.text.0,
                    edits: Vec::new(),
                    fixes: 0,
                });
            if !chosen.edits.iter().any(|other| same(edit, other)) {
                chosen.edits.push(edit);
            }
        }
        let files: Vec<&Arc<str>> = fix.edits.iter().map(|edit| &edit.file).collect();
        for (at, file) in files.iter().enumerate() {
            if !files[..at].contains(file)
                && let Some(chosen) = self.files.get_mut(*file)
            {
                chosen.fixes += 1;
            }
        }
        true
    }
}

/// Whether a text's name says that it is inside the workspace.
fn is_inside(name: &str) -> bool {
    !Path::new(name).is_absolute() && name.split('/').all(|part| part != "..")
}

/// Whether two edits of one file are one: two root modules can read the same text.
fn same(left: &ResolvedEdit, right: &ResolvedEdit) -> bool {
    left.span == right.span && left.replacement == right.replacement
}

fn changes_nothing(edit: &ResolvedEdit) -> bool {
    let written = edit
        .text
        .0
        .get(edit.span.start as usize..edit.span.end as usize);
    written == Some(&edit.replacement)
}
