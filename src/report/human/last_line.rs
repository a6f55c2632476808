//! The last line of a run.

use super::root::skipped;
use crate::exit::Exit;
use crate::report::terminal;
use crate::report::{Report, RootReport};

/// The last line: the exit code, why it is that, and the counts.
#[must_use]
pub fn last_line(report: &Report) -> String {
    let summary = report.summary();
    let mut counts: Vec<String> = Vec::new();
    for (count, what) in [
        (summary.denied, "denied"),
        (summary.warned, "warned of"),
        (summary.allowed, "allowed"),
    ] {
        if count > 0 {
            counts.push(format!("{count} {what}"));
        }
    }
    if summary.unread > 0 {
        counts.push(format!("{} not read", summary.unread));
    }
    counts.push(format!("{} passed", summary.verdicts.pass));
    for (count, what) in [
        (summary.verdicts.waived - summary.known, "waived"),
        (summary.known, "known"),
    ] {
        if count > 0 {
            counts.push(format!("{count} {what}"));
        }
    }
    if summary.verdicts.not_applicable > 0 {
        counts.push(format!(
            "{} not applicable",
            summary.verdicts.not_applicable
        ));
    }
    if !report.unchanged.is_empty() {
        counts.push(format!("{} unchanged", report.unchanged.len()));
    }
    let counts = counts.join(", ");
    let exit = report.exit();
    match exit {
        Exit::Unfinished => {
            let failed = report.roots.iter().filter(|root| root.failure.is_some());
            let names: Vec<String> = failed
                .map(|root| format!("`{}`", terminal::line(&root.path)))
                .collect();
            format!("{exit} with {}; {counts}\n", names.join(", "))
        }
        Exit::Nothing if report.roots.is_empty() => format!("{exit}\n"),
        Exit::Nothing => {
            let skips = report.roots.iter().filter(|root| root.skipped);
            let (first, more) = (skips.clone().next(), skips.count().saturating_sub(1));
            let skips = first.map(|root| match more {
                0 => skipped(root),
                more => format!("{}; and {more} more", skipped(root)),
            });
            let audited: Vec<&RootReport> =
                report.roots.iter().filter(|root| !root.skipped).collect();
            if let (Some(skips), true) = (&skips, audited.is_empty()) {
                return format!("{exit}; {skips}\n");
            }
            let resources: usize = audited.iter().map(|root| root.instances).sum();
            let names: Vec<String> = audited
                .iter()
                .map(|root| format!("`{}`", terminal::line(&root.path)))
                .collect();
            let of = names.join(", ");
            let mut unread = match summary.unread {
                0 => String::new(),
                count => format!("; {count} not read"),
            };
            if let Some(skips) = &skips {
                unread = format!("; {skips}");
            }
            let resources = match resources {
                1 => "the one resource".to_owned(),
                count => format!("the {count} resources"),
            };
            format!("{exit}; no rule has anything to say of {resources} of {of}{unread}\n")
        }
        _ => format!("{exit}; {counts}\n"),
    }
}
