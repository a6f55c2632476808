//! A module's directory: what its files declare.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::block::{Argument, Arguments};
use super::declaration::{Blocks, Layer};
use super::file_system::{FileSystem, is_override};
use super::json_syntax;
use super::notes::Notes;
use super::requirements::Requirements;
use crate::hcl;
use crate::source::{FileId, Place, SourceFile};
use crate::terraform::instance::IgnoredChange;
use crate::terraform::types::Constraint;

/// Places in a directory's resources, by type and name.
pub(super) type ByType = HashMap<Arc<str>, HashMap<Arc<str>, usize>>;

/// A module's directory, read once however often it is called.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Whether a file that overrides others could not be read, or not all of it: what they declare may
    /// not be what holds.
    pub(super) overridden_unread: bool,
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
    /// Where they come from, and the configurations of them that it wants to be given.
    pub(super) requirements: Requirements,
    /// Its resources, data sources and ephemeral resources.
    pub(super) resources: Vec<Resource>,
    /// Where each of them is in the list.
    pub(super) by_name: HashMap<Mode, ByType>,
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

/// What `sensitive` and `ephemeral` say, where they are written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Secrecy {
    /// `sensitive`.
    pub(super) sensitive: Option<bool>,
    /// `ephemeral`.
    pub(super) ephemeral: Option<bool>,
}

impl Secrecy {
    /// Why a value is secret, in a word; `None` where it is not.
    pub(super) fn word(self) -> Option<&'static str> {
        match (self.sensitive, self.ephemeral) {
            (Some(true), _) => Some("sensitive"),
            (_, Some(true)) => Some("ephemeral"),
            _ => None,
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
    /// Whether it is sensitive or ephemeral.
    pub(super) secrecy: Secrecy,
    /// The texts that its `validation` blocks compare it with.
    pub(super) compared_with: Vec<Arc<str>>,
}

/// An output value.
#[derive(Debug)]
pub(super) struct Output {
    /// Where it is declared.
    pub(super) header: Place,
    /// Its value.
    pub(super) value: Option<Argument>,
    /// Whether it is sensitive or ephemeral.
    pub(super) secrecy: Secrecy,
}

/// A module call.
#[derive(Debug)]
pub(super) struct ModuleCall {
    /// Where it is.
    pub(super) header: Place,
    /// Where the module comes from.
    pub(super) source: Option<Argument>,
    /// Which versions of it will do.
    pub(super) version: Option<Argument>,
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
    pub(super) ignore_changes: Vec<IgnoredChange>,
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
                Err(message) => {
                    directory.overridden_unread |= is_override(&name);
                    notes.missing(&shown, message, None);
                }
            }
        }
        Some(directory)
    }

    /// Reads the texts of a module that is in a plan, as if they were in a directory.
    pub(super) fn of_texts(
        path: PathBuf,
        texts: &BTreeMap<String, Arc<str>>,
        files: &FileSystem<'_>,
        notes: &Notes,
    ) -> Self {
        let mut directory = Directory {
            path,
            ..Directory::default()
        };
        for name in Directory::in_order(texts.keys().cloned().collect()) {
            let path = directory.path.join(&name);
            let shown = files.name(&path);
            let file = files.add_planned(path, texts[&name].clone());
            directory.declare_file(&shown, file, &files.file(file), notes);
        }
        directory
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
        let layer = match is_override(name.rsplit('/').next().unwrap_or_default()) {
            true => Layer::Override,
            false => Layer::Base,
        };
        self.overridden_unread |= layer == Layer::Override && !parsed.errors.is_empty();
        let blocks = Blocks {
            file,
            layer,
            broken,
            notes,
        };
        blocks.declare(self, &parsed.tree);
    }

    /// Reads a text as a directory of its own.
    pub(super) fn of_text(text: &str, file: FileId) -> Self {
        let mut directory = Directory::default();
        let body = hcl::parse(text).tree;
        let blocks = Blocks {
            file,
            layer: Layer::Base,
            broken: Vec::new(),
            notes: &Notes::default(),
        };
        blocks.declare(&mut directory, &body);
        directory
    }

    /// Finds a resource.
    pub(super) fn resource(&self, mode: Mode, ty: &str, name: &str) -> Option<usize> {
        self.by_name.get(&mode)?.get(ty)?.get(name).copied()
    }
}
