//! Holds the evaluator against Terraform, expression by expression.
//!
//! `tests/oracle/GROUP.txt` has one expression on a line. Blank lines and lines that begin with `#` say
//! nothing; a line that begins with `#!` gives the reason why the evaluator and Terraform disagree on the
//! expression that follows, and is refused where they agree. Expressions may refer to `terraform_data.x`,
//! whose `id` is an unknown string and whose `output` is unknown altogether, and read what is in
//! `tests/oracle/files`.
//!
//! What Terraform said is in `tests/oracle/answers/VERSION/GROUP.jsonl`, by the expression's hash, so that
//! machines without Terraform hold the evaluator against it too. Where that Terraform is there, it is
//! asked for what is missing, and the file is written again; with `ECS_AUDIT_REQUIRE_TERRAFORM=1`
//! everything is asked again. `ECS_AUDIT_ORACLE=GROUP` looks at one group alone.

#[path = "oracle/coverage.rs"]
mod coverage;
mod terraform;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecs_audit::terraform::evaluate::expression;
use ecs_audit::terraform::json;
use ecs_audit::terraform::number::Number;
use ecs_audit::terraform::types::{Type, type_of};
use ecs_audit::terraform::value::{Kind, Value};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// The Terraform whose answers are kept.
const VERSION: &str = "1.11.4";

struct Group {
    name: String,
    expressions: Vec<Expression>,
}

struct Expression {
    line: usize,
    text: String,
    /// Why the evaluator and Terraform disagree, where they are known to.
    reason: Option<String>,
}

/// What Terraform said: [`Json::Null`] under `type` where it is not told.
type Answers = HashMap<String, Json>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

fn groups() -> Vec<Group> {
    let only = std::env::var("ECS_AUDIT_ORACLE").ok();
    let mut groups = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let expressions = read(&text);
        groups.push(Group { name, expressions });
    }
    groups.sort_by(|one, another| one.name.cmp(&another.name));
    groups
}

fn read(text: &str) -> Vec<Expression> {
    let mut expressions = Vec::new();
    let mut reason = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(why) = line.strip_prefix("#!") {
            reason = Some(why.trim().to_owned());
        } else if !line.is_empty() && !line.starts_with('#') {
            expressions.push(Expression {
                line: index + 1,
                text: line.to_owned(),
                reason: reason.take(),
            });
        }
    }
    expressions
}

fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

fn kept(group: &Group) -> (PathBuf, Answers) {
    let path = folder().join(format!("answers/{VERSION}/{}.jsonl", group.name));
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let answers = text.lines().map(|line| {
        let answer: Json = serde_json::from_str(line).unwrap();
        (answer["of"].as_str().unwrap().to_owned(), answer)
    });
    (path, answers.collect())
}

/// The answers to a group, asked for as far as they are missing.
fn answers(group: &Group, version: Option<&str>) -> Answers {
    let (path, kept) = kept(group);
    if version != Some(VERSION) {
        return kept;
    }
    let again = terraform::is_required();
    let missing: Vec<&Expression> = group
        .expressions
        .iter()
        .filter(|expression| again || !kept.contains_key(&hash(&expression.text)))
        .collect();
    let mut answers = kept.clone();
    for batch in missing.chunks(500) {
        answers.extend(ask(batch));
    }
    if again {
        for (hash, answer) in &kept {
            assert_eq!(
                answers.get(hash),
                Some(answer),
                "Terraform has changed its mind"
            );
        }
    }
    let mut text = String::new();
    let mut written = std::collections::BTreeSet::new();
    for expression in &group.expressions {
        let hash = hash(&expression.text);
        if let Some(answer) = answers.get(&hash)
            && written.insert(hash)
        {
            let _ = writeln!(text, "{answer}");
        }
    }
    if std::fs::read_to_string(&path).ok().as_ref() != Some(&text) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    answers
}

