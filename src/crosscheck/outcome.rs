//! How the bases of a root module agree.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ecs;
use crate::report::RootReport;
use crate::terraform::Instance;
use crate::terraform::join::Disagreement;
use crate::terraform::plan::Facts;
use crate::terraform::value::{Kind, Value};
use crate::verdict::Outcome;

/// What a verdict stands on, in the order of the columns.
const BASES: [&str; 3] = ["source", "mock", "plan"];

/// How the bases of a root module agree; every line is safe to print.
#[derive(Debug, Default)]
pub struct Crosschecked {
    /// How many instances of the source were held against one of a plan, for each plan.
    pub instances: usize,
    /// How many values of them both sides know.
    pub attributes: usize,
    /// The plans that there are not, and why.
    pub missing: Vec<String>,
    /// Values that two sides know and that are not the same, and verdicts that contradict each other.
    pub disagreements: Vec<String>,
    /// Other verdicts that are not the same on each basis: what one of them leaves open.
    pub differences: Vec<String>,
}

/// Verdicts by rule, address and container, on each basis.
pub(super) type Verdicts =
    BTreeMap<(&'static str, Arc<str>, Option<Arc<str>>), [Option<Outcome>; 3]>;

pub(super) fn add_verdicts(verdicts: &mut Verdicts, column: usize, report: &RootReport) {
    for judged in &report.verdicts {
        let (address, container) = (judged.address.clone(), judged.container.clone());
        let row = verdicts.entry((judged.rule.id, address, container));
        row.or_default()[column] = Some(judged.outcome);
    }
}

impl Crosschecked {
    /// Adds what another root module came to.
    pub fn add(&mut self, other: Crosschecked) {
        self.instances += other.instances;
        self.attributes += other.attributes;
        self.missing.extend(other.missing);
        self.disagreements.extend(other.disagreements);
        self.differences.extend(other.differences);
    }

    pub(super) fn count(&mut self, instances: &[Instance], facts: &Facts) {
        for instance in instances {
            let wanted = ecs::reads(&instance.ty) && instance.presence.is_certain();
            let Some(plan) = facts.attributes(&instance.address).filter(|_| wanted) else {
                continue;
            };
            self.instances += 1;
            let entries = instance.attributes.entries.iter();
            let known = entries.map(|(name, source)| match plan.entry(name) {
                Some(plan) => both_know(source, plan),
                None => 0,
            });
            self.attributes += known.sum::<usize>();
        }
    }

    pub(super) fn disagree(
        &mut self,
        one: &str,
        other: &str,
        disagreements: &[Disagreement],
        told: &mut BTreeSet<(Arc<str>, String)>,
    ) {
        for found in disagreements {
            // What the source and a plan do not agree on is not said again of the mocked plan.
            let new = told.insert((Arc::clone(&found.address), found.path.clone()));
            if new || one == "source" {
                let (address, path) = (&found.address, &found.path);
                self.disagreements.push(format!(
                    "`{address}{path}`: the {one} has {}, the {other} {}",
                    found.source, found.plan
                ));
            }
        }
    }

    pub(super) fn compare(&mut self, verdicts: &Verdicts, there: [bool; 3]) {
        for ((rule, address, container), row) in verdicts {
            let said = BASES.iter().zip(row).zip(there).filter(|(_, there)| *there);
            let said: Vec<_> = said
                .map(|((basis, outcome), _)| (basis, *outcome))
                .collect();
            if said.windows(2).all(|pair| pair[0].1 == pair[1].1) {
                continue;
            }
            let has = |wanted| said.iter().any(|(_, outcome)| *outcome == Some(wanted));
            let columns: Vec<_> = said
                .iter()
                .map(|(basis, outcome)| format!("{basis} {}", named(*outcome)))
                .collect();
            let container = match container {
                None => String::new(),
                Some(name) => format!(", container `{name}`"),
            };
            let line = format!("{rule} on `{address}`{container}: {}", columns.join(", "));
            if has(Outcome::Pass) && has(Outcome::Fail) {
                self.disagreements.push(line);
            } else {
                self.differences.push(line);
            }
        }
    }
}

fn named(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Fail) => "fail",
        Some(Outcome::Unknown) => "unknown",
        Some(Outcome::Pass) => "pass",
        Some(Outcome::NotApplicable) => "not applicable",
        None => "none",
    }
}

/// How many values in two values both sides know.
fn both_know(source: &Value, plan: &Value) -> usize {
    match (&source.kind, &plan.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => 0,
        (Kind::List(_, source), Kind::List(_, plan)) => {
            let pairs = source.iter().zip(plan.iter());
            pairs.map(|(source, plan)| both_know(source, plan)).sum()
        }
        (Kind::Object(_, source), Kind::Object(_, plan)) => {
            let of_both = |(name, value)| Some(both_know(value, plan.entries.get(name)?));
            source.entries.iter().filter_map(of_both).sum()
        }
        (Kind::Json(source), Kind::Json(plan)) => both_know(source, plan),
        (Kind::Json(source), _) => both_know(source, source),
        _ => usize::from(source.is_known() && plan.is_known()),
    }
}
