//! What a configuration declares, without evaluating it: what the configuration in a plan's JSON tells.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::configuration::{Inputs, on_a_large_stack};
use super::directory::{Directory, Mode};
use super::evaluator::Evaluator;
use super::notes::Notes;
use super::scope::{Origin, Scope};
use crate::hcl::tree::ExpressionKind;
use crate::source::SourceMap;
use crate::terraform::json;
use crate::terraform::plan::{Facts, Snapshot};

/// What a configuration declares.
#[derive(Debug, Default)]
pub struct Declared {
    /// The root module's variables.
    pub variables: BTreeMap<Arc<str>, DeclaredVariable>,
    /// The resources and data sources of every module.
    pub resources: Vec<DeclaredResource>,
}

/// A variable that is declared.
#[derive(Debug, Default)]
pub struct DeclaredVariable {
    /// Whether it is declared sensitive.
    pub sensitive: bool,
    /// Its default as JSON, converted to its type.
    pub default: Option<String>,
}

/// A resource or data source that is declared.
#[derive(Debug)]
pub struct DeclaredResource {
    /// The names of the calls that lead to its module, with dots.
    pub module: String,
    /// Whether it is a data source.
    pub data: bool,
    /// Its type.
    pub ty: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The provider configuration that it uses, by the name that it has where it is declared:
    /// `aws.west`, or `module.m:aws` in a child module.
    pub provider: Arc<str>,
    /// The arguments that are written and not null, and the nested blocks that are not `dynamic`.
    pub written: BTreeSet<Arc<str>>,
}

/// Reads what a snapshot declares. What cannot be read is left out.
pub fn declared(snapshot: &Snapshot) -> Declared {
    on_a_large_stack(|| {
        let notes = Notes::default();
        let mut source = SourceMap::default();
        let mut modules = HashMap::new();
        for module in &snapshot.modules {
            let mut directory = Directory::default();
            for name in Directory::in_order(module.files.keys().cloned().collect()) {
                let text = &module.files[&name];
                let path = PathBuf::from(format!("{}/{name}", module.key));
                let file = source.add(path, name.as_str().into(), text.clone());
                directory.declare_file(&name, file, source.file(file), &notes);
            }
            modules.insert(module.key.as_str(), directory);
        }
        let mut declared = Declared::default();
        if let Some(root) = modules.get("") {
            declared.variables = variables(root, &mut source);
        }
        for module in &snapshot.modules {
            if let Some(directory) = modules.get(module.key.as_str()) {
                declared.add(&module.key, directory, &modules);
            }
        }
        declared
    })
    .unwrap_or_default()
}

impl Declared {
    fn add(&mut self, key: &str, directory: &Directory, modules: &HashMap<&str, Directory>) {
        for resource in &directory.resources {
            let data = match resource.mode {
                Mode::Managed => false,
                Mode::Data => true,
                Mode::Ephemeral => continue,
            };
            let attributes = resource.arguments.attributes.iter();
            let written = attributes
                .filter(|(_, argument)| !matches!(argument.value.kind, ExpressionKind::Null))
                .map(|(name, _)| name.clone());
            let blocks = resource.arguments.blocks.iter();
            let blocks = blocks
                .filter(|(_, blocks)| blocks.iter().any(|block| block.dynamic.is_none()))
                .map(|(name, _)| name.clone());
            self.resources.push(DeclaredResource {
                module: key.to_owned(),
                data,
                ty: resource.ty.clone(),
                name: resource.name.clone(),
                provider: provider(modules, key, &resource.provider),
                written: written.chain(blocks).collect(),
            });
        }
    }
}

/// The provider configuration that a name means in a module, as a plan's JSON has it: that of the module
/// itself, what its call passes, else that of the module that calls it, where that has to do with the
/// provider.
fn provider(modules: &HashMap<&str, Directory>, key: &str, name: &str) -> Arc<str> {
    let (mut key, mut name) = (key, name);
    while !key.is_empty() {
        let own = modules
            .get(key)
            .is_some_and(|module| module.providers.contains(name));
        if own {
            break;
        }
        let (parent, call) = key.rsplit_once('.').unwrap_or(("", key));
        let Some(caller) = modules.get(parent) else {
            break;
        };
        let passed = caller
            .calls
            .get(call)
            .and_then(|call| call.providers.iter().find(|(inner, _)| inner == name));
        match passed {
            Some((_, outer)) => name = outer,
            None if !knows(modules, parent, name) => break,
            None => {}
        }
        key = parent;
    }
    if key.is_empty() {
        return name.into();
    }
    format!("module.{}:{name}", key.replace('.', ".module.")).into()
}

/// Whether a module has to do with a provider: it configures, requires or uses it, or is passed it.
fn knows(modules: &HashMap<&str, Directory>, key: &str, name: &str) -> bool {
    let Some(module) = modules.get(key) else {
        return false;
    };
    let (parent, call) = key.rsplit_once('.').unwrap_or(("", key));
    let call = modules
        .get(parent)
        .and_then(|module| module.calls.get(call));
    module.providers.contains(name)
        || module.required_providers.contains(name)
        || module
            .resources
            .iter()
            .any(|resource| resource.provider.split('.').next() == Some(name))
        || call.is_some_and(|call| call.providers.iter().any(|(inner, _)| inner == name))
}

/// The variables of a root module.
fn variables(root: &Directory, source: &mut SourceMap) -> BTreeMap<Arc<str>, DeclaredVariable> {
    let facts = Facts::default();
    let inputs = Inputs {
        root: Path::new(""),
        workspace: Path::new(""),
        environment: &[],
        assignments: &[],
        terraform_workspace: None,
        facts: &facts,
        edited: None,
        terragrunt: &[],
    };
    let evaluator = Evaluator::new(inputs, source);
    let mut variables = BTreeMap::new();
    for (name, variable) in &root.variables {
        let default = variable.default.as_ref().and_then(|default| {
            let scope = Scope::bare(Origin::File(default.file, 0));
            let value = evaluator.argument_value(scope, default);
            let value = evaluator.constrained(value, variable, name);
            Some(json::render(&value).known()?.into_owned())
        });
        let declared = DeclaredVariable {
            sensitive: variable.secrecy.sensitive == Some(true),
            default,
        };
        variables.insert(name.clone(), declared);
    }
    variables
}
