//! `docs/rules.md`: every rule with its page, and what other catalogues call it.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ecs_audit::policy::default_level;
use ecs_audit::rules::{Catalogue, RULES, Rule};
use ecs_audit::selection::group_name;

#[test]
fn the_catalogue_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let fresh = catalogue();
    if fs::read_to_string(&path).unwrap_or_default() != fresh {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, fresh).unwrap();
        panic!("`docs/rules.md` was stale and is now written anew: run the tests again");
    }
}

fn catalogue() -> String {
    let mut text = "# The rules\n\n\
        Written by `cargo test --test catalogue` from the rules themselves; `cargo ecs-audit explain RULE` shows a \
        page in the terminal, and takes any of the names below.\n\n\
        | id | name | group | level | severity | fix |\n\
        |---|---|---|---|---|---|\n"
        .to_owned();
    for rule in RULES {
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | `{}` | {} | {} |",
            linked(rule),
            rule.name,
            group_name(rule.group),
            default_level(rule),
            rule.severity.name(),
            if rule.proposes_a_fix() { "yes" } else { "" },
        );
    }
    text.push_str("\n## What other catalogues call them\n\n| |");
    for catalogue in Catalogue::ALL {
        let _ = write!(text, " {} |", catalogue.title());
    }
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(Catalogue::ALL.len()));
    for rule in RULES.iter().filter(|rule| !rule.also_known_as.is_empty()) {
        let _ = write!(text, "| {} |", linked(rule));
        for catalogue in Catalogue::ALL {
            let ids: Vec<&str> = rule.known_in(catalogue).collect();
            let _ = write!(text, " {} |", ids.join(", "));
        }
        text.push('\n');
    }
    text.push_str("\n## What we call theirs\n\n");
    for catalogue in Catalogue::ALL {
        let title = catalogue.title();
        let name = catalogue.name();
        let _ = writeln!(
            text,
            "### {title}\n\n`--only {name}` applies these alone.\n"
        );
        let mut theirs: Vec<(&str, &Rule)> = RULES
            .iter()
            .flat_map(|rule| rule.known_in(catalogue).map(move |id| (id, *rule)))
            .collect();
        theirs.sort_by_key(|(id, rule)| (in_order(id), rule.id));
        text.push_str("| id | rule |\n|---|---|\n");
        for (id, rule) in theirs {
            let _ = writeln!(text, "| {id} | {} `{}` |", linked(rule), rule.name);
        }
        text.push('\n');
    }
    for rule in RULES {
        page(&mut text, rule);
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn page(text: &mut String, rule: &Rule) {
    let _ = writeln!(text, "## {} `{}`\n", rule.id, rule.name);
    let mut fenced = false;
    for line in rule.page.trim_end().lines() {
        // Doc comments have a space before their text.
        let line = line.strip_prefix(' ').unwrap_or(line);
        fenced ^= line.starts_with("```");
        match line.strip_prefix("# ") {
            Some(heading) if !fenced => {
                let _ = writeln!(text, "### {heading}");
            }
            _ => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text.push('\n');
    if rule.options.is_empty() {
        return;
    }
    text.push_str("### Options\n\n");
    for option in rule.options {
        let _ = writeln!(text, "- `{}`: {}", option.name, option.doc);
    }
    text.push('\n');
}

fn linked(rule: &Rule) -> String {
    let heading = rule.id.replace(':', "").to_lowercase();
    format!("[{}](#{heading}-{})", rule.id, rule.name)
}

/// `ECS.10` comes after `ECS.9`.
fn in_order(id: &str) -> (String, u32) {
    let digits = id.len() - id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (name, number) = id.split_at(id.len() - digits);
    (name.to_owned(), number.parse().unwrap_or(0))
}
