//! The files that an evaluation reads, and the walls around them.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::configuration::{EditedTexts, Inputs, Reads};
use super::notes::Notes;
use crate::source::{FileId, SourceFile, SourceMap};
use crate::terraform::functions::{FileContent, FileError, Files};

/// The largest file that is read, in bytes.
const LARGEST_FILE: u64 = 16 << 20;
/// How many bytes are read in all, and how many more are looked at by functions, each time counted.
const MOST_BYTES: u64 = 256 << 20;
/// How many bytes of configuration are read: a tree takes some 25 times its text.
const MOST_SOURCE: u64 = 6 << 20;
/// How many files a listing may have.
const MOST_FILES: usize = 100_000;

/// The files of one root module and of what it calls.
#[derive(Debug)]
pub(super) struct FileSystem<'i> {
    root: PathBuf,
    workspace: PathBuf,
    edited: Option<&'i EditedTexts>,
    /// Whether the configuration may be one that is not here, and other files with it.
    elsewhere: bool,
    source: RefCell<&'i mut SourceMap>,
    content: RefCell<HashMap<PathBuf, Result<FileContent, FileError>>>,
    real_directories: RefCell<HashMap<PathBuf, PathBuf>>,
    bytes: Cell<u64>,
    looked_at_again: Cell<u64>,
    reads: RefCell<Reads>,
    source_bytes: Cell<u64>,
}

impl<'i> FileSystem<'i> {
    /// The files that a root module in a workspace may read.
    pub(super) fn new(inputs: &Inputs<'i>, source: &'i mut SourceMap) -> Self {
        let real = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        FileSystem {
            root: real(inputs.root),
            workspace: real(inputs.workspace),
            edited: inputs.edited,
            elsewhere: inputs.facts.source().is_some(),
            source: RefCell::new(source),
            content: RefCell::default(),
            real_directories: RefCell::default(),
            bytes: Cell::new(0),
            looked_at_again: Cell::new(0),
            reads: RefCell::default(),
            source_bytes: Cell::new(0),
        }
    }

    /// What was looked at.
    pub(super) fn reads(&self) -> Reads {
        self.reads.borrow().clone()
    }

    /// Remembers that a path was looked at.
    pub(super) fn looked_at(&self, path: &Path) {
        let clean = clean(path);
        let mut reads = self.reads.borrow_mut();
        if !reads.files.contains(&clean) {
            reads.files.insert(clean);
        }
    }

    /// The root module's directory.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The text of a file that was read.
    pub(super) fn text(&self, file: FileId) -> Arc<str> {
        self.source.borrow().file(file).text.clone()
    }

    /// A file that was read.
    pub(super) fn file(&self, file: FileId) -> Arc<SourceFile> {
        self.source.borrow().shared(file)
    }

    /// The names of the configuration files in a directory; `None` where there is no such directory.
    pub(super) fn configuration_files(
        &self,
        directory: &Path,
        notes: &Notes,
    ) -> Option<Vec<String>> {
        self.reads.borrow_mut().modules.insert(directory.to_owned());
        let mut names = Vec::new();
        for entry in fs::read_dir(directory).ok()?.flatten() {
            let named = entry.file_name().into_string();
            let name = match &named {
                Ok(name) => name.as_str(),
                Err(name) => &name.to_string_lossy(),
            };
            let hidden = name.starts_with('.')
                || name.ends_with('~')
                || (name.starts_with('#') && name.ends_with('#'));
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if stem(name).is_none() || hidden || is_directory {
                continue;
            }
            let path = self.name(&directory.join(name));
            match named {
                Ok(_) if names.len() >= MOST_FILES => {
                    let name = self.name(directory);
                    notes.missing(&name, format!("`{name}` has too many files"), None);
                    break;
                }
                Ok(name) => names.push(name),
                Err(_) => notes.missing(&path, format!("the name `{path}` is not UTF-8"), None),
            }
        }
        // OpenTofu reads `a.tofu` in the place of `a.tf`.
        let replaced = |name: &String| {
            let json = name
                .strip_suffix(".tofu.json")
                .map(|stem| (stem, ".tf.json"));
            let native = || name.strip_suffix(".tofu").map(|stem| (stem, ".tf"));
            json.or_else(native)
                .map(|(stem, end)| format!("{stem}{end}"))
        };
        let replaced: HashSet<String> = names.iter().filter_map(replaced).collect();
        names.retain(|name| !replaced.contains(name));
        Some(names)
    }

