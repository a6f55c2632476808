//! Terraform's functions, by name, over values of which any part may be unknown.
//!
//! What needs the syntax tree (`try`, `can`, `templatefile`, `templatestring`) is in `evaluate`.

use std::path::Path;
use std::sync::Arc;

use super::value::{Failure, Value};
use crate::source::FileId;

/// The file system as the functions see it: nothing outside the workspace.
pub trait Files {
    /// Reads a file, relative to the working directory, up to a size limit.
    ///
    /// # Errors
    /// A message for a person: not there, outside the workspace, too large.
    fn read(&self, path: &str) -> Result<FileContent, String>;
    /// Whether a regular file is there.
    ///
    /// # Errors
    /// A message for a person: outside the workspace, not a regular file.
    fn exists(&self, path: &str) -> Result<bool, String>;
    /// Every file below a directory, as paths relative to it with `/`, sorted.
    ///
    /// # Errors
    /// A message for a person: outside the workspace, too many.
    fn list(&self, directory: &str) -> Result<Vec<String>, String>;
    /// The directory that relative paths start from, which is the root module's.
    fn working_directory(&self) -> &Path;
}

/// What was read of a file.
#[derive(Clone, Debug)]
pub struct FileContent {
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// The file among the texts that were read, where it is text; places in it are then known.
    pub file: Option<FileId>,
}

/// Calls a function.
///
/// # Errors
/// What Terraform would refuse. A name that is not a function's is a failure too.
pub fn call(name: &str, _arguments: &[Value], _files: &dyn Files) -> Result<Value, Failure> {
    Err(Failure::new(format!("there is no function named `{name}`")))
}
