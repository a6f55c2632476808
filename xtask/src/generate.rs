//! Large inputs to measure with: a plan's JSON, a root module's source. The same every time.

mod plan;
mod services;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use self::plan::write_plan;
use self::services::services;

const USAGE: &str = "usage: cargo xtask generate plan [--resources N] [--out FILE]\n       \
     cargo xtask generate services [--count N] [--out DIRECTORY]";

/// Writes what is asked for and says where.
pub(crate) fn generate(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    match write(arguments) {
        Ok(path) => {
            eprintln!("wrote {}", path.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn write(mut arguments: impl Iterator<Item = OsString>) -> Result<PathBuf> {
    let what = arguments.next().unwrap_or_default();
    let mut count = None;
    let mut out = None;
    while let Some(option) = arguments.next() {
        let value = arguments.next().context(USAGE)?;
        match option.to_str() {
            Some("--resources" | "--count") => {
                count = Some(
                    value
                        .to_str()
                        .context(USAGE)?
                        .parse::<usize>()
                        .context(USAGE)?,
                );
            }
            Some("--out") => out = Some(PathBuf::from(value)),
            _ => bail!(USAGE),
        }
    }
    let generated = Path::new(GENERATED);
    match what.to_str() {
        Some("plan") => {
            let path = out.unwrap_or_else(|| generated.join("plan.json"));
            plan_file(&path, count.unwrap_or(RESOURCES))?;
            Ok(path)
        }
        Some("services") => {
            let path = out.unwrap_or_else(|| generated.join("services"));
            root_module(&path, &services(count.unwrap_or(SERVICES)))?;
            Ok(path)
        }
        _ => bail!(USAGE),
    }
}

/// Where it is written unless something else is asked for.
const GENERATED: &str = "target/generated";
/// How many resources a plan has.
const RESOURCES: usize = 20_000;
/// How many services a root module has.
const SERVICES: usize = 500;

/// Writes everything that is measured, and beside the plan a root module of nothing else.
pub(crate) fn inputs() -> Result<()> {
    let generated = Path::new(GENERATED);
    root_module(&generated.join("services"), &services(SERVICES))?;
    root_module(&generated.join("nothing"), "terraform {}\n")?;
    plan_file(&generated.join("plan.json"), RESOURCES)
}

fn root_module(directory: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(directory)?;
    fs::write(directory.join("main.tf"), text)?;
    Ok(())
}

fn plan_file(path: &Path, resources: usize) -> Result<()> {
    fs::create_dir_all(path.parent().context(USAGE)?)?;
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    write_plan(&mut file, resources)?;
    file.flush()?;
    Ok(())
}
