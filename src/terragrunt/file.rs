//! One of Terragrunt's files.

use std::fs;
use std::path::{Path, PathBuf};

use super::written::attribute;
use crate::hcl::tree::{Attribute, Block, Body, Expression};
use crate::hcl::{self, Span};

/// The largest file that is read, in bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// A file of Terragrunt.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) body: Body,
}

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let cannot = |why: &str| format!("`{name}` {why}");
        let metadata = fs::metadata(path).map_err(|_| cannot("cannot be read"))?;
        if !metadata.is_file() || metadata.len() > LARGEST_FILE {
            return Err(cannot("is no file of a size that is read"));
        }
        let bytes = fs::read(path).map_err(|_| cannot("cannot be read"))?;
        let text = String::from_utf8(bytes).map_err(|_| cannot("is not UTF-8"))?;
        let parsed = hcl::parse(&text);
        if let Some(error) = parsed.errors.first() {
            let line = line(&text, error.span);
            return Err(format!("`{name}` has a syntax error in line {line}"));
        }
        Ok(File {
            path: path.to_owned(),
            body: parsed.tree,
            text,
        })
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        attribute(&self.body, name)
    }

    pub(super) fn blocks<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Block> {
        let blocks = self.body.blocks.iter();
        blocks.filter(move |block| &*block.keyword.text == name)
    }

    /// `terragrunt.hcl`, line 3.
    pub(super) fn at(&self, span: Span) -> String {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        format!("`{name}`, line {}", line(&self.text, span))
    }

    /// The `source` of its `terraform` block.
    pub(super) fn source(&self) -> Option<&Expression> {
        let mut sources = self
            .blocks("terraform")
            .filter_map(|block| attribute(&block.body, "source"));
        sources.next().map(|attribute| &*attribute.value)
    }
}

/// The line that a span begins on, from 1.
fn line(text: &str, span: Span) -> usize {
    let before = text.as_bytes().iter().take(span.start as usize);
    before.filter(|byte| **byte == b'\n').count() + 1
}
