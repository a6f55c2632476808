//! A source and a plan in a few lines each, and what they come to together.

mod instances;
mod leaves;
mod mocked;
mod provider;

use std::fmt::Write as _;

use super::{Joined, join};
use crate::source::SourceMap;
use crate::terraform::evaluate::{Inputs, evaluate};
use crate::terraform::plan::Facts;
use crate::terraform::value::{Kind, Part, Reason, Value};

/// Joins a source with a plan of these resource changes.
fn joined(source: &str, changes: &str) -> (Joined, SourceMap) {
    let plan =
        format!(r#"{{"format_version":"1.2","complete":true,"resource_changes":[{changes}]}}"#);
    joined_with(source, &plan)
}

fn joined_with(source: &str, plan: &str) -> (Joined, SourceMap) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), source).unwrap();
    let facts = Facts::read(plan.as_bytes().to_vec(), "plan.json").unwrap();
    let inputs = Inputs {
        root: directory.path(),
        workspace: directory.path(),
        environment: &[],
        terragrunt: &[],
        assignments: &[],
        terraform_workspace: Some("default"),
        facts: &facts,
        edited: None,
    };
    let mut texts = SourceMap::default();
    let configuration = evaluate(&inputs, &mut texts);
    (
        join(configuration, &facts, &|ty| ty != "aws_s3_bucket"),
        texts,
    )
}

/// A change that creates or keeps a task definition `x` with these attributes.
fn task(after: &str, unknown: &str) -> String {
    change("aws_ecs_task_definition.x", after, unknown)
}

fn change(address: &str, after: &str, unknown: &str) -> String {
    let (ty, rest) = address.split_once('.').unwrap();
    let name = rest.split('[').next().unwrap();
    format!(
        r#"{{"address":{address:?},"mode":"managed","type":"{ty}","name":"{name}",
        "change":{{"actions":["create"],"after":{after},"after_unknown":{unknown}}}}}"#
    )
}

/// Container definitions in a plan.
fn containers(json: &str) -> String {
    format!(
        r#"{{"container_definitions":{}}}"#,
        serde_json::to_string(json).unwrap()
    )
}

/// A task definition in the source.
fn source(container_definitions: &str) -> String {
    format!(
        "resource \"aws_ecs_task_definition\" \"x\" {{\n  container_definitions = \
         {container_definitions}\n}}\n"
    )
}

/// Writes a value, and after each scalar `@` with the text that stands where it was written.
fn shown(value: &Value, texts: &SourceMap) -> String {
    let mut text = match &value.kind {
        Kind::Null(_) => "null".into(),
        Kind::Bool(truth) => truth.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(parts) => parts.0.iter().fold(String::new(), |mut text, part| {
            match part {
                Part::Known(known, _) => text.push_str(known),
                Part::Json(_) => text.push_str("JSON"),
                Part::Unknown(unknown, _) => {
                    let references = unknown.references();
                    let references = references.iter().map(ToString::to_string);
                    write!(text, "${{{}}}", references.collect::<Vec<_>>().join(", ")).unwrap();
                }
            }
            text
        }),
        Kind::List(_, elements) => {
            let elements: Vec<_> = elements.iter().map(|one| shown(one, texts)).collect();
            return format!("[{}]", elements.join(", "));
        }
        Kind::Object(_, map) => {
            let entry = |(key, value)| format!("{key} = {}", shown(value, texts));
            return format!(
                "{{{}}}",
                map.entries.iter().map(entry).collect::<Vec<_>>().join(", ")
            );
        }
        Kind::Json(value) => return format!("JSON {}", shown(value, texts)),
        Kind::Unknown(unknown) => match unknown.reason() {
            Reason::Reference(reference) => format!("<{reference}>"),
            _ => "<unknown>".into(),
        },
    };
    if let Some(place) = value.trace.written() {
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        write!(text, "@{}", &texts.file(place.file).text[start..end]).unwrap();
    }
    if let Some(taint) = &value.trace.taint {
        write!(text, " ({})", taint.source).unwrap();
    }
    text
}

fn attribute(joined: &(Joined, SourceMap), address: &str, name: &str) -> String {
    let instance = joined
        .0
        .instances
        .iter()
        .find(|one| &*one.address == address)
        .unwrap();
    instance
        .attributes
        .entries
        .get(name)
        .map_or("absent".into(), |value| shown(value, &joined.1))
}

fn definitions(joined: &(Joined, SourceMap)) -> String {
    attribute(joined, "aws_ecs_task_definition.x", "container_definitions")
}

fn disagreements(joined: &(Joined, SourceMap)) -> Vec<String> {
    let line = |one: &super::Disagreement| {
        let place = one.place.map_or("nowhere".into(), |place| {
            let (start, end) = (place.span.start as usize, place.span.end as usize);
            joined.1.file(place.file).text[start..end].to_owned()
        });
        format!(
            "{}{}: {} at {place}, {} in the plan",
            one.address, one.path, one.source, one.plan
        )
    };
    joined.0.disagreements.iter().map(line).collect()
}
