//! From the blocks of a file to what a directory declares, and what override files put over it.

use std::sync::Arc;

use super::block::{Argument, Arguments};
use super::directory::{Directory, Mode, ModuleCall, Output, Resource, Secrecy, Variable};
use super::notes::Notes;
use super::validation::compared_with;
use crate::hcl::Span;
use crate::hcl::tree::{
    Access, Block, Body, Expression, ExpressionKind, ObjectKey, Step, Template, TemplatePart,
};
use crate::source::{FileId, Place};
use crate::terraform::instance::IgnoredChange;
use crate::terraform::types::Constraint;

/// What the blocks of a file are to those that were read before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// New ones.
    Base,
    /// What is to be put over them.
    Override,
}

/// The blocks of one file on their way into a directory.
pub(super) struct Blocks<'a> {
    /// The file.
    pub(super) file: FileId,
    /// What they are to those that were read before.
    pub(super) layer: Layer,
    /// Where the text has syntax errors, in its order.
    pub(super) broken: Vec<u32>,
    /// Where to say what is wrong.
    pub(super) notes: &'a Notes,
}

impl Blocks<'_> {
    /// Declares what the blocks say.
    pub(super) fn declare(mut self, directory: &mut Directory, body: &Body) {
        for block in &body.blocks {
            match (&*block.keyword.text, block.labels.len()) {
                ("variable", 1) => self.variable(directory, block),
                ("output", 1) => self.output(directory, block),
                ("locals", 0) => self.locals(directory, block),
                ("module", 1) => self.module(directory, block),
                ("provider", 1) => self.provider(directory, block),
                ("terraform", 0) => require(directory, block),
                ("resource", 2) => self.resource(directory, block, Mode::Managed),
                ("data", 2) => self.resource(directory, block, Mode::Data),
                ("ephemeral", 2) => self.resource(directory, block, Mode::Ephemeral),
                _ => {}
            }
        }
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.file, span)
    }

    /// The one label or the last of two.
    fn name(block: &Block) -> Arc<str> {
        block
            .labels
            .last()
            .map_or_else(|| Arc::from(""), |label| label.text.clone())
    }

    /// Whether a block has a syntax error in it.
    fn is_broken(&self, block: &Block) -> bool {
        let first = self.broken.partition_point(|at| *at < block.span.start);
        let next = self.broken.get(first);
        next.is_some_and(|at| *at <= block.span.end)
    }

    fn declared_twice(&self, what: &str, name: &str, header: Place) {
        self.notes
            .add(format!("{what} `{name}` is declared twice"), Some(header));
    }

    fn variable(&mut self, directory: &mut Directory, block: &Block) {
        let name = Self::name(block);
        let header = self.place(block.header);
        let mut arguments = Arguments::of(&block.body, self.file);
        let ty = arguments.take("type");
        let constraint = ty
            .as_ref()
            .and_then(|ty| match Constraint::parse(&ty.value) {
                Ok(constraint) => Some(constraint),
                Err(error) => {
                    self.notes.add(error.message, Some(self.place(error.span)));
                    None
                }
            });
        let literal = ty.as_ref().is_none_or(|ty| is_primitive(&ty.value));
        let secrecy = secrecy(&mut arguments);
        let nullable = arguments.take("nullable").and_then(|given| truth(&given));
        let default = arguments.take("default");
        let compared_with = compared_with(&arguments.take_blocks("validation"));
        if let Some(known) = directory.variables.get_mut(&name) {
            if self.layer == Layer::Base {
                return self.declared_twice("variable", &name, header);
            }
            if ty.is_some() {
                known.constraint = constraint;
                known.literal = literal;
            }
            known.default = default.or(known.default.take());
            known.secrecy = over(known.secrecy, secrecy);
            known.nullable = nullable.unwrap_or(known.nullable);
            return;
        }
        directory.variables.insert(
            name,
            Variable {
                header,
                constraint,
                literal,
                default,
                nullable: nullable.unwrap_or(true),
                secrecy,
                compared_with,
            },
        );
    }

    fn output(&mut self, directory: &mut Directory, block: &Block) {
        let name = Self::name(block);
        let header = self.place(block.header);
        let mut arguments = Arguments::of(&block.body, self.file);
        let value = arguments.take("value");
        let secrecy = secrecy(&mut arguments);
        if let Some(known) = directory.outputs.get_mut(&name) {
            if self.layer == Layer::Base {
                return self.declared_twice("output", &name, header);
            }
            known.value = value.or(known.value.take());
            known.secrecy = over(known.secrecy, secrecy);
            return;
        }
        directory.outputs.insert(
            name,
            Output {
                header,
                value,
                secrecy,
            },
        );
    }

    fn locals(&mut self, directory: &mut Directory, block: &Block) {
        for (name, argument) in Arguments::of(&block.body, self.file).attributes {
            if self.layer == Layer::Base && directory.locals.contains_key(&name) {
                self.declared_twice("local value", &name, argument.key());
                continue;
            }
            directory.locals.insert(name, argument);
        }
    }

    fn module(&mut self, directory: &mut Directory, block: &Block) {
        let name = Self::name(block);
        let header = self.place(block.header);
        let broken = self.is_broken(block);
        let mut arguments = Arguments::of(&block.body, self.file);
        let source = arguments.take("source");
        let count = arguments.take("count");
        let for_each = arguments.take("for_each");
        let providers = arguments.take("providers");
        let providers = providers.map(|given| provider_pairs(&given.value));
        let version = arguments.take("version");
        arguments.take("depends_on");
        if let Some(known) = directory.calls.get_mut(&name) {
            if self.layer == Layer::Base {
                let part = format!("module.{name}");
                let message = format!("module `{name}` is declared twice");
                return self.notes.missing(&part, message, Some(header));
            }
            known.source = source.or(known.source.take());
            known.version = version.or(known.version.take());
            known.count = count.or(known.count.take());
            known.for_each = for_each.or(known.for_each.take());
            if let Some(providers) = providers.filter(|pairs| !pairs.is_empty()) {
                known.providers = providers;
            }
            known.arguments.override_with(arguments);
            known.broken |= broken;
            return;
        }
        let call = ModuleCall {
            header,
            source,
            version,
            count,
            for_each,
            providers: providers.unwrap_or_default(),
            broken,
            arguments,
        };
        directory.calls.insert(name, call);
    }

    fn provider(&mut self, directory: &mut Directory, block: &Block) {
        let name = Self::name(block);
        let alias = Arguments::of(&block.body, self.file).take("alias");
        let alias = alias.and_then(|given| provider_name(&given.value));
        directory.providers.insert(match alias {
            Some(alias) => format!("{name}.{alias}"),
            None => name.to_string(),
        });
    }

    fn resource(&mut self, directory: &mut Directory, block: &Block, mode: Mode) {
        let name = Self::name(block);
        let ty = block.labels[0].text.clone();
        let header = self.place(block.header);
        let body = self.place(block.body.span);
        let broken = self.is_broken(block);
        let mut arguments = Arguments::of(&block.body, self.file);
        let count = arguments.take("count");
        let for_each = arguments.take("for_each");
        let provider = arguments.take("provider");
        let provider = provider.and_then(|given| provider_name(&given.value));
        let lifecycle = arguments.take_blocks("lifecycle");
        let ignore_changes: Vec<IgnoredChange> = lifecycle
            .iter()
            .filter_map(|block| block.body.attributes.get("ignore_changes"))
            .flat_map(|given| ignored(&given.value, self.file))
            .collect();
        arguments.take("depends_on");
        for meta in ["provisioner", "connection"] {
            arguments.take_blocks(meta);
        }
        if mode == Mode::Managed {
            arguments.drop_write_only();
        }
        if let Some(at) = directory.resource(mode, &ty, &name) {
            if self.layer == Layer::Base {
                let part = format!("{}{ty}.{name}", mode.prefix());
                let message = format!("resource `{ty}.{name}` is declared twice");
                return self.notes.missing(&part, message, Some(header));
            }
            let known = &mut directory.resources[at];
            known.count = count.or(known.count.take());
            known.for_each = for_each.or(known.for_each.take());
            if let Some(provider) = provider {
                known.provider = provider.into();
            }
            if !ignore_changes.is_empty() {
                known.ignore_changes = ignore_changes;
            }
            known.arguments.override_with(arguments);
            known.broken |= broken;
            return;
        }
        let names = directory.by_name.entry(mode).or_default();
        let names = names.entry(ty.clone()).or_default();
        names.insert(name.clone(), directory.resources.len());
        let implied = ty.split('_').next().unwrap_or_default();
        directory.resources.push(Resource {
            mode,
            provider: provider.map_or_else(|| Arc::from(implied), Arc::from),
            ty,
            name,
            header,
            body,
            count,
            for_each,
            ignore_changes,
            broken,
            arguments,
        });
    }
}

