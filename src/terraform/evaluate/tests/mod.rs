//! Small configurations and what they come to.

mod bounds;
mod expressions;
mod files;
mod modules;
mod plans;
mod repetition;
mod resources;
mod variables;

use std::fmt::Write as _;

use super::{Assignment, Configuration, Inputs, evaluate};
use crate::source::{Place, SourceMap};
use crate::terraform::plan::Facts;
use crate::terraform::value::{Kind, Part, Presence, Reason, StepKind, Unknown, Value};

/// An evaluated directory of files.
struct Evaluated {
    configuration: Configuration,
    source: SourceMap,
    _directory: tempfile::TempDir,
}

fn evaluated(files: &[(&str, &str)]) -> Evaluated {
    evaluated_with(files, &[], &[], &Facts::default())
}

fn evaluated_with(
    files: &[(&str, &str)],
    environment: &[(String, String)],
    assignments: &[Assignment],
    facts: &Facts,
) -> Evaluated {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let root = directory.path().join("root");
    let assignments: Vec<Assignment> = assignments
        .iter()
        .map(|assignment| match assignment {
            Assignment::File(path) => Assignment::File(root.join(path)),
            variable => variable.clone(),
        })
        .collect();
    let mut source = SourceMap::default();
    let inputs = Inputs {
        root: &root,
        workspace: directory.path(),
        environment,
        terragrunt: &[],
        assignments: &assignments,
        terraform_workspace: Some("default"),
        facts,
        edited: None,
    };
    let configuration = evaluate(&inputs, &mut source);
    Evaluated {
        configuration,
        source,
        _directory: directory,
    }
}

/// Evaluates the text of a root module.
fn root(text: &str) -> Evaluated {
    evaluated(&[("root/main.tf", text)])
}

/// What an expression comes to as the argument of a resource, after other text.
fn value(text: &str, expression: &str) -> String {
    let text = format!("{text}\nresource \"t\" \"it\" {{\n  it = {expression}\n}}\n");
    root(&text).attribute("t.it", "it")
}

impl Evaluated {
    fn find(&self, address: &str, name: &str) -> &Value {
        let instance = self
            .configuration
            .instances
            .iter()
            .find(|instance| &*instance.address == address)
            .unwrap_or_else(|| panic!("no {address}: {:?}", self.addresses()));
        &instance.attributes.entries[name]
    }

    fn attribute(&self, address: &str, name: &str) -> String {
        shown(self.find(address, name))
    }

    fn addresses(&self) -> Vec<String> {
        let instances = self.configuration.instances.iter();
        instances
            .map(|instance| {
                let presence = presence(&instance.presence);
                format!("{presence}{}", instance.address)
            })
            .collect()
    }

    fn notes(&self) -> Vec<String> {
        let notes = self.configuration.notes.iter();
        notes
            .map(|note| match note.place {
                Some(place) => format!("{}: {}", self.at(place), note.message),
                None => note.message.clone(),
            })
            .collect()
    }

    fn at(&self, place: Place) -> String {
        let name = &self.source.file(place.file).name;
        let (start, _) = self.source.positions(place);
        format!("{name}:{}:{}", start.line, start.column)
    }

    /// The steps of a value's trace, the last first, each with what stands in its place.
    fn trace(&self, address: &str, name: &str) -> Vec<String> {
        let steps = self.find(address, name).trace.iter();
        steps
            .map(|step| {
                let kind = match &step.kind {
                    StepKind::Written => "written".to_owned(),
                    StepKind::Key => "key".to_owned(),
                    StepKind::Again => "again".to_owned(),
                    StepKind::Default(name) => format!("default of {name}"),
                    StepKind::VariableFile(name) => format!("file for {name}"),
                    StepKind::Argument(name) => format!("argument {name}"),
                    StepKind::Local(name) => format!("local {name}"),
                    StepKind::Output(name) => format!("output {name}"),
                    StepKind::Reference(text) => format!("reference {text}"),
                };
                format!("{kind}: {}", self.source.text(step.place))
            })
            .collect()
    }
}

/// A value, with unknowns as `?reference`.
fn shown(value: &Value) -> String {
    let mut text = presence(&value.trace.presence);
    match &value.kind {
        Kind::Null(_) => text.push_str("null"),
        Kind::Bool(truth) => write!(text, "{truth}").unwrap(),
        Kind::Number(number) => write!(text, "{number}").unwrap(),
        Kind::String(parts) => {
            text.push('"');
            for part in &parts.0 {
                match part {
                    Part::Known(known, _) => text.push_str(known),
                    Part::Json(value) => write!(text, "${{json {}}}", shown(value)).unwrap(),
                    Part::Unknown(unknown, _) => write!(text, "${{{}}}", why(unknown)).unwrap(),
                }
            }
            text.push('"');
        }
        Kind::List(_, elements) => {
            let elements: Vec<String> = elements.iter().map(shown).collect();
            write!(text, "[{}]", elements.join(", ")).unwrap();
        }
        Kind::Object(_, map) => {
            let entries = map.entries.iter();
            let mut entries: Vec<String> = entries
                .map(|(key, value)| format!("{key} = {}", shown(value)))
                .collect();
            if let Some(rest) = &map.rest {
                entries.push(format!(".. {}", why(rest)));
            }
            write!(text, "{{{}}}", entries.join(", ")).unwrap();
        }
        Kind::Json(value) => write!(text, "json {}", shown(value)).unwrap(),
        Kind::Unknown(unknown) => text.push_str(&why(unknown)),
    }
    text
}

fn why(unknown: &Unknown) -> String {
    match unknown.reason() {
        Reason::Reference(reference) => format!("?{reference}"),
        Reason::Computed(references) => {
            let references: Vec<String> = references.iter().map(ToString::to_string).collect();
            format!("?from({})", references.join(", "))
        }
        Reason::OneOf(values, _) => {
            let values: Vec<String> = values.iter().map(shown).collect();
            format!("?one of({})", values.join(" | "))
        }
        Reason::Other(why) => format!("?because({why})"),
    }
}

fn presence(presence: &Presence) -> String {
    match presence {
        Presence::Certain => String::new(),
        Presence::Maybe(unknown) => format!("maybe[{}] ", why(unknown)),
        Presence::Any(unknown) => format!("any[{}] ", why(unknown)),
    }
}
