//! Verdicts as results.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Write as _;

use super::wire::{
    Change, CodeFlow, Content, Fingerprints, Fix, Location, LogicalLocation, Message, Place,
    Region, Replacement, SarifResult, Step, Suppression, ThreadFlow,
};
use super::{artifact, module, place, plain};
use crate::hcl::Span;
use crate::policy::Level;
use crate::report::standing::Standing;
use crate::report::terminal;
use crate::report::{self, Judged, Rendering, Report, ResolvedEdit, ResolvedFix, RootReport};
use crate::rules::RULES;
use crate::verdict::Outcome;
use crate::waiver::{Waived, WaivedBy};

/// How many results a run may have: GitHub refuses more.
pub(super) const MOST: usize = 25_000;

/// How many other places a result points at: GitHub shows no more.
const MOST_RELATED: usize = 100;

/// How many bytes are read to find the line and column of an edit.
const NEAR: usize = 1 << 14;

/// The results, and how many are left out.
pub(super) fn results(report: &Report, rendering: &Rendering) -> (Vec<SarifResult>, usize) {
    let mut shown: Vec<(&RootReport, &Judged)> = Vec::new();
    for root in &report.roots {
        let verdicts = root.verdicts.iter();
        let verdicts = verdicts.filter(|judged| is_shown(judged, rendering));
        shown.extend(verdicts.map(|judged| (root, judged)));
    }
    let left_out = shown.len().saturating_sub(MOST);
    if left_out > 0 {
        shown.sort_by_key(|(_, judged)| Reverse(judged.weight()));
        shown.truncate(MOST);
    }
    let indices: HashMap<&str, usize> = RULES.iter().map(|rule| rule.id).zip(0..).collect();
    let mut fallbacks: HashMap<&str, Place> = HashMap::new();
    let results = shown
        .into_iter()
        .map(|(root, judged)| {
            let index = indices.get(judged.rule.id).copied().unwrap_or_default();
            let fallback = || {
                let known = fallbacks.entry(&root.path);
                known.or_insert_with(|| root_place(report, root)).clone()
            };
            result(report, root, judged, index, fallback)
        })
        .collect();
    (results, left_out)
}

/// What is allowed is nobody's to mend, and is listed where passes are.
fn is_shown(judged: &Judged, rendering: &Rendering) -> bool {
    match judged.standing() {
        Standing::Fails(level) | Standing::Undecided(level) => {
            level != Level::Allow || rendering.passes
        }
        Standing::Waived(_) => true,
        Standing::Passes | Standing::NotApplicable => rendering.passes,
    }
}

fn result(
    report: &Report,
    root: &RootReport,
    judged: &Judged,
    rule_index: usize,
    fallback: impl FnOnce() -> Place,
) -> SarifResult {
    // A level is of what fails alone; everything else has none.
    let (kind, level) = match (judged.outcome, judged.level) {
        (Outcome::Fail, Level::Deny) => ("fail", "error"),
        (Outcome::Fail, Level::Warn) => ("fail", "warning"),
        (Outcome::Fail, Level::Allow) => ("informational", "none"),
        (Outcome::Unknown, _) => ("open", "none"),
        (Outcome::Pass, _) => ("pass", "none"),
        (Outcome::NotApplicable, _) => ("notApplicable", "none"),
    };
    let (physical, related) = match judged.locations.split_first() {
        Some((first, others)) => (place(report, first), others),
        None => (fallback(), &[] as &[_]),
    };
    let related: Vec<&report::Location> = related.iter().take(MOST_RELATED).collect();
    SarifResult {
        rule_id: judged.rule.id,
        rule_index,
        kind,
        level,
        message: message(report, root, judged, &related),
        locations: [Location {
            id: None,
            physical_location: Some(physical),
            logical_locations: logical(root, judged),
            message: judged.locations.first().and_then(label),
        }],
        related_locations: related
            .iter()
            .zip(1..)
            .map(|(location, id)| Location {
                id: Some(id),
                physical_location: Some(place(report, location)),
                logical_locations: Vec::new(),
                message: label(location),
            })
            .collect(),
        code_flows: code_flows(report, judged),
        partial_fingerprints: Fingerprints {
            primary_location_line_hash: format!("{}:1", judged.fingerprint),
            verdict: judged.fingerprint.clone(),
        },
        fixes: judged
            .fix
            .iter()
            .map(|fix| self::fix(report, fix))
            .collect(),
        suppressions: judged.waived.iter().map(suppression).collect(),
    }
}

/// The first sentence says what is so; where there is little room it stands alone.
fn message(
    report: &Report,
    root: &RootReport,
    judged: &Judged,
    related: &[&report::Location],
) -> Message {
    let mut text = judged.message.clone();
    let _ = write!(text, ".\n\nIn `{}`", judged.address);
    if report.roots.len() > 1 {
        let _ = write!(text, " of `{}`", root.path);
    }
    text.push('.');
    if let (Outcome::Unknown, Some(reason)) = (judged.outcome, &judged.reason) {
        let _ = write!(text, "\nUndecided: {reason}.");
    }
    for note in &judged.notes {
        let _ = write!(text, "\nNote: {note}.");
    }
    if let Some(help) = &judged.help {
        let _ = write!(text, "\nHelp: {help}.");
    }
    let mut text = plain(&text);
    let links: Vec<String> = related
        .iter()
        .zip(1..)
        .filter(|(location, _)| !location.label.is_empty())
        .map(|(location, id)| format!("[{}]({id})", link_text(&location.label)))
        .collect();
    if !links.is_empty() {
        let _ = write!(text, "\nSee {}.", links.join(", "));
    }
    Message::linked(text)
}

