//! The report of static analysis for security of GitLab, schema 15.2.1.

use serde::Serialize;

use super::{root_file, shown_at};
use crate::exit::Exit;
use crate::policy::Level;
use crate::report::markdown::text::{Code, Prose};
use crate::report::standing::Standing;
use crate::report::{Judged, Location, Rendering, Report, RootReport, json_text, terminal};
use crate::rules::{RULES, Rule, Severity};
use crate::verdict::Outcome;
use crate::waiver::Date;

const SCHEMA_VERSION: &str = "15.2.1";

/// How long a solution may be.
const LONG_SOLUTION: usize = 7_000;

/// How long a description may be.
const LONG_DESCRIPTION: usize = 100_000;

const SECONDS_OF_A_DAY: i64 = 86_400;

#[derive(Serialize)]
struct Sast {
    version: &'static str,
    scan: Scan,
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Serialize)]
struct Scan {
    analyzer: Tool,
    scanner: Tool,
    primary_identifiers: Vec<Identifier>,
    #[serde(rename = "type")]
    kind: &'static str,
    start_time: String,
    end_time: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Said>,
}

#[derive(Serialize)]
struct Tool {
    id: &'static str,
    name: &'static str,
    version: &'static str,
    vendor: Vendor,
}

#[derive(Serialize)]
struct Vendor {
    name: &'static str,
}

