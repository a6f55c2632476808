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
/// one: each is kept out, and stays what it is. `depended` are those that the root package depends on, there or
/// not: in a submodule that is not checked out, Cargo would look for a member, and refuse the workspace.
pub(super) fn nested(root: &Path, depended: &[PathBuf]) -> Vec<String> {
    let (depended, missing): (Vec<_>, Vec<_>) = depended
        .iter()
        .map(|directory| fs::canonicalize(directory).map_err(|_| directory))
        .partition(Result::is_ok);
    let depended: Vec<PathBuf> = depended.into_iter().flatten().collect();
    let missing = missing.into_iter().filter_map(Result::err);
    let mut found: Vec<String> = missing
        .filter_map(|directory| not_there(root, directory))
        .collect();
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
    found.dedup();
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

/// What to keep out for a directory below the root that is not there: that of the submodule where there is
/// one, which is an empty directory, else itself.
fn not_there(root: &Path, directory: &Path) -> Option<String> {
    let above = directory.ancestors().skip(1).find(|above| above.is_dir())?;
    let real = fs::canonicalize(above).ok()?;
    let inside = real.starts_with(root);
    let is_empty = fs::read_dir(&real).is_ok_and(|mut entries| entries.next().is_none());
    let rest = directory.strip_prefix(above).ok()?;
    let kept_out = if is_empty { real } else { real.join(rest) };
    (inside && kept_out != root).then(|| name_of(&kept_out, root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_package_depends_on_and_is_not_there_is_kept_out() {
        let directory = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(directory.path()).unwrap();
        fs::create_dir_all(root.join("submodule")).unwrap();
        fs::create_dir_all(root.join("crates/one")).unwrap();
        fs::write(root.join("crates/one/Cargo.toml"), "[package]").unwrap();
        let depended = [
            "submodule/crates/api",
            "submodule/crates/rpc",
            "crates/gone",
            "nowhere/at/all",
            "../elsewhere",
            "crates/one",
        ];
        let depended = depended.map(|path| root.join(path));
        assert_eq!(
            nested(&root, &depended),
            ["crates/gone", "crates/one", "nowhere/at/all", "submodule"]
        );
        assert_eq!(nested(&root, &[]), ["crates/one"]);
    }
}
