//! A module's directory: what its files declare.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::block::{Argument, Arguments};
use super::file_system::FileSystem;
use super::json_syntax;
use super::notes::Notes;
use crate::hcl;
use crate::hcl::Span;
use crate::hcl::tree::{Block, Body, Expression, ExpressionKind, Step, TemplatePart};
use crate::source::{FileId, Place, SourceFile};
use crate::terraform::types::Constraint;

/// Places in a directory's resources, by type and name.
type ByType = HashMap<Arc<str>, HashMap<Arc<str>, usize>>;

/// A module's directory, read once however often it is called.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its input variables.
    pub(super) variables: BTreeMap<Arc<str>, Variable>,
    /// Its local values.
    pub(super) locals: HashMap<Arc<str>, Argument>,
    /// Its output values.
    pub(super) outputs: BTreeMap<Arc<str>, Output>,
    /// Its module calls.
    pub(super) calls: BTreeMap<Arc<str>, ModuleCall>,
    /// The provider configurations that it has itself: `aws`, `aws.replica`.
    pub(super) providers: BTreeSet<String>,
    /// The providers that it says it requires.
    pub(super) required_providers: BTreeSet<String>,
    /// Its resources, data sources and ephemeral resources.
    pub(super) resources: Vec<Resource>,
    by_name: HashMap<Mode, ByType>,
}

/// What kind of resource a block declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mode {
    /// `resource`.
    Managed,
    /// `data`.
    Data,
    /// `ephemeral`.
    Ephemeral,
}

impl Mode {
    /// What stands before the type in an address.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Mode::Managed => "",
            Mode::Data => "data.",
            Mode::Ephemeral => "ephemeral.",
        }
    }
}

/// An input variable.
#[derive(Debug)]
pub(super) struct Variable {
    /// Where it is declared.
    pub(super) header: Place,
    /// Its type, where one is given that can be read.
    pub(super) constraint: Option<Constraint>,
    /// Whether a value given as text is that text, and not an expression.
    pub(super) literal: bool,
    /// Its default.
    pub(super) default: Option<Argument>,
    /// Whether it may be null.
    pub(super) nullable: bool,
    /// Whether it is sensitive or ephemeral, in a word.
    pub(super) secrecy: Option<&'static str>,
}

/// An output value.
#[derive(Debug)]
pub(super) struct Output {
    /// Where it is declared.
    pub(super) header: Place,
    /// Its value.
    pub(super) value: Option<Argument>,
    /// Whether it is sensitive or ephemeral, in a word.
    pub(super) secrecy: Option<&'static str>,
}

/// A module call.
#[derive(Debug)]
pub(super) struct ModuleCall {
    /// Where it is.
    pub(super) header: Place,
    /// Where the module comes from.
    pub(super) source: Option<Argument>,
    /// How often it is called.
    pub(super) count: Option<Argument>,
    /// For what it is called.
    pub(super) for_each: Option<Argument>,
    /// The provider configurations that it is given, by the name that they have in it.
    pub(super) providers: Vec<(String, String)>,
    /// Whether it has a syntax error in it.
    pub(super) broken: bool,
    /// What is passed.
    pub(super) arguments: Arguments,
}

/// A resource, data source or ephemeral resource.
#[derive(Debug)]
pub(super) struct Resource {
    /// Which of the three.
    pub(super) mode: Mode,
    /// Its type.
    pub(super) ty: Arc<str>,
    /// Its name.
    pub(super) name: Arc<str>,
    /// The block's keyword and labels.
    pub(super) header: Place,
    /// The text between the braces.
    pub(super) body: Place,
    /// How many there are.
    pub(super) count: Option<Argument>,
    /// For what there are.
    pub(super) for_each: Option<Argument>,
    /// The provider configuration, as its module names it.
    pub(super) provider: Arc<str>,
    /// What `lifecycle.ignore_changes` names.
    pub(super) ignore_changes: Vec<Arc<str>>,
    /// Whether it has a syntax error in it.
    pub(super) broken: bool,
    /// What is written.
    pub(super) arguments: Arguments,
}

