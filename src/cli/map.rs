//! `cargo ecs-audit map`: packages and the containers that they are linked to.

use std::fmt::Write as _;

use anyhow::anyhow;
use clap::ArgMatches;

use super::arguments::AuditArgs;
use super::fix::from_source;
use super::output::{Stopped, nothing_found, print, safe};
use super::prepare::{Prepared, prepare};
use super::{progress, scope};
use crate::console::Console;
use crate::exit::Exit;
use crate::links::{Linked, Package, Scope};
use crate::report::Report;
use crate::workspace::name_of;

/// Prints the map, of the source alone where nobody asks for a plan.
pub(super) fn map(
    args: &AuditArgs,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    if !args.sinks.is_empty() {
        let error = anyhow!("`map` has one format");
        return Err(Stopped::usage(&error));
    }
    let prepared = prepare(&from_source(args), matches, console)?;
    let colour = console.messages.colour;
    let scope = match prepared.request.scope.clone() {
        Some(scope) => scope,
        None => std::sync::Arc::new(Scope {
            packages: scope::packages(
                &prepared.workspace,
                &prepared.search,
                &prepared.current,
                colour,
            )?,
            alone: false,
        }),
    };
    let Prepared {
        found, mut request, ..
    } = prepared;
    request.scope = Some(std::sync::Arc::clone(&scope));
    if found.modules.is_empty() {
        print(&mut console.messages, &nothing_found(&found))?;
        print(&mut console.messages, &format!("{}\n", Exit::Nothing))?;
        return Ok(Exit::Nothing);
    }
    let report = progress::audit(&found.modules, &request, args.quiet, console)?;
    let mut text = String::new();
    for package in &scope.packages {
        text.push_str(&of_package(package, &report, &request.workspace));
    }
    if !scope.alone {
        let unlinked: Vec<String> = report
            .links
            .iter()
            .filter(|linked| linked.package.is_none())
            .map(line)
            .collect();
        if !unlinked.is_empty() {
            let _ = write!(text, "of no package\n{}", unlinked.concat());
        }
    }
    print(&mut console.output, &safe(&text))?;
    let mut notes = String::new();
    for root in &report.roots {
        for unread in &root.unread {
            let _ = writeln!(
                notes,
                "note: not read: `{}`: {}",
                unread.part, unread.reason
            );
        }
        if let Some(failure) = &root.failure {
            let _ = writeln!(
                notes,
                "error: `{}` could not be audited: {failure}",
                root.path
            );
        }
    }
    let failed = report.roots.iter().any(|root| root.failure.is_some());
    if failed {
        let _ = writeln!(notes, "{}", Exit::Unfinished);
    }
    print(&mut console.messages, &safe(&notes))?;
    Ok(if failed {
        Exit::Unfinished
    } else {
        Exit::Clean
    })
}

fn of_package(package: &Package, report: &Report, workspace: &std::path::Path) -> String {
    let manifest = name_of(&package.manifest, workspace);
    let linked = report
        .links
        .iter()
        .filter(|linked| linked.package.as_deref() == Some(package.name.as_str()));
    let mut lines: String = linked.map(line).collect();
    if lines.is_empty() {
        lines = "  no container\n".to_owned();
    }
    format!("{} ({manifest})\n{lines}", package.name)
}

fn line(linked: &Linked) -> String {
    format!("  {}\n", scope::described(linked))
}
