//! Where reports and messages go, and how a run ends that has no report.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};

use super::arguments::{AuditArgs, Sink};
use crate::console::{Console, Stream};
use crate::exit::Exit;
use crate::report::{self, Detail, Format, Rendering, Report};
use crate::roots::Found;
use crate::waiver;

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
pub(super) fn rendering(args: &AuditArgs) -> Rendering {
    Rendering {
        detail: match (args.quiet, args.verbose) {
            (true, _) => Detail::Quiet,
            (_, true) => Detail::Verbose,
            _ => Detail::Usual,
        },
        passes: args.show_passes,
        now: waiver::now(),
        ..Rendering::default()
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
pub(super) fn sinks(given: &[Sink]) -> Result<Vec<Sink>> {
    let mut to_output = given.iter().filter(|sink| takes_output(sink));
    if let (Some(first), Some(second)) = (to_output.next(), to_output.next()) {
        let (first, second) = (first.format.name(), second.format.name());
        bail!(
            "`--format {first}` and `--format {second}` both go to standard output; write \
             `--format {second}=FILE` for one"
        );
    }
    let mut sinks = given.to_vec();
    // A report that goes to a file alone leaves the person who waits without one.
    if given.iter().all(|sink| sink.file.is_some()) {
        sinks.push(Sink {
            format: Format::Human,
            file: None,
        });
    }
    Ok(sinks)
}

pub(super) fn takes_output(sink: &Sink) -> bool {
    sink.file.is_none() && sink.format != Format::Human
}

pub(super) fn tell(
    report: &Report,
    sinks: &[Sink],
    rendering: Rendering,
    current: &Path,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let last_line = report::last_line(report);
    tell_with(report, &last_line, sinks, rendering, current, console)
}

/// The same with something else in the place of the last line.
pub(super) fn tell_with(
    report: &Report,
    last: &str,
    sinks: &[Sink],
    rendering: Rendering,
    current: &Path,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let last_line = report::last_line(report);
    let taken = sinks.iter().any(takes_output);
    let mut told = false;
    if sinks.iter().any(|sink| sink.format == Format::Github) {
        add_summary(report, &rendering)?;
    }
    for Sink { format, file } in sinks {
        if let Some(file) = file {
            write_file(&current.join(file), &format.render(report, &rendering))?;
            continue;
        }
        let stream = match format {
            Format::Human if taken => &mut console.messages,
            _ => &mut console.output,
        };
        told |= *format == Format::Human;
        let rendering = Rendering {
            colour: stream.colour,
            ..rendering
        };
        let text = format.render(report, &rendering);
        match text.strip_suffix(&last_line) {
            Some(text) if *format == Format::Human => print(stream, &format!("{text}{last}"))?,
            _ => print(stream, &text)?,
        }
    }
    if !told {
        print(&mut console.messages, last)?;
    }
    Ok(report.exit())
}

/// What GitHub calls the file that takes the summary of a step.
const SUMMARY_FILE: &str = "GITHUB_STEP_SUMMARY";

/// Adds the summary to what the step has said already, where the environment names the file.
fn add_summary(report: &Report, rendering: &Rendering) -> Result<(), Stopped> {
    let Some(path) = std::env::var_os(SUMMARY_FILE).filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let path = Path::new(&path);
    let said = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    let said = usize::try_from(said).unwrap_or(usize::MAX);
    // GitHub shows nothing of a longer one.
    let room = report::STEP_SUMMARY.saturating_sub(said);
    let summary = report::markdown(report, rendering, room);
    if summary.len() > room {
        return Ok(());
    }
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(summary.as_bytes()))
        .with_context(|| format!("cannot write the summary to `{}`", path.display()))
        .map_err(|error| Stopped::unfinished(&error))
}

pub(super) fn write_file(path: &Path, text: &str) -> Result<(), Stopped> {
    std::fs::write(path, text)
        .with_context(|| format!("cannot write the report to `{}`", path.display()))
        .map_err(|error| Stopped::unfinished(&error))
}
