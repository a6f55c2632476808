//! `-p`: which packages are wanted, and what is linked to them.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Result, anyhow};

use super::arguments::AuditArgs;
use super::output::{Stopped, print, safe};
use crate::console::Console;
use crate::did_you_mean::did_you_mean;
use crate::exit::Exit;
use crate::links::{How, Linked, Package, Scope};
use crate::report::{self, Report};
use crate::waiver::is_like;
use crate::workspace::{PackagesError, Search, Workspace, name_of};

/// How many of a list are shown.
const SHOWN: usize = 10;

/// The packages of a workspace.
pub(super) fn packages(
    workspace: &Workspace,
    search: &Search,
    current: &Path,
    colour: bool,
) -> Result<Vec<Package>, Stopped> {
    workspace.packages(search).map_err(|error| match error {
        PackagesError::Cargo(error) => Stopped::usage(&error),
        PackagesError::Links {
            manifest,
            text,
            errors,
        } => {
            let file = manifest.strip_prefix(current).unwrap_or(&manifest);
            let file = file.display().to_string();
            Stopped {
                exit: Exit::Usage,
                message: report::config_errors(&file, &text, &errors, colour),
            }
        }
    })
}

/// Those of the packages that are asked for.
pub(super) fn wanted(packages: Vec<Package>, asked: &[String]) -> Result<Scope> {
    for name in asked {
        if !packages.iter().any(|package| is_like(&package.name, name)) {
            let names = packages.iter().map(|package| package.name.as_str());
            let meant = did_you_mean(name, names).map_or_else(
                || "; `cargo ecs-audit map` lists the packages".to_owned(),
                |meant| format!("; did you mean `{meant}`?"),
            );
            return Err(anyhow!("no package of the workspace is `{name}`{meant}"));
        }
    }
    let is_wanted = |package: &Package| asked.iter().any(|name| is_like(&package.name, name));
    Ok(Scope {
        packages: packages.into_iter().filter(is_wanted).collect(),
        alone: true,
    })
}

/// That a package that is asked for is linked to no container, where all that it could be linked to was looked
/// at.
pub(super) fn check(
    args: &AuditArgs,
    scope: Option<&Scope>,
    report: &Report,
    workspace: &Path,
) -> Result<(), Stopped> {
    let Some(scope) = scope else {
        return Ok(());
    };
    if report.roots.is_empty() || report.roots.iter().any(|root| root.failure.is_some()) {
        return Ok(());
    }
    for name in &args.packages {
        let named = scope
            .packages
            .iter()
            .filter(|package| is_like(&package.name, name));
        let unlinked: Vec<&Package> = named
            .clone()
            .filter(|one| !is_linked(one, report))
            .collect();
        // Of several that a pattern stands for, some need not run in a container.
        if let (Some(first), true) = (unlinked.first(), unlinked.len() == named.count()) {
            let error = anyhow!("{}", unlinked_message(first, report, workspace));
            return Err(Stopped::usage(&error));
        }
    }
    Ok(())
}

fn is_linked(package: &Package, report: &Report) -> bool {
    let mut links = report.links.iter();
    links.any(|linked| linked.package.as_deref() == Some(&package.name))
}

fn unlinked_message(package: &Package, report: &Report, workspace: &Path) -> String {
    let manifest = name_of(&package.manifest, workspace);
    let name = &package.name;
    let mut names: Vec<&str> = report
        .links
        .iter()
        .map(|linked| linked.container.as_ref())
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut text = match package.links.as_slice() {
        [] => format!(
            "no container is linked to the package `{name}`: none has its name, and \
             `[package.metadata.ecs-audit]` in `{manifest}` names none"
        ),
        _ => format!(
            "no container is linked to the package `{name}`: none is as \
             `[package.metadata.ecs-audit]` in `{manifest}` says"
        ),
    };
    let meant = package
        .links
        .iter()
        .filter_map(|link| link.container.as_deref());
    let meant = meant
        .chain([name.as_str()])
        .find_map(|written| near(written, &names));
    match (package.links.is_empty(), meant) {
        _ if names.is_empty() => text.push_str("; no container is known"),
        (true, meant) => {
            let example = meant.unwrap_or("…");
            let _ = write!(text, "\nhelp: write `container = \"{example}\"` there");
        }
        (false, Some(meant)) => {
            let _ = write!(text, "\nhelp: did you mean `{meant}`?");
        }
        (false, None) => {}
    }
    if !names.is_empty() {
        let listed = names.iter().take(SHOWN).map(|name| format!("`{name}`"));
        let _ = write!(
            text,
            "\nnote: the containers are {}",
            listed.collect::<Vec<_>>().join(", ")
        );
        if let more @ 1.. = names.len().saturating_sub(SHOWN) {
            let _ = write!(text, " and {more} more");
        }
    }
    let unread = report.summary().unread;
    if unread > 0 {
        let _ = write!(
            text,
            "\nnote: {unread} not read, in which there may be others"
        );
    }
    text
}

/// The container's name that is like another: one that is near, or a part of it.
fn near<'a>(written: &str, names: &[&'a str]) -> Option<&'a str> {
    let part = |name: &&&str| name.contains(written) || written.contains(**name);
    did_you_mean(written, names.iter().copied()).or_else(|| names.iter().find(part).copied())
}

/// Says which containers the packages are linked to.
pub(super) fn tell(report: &Report, console: &mut Console<'_>) -> Result<(), Stopped> {
    let linked: Vec<&Linked> = report
        .links
        .iter()
        .filter(|linked| linked.package.is_some())
        .collect();
    let mut text = String::new();
    for one in linked.iter().take(SHOWN) {
        let package = one.package.as_deref().unwrap_or_default();
        let _ = writeln!(text, "      Linked `{package}` to {}", described(one));
    }
    if let more @ 1.. = linked.len().saturating_sub(SHOWN) {
        let _ = writeln!(
            text,
            "      Linked {more} more; `cargo ecs-audit map` lists them"
        );
    }
    print(&mut console.messages, &safe(&text))
}

/// A container and how it is linked, in words.
pub(super) fn described(linked: &Linked) -> String {
    let Linked {
        how,
        root,
        address,
        container,
        ..
    } = linked;
    let how = match how {
        How::Not => String::new(),
        how => format!(", {}", how.name()),
    };
    let container = if container.is_empty() { "?" } else { container };
    format!("container `{container}` of `{address}` in `{root}`{how}")
}
