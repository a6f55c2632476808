//! `cargo xtask pictures`: draws the picture of the terminal that the README shows.

use anyhow::Result;
use xshell::{Shell, cmd};

/// Runs the test that holds the picture against what the command prints, and takes what it prints.
pub(crate) fn pictures() -> Result<()> {
    let shell = Shell::new()?;
    let _pictures = shell.push_env("SNAPSHOTS", "overwrite");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    cmd!(shell, "{cargo} test --quiet --test pictures").run()?;
    Ok(())
}