impl Directory {
    /// Reads a directory; `None` where there is no such directory.
    pub(super) fn read(path: PathBuf, files: &FileSystem<'_>, notes: &Notes) -> Option<Self> {
        let names = files.configuration_files(&path, notes)?;
        let mut directory = Directory {
            path,
            ..Directory::default()
        };
        for name in Directory::in_order(names) {
            let path = directory.path.join(&name);
            let shown = files.name(&path);
            match files.read_source(&path) {
                Ok(file) => directory.declare_file(&shown, file, &files.file(file), notes),
                Err(message) => notes.missing(&shown, message, None),
            }
        }
        Some(directory)
    }

    /// Files in the order in which they are read: those that override others after them.
    pub(super) fn in_order(mut names: Vec<String>) -> Vec<String> {
        names.sort_by_key(|name| (is_override(name), name.clone()));
        names
    }

    /// Reads what a file declares.
    pub(super) fn declare_file(
        &mut self,
        name: &str,
        file: FileId,
        source: &SourceFile,
        notes: &Notes,
    ) {
        let of_json;
        let parsed = if name.ends_with(".json") {
            of_json = json_syntax::parse(&source.text);
            &of_json
        } else {
            source.parsed()
        };
        let broken: Vec<u32> = parsed.errors.iter().map(|error| error.span.start).collect();
        for (index, error) in parsed.errors.iter().enumerate() {
            let place = Some(Place::new(file, error.span));
            match index {
                0 => notes.missing(name, error.message.clone(), place),
                _ => notes.add(error.message.clone(), place),
            }
        }
        let blocks = Blocks {
            file,
            overrides: is_override(name.rsplit('/').next().unwrap_or_default()),
            broken,
            notes,
        };
        self.declare(&parsed.tree, blocks);
    }

    /// Reads a text as a directory of its own.
    pub(super) fn of_text(text: &str, file: FileId) -> Self {
        let mut directory = Directory::default();
        let blocks = Blocks {
            file,
            overrides: false,
            broken: Vec::new(),
            notes: &Notes::default(),
        };
        directory.declare(&hcl::parse(text).tree, blocks);
        directory
    }

    /// Finds a resource.
    pub(super) fn resource(&self, mode: Mode, ty: &str, name: &str) -> Option<usize> {
        self.by_name.get(&mode)?.get(ty)?.get(name).copied()
    }

    fn declare(&mut self, body: &Body, mut blocks: Blocks<'_>) {
        for block in &body.blocks {
            match (&*block.keyword.text, block.labels.len()) {
                ("variable", 1) => blocks.variable(self, block),
                ("output", 1) => blocks.output(self, block),
                ("locals", 0) => blocks.locals(self, block),
                ("module", 1) => blocks.module(self, block),
                ("provider", 1) => blocks.provider(self, block),
                ("terraform", 0) => self.require(block),
                ("resource", 2) => blocks.resource(self, block, Mode::Managed),
                ("data", 2) => blocks.resource(self, block, Mode::Data),
                ("ephemeral", 2) => blocks.resource(self, block, Mode::Ephemeral),
                _ => {}
            }
        }
    }

    fn require(&mut self, settings: &Block) {
        let required = settings.body.blocks.iter();
        let required = required.filter(|block| &*block.keyword.text == "required_providers");
        for attribute in required.flat_map(|block| &block.body.attributes) {
            self.required_providers
                .insert(attribute.name.text.to_string());
        }
    }
}

/// The blocks of one file on their way into a directory.
struct Blocks<'a> {
    file: FileId,
    overrides: bool,
    /// Where the text has syntax errors, in its order.
    broken: Vec<u32>,
    notes: &'a Notes,
}

