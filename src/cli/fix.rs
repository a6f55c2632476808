//! `cargo ecs-audit fix`: writes what the rules propose.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, anyhow};
use clap::ArgMatches;
use similar::TextDiff;

use super::arguments::{AuditArgs, FixArgs};
use super::output::{Stopped, nothing_found, of_none, print, rendering, safe, sinks, tell};
use super::prepare::{Prepared, prepare};
use super::run::of_some;
use crate::audit::{self, PlanSource, Request};
use crate::config::PlanMode;
use crate::console::Console;
use crate::exit::Exit;
use crate::fix::{self, Applicability, Mended, Unwritten};
use crate::git;
use crate::policy::Level;
use crate::report::{self, Report};
use crate::secrecy::Secrets;
use crate::verdict::Outcome;

/// Applies the fixes, and reports what is left.
pub(super) fn fix(
    args: &FixArgs,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let sinks = sinks(&args.audit.sinks).map_err(|error| Stopped::usage(&error))?;
    let Prepared {
        current,
        found,
        request,
        ..
    } = prepare(&from_source(&args.audit), matches, console)?;
    let rendering = rendering(&args.audit);
    if found.modules.is_empty() {
        print(&mut console.messages, &nothing_found(&found))?;
        return tell(&of_none(&found), &sinks, rendering, &current, console);
    }
    if !args.dry_run {
        refuse_what_is_uncommitted(args, &request.workspace)
            .map_err(|error| Stopped::usage(&error))?;
    }
    let (mut report, before) = audit::examine(&found.modules, &request, &[]);
    let mut after = before.clone();
    // A plan is of the source as it was.
    let mut again = Request {
        plan: PlanSource::Run(PlanMode::Never),
        ..request
    };
    let least = if args.maybe_incorrect {
        Applicability::MaybeIncorrect
    } else {
        Applicability::MachineApplicable
    };
    let workspace = again.workspace.clone();
    let mended = fix::mend(&mut report, least, &workspace, |edited| {
        again.edited = edited.clone();
        let (report, secrets) = audit::examine(&found.modules, &again, &[]);
        after = secrets;
        report
    });
    after.mask(&mut report.roots);
    let report = of_some(report, &args.audit, &found, &again);
    if args.dry_run {
        let (diff, is_whole) = diff(&mended, &before, &after);
        print(&mut console.output, &diff)?;
        if !is_whole && !args.audit.quiet {
            let note = "note: what is secret is masked in the diff, which does not apply there\n";
            print(&mut console.messages, note)?;
        }
    } else {
        write(&mended, &workspace, args, console)?;
    }
    for reason in &mended.held_back {
        let text = format!("warning: fixes were held back: with them {reason}\n");
        print(&mut console.messages, &safe(&text))?;
    }
    let left = unsure(&report);
    if left > 0 && !args.maybe_incorrect && !args.audit.quiet {
        let text = match left {
            1 => "note: one more fix is less sure: `--maybe-incorrect` applies it\n".to_owned(),
            _ => {
                format!("note: {left} more fixes are less sure: `--maybe-incorrect` applies them\n")
            }
        };
        print(&mut console.messages, &text)?;
    }
    if !args.audit.quiet {
        print(
            &mut console.messages,
            &unwritten(&report, mended.without_effect),
        )?;
    }
    if args.dry_run {
        print(&mut console.messages, &report::last_line(&report))?;
        return Ok(report.exit());
    }
    tell(&report, &sinks, rendering, &current, console)
}

/// Where nobody asks for a plan, there is none: what is to be written stands in the source.
pub(super) fn from_source(args: &AuditArgs) -> AuditArgs {
    let mut args = args.clone();
    if args.plan_file.is_none() {
        args.plan.get_or_insert(PlanMode::Never);
    }
    args
}

