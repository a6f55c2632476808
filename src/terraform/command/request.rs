//! What is asked of Terraform, and what comes back.

use std::cell::Cell;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fmt, fs, io};

use anyhow::{Context as _, Result, bail};

use super::failure::TerraformFailed;
use super::mock::Mocked;
use super::planning::Run;
use super::{binary, credentials};
use crate::phases::Phases;
use crate::terraform::evaluate::Assignment;
use crate::terraform::plan::{Facts, OnlyShown};

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
    /// Where to tell what is being done.
    pub phases: Option<&'a Phases>,
}

/// Where the facts of a plan come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanFrom<'a> {
    /// `terraform plan`, which must succeed.
    Always,
    /// `terraform plan` where it can, else the source alone with a note that says why.
    Auto,
    /// `terraform test` with mocked providers, else the source alone with a note that says why.
    Mock,
    /// The source alone.
    Never,
    /// A plan someone made: JSON, or the plan file itself, which `terraform show` reads only where it is
    /// not of a version that is known here.
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
    /// A plan made for it with mocked providers.
    Mock,
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

/// How long Terraform may take where a plan is asked for.
const ALWAYS_LIMIT: Duration = Duration::from_secs(30 * 60);
/// How long Terraform may take where the source alone would do.
const AUTO_LIMIT: Duration = Duration::from_secs(5 * 60);

/// Gets the facts of a plan. With [`PlanFrom::Auto`] what goes wrong is a note, else an error.
///
/// # Errors
/// Terraform is not there, cannot plan, or gave what is not a plan; the plan file is not one. The error
/// is [`Interrupted`] where a signal ended the run.
pub fn plan(request: &PlanRequest<'_>) -> Result<Planned> {
    match request.from {
        PlanFrom::Never => Ok(source_alone(Vec::new())),
        PlanFrom::Always => make_plan(request, ALWAYS_LIMIT)
            .with_context(|| format!("cannot plan {}", request.root.display())),
        PlanFrom::Auto => match try_plan(request) {
            Ok(planned) => Ok(planned),
            Err(error) if error.downcast_ref::<Interrupted>().is_some() => Err(error),
            Err(error) => {
                let note = format!("no plan: {}", in_one_line(&error));
                Ok(source_alone(vec![note]))
            }
        },
        PlanFrom::Mock => make_mocked_plan(request)
            .with_context(|| format!("cannot plan {} with mocks", request.root.display())),
        PlanFrom::File(path) => read_file(request, path),
        PlanFrom::StandardInput => {
            let mut bytes = Vec::new();
            let read = io::stdin().lock().read_to_end(&mut bytes);
            read.context("cannot read the plan on standard input")?;
            let facts = if is_archive(&bytes) {
                Facts::read_file(bytes, "on standard input")
            } else {
                Facts::read(bytes, "on standard input")
            };
            Ok(given(facts?))
        }
    }
}

fn source_alone(notes: Vec<String>) -> Planned {
    Planned {
        facts: Facts::default(),
        basis: Basis::Source,
        terraform: None,
        notes,
    }
}

fn try_plan(request: &PlanRequest<'_>) -> Result<Planned> {
    if let Some(why) = credentials::certainly_missing(request.root) {
        bail!("{why}");
    }
    make_plan(request, AUTO_LIMIT)
}

fn make_plan(request: &PlanRequest<'_>, limit: Duration) -> Result<Planned> {
    let run = run_of(request, limit)?;
    let facts = run.plan()?;
    let version = facts.terraform_version().unwrap_or_default().to_owned();
    let terraform = Terraform {
        binary: run.binary.name,
        version,
    };
    Ok(Planned {
        facts,
        basis: Basis::Plan,
        terraform: Some(terraform),
        notes: Vec::new(),
    })
}

fn make_mocked_plan(request: &PlanRequest<'_>) -> Result<Planned> {
    let run = run_of(request, ALWAYS_LIMIT)?;
    Ok(match run.mock()? {
        Mocked::Plan {
            facts,
            version,
            note,
        } => Planned {
            facts: *facts,
            basis: Basis::Mock,
            terraform: Some(Terraform {
                binary: run.binary.name,
                version,
            }),
            notes: vec![note],
        },
        Mocked::Refused { why } => source_alone(vec![format!("no mocked plan: {why}")]),
    })
}

fn run_of<'a>(request: &PlanRequest<'a>, limit: Duration) -> Result<Run<'a>> {
    Ok(Run {
        binary: binary::find(request.binary)?,
        root: request.root,
        assignments: request.assignments,
        workspace: request.workspace,
        deadline: Instant::now().checked_add(request.time_limit.unwrap_or(limit)),
        waited: Cell::default(),
        phases: request.phases,
    })
}

/// Reads a plan that someone made: JSON, or the plan file itself. One that is not known here the tool that
/// made it reads.
fn read_file(request: &PlanRequest<'_>, path: &Path) -> Result<Planned> {
    let name = path.display().to_string();
    let bytes = fs::read(path).with_context(|| format!("cannot read {name}"))?;
    let only_shown = if is_archive(&bytes) {
        match Facts::read_file(bytes, &name) {
            Ok(facts) => return Ok(given(facts)),
            Err(error) => error.downcast::<OnlyShown>()?,
        }
    } else if let Some(only_shown) = OnlyShown::for_encryption(&bytes) {
        only_shown
    } else {
        return Ok(given(Facts::read(bytes, &name)?));
    };
    let show = || {
        let tofu = only_shown.by_tofu.then_some(Path::new("tofu"));
        let request = PlanRequest {
            binary: request.binary.or(tofu),
            ..request.clone()
        };
        let run = run_of(&request, ALWAYS_LIMIT)?;
        let json = run.show(&std::path::absolute(path)?, None)?;
        anyhow::Ok((json, run.binary.name))
    };
    let (json, binary) = show().with_context(|| format!("cannot read {name}: {only_shown}"))?;
    let mut planned = given(Facts::read(json, &name)?);
    if let Some(terraform) = &mut planned.terraform {
        terraform.binary = binary;
    }
    Ok(planned)
}

/// Whether a file is a plan file: a zip archive.
fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

fn given(facts: Facts) -> Planned {
    let version = facts.terraform_version().map(str::to_owned);
    let terraform = version.map(|version| Terraform {
        binary: "terraform".into(),
        version,
    });
    Planned {
        facts,
        basis: Basis::PlanFile,
        terraform,
        notes: Vec::new(),
    }
}

/// An error in one line, for a note.
fn in_one_line(error: &anyhow::Error) -> String {
    if let Some(failed) = error.downcast_ref::<TerraformFailed>() {
        return format!("`{}` failed: {}", failed.command, failed.summary());
    }
    let line = format!("{error:#}").lines().collect::<Vec<_>>().join(" ");
    line.trim().to_owned()
}
