//! Where reports and messages go, and how a run ends that has no report.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use super::arguments::{AuditArgs, Format, FormatKind};
use crate::console::{Console, Stream};
use crate::exit::Exit;
use crate::report::{self, Detail, Human, Report};
use crate::roots::Found;

/// Why a run ends before there is a report: what to print before the last line.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Stopped {
    pub(super) fn usage(error: &anyhow::Error) -> Self {
        Stopped {
            exit: Exit::Usage,
            message: format!("error: {}\n", safe(&format!("{error:#}"))),
        }
    }

    pub(super) fn unfinished(error: &anyhow::Error) -> Self {
        Stopped {
            exit: Exit::Unfinished,
            ..Stopped::usage(error)
        }
    }
}

pub(super) fn safe(text: &str) -> String {
    report::safe_for_terminal(text)
}

pub(super) fn print(stream: &mut Stream<'_>, text: &str) -> Result<(), Stopped> {
    stream
        .write(text)
        .context("cannot write")
        .map_err(|error| Stopped::unfinished(&error))
}

/// The report where no root module is audited.
pub(super) fn of_none(found: &Found) -> Report {
    let names = found.unchanged.iter().map(|module| module.name.as_str());
    Report {
        unchanged: names.map(Arc::from).collect(),
        ..Report::default()
    }
}

/// How much of the report is shown.
pub(super) fn detail(args: &AuditArgs) -> Detail {
    match (args.quiet, args.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Usual,
    }
}

/// What was looked at, where there is no root module.
pub(super) fn nothing_found(found: &Found) -> String {
    let Found {
        searched,
        directories,
        unchanged,
        ..
    } = found;
    if !unchanged.is_empty() {
        return String::new();
    }
    let what = match directories {
        0 => format!("there are no Terraform files in {searched}"),
        1 => format!(
            "in {searched} there is one directory with Terraform files, and it is no root module"
        ),
        count => format!(
            "in {searched} there are {count} directories with Terraform files, and none is a root module"
        ),
    };
    format!(
        "error: {}; name the root modules on the command line, or as `roots` in \
         `[workspace.metadata.ecs-audit]`\n",
        safe(&what)
    )
}

/// Which reports go where. Standard output takes one; the report for a person gives way to one for
/// machines and goes to standard error.
pub(super) fn sinks(formats: &[Format]) -> Result<Vec<Format>> {
    let to_output = formats
        .iter()
        .filter(|format| format.file.is_none() && format.kind != FormatKind::Human)
        .count();
    if to_output > 1 {
        bail!(
            "`--format json` is given twice for standard output; write `--format json=FILE` for one"
        );
    }
    let human = Format {
        kind: FormatKind::Human,
        file: None,
    };
    // A report that goes to a file alone leaves the person who waits without one.
    if formats.iter().all(|format| format.file.is_some()) {
        return Ok(formats.iter().cloned().chain([human]).collect());
    }
    Ok(formats.to_vec())
}

pub(super) fn tell(
    report: &Report,
    sinks: &[Format],
    detail: Detail,
    current: &Path,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let taken = sinks
        .iter()
        .any(|sink| sink.file.is_none() && sink.kind != FormatKind::Human);
    let mut told = false;
    for Format { kind, file } in sinks {
        let to_stream = if taken {
            &mut console.messages
        } else {
            &mut console.output
        };
        match (kind, file) {
            (FormatKind::Human, None) => {
                let options = Human {
                    colour: to_stream.colour,
                    detail,
                };
                print(to_stream, &report::human(report, &options))?;
                told = true;
            }
            (FormatKind::Human, Some(file)) => {
                let options = Human {
                    colour: false,
                    detail,
                };
                write_file(&current.join(file), &report::human(report, &options))?;
            }
            (FormatKind::Json, None) => print(&mut console.output, &report::json(report))?,
            (FormatKind::Json, Some(file)) => {
                write_file(&current.join(file), &report::json(report))?;
            }
        }
    }
    if !told {
        print(&mut console.messages, &report::last_line(report))?;
    }
    Ok(report.exit())
}

fn write_file(path: &Path, text: &str) -> Result<(), Stopped> {
    std::fs::write(path, text)
        .with_context(|| format!("cannot write the report to `{}`", path.display()))
        .map_err(|error| Stopped::unfinished(&error))
}
