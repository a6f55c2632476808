//! How every rule does in every root module: what a report comes to, test by test.

use std::collections::BTreeMap;

use crate::ecs::Architecture;
use crate::policy::Level;
use crate::remembered::Told;
use crate::report::{self, Detail, Judged, Rendering, Report, RootReport};
use crate::rules::RULES;
use crate::verdict::Outcome;

/// The states of one root module by the rule's id; what is of the whole root module has no rule. A rule of
/// which nothing is said is not in it: it has nothing to say.
pub(crate) type States = BTreeMap<String, Told>;

/// The key of what is of the whole root module.
pub(super) const WHOLE: &str = "";

/// How every rule does in every root module of a report, in its order.
pub(crate) fn states(report: &Report) -> Vec<(String, States)> {
    let of_root = |root: &RootReport| (root.path.to_string(), of_root(root));
    report.roots.iter().map(of_root).collect()
}

fn of_root(root: &RootReport) -> States {
    let mut states = States::new();
    let reasons = |level| -> Vec<String> {
        let those = root.unread.iter().filter(|unread| unread.level == level);
        those
            .map(|unread| format!("`{}` is not read: {}", unread.part, unread.reason))
            .collect()
    };
    let (denied, warned) = (reasons(Level::Deny), reasons(Level::Warn));
    let whole = match &root.failure {
        Some(failure) => Told::Fails(failure.clone()),
        None if !denied.is_empty() => Told::Fails(denied.join("\n")),
        None if !warned.is_empty() => Told::Undecided(warned.join("\n")),
        None => Told::Passes,
    };
    if root.failure.is_some() || root.skipped {
        for rule in RULES {
            states.insert(rule.id.to_owned(), whole.clone());
        }
    }
    states.insert(WHOLE.to_owned(), whole);
    let mut by_rule: BTreeMap<&'static str, Vec<&Judged>> = BTreeMap::new();
    for judged in root.verdicts.iter().filter(|judged| judged.is_told()) {
        by_rule.entry(judged.rule.id).or_default().push(judged);
    }
    for (id, verdicts) in by_rule {
        states.insert(id.to_owned(), state(root, &verdicts));
    }
    states
}

fn state(root: &RootReport, verdicts: &[&Judged]) -> Told {
    let denied = verdicts.iter().any(|judged| judged.level == Level::Deny);
    let undecided = verdicts
        .iter()
        .any(|judged| judged.outcome == Outcome::Unknown && judged.level != Level::Allow);
    if !denied && !undecided {
        return Told::Passes;
    }
    let report = Report {
        roots: vec![RootReport {
            path: root.path.clone(),
            basis: root.basis,
            terraform: root.terraform.clone(),
            notes: Vec::new(),
            not_audited: Vec::new(),
            unread: Vec::new(),
            skipped: false,
            verdicts: verdicts.iter().map(|&judged| judged.clone()).collect(),
            failure: None,
            instances: root.instances,
            architecture: Architecture::default(),
            timing: Vec::new(),
        }],
        ..Report::default()
    };
    let options = Rendering {
        detail: if denied { Detail::Quiet } else { Detail::Usual },
        ..Rendering::default()
    };
    let text = report::diagnostics(&report, &options);
    if denied {
        Told::Fails(text)
    } else {
        Told::Undecided(text)
    }
}
