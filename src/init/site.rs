//! What is there before anything is written.

use std::fmt;
use std::sync::Arc;

use toml_edit::{DocumentMut, TomlError};

use super::origin::Origin;
use crate::config::ConfigError;
use crate::hcl::Span;

/// A workspace as it is: the texts that may be edited, and what has to be known to edit them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Site {
    /// The text of the workspace's manifest.
    pub(super) manifest: String,
    /// Cargo's configuration, `.cargo/config.toml` or the older `.cargo/config`.
    pub(super) cargo: File,
    /// The packages of the workspace.
    pub(super) members: Vec<Member>,
    /// The directories of packages below a manifest without `[workspace]`, which would be taken for its
    /// members and are not.
    pub(super) nested: Vec<String>,
    /// The directories for a new package that are taken.
    pub(super) taken: Vec<String>,
    /// The root modules.
    pub(super) roots: Vec<String>,
    /// Where the audit comes from that the package is to depend on.
    pub(super) origin: Origin,
    /// The workflows of GitHub, where there are any.
    pub(super) workflows: Option<Workflows>,
    /// The pipeline of GitLab.
    pub(super) pipeline: Option<String>,
    /// What Git ignores.
    pub(super) ignore: Option<String>,
    /// What Git ignores nowhere though it should.
    pub(super) unignored: Vec<&'static str>,
    /// The workspace's directory in a repository whose CI is outside of the workspace.
    pub(super) around: Option<String>,
    /// The files that images are built by, and what they say.
    pub(super) images: Vec<(String, String)>,
}

/// A file and its text, where it is there.
#[derive(Clone, Debug, Default)]
pub(super) struct File {
    /// Its path, relative to the workspace root, with `/`.
    pub(super) name: String,
    pub(super) text: Option<String>,
}

/// A package of the workspace.
#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    pub(super) name: String,
    /// Its directory, relative to the workspace root, with `/`; empty for the root package.
    pub(super) directory: String,
    /// The text of its manifest.
    pub(super) manifest: String,
    pub(super) edition: String,
    /// The major and minor version of Rust that it says it needs.
    pub(super) rust_version: Option<(u64, u64)>,
    pub(super) default_run: Option<String>,
    /// The name under which its code has the audit, where it depends on it.
    pub(super) audit: Option<String>,
    pub(super) targets: Vec<Target>,
    /// The files that a new target could be in and that are there.
    pub(super) files: Vec<String>,
}

/// A target of a package.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) kind: TargetKind,
    pub(super) name: String,
    /// Whether its source runs the audit's command line.
    pub(super) runs_audit: bool,
    /// Whether its source makes tests of the audit.
    pub(super) tests_audit: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TargetKind {
    Binary,
    Example,
    Test,
    Other,
}

/// The workflows of GitHub.
#[derive(Clone, Debug, Default)]
pub(super) struct Workflows {
    /// How their names end: `yml` or `yaml`.
    pub(super) extension: &'static str,
    /// Whether one of them calls the audit.
    pub(super) call_audit: bool,
    /// What they write for `submodules` where they check out.
    pub(super) submodules: Option<&'static str>,
    /// The name that a new one would have is taken.
    pub(super) taken: bool,
}

impl Member {
    pub(super) fn targets(&self, kind: TargetKind) -> impl Iterator<Item = &Target> {
        self.targets
            .iter()
            .filter(move |target| target.kind == kind)
    }

    /// The path of a file in its directory, relative to the workspace root.
    pub(super) fn file(&self, name: &str) -> String {
        if self.directory.is_empty() {
            name.to_owned()
        } else {
            format!("{}/{name}", self.directory)
        }
    }
}

/// Why nothing is planned.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// The file that it is about, with its text and what is wrong where; else the message alone.
    pub(crate) place: Option<(String, Arc<str>)>,
    pub(crate) error: Box<ConfigError>,
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Refusal {
            place: None,
            error: Box::new(ConfigError {
                message: message.into(),
                span: None,
                label: String::new(),
                help: None,
            }),
        }
    }

    /// A file that is laid out so that no edit can be made with certainty.
    pub(super) fn by_hand(file: &str, what: &str) -> Self {
        Refusal::new(format!(
            "`{file}` is laid out so that {what} cannot be added; write it by hand"
        ))
    }

    pub(super) fn at(
        file: &str,
        text: &str,
        span: Option<Span>,
        message: String,
        label: String,
    ) -> Self {
        Refusal {
            place: Some((file.to_owned(), Arc::from(text))),
            error: Box::new(ConfigError {
                message,
                span,
                label,
                help: None,
            }),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.message)
    }
}

/// A TOML file, parsed.
pub(super) fn document(file: &str, text: &str) -> Result<DocumentMut, Refusal> {
    text.parse().map_err(|error: TomlError| {
        let span = error.span().map(|range| {
            let bounded = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
            Span {
                start: bounded(range.start),
                end: bounded(range.end),
            }
        });
        let label = error.message().replace('\n', ", ");
        Refusal::at(
            file,
            text,
            span,
            format!("`{file}` is not valid TOML"),
            label,
        )
    })
}
