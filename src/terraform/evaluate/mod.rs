//! The evaluator: what a configuration comes to, leaf by leaf.

use std::path::Path;

use super::instance::Instance;
use super::plan::Facts;
use crate::source::{Place, SourceMap};

/// What an evaluation starts from, beside the files.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The root module's directory.
    pub root: &'a Path,
    /// The Cargo workspace's directory; nothing outside it is read (except local modules and
    /// installed modules that Terraform itself would read).
    pub workspace: &'a Path,
    /// `TF_VAR_name` variables of the environment, without the prefix.
    pub environment: &'a [(String, String)],
    /// `--var` and `--var-file`, in the order of the command line.
    pub assignments: &'a [Assignment],
    /// The Terraform workspace that is selected.
    pub terraform_workspace: &'a str,
    /// What a plan said.
    pub facts: &'a Facts,
}

/// A variable, or a file of them, given on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assignment {
    /// `--var name=value`.
    Variable(String, String),
    /// `--var-file path`.
    File(std::path::PathBuf),
}

/// An evaluated root module.
#[derive(Debug, Default)]
pub struct Configuration {
    /// Every instance, in the order of their addresses.
    pub instances: Vec<Instance>,
    /// What could not be read or evaluated, and why.
    pub notes: Vec<Note>,
}

/// Something a person should know about what was evaluated; no verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
}

/// Evaluates a root module. Never fails: what cannot be read or evaluated is unknown, with a note.
pub fn evaluate(_inputs: &Inputs<'_>, _source: &mut SourceMap) -> Configuration {
    Configuration::default()
}
