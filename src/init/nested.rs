//! Packages below a manifest that is no workspace yet.

use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

use super::look::text;
use crate::workspace::name_of;

/// How deep directories are searched.
const DEPTH: usize = 16;
/// How many entries of directories are looked at.
const ENTRIES: usize = 200_000;
/// How many packages are named one by one; past that, the first directories that they are in.
const NAMED: usize = 8;

/// The directories of packages that a workspace here would take for its own, though they were never part of
/// one: each is kept out, and stays what it is. `depended` are those that the root package depends on.
pub(super) fn nested(root: &Path, depended: &[PathBuf]) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![(root.to_owned(), 0)];
    let mut entries = 0;
    while let Some((directory, depth)) = waiting.pop() {
        if depth > 0
            && let Some(manifest) = text(&directory.join("Cargo.toml"))
        {
            let document = manifest.parse::<DocumentMut>();
            let own = document.is_ok_and(|document| document.contains_key("workspace"));
            if !own || depended.contains(&directory) {
                found.push(name_of(&directory, root));
            }
            if own {
                continue;
            }
        }
        for entry in fs::read_dir(&directory).into_iter().flatten().flatten() {
            entries += 1;
            if entries > ENTRIES {
                break;
            }
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let passed_over = name.starts_with('.') || name == "target" || name == "node_modules";
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_directory && !passed_over && depth < DEPTH {
                waiting.push((entry.path(), depth + 1));
            }
        }
    }
    found.sort();
    // What is below an excluded directory is excluded with it.
    let mut tops: Vec<String> = Vec::new();
    for directory in found {
        let below = |top: &String| {
            directory
                .strip_prefix(top.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if !tops.iter().any(below) {
            tops.push(directory);
        }
    }
    if tops.len() > NAMED {
        for directory in &mut tops {
            let first = directory.split('/').next().unwrap_or_default().len();
            directory.truncate(first);
        }
        tops.dedup();
    }
    tops
}
