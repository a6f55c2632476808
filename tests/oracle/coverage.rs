//! Whether each function of Terraform is held against it in every way.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::process::Command;

use ecs_audit::terraform::Value;
use ecs_audit::terraform::evaluate::expression;
use ecs_audit::terraform::json;
use serde_json::Value as Json;

use crate::cases::{VERSION, answers, files, folder, groups, hash};
use crate::signature::signatures;
use crate::terraform;

/// How many expressions call each function at the least.
const LEAST: usize = 10;
/// Functions of no argument, which so can have none that is unknown or sensitive.
const WITHOUT_ARGUMENTS: [&str; 3] = ["plantimestamp", "timestamp", "uuid"];
/// Functions that only something unknown can be given here, for their results cannot be kept: what
/// Terraform decides when it runs, private keys, references to texts.
const WITHOUT_RESULTS: [&str; 6] = [
    "bcrypt",
    "plantimestamp",
    "rsadecrypt",
    "templatestring",
    "timestamp",
    "uuid",
];

/// The names of the functions that this version of Terraform has.
fn names() -> Vec<String> {
    let names = signatures().into_iter().map(|signature| signature.name);
    names.collect()
}

/// A type as signatures have it.
fn type_of(json: &Json) -> String {
    match json {
        Json::Array(parts) => format!("{}({})", parts[0].as_str().unwrap(), type_of(&parts[1])),
        name => name.as_str().unwrap().to_owned(),
    }
}

/// A line of the list of functions: `join(string, list(string)...) string`.
fn line(name: &str, signature: &Json) -> String {
    let parameter = |json: &Json| {
        let null = if json["is_nullable"] == Json::Bool(true) {
            "?"
        } else {
            ""
        };
        format!("{}{null}", type_of(&json["type"]))
    };
    let several = signature["parameters"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let mut parameters: Vec<String> = several.iter().map(parameter).collect();
    if signature["variadic_parameter"].is_object() {
        parameters.push(format!(
            "{}...",
            parameter(&signature["variadic_parameter"])
        ));
    }
    format!(
        "{name}({}) {}",
        parameters.join(", "),
        type_of(&signature["return_type"])
    )
}

#[test]
fn the_list_of_functions_is_what_terraform_says() {
    if terraform::version().as_deref() != Some(VERSION) {
        return;
    }
    let mut terraform = Command::new("terraform");
    let output = terraform
        .args(["metadata", "functions", "-json"])
        .output()
        .unwrap();
    let said: Json = serde_json::from_slice(&output.stdout).unwrap();
    let signatures = said["function_signatures"].as_object().unwrap();
    let said: BTreeSet<String> = signatures
        .iter()
        .map(|(name, signature)| line(name.strip_prefix("core::").unwrap_or(name), signature))
        .collect();
    let list = std::fs::read_to_string(folder().join("functions.list")).unwrap();
    assert!(list.lines().eq(said.iter().map(String::as_str)));
}

/// Whether an expression calls a function, by its plain name.
fn calls(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        !before.is_some_and(part) && text[at + name.len()..].starts_with('(')
    })
}

#[derive(Debug, Default)]
struct Covered {
    all: usize,
    ordinary: usize,
    unknown: usize,
    sensitive: usize,
    refused: usize,
    namespaced: usize,
}

#[test]
fn every_function_is_held_against_terraform_in_every_way() {
    let mut covered: Vec<(String, Covered)> = names()
        .into_iter()
        .map(|name| (name, Covered::default()))
        .collect();
    for group in groups() {
        let answers = answers(&group, None);
        for one in &group.expressions {
            let text = one.text.as_str();
            let Some(answer) = answers.get(&hash(text)) else {
                continue;
            };
            let refused = answer["error"] == Json::Bool(true);
            let unknown = text.contains("terraform_data.x");
            let sensitive = text.contains("sensitive(");
            for (name, covered) in &mut covered {
                if !calls(text, name) {
                    continue;
                }
                covered.all += 1;
                let marker = matches!(name.as_str(), "sensitive" | "nonsensitive" | "issensitive");
                match (refused, unknown, sensitive) {
                    (true, ..) => covered.refused += 1,
                    (_, true, false) => covered.unknown += 1,
                    (_, true, true) => {
                        covered.unknown += usize::from(marker);
                        covered.sensitive += 1;
                    }
                    (_, _, true) => {
                        covered.sensitive += 1;
                        covered.ordinary += usize::from(marker);
                    }
                    _ => covered.ordinary += 1,
                }
                if !refused && covered.namespaced == 0 && text.starts_with(&format!("{name}(")) {
                    let known = |value: Value| json::render(&value).known().map(String::from);
                    let plain = expression(text, &files()).map(known);
                    let spaced = expression(&format!("core::{text}"), &files()).map(known);
                    assert_eq!(plain, spaced, "core::{text}");
                    covered.namespaced += 1;
                }
            }
        }
    }
    let mut report = String::new();
    for (name, covered) in covered {
        let without = |names: &[&str]| names.contains(&name.as_str());
        let enough = covered.all >= LEAST
            && covered.refused > 0
            && covered.namespaced > 0
            && (covered.ordinary > 0 || without(&WITHOUT_RESULTS))
            && (covered.unknown > 0 && covered.sensitive > 0 || without(&WITHOUT_ARGUMENTS));
        if !enough {
            let _ = writeln!(report, "{name}: {covered:?}");
        }
    }
    assert!(
        report.is_empty(),
        "not held against Terraform in every way:\n{report}"
    );
}
