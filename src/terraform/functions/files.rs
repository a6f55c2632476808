//! The files that functions read.

use std::path::Path;
use std::sync::Arc;

use crate::source::FileId;

/// The file system as the functions see it: nothing outside the workspace.
pub trait Files {
    /// Reads a file, relative to the working directory, up to a size limit.
    ///
    /// # Errors
    /// Why it cannot be had.
    fn read(&self, path: &str) -> Result<FileContent, FileError>;
    /// Whether a regular file is there.
    ///
    /// # Errors
    /// Why that cannot be said: outside the workspace, or there and not a regular file.
    fn exists(&self, path: &str) -> Result<bool, FileError>;
    /// Every file below a directory, as paths relative to it with `/`, sorted. A directory that is not
    /// there has none.
    ///
    /// # Errors
    /// Why they cannot be had.
    fn list(&self, directory: &str) -> Result<Vec<String>, FileError>;
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

/// Why a file cannot be had: a message for a person, lower case, without a final period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// Terraform would fail too: there is no such file, or it is not a regular one.
    Refused(String),
    /// Terraform might read it and this does not: outside the workspace, too large, too many.
    Unread(String),
}
