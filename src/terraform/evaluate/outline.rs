//! What a root module and everything that it calls declare, without a value of any of it.
//!
//! Whoever wants to stand in for providers has to know what is in use, whether or not there will be an
//! instance of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::configuration::{Inputs, on_a_large_stack};
use super::directory::{Directory, Mode};
use super::evaluator::Evaluator;
use super::file_system::clean;
use super::requirements::literal;
use crate::source::SourceMap;
use crate::terraform::types::Type;

/// How many modules are looked at, and how deep they may call each other.
const MOST_MODULES: usize = 10_000;
const DEPTH: usize = 64;

/// What a root module and the modules under it declare.
#[derive(Debug, Default)]
pub struct Outline {
    /// The provider configurations as the root module names them: `aws`, `aws.replica`.
    pub providers: BTreeSet<Arc<str>>,
    /// Every resource and data source, once for each path of module calls.
    pub blocks: Vec<Block>,
    /// The root module's variables that have neither a value nor a default.
    pub variables: Vec<OpenVariable>,
}

/// A block of a resource or of a data source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its absolute address, without instance keys.
    pub address: Arc<str>,
    /// Whether it is a data source.
    pub data: bool,
    /// Its type.
    pub ty: Arc<str>,
    /// What its module takes from its `outputs`, for a `terraform_remote_state`: the names in a row, and
    /// whether an element is taken of what they lead to.
    pub outputs: BTreeMap<Vec<Arc<str>>, bool>,
}

/// A variable of the root module that nobody gave a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenVariable {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Type,
    /// The texts that its validation compares it with.
    pub compared_with: Vec<Arc<str>>,
}

/// Reads what a root module and the modules under it declare. What is not there is left out.
#[must_use]
pub fn outline(inputs: &Inputs<'_>) -> Outline {
    on_a_large_stack(|| {
        let mut source = SourceMap::default();
        let evaluator = Evaluator::new(*inputs, &mut source);
        let mut outline = Outline::default();
        let Some(root) = evaluator.directory(inputs.root) else {
            return outline;
        };
        let assigned = evaluator.assigned(&root);
        for (name, variable) in &root.variables {
            if variable.default.is_none() && !assigned.contains_key(name) {
                outline.variables.push(OpenVariable {
                    name: name.clone(),
                    ty: variable
                        .constraint
                        .as_ref()
                        .map_or(Type::Any, |constraint| constraint.ty().clone()),
                    compared_with: variable.compared_with.clone(),
                });
            }
        }
        let own = root.providers.iter().map(|name| Arc::from(&**name));
        outline.providers.extend(own);
        let wanted = root.requirements.configurations.iter().cloned();
        outline.providers.extend(wanted);
        Walk {
            evaluator: &evaluator,
            root: &root,
            outline: &mut outline,
            modules: 0,
        }
        .module(&root, "", "", Path::new(""), 0);
        outline
    })
    .unwrap_or_default()
}

/// A walk through the modules.
struct Walk<'a, 'i> {
    evaluator: &'a Evaluator<'i>,
    root: &'a Directory,
    outline: &'a mut Outline,
    modules: usize,
}

impl Walk<'_, '_> {
    /// Takes a module in: the address of its calls, their names in a row, its path from the root module.
    fn module(
        &mut self,
        directory: &Directory,
        address: &str,
        names: &str,
        path: &Path,
        depth: usize,
    ) {
        self.modules += 1;
        if self.modules > MOST_MODULES || depth > DEPTH {
            return;
        }
        let mut outputs = self.outputs(directory);
        let mut used = HashSet::new();
        for resource in &directory.resources {
            let provider = resource.provider.split('.').next().unwrap_or_default();
            if used.insert(provider.to_owned()) {
                let source = directory.requirements.source(provider);
                let name = self.root.requirements.local_name(&source);
                self.outline.providers.extend(name);
            }
            if resource.mode == Mode::Ephemeral {
                continue;
            }
            let own = if &*resource.ty == "terraform_remote_state" {
                outputs.remove(&*resource.name).unwrap_or_default()
            } else {
                BTreeMap::new()
            };
            self.outline.blocks.push(Block {
                address: Arc::from(format!(
                    "{address}{}{}.{}",
                    resource.mode.prefix(),
                    resource.ty,
                    resource.name
                )),
                data: resource.mode == Mode::Data,
                ty: resource.ty.clone(),
                outputs: own,
            });
        }
        for (name, call) in &directory.calls {
            let names = match names {
                "" => name.to_string(),
                _ => format!("{names}.{name}"),
            };
            let source = call.source.as_ref();
            let source = source.and_then(|source| literal(&source.value));
            let local = source.filter(|source| {
                matches!(*source, "." | "..")
                    || source.starts_with("./")
                    || source.starts_with("../")
            });
            let path = match local {
                Some(local) => clean(&path.join(local)),
                None => match self.evaluator.installed.module(&names) {
                    Some(installed) => clean(Path::new(&installed.directory)),
                    None => continue,
                },
            };
            let root = self.evaluator.files.root().join(&path);
            if let Some(called) = self.evaluator.directory(&root) {
                let address = format!("{address}module.{name}.");
                self.module(&called, &address, &names, &path, depth + 1);
            }
        }
    }