    /// Reads a file of the configuration. Past the workspace and the file's own directory nothing is read.
    ///
    /// # Errors
    /// Why it is not read.
    pub(super) fn read_source(&self, path: &Path) -> Result<FileId, String> {
        self.looked_at(path);
        let directory = path.parent().and_then(|parent| self.real_directory(parent));
        let read = self.real_path(path, directory.as_deref()).and_then(|real| {
            self.looked_at(&real);
            let known = self.source.borrow().find(&real);
            match known {
                Some(file) => Ok(Some(file)),
                None => Ok(self.add_text(&real, self.source_of(&real)?)),
            }
        });
        match read {
            Ok(Some(file)) => Ok(file),
            Ok(None) => Err(format!("`{}` is not UTF-8", self.name(path))),
            Err(FileError::Refused(message) | FileError::Unread(message)) => Err(message),
        }
    }

    /// Adds bytes that are text to the texts that were read.
    fn add_text(&self, real: &Path, bytes: Vec<u8>) -> Option<FileId> {
        let text = String::from_utf8(bytes).ok()?;
        let name = Arc::from(self.name(real));
        let mut source = self.source.borrow_mut();
        Some(source.add(real.to_owned(), name, Arc::from(text)))
    }

    /// Adds a text of a plan to the texts that were read.
    pub(super) fn add_planned(&self, path: PathBuf, text: Arc<str>) -> FileId {
        let name = Arc::from(self.name(&path));
        self.source.borrow_mut().add_planned(path, name, text)
    }

    /// Whether a directory is in the workspace, with all its links followed, or would be if it were there.
    pub(super) fn is_inner(&self, directory: &Path) -> bool {
        let real = fs::canonicalize(directory);
        real.as_deref()
            .unwrap_or(directory)
            .starts_with(&self.workspace)
    }

    /// What a file comes to that is not there.
    fn absent(&self, path: &str) -> FileError {
        if self.elsewhere {
            return FileError::Unread(format!(
                "there is no file `{path}` here, and a plan has none but the configuration's"
            ));
        }
        FileError::Refused(format!("there is no file `{path}`"))
    }

    /// The name of a path in reports.
    pub(super) fn name(&self, path: &Path) -> String {
        let relative = relative(path, &self.workspace);
        relative.unwrap_or_else(|| path.display().to_string())
    }

    /// The path with all its links followed, where it is inside the workspace or another directory.
    fn real_path(&self, path: &Path, allowed: Option<&Path>) -> Result<PathBuf, FileError> {
        let real = self
            .real_file(path)
            .ok_or_else(|| FileError::Refused(format!("there is no file `{}`", self.name(path))))?;
        let inside = real.starts_with(&self.workspace)
            || allowed.is_some_and(|directory| real.starts_with(directory));
        if inside {
            return Ok(real);
        }
        Err(FileError::Unread(format!(
            "`{}` is outside the workspace and not read",
            self.name(path)
        )))
    }

    /// The path of a file with all its links followed. Following them takes a system call for each step
    /// of a path, so what is known of its directory is kept.
    fn real_file(&self, path: &Path) -> Option<PathBuf> {
        let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
            return fs::canonicalize(path).ok();
        };
        if fs::symlink_metadata(path).ok()?.is_symlink() {
            return fs::canonicalize(path).ok();
        }
        Some(self.real_directory(directory)?.join(name))
    }

    /// The path of a directory with all its links followed.
    fn real_directory(&self, directory: &Path) -> Option<PathBuf> {
        if let Some(known) = self.real_directories.borrow().get(directory) {
            return Some(known.clone());
        }
        let real = fs::canonicalize(directory).ok()?;
        self.real_directories
            .borrow_mut()
            .insert(directory.to_owned(), real.clone());
        Some(real)
    }

    /// The bytes of a file that is to be parsed.
    fn source_of(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        let bytes = self.bytes_of(path)?;
        let all = self.source_bytes.get().saturating_add(bytes.len() as u64);
        if all > MOST_SOURCE {
            let name = self.name(path);
            return Err(FileError::Unread(format!(
                "`{name}` is not read: the configuration is larger than 6 MiB"
            )));
        }
        self.source_bytes.set(all);
        Ok(bytes)
    }

    fn bytes_of(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        if let Some(text) = self.edited.and_then(|edited| edited.get(path)) {
            return Ok(text.as_bytes().to_vec());
        }
        let name = self.name(path);
        let cannot =
            |error: std::io::Error| FileError::Refused(format!("`{name}` cannot be read: {error}"));
        let metadata = fs::metadata(path).map_err(cannot)?;
        if !metadata.is_file() {
            return Err(FileError::Refused(format!("`{name}` is not a file")));
        }
        self.bytes
            .set(self.bytes.get().saturating_add(metadata.len()));
        if metadata.len() > LARGEST_FILE || self.bytes.get() > MOST_BYTES {
            return Err(FileError::Unread(format!(
                "`{name}` is too large and not read"
            )));
        }
        fs::read(path).map_err(cannot)
    }

    fn absolute(&self, path: &str) -> PathBuf {
        clean(&self.root.join(path))
    }

    /// The path, where it is inside the workspace with all its links followed, or where nothing is there.
    fn inside(&self, path: &str) -> Result<Option<PathBuf>, FileError> {
        let outside =
            || FileError::Unread(format!("`{path}` is outside the workspace and not read"));
        let absolute = self.absolute(path);
        self.looked_at(&absolute);
        match fs::canonicalize(&absolute) {
            Ok(real) if real.starts_with(&self.workspace) => {
                self.looked_at(&real);
                Ok(Some(real))
            }
            Err(_) if absolute.starts_with(&self.workspace) => Ok(None),
            _ => Err(outside()),
        }
    }
}