/// Asks Terraform: each expression is the value of an output, which tells value and type, and the input
/// of a resource, which tells what of it is unknown and sensitive. What it refuses is taken out until
/// it plans the rest.
fn ask(expressions: &[&Expression]) -> Answers {
    let directory = tempfile::tempdir().unwrap();
    let file = |index: usize| directory.path().join(format!("e{index}.tf"));
    let main = "resource \"terraform_data\" \"x\" { input = jsondecode(timestamp()) }\n";
    std::fs::write(directory.path().join("main.tf"), main).unwrap();
    copy(&files(), directory.path());
    for (index, expression) in expressions.iter().enumerate() {
        let text = &expression.text;
        let block = format!(
            "output \"e{index}\" {{\n  value = {text}\n  sensitive = true\n}}\n\
             resource \"terraform_data\" \"e{index}\" {{\n  input = {text}\n}}\n"
        );
        std::fs::write(file(index), block).unwrap();
    }
    let mut answers = Answers::new();
    let refused = |expression: &Expression| {
        let of = hash(&expression.text);
        (of.clone(), serde_json::json!({ "of": of, "error": true }))
    };
    loop {
        let Some(failed) = plan(directory.path()) else {
            // Some failures, such as that of writing infinity into a plan, name nothing.
            if let [expression] = expressions {
                return Answers::from([refused(expression)]);
            }
            let (first, second) = expressions.split_at(expressions.len() / 2);
            answers = ask(first);
            answers.extend(ask(second));
            return answers;
        };
        if failed.is_empty() {
            break;
        }
        for index in failed {
            answers.extend([refused(expressions[index])]);
            std::fs::remove_file(file(index)).unwrap();
        }
    }
    let shown = run(directory.path(), &["show", "-json", "plan"]);
    let shown: Json = serde_json::from_slice(&shown).unwrap();
    let mut inputs = BTreeMap::new();
    for resource in shown["resource_changes"].as_array().unwrap() {
        inputs.insert(resource["name"].as_str().unwrap(), &resource["change"]);
    }
    for (index, expression) in expressions.iter().enumerate() {
        let name = format!("e{index}");
        let Some(change) = shown["output_changes"].get(&name) else {
            continue;
        };
        let of = hash(&expression.text);
        let ty = &shown["planned_values"]["outputs"][&name]["type"];
        let sensitive = &inputs[name.as_str()]["after_sensitive"]["input"];
        let answer = serde_json::json!({
            "of": of,
            "type": ty,
            "value": change["after"],
            "unknown": change["after_unknown"],
            "sensitive": sensitive,
        });
        answers.insert(of, answer);
    }
    answers
}

