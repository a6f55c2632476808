//! The rules, as SARIF describes them: all of them, in their order, each with its page.

use super::wire::{Configuration, Descriptor, Driver, Help, RuleProperties};
use crate::policy::{Level, default_level};
use crate::report::explain::explain;
use crate::report::page::Paper;
use crate::rules::{RULES, Rule, Severity};
use crate::selection::group_name;

/// How long a description may be: GitHub takes 1024 characters.
const LONG: usize = 1000;

/// How many tags a rule may have: GitHub refuses more.
const MOST_TAGS: usize = 20;

pub(super) fn driver() -> Driver {
    Driver {
        name: "cargo-ecs-audit",
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: RULES.iter().map(|rule| descriptor(rule)).collect(),
    }
}

fn descriptor(rule: &'static Rule) -> Descriptor {
    let what = section(rule.page, "What it does");
    let why = section(rule.page, "Why it matters");
    let page: Vec<&str> = rule.page.trim().lines().map(unindented).collect();
    Descriptor {
        id: rule.id,
        name: rule.name,
        short_description: text(first_sentence(&what)),
        full_description: text(&format!("{what} {why}")),
        default_configuration: Configuration {
            level: match default_level(rule) {
                Level::Deny => "error",
                Level::Warn => "warning",
                Level::Allow => "note",
            },
        },
        help: Help {
            text: explain(rule, Paper::default()),
            markdown: Some(page.join("\n")),
        },
        properties: RuleProperties {
            tags: [
                "security",
                "terraform",
                "aws",
                "ecs",
                group_name(rule.group),
            ]
            .into_iter()
            .chain(rule.also_known_as.iter().copied())
            .take(MOST_TAGS)
            .collect(),
            // What is not known is undecided, and fails nothing.
            precision: "very-high",
            problem_severity: match default_level(rule) {
                Level::Deny => "error",
                Level::Warn => "warning",
                Level::Allow => "recommendation",
            },
            security_severity: match rule.severity {
                Severity::Low => "3.0",
                Severity::Medium => "5.5",
                Severity::High => "8.0",
                Severity::Critical => "9.5",
            },
        },
    }
}

/// Doc comments have a space before their text.
fn unindented(line: &str) -> &str {
    line.strip_prefix(' ').unwrap_or(line)
}

/// The prose of a section of a page, on one line.
fn section(page: &str, heading: &str) -> String {
    let lines = page.lines().map(str::trim);
    let lines = lines.skip_while(|line| line.strip_prefix("# ") != Some(heading));
    let words = lines
        .skip(1)
        .take_while(|line| !line.starts_with("# ") && !line.starts_with("```"))
        .flat_map(str::split_whitespace);
    words.collect::<Vec<_>>().join(" ")
}

fn first_sentence(text: &str) -> &str {
    match text.find(". ") {
        Some(end) => &text[..=end],
        None => text,
    }
}

fn text(text: &str) -> Help {
    let short: String = match text.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    Help {
        text: short,
        markdown: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_described_within_what_is_taken() {
        for (rule, descriptor) in RULES.iter().zip(driver().rules) {
            let Descriptor {
                short_description,
                full_description,
                help,
                properties,
                ..
            } = descriptor;
            for description in [&short_description, &full_description] {
                let length = description.text.chars().count();
                assert!(length > 10 && length <= 1024, "{}: {length}", rule.id);
            }
            assert!(short_description.text.len() <= full_description.text.len());
            assert!(
                help.markdown
                    .is_some_and(|page| page.contains("# Use instead"))
            );
            let catalogues = rule.also_known_as;
            assert!(
                catalogues.iter().all(|id| properties.tags.contains(id)),
                "{}",
                rule.id
            );
        }
    }
}
