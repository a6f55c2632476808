//! From the command line to an exit code.

use std::ffi::OsString;
use std::time::Instant;

use anyhow::Result;
use clap::{ArgMatches, ColorChoice, CommandFactory as _, FromArgMatches as _};

use super::arguments::rules_named;
use super::arguments::{AuditArgs, Cli, Command};
use super::output::{
    Stopped, nothing_found, of_none, print, rendering, safe, sinks, takes_output, tell,
};
use super::prepare::{Prepared, prepare};
use super::{baseline, checklist, fix, init, map, progress, scope, slow, test, waive};
use crate::audit::Request;
use crate::console::Console;
use crate::exit::Exit;
use crate::git;
use crate::report::{self, Paper, Report};
use crate::roots::Found;
use crate::rules::RULES;

/// Runs the command line, and gives the exit code that the process should end with.
///
/// The first argument is the program; a second one that is `ecs-audit` is Cargo's way to call a
/// subcommand and is passed over.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> Exit {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments
        .get(1)
        .is_some_and(|argument| argument == "ecs-audit")
    {
        arguments.remove(1);
    }
    let matches = match Cli::command().try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(&error, console),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, console),
    };
    for stream in [&mut console.output, &mut console.messages] {
        stream.colour = match cli.color {
            ColorChoice::Always => true,
            ColorChoice::Auto => stream.colour,
            ColorChoice::Never => false,
        };
    }
    let ended = match &cli.command {
        Some(Command::Explain { rule }) => explain(rule.as_deref(), console),
        Some(Command::Fix(args)) => {
            let matches = matches.subcommand_matches("fix").unwrap_or(&matches);
            fix::fix(args, matches, console)
        }
        Some(Command::Init(args)) => init::init(args, console),
        Some(Command::Checklist(args)) => {
            let matches = matches.subcommand_matches("checklist").unwrap_or(&matches);
            checklist::checklist(args, matches, console)
        }
        Some(Command::Waive(args)) => waive::waive(args, console),
        Some(Command::Baseline(args)) => {
            let matches = matches.subcommand_matches("baseline").unwrap_or(&matches);
            baseline::baseline(args, matches, console)
        }
        Some(Command::Test(args)) => {
            let matches = matches.subcommand_matches("test").unwrap_or(&matches);
            test::test(args, matches, console)
        }
        Some(Command::Map(args)) => {
            let matches = matches.subcommand_matches("map").unwrap_or(&matches);
            map::map(args, matches, console)
        }
        None => audit(&cli.audit, &matches, console),
    };
    ended.unwrap_or_else(|Stopped { exit, message }| {
        let text = format!("{}{exit}\n", message);
        // Where nothing more can be written, the exit code is all that is left to say.
        let _ = console.messages.write(&text);
        exit
    })
}

/// What can be written on the command line, for those who make completions and manuals of it.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

fn usage(error: &clap::Error, console: &mut Console<'_>) -> Exit {
    let stream = if error.use_stderr() {
        &mut console.messages
    } else {
        &mut console.output
    };
    let rendered = error.render();
    let text = if stream.colour {
        rendered.ansi().to_string()
    } else {
        safe(&rendered.to_string())
    };
    let exit = if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Clean
    };
    let _ = stream.write(&text);
    if exit != Exit::Clean {
        let _ = stream.write(&format!("\n{exit}\n"));
    }
    exit
}

fn explain(rule: Option<&str>, console: &mut Console<'_>) -> Result<Exit, Stopped> {
    let paper = Paper {
        colour: console.output.colour,
        width: console.output.width,
    };
    let named = match rule {
        Some(name) => rules_named(name).map_err(|error| Stopped::usage(&error))?,
        None => RULES.to_vec(),
    };
    let text = match named.as_slice() {
        [rule] => report::explain(rule, paper),
        rules => report::list(rules, paper),
    };
    print(&mut console.output, &text)?;
    Ok(Exit::Clean)
}

fn audit(
    args: &AuditArgs,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let sinks = sinks(&args.sinks).map_err(|error| Stopped::usage(&error))?;
    let prepared = prepare(args, matches, console)?;
    let report = report(args, &prepared, console)?;
    let exit = tell(&report, &sinks, rendering(args), &prepared.current, console)?;
    let Prepared {
        found, workspace, ..
    } = &prepared;
    let for_a_person = !args.quiet && !sinks.iter().any(takes_output) && !progress::in_ci();
    let whole = args.roots.is_empty() && args.packages.is_empty() && args.plan_file.is_none();
    let is_new = !found.modules.is_empty() && !crate::init::is_set_up(workspace);
    if for_a_person && whole && is_new {
        print(&mut console.messages, &init::first_run(found))?;
    }
    Ok(exit)
}

/// Audits what was prepared, and says what a person should know before the report.
pub(super) fn report(
    args: &AuditArgs,
    prepared: &Prepared,
    console: &mut Console<'_>,
) -> Result<Report, Stopped> {
    let Prepared { found, request, .. } = prepared;
    if found.modules.is_empty() {
        print(&mut console.messages, &nothing_found(found))?;
        return Ok(of_none(found));
    }
    let begun = Instant::now();
    let report = progress::audit(&found.modules, request, args.quiet, console)?;
    let took = begun.elapsed();
    let report = of_some(report, args, found, request);
    scope::check(args, request.scope.as_deref(), &report, &request.workspace)?;
    if !args.quiet {
        scope::tell(&report, console)?;
        let hint = slow::hint(&report, request, took).unwrap_or_default();
        print(&mut console.messages, &hint)?;
    }
    Ok(report)
}

/// The report with what it leaves out.
pub(super) fn of_some(
    report: Report,
    args: &AuditArgs,
    found: &Found,
    request: &Request,
) -> Report {
    Report {
        unchanged: of_none(found).unchanged,
        partial: !args.roots.is_empty()
            || !found.unchanged.is_empty()
            || request.scope.as_ref().is_some_and(|scope| scope.alone),
        directory: git::directory_in_repository(&request.workspace),
        ..report
    }
}