/// A text between the brackets of a link.
fn link_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '\n' => escaped.push(' '),
            '\\' | '[' | ']' => escaped.extend(['\\', character]),
            other => escaped.push(other),
        }
    }
    escaped
}

fn label(location: &report::Location) -> Option<Message> {
    (!location.label.is_empty()).then(|| Message::of(&location.label))
}

fn logical(root: &RootReport, judged: &Judged) -> Vec<LogicalLocation> {
    let address = plain(&judged.address);
    let mut locations = Vec::new();
    if let Some(container) = &judged.container {
        let name = plain(container);
        locations.push(LogicalLocation {
            fully_qualified_name: format!("{address}/{name}"),
            name,
            kind: "container",
        });
    }
    locations.push(LogicalLocation {
        name: address.clone(),
        fully_qualified_name: address,
        kind: "resource",
    });
    locations.push(module(root));
    locations
}

/// Where a value was written, and what it passed through to where it is used.
fn code_flows(report: &Report, judged: &Judged) -> Vec<CodeFlow> {
    let mut flows = Vec::new();
    let mut rest = judged.locations.as_slice();
    while let Some((written, others)) = rest.split_first() {
        let steps = others.iter().take_while(|location| location.step).count();
        let (steps, next) = others.split_at(steps);
        rest = next;
        if steps.is_empty() || flows.len() == MOST_RELATED {
            continue;
        }
        let locations = [written].into_iter().chain(steps.iter().rev());
        let locations = locations.map(|location| Step {
            location: Location {
                id: None,
                physical_location: Some(place(report, location)),
                logical_locations: Vec::new(),
                message: label(location),
            },
        });
        flows.push(CodeFlow {
            thread_flows: [ThreadFlow {
                locations: locations.collect(),
            }],
        });
    }
    flows
}

/// Where a result is shown that has no place of its own: at the first file of the root module that is known, or its
/// directory.
fn root_place(report: &Report, root: &RootReport) -> Place {
    let file = root.first_file();
    Place {
        artifact_location: artifact(report, file.unwrap_or(&root.path)),
        region: file.map(|_| Region {
            start_line: Some(1),
            start_column: Some(1),
            end_line: Some(1),
            end_column: Some(1),
            ..Region::default()
        }),
    }
}

fn fix(report: &Report, fix: &ResolvedFix) -> Fix {
    let changes = fix.edits.chunk_by(|left, right| left.file == right.file);
    Fix {
        description: Message::of(&fix.title),
        artifact_changes: changes
            .map(|edits| Change {
                artifact_location: artifact(report, &edits[0].file),
                replacements: edits
                    .iter()
                    .map(|edit| Replacement {
                        deleted_region: region(edit),
                        inserted_content: Content {
                            text: edit.replacement.clone(),
                        },
                    })
                    .collect(),
            })
            .collect(),
    }
}

/// The bytes of an edit, and its lines and columns where they are near.
fn region(edit: &ResolvedEdit) -> Region {
    let bytes = Region::bytes(edit.span);
    let Span { start, end } = edit.span;
    let (start, end) = (start as usize, end as usize);
    let text: &str = &edit.text.0;
    let far = end.saturating_sub(start) > NEAR;
    let Some((column, piece)) = column(text, start)
        .zip(text.get(start..end))
        .filter(|_| !far)
    else {
        return bytes;
    };
    let lines = piece.matches('\n').count();
    let last = match piece.rfind('\n') {
        Some(line_break) => piece[line_break + 1..].chars().count() + 1,
        None => column + piece.chars().count(),
    };
    Region {
        start_line: Some(edit.line),
        start_column: Some(column),
        end_line: Some(edit.line + lines),
        end_column: Some(last),
        ..bytes
    }
}

/// The column of an offset, where its line begins near. A byte-order mark is no column.
fn column(text: &str, offset: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(..offset)?;
    let from = offset.saturating_sub(NEAR);
    let begin = match bytes[from..].iter().rposition(|&byte| byte == b'\n') {
        Some(line_break) => from + line_break + 1,
        None if from == 0 => 0,
        None => return None,
    };
    let before = text.get(begin..offset)?;
    Some(before.trim_start_matches('\u{feff}').chars().count() + 1)
}

fn suppression(waived: &Waived) -> Suppression {
    let mut justification = waived.terms.reason.to_string();
    if let Some(until) = waived.terms.until {
        let _ = write!(justification, " (until {until})");
    }
    Suppression {
        kind: match waived.by {
            WaivedBy::Comment => "inSource",
            WaivedBy::Manifest | WaivedBy::Baseline => "external",
        },
        status: "accepted",
        // No message: nothing in it stands for something else.
        justification: terminal::block(&justification).into_owned(),
    }
}
