//! `cargo xtask bench`: how fast the auditor is, and how many instructions an audit takes.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::generate;

/// What instructions are counted of: a name, the directory to run in, and the arguments.
const COUNTED: [(&str, &str, &[&str]); 3] = [
    ("infra", ".", &["--plan", "never"]),
    ("monorepo", "tests/fixtures/monorepo", &["--plan", "never"]),
    (
        "services",
        ".",
        &["--plan", "never", "target/generated/services"],
    ),
];

/// Measures on generated input, and says what it found.
pub(crate) fn bench() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<()> {
    let shell = Shell::new()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    generate::inputs()?;
    for profile in ["release", "dev"] {
        eprintln!("\nprofile {profile}:");
        cmd!(
            shell,
            "{cargo} bench --quiet --bench throughput --profile {profile}"
        )
        .run()?;
    }
    if cmd!(shell, "valgrind --version")
        .quiet()
        .ignore_stderr()
        .read()
        .is_err()
    {
        eprintln!("\nno instructions are counted, because valgrind is not there");
        return Ok(());
    }
    cmd!(shell, "{cargo} build --quiet --release")
        .quiet()
        .run()?;
    let binary = fs::canonicalize("target/release/cargo-ecs-audit")?;
    eprintln!("\nmillions of instructions of an audit, profile release:");
    for (name, directory, arguments) in COUNTED {
        let _directory = shell.push_dir(Path::new(directory));
        let output = cmd!(
            shell,
            "valgrind --tool=callgrind --callgrind-out-file=/dev/null {binary} {arguments...}"
        )
        .quiet()
        .ignore_status()
        .output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let counted = said
            .lines()
            .find_map(|line| line.split_once("Collected : "))
            .and_then(|(_, count)| count.trim().parse::<u64>().ok())
            .with_context(|| format!("callgrind counted nothing:\n{said}"))?;
        println!("{name:<10}{:>12.1}", counted as f64 / 1e6);
    }
    Ok(())
}
