//! What verdicts come to, from the worst: the order and the colours of reports for people.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{Judged, RootReport};
use crate::ecs::Node;
use crate::policy::Level;
use crate::verdict::Outcome;
use crate::waiver::WaivedBy;

/// What a verdict comes to, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Rank {
    /// It violates a rule, or that cannot be decided.
    Told(Reverse<Level>, Outcome),
    /// That is waived.
    Waived,
    /// It satisfies the rule.
    Passed,
    /// The rule has nothing to say of it.
    NotApplicable,
}

impl Rank {
    /// What a verdict comes to.
    pub(super) fn of(judged: &Judged) -> Self {
        match (judged.outcome, &judged.waived) {
            (_, Some(_)) => Rank::Waived,
            (Outcome::Pass, None) => Rank::Passed,
            (Outcome::NotApplicable, None) => Rank::NotApplicable,
            (outcome, None) => Rank::Told(Reverse(judged.level), outcome),
        }
    }

    /// A short name of no more than letters: of a class, of a filter.
    pub(super) fn class(self) -> &'static str {
        match self {
            Rank::Told(_, Outcome::Unknown) => "unknown",
            Rank::Told(Reverse(Level::Deny), _) => "denied",
            Rank::Told(..) => "fail",
            Rank::Waived => "waived",
            Rank::Passed => "pass",
            Rank::NotApplicable => "na",
        }
    }

    /// A sign that says the same as a colour.
    pub(super) fn sign(self) -> &'static str {
        match self.class() {
            "denied" => "✕",
            "fail" => "!",
            "unknown" => "?",
            "waived" => "~",
            "pass" => "✓",
            _ => "–",
        }
    }

    /// A word for a person.
    pub(super) fn word(self) -> &'static str {
        match self.class() {
            "denied" | "fail" => "fail",
            "unknown" => "undecided",
            "waived" => "waived",
            "pass" => "pass",
            _ => "not applicable",
        }
    }
}

/// How a waived verdict is called: what a baseline has is known, not waived.
pub(super) fn waived_word(by: WaivedBy) -> &'static str {
    match by {
        WaivedBy::Baseline => "known",
        WaivedBy::Comment | WaivedBy::Manifest => "waived",
    }
}

/// What is said of each subject of a root module.
#[derive(Debug, Default)]
pub(super) struct Ranks<'a>(HashMap<(&'a str, Option<&'a str>), Counts>);

/// What is said of a subject: the worst, and how much of each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    pub(super) worst: Rank,
    pub(super) fail: usize,
    pub(super) unknown: usize,
    pub(super) waived: usize,
    pub(super) pass: usize,
}

impl<'a> Ranks<'a> {
    pub(super) fn of(root: &'a RootReport) -> Self {
        let mut ranks = HashMap::new();
        for judged in &root.verdicts {
            let rank = Rank::of(judged);
            let subject = (&*judged.address, judged.container.as_deref());
            let counts = ranks.entry(subject).or_insert(Counts {
                worst: rank,
                fail: 0,
                unknown: 0,
                waived: 0,
                pass: 0,
            });
            counts.worst = counts.worst.min(rank);
            match rank {
                Rank::Told(_, Outcome::Unknown) => counts.unknown += 1,
                Rank::Told(..) => counts.fail += 1,
                Rank::Waived => counts.waived += 1,
                Rank::Passed => counts.pass += 1,
                Rank::NotApplicable => {}
            }
        }
        Ranks(ranks)
    }

    /// What is said of something in the picture.
    pub(super) fn at(&self, node: &Node) -> Option<Counts> {
        let subject = (&*node.address, node.container.as_deref());
        self.0.get(&subject).copied()
    }
}

impl Counts {
    /// "2 fail, 1 undecided, 4 pass".
    pub(super) fn text(&self) -> String {
        let parts = [
            (self.fail, "fail"),
            (self.unknown, "undecided"),
            (self.waived, "waived"),
            (self.pass, "pass"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = parts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        match parts.is_empty() {
            true => "nothing to say".to_owned(),
            false => parts.join(", "),
        }
    }
}
