//! How a verdict stands once levels and waivers are applied.

use super::Judged;
use crate::policy::Level;
use crate::verdict::Outcome;
use crate::waiver::Waived;

/// How a verdict stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Standing<'a> {
    /// It violates a rule.
    Fails(Level),
    /// Whether it does cannot be decided.
    Undecided(Level),
    /// It violates a rule, or that cannot be decided, and that is waived.
    Waived(&'a Waived),
    /// It satisfies a rule.
    Passes,
    /// A rule has nothing to say of it.
    NotApplicable,
}

impl Judged {
    /// How it stands.
    pub(super) fn standing(&self) -> Standing<'_> {
        match (&self.waived, self.outcome) {
            (Some(waived), _) => Standing::Waived(waived),
            (None, Outcome::Fail) => Standing::Fails(self.level),
            (None, Outcome::Unknown) => Standing::Undecided(self.level),
            (None, Outcome::Pass) => Standing::Passes,
            (None, Outcome::NotApplicable) => Standing::NotApplicable,
        }
    }

    /// How much it matters: what is denied before what is warned of, what fails before what is undecided, and
    /// among those what weighs more.
    pub(super) fn weight(&self) -> impl Ord + use<> {
        let (level, kind) = match self.standing() {
            Standing::Fails(level) => (Some(level), 4),
            Standing::Undecided(level) => (Some(level), 3),
            Standing::Waived(_) => (None, 2),
            Standing::Passes => (None, 1),
            Standing::NotApplicable => (None, 0),
        };
        (level, kind, self.severity)
    }
}
