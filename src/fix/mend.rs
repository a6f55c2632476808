//! Fixes applied until nothing changes any more, in memory.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::Applicability;
use super::select::{Fixed, Selected};
use crate::report::{Report, RootReport};
use crate::terraform::evaluate::EditedTexts;
use crate::verdict::Outcome;

/// How many times what is left is looked at again. Fixes of one object wait for each other, and no
/// container has this many.
const MOST_PASSES: usize = 40;

/// What came of applying fixes.
#[derive(Debug, Default)]
pub(crate) struct Mended {
    /// The texts that changed, by name.
    pub(crate) texts: BTreeMap<Arc<str>, MendedText>,
    /// What was not applied because it would make something worse that is well.
    pub(crate) held_back: Vec<String>,
    /// How many fixes were not applied because the rule fails with them as it does without.
    pub(crate) without_effect: usize,
}

/// A text that changed.
#[derive(Debug)]
pub(crate) struct MendedText {
    /// What it said.
    pub(crate) before: Arc<str>,
    /// What it says.
    pub(crate) after: Arc<str>,
    /// How many fixes are in it.
    pub(crate) fixes: usize,
}

/// Something that fixes would make worse.
pub(super) struct Worse {
    /// What would be so.
    reason: String,
    /// The root module.
    pub(super) root: Arc<str>,
    /// The resource, where it is one's.
    address: Option<Arc<str>>,
    /// The container, where it is one's.
    pub(super) container: Option<Arc<str>>,
}

impl Worse {
    /// The root module and the resource in it, where it is one's.
    pub(super) fn resource(&self) -> Option<(&Arc<str>, &Arc<str>)> {
        Some((&self.root, self.address.as_ref()?))
    }
}

/// Applies the fixes of a report that are sure enough, audits again, and goes on until nothing is left to
/// apply. `report` becomes the report of the texts as they are then.
///
/// Fixes after which something fails that passed before, or after which part of the source cannot be read,
/// are held back, and so are those that do not help: a type that a value is converted to may drop a key.
pub(crate) fn mend(
    report: &mut Report,
    least: Applicability,
    workspace: &Path,
    mut audit: impl FnMut(&EditedTexts) -> Report,
) -> Mended {
    let mut edited = EditedTexts::new();
    let mut mended = Mended::default();
    let mut held_back = HashSet::new();
    for _ in 0..MOST_PASSES {
        let selected = Selected::of(report, least, &held_back);
        let fixed = selected.applied();
        if fixed.is_empty() {
            break;
        }
        let mut tried = edited.clone();
        for one in &fixed {
            tried.insert(workspace.join(&*one.name), one.after.clone());
        }
        let after = audit(&tried);
        let worse = worse(report, &after);
        if !worse.is_empty() {
            held_back.extend(selected.causes(&worse));
            let reasons = worse.into_iter().map(|worse| worse.reason);
            mended.held_back.extend(reasons);
            continue;
        }
        let without_effect = selected.without_effect(&after);
        if !without_effect.is_empty() {
            mended.without_effect += without_effect.len();
            held_back.extend(without_effect);
            continue;
        }
        for one in fixed {
            mended.take(one);
        }
        edited = tried;
        *report = after;
    }
    mended
}

impl Mended {
    fn take(&mut self, fixed: Fixed) {
        let text = self.texts.entry(fixed.name).or_insert_with(|| MendedText {
            before: fixed.before,
            after: fixed.after.clone(),
            fixes: 0,
        });
        text.after = fixed.after;
        text.fixes += fixed.fixes;
    }
}

/// Everything that is worse after than before.
fn worse(before: &Report, after: &Report) -> Vec<Worse> {
    let (mut passed, mut failed) = (HashSet::new(), HashSet::new());
    for root in &before.roots {
        for judged in &root.verdicts {
            let key = (
                judged.rule.id,
                (&root.path, &judged.address, &judged.container),
            );
            match judged.outcome {
                Outcome::Pass => passed.insert(key),
                Outcome::Fail => failed.insert(key),
                Outcome::Unknown | Outcome::NotApplicable => false,
            };
        }
    }
    // Containers of one name are told apart by nothing here.
    passed.retain(|key| !failed.contains(key));
    let mut worse = Vec::new();
    for (root, was) in after.roots.iter().zip(&before.roots) {
        if root.failure.is_some() && was.failure.is_none() || warnings(root) > warnings(was) {
            worse.push(Worse {
                reason: format!("part of `{}` could not be read", root.path),
                root: root.path.clone(),
                address: None,
                container: None,
            });
            continue;
        }
        for judged in &root.verdicts {
            let subject = (&root.path, &judged.address, &judged.container);
            if judged.outcome == Outcome::Fail && passed.contains(&(judged.rule.id, subject)) {
                let container = judged.container.as_ref();
                let container = container.map_or_else(String::new, |name| format!(" (`{name}`)"));
                worse.push(Worse {
                    reason: format!(
                        "{} would fail for `{}`{container} of `{}`, which passes now",
                        judged.rule.id, judged.address, root.path
                    ),
                    root: root.path.clone(),
                    address: Some(judged.address.clone()),
                    container: judged.container.clone(),
                });
            }
        }
    }
    worse
}

fn warnings(root: &RootReport) -> usize {
    root.unread.len() + root.notes.iter().filter(|note| note.warning).count()
}
