//! The release checklist: what an audit says of each requirement over all root modules, with its evidence.
//!
//! It is made of a report and of what is known of the sources that the report stands on; it decides nothing
//! itself.

mod provenance;

pub use provenance::{Digest, Provenance, Provider, Revision, RootProvenance};

use crate::exit::Exit;
use crate::report::{Basis, Judged, Report, RootReport, Tally};
use crate::rules::{Group, RULES, Rule};
use crate::verdict::Outcome;

/// The release checklist.
#[derive(Debug)]
pub struct Checklist<'a> {
    /// Every rule that was wanted, in the order of the ids.
    pub items: Vec<Item<'a>>,
    /// The report that it is made of.
    pub report: &'a Report,
    /// What was audited.
    pub provenance: &'a Provenance,
}

/// A requirement or a best practice, and how it is met over all root modules.
#[derive(Debug)]
pub struct Item<'a> {
    /// The rule.
    pub rule: &'static Rule,
    /// What it comes to.
    pub state: State,
    /// How many verdicts there are of each kind.
    pub tally: Tally,
    /// Every verdict, in the order of the report.
    pub evidence: Vec<Evidence<'a>>,
}

/// A verdict, and the root module that it is of.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The root module.
    pub root: &'a RootReport,
    /// The verdict.
    pub judged: &'a Judged,
}

/// What a requirement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Something violates it.
    Fails,
    /// Of something it cannot be decided, or something could not be audited.
    Undecided,
    /// What violates it is waived.
    Waived,
    /// Everything that it is about satisfies it.
    Passes,
    /// There is nothing that it is about.
    NotApplicable,
}

impl<'a> Checklist<'a> {
    /// Makes the checklist of a report: all rules, or those that were wanted.
    #[must_use]
    pub fn new(report: &'a Report, provenance: &'a Provenance, only: &[&'static Rule]) -> Self {
        let wanted = |rule: &Rule| only.is_empty() || only.iter().any(|one| one.id == rule.id);
        let rules = RULES.iter().copied().filter(|rule| wanted(rule));
        Checklist {
            items: rules.map(|rule| Item::of(rule, report)).collect(),
            report,
            provenance,
        }
    }

    /// The items of the fifteen requirements, or the others.
    pub fn items(&self, required: bool) -> impl Iterator<Item = &Item<'a>> {
        let items = self.items.iter();
        items.filter(move |item| (item.rule.group == Group::Required) == required)
    }

    /// How many rules were not wanted.
    #[must_use]
    pub fn left_out(&self) -> usize {
        RULES.len() - self.items.len()
    }

    /// Whether the release may be certified: nothing is denied, all was audited as it was asked, and every requirement is
    /// met.
    #[must_use]
    pub fn certifies(&self) -> bool {
        self.report.exit() == Exit::Clean && self.items(true).all(|item| item.state.is_met())
    }
}

impl<'a> Item<'a> {
    fn of(rule: &'static Rule, report: &'a Report) -> Self {
        let mut tally = Tally::default();
        let mut evidence = Vec::new();
        for root in &report.roots {
            for judged in root
                .verdicts
                .iter()
                .filter(|judged| judged.rule.id == rule.id)
            {
                tally.count(judged);
                evidence.push(Evidence { root, judged });
            }
        }
        let in_part = report
            .roots
            .iter()
            .any(|root| root.failure.is_some() || !root.unread.is_empty());
        Item {
            rule,
            state: State::of(&tally, in_part),
            tally,
            evidence,
        }
    }
}

impl State {
    fn of(tally: &Tally, in_part: bool) -> Self {
        if tally.fail > 0 {
            State::Fails
        } else if tally.unknown > 0 || in_part {
            State::Undecided
        } else if tally.waived > 0 {
            State::Waived
        } else if tally.pass > 0 {
            State::Passes
        } else {
            State::NotApplicable
        }
    }

    /// Its name, as reports have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Fails => "fail",
            State::Undecided => "unknown",
            State::Waived => "waived",
            State::Passes => "pass",
            State::NotApplicable => "not-applicable",
        }
    }

    /// Whether a release may go out with it.
    #[must_use]
    pub fn is_met(self) -> bool {
        matches!(self, State::Waived | State::Passes | State::NotApplicable)
    }
}

impl Evidence<'_> {
    /// What would decide a verdict of `unknown`.
    #[must_use]
    pub fn decided_by(&self) -> Option<&'static str> {
        if self.judged.outcome != Outcome::Unknown {
            return None;
        }
        Some(match self.root.basis {
            Basis::Source | Basis::Mock => "a plan (`--plan always`, or `--plan-file FILE`)",
            Basis::Plan | Basis::PlanFile => {
                "another audit once it is applied: no plan knows it before"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_is_as_good_as_its_worst_verdict() {
        let tally = |fail, unknown, waived, pass| Tally {
            pass,
            fail,
            unknown,
            waived,
            not_applicable: 1,
        };
        for (tally, in_part, wanted) in [
            (tally(1, 1, 1, 1), false, State::Fails),
            (tally(0, 1, 1, 1), false, State::Undecided),
            (tally(0, 0, 1, 1), false, State::Waived),
            (tally(0, 0, 0, 1), false, State::Passes),
            (tally(0, 0, 0, 0), false, State::NotApplicable),
            (tally(1, 0, 0, 1), true, State::Fails),
            (tally(0, 0, 0, 1), true, State::Undecided),
            (tally(0, 0, 0, 0), true, State::Undecided),
        ] {
            assert_eq!(State::of(&tally, in_part), wanted, "{tally:?}");
        }
    }
}
