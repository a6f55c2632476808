//! The texts that were read, and places in them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::hcl::Span;

/// A text among those that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A range of bytes in a text that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// Which text.
    pub file: FileId,
    /// Which bytes.
    pub span: Span,
}

/// A text and its name.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Where it was read from.
    pub path: PathBuf,
    /// Its name in reports: relative to the workspace root, with `/`.
    pub name: Arc<str>,
    /// What it says.
    pub text: Arc<str>,
}

/// Every text that was read, each once.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    by_path: HashMap<PathBuf, FileId>,
}

impl SourceMap {
    /// Adds a text, or gives the one of that path that is there already.
    pub fn add(&mut self, path: PathBuf, name: Arc<str>, text: Arc<str>) -> FileId {
        if let Some(&id) = self.by_path.get(&path) {
            return id;
        }
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.by_path.insert(path.clone(), id);
        self.files.push(SourceFile { path, name, text });
        id
    }

    /// Finds the text that was read from a path.
    #[must_use]
    pub fn find(&self, path: &Path) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// The text with this id.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }
}

impl Place {
    /// Makes a place of a file's id and a span.
    #[must_use]
    pub fn new(file: FileId, span: Span) -> Self {
        Place { file, span }
    }
}
