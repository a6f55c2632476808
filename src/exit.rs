//! How a run ends.

use std::fmt;
use std::process::{ExitCode, Termination};

/// How a run ends: each is an exit code that scripts can rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing is denied.
    Clean,
    /// The command line or the configuration is wrong.
    Usage,
    /// There is nothing to audit; never taken for clean.
    Nothing,
    /// Something is denied; with `cargo ecs-audit test`, or a test failed.
    Denied,
    /// Some of it could not be audited.
    Unfinished,
}

impl Exit {
    /// The process's exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Usage => 2,
            Exit::Nothing => 4,
            Exit::Denied => 100,
            Exit::Unfinished => 101,
        }
    }

    /// What the exit code says, for the last line of a run.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Exit::Clean => "nothing is denied",
            Exit::Usage => "wrong usage or configuration",
            Exit::Nothing => "nothing to audit",
            Exit::Denied => "something is denied",
            Exit::Unfinished => "could not finish",
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}: {}", self.code(), self.meaning())
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        self.into()
    }
}
