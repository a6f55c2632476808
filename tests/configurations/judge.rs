//! A configuration held against what Terraform said of it.

use std::path::Path;

use ecs_audit::source::SourceMap;
use ecs_audit::terraform::evaluate::{Assignment, Configuration, Inputs, evaluate};
use ecs_audit::terraform::json;
use ecs_audit::terraform::number::Number;
use ecs_audit::terraform::plan::Facts;
use ecs_audit::terraform::types::type_of;
use ecs_audit::terraform::value::{Kind, Sequence, Text, Trace, Value};
use serde_json::Value as Json;

use crate::covers::covers;
use crate::generate::Files;
use crate::types::type_in;

/// How many leaves were compared, and those of which more is known here than there.
#[derive(Default)]
pub(crate) struct Compared {
    pub(crate) instances: usize,
    pub(crate) leaves: usize,
    pub(crate) types: usize,
    pub(crate) applied: usize,
    pub(crate) known_here_alone: usize,
}

/// Evaluates a configuration.
pub(crate) fn evaluated(directory: &Path, files: &Files) -> Configuration {
    let root = directory.join(&files.root);
    let assignments: Vec<Assignment> = files
        .arguments
        .iter()
        .filter_map(|argument| {
            if let Some(file) = argument.strip_prefix("-var-file=") {
                return Some(Assignment::File(root.join(file)));
            }
            let (name, value) = argument.strip_prefix("-var=")?.split_once('=')?;
            Some(Assignment::Variable(name.to_owned(), value.to_owned()))
        })
        .collect();
    let facts = Facts::default();
    let inputs = Inputs {
        root: &root,
        workspace: directory,
        environment: &files.environment,
        terragrunt: &[],
        assignments: &assignments,
        terraform_workspace: Some("default"),
        facts: &facts,
        edited: None,
    };
    evaluate(&inputs, &mut SourceMap::default())
}

/// Every way in which a configuration is not what Terraform said.
pub(crate) fn disagreements(
    configuration: &Configuration,
    answer: &Json,
    compared: &mut Compared,
) -> Vec<String> {
    let mut found = Vec::new();
    let Some(instances) = answer["instances"].as_object() else {
        return found;
    };
    for note in &configuration.notes {
        found.push(format!("a note on what Terraform takes: {}", note.message));
    }
    for instance in &configuration.instances {
        let address = &*instance.address;
        if !instance.presence.is_certain() {
            found.push(format!("{address}: is not certain"));
        } else if !instance.data && !instances.contains_key(address) {
            found.push(format!("{address}: Terraform has none"));
        }
    }
    for (address, attributes) in instances {
        let here = configuration.instances.iter();
        let Some(here) = here.into_iter().find(|here| *here.address == **address) else {
            found.push(format!("{address}: is missing"));
            continue;
        };
        compared.instances += 1;
        for (name, value) in &here.attributes.entries {
            let Some(attribute) = attributes.get(name.as_ref()) else {
                continue;
            };
            let path = format!("{address}.{name}");
            let mask = Mask {
                unknown: &attribute["unknown"],
                sensitive: &attribute["sensitive"],
            };
            let is_own = &*here.ty == "terraform_data";
            let mut comparison = Comparison {
                compared,
                found: &mut found,
                is_converted: !is_own,
            };
            comparison.value(&path, value, &attribute["value"], &mask, false);
            if let Some(applied) = attribute.get("applied").filter(|_| is_own) {
                compared.applied += 1;
                let text = applied.to_string();
                let real = json::parse(&Text::written(&text, Trace::default())).unwrap();
                if !covers(value, &real) {
                    found.push(format!("{path}: {} cannot be {text}", shown(value)));
                }
            }
            let probed = address.strip_prefix("terraform_data.probe");
            let ty = probed.and_then(|at| type_in(&answer["outputs"][format!("out{at}")]));
            if let Some(ty) = ty {
                compared.types += 1;
                let here = type_of(value);
                if here.merge(&ty).is_none() {
                    found.push(format!("{path}: of type {here}, Terraform {ty}"));
                }
            }
        }
    }
    found
}

struct Mask<'a> {
    unknown: &'a Json,
    sensitive: &'a Json,
}

impl<'a> Mask<'a> {
    fn part(&self, key: &str, index: usize) -> Mask<'a> {
        let part = |json: &'a Json| match json {
            Json::Object(entries) => entries.get(key).unwrap_or(&Json::Null),
            Json::Array(elements) => elements.get(index).unwrap_or(&Json::Null),
            other => other,
        };
        Mask {
            unknown: part(self.unknown),
            sensitive: part(self.sensitive),
        }
    }
}

struct Comparison<'c> {
    compared: &'c mut Compared,
    found: &'c mut Vec<String>,
    /// Whether a provider's schema converts what is written.
    is_converted: bool,
}

