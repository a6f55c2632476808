//! `cargo ecs-audit checklist`: what a release is signed on.

use anyhow::{Context as _, Result, bail};
use clap::ArgMatches;

use super::arguments::{ChecklistArgs, Sink};
use super::output::{Stopped, print, write_file};
use super::prepare::prepare;
use super::run::report;
use crate::audit::PlanSource;
use crate::checklist::{Checklist, Provenance};
use crate::console::Console;
use crate::exit::Exit;
use crate::report::{self, Basis, CHECKLIST_FORMATS, Report};

/// Audits, and writes the checklist.
pub(super) fn checklist(
    args: &ChecklistArgs,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let sinks = sinks(&args.audit.sinks).map_err(|error| Stopped::usage(&error))?;
    let prepared = prepare(&args.audit, matches, console)?;
    let mut report = report(&args.audit, &prepared, console)?;
    if args.require_plan {
        require_plan(&mut report);
    }
    let plan_file = match &prepared.request.plan {
        PlanSource::File(path) => Some(path.as_path()),
        PlanSource::Run(_) | PlanSource::Remembered(_) | PlanSource::StandardInput => None,
    };
    let workspace = &prepared.request.workspace;
    let provenance = Provenance::gather(workspace, &prepared.found.modules, plan_file)
        .context("cannot tell what was audited")
        .map_err(|error| Stopped::unfinished(&error))?;
    let checklist = Checklist::new(&report, &provenance, &prepared.request.only);
    for Sink { format, file } in &sinks {
        let text = report::checklist(*format, &checklist);
        match file {
            Some(file) => write_file(&prepared.current.join(file), &text)?,
            None => print(&mut console.output, &text)?,
        }
    }
    print(&mut console.messages, &report::last_line(&report))?;
    Ok(report.exit())
}

/// Which checklists go where: to standard output where nothing is said.
fn sinks(given: &[Sink]) -> Result<Vec<Sink>> {
    if let Some(sink) = given
        .iter()
        .find(|sink| !CHECKLIST_FORMATS.contains(&sink.format))
    {
        let known = CHECKLIST_FORMATS.map(|format| format!("`{}`", format.name()));
        bail!(
            "a checklist is {}, and no `{}`",
            known.join(", "),
            sink.format.name()
        );
    }
    if given.iter().filter(|sink| sink.file.is_none()).count() > 1 {
        bail!("two checklists go to standard output; write `--format FORMAT=FILE` for one");
    }
    if given.is_empty() {
        return Ok(vec![Sink {
            format: CHECKLIST_FORMATS[0],
            file: None,
        }]);
    }
    Ok(given.to_vec())
}

/// Leaves unfinished what no plan was made of.
fn require_plan(report: &mut Report) {
    for root in &mut report.roots {
        let how = match root.basis {
            _ if root.skipped => "it was not audited",
            Basis::Plan | Basis::PlanFile => continue,
            Basis::Mock => "it was audited from the source and a mocked plan",
            Basis::Source => "it was audited from the source alone",
        };
        let why = || format!("{how}, and `--require-plan` wants a plan of it");
        root.failure.get_or_insert_with(why);
    }
}
