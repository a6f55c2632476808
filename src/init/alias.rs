//! The alias in Cargo's configuration.

use std::path::Path;

use toml_edit::{DocumentMut, Item, Value, value};

use super::layout::{as_before, make_room, plain};
use super::look::text;
use super::manifest::table;
use super::site::{File, Refusal, document};

/// The alias's name.
pub(super) const NAME: &str = "ecs-audit";

/// Cargo's configuration with the alias, and the alias that it takes the place of.
pub(super) fn edited(file: &File, alias: &str) -> Result<(String, Option<String>), Refusal> {
    let original = file.text.as_deref().unwrap_or_default();
    let mut document = document(&file.name, &plain(original))?;
    let there = words(&document, NAME);
    if there.as_deref() == Some(&split(alias)) {
        return Ok((original.to_owned(), None));
    }
    if let Some(aliases) = document.get_mut("alias").filter(|_| there.is_none()) {
        make_room(aliases);
    }
    let aliases = table(&mut document, &["alias"], &file.name)?;
    match aliases.get_mut(NAME).and_then(Item::as_value_mut) {
        // What stands around the value stays.
        Some(old) => {
            let decor = old.decor().clone();
            *old = Value::from(alias);
            *old.decor_mut() = decor;
        }
        None => {
            aliases.insert(NAME, value(alias));
        }
    }
    let after = document.to_string();
    Ok((
        as_before(original, &after),
        there.map(|words| words.join(" ")),
    ))
}

/// The words of an alias.
pub(super) fn words(document: &DocumentMut, name: &str) -> Option<Vec<String>> {
    match document.get("alias")?.get(name)?.as_value()? {
        Value::String(text) => Some(split(text.value())),
        Value::Array(words) => Some(
            words
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        ),
        _ => Some(Vec::new()),
    }
}

fn split(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The package that the words of an alias run.
pub(super) fn package(words: &[String]) -> Option<&str> {
    let mut words = words.iter().map(String::as_str);
    let is_run = matches!(words.next(), Some("run" | "r"));
    while let Some(word) = words.next().filter(|word| is_run && *word != "--") {
        match word.split_once('=') {
            Some(("--package" | "-p", name)) => return Some(name),
            _ if word == "--package" || word == "-p" => return words.next(),
            _ => {}
        }
    }
    None
}

/// Whether a workspace has an alias of this name, whatever it runs.
pub(super) fn is_there(workspace: &Path) -> bool {
    ["config", "config.toml"].iter().any(|name| {
        text(&workspace.join(".cargo").join(name))
            .and_then(|text| text.parse::<DocumentMut>().ok())
            .is_some_and(|document| words(&document, NAME).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIAS: &str = "run --quiet --package xtask -- ecs-audit";

    fn edit(text: &str) -> (String, Option<String>) {
        let file = File {
            name: ".cargo/config.toml".to_owned(),
            text: Some(text.to_owned()),
        };
        edited(&file, ALIAS).unwrap()
    }

    #[test]
    fn the_alias_goes_where_the_others_are() {
        let line = format!("ecs-audit = \"{ALIAS}\"\n");
        assert_eq!(edit("").0, format!("[alias]\n{line}"));
        assert_eq!(
            edit("[alias] # ours\nxtask = \"run -p xtask --\" # all\n\n[build]\njobs = 2\n").0,
            format!(
                "[alias] # ours\nxtask = \"run -p xtask --\" # all\n{line}\n[build]\njobs = 2\n"
            )
        );
        assert_eq!(
            edit("[build]\r\njobs = 2").0,
            format!("[build]\r\njobs = 2\r\n\r\n[alias]\r\n{}", line.trim_end())
        );
        assert_eq!(
            edit("alias = { b = \"build\" }\n").0,
            format!("alias = {{ b = \"build\", ecs-audit = \"{ALIAS}\" }}\n")
        );
        let (dotted, _) = edit("alias.b = \"build\"\n");
        let dotted: DocumentMut = dotted.parse().unwrap();
        assert_eq!(words(&dotted, NAME), Some(split(ALIAS)));
    }

    #[test]
    fn an_alias_that_is_the_same_is_left_alone_and_another_is_named() {
        for same in [
            format!("[alias]\necs-audit = '{ALIAS}'\n"),
            "[alias]\necs-audit = [\"run\", \"--quiet\", \"--package\", \"xtask\", \"--\", \"ecs-audit\"]\n"
                .to_owned(),
        ] {
            assert_eq!(edit(&same), (same.clone(), None));
        }
        let (text, was) = edit("[alias]\necs-audit = \"run -p tool\" # soon\n");
        assert_eq!(text, format!("[alias]\necs-audit = \"{ALIAS}\" # soon\n"));
        assert_eq!(was.as_deref(), Some("run -p tool"));
    }

    #[test]
    fn the_package_that_an_alias_runs_is_seen() {
        for alias in [
            "run --package a -- b",
            "r -q --package=a",
            "run -p a -p-x --",
        ] {
            assert_eq!(package(&split(alias)), Some("a"), "{alias}");
        }
        for alias in ["build -p a", "run -- -p a", "run -p"] {
            assert_eq!(package(&split(alias)), None, "{alias}");
        }
    }
}
