//! The ways to render a report.

#[cfg(feature = "junit")]
use super::junit;
use super::{COMMENT, Report, code_quality, github, html, human, json, markdown, sarif, sast};

/// A way to render a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Diagnostics, for a person.
    Human,
    /// The report's own schema, for machines.
    Json,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// JUnit XML, for what shows the results of tests.
    #[cfg(feature = "junit")]
    Junit,
    /// Annotations of GitHub Actions, and the summary of the job.
    Github,
    /// The code quality report of GitLab.
    Gitlab,
    /// The report of static analysis for security of GitLab.
    GitlabSast,
    /// A text for a pull request or a wiki.
    Markdown,
    /// A page for a browser.
    Html,
}

/// How much is shown, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rendering {
    /// Whether to colour, where a format has colours.
    pub colour: bool,
    /// How much is shown, where a person reads it.
    pub detail: Detail,
    /// Whether passes are shown, where a format does not list every verdict anyway.
    pub passes: bool,
    /// What counts as now, in seconds since 1970, where a format names a time.
    pub now: i64,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// What is denied, and the last line.
    Quiet,
    /// What is denied or warned of, and how the audit went.
    #[default]
    Usual,
    /// Everything: passes, what is not audited, how long it took.
    Verbose,
}

impl Format {
    /// Every format, in the order in which they are listed.
    pub const ALL: &[Format] = &[
        Format::Human,
        Format::Json,
        Format::Sarif,
        #[cfg(feature = "junit")]
        Format::Junit,
        Format::Github,
        Format::Gitlab,
        Format::GitlabSast,
        Format::Markdown,
        Format::Html,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::Sarif => "sarif",
            #[cfg(feature = "junit")]
            Format::Junit => "junit",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::GitlabSast => "gitlab-sast",
            Format::Markdown => "markdown",
            Format::Html => "html",
        }
    }

    /// Renders a report; the text ends with a line break.
    #[must_use]
    pub fn render(self, report: &Report, rendering: &Rendering) -> String {
        match self {
            Format::Human => human(report, rendering),
            Format::Json => json(report),
            Format::Sarif => sarif(report, rendering),
            #[cfg(feature = "junit")]
            Format::Junit => junit(report, rendering),
            Format::Github => github(report, rendering),
            Format::Gitlab => code_quality(report, rendering),
            Format::GitlabSast => sast(report, rendering),
            Format::Markdown => markdown(report, rendering, COMMENT),
            Format::Html => html(report, rendering),
        }
    }
}
