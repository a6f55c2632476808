//! The ways to render a report.

use super::{Report, human, json};

/// A way to render a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Diagnostics, for a person.
    Human,
    /// The report's own schema, for machines.
    Json,
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
    pub const ALL: &[Format] = &[Format::Human, Format::Json];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
        }
    }

    /// Renders a report; the text ends with a line break.
    #[must_use]
    pub fn render(self, report: &Report, rendering: &Rendering) -> String {
        match self {
            Format::Human => human(report, rendering),
            Format::Json => json(report),
        }
    }
}
