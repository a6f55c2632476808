//! What an evaluation starts from and what it gives.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::directory::Directory;
use super::evaluator::Evaluator;
use super::scope::Scope;
use crate::hcl;
use crate::room;
use crate::source::{FileId, Place, SourceMap};
use crate::terraform::instance::Instance;
use crate::terraform::plan::Facts;
use crate::terraform::value::{Failure, SecretTexts, Value};

/// The stack that an evaluation runs on, so that it can nest as deep as its bounds allow.
const STACK: usize = 256 << 20;

/// Texts that stand in the place of what files hold, by the files' paths with all links followed.
pub type EditedTexts = HashMap<PathBuf, Arc<str>>;

/// What an evaluation starts from, beside the files.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The root module's directory.
    pub root: &'a Path,
    /// The Cargo workspace's directory; nothing outside it is read (except local modules and
    /// installed modules that Terraform itself would read).
    pub workspace: &'a Path,
    /// `TF_VAR_name` variables of the environment, without the prefix.
    pub environment: &'a [(String, String)],
    /// The files of Terragrunt whose `inputs` are given; the later one holds, and the environment before them.
    pub terragrunt: &'a [PathBuf],
    /// `--var` and `--var-file`, in the order of the command line.
    pub assignments: &'a [Assignment],
    /// The Terraform workspace that is selected; `None` where a plan was given that does not tell it.
    pub terraform_workspace: Option<&'a str>,
    /// What a plan said.
    pub facts: &'a Facts,
    /// Texts that are read in the place of files.
    pub edited: Option<&'a EditedTexts>,
}

/// A variable, or a file of them, given on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// `--var name=value`.
    Variable(String, String),
    /// `--var-file path`.
    File(PathBuf),
}

/// An evaluated root module.
#[derive(Debug, Default)]
pub struct Configuration {
    /// Every instance, in the order of their addresses.
    pub instances: Vec<Instance>,
    /// What could not be read or evaluated, and why.
    pub notes: Vec<Note>,
    /// The variable files that were read: any value in them may be a secret.
    pub variable_files: Vec<FileId>,
    /// The secrets that were met, in instances or on the way.
    pub secrets: SecretTexts,
    /// The addresses of the instances whose blocks have syntax errors: what is written of them is not all known.
    pub broken: Vec<Arc<str>>,
    /// What was looked at.
    pub reads: Reads,
}

/// What an evaluation looked at, by absolute paths: where nothing of it changes, it comes to the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Files, whether they are there or not, by the paths that were asked for and by those with all links followed.
    pub files: BTreeSet<PathBuf>,
    /// The directories of modules.
    pub modules: BTreeSet<PathBuf>,
    /// Directories that were listed, with all that is below them.
    pub listed: BTreeSet<PathBuf>,
}

/// Something a person should know about what was evaluated; no verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// The name of a part of the configuration, where that part could not be read or evaluated: a file, a module
    /// instance. What it declares is not among the instances.
    pub missing: Option<Arc<str>>,
}

/// Evaluates a root module. Never fails: what cannot be read or evaluated is unknown, with a note.
pub fn evaluate(inputs: &Inputs<'_>, source: &mut SourceMap) -> Configuration {
    let evaluation = || {
        let evaluator = Evaluator::new(*inputs, source);
        let instances = evaluator.root_instances();
        Configuration {
            instances,
            variable_files: evaluator.variable_files.take(),
            secrets: evaluator.secrets.take(),
            broken: evaluator.broken.take(),
            reads: evaluator.files.reads(),
            notes: evaluator.into_notes(),
        }
    };
    on_a_large_stack(evaluation).unwrap_or_else(|message| Configuration {
        instances: Vec::new(),
        notes: vec![Note {
            missing: Some(Arc::from("the root module")),
            message,
            place: None,
        }],
        variable_files: Vec::new(),
        secrets: SecretTexts::default(),
        broken: Vec::new(),
        reads: Reads::default(),
    })
}

/// Evaluates one expression as an output of a module that has nothing but a `terraform_data` named `x`.
/// What Terraform would refuse anywhere in it is a failure. It reads files in the directory alone.
///
/// # Errors
/// What Terraform would refuse, a syntax error included.
pub fn expression(text: &str, directory: &Path) -> Result<Value, Failure> {
    let evaluation = || {
        let mut source = SourceMap::default();
        let file = source.add(PathBuf::new(), "expression".into(), text.into());
        let parsed = hcl::parse_expression(text);
        if let Some(error) = parsed.errors.first() {
            let place = Place::new(file, error.span);
            return Err(Failure::new(error.message.clone()).at(Some(place)));
        }
        let facts = Facts::default();
        let inputs = Inputs {
            root: directory,
            workspace: directory,
            environment: &[],
            terragrunt: &[],
            assignments: &[],
            terraform_workspace: Some("default"),
            facts: &facts,
            edited: None,
        };
        let evaluator = Evaluator::new(inputs, &mut source);
        let text = "resource \"terraform_data\" \"x\" { input = jsondecode(timestamp()) }";
        let directory = Directory::of_text(text, file);
        let module = evaluator.module_of(directory);
        let scope = Scope::of_module(&module, file).strict();
        evaluator.expression(scope, &parsed.tree).map_err(|fault| {
            let place = fault.place.filter(|place| place.file == file);
            Failure::new(fault.message).at(place)
        })
    };
    on_a_large_stack(evaluation).unwrap_or_else(|message| Err(Failure::new(message)))
}

/// Runs what nests deep.
pub(super) fn on_a_large_stack<T: Send>(
    evaluation: impl FnOnce() -> T + Send,
) -> Result<T, String> {
    std::thread::scope(|threads| {
        let thread = std::thread::Builder::new()
            .name("evaluate".to_owned())
            .stack_size(STACK)
            .spawn_scoped(threads, || {
                room::make();
                evaluation()
            })
            .map_err(|error| format!("the evaluation could not start: {error}"))?;
        thread
            .join()
            .map_err(|_| "the evaluation stopped at a fault of its own".to_owned())
    })
}
