//! The pages of the rules, readable in a terminal.

use std::fmt::Write as _;

use super::page::{CODE, HEADING, Page, Paper};
use crate::policy::default_level;
use crate::rules::{OptionDefault, Rule};
use crate::selection::group_name;

/// Renders a rule's page.
#[must_use]
pub fn explain(rule: &Rule, paper: Paper) -> String {
    let mut page = Page::on(paper);
    let Rule { id, name, .. } = rule;
    page.styled(HEADING, &format!("{id} {name}"));
    page.text.push('\n');
    page.paragraph(&format!(
        "{}, {} severity; `{}` by default",
        group_name(rule.group),
        rule.severity.name(),
        default_level(rule),
    ));
    if !rule.also_known_as.is_empty() {
        page.paragraph(&format!("also known as {}", rule.also_known_as.join(", ")));
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
            page.text.push_str("  ");
            page.styled(CODE, option.name);
            let _ = writeln!(page.text, " = {default}");
            page.paragraph(&format!("      {}", option.doc));
        }
    }
    page.text
}

/// Renders a table of rules.
#[must_use]
pub fn list(rules: &[&Rule], paper: Paper) -> String {
    let mut page = Page::on(paper);
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
