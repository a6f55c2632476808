//! `cargo bless`: runs tests and takes what they give as what they expect.

use std::ffi::OsString;

use anyhow::Result;
use xshell::{Shell, cmd};

/// Runs the tests with every expectation rewritten in place; further arguments go to `cargo test`.
pub(crate) fn bless(arguments: impl Iterator<Item = OsString>) -> Result<()> {
    let shell = Shell::new()?;
    let _snapshots = shell.push_env("SNAPSHOTS", "overwrite");
    let _trycmd = shell.push_env("TRYCMD", "overwrite");
    let _pages = shell.push_env("ECS_AUDIT_BLESS", "1");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    cmd!(shell, "{cargo} test --quiet {arguments...}").run()?;
    Ok(())
}
