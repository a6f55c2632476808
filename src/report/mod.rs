//! What an audit found, and the ways to show it.
//!
//! The types here are the domain's; each renderer has wire types of its own, and none of them can fail
//! or prints: they give texts.

mod change;
mod checklist;
mod config_error;
mod diagnostic;
mod excerpt;
mod explain;
mod format;
mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod json_text;
#[cfg(feature = "junit")]
mod junit;
#[cfg(test)]
mod made_up;
mod markdown;
mod page;
mod paths;
mod rank;
mod sarif;
mod standing;
mod summary;
mod terminal;

pub use checklist::{CHECKLIST_FORMATS, checklist};
pub use config_error::config_errors;
pub use explain::{explain, list};
pub use format::{Detail, Format, Rendering};
pub use github::github;
pub use gitlab::{code_quality, sast};
pub use html::html;
pub use human::{diagnostics, human, last_line};
pub use json::json;
#[cfg(feature = "junit")]
pub use junit::junit;
pub use markdown::{COMMENT, STEP_SUMMARY, markdown};
pub use page::Paper;
pub use sarif::sarif;
pub use summary::{Summary, Tally};

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::ecs::Architecture;
use crate::fix::{Applicability, Unwritten};
use crate::hcl::Span;
use crate::links::Linked;
use crate::policy::{Level, LevelSource};
use crate::rules::{Rule, Severity};
use crate::source::Position;
use crate::verdict::Outcome;
use crate::waiver::Waived;

/// What an audit found.
#[derive(Debug, Default)]
pub struct Report {
    /// By root module, in the order of their paths.
    pub roots: Vec<RootReport>,
    /// The root modules that were left out, since nothing of them changed.
    pub unchanged: Vec<Arc<str>>,
    /// The containers and the packages that they are linked to, where packages are asked for.
    pub links: Vec<Linked>,
    /// Whether it is of some of the workspace's root modules alone: those that were named, or changed.
    pub partial: bool,
    /// The workspace's directory in its repository, with `/`; empty where that is the repository itself.
    pub directory: String,
}

/// What an audit found in one root module.
#[derive(Debug)]
pub struct RootReport {
    /// The root module's directory, relative to the workspace root, with `/`.
    pub path: Arc<str>,
    /// What the verdicts stand on.
    pub basis: Basis,
    /// The Terraform that was run.
    pub terraform: Option<TerraformBinary>,
    /// What a person should know of how it was audited.
    pub notes: Vec<RootNote>,
    /// Resources that no rule reads.
    pub not_audited: Vec<NotAudited>,
    /// Parts of the configuration that could not be read, and of which no rule can say anything.
    pub unread: Vec<Unread>,
    /// Whether nothing of it is audited: it is then itself what is unread.
    pub skipped: bool,
    /// Every verdict, passes too, in the order of rule and address.
    pub verdicts: Vec<Judged>,
    /// Why it could not be audited as it was asked, where it could not.
    pub failure: Option<String>,
    /// How many instances of resources it has.
    pub instances: usize,
    /// What it would make.
    pub architecture: Architecture,
    /// How long each part took.
    pub timing: Vec<(&'static str, Duration)>,
}

/// What verdicts stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The source and a plan made in this run.
    Plan,
    /// The source and a plan made in this run with mocked providers.
    Mock,
    /// The source and a plan that someone else made.
    PlanFile,
    /// The source alone.
    Source,
}

/// The Terraform that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerraformBinary {
    /// How it was called: `terraform`, `tofu`, a path.
    pub binary: String,
    /// What it says its version is.
    pub version: String,
}

/// Something a person should know.
#[derive(Clone, Debug)]
pub struct RootNote {
    /// What.
    pub message: String,
    /// Where.
    pub location: Option<Location>,
    /// Whether it is worth a warning: part of the configuration could not be evaluated.
    pub warning: bool,
}

/// A part of the configuration that could not be read: it is undecided whether anything in it is right.
#[derive(Clone, Debug)]
pub struct Unread {
    /// What: a file, a module, a root module.
    pub part: Arc<str>,
    /// Why.
    pub reason: String,
    /// Where.
    pub location: Option<Location>,
    /// What happens then.
    pub level: Level,
    /// Why the level is what it is.
    pub level_source: LevelSource,
}

