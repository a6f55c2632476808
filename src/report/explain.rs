//! The pages of the rules, readable in a terminal.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Effects, Style};

use crate::policy::default_level;
use crate::rules::{OptionDefault, Rule};
use crate::selection::group_name;

const HEADING: Style = AnsiColor::BrightGreen.on_default().effects(Effects::BOLD);
const CODE: Style = AnsiColor::BrightCyan.on_default();

/// Renders a rule's page.
#[must_use]
pub fn explain(rule: &Rule, colour: bool) -> String {
    let mut page = Page {
        text: String::new(),
        colour,
    };
    let Rule { id, name, .. } = rule;
    page.styled(HEADING, &format!("{id} {name}"));
    let _ = write!(
        page.text,
        "\n{}, {} severity; `{}` by default\n",
        group_name(rule.group),
        rule.severity.name(),
        default_level(rule),
    );
    if !rule.also_known_as.is_empty() {
        let _ = writeln!(page.text, "also known as {}", rule.also_known_as.join(", "));
    }
    page.text.push('\n');
    page.markdown(rule.page);
    if !rule.options.is_empty() {
        page.text.push('\n');
        page.styled(HEADING, "Options");
        let _ = write!(
            page.text,
            "\n\nUnder [workspace.metadata.ecs-audit.rules.\"{id}\"]:\n\n"
        );
        for option in rule.options {
            let default = match option.default {
                OptionDefault::Flag(on) => on.to_string(),
                OptionDefault::Text(text) => format!("{text:?}"),
                OptionDefault::Choice(choices) => {
                    let choices: Vec<String> =
                        choices.iter().map(|choice| format!("{choice:?}")).collect();
                    format!(
                        "{} (of {})",
                        choices.first().map_or("", |c| c),
                        choices.join(", ")
                    )
                }
                OptionDefault::List => "[]".to_owned(),
            };
            let _ = writeln!(
                page.text,
                "  {} = {default}\n      {}",
                option.name, option.doc
            );
        }
    }
    page.text
}

/// Renders a table of rules.
#[must_use]
pub fn list(rules: &[&Rule], colour: bool) -> String {
    let mut page = Page {
        text: String::new(),
        colour,
    };
    let name = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let id = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let heading = format!(
        "{:id$}  {:name$}  {:11}  {:5}  {:8}  fix",
        "id", "name", "group", "level", "severity"
    );
    page.styled(HEADING, &heading);
    page.text.push('\n');
    for rule in rules {
        page.styled(CODE, rule.id);
        let row = format!(
            "  {:name$}  {:11}  {:5}  {:8}  {}",
            rule.name,
            group_name(rule.group),
            default_level(rule).name(),
            rule.severity.name(),
            if rule.proposes_a_fix() { "yes" } else { "" },
        );
        let _ = writeln!(page.text, "{}", row.trim_end());
    }
    page.text
}

struct Page {
    text: String,
    colour: bool,
}

impl Page {
    fn styled(&mut self, style: Style, text: &str) {
        if self.colour {
            let _ = write!(self.text, "{style}{text}{style:#}");
        } else {
            self.text.push_str(text);
        }
    }

    /// Writes the little Markdown that pages use: headings, fenced code, links and code in backticks.
    fn markdown(&mut self, page: &str) {
        let mut fenced = false;
        for line in page.trim().lines() {
            // Doc comments have a space before their text.
            let line = line.strip_prefix(' ').unwrap_or(line);
            if line.starts_with("```") {
                fenced = !fenced;
                continue;
            }
            if fenced {
                if !line.is_empty() {
                    self.text.push_str("    ");
                }
                self.styled(CODE, line);
            } else if let Some(heading) = line.strip_prefix("# ") {
                self.styled(HEADING, heading);
            } else {
                self.prose(line);
            }
            self.text.push('\n');
        }
    }

    /// Writes a line of prose; `[name](address)` becomes `name: address`.
    fn prose(&mut self, line: &str) {
        let mut rest = line;
        while let Some((before, name, address, after)) = link(rest) {
            self.code(before);
            self.code(name);
            self.text.push_str(": ");
            self.text.push_str(address);
            rest = after;
        }
        self.code(rest);
    }

    fn code(&mut self, text: &str) {
        for (number, part) in text.split('`').enumerate() {
            if number % 2 == 1 && self.colour {
                self.styled(CODE, part);
            } else if number % 2 == 1 {
                let _ = write!(self.text, "`{part}`");
            } else {
                self.text.push_str(part);
            }
        }
    }
}

fn link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (name, rest) = rest.split_once("](")?;
    let (address, after) = rest.split_once(')')?;
    Some((before, name, address, after))
}
