//! The texts that were read, and places in them.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::hcl::tree::Body;
use crate::hcl::{self, Parsed, Span};

/// How many bytes lie between two offsets at which the characters before are counted once and for all.
const STRIDE: usize = 1024;

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

/// A line and a column, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A text and its name.
#[derive(Debug)]
pub struct SourceFile {
    /// Where it was read from.
    pub path: PathBuf,
    /// Its name in reports: relative to the workspace root, with `/`.
    pub name: Arc<str>,
    /// What it says.
    pub text: Arc<str>,
    lines: OnceLock<Lines>,
    parsed: OnceLock<Parsed<Body>>,
}

/// Every text that was read for one root module, each once.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<Arc<SourceFile>>,
    by_path: HashMap<PathBuf, FileId>,
    library: Arc<Library>,
    planned: HashSet<FileId>,
}

/// Files that several root modules read, so that each is parsed once. What is past [`MOST_KEPT`] is not
/// kept for others.
#[derive(Debug, Default)]
pub struct Library(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    files: HashMap<PathBuf, Arc<SourceFile>>,
    bytes: usize,
}

/// How many bytes of text are kept for other root modules. Their trees take about ten times as much.
const MOST_KEPT: usize = 4 << 20;

impl Library {
    /// The file of this path with this text.
    pub fn file(&self, path: PathBuf, name: Arc<str>, text: Arc<str>) -> Arc<SourceFile> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = kept.files.get(&path)
            && file.text == text
            && file.name == name
        {
            return file.clone();
        }
        let file = Arc::new(SourceFile {
            path,
            name,
            text,
            lines: OnceLock::new(),
            parsed: OnceLock::new(),
        });
        if kept.bytes + file.text.len() <= MOST_KEPT {
            kept.bytes += file.text.len();
            let before = kept.files.insert(file.path.clone(), file.clone());
            kept.bytes -= before.map_or(0, |before| before.text.len());
        }
        file
    }
}

impl SourceMap {
    /// No texts yet; those that others have read already are taken from a library.
    #[must_use]
    pub fn with_library(library: &Arc<Library>) -> Self {
        SourceMap {
            library: library.clone(),
            ..SourceMap::default()
        }
    }

    /// Adds a text, or gives the one of that path that is there already.
    pub fn add(&mut self, path: PathBuf, name: Arc<str>, text: Arc<str>) -> FileId {
        if let Some(&id) = self.by_path.get(&path) {
            return id;
        }
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.by_path.insert(path.clone(), id);
        self.files.push(self.library.file(path, name, text));
        id
    }

    /// Adds a text of a plan's configuration; what is at its path is something else, or nothing.
    pub fn add_planned(&mut self, path: PathBuf, name: Arc<str>, text: Arc<str>) -> FileId {
        let id = self.add(path, name, text);
        self.planned.insert(id);
        id
    }

    /// Whether a text is of a plan's configuration, and not what is at its path.
    #[must_use]
    pub fn is_planned(&self, id: FileId) -> bool {
        self.planned.contains(&id)
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

    /// The text with this id, for as long as it is needed.
    #[must_use]
    pub fn shared(&self, id: FileId) -> Arc<SourceFile> {
        self.files[id.0 as usize].clone()
    }

    /// Every text with its id, in the order in which they were read.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        let ids = (0..u32::MAX).map(FileId);
        ids.zip(self.files.iter().map(|file| &**file))
    }

    /// What stands in a place.
    #[must_use]
    pub fn text(&self, place: Place) -> &str {
        let text = &self.file(place.file).text;
        text.get(place.span.start as usize..place.span.end as usize)
            .unwrap_or_default()
    }

    /// Where a place begins and ends.
    #[must_use]
    pub fn positions(&self, place: Place) -> (Position, Position) {
        let file = self.file(place.file);
        (
            file.position(place.span.start),
            file.position(place.span.end),
        )
    }
}

impl SourceFile {
    /// The text as Terraform's native syntax, parsed once.
    pub fn parsed(&self) -> &Parsed<Body> {
        self.parsed.get_or_init(|| hcl::parse(&self.text))
    }