impl Comparison<'_> {
    fn value(&mut self, path: &str, value: &Value, said: &Json, mask: &Mask<'_>, marked: bool) {
        let marked = marked || value.trace.sensitive;
        let is_leaf = value.elements().is_none() && value.as_mapping().is_none();
        if mask.sensitive == &Json::Bool(true) && !value.is_sensitive() && !marked {
            self.found.push(format!("{path}: not sensitive here"));
        }
        if mask.unknown == &Json::Bool(true) {
            self.compared.known_here_alone += usize::from(value.is_known());
            return;
        }
        if !value.trace.presence.is_certain() {
            return self.found.push(format!("{path}: not certain here"));
        }
        self.compared.leaves += usize::from(is_leaf);
        match (&value.kind, said) {
            (Kind::List(sequence, elements), Json::Array(others)) => {
                let count = mask.unknown.as_array().map_or(0, Vec::len);
                let count = count.max(others.len());
                if elements.len() != count {
                    let here = elements.len();
                    let what = format!("{path}: {here} elements, Terraform {count}");
                    return self.found.push(what);
                }
                if *sequence != Sequence::Set && self.is_converted {
                    return self.in_any_order(path, elements, others, mask, marked);
                }
                for (index, element) in elements.iter().enumerate() {
                    let said = others.get(index).unwrap_or(&Json::Null);
                    let path = format!("{path}[{index}]");
                    self.value(&path, element, said, &mask.part("", index), marked);
                }
            }
            (Kind::Object(_, map), Json::Object(others)) => {
                let masked = mask.unknown.as_object();
                let keys = others
                    .keys()
                    .chain(masked.into_iter().flat_map(|m| m.keys()));
                for key in keys {
                    if !map.entries.contains_key(&**key) && map.rest.is_none() {
                        self.found.push(format!("{path}.{key}: missing"));
                    }
                }
                for (key, element) in &map.entries {
                    let part = mask.part(key, 0);
                    let Some(said) = others.get(&**key).or(masked
                        .and_then(|masked| masked.get(&**key))
                        .map(|_| &Json::Null))
                    else {
                        self.found.push(format!("{path}.{key}: Terraform has none"));
                        continue;
                    };
                    self.value(&format!("{path}.{key}"), element, said, &part, marked);
                }
            }
            _ => {
                if !is_same(value, said, self.is_converted) {
                    let here = shown(value);
                    self.found.push(format!("{path}: {here}, Terraform {said}"));
                }
            }
        }
    }

    /// Blocks and elements that a schema may take for a set.
    fn in_any_order(
        &mut self,
        path: &str,
        elements: &[Value],
        others: &[Json],
        mask: &Mask<'_>,
        marked: bool,
    ) {
        let mut left: Vec<usize> = (0..elements.len()).collect();
        for (index, element) in elements.iter().enumerate() {
            let mut first = None;
            let chosen = left.iter().position(|&at| {
                let mut found = Vec::new();
                let mut compared = Compared::default();
                let mut comparison = Comparison {
                    compared: &mut compared,
                    found: &mut found,
                    is_converted: true,
                };
                let said = others.get(at).unwrap_or(&Json::Null);
                let path = format!("{path}[{index}]");
                comparison.value(&path, element, said, &mask.part("", at), marked);
                self.compared.leaves += compared.leaves;
                let is_same = found.is_empty();
                first.get_or_insert(found);
                is_same
            });
            match chosen {
                Some(at) => {
                    left.remove(at);
                }
                None => self.found.extend(first.into_iter().flatten()),
            }
        }
    }
}

fn is_same(value: &Value, said: &Json, is_converted: bool) -> bool {
    match (&value.kind, said) {
        (Kind::Null(_), Json::Null) => true,
        (Kind::Bool(one), Json::Bool(other)) => one == other,
        (Kind::Number(number), Json::Number(text)) => {
            let text = text.to_string();
            Number::parse(&text)
                .is_ok_and(|other| other == *number || other.to_string() == number.to_string())
        }
        (Kind::String(_) | Kind::Json(_), Json::String(text)) => {
            value.as_str().is_some_and(|known| *known == **text)
        }
        // What a provider computes, or takes for the same.
        (Kind::Null(_), _) => is_converted,
        (Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Json(_), _) if is_converted => {
            let said = match said {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            };
            let here = value.as_text();
            here.is_some_and(|here| here.known().is_some_and(|here| here == said))
        }
        _ => false,
    }
}

/// A value in a few words.
fn shown(value: &Value) -> String {
    let text = json::render(value);
    match text.known() {
        Some(known) => format!("{known} of type {}", type_of(value)),
        None => format!("{}…, not wholly known", text.prefix()),
    }
}