    /// What the files of a module take from remote states, by the name of the data source.
    fn outputs(&self, directory: &Directory) -> BTreeMap<String, BTreeMap<Vec<Arc<str>>, bool>> {
        let mut found = BTreeMap::new();
        let is_used = |resource: &super::directory::Resource| {
            &*resource.ty == "terraform_remote_state" && resource.mode == Mode::Data
        };
        if !directory.resources.iter().any(is_used) {
            return found;
        }
        let (files, notes) = (&self.evaluator.files, &self.evaluator.notes);
        let names = files.configuration_files(&directory.path, notes);
        for name in names.unwrap_or_default() {
            if let Ok(file) = files.read_source(&directory.path.join(name)) {
                outputs_in(&files.text(file), &mut found);
            }
        }
        found
    }
}

const REMOTE_STATE: &str = "data.terraform_remote_state.";

/// Finds `data.terraform_remote_state.NAME.outputs.…` in a text.
fn outputs_in(text: &str, found: &mut BTreeMap<String, BTreeMap<Vec<Arc<str>>, bool>>) {
    for (at, _) in text.match_indices(REMOTE_STATE) {
        let mut rest = &text[at + REMOTE_STATE.len()..];
        let Some(name) = word(&mut rest) else {
            continue;
        };
        // The key of an instance.
        if rest.starts_with('[')
            && let Some(end) = rest.find(']')
        {
            rest = &rest[end + 1..];
        }
        let Some(after) = rest.strip_prefix(".outputs") else {
            continue;
        };
        rest = after;
        let mut path: Vec<Arc<str>> = Vec::new();
        while path.len() < 4
            && let Some(step) = step(&mut rest)
        {
            path.push(step);
        }
        if !path.is_empty() {
            let indexed = rest.starts_with('[') || rest.starts_with(".*");
            let outputs = found.entry(name.to_owned()).or_default();
            *outputs.entry(path).or_default() |= indexed;
        }
    }
}

/// Takes `.name` or `["name"]` from the beginning of a text.
fn step(rest: &mut &str) -> Option<Arc<str>> {
    if let Some(mut after) = rest.strip_prefix('.') {
        let name = word(&mut after)?;
        *rest = after;
        return Some(Arc::from(name));
    }
    let (name, after) = rest.strip_prefix("[\"")?.split_once("\"]")?;
    *rest = after;
    Some(Arc::from(name))
}

fn word<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    if word.is_empty() || word.starts_with(|c: char| c.is_numeric()) {
        return None;
    }
    *rest = after;
    Some(word)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::terraform::plan::Facts;

    #[test]
    fn everything_in_use_is_found_through_the_modules() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        fs::create_dir(root.join("inner")).unwrap();
        let text = r#"
            terraform {
              required_providers {
                dog = { source = "DataDog/datadog" }
                aws = { source = "hashicorp/aws", configuration_aliases = [aws.given] }
              }
            }
            provider "aws" { alias = "replica" }
            variable "given" {}
            variable "open" { type = list(string) }
            variable "stage" {
              validation {
                condition = contains(["dev", "prod"], var.stage) || var.stage == "test"
                error_message = "no"
              }
            }
            module "a" { source = "./inner" }
            module "missing" { source = "org/name/aws" }
        "#;
        fs::write(root.join("main.tf"), text).unwrap();
        let text = r#"
            terraform {
              required_providers { datadog = { source = "datadog/datadog" } }
            }
            resource "aws_vpc" "x" {
              count = 0
              cidr_block = data.terraform_remote_state.net[0].outputs.vpc["cidr"]
              y = data.terraform_remote_state.net[0].outputs.zones[0]
            }
            data "terraform_remote_state" "net" { count = 1 }
            resource "datadog_monitor" "m" {}
            ephemeral "random_password" "p" {}
        "#;
        fs::write(root.join("inner/main.tf"), text).unwrap();
        fs::write(root.join("terraform.tfvars"), "given = 1\n").unwrap();
        let facts = Facts::default();
        let found = outline(&Inputs {
            root,
            workspace: root,
            environment: &[],
            assignments: &[],
            terraform_workspace: None,
            facts: &facts,
            edited: None,
            terragrunt: &[],
        });
        let providers: Vec<_> = found.providers.iter().map(|name| &**name).collect();
        let all = [
            "aws",
            "aws.given",
            "aws.replica",
            "dog",
            "random",
            "terraform",
        ];
        assert_eq!(providers, all);
        let addresses: Vec<_> = found.blocks.iter().map(|block| &*block.address).collect();
        assert_eq!(
            addresses,
            [
                "module.a.aws_vpc.x",
                "module.a.data.terraform_remote_state.net",
                "module.a.datadog_monitor.m"
            ]
        );
        let outputs: Vec<_> = found.blocks[1]
            .outputs
            .iter()
            .map(|(path, indexed)| (path.join("."), *indexed))
            .collect();
        assert_eq!(
            outputs,
            [("vpc.cidr".into(), false), ("zones".into(), true)]
        );
        let names: Vec<_> = found.variables.iter().map(|open| &*open.name).collect();
        assert_eq!(names, ["open", "stage"]);
        assert_eq!(
            found.variables[1].compared_with,
            ["test", "dev", "prod"].map(Arc::<str>::from)
        );
    }
}