/// The directory that expressions read files in.
fn files() -> PathBuf {
    folder().join("files")
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn run(directory: &Path, arguments: &[&str]) -> Vec<u8> {
    Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap()
        .stdout
}

/// Plans, and gives the expressions that Terraform refuses; `None` where it does not say which.
fn plan(directory: &Path) -> Option<Vec<usize>> {
    let options = [
        "-json",
        "-input=false",
        "-refresh=false",
        "-lock=false",
        "-out=plan",
    ];
    let said = run(directory, &[&["plan"], options.as_slice()].concat());
    let mut refused = std::collections::BTreeSet::new();
    let mut failed = false;
    for line in String::from_utf8(said).unwrap().lines() {
        let message: Json = serde_json::from_str(line).unwrap();
        let diagnostic = &message["diagnostic"];
        if diagnostic["severity"] != "error" {
            continue;
        }
        failed = true;
        let named = diagnostic["range"]["filename"].as_str();
        let index = named.and_then(|name| name.strip_prefix('e')?.strip_suffix(".tf"));
        if let Some(index) = index {
            refused.insert(index.parse().unwrap());
        } else {
            // Some errors have no place, but name the resource.
            let address = diagnostic["address"].as_str().unwrap_or_default();
            let index = address.strip_prefix("terraform_data.e");
            refused.extend(index.map(|index| index.parse::<usize>().unwrap()));
        }
    }
    (!failed || !refused.is_empty()).then(|| refused.into_iter().collect())
}

/// What is known of a type in Terraform's JSON, `None` where nothing is.
fn type_in(json: &Json) -> Option<Type> {
    let parts = match json {
        Json::String(name) => {
            return match name.as_str() {
                "string" => Some(Type::String),
                "number" => Some(Type::Number),
                "bool" => Some(Type::Bool),
                _ => Some(Type::Any),
            };
        }
        Json::Array(parts) => parts,
        _ => return None,
    };
    let inner = || type_in(&parts[1]).unwrap();
    Some(match parts[0].as_str()? {
        "list" => Type::list(inner()),
        "set" => Type::set(inner()),
        "map" => Type::map(inner()),
        "tuple" => {
            let elements = parts[1].as_array()?;
            Type::tuple(elements.iter().map(|one| type_in(one).unwrap()).collect())
        }
        _ => {
            let attributes = parts[1].as_object()?.iter();
            Type::object(attributes.map(|(name, ty)| (name.as_str(), type_in(ty).unwrap())))
        }
    })
}

/// A value in a few words.
fn shown(value: &Value) -> String {
    let text = json::render(value);
    match text.known() {
        Some(known) => format!("{known} of type {}", type_of(value)),
        None => format!(
            "{}…, not wholly known, of type {}",
            text.prefix(),
            type_of(value)
        ),
    }
}

/// Says where and how a value is not what Terraform said.
fn disagreement(
    value: &Value,
    said: &Json,
    unknown: &Json,
    sensitive: &Json,
    (path, marked): (&str, bool),
) -> Option<String> {
    let marked = marked || value.trace.sensitive;
    let is_leaf = value.elements().is_none() && value.as_mapping().is_none();
    if sensitive == &Json::Bool(true) && !value.is_sensitive() && !marked {
        return Some(format!("{path}: not sensitive here"));
    }
    if marked && is_leaf && matches!(sensitive, Json::Null | Json::Bool(false)) {
        return Some(format!("{path}: sensitive here alone"));
    }
    if unknown == &Json::Bool(true) {
        // Knowing more than Terraform is what the evaluator is for; tests of soundness are elsewhere.
        return None;
    }
    if !value.trace.presence.is_certain() {
        return Some(format!("{path}: not certain here"));
    }
    let part = |json: &Json, key: &str, index: usize| match json {
        Json::Bool(true) => Json::Bool(true),
        Json::Object(entries) => entries.get(key).cloned().unwrap_or_default(),
        Json::Array(elements) => elements.get(index).cloned().unwrap_or_default(),
        _ => Json::Null,
    };
    match (&value.kind, said) {
        (Kind::Null, Json::Null) => None,
        (Kind::Bool(one), Json::Bool(another)) if one == another => None,
        (Kind::Number(number), Json::Number(text)) => {
            let text = text.to_string();
            let equal = Number::parse(&text)
                .is_ok_and(|other| other == *number || other.to_string() == number.to_string());
            (!equal).then(|| format!("{path}: {number}, Terraform {text}"))
        }
        (Kind::String(_) | Kind::Json(_), Json::String(text)) => match value.as_str() {
            Some(known) if *known == **text => None,
            Some(known) => Some(format!("{path}: {known:?}, Terraform {text:?}")),
            None => Some(format!("{path}: unknown here, Terraform {text:?}")),
        },
        (Kind::List(_, elements), Json::Array(others)) => {
            let known = unknown.as_array().map_or(0, Vec::len).max(others.len());
            if elements.len() != known {
                return Some(format!(
                    "{path}: {} elements, Terraform {known}",
                    elements.len()
                ));
            }
            elements.iter().enumerate().find_map(|(index, element)| {
                disagreement(
                    element,
                    &part(said, "", index),
                    &part(unknown, "", index),
                    &part(sensitive, "", index),
                    (&format!("{path}[{index}]"), marked),
                )
            })
        }
        (Kind::Object(_, map), Json::Object(others)) => {
            let empty = serde_json::Map::new();
            let masked = unknown.as_object().unwrap_or(&empty);
            let mut keys: Vec<&str> = others.keys().chain(masked.keys()).map(|k| &**k).collect();
            keys.sort_unstable();
            keys.dedup();
            if !keys
                .iter()
                .copied()
                .eq(map.entries.keys().map(|key| &**key))
            {
                return Some(format!("{path}: other keys, Terraform {keys:?}"));
            }
            map.entries.iter().find_map(|(key, element)| {
                disagreement(
                    element,
                    &part(said, key, 0),
                    &part(unknown, key, 0),
                    &part(sensitive, key, 0),
                    (&format!("{path}.{key}"), marked),
                )
            })
        }
        _ => Some(format!("{path}: {}, Terraform {said}", shown(value))),
    }
}

/// Says how an evaluation is not what Terraform answered.
fn verdict(text: &str, answer: &Json) -> Option<String> {
    let result = expression(text, &files());
    if answer["error"] == Json::Bool(true) {
        return match result {
            Ok(value) => Some(format!(
                "Terraform refuses it, here it is {}",
                shown(&value)
            )),
            Err(_) => None,
        };
    }
    let value = match result {
        Ok(value) => value,
        Err(failure) => return Some(format!("refused here: {failure}")),
    };
    let found = disagreement(
        &value,
        &answer["value"],
        &answer["unknown"],
        &answer["sensitive"],
        ("", false),
    );
    if found.is_some() {
        return found;
    }
    let (here, there) = (type_of(&value), type_in(&answer["type"])?);
    // The type of null and of what is in nothing is open here.
    here.merge(&there)
        .is_none()
        .then(|| format!("of type {here}, Terraform {there}"))
}

#[test]
fn the_evaluator_and_terraform_agree_on_every_expression() {
    let version = terraform::version();
    let mut report = String::new();
    let mut count = 0;
    for group in groups() {
        let answers = answers(&group, version.as_deref());
        for expression in &group.expressions {
            count += 1;
            let at = format!(
                "{}.txt:{}: {}",
                group.name, expression.line, expression.text
            );
            let Some(answer) = answers.get(&hash(&expression.text)) else {
                let _ = writeln!(
                    report,
                    "{at}\n    no answer yet: test with Terraform {VERSION}"
                );
                continue;
            };
            match (verdict(&expression.text, answer), &expression.reason) {
                (Some(found), None) => {
                    let _ = writeln!(report, "{at}\n    {found}");
                }
                (None, Some(_)) => {
                    let _ = writeln!(report, "{at}\n    agreed on: take its reason away");
                }
                _ => {}
            }
        }
    }
    assert!(report.is_empty(), "of {count} expressions:\n{report}");
}