/// A resource that no rule reads.
#[derive(Clone, Debug)]
pub struct NotAudited {
    /// Its address.
    pub address: Arc<str>,
    /// Why.
    pub reason: String,
}

/// A verdict with all that the policy decided about it, its places resolved.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The rule.
    pub rule: &'static Rule,
    /// What it says.
    pub outcome: Outcome,
    /// What happens then.
    pub level: Level,
    /// How much it weighs: as much as the rule, where the verdict does not say otherwise.
    pub severity: Severity,
    /// Why the level is what it is.
    pub level_source: LevelSource,
    /// The subject's resource instance.
    pub address: Arc<str>,
    /// The subject's container.
    pub container: Option<Arc<str>>,
    /// What is so.
    pub message: String,
    /// Why it is unknown or not applicable.
    pub reason: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
    /// Further facts.
    pub notes: Vec<String>,
    /// The places, the primary one first.
    pub locations: Vec<Location>,
    /// How to mend it.
    pub fix: Option<ResolvedFix>,
    /// Why what the rule proposes to mend it cannot be written.
    pub unwritten: Option<Unwritten>,
    /// That it is waived.
    pub waived: Option<Waived>,
    /// The same for the same verdict on the same subject, wherever its lines move.
    pub fingerprint: String,
}

/// A place in a text, as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The text's name: relative to the workspace root, with `/`.
    pub file: Arc<str>,
    /// The text.
    pub text: SharedText,
    /// The bytes.
    pub span: Span,
    /// Where it starts.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// Whether it is the place to change.
    pub primary: bool,
    /// What is to be said there; may be empty.
    pub label: String,
    /// Whether the value of the place before passed through it, on its way to where it is used.
    pub step: bool,
}

/// A text that many share; two are equal where they are the same text in memory.
#[derive(Clone)]
pub struct SharedText(pub Arc<str>);

/// A fix as byte ranges in the original texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedFix {
    /// What it does.
    pub title: String,
    /// How sure it is.
    pub applicability: Applicability,
    /// The edits, in the order of file and place; they do not overlap.
    pub edits: Vec<ResolvedEdit>,
}

/// An edit as a byte range in the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedEdit {
    /// The text's name: relative to the workspace root, with `/`.
    pub file: Arc<str>,
    /// The text.
    pub text: SharedText,
    /// The bytes to replace.
    pub span: Span,
    /// The line that they begin on, from 1.
    pub line: usize,
    /// What to write there.
    pub replacement: String,
}

impl RootReport {
    /// One of which nothing is known but where it is.
    #[must_use]
    pub fn of_path(path: &str) -> Self {
        RootReport {
            path: Arc::from(path),
            basis: Basis::Source,
            terraform: None,
            notes: Vec::new(),
            not_audited: Vec::new(),
            unread: Vec::new(),
            skipped: false,
            verdicts: Vec::new(),
            failure: None,
            instances: 0,
            architecture: Architecture::default(),
            timing: Vec::new(),
        }
    }
}

impl Judged {
    /// Whether it is more than a pass and not waived: something that a level applies to.
    #[must_use]
    pub fn is_told(&self) -> bool {
        matches!(self.outcome, Outcome::Fail | Outcome::Unknown) && self.waived.is_none()
    }
}

impl Basis {
    /// The name in the JSON report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Basis::Plan => "plan",
            Basis::Mock => "mock",
            Basis::PlanFile => "plan-file",
            Basis::Source => "source",
        }
    }
}

impl PartialEq for SharedText {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for SharedText {}

impl fmt::Debug for SharedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedText({} bytes)", self.0.len())
    }
}

/// Makes a text of several lines safe for a terminal: no control character, no escape sequence and no
/// mark that turns text around gets through.
#[must_use]
pub fn safe_for_terminal(text: &str) -> String {
    terminal::block(text).into_owned()
}

/// Makes a patch safe for a terminal, with its tabs and line ends as they are.
#[must_use]
pub(crate) fn safe_patch(text: &str) -> String {
    terminal::patch(text)
}
