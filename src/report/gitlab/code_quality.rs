//! The code quality report of GitLab: a list of what degrades the code.

use serde::Serialize;

use super::{root_file, shown_at};
use crate::policy::Level;
use crate::report::standing::Standing;
use crate::report::{Judged, Rendering, Report, json_text, terminal};
use crate::rules::Severity;

#[derive(Serialize)]
struct Degradation {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// Renders the report; the text ends with a line break.
#[must_use]
pub fn code_quality(report: &Report, rendering: &Rendering) -> String {
    let mut degradations = Vec::new();
    for root in &report.roots {
        let file = root_file(root);
        for judged in &root.verdicts {
            if let Some((severity, description)) = shown(judged, rendering) {
                let (path, begin, _) = shown_at(report, file, judged);
                degradations.push(Degradation {
                    description: terminal::line(&description).into_owned(),
                    check_name: judged.rule.id,
                    fingerprint: judged.fingerprint.clone(),
                    severity,
                    location: Place {
                        path: terminal::line(&path).into_owned(),
                        lines: Lines { begin },
                    },
                });
            }
        }
    }
    json_text::pretty(&degradations)
}

/// How much it matters and what is to be said, where it is to be shown: the list has no other kind than what
/// degrades, so that what is no violation is for information.
fn shown(judged: &Judged, rendering: &Rendering) -> Option<(&'static str, String)> {
    let Judged {
        message, address, ..
    } = judged;
    let said = format!("{message}, in `{address}`");
    let reason = judged.reason.as_deref().unwrap_or_default();
    Some(match judged.standing() {
        Standing::Fails(Level::Deny | Level::Warn) => {
            let severity = match judged.severity {
                Severity::Low => "minor",
                Severity::Medium => "major",
                Severity::High => "critical",
                Severity::Critical => "blocker",
            };
            (severity, said)
        }
        Standing::Undecided(level @ (Level::Deny | Level::Warn)) => {
            let severity = if level == Level::Deny {
                "major"
            } else {
                "info"
            };
            (severity, format!("undecided: {said}: {reason}"))
        }
        _ if !rendering.passes => return None,
        Standing::Fails(Level::Allow) | Standing::Undecided(Level::Allow) => {
            ("info", format!("allowed: {said}"))
        }
        Standing::Waived(waived) => ("info", format!("waived: {said}: {}", waived.terms.reason)),
        Standing::Passes => ("info", format!("pass: {said}")),
        Standing::NotApplicable => ("info", format!("not applicable: {said}")),
    })
}
