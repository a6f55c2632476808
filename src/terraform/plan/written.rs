//! What the configuration in a plan says: which attributes are written at all, and by which provider.
//!
//! A plan shows an attribute that the provider may fill in as unknown, or with the provider's value, even
//! where nobody wrote it. The configuration in the plan has constants and references, and no more is
//! asked of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::address::{module_calls, resource};
use super::document::{Borrowed, Mode, part, range_in};
use super::text::Json;
use crate::terraform::evaluate::Declared;

/// An index of the configuration in a plan, over the text of the plan.
#[derive(Debug, Default)]
pub(super) struct Written {
    resources: HashMap<String, Block>,
    sensitive_variables: HashSet<String>,
    defaults: BTreeMap<Arc<str>, String>,
}

/// A resource's block.
#[derive(Debug)]
pub(super) struct Block {
    /// The address of the provider configuration that it uses.
    pub provider: Arc<str>,
    writes: Writes,
}

/// What a block writes.
#[derive(Debug)]
enum Writes {
    /// Its arguments' expressions, which are here in the plan's text.
    Expressions(Option<Range<usize>>),
    /// Arguments and nested blocks with these names.
    Names(BTreeSet<Arc<str>>),
}

#[derive(Deserialize, Default)]
struct Configuration<'a> {
    #[serde(borrow, default)]
    root_module: Module<'a>,
}

#[derive(Deserialize, Default)]
struct Module<'a> {
    #[serde(borrow, default)]
    resources: Vec<Resource<'a>>,
    #[serde(borrow, default)]
    module_calls: HashMap<Cow<'a, str>, Call<'a>>,
    #[serde(borrow, default)]
    variables: HashMap<Cow<'a, str>, Variable>,
}

#[derive(Deserialize)]
struct Call<'a> {
    #[serde(borrow, default)]
    module: Module<'a>,
}

#[derive(Deserialize)]
struct Variable {
    #[serde(default)]
    sensitive: bool,
}

#[derive(Deserialize)]
struct Resource<'a> {
    mode: Mode,
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    provider_config_key: Option<Borrowed<'a>>,
    #[serde(borrow, default)]
    expressions: Option<&'a RawValue>,
}

impl Written {
    /// Reads the configuration of a plan, which stands in this range of its text.
    pub(super) fn read(text: &str, configuration: Range<usize>) -> Self {
        let configuration: Configuration<'_> = part(&text[configuration]);
        let mut written = Written::default();
        for (name, variable) in &configuration.root_module.variables {
            if variable.sensitive {
                written.sensitive_variables.insert(name.to_string());
            }
        }
        written.add(text, "", &configuration.root_module);
        written
    }

    /// What a configuration declares.
    pub(super) fn of(declared: Declared) -> Self {
        let mut written = Written::default();
        for (name, variable) in declared.variables {
            if variable.sensitive {
                written.sensitive_variables.insert(name.to_string());
            }
            if let Some(default) = variable.default {
                written.defaults.insert(name, default);
            }
        }
        for found in declared.resources {
            let address = resource("", found.data, &found.ty, &found.name);
            let calls = found.module.replace('.', "/");
            let block = Block {
                provider: found.provider,
                writes: Writes::Names(found.written),
            };
            written.resources.insert(key(&calls, &address), block);
        }
        written
    }

    /// The defaults of the root module's variables, as JSON, where those are not in the plan.
    pub(super) fn defaults(&self) -> impl Iterator<Item = (&str, &str)> {
        let defaults = self.defaults.iter();
        defaults.map(|(name, default)| (&**name, default.as_str()))
    }

    fn add(&mut self, text: &str, calls: &str, module: &Module<'_>) {
        for found in &module.resources {
            let data = found.mode == Mode::Data;
            let key = key(calls, &resource("", data, &found.r#type, &found.name));
            let block = Block {
                provider: found
                    .provider_config_key
                    .as_ref()
                    .map_or("", |key| &key.0)
                    .into(),
                writes: Writes::Expressions(found.expressions.map(|raw| range_in(text, raw.get()))),
            };
            self.resources.insert(key, block);
        }
        for (name, call) in &module.module_calls {
            self.add(text, &key(calls, name), &call.module);
        }
    }

    /// Whether a variable of the root module is declared sensitive.
    pub(super) fn sensitive_variable(&self, name: &str) -> bool {
        self.sensitive_variables.contains(name)
    }

    /// The block of a resource in a module instance.
    pub(super) fn block(&self, module: &str, data: bool, ty: &str, name: &str) -> Option<&Block> {
        let calls = module_calls(module)?.join("/");
        self.resources
            .get(&key(&calls, &resource("", data, ty, name)))
    }
}

impl Block {
    /// Which of these attributes nobody wrote. The text is the plan's.
    pub(super) fn unwritten<'a>(
        &self,
        names: impl Iterator<Item = &'a Arc<str>>,
        text: &str,
    ) -> Vec<Arc<str>> {
        let range = match &self.writes {
            Writes::Expressions(range) => range.as_ref(),
            Writes::Names(written) => {
                return names
                    .filter(|name| !written.contains(*name))
                    .cloned()
                    .collect();
            }
        };
        let expressions = Json::read(range.map_or("null", |range| &text[range.clone()]));
        let nobody_wrote = |name: &&Arc<str>| !writes(expressions.entry(name));
        names.filter(nobody_wrote).cloned().collect()
    }
}

fn key(calls: &str, name: &str) -> String {
    if calls.is_empty() {
        name.to_owned()
    } else {
        format!("{calls}/{name}")
    }
}

/// Whether an expression writes a value: it is there, and is not the constant `null`. One that is neither
/// a constant nor refers to anything, as `jsonencode([])`, is there without anything in it.
fn writes(expression: Option<&Json<'_>>) -> bool {
    match expression {
        None | Some(Json::Null) => false,
        Some(Json::Object(entries)) => {
            !(entries.len() == 1 && entries.get("constant_value") == Some(&Json::Null))
        }
        Some(Json::Array(blocks)) => !blocks.is_empty(),
        Some(_) => true,
    }
}
