//! `cargo ecs-audit test`: the workspace's tests and the audit, side by side.
//!
//! The tests write as they go, since people watch them; the report comes when both have ended, and after it
//! one summary. A harness among the tests takes what this audit found and does not audit again.

use std::ffi::OsString;
use std::process::ExitStatus;
use std::thread;

use anyhow::{Context as _, Result, anyhow};
use clap::ArgMatches;

use super::arguments::{AuditArgs, TestArgs, cargo_options};
use super::output::{
    Stopped, nothing_found, of_none, print, rendering, sinks, takes_output, tell_with,
};
use super::prepare::{Prepared, prepare};
use super::run::of_some;
use super::scope;
use crate::audit;
use crate::cargo::Runner;
use crate::console::Console;
use crate::exit::Exit;
use crate::remembered::{Run, VARIABLE};
use crate::report::{self, Report};
use crate::testing;

/// Runs the tests and the audit.
pub(super) fn test(
    args: &TestArgs,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let sinks = sinks(&args.audit.sinks).map_err(|error| Stopped::usage(&error))?;
    if let Some(sink) = sinks.iter().find(|sink| takes_output(sink)) {
        let name = sink.format.name();
        let error = anyhow!(
            "the tests write to standard output: write `--format {name}=FILE` for the report"
        );
        return Err(Stopped::usage(&error));
    }
    let Prepared {
        current,
        found,
        request,
        ..
    } = prepare(&args.audit, matches, console)?;
    let runner = Runner::of(&request.workspace);
    let arguments = arguments(args);
    let run = is_whole(&args.audit)
        .then(|| request.memory.as_ref().map(Run::begin))
        .flatten();
    // The harness waits for this audit, if it comes sooner.
    let turn = run.as_ref().and_then(Run::turn);
    let variables: Vec<(&str, OsString)> = match (&run, &turn) {
        (Some(run), Some(_)) => vec![(VARIABLE, run.file().as_os_str().to_owned())],
        _ => Vec::new(),
    };
    let (tests, report) = thread::scope(|scope| {
        let tests = || runner.run(&arguments, &variables);
        let beside = thread::Builder::new().spawn_scoped(scope, tests);
        let report = if found.modules.is_empty() {
            of_none(&found)
        } else {
            let report = audit::audit(&found.modules, &request);
            of_some(report, &args.audit, &found, &request)
        };
        if let (Some(run), Some(turn)) = (&run, turn) {
            run.tell(&testing::states(&report));
            drop(turn);
        }
        let tests = match beside {
            Ok(beside) => beside
                .join()
                .unwrap_or_else(|_| Err(anyhow!("what ran the tests failed"))),
            Err(error) => Err(error).context("the system gave no thread to run the tests in"),
        };
        (tests, report)
    });
    if found.modules.is_empty() {
        print(&mut console.messages, &nothing_found(&found))?;
    }
    let ended = Ended {
        runner,
        tests,
        audit: report.exit(),
    };
    if !args.audit.quiet {
        scope::tell(&report, console)?;
    }
    let summary = ended.summary(&report);
    tell_with(
        &report,
        &summary,
        &sinks,
        rendering(&args.audit),
        &current,
        console,
    )?;
    Ok(ended.exit())
}

/// What is passed on to Cargo.
fn arguments(args: &TestArgs) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = cargo_options(&args.audit)
        .into_iter()
        .map(OsString::from)
        .collect();
    if let Some(manifest) = &args.audit.manifest_path {
        arguments.extend(["--manifest-path".into(), manifest.into()]);
    }
    for package in &args.audit.packages {
        arguments.extend(["--package".into(), package.into()]);
    }
    arguments.extend(args.arguments.iter().cloned());
    arguments
}

/// Whether the audit is the one that a harness would make: of everything, by the manifest's own levels.
fn is_whole(args: &AuditArgs) -> bool {
    let AuditArgs {
        roots,
        since,
        packages,
        plan_file,
        vars,
        var_files,
        workspace,
        allow,
        warn,
        deny,
        only,
        no_waivers,
        ..
    } = args;
    let lists = [vars, allow, warn, deny, only, packages];
    roots.is_empty()
        && since.is_none()
        && plan_file.is_none()
        && var_files.is_empty()
        && workspace.is_none()
        && lists.iter().all(|list| list.is_empty())
        && !no_waivers
}

/// How both ended.
struct Ended {
    runner: Runner,
    tests: Result<ExitStatus>,
    audit: Exit,
}

impl Ended {
    /// What could not finish comes first, then what failed, then that there was nothing to audit.
    fn exit(&self) -> Exit {
        match (&self.tests, self.audit) {
            (Err(_), _) | (_, Exit::Unfinished) => Exit::Unfinished,
            (Ok(status), _) if status.code().is_none() => Exit::Unfinished,
            (Ok(status), _) if !status.success() => Exit::Denied,
            (Ok(_), audit) => audit,
        }
    }

    /// The last lines: how the tests ended, how the audit did, and the exit code of both.
    fn summary(&self, report: &Report) -> String {
        let name = self.runner.name();
        let tests = match &self.tests {
            Ok(status) if status.success() => format!("passed (`{name}`)"),
            Ok(status) => match status.code() {
                Some(code) => format!("failed (`{name}` ended with exit code {code})"),
                None => format!("`{name}` was ended by a signal"),
            },
            Err(error) => format!("`{name}` did not end: {error:#}"),
        };
        let audit = report::last_line(report);
        // The exit code is one of both together.
        let audit = audit
            .strip_prefix(&format!("exit code {}: ", self.audit.code()))
            .unwrap_or(&audit);
        let exit = self.exit();
        let why = match (&self.tests, self.audit) {
            (Ok(status), Exit::Denied) if status.code().is_some() && !status.success() => {
                "tests failed, and something is denied"
            }
            (Ok(_), _) if exit == Exit::Denied && self.audit != Exit::Denied => "tests failed",
            (Ok(_), Exit::Clean) if exit == Exit::Clean => "tests passed, and nothing is denied",
            _ => exit.meaning(),
        };
        let text = format!(
            "tests: {tests}\naudit: {audit}exit code {}: {why}\n",
            exit.code()
        );
        report::safe_for_terminal(&text)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    fn exit(status: i32, audit: Exit) -> Exit {
        let ended = Ended {
            runner: Runner::Cargo,
            tests: Ok(ExitStatus::from_raw(status)),
            audit,
        };
        ended.exit()
    }

    #[test]
    fn one_exit_code_stands_for_both() {
        let failed = 101 << 8;
        assert_eq!(exit(0, Exit::Clean), Exit::Clean);
        assert_eq!(exit(failed, Exit::Clean), Exit::Denied);
        assert_eq!(exit(0, Exit::Denied), Exit::Denied);
        assert_eq!(exit(0, Exit::Nothing), Exit::Nothing);
        assert_eq!(exit(failed, Exit::Nothing), Exit::Denied);
        assert_eq!(exit(failed, Exit::Unfinished), Exit::Unfinished);
        assert_eq!(exit(9, Exit::Clean), Exit::Unfinished);
    }
}
