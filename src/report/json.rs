//! The report for machines, schema version 1.

use serde::Serialize;

use super::{Judged, Location, Report, RootReport, json_text};
use crate::fix::Applicability;

/// The version of the schema: it changes when a reader of the old one would misread the new one.
const SCHEMA_VERSION: u32 = 1;

/// Renders the report; the text ends with a line break.
#[must_use]
pub fn json(report: &Report) -> String {
    let wire = Wire::of(report);
    json_text::pretty(&wire)
}

#[derive(Serialize)]
struct Wire<'a> {
    schema_version: u32,
    tool: Tool,
    roots: Vec<Root<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Root<'a> {
    path: &'a str,
    basis: &'static str,
    terraform: Option<Terraform<'a>>,
    notes: Vec<String>,
    not_audited: Vec<NotAudited<'a>>,
    verdicts: Vec<Verdict<'a>>,
}

#[derive(Serialize)]
struct Terraform<'a> {
    binary: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct NotAudited<'a> {
    address: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Verdict<'a> {
    rule: &'a str,
    name: &'a str,
    severity: &'static str,
    verdict: &'static str,
    level: &'static str,
    address: &'a str,
    container: Option<&'a str>,
    message: &'a str,
    reason: Option<&'a str>,
    help: Option<&'a str>,
    locations: Vec<Place<'a>>,
    fix: Option<Fix<'a>>,
    waived: Option<Waived<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    primary: bool,
    label: &'a str,
}

#[derive(Serialize)]
struct Fix<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    file: &'a str,
    start: u32,
    end: u32,
    replacement: &'a str,
}

#[derive(Serialize)]
struct Waived<'a> {
    reason: &'a str,
    until: Option<String>,
    by: &'static str,
}

#[derive(Serialize)]
struct Summary {
    pass: usize,
    fail: usize,
    unknown: usize,
    not_applicable: usize,
    waived: usize,
    exit_code: u8,
}

impl<'a> Wire<'a> {
    fn of(report: &'a Report) -> Self {
        let summary = report.summary().verdicts;
        Wire {
            schema_version: SCHEMA_VERSION,
            tool: Tool {
                name: "cargo-ecs-audit",
                version: env!("CARGO_PKG_VERSION"),
            },
            roots: report.roots.iter().map(Root::of).collect(),
            summary: Summary {
                pass: summary.pass,
                fail: summary.fail,
                unknown: summary.unknown,
                not_applicable: summary.not_applicable,
                waived: summary.waived,
                exit_code: report.exit().code(),
            },
        }
    }
}

impl<'a> Root<'a> {
    fn of(root: &'a RootReport) -> Self {
        let placed = |message: &str, location: Option<&Location>| match location {
            Some(Location { file, start, .. }) => {
                format!("{file}:{}:{}: {message}", start.line, start.column)
            }
            None => message.to_owned(),
        };
        // Of a whole root module there is nothing to note beside that.
        let unread = root.unread.iter().filter(|_| !root.skipped);
        let unread = unread.map(|unread| placed(&unread.reason, unread.location.as_ref()));
        let notes = root.notes.iter();
        let notes = notes.map(|note| placed(&note.message, note.location.as_ref()));
        Root {
            path: &root.path,
            basis: root.basis.name(),
            terraform: root.terraform.as_ref().map(|terraform| Terraform {
                binary: &terraform.binary,
                version: &terraform.version,
            }),
            notes: unread.chain(notes).chain(root.failure.clone()).collect(),
            not_audited: root
                .unread
                .iter()
                .map(|unread| (&unread.part, &unread.reason))
                .chain(
                    root.not_audited
                        .iter()
                        .map(|one| (&one.address, &one.reason)),
                )
                .map(|(address, reason)| NotAudited { address, reason })
                .collect(),
            verdicts: root.verdicts.iter().map(Verdict::of).collect(),
        }
    }
}

impl<'a> Verdict<'a> {
    fn of(judged: &'a Judged) -> Self {
        Verdict {
            rule: judged.rule.id,
            name: judged.rule.name,
            severity: judged.severity.name(),
            verdict: judged.outcome.name(),
            level: judged.level.name(),
            address: &judged.address,
            container: judged.container.as_deref(),
            message: &judged.message,
            reason: judged.reason.as_deref(),
            help: judged.help.as_deref(),
            locations: judged.locations.iter().map(Place::of).collect(),
            fix: judged.fix.as_ref().map(|fix| Fix {
                title: &fix.title,
                applicability: match fix.applicability {
                    Applicability::MachineApplicable => "machine-applicable",
                    Applicability::MaybeIncorrect => "maybe-incorrect",
                },
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| Edit {
                        file: &edit.file,
                        start: edit.span.start,
                        end: edit.span.end,
                        replacement: &edit.replacement,
                    })
                    .collect(),
            }),
            waived: judged.waived.as_ref().map(|waived| Waived {
                reason: &waived.terms.reason,
                until: waived.terms.until.map(|until| until.to_string()),
                by: waived.by.name(),
            }),
            fingerprint: &judged.fingerprint,
        }
    }
}

impl<'a> Place<'a> {
    fn of(location: &'a Location) -> Self {
        Place {
            file: &location.file,
            line: location.start.line,
            column: location.start.column,
            end_line: location.end.line,
            end_column: location.end.column,
            primary: location.primary,
            label: &location.label,
        }
    }
}
