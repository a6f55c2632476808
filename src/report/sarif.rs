//! The report as SARIF 2.1.0, for code scanning and editors.
//!
//! One run, whatever the number of root modules: GitHub takes one run of a tool and category. Paths are
//! relative to the repository, since that is what a reader has.

mod descriptors;
mod results;
mod wire;

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use self::descriptors::driver;
use self::results::results;
use self::wire::{
    ArtifactLocation, Automation, BaseIds, Described, Invocation, LogicalLocation, Message,
    Notification, Place, RootProperties, Run, RunProperties, Sarif, Tool,
};
use super::{Location, Rendering, Report, RootReport, json_text, terminal};
use crate::exit::Exit;
use crate::policy::Level;

/// What relative paths are relative to.
const BASE: &str = "%SRCROOT%";

/// How long the names of root modules may be together before a hash stands for them.
const LONG_NAMES: usize = 120;

/// Renders the report; the text ends with a line break.
#[must_use]
pub fn sarif(report: &Report, rendering: &Rendering) -> String {
    let (results, left_out) = results(report, rendering);
    let mut notifications: Vec<Notification> = report
        .roots
        .iter()
        .flat_map(|root| root_notifications(report, root))
        .collect();
    if left_out > 0 {
        notifications.push(Notification {
            level: "warning",
            message: Message::of(&format!(
                "{left_out} results are left out, those that matter least: a run holds {} at most",
                results::MOST
            )),
            locations: Vec::new(),
        });
    }
    let exit = report.exit();
    json_text::pretty(&Sarif {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: driver() },
            automation_details: Automation {
                id: category(report),
            },
            original_uri_base_ids: BaseIds {
                source_root: Described {
                    description: Message::of("the root of the repository"),
                },
            },
            column_kind: "unicodeCodePoints",
            invocations: [Invocation {
                execution_successful: exit != Exit::Unfinished,
                exit_code: exit.code(),
                exit_code_description: exit.meaning(),
                tool_execution_notifications: notifications,
            }],
            results,
            properties: RunProperties {
                roots: report.roots.iter().map(root_properties).collect(),
            },
        }],
    })
}

/// What tells this analysis from others of the same commit: what is audited as a whole has one name for good, and
/// some of the root modules have theirs. What stands after the last `/` would name the run.
fn category(report: &Report) -> String {
    if !report.partial {
        return "cargo-ecs-audit/".to_owned();
    }
    let mut names: Vec<&str> = report.roots.iter().map(|root| &*root.path).collect();
    names.sort_unstable();
    let names = names.join("+");
    if names.len() <= LONG_NAMES {
        return format!("cargo-ecs-audit/{}/", plain(&names));
    }
    let mut id = "cargo-ecs-audit/".to_owned();
    for byte in &Sha256::digest(names.as_bytes())[..8] {
        let _ = write!(id, "{byte:02x}");
    }
    id.push('/');
    id
}

fn root_properties(root: &RootReport) -> RootProperties {
    RootProperties {
        path: plain(&root.path),
        basis: root.basis.name(),
        terraform: root
            .terraform
            .as_ref()
            .map(|terraform| plain(&format!("{} {}", terraform.binary, terraform.version))),
    }
}

/// What is to be said of a root module beside its verdicts.
fn root_notifications(report: &Report, root: &RootReport) -> Vec<Notification> {
    let notification = |level, message: &str, location: Option<&Location>| {
        let physical = location.map(|location| place(report, location));
        let message = match report.roots.len() {
            1 => message.trim_end().to_owned(),
            _ => format!("`{}`: {}", root.path, message.trim_end()),
        };
        Notification {
            level,
            message: Message::of(&message),
            locations: vec![wire::Location {
                id: None,
                physical_location: physical,
                logical_locations: vec![module(root)],
                message: None,
            }],
        }
    };
    let failure = root.failure.iter().map(|failure| {
        let message = format!("could not be audited: {failure}");
        notification("error", &message, None)
    });
    let unread = root.unread.iter().map(|unread| {
        let level = match unread.level {
            Level::Deny => "error",
            Level::Warn => "warning",
            Level::Allow => "note",
        };
        notification(level, &unread.reason, unread.location.as_ref())
    });
    let notes = root.notes.iter().map(|note| {
        let level = if note.warning { "warning" } else { "note" };
        notification(level, &note.message, note.location.as_ref())
    });
    failure.chain(unread).chain(notes).collect()
}

/// The root module as a logical location.
fn module(root: &RootReport) -> LogicalLocation {
    let path = plain(&root.path);
    LogicalLocation {
        name: path.clone(),
        fully_qualified_name: path,
        kind: "module",
    }
}

fn place(report: &Report, location: &Location) -> Place {
    Place {
        artifact_location: artifact(report, &location.file),
        region: Some(wire::Region::of(location)),
    }
}

/// A file as a reference relative to the repository.
fn artifact(report: &Report, file: &str) -> ArtifactLocation {
    ArtifactLocation {
        uri: uri(&report.in_repository(file)),
        uri_base_id: BASE,
    }
}

/// A path as a relative reference: what is not a plain character of a path is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    // A colon in the first part would make it a scheme, and two slashes a host.
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    if uri.is_empty() || uri == "." {
        return "./".to_owned();
    }
    match uri.starts_with("//") {
        true => format!("/.{uri}"),
        false => uri,
    }
}

/// A text as a plain text message: no character that does something, no link and no placeholder.
///
/// A placeholder has a number between braces, and braces are doubled where they are not one. Readers that know
/// none show doubled braces as they are, so that only a text that would be misread has them.
fn plain(text: &str) -> String {
    let mut text = terminal::block(text).replace("](", "] (");
    if has_placeholder(&text) {
        text = text.replace('{', "{{").replace('}', "}}");
    }
    text
}

fn has_placeholder(text: &str) -> bool {
    text.split('{').skip(1).any(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && rest.as_bytes().get(digits) == Some(&b'}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_neither_links_nor_placeholders() {
        assert_eq!(plain("a [b](http://c) {x}"), "a [b] (http://c) {x}");
        assert_eq!(plain("${a} {0} {1a}"), "${{a}} {{0}} {{1a}}");
    }

    #[test]
    fn a_path_is_a_relative_reference_whatever_it_holds() {
        assert_eq!(uri("infra/main.tf"), "infra/main.tf");
        assert_eq!(uri("a:b c/ü?#%"), "a%3Ab%20c/%C3%BC%3F%23%25");
        assert_eq!(uri("."), "./");
        assert_eq!(uri("//a"), "/.//a");
    }

    #[test]
    fn some_root_modules_have_a_category_of_their_own_and_all_have_one_for_good() {
        assert_eq!(category(&Report::default()), "cargo-ecs-audit/");
        let report = |names: &[&str]| Report {
            roots: names.iter().map(|name| RootReport::of_path(name)).collect(),
            partial: true,
            ..Report::default()
        };
        assert_eq!(
            category(&report(&["infra/b", "infra/a"])),
            "cargo-ecs-audit/infra/a+infra/b/"
        );
        let long = "x".repeat(LONG_NAMES + 1);
        assert_eq!(
            category(&report(&[&long])).len(),
            "cargo-ecs-audit/".len() + 17
        );
    }
}
