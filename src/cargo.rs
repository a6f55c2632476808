//! Cargo's own tests, which `cargo ecs-audit test` runs beside the audit.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use anyhow::{Result, bail};
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
        if configured && installed("cargo-nextest").is_some() {
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

/// Has Cargo write down what the new dependencies of a workspace resolve to, and leave the others as they are.
///
/// # Errors
/// Cargo cannot be run, a signal came, or it cannot resolve them; then it has said why.
pub(crate) fn update_lock(workspace: &Path, options: &[String]) -> Result<()> {
    let shell = Shell::new()?;
    shell.change_dir(workspace);
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let command = cmd!(shell, "{cargo} update --workspace --quiet {options...}");
    if command::run_shown(command)?.success() {
        Ok(())
    } else {
        bail!("`cargo update --workspace` failed")
    }
}

/// Cargo's own directory.
pub(crate) fn home() -> Option<PathBuf> {
    let set = env::var_os("CARGO_HOME").filter(|set| !set.is_empty());
    set.map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// The program of a subcommand, where Cargo finds it: in `PATH`, or where `cargo install` puts it.
pub(crate) fn installed(program: &str) -> Option<PathBuf> {
    let home = home().map(|home| home.join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&path)
        .chain(home)
        .map(|directory| directory.join(&file))
        .find(|program| program.is_file())
}