impl Files for FileSystem<'_> {
    fn read(&self, path: &str) -> Result<FileContent, FileError> {
        match self.inside(path)? {
            Some(real) => {
                if let Some(known) = self.content.borrow().get(&real) {
                    let again = known.as_ref().map_or(0, |known| known.bytes.len() as u64);
                    let again = self.looked_at_again.get().saturating_add(again);
                    self.looked_at_again.set(again);
                    if again > MOST_BYTES {
                        let message = format!("`{path}` is read too often");
                        return Err(FileError::Unread(message));
                    }
                    return known.clone();
                }
                let content = self.bytes_of(&real).map(|bytes| FileContent {
                    file: self.add_text(&real, bytes.clone()),
                    bytes: Arc::from(bytes),
                });
                self.content.borrow_mut().insert(real, content.clone());
                content
            }
            None => Err(self.absent(path)),
        }
    }

    fn exists(&self, path: &str) -> Result<bool, FileError> {
        let Some(real) = self.inside(path)? else {
            return if self.elsewhere {
                Err(self.absent(path))
            } else {
                Ok(false)
            };
        };
        if fs::metadata(&real).is_ok_and(|metadata| metadata.is_file()) {
            return Ok(true);
        }
        Err(FileError::Refused(format!("`{path}` is not a file")))
    }

    fn list(&self, directory: &str) -> Result<Vec<String>, FileError> {
        let Some(start) = self.inside(directory)? else {
            return if self.elsewhere {
                Err(self.absent(directory))
            } else {
                Ok(Vec::new())
            };
        };
        self.reads.borrow_mut().listed.insert(start.clone());
        let mut found = Vec::new();
        let mut pending = vec![(start, String::new())];
        let mut seen = 0;
        while let Some((path, prefix)) = pending.pop() {
            let Ok(entries) = fs::read_dir(&path) else {
                continue;
            };
            for entry in entries.flatten() {
                seen += 1;
                if seen > MOST_FILES {
                    return Err(FileError::Unread(format!(
                        "`{directory}` has too many files to list"
                    )));
                }
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let name = format!("{prefix}{name}");
                let Ok(kind) = entry.file_type() else {
                    continue;
                };
                if kind.is_dir() {
                    pending.push((entry.path(), format!("{name}/")));
                } else if self.is_inner_file(&entry.path()) {
                    self.looked_at(&entry.path());
                    found.push(name);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn working_directory(&self) -> &Path {
        &self.root
    }
}

impl FileSystem<'_> {
    fn is_inner_file(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|real| real.starts_with(&self.workspace) && real.is_file())
    }
}

/// The name of a configuration file without its ending; `None` where it is no such file.
fn stem(name: &str) -> Option<&str> {
    let ends = [".tf", ".tf.json", ".tofu", ".tofu.json"];
    ends.iter().find_map(|end| name.strip_suffix(end))
}

/// Whether a configuration file overrides what others declare.
pub(super) fn is_override(name: &str) -> bool {
    stem(name).is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

/// A path without `.` and, as far as names go, without `..`.
pub(crate) fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match cleaned.components().next_back() {
                Some(Component::Normal(_)) => {
                    cleaned.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => cleaned.push(".."),
            },
            other => cleaned.push(other),
        }
    }
    cleaned
}

/// A path as seen from a directory, with `/`.
fn relative(path: &Path, from: &Path) -> Option<String> {
    let (mut path, mut from) = (path.components().peekable(), from.components().peekable());
    while path.peek().is_some() && path.peek() == from.peek() {
        path.next();
        from.next();
    }
    let ups = from.map(|_| "..".to_owned());
    let downs: Option<Vec<String>> = path
        .map(|component| component.as_os_str().to_str().map(str::to_owned))
        .collect();
    let steps: Vec<String> = ups.chain(downs?).collect();
    Some(steps.join("/"))
}