fn require(directory: &mut Directory, settings: &Block) {
    directory.requirements.add(&settings.body);
    let required = settings.body.blocks.iter();
    let required = required.filter(|block| &*block.keyword.text == "required_providers");
    for attribute in required.flat_map(|block| &block.body.attributes) {
        directory
            .required_providers
            .insert(attribute.name.text.to_string());
    }
}

fn is_primitive(ty: &Expression) -> bool {
    let name = match &ty.kind {
        ExpressionKind::Variable(name) => Some(&**name),
        ExpressionKind::Template(template) => literal(template),
        _ => None,
    };
    matches!(name, Some("string" | "number" | "bool"))
}

/// The text of a template that is nothing else.
fn literal(template: &Template) -> Option<&str> {
    match template.parts.as_slice() {
        [TemplatePart::Literal(text, _)] => Some(text),
        _ => None,
    }
}

/// What an argument says that must be `true` or `false` as it is written, quoted or not.
fn truth(argument: &Argument) -> Option<bool> {
    match &argument.value.kind {
        ExpressionKind::Bool(truth) => Some(*truth),
        ExpressionKind::Template(template) => literal(template)?.parse().ok(),
        _ => None,
    }
}

fn secrecy(arguments: &mut Arguments) -> Secrecy {
    let mut said = |name| arguments.take(name).and_then(|given| truth(&given));
    Secrecy {
        sensitive: said("sensitive"),
        ephemeral: said("ephemeral"),
    }
}

