//! What a rule says of a subject.

use crate::ecs::Origin;
use crate::fix::Fix;
use crate::rules::Severity;

/// The four things that a rule can say of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It violates the rule.
    Fail,
    /// It cannot be decided; the verdict's reason says what made it so.
    Unknown,
    /// It satisfies the rule.
    Pass,
    /// The rule has nothing to say of it.
    NotApplicable,
}

impl Outcome {
    /// Its name, as reports have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Fail => "fail",
            Outcome::Unknown => "unknown",
            Outcome::Pass => "pass",
            Outcome::NotApplicable => "not-applicable",
        }
    }
}

/// A rule's verdict on a subject, with what a person needs to see why.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// What it comes to.
    pub outcome: Outcome,
    /// How much it weighs, where that is not what its rule weighs.
    pub severity: Option<Severity>,
    /// What is so: "container `app` is privileged". Lower case, no final period.
    pub message: String,
    /// For `unknown`, what made it so; for `not applicable`, why.
    pub reason: Option<String>,
    /// What to write instead, in words.
    pub help: Option<String>,
    /// Further facts.
    pub notes: Vec<String>,
    /// The place to change, and what to say of it there.
    pub primary: Label,
    /// Other places that a person needs to see.
    pub secondary: Vec<Label>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// Values that must not be shown, wherever the text around them is.
    pub secrets: Vec<Origin>,
}

/// A place and what is to be said of it; without text it is only marked.
#[derive(Clone, Debug, Default)]
pub struct Label {
    /// Where.
    pub origin: Origin,
    /// What is so there: "every capability of the host".
    pub text: String,
    /// The name that a secret is given, where it is given one.
    pub name: Option<Name>,
}

/// A name and where it stands.
#[derive(Clone, Debug)]
pub struct Name {
    /// Where.
    pub origin: Origin,
    /// The name.
    pub text: String,
}

impl Verdict {
    /// A verdict of `pass`.
    pub fn pass(message: impl Into<String>, origin: &Origin) -> Self {
        Self::new(Outcome::Pass, message, origin)
    }

    /// A verdict of `fail`.
    pub fn fail(message: impl Into<String>, origin: &Origin) -> Self {
        Self::new(Outcome::Fail, message, origin)
    }

    /// A verdict of `unknown`, with what made it so.
    pub fn unknown(message: impl Into<String>, reason: impl Into<String>, origin: &Origin) -> Self {
        let mut verdict = Self::new(Outcome::Unknown, message, origin);
        verdict.reason = Some(reason.into());
        verdict
    }

    /// A verdict of `not applicable`, with the reason.
    pub fn not_applicable(reason: impl Into<String>, origin: &Origin) -> Self {
        let reason = reason.into();
        let mut verdict = Self::new(Outcome::NotApplicable, reason.clone(), origin);
        verdict.reason = Some(reason);
        verdict
    }

    fn new(outcome: Outcome, message: impl Into<String>, origin: &Origin) -> Self {
        Verdict {
            outcome,
            severity: None,
            message: message.into(),
            reason: None,
            help: None,
            notes: Vec::new(),
            primary: Label {
                origin: origin.clone(),
                ..Label::default()
            },
            secondary: Vec::new(),
            fix: None,
            secrets: Vec::new(),
        }
    }

    /// Says something at the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Points at another place.
    #[must_use]
    pub fn also(mut self, origin: &Origin, text: impl Into<String>) -> Self {
        self.secondary.push(Label {
            origin: origin.clone(),
            text: text.into(),
            name: None,
        });
        self
    }

    /// Says under which name the last place has its secret.
    #[must_use]
    pub fn named(mut self, name: Option<Name>) -> Self {
        self.secondary.last_mut().unwrap_or(&mut self.primary).name = name;
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Says that it weighs more or less than its rule.
    #[must_use]
    pub fn weighs(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Says that a person should look at how to mend it first.
    #[must_use]
    pub fn fix_is_maybe_incorrect(mut self) -> Self {
        self.fix = self.fix.map(Fix::maybe_incorrect);
        self
    }

    /// Says that a value must not be shown.
    #[must_use]
    pub fn secret(mut self, origin: &Origin) -> Self {
        self.secrets.push(origin.clone());
        self
    }

    /// Folds the verdicts on the parts of one subject: any `fail`, else any `unknown`, else any `pass`.
    #[must_use]
    pub fn worst(parts: Vec<Verdict>) -> Option<Verdict> {
        let mut worst: Option<Verdict> = None;
        for part in parts {
            match &mut worst {
                Some(kept) if kept.outcome < part.outcome => {}
                Some(kept) if kept.outcome == part.outcome => kept.absorb(part),
                _ => worst = Some(part),
            }
        }
        worst
    }

    /// Takes in another verdict of the same outcome on the same subject.
    fn absorb(&mut self, other: Verdict) {
        self.secrets.extend(other.secrets);
        if matches!(self.outcome, Outcome::Pass | Outcome::NotApplicable) {
            return;
        }
        let text = if other.primary.text.is_empty() {
            other.message.clone()
        } else {
            other.primary.text
        };
        self.severity = match (self.severity, other.severity) {
            (Some(one), Some(other)) => Some(one.max(other)),
            _ => None,
        };
        // The message names every part, those of one wording once.
        if !self.message.contains(&other.message) {
            self.message = format!("{}; {}", self.message, other.message);
        }
        self.secondary.push(Label {
            origin: other.primary.origin,
            text,
            name: other.primary.name,
        });
        self.secondary.extend(other.secondary);
        for note in other.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        // A fix that mends one part alone does not mend the verdict.
        self.fix = match (self.fix.take(), other.fix) {
            (Some(fix), Some(more)) => Some(fix.and(more)),
            _ => None,
        };
    }
}
