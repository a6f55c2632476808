//! The checklist for machines, schema version 1.

use serde::Serialize;

use crate::checklist::{Checklist, Digest, Evidence, Item};
use crate::report::json_text::pretty;
use crate::report::{RootReport, Tally};
use crate::selection::group_name;

/// The version of the schema: it changes when a reader of the old one would misread the new one.
const SCHEMA_VERSION: u32 = 1;

pub(super) fn json(checklist: &Checklist<'_>) -> String {
    pretty(&Wire::of(checklist))
}

#[derive(Serialize)]
struct Wire<'a> {
    schema_version: u32,
    tool: Tool,
    certified: bool,
    exit_code: u8,
    requirements: Vec<Requirement<'a>>,
    best_practices: Vec<Requirement<'a>>,
    audited: Audited<'a>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Requirement<'a> {
    rule: &'a str,
    name: &'a str,
    group: &'static str,
    severity: &'static str,
    verdict: &'static str,
    counts: Counts,
    evidence: Vec<Proof<'a>>,
}

#[derive(Serialize)]
struct Counts {
    pass: usize,
    fail: usize,
    unknown: usize,
    waived: usize,
    not_applicable: usize,
}

#[derive(Serialize)]
struct Proof<'a> {
    root: &'a str,
    basis: &'static str,
    address: &'a str,
    container: Option<&'a str>,
    verdict: &'static str,
    level: &'static str,
    message: &'a str,
    reason: Option<&'a str>,
    decided_by: Option<&'static str>,
    place: Option<Place<'a>>,
    waived: Option<Waiver<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Waiver<'a> {
    reason: &'a str,
    until: Option<String>,
    by: &'static str,
}

#[derive(Serialize)]
struct Audited<'a> {
    revision: Option<Revision<'a>>,
    plan_file: Option<File<'a>>,
    roots: Vec<Root<'a>>,
}

#[derive(Serialize)]
struct Revision<'a> {
    commit: Option<&'a str>,
    uncommitted_files: usize,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Root<'a> {
    path: &'a str,
    basis: &'static str,
    terraform: Option<Terraform<'a>>,
    providers: Vec<Provider<'a>>,
    lock_file: Option<File<'a>>,
    failure: Option<&'a str>,
    not_audited: Vec<NotAudited<'a>>,
}

#[derive(Serialize)]
struct Terraform<'a> {
    binary: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Provider<'a> {
    source: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct NotAudited<'a> {
    address: &'a str,
    reason: &'a str,
}

impl<'a> Wire<'a> {
    fn of(checklist: &'a Checklist<'_>) -> Self {
        let items = |required| checklist.items(required).map(Requirement::of).collect();
        Wire {
            schema_version: SCHEMA_VERSION,
            tool: Tool {
                name: "cargo-ecs-audit",
                version: env!("CARGO_PKG_VERSION"),
            },
            certified: checklist.certifies(),
            exit_code: checklist.report.exit().code(),
            requirements: items(true),
            best_practices: items(false),
            audited: Audited::of(checklist),
        }
    }
}

impl<'a> Requirement<'a> {
    fn of(item: &'a Item<'_>) -> Self {
        let Tally {
            pass,
            fail,
            unknown,
            not_applicable,
            waived,
        } = item.tally;
        Requirement {
            rule: item.rule.id,
            name: item.rule.name,
            group: group_name(item.rule.group),
            severity: item.rule.severity.name(),
            verdict: item.state.name(),
            counts: Counts {
                pass,
                fail,
                unknown,
                waived,
                not_applicable,
            },
            evidence: item.evidence.iter().map(Proof::of).collect(),
        }
    }
}

impl<'a> Proof<'a> {
    fn of(evidence: &'a Evidence<'_>) -> Self {
        let Evidence { root, judged } = evidence;
        Proof {
            root: &root.path,
            basis: root.basis.name(),
            address: &judged.address,
            container: judged.container.as_deref(),
            verdict: judged.outcome.name(),
            level: judged.level.name(),
            message: &judged.message,
            reason: judged.reason.as_deref(),
            decided_by: evidence.decided_by(),
            place: judged.locations.first().map(|location| Place {
                file: &location.file,
                line: location.start.line,
                column: location.start.column,
            }),
            waived: judged.waived.as_ref().map(|waived| Waiver {
                reason: &waived.terms.reason,
                until: waived.terms.until.map(|until| until.to_string()),
                by: waived.by.name(),
            }),
            fingerprint: &judged.fingerprint,
        }
    }
}

impl<'a> Audited<'a> {
    fn of(checklist: &'a Checklist<'_>) -> Self {
        let provenance = checklist.provenance;
        let file = |digest: &'a Digest| File {
            path: &digest.path,
            sha256: &digest.sha256,
        };
        let roots = checklist.report.roots.iter().zip(&provenance.roots);
        Audited {
            revision: provenance.revision.as_ref().map(|revision| Revision {
                commit: revision.commit.as_deref(),
                uncommitted_files: revision.uncommitted,
            }),
            plan_file: provenance.plan_file.as_ref().map(file),
            roots: roots
                .map(|(root, known)| Root {
                    path: &root.path,
                    basis: root.basis.name(),
                    terraform: root.terraform.as_ref().map(|terraform| Terraform {
                        binary: &terraform.binary,
                        version: &terraform.version,
                    }),
                    providers: known
                        .providers
                        .iter()
                        .map(|provider| Provider {
                            source: &provider.source,
                            version: &provider.version,
                        })
                        .collect(),
                    lock_file: known.lock_file.as_ref().map(file),
                    failure: root.failure.as_deref(),
                    not_audited: not_audited(root),
                })
                .collect(),
        }
    }
}

fn not_audited(root: &RootReport) -> Vec<NotAudited<'_>> {
    let unread = root.unread.iter();
    let unread = unread.map(|unread| (&unread.part, &unread.reason));
    let others = root.not_audited.iter();
    let others = others.map(|resource| (&resource.address, &resource.reason));
    let all = unread.chain(others);
    all.map(|(address, reason)| NotAudited { address, reason })
        .collect()
}
