//! How many verdicts there are of each kind, and how a run ends with them.

use super::{Judged, Report};
use crate::exit::Exit;
use crate::policy::Level;
use crate::verdict::Outcome;
use crate::waiver::WaivedBy;

/// How many verdicts there are of each kind, and what is waived of them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Subjects that satisfy a rule.
    pub pass: usize,
    /// Subjects that violate a rule.
    pub fail: usize,
    /// Subjects of which that cannot be decided.
    pub unknown: usize,
    /// Subjects that a rule has nothing to say of.
    pub not_applicable: usize,
    /// Subjects that violate a rule, or of which that cannot be decided, and that is waived.
    pub waived: usize,
}

/// What a report comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Every verdict.
    pub verdicts: Tally,
    /// Those of the waived that the baseline has.
    pub known: usize,
    /// Verdicts of `fail` and `unknown`, and parts that could not be read, whose level is `deny`.
    pub denied: usize,
    /// Those whose level is `warn`.
    pub warned: usize,
    /// Those whose level is `allow`.
    pub allowed: usize,
    /// Parts of the configuration that could not be read.
    pub unread: usize,
    /// Root modules that could not be audited as asked.
    pub unfinished: usize,
}

impl Report {
    /// Counts the verdicts.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for root in &self.roots {
            summary.unfinished += usize::from(root.failure.is_some());
            summary.unread += root.unread.len();
            for unread in &root.unread {
                summary.count(unread.level);
            }
            for judged in &root.verdicts {
                summary.verdicts.count(judged);
                let by = judged.waived.as_ref().map(|waived| waived.by);
                summary.known += usize::from(by == Some(WaivedBy::Baseline));
                if judged.is_told() {
                    summary.count(judged.level);
                }
            }
        }
        summary
    }

    /// How the run ends.
    ///
    /// What could not be finished comes before what is denied: a report with a part missing is not
    /// to be taken for the whole.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let summary = self.summary();
        if summary.unfinished > 0 {
            Exit::Unfinished
        } else if summary.denied > 0 {
            Exit::Denied
        } else if self.roots.is_empty() && !self.unchanged.is_empty() {
            Exit::Clean
        } else if self.roots.iter().all(|root| root.verdicts.is_empty()) {
            Exit::Nothing
        } else {
            Exit::Clean
        }
    }
}

impl Tally {
    /// Counts a verdict.
    pub fn count(&mut self, judged: &Judged) {
        let count = match (judged.outcome, &judged.waived) {
            (_, Some(_)) => &mut self.waived,
            (Outcome::Pass, None) => &mut self.pass,
            (Outcome::Fail, None) => &mut self.fail,
            (Outcome::Unknown, None) => &mut self.unknown,
            (Outcome::NotApplicable, None) => &mut self.not_applicable,
        };
        *count += 1;
    }

    /// Each count with its name.
    #[must_use]
    pub fn parts(&self) -> [(usize, &'static str); 5] {
        [
            (self.pass, "pass"),
            (self.fail, "fail"),
            (self.unknown, "unknown"),
            (self.waived, "waived"),
            (self.not_applicable, "not applicable"),
        ]
    }
}

impl Summary {
    fn count(&mut self, level: Level) {
        match level {
            Level::Allow => self.allowed += 1,
            Level::Warn => self.warned += 1,
            Level::Deny => self.denied += 1,
        }
    }
}
