//! The values that the root module's variables are given, in Terraform's order: what Terragrunt gives, the
//! environment, then `terraform.tfvars`, `terraform.tfvars.json`, `*.auto.tfvars`, then the command line. What a plan was
//! made with outranks them all.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::configuration::Assignment;
use super::directory::{Directory, Variable};
use super::evaluator::{Evaluator, step};
use super::scope::{Origin, Scope};
use crate::hcl;
use crate::hcl::tree::{ExpressionKind, ObjectKey};
use crate::source::{FileId, Place};
use crate::terraform::json;
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{Kind, StepKind, Text, Trace, Unknown, Value};

type Assigned = HashMap<Arc<str>, Value>;

impl Evaluator<'_> {
    /// What each variable of the root module is given.
    pub(super) fn assigned(&self, directory: &Directory) -> Assigned {
        let mut assigned = Assigned::new();
        for path in self.inputs.terragrunt {
            self.assign_inputs(directory, path, &mut assigned);
        }
        for (name, text) in self.inputs.environment {
            self.assign_text(directory, &mut assigned, name, text);
        }
        for name in automatic_files(&directory.path) {
            self.assign_file(directory, &directory.path.join(name), &mut assigned);
        }
        for assignment in self.inputs.assignments {
            match assignment {
                Assignment::Variable(name, text) => {
                    self.assign_text(directory, &mut assigned, name, text);
                }
                Assignment::File(path) => self.assign_file(directory, path, &mut assigned),
            }
        }
        assigned
    }

    /// What a plan was made with, where it says. Where the source gives the same, the source's value stays: it knows
    /// its places.
    pub(super) fn planned(&self, name: &str, variable: &Variable, value: Value) -> Value {
        let Some(planned) = self.inputs.facts.variable(name) else {
            return value;
        };
        if planned.is_null() && !variable.nullable {
            return value;
        }
        let planned = self.constrained(planned, variable, name);
        if planned.same(&value) { value } else { planned }
    }

    /// A value given as text: that text, or where the variable's type is no simple one, an expression.
    /// It has no trace, since what stands there may not be shown.
    fn assign_text(&self, directory: &Directory, assigned: &mut Assigned, name: &str, text: &str) {
        let Some((name, variable)) = directory.variables.get_key_value(name) else {
            return;
        };
        if variable.literal {
            assigned.insert(name.clone(), Value::string(text));
            return;
        }
        let parsed = hcl::parse_expression(text);
        let scope = Scope::bare(Origin::Nowhere);
        let value = match parsed.errors.first() {
            None => self.leaf(scope, &parsed.tree).ok(),
            Some(_) => None,
        };
        match value {
            Some(value) => {
                assigned.insert(name.clone(), value);
            }
            None => {
                let message = format!("the value given for `{name}` is no expression");
                let unknown = Unknown::other(message.as_str());
                self.notes.add(message, None);
                assigned.insert(name.clone(), Value::unknown(unknown));
            }
        }
    }

    /// What a file of values that cannot be read, or not all of it, may give: anything for any variable but these.
    fn assign_anything(
        &self,
        directory: &Directory,
        why: &str,
        but: &HashSet<&str>,
        assigned: &mut Assigned,
    ) {
        for name in directory.variables.keys() {
            if !but.contains(&**name) {
                let unknown = Unknown::other(why);
                assigned.insert(name.clone(), Value::unknown(unknown));
            }
        }
    }

    /// Reads a file of values; where it cannot be read, it may give anything.
    fn read_values(
        &self,
        directory: &Directory,
        path: &Path,
        assigned: &mut Assigned,
    ) -> Option<FileId> {
        match self.files.read_source(path) {
            Ok(file) => {
                self.variable_files.borrow_mut().push(file);
                Some(file)
            }
            Err(message) => {
                self.assign_anything(directory, &message, &HashSet::new(), assigned);
                self.notes.add(message, None);
                None
            }
        }
    }

    fn assign_file(&self, directory: &Directory, path: &Path, assigned: &mut Assigned) {
        let Some(file) = self.read_values(directory, path, assigned) else {
            return;
        };
        let text = self.files.text(file);
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            self.assign_json(directory, file, &text, assigned);
            return;
        }
        let source = self.files.file(file);
        let parsed = source.parsed();
        let names: HashSet<&str> = parsed
            .tree
            .attributes
            .iter()
            .map(|attribute| &*attribute.name.text)
            .collect();
        if !parsed.errors.is_empty() {
            let why = format!("`{}` has a syntax error", self.files.name(path));
            self.assign_anything(directory, &why, &names, assigned);
        }
        for error in &parsed.errors {
            let message = unquoted(&error.message, &names);
            self.notes.add(message, Some(Place::new(file, error.span)));
        }
        let scope = Scope::bare(Origin::File(file, 0));
        for attribute in &parsed.tree.attributes {
            let name = attribute.name.text.clone();
            let value = self
                .leaf(scope, &attribute.value)
                .unwrap_or_else(|fault| self.refused(fault));
            let place = Place::new(file, attribute.span);
            let value = step(value, StepKind::VariableFile(name.clone()), Some(place));
            assigned.insert(name, value);
        }
    }

    /// Assigns the `inputs` of a file of Terragrunt, which it puts into the environment: a structure, for a variable that
    /// wants a text, as JSON.
    fn assign_inputs(&self, directory: &Directory, path: &Path, assigned: &mut Assigned) {
        let Some(file) = self.read_values(directory, path, assigned) else {
            return;
        };
        let parsed = hcl::parse(&self.files.text(file));
        let given = parsed.tree.attributes.iter();
        let mut given = given.filter(|attribute| &*attribute.name.text == "inputs");
        let Some(ExpressionKind::Object(items)) = given.next().map(|given| &given.value.kind)
        else {
            return;
        };
        let scope = Scope::bare(Origin::File(file, 0));
        for item in items {
            let (key, start) = match &item.key {
                ObjectKey::Name(name) => (Some(name.text.to_string()), name.span.start),
                ObjectKey::Expression(key) => {
                    let name = self.leaf(scope, key).ok();
                    let name = name.as_ref().and_then(Value::as_str);
                    (name.map(|name| name.into_owned()), key.span.start)
                }
            };
            let known = key.and_then(|key| directory.variables.get_key_value(&*key));
            let Some((name, variable)) = known else {
                continue;
            };
            let value = self
                .leaf(scope, &item.value)
                .unwrap_or_else(|fault| self.refused(fault));
            let value = if variable.literal {
                as_text(value)
            } else {
                value
            };
            let span = hcl::Span {
                start,
                end: item.value.span.end,
            };
            let kind = StepKind::VariableFile(name.clone());
            let value = step(value, kind, Some(Place::new(file, span)));
            assigned.insert(name.clone(), value);
        }
    }

    fn assign_json(
        &self,
        directory: &Directory,
        file: FileId,
        text: &str,
        assigned: &mut Assigned,
    ) {
        let whole = hcl::Span {
            start: 0,
            end: u32::try_from(text.len()).unwrap_or(u32::MAX),
        };
        let place = Place::new(file, whole);
        let value = match json::parse(&Text::written(text, Trace::at(place))) {
            Ok(value) => value,
            Err(failure) => {
                self.assign_anything(directory, &failure.message, &HashSet::new(), assigned);
                self.notes
                    .add(failure.message, failure.place.or(Some(place)));
                return;
            }
        };
        let Kind::Object(_, map) = &value.kind else {
            let message = "a variable file must hold an object";
            self.assign_anything(directory, message, &HashSet::new(), assigned);
            self.notes.add(message, Some(place));
            return;
        };
        for (name, value) in &map.entries {
            let at = value.trace.iter().next().map(|step| step.place);
            let kind = StepKind::VariableFile(name.clone());
            assigned.insert(name.clone(), step(value.clone(), kind, at.or(Some(place))));
        }
    }
}