fn write(
    mended: &Mended,
    workspace: &Path,
    args: &FixArgs,
    console: &mut Console<'_>,
) -> Result<(), Stopped> {
    for (name, text) in &mended.texts {
        fix::replace(&workspace.join(&**name), &text.before, &text.after)
            .map_err(|error| Stopped::unfinished(&error))?;
        if !args.audit.quiet {
            let fixes = match text.fixes {
                1 => "1 fix".to_owned(),
                count => format!("{count} fixes"),
            };
            let line = format!("       Fixed {name} ({fixes})\n");
            print(&mut console.messages, &safe(&line))?;
        }
    }
    Ok(())
}

/// What fails and has no fix, and why: empty where there is nothing of that kind.
fn unwritten(report: &Report, without_effect: usize) -> String {
    let judged = report.roots.iter().flat_map(|root| &root.verdicts);
    let mut open = 0;
    let mut reasons: BTreeMap<Unwritten, usize> = BTreeMap::new();
    for judged in judged.filter(|judged| judged.is_told() && judged.level != Level::Allow) {
        match judged.unwritten {
            Some(why) => *reasons.entry(why).or_default() += 1,
            None if judged.outcome == Outcome::Fail && judged.fix.is_none() => open += 1,
            None => {}
        }
    }
    let mut parts = Vec::new();
    if open > 0 {
        parts.push(format!("{open} for a person to decide"));
    }
    parts.extend(reasons.iter().map(|(why, count)| {
        let why = match why {
            Unwritten::Installed => "in installed modules",
            Unwritten::Computed => "computed by an expression",
            Unwritten::Refused => "where the `validation` of a variable refuses the value",
            Unwritten::Elsewhere => "not in the source of the workspace",
        };
        format!("{count} {why}")
    }));
    if without_effect > 0 {
        parts.push(format!("{without_effect} where the fix would not help"));
    }
    match parts.as_slice() {
        [] => String::new(),
        parts => format!("note: without a fix: {}\n", parts.join(", ")),
    }
}

/// How many fixes are left that a person should look at first.
fn unsure(report: &Report) -> usize {
    let judged = report.roots.iter().flat_map(|root| &root.verdicts);
    let told = judged.filter(|judged| judged.is_told() && judged.level != Level::Allow);
    let fixes = told.filter_map(|judged| judged.fix.as_ref());
    fixes
        .filter(|fix| fix.applicability == Applicability::MaybeIncorrect)
        .count()
}

/// What would be written, as a unified diff without the secrets in it, and whether there are none.
fn diff(mended: &Mended, before: &Secrets, after: &Secrets) -> (String, bool) {
    let mut text = String::new();
    let mut is_whole = true;
    for (name, mended) in &mended.texts {
        let was = before.masked(name, &mended.before);
        let will_be = after.masked(name, &mended.after);
        let name = safe(name);
        let hunks = |was: &str, will_be: &str| {
            TextDiff::from_lines(was, will_be)
                .unified_diff()
                .header(&format!("a/{name}"), &format!("b/{name}"))
                .to_string()
        };
        let masked = hunks(&was, &will_be);
        is_whole &= masked == hunks(&mended.before, &mended.after);
        text.push_str(&report::safe_patch(&masked));
    }
    (text, is_whole)
}

/// Refuses to write where a person could not tell what was written from what was there.
fn refuse_what_is_uncommitted(args: &FixArgs, workspace: &Path) -> Result<()> {
    let Some(changes) = git::changes(workspace)? else {
        return if args.allow_no_vcs {
            Ok(())
        } else {
            Err(anyhow!(
                "the workspace is in no Git repository, where what `fix` does could be undone; \
                 `--allow-no-vcs` does it all the same"
            ))
        };
    };
    let refused: Vec<String> = changes
        .iter()
        .filter(|change| !(args.allow_dirty || args.allow_staged && change.staged))
        .map(|change| {
            let state = if change.staged { "staged" } else { "dirty" };
            format!("  * {} ({state})", change.path)
        })
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(anyhow!(
        "the workspace has uncommitted changes, from which those of `fix` could not be told; commit them, \
         or write `--allow-dirty` (or `--allow-staged`, where all of them are staged)\n\n{}\n",
        refused.join("\n")
    ))
}
