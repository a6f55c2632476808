//! Cargo's own tests, which `cargo ecs-audit test` runs beside the audit.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitStatus;

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::terraform::command;

/// What runs the tests of a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runner {
    /// `cargo test`.
    Cargo,
    /// `cargo nextest run`, where the workspace configures it and it is installed.
    Nextest,
}

impl Runner {
    /// What runs the tests of this workspace.
    pub(crate) fn of(workspace: &Path) -> Self {
        let configured = [".config/nextest.toml", ".nextest.toml"]
            .iter()
            .any(|file| workspace.join(file).is_file());
        if configured && is_installed("cargo-nextest") {
            Runner::Nextest
        } else {
            Runner::Cargo
        }
    }

    /// How it is called: `cargo test`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Runner::Cargo => "cargo test",
            Runner::Nextest => "cargo nextest run",
        }
    }

    /// Runs the tests, which write where this process writes, until they end or a signal comes.
    ///
    /// # Errors
    /// Cargo cannot be run, or a signal came; nothing of it runs any more then.
    pub(crate) fn run(
        self,
        arguments: &[OsString],
        variables: &[(&str, OsString)],
    ) -> Result<ExitStatus> {
        let shell = Shell::new()?;
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let words = self.name().split(' ').skip(1);
        let mut command = cmd!(shell, "{cargo} {words...} {arguments...}");
        for (name, value) in variables {
            command = command.env(name, value);
        }
        command::run_shown(command)
    }
}

/// Whether Cargo finds a subcommand's program: in `PATH`, or where `cargo install` puts it.
fn is_installed(program: &str) -> bool {
    let home = env::var_os("CARGO_HOME")
        .map(std::path::PathBuf::from)
        .or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".cargo")))
        .map(|home| home.join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&path)
        .chain(home)
        .any(|directory| directory.join(&file).is_file())
}
