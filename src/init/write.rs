//! Writing what is planned: everything or nothing.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};

use super::plan::Edit;
use crate::fix;

/// Whether every file is one of the workspace, whatever links lead there.
///
/// # Errors
/// A file or the directory that it would be in lies elsewhere, or is no file.
pub(crate) fn stays_inside(workspace: &Path, edits: &[Edit]) -> Result<()> {
    for edit in edits {
        let path = workspace.join(&edit.file);
        let there = path
            .ancestors()
            .find(|path| fs::symlink_metadata(path).is_ok());
        let there = there.unwrap_or(workspace);
        let real = fs::canonicalize(there)
            .with_context(|| format!("cannot follow the link `{}`", there.display()))?;
        if !real.starts_with(workspace) {
            bail!(
                "`{}` leads out of the workspace, to `{}`: nothing is written there",
                edit.file,
                real.display()
            );
        }
        let is_file = there == path;
        if is_file != real.is_file() {
            bail!(
                "`{}` cannot be written: `{}` is in its place",
                edit.file,
                there.display()
            );
        }
    }
    Ok(())
}

/// Writes the edits in their order. Where one fails, what was written is put back as it was.
///
/// # Errors
/// One cannot be written. The message says which, and what could not be put back.
pub(crate) fn write(workspace: &Path, edits: &[Edit]) -> Result<()> {
    stays_inside(workspace, edits)?;
    let mut made = Vec::new();
    for (index, edit) in edits.iter().enumerate() {
        if let Err(error) = write_one(workspace, edit, &mut made) {
            let left = put_back(workspace, &edits[..index], &made);
            let rest = match &left[..] {
                [] => "; nothing else was written".to_owned(),
                left => format!("; written already, and left so, are {}", left.join(", ")),
            };
            return Err(anyhow!("{error:#}{rest}"));
        }
    }
    Ok(())
}

fn write_one(workspace: &Path, edit: &Edit, made: &mut Vec<PathBuf>) -> Result<()> {
    let path = workspace.join(&edit.file);
    let Some(before) = &edit.before else {
        let parents = path.ancestors().skip(1);
        let mut missing: Vec<PathBuf> = parents
            .take_while(|parent| !parent.exists())
            .map(Path::to_owned)
            .collect();
        while let Some(directory) = missing.pop() {
            fs::create_dir(&directory)
                .with_context(|| format!("cannot make the directory `{}`", directory.display()))?;
            made.push(directory);
        }
        if path.exists() {
            bail!(
                "`{}` was made by somebody else meanwhile, and is left as it is",
                edit.file
            );
        }
        return fix::write(&path, "", &edit.after);
    };
    fix::replace(&path, before, &edit.after)
}

/// Puts back what was there, and names what cannot be.
fn put_back(workspace: &Path, written: &[Edit], made: &[PathBuf]) -> Vec<String> {
    let mut left = Vec::new();
    for edit in written.iter().rev() {
        let path = workspace.join(&edit.file);
        let done = match &edit.before {
            Some(before) => fix::replace(&path, &edit.after, before),
            None => fs::remove_file(&path).map_err(anyhow::Error::from),
        };
        if done.is_err() {
            left.push(format!("`{}`", edit.file));
        }
    }
    for directory in made.iter().rev() {
        // One with something in it is somebody else's by now.
        let _ = fs::remove_dir(directory);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(file: &str, before: Option<&str>, after: &str) -> Edit {
        Edit {
            file: file.to_owned(),
            before: before.map(str::to_owned),
            after: after.to_owned(),
        }
    }

    fn workspace() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(directory.path()).unwrap().join("w");
        fs::create_dir(&top).unwrap();
        fs::write(top.join("Cargo.toml"), "[workspace]\n").unwrap();
        (directory, top)
    }

    #[test]
    fn where_one_file_cannot_be_written_none_is() {
        let (_directory, top) = workspace();
        fs::write(top.join("other"), "changed\n").unwrap();
        let edits = [
            edit(
                "Cargo.toml",
                Some("[workspace]\n"),
                "[workspace]\nmembers = []\n",
            ),
            edit("xtask/src/main.rs", None, "fn main() {}\n"),
            edit("other", Some("as it was\n"), "edited\n"),
        ];
        let error = write(&top, &edits).unwrap_err().to_string();
        assert!(
            error.contains("`other`") || error.contains("/other` was changed"),
            "{error}"
        );
        assert!(error.ends_with("nothing else was written"), "{error}");
        assert_eq!(
            fs::read_to_string(top.join("Cargo.toml")).unwrap(),
            "[workspace]\n"
        );
        assert!(!top.join("xtask").exists());
        fs::write(top.join("other"), "as it was\n").unwrap();
        write(&top, &edits).unwrap();
        assert_eq!(fs::read_to_string(top.join("other")).unwrap(), "edited\n");
        assert!(top.join("xtask/src/main.rs").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_inside_the_workspace_and_not_out_of_it() {
        use std::os::unix::fs::symlink;
        let (directory, top) = workspace();
        fs::create_dir(directory.path().join("elsewhere")).unwrap();
        symlink("../elsewhere", top.join(".cargo")).unwrap();
        let edits = [edit(".cargo/config.toml", None, "[alias]\n")];
        let error = write(&top, &edits).unwrap_err().to_string();
        assert!(error.contains("leads out of the workspace"), "{error}");
        assert_eq!(
            fs::read_dir(directory.path().join("elsewhere"))
                .unwrap()
                .count(),
            0
        );
        fs::remove_file(top.join(".cargo")).unwrap();
        fs::create_dir(top.join("settings")).unwrap();
        symlink("settings", top.join(".cargo")).unwrap();
        write(&top, &edits).unwrap();
        assert!(top.join("settings/config.toml").is_file());
        symlink("nowhere", top.join("xtask")).unwrap();
        let dangling = write(&top, &[edit("xtask/Cargo.toml", None, "")]);
        assert!(
            dangling
                .unwrap_err()
                .to_string()
                .contains("cannot follow the link")
        );
    }
}
