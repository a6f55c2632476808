//! The providers that a module requires.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::declaration::provider_name;
use crate::hcl::tree::{Body, Expression, ExpressionKind, ObjectKey, TemplatePart};

/// Where a module's providers come from, and the configurations of them that it wants.
#[derive(Debug, Default)]
pub(super) struct Requirements {
    /// `aws.replica`: what it wants to be given.
    pub(super) configurations: BTreeSet<Arc<str>>,
    /// The source that is required, by local name.
    pub(super) sources: BTreeMap<Arc<str>, Arc<str>>,
}

impl Requirements {
    /// Takes what a `terraform` block requires.
    pub(super) fn add(&mut self, body: &Body) {
        let blocks = body.blocks.iter();
        for block in blocks.filter(|block| &*block.keyword.text == "required_providers") {
            for attribute in &block.body.attributes {
                self.add_one(&attribute.name.text, &attribute.value);
            }
        }
        // The JSON syntax does not tell a block from an argument.
        let arguments = body.attributes.iter();
        for argument in arguments.filter(|given| &*given.name.text == "required_providers") {
            for (name, value) in entries(&argument.value) {
                self.add_one(&name, value);
            }
        }
    }

    /// Where a provider comes from, by its local name, as `hashicorp/aws`.
    pub(super) fn source(&self, name: &str) -> String {
        let source = match self.sources.get(name) {
            Some(source) => source.to_ascii_lowercase(),
            None => name.to_owned(),
        };
        let official = source.strip_prefix("registry.terraform.io/");
        let official = official.or_else(|| source.strip_prefix("registry.opentofu.org/"));
        let source = official.unwrap_or(&source);
        if source.contains('/') {
            source.to_owned()
        } else {
            format!("hashicorp/{source}")
        }
    }

    /// The local name of the provider that comes from there, where this module has one for it.
    pub(super) fn local_name(&self, source: &str) -> Option<Arc<str>> {
        let mut required = self.sources.keys();
        if let Some(name) = required.find(|name| self.source(name) == source) {
            return Some(name.clone());
        }
        let name = source.strip_prefix("hashicorp/")?;
        (!self.sources.contains_key(name)).then(|| Arc::from(name))
    }

    fn add_one(&mut self, name: &str, value: &Expression) {
        let name: Arc<str> = Arc::from(name);
        for (key, value) in entries(value) {
            match &*key {
                "source" => {
                    if let Some(source) = literal(value) {
                        self.sources.insert(name.clone(), Arc::from(source));
                    }
                }
                "configuration_aliases" => {
                    if let ExpressionKind::Tuple(aliases) = &value.kind {
                        let aliases = aliases.iter().filter_map(provider_name);
                        self.configurations.extend(aliases.map(Arc::from));
                    }
                }
                _ => {}
            }
        }
    }
}

/// A text without any expression in it.
pub(super) fn literal(expression: &Expression) -> Option<&str> {
    let ExpressionKind::Template(template) = &expression.kind else {
        return None;
    };
    match template.parts.as_slice() {
        [TemplatePart::Literal(text, _)] => Some(text),
        _ => None,
    }
}

fn entries(expression: &Expression) -> Vec<(String, &Expression)> {
    let ExpressionKind::Object(items) = &expression.kind else {
        return Vec::new();
    };
    let entry = |item: &'_ crate::hcl::tree::ObjectItem| match &item.key {
        ObjectKey::Name(name) => Some(name.text.to_string()),
        ObjectKey::Expression(key) => literal(key).map(str::to_owned),
    };
    items
        .iter()
        .filter_map(|item| Some((entry(item)?, &item.value)))
        .collect()
}