#[derive(Serialize)]
struct Said {
    level: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Vulnerability {
    id: String,
    name: String,
    description: String,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    solution: Option<String>,
    identifiers: Vec<Identifier>,
    location: Place,
    tracking: Tracking,
    details: Details,
}

#[derive(Serialize)]
struct Identifier {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    value: String,
}

#[derive(Serialize)]
struct Place {
    file: String,
    start_line: usize,
    end_line: usize,
}

/// What tells a verdict from others: by its lines, two instances of one block would be one.
#[derive(Serialize)]
struct Tracking {
    #[serde(rename = "type")]
    kind: &'static str,
    items: [Tracked; 1],
}

#[derive(Serialize)]
struct Tracked {
    file: String,
    start_line: usize,
    end_line: usize,
    signatures: [Signature; 1],
}

#[derive(Serialize)]
struct Signature {
    algorithm: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Details {
    address: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<Text>,
    root_module: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<Places>,
}

#[derive(Serialize)]
struct Text {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Places {
    #[serde(rename = "type")]
    kind: &'static str,
    name: &'static str,
    items: Vec<FilePlace>,
}

#[derive(Serialize)]
struct FilePlace {
    #[serde(rename = "type")]
    kind: &'static str,
    file_name: String,
    line_start: usize,
    line_end: usize,
}

/// Renders the report; the text ends with a line break.
#[must_use]
pub fn sast(report: &Report, rendering: &Rendering) -> String {
    let time = time(rendering.now);
    let mut vulnerabilities = Vec::new();
    for root in &report.roots {
        let file = root_file(root);
        for judged in &root.verdicts {
            if let Some((prefix, severity)) = shown(judged, rendering) {
                let place = shown_at(report, file, judged);
                let vulnerability = vulnerability(report, root, judged, place);
                vulnerabilities.push(Vulnerability {
                    name: format!("{prefix}{}", vulnerability.name),
                    severity,
                    ..vulnerability
                });
            }
        }
    }
    json_text::pretty(&Sast {
        version: SCHEMA_VERSION,
        scan: Scan {
            analyzer: tool(),
            scanner: tool(),
            primary_identifiers: RULES.iter().map(|rule| primary(rule)).collect(),
            kind: "sast",
            start_time: time.clone(),
            end_time: time,
            status: match report.exit() {
                Exit::Unfinished => "failure",
                _ => "success",
            },
            messages: report.roots.iter().flat_map(messages).collect(),
        },
        vulnerabilities,
    })
}

/// What is said before the name and how much it matters, where it is to be shown.
fn shown(judged: &Judged, rendering: &Rendering) -> Option<(&'static str, &'static str)> {
    Some(match judged.standing() {
        Standing::Fails(Level::Deny | Level::Warn) => {
            let severity = match judged.severity {
                Severity::Low => "Low",
                Severity::Medium => "Medium",
                Severity::High => "High",
                Severity::Critical => "Critical",
            };
            ("", severity)
        }
        Standing::Undecided(Level::Deny | Level::Warn) => ("undecided: ", "Unknown"),
        _ if !rendering.passes => return None,
        Standing::Fails(Level::Allow) | Standing::Undecided(Level::Allow) => ("allowed: ", "Info"),
        Standing::Waived(_) => ("waived: ", "Info"),
        Standing::Passes => ("pass: ", "Info"),
        Standing::NotApplicable => ("not applicable: ", "Info"),
    })
}

fn vulnerability(
    report: &Report,
    root: &RootReport,
    judged: &Judged,
    (file, start_line, end_line): (String, usize, usize),
) -> Vulnerability {
    let rule = judged.rule;
    let others = judged.locations.iter().skip(1);
    let file = terminal::line(&file).into_owned();
    let items: Vec<FilePlace> = others
        .map(|location| file_place(report, location))
        .collect();
    Vulnerability {
        id: uuid(&judged.fingerprint),
        name: rule.name.replace('-', " "),
        description: cut(description(root, judged), LONG_DESCRIPTION),
        severity: "Unknown",
        solution: judged
            .help
            .as_deref()
            .map(|help| cut(Prose(help).to_string(), LONG_SOLUTION)),
        identifiers: [primary(rule)]
            .into_iter()
            .chain(rule.also_known_as.iter().map(|id| Identifier {
                kind: "catalogue",
                name: (*id).to_owned(),
                value: (*id).to_owned(),
            }))
            .collect(),
        location: Place {
            file: file.clone(),
            start_line,
            end_line,
        },
        tracking: Tracking {
            kind: "source",
            items: [Tracked {
                file,
                start_line,
                end_line,
                signatures: [Signature {
                    algorithm: "hash",
                    value: judged.fingerprint.clone(),
                }],
            }],
        },
        details: Details {
            address: text("Resource", &judged.address),
            container: judged
                .container
                .as_deref()
                .map(|name| text("Container", name)),
            root_module: text("Root module", &root.path),
            places: (!items.is_empty()).then_some(Places {
                kind: "list",
                name: "Other places",
                items,
            }),
        },
    }
}

/// The text is read as Markdown.
fn description(root: &RootReport, judged: &Judged) -> String {
    let mut lines = vec![Prose(&judged.message).to_string()];
    lines.push(format!(
        "In {} of {}",
        Code(&judged.address),
        Code(&root.path)
    ));
    match (&judged.reason, judged.outcome) {
        (Some(reason), Outcome::Unknown) => lines.push(format!("Undecided: {}", Prose(reason))),
        (Some(reason), _) if *reason != judged.message => lines.push(Prose(reason).to_string()),
        _ => {}
    }
    lines.extend(judged.notes.iter().map(|note| Prose(note).to_string()));
    if let Some(waived) = &judged.waived {
        let by = waived.by.name();
        lines.push(format!("Waived by {by}: {}", Prose(&waived.terms.reason)));
    }
    lines.join("\n\n")
}

fn file_place(report: &Report, location: &Location) -> FilePlace {
    let file = report.in_repository(&location.file);
    FilePlace {
        kind: "file-location",
        file_name: terminal::line(&file).into_owned(),
        line_start: location.start.line,
        line_end: location.end.line,
    }
}

fn text(name: &'static str, value: &str) -> Text {
    Text {
        kind: "text",
        name,
        value: terminal::line(value).into_owned(),
    }
}

fn messages(root: &RootReport) -> Vec<Said> {
    let said = |level, value: &str| Said {
        level,
        value: format!(
            "{}: {}",
            terminal::line(&root.path),
            terminal::block(value).trim_end()
        ),
    };
    let failure = root.failure.iter().map(|failure| said("fatal", failure));
    let unread = root
        .unread
        .iter()
        .map(|unread| said("warn", &unread.reason));
    let notes = root.notes.iter().map(|note| match note.warning {
        true => said("warn", &note.message),
        false => said("info", &note.message),
    });
    failure.chain(unread).chain(notes).collect()
}

fn primary(rule: &Rule) -> Identifier {
    Identifier {
        kind: "cargo_ecs_audit",
        name: format!("{} {}", rule.id, rule.name),
        value: rule.id.to_owned(),
    }
}

fn tool() -> Tool {
    Tool {
        id: "cargo-ecs-audit",
        name: "cargo ecs-audit",
        version: env!("CARGO_PKG_VERSION"),
        vendor: Vendor {
            name: "cargo-ecs-audit",
        },
    }
}

/// A fingerprint, which is 32 hexadecimal digits, as a UUID of the version for what is made otherwise.
fn uuid(fingerprint: &str) -> String {
    let mut digits: Vec<char> = fingerprint.chars().collect();
    digits.resize(32, '0');
    digits[12] = '8';
    digits[16] = match digits[16].to_digit(16).unwrap_or_default() % 4 {
        0 => '8',
        1 => '9',
        2 => 'a',
        _ => 'b',
    };
    let part = |from: usize, to: usize| digits[from..to].iter().collect::<String>();
    [
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32),
    ]
    .join("-")
}

/// A moment, in seconds since 1970, as the schema has it.
fn time(seconds: i64) -> String {
    let of_day = seconds.rem_euclid(SECONDS_OF_A_DAY);
    let (hours, minutes, seconds_left) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!(
        "{}T{hours:02}:{minutes:02}:{seconds_left:02}",
        Date::at(seconds)
    )
}

fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_and_an_identity_have_the_form_of_the_schema() {
        assert_eq!(time(1_780_272_000), "2026-06-01T00:00:00");
        assert_eq!(time(1_780_272_000 + 86_399), "2026-06-01T23:59:59");
        assert_eq!(
            uuid("6391a0d2a89fb8f495bc47a719500cdb"),
            "6391a0d2-a89f-88f4-95bc-47a719500cdb"
        );
    }
}