/// The text that a value is in the environment.
fn as_text(value: Value) -> Value {
    match &value.kind {
        Kind::Object(..) | Kind::List(..) => {
            let trace = value.trace.clone();
            Value::json(value).with_trace(trace)
        }
        _ => convert(&value, &Type::String).unwrap_or(value),
    }
}

/// A message on a variable file without the words that it quotes from there, but for the names of
/// variables: what was to be a value may stand anywhere in a broken file.
pub(super) fn unquoted(message: &str, names: &HashSet<&str>) -> String {
    let masked = |piece: &str| -> String {
        let hide = |c: char| if c.is_alphanumeric() { '*' } else { c };
        piece.chars().map(hide).collect()
    };
    let pieces: Vec<_> = message
        .split('`')
        .enumerate()
        .map(|(index, piece)| match index % 2 {
            1 if !names.contains(piece) => Cow::Owned(masked(piece)),
            _ => Cow::Borrowed(piece),
        })
        .collect();
    pieces.join("`")
}

/// The variable files that are read without being asked for, in Terraform's order.
fn automatic_files(directory: &Path) -> Vec<String> {
    let mut automatic = Vec::new();
    for name in ["terraform.tfvars", "terraform.tfvars.json"] {
        if directory.join(name).is_file() {
            automatic.push(name.to_owned());
        }
    }
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut others: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json"))
        .collect();
    others.sort();
    automatic.extend(others);
    automatic
}