    /// The line and column of an offset in bytes; past the end, those of the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let lines = self.lines.get_or_init(|| Lines::of(&self.text));
        // What is before the first line is a byte-order mark, which is no column.
        let mut offset = (offset as usize).min(self.text.len()).max(lines.starts[0]);
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = lines.starts.partition_point(|&start| start <= offset);
        let start = lines.starts[line - 1];
        let before = if offset - start < STRIDE {
            count(&self.text.as_bytes()[start..offset])
        } else {
            lines.characters(&self.text, offset) - lines.characters(&self.text, start)
        };
        Position {
            line,
            column: before + 1,
        }
    }
}

/// Where lines begin, and how many characters there are before some offsets, so that a position is found
/// in the same time however long a line is.
#[derive(Clone, Debug)]
struct Lines {
    starts: Vec<usize>,
    characters: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let after_breaks = text
            .bytes()
            .enumerate()
            .filter_map(|(at, byte)| (byte == b'\n').then_some(at + 1));
        let first = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let mut before = 0;
        let mut characters = vec![0];
        for chunk in text.as_bytes().chunks(STRIDE) {
            before += count(chunk);
            characters.push(before);
        }
        Lines {
            starts: [first].into_iter().chain(after_breaks).collect(),
            characters,
        }
    }

    fn characters(&self, text: &str, offset: usize) -> usize {
        let stride = offset / STRIDE;
        self.characters[stride] + count(&text.as_bytes()[stride * STRIDE..offset])
    }
}

/// How many characters begin in these bytes.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
}

impl Place {
    /// Makes a place of a file's id and a span.
    #[must_use]
    pub fn new(file: FileId, span: Span) -> Self {
        Place { file, span }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, offset: usize) -> (usize, usize) {
        let mut map = SourceMap::default();
        let id = map.add("a.tf".into(), "a.tf".into(), text.into());
        let position = map.file(id).position(offset as u32);
        (position.line, position.column)
    }

    #[test]
    fn lines_and_columns_start_at_one() {
        assert_eq!(position("ab\ncd", 0), (1, 1));
        assert_eq!(position("ab\ncd", 2), (1, 3));
        assert_eq!(position("ab\ncd", 3), (2, 1));
        assert_eq!(position("ab\ncd", 5), (2, 3));
    }

    #[test]
    fn columns_count_characters_and_not_bytes() {
        assert_eq!(position("é = \"ß\"", "é = \"ß\"".len()), (1, 8));
        assert_eq!(position("é", 1), (1, 1));
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        assert_eq!(position("ab", 99), (1, 3));
        assert_eq!(position("", 1), (1, 1));
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        assert_eq!(position("\u{feff}a = 1", 3), (1, 1));
        assert_eq!(position("\u{feff}a = 1", 0), (1, 1));
    }

    #[test]
    fn a_long_line_is_counted_through_its_strides() {
        let text = "é".repeat(3000);
        assert_eq!(position(&text, 6000), (1, 3001));
        assert_eq!(position(&text, 2048), (1, 1025));
    }

    #[test]
    fn a_library_gives_the_same_file_for_the_same_text_alone() {
        let library = Arc::new(Library::default());
        let read = |text: &str| {
            let mut map = SourceMap::with_library(&library);
            let id = map.add("a.tf".into(), "a.tf".into(), text.into());
            map.shared(id)
        };
        let first = read("a = 1");
        assert!(Arc::ptr_eq(&first, &read("a = 1")));
        assert_eq!(&*read("a = 2").text, "a = 2");
        let large = " ".repeat(MOST_KEPT + 1);
        assert!(!Arc::ptr_eq(&read(&large), &read(&large)));
    }

    #[test]
    fn a_path_is_read_once() {
        let mut map = SourceMap::default();
        let first = map.add("a.tf".into(), "a.tf".into(), "one".into());
        let second = map.add("a.tf".into(), "a.tf".into(), "two".into());
        assert_eq!(first, second);
        assert_eq!(&*map.file(second).text, "one");
        assert_eq!(map.files().count(), 1);
    }
}