impl Blocks<'_> {
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
        let nullable = arguments
            .take("nullable")
            .is_none_or(|given| !is_false(&given));
        let default = arguments.take("default");
        if let Some(known) = directory.variables.get_mut(&name) {
            if !self.overrides {
                return self.declared_twice("variable", &name, header);
            }
            if ty.is_some() {
                known.constraint = constraint;
                known.literal = literal;
            }
            known.default = default.or(known.default.take());
            known.secrecy = secrecy.or(known.secrecy);
            known.nullable &= nullable;
            return;
        }
        directory.variables.insert(
            name,
            Variable {
                header,
                constraint,
                literal,
                default,
                nullable,
                secrecy,
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
            if !self.overrides {
                return self.declared_twice("output", &name, header);
            }
            known.value = value.or(known.value.take());
            known.secrecy = secrecy.or(known.secrecy);
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
            if !self.overrides && directory.locals.contains_key(&name) {
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
        for meta in ["version", "depends_on"] {
            arguments.take(meta);
        }
        if let Some(known) = directory.calls.get_mut(&name) {
            if !self.overrides {
                let part = format!("module.{name}");
                let message = format!("module `{name}` is declared twice");
                return self.notes.missing(&part, message, Some(header));
            }
            known.source = source.or(known.source.take());
            known.count = count.or(known.count.take());
            known.for_each = for_each.or(known.for_each.take());
            known.arguments.override_with(arguments);
            known.broken |= broken;
            return;
        }
        let call = ModuleCall {
            header,
            source,
            count,
            for_each,
            providers: providers.map_or_else(Vec::new, |given| provider_pairs(&given.value)),
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
        let ignore_changes: Vec<Arc<str>> = lifecycle
            .iter()
            .filter_map(|block| block.body.attributes.get("ignore_changes"))
            .flat_map(|given| names(&given.value))
            .collect();
        arguments.take("depends_on");
        for meta in ["provisioner", "connection"] {
            arguments.take_blocks(meta);
        }
        if let Some(at) = directory.resource(mode, &ty, &name) {
            if !self.overrides {
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

/// Whether a file overrides what others declare.
fn is_override(name: &str) -> bool {
    let stem = name.trim_end_matches(".json");
    let stem = stem.trim_end_matches(".tf").trim_end_matches(".tofu");
    stem == "override" || stem.ends_with("_override")
}

fn is_primitive(ty: &Expression) -> bool {
    let name: &str = match &ty.kind {
        ExpressionKind::Variable(name) => name,
        ExpressionKind::Template(template) => match template.parts.as_slice() {
            [TemplatePart::Literal(name, _)] => name,
            _ => return false,
        },
        _ => return false,
    };
    matches!(name, "string" | "number" | "bool")
}

fn is_false(argument: &Argument) -> bool {
    matches!(argument.value.kind, ExpressionKind::Bool(false))
}

fn is_true(argument: &Argument) -> bool {
    matches!(argument.value.kind, ExpressionKind::Bool(true))
}

fn secrecy(arguments: &mut Arguments) -> Option<&'static str> {
    let mut marked = |name| arguments.take(name).is_some_and(|given| is_true(&given));
    let (sensitive, ephemeral) = (marked("sensitive"), marked("ephemeral"));
    match (sensitive, ephemeral) {
        (true, _) => Some("sensitive"),
        (false, true) => Some("ephemeral"),
        (false, false) => None,
    }
}

/// `aws` or `aws.replica`, also as the text that old configurations have.
fn provider_name(expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::Variable(name) => Some(name.to_string()),
        ExpressionKind::Access(access) => match (&access.base.kind, access.steps.as_slice()) {
            (ExpressionKind::Variable(name), [Step::Attribute(alias)]) => {
                Some(format!("{name}.{}", alias.text))
            }
            _ => None,
        },
        ExpressionKind::Template(template) => match template.parts.as_slice() {
            [TemplatePart::Literal(name, _)] => Some(name.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// The pairs of a call's `providers = { aws = aws.replica }`.
fn provider_pairs(expression: &Expression) -> Vec<(String, String)> {
    let ExpressionKind::Object(items) = &expression.kind else {
        return Vec::new();
    };
    let name = |key: &hcl::tree::ObjectKey| match key {
        hcl::tree::ObjectKey::Name(name) => Some(name.text.to_string()),
        hcl::tree::ObjectKey::Expression(key) => provider_name(key),
    };
    items
        .iter()
        .filter_map(|item| Some((name(&item.key)?, provider_name(&item.value)?)))
        .collect()
}

/// The names in `ignore_changes`: of each the first, without what follows it; `all` for everything.
fn names(expression: &Expression) -> Vec<Arc<str>> {
    match &expression.kind {
        ExpressionKind::Variable(name) => vec![Arc::from(&**name)],
        ExpressionKind::Tuple(items) => items.iter().flat_map(names).collect(),
        ExpressionKind::Access(access) => names(&access.base),
        ExpressionKind::Template(template) => match template.parts.as_slice() {
            [TemplatePart::Literal(name, _)] => {
                let end = name.find(['.', '[']).unwrap_or(name.len());
                vec![Arc::from(&name[..end])]
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