/// What an override file leaves of what was said.
fn over(known: Secrecy, other: Secrecy) -> Secrecy {
    Secrecy {
        sensitive: other.sensitive.or(known.sensitive),
        ephemeral: other.ephemeral.or(known.ephemeral),
    }
}

/// `aws` or `aws.replica`, also as the text that old configurations have.
pub(super) fn provider_name(expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Variable(name) => Some(name.to_string()),
        ExpressionKind::Access(access) => match (&access.base.kind, access.steps.as_slice()) {
            (ExpressionKind::Variable(name), [Step::Attribute(alias)]) => {
                Some(format!("{name}.{}", alias.text))
            }
            _ => None,
        },
        ExpressionKind::Template(template) => literal(template).map(str::to_owned),
        _ => None,
    }
}

/// The pairs of a call's `providers = { aws = aws.replica }`.
fn provider_pairs(expression: &Expression) -> Vec<(String, String)> {
    let ExpressionKind::Object(items) = &expression.kind else {
        return Vec::new();
    };
    let name = |key: &ObjectKey| match key {
        ObjectKey::Name(name) => Some(name.text.to_string()),
        ObjectKey::Expression(key) => provider_name(key),
    };
    items
        .iter()
        .filter_map(|item| Some((name(&item.key)?, provider_name(&item.value)?)))
        .collect()
}

/// The paths in `ignore_changes`; `all` for everything, and an empty one for what is no path.
fn ignored(expression: &Expression, file: FileId) -> Vec<IgnoredChange> {
    let path = match &expression.kind {
        ExpressionKind::Tuple(items) => {
            return items.iter().flat_map(|item| ignored(item, file)).collect();
        }
        ExpressionKind::Variable(name) => Some(name.to_string()),
        ExpressionKind::Access(access) => access_path(access),
        ExpressionKind::Template(template) => literal(template).map(str::to_owned),
        _ => None,
    };
    let place = Place::new(file, expression.span);
    let path = Arc::from(path.unwrap_or_default());
    vec![IgnoredChange { path, place }]
}

/// `network_configuration[0].subnets`, as far as it is literal.
fn access_path(access: &Access) -> Option<String> {
    let ExpressionKind::Variable(name) = &access.base.kind else {
        return None;
    };
    let mut path = name.to_string();
    for step in &access.steps {
        match step {
            Step::Attribute(name) => {
                path.push('.');
                path.push_str(&name.text);
            }
            Step::Index(index, _) => match &index.kind {
                ExpressionKind::Number(number) => path.push_str(&format!("[{number}]")),
                ExpressionKind::Template(template) => {
                    path.push_str(&format!("[{:?}]", literal(template)?));
                }
                _ => break,
            },
            _ => break,
        }
    }
    Some(path)
}
