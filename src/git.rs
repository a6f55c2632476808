//! What Git knows of the workspace.

use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

/// A file that differs from what is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// Its path, relative to the directory asked about.
    pub(crate) path: String,
    /// Whether the index has all of the change.
    pub(crate) staged: bool,
}

/// The uncommitted changes in a directory, files that Git does not know included; `None` where the directory
/// is in no repository, or there is no Git.
///
/// # Errors
/// Git fails otherwise.
pub(crate) fn changes(directory: &Path) -> Result<Option<Vec<Change>>> {
    let arguments = [
        "status",
        "--porcelain=v1",
        "-z",
        "--untracked-files=all",
        "--",
        ".",
    ];
    let Some(output) = git(directory, &arguments)? else {
        return Ok(None);
    };
    let prefix = git(directory, &["rev-parse", "--show-prefix"])?.unwrap_or_default();
    let prefix = prefix.trim_end_matches('\n');
    let mut changes = Vec::new();
    let mut entries = output.split('\0');
    while let Some(entry) = entries.next() {
        let Some((status, path)) = entry.split_at_checked(3) else {
            continue;
        };
        // A renamed or copied file is followed by its old name.
        if status.starts_with(['R', 'C']) {
            entries.next();
        }
        changes.push(Change {
            path: path.strip_prefix(prefix).unwrap_or(path).to_owned(),
            staged: status.as_bytes().get(1) == Some(&b' '),
        });
    }
    Ok(Some(changes))
}

/// Where a directory is in its repository, with `/`; empty where it is the repository's own, or in none.
pub(crate) fn directory_in_repository(directory: &Path) -> String {
    let mut ancestors = directory.ancestors();
    let Some(repository) = ancestors.find(|ancestor| ancestor.join(".git").exists()) else {
        return String::new();
    };
    let within = directory.strip_prefix(repository).unwrap_or(Path::new(""));
    let parts = within.iter().map(|part| part.to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// Whether the files that Git has of a repository make it ignore every one of these paths; `None` where the
/// directory is in no repository, or there is no Git.
///
/// # Errors
/// Git fails otherwise.
pub(crate) fn ignores_all(directory: &Path, paths: &[String]) -> Result<Option<bool>> {
    // What one user ignores everywhere, others do not.
    let mut arguments = vec![
        "-c",
        "core.excludesFile=",
        "check-ignore",
        "--no-index",
        "-z",
        "--",
    ];
    arguments.extend(paths.iter().map(String::as_str));
    let shell = Shell::new().context("there is no current directory")?;
    shell.change_dir(directory);
    let command = cmd!(shell, "git {arguments...}").env("LC_ALL", "C");
    let output = match Command::from(command).output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context("cannot run Git"),
    };
    match output.status.code() {
        Some(0) => {
            let ignored = output.stdout.iter().filter(|byte| **byte == 0).count();
            Ok(Some(ignored == paths.len()))
        }
        Some(1) => Ok(Some(false)),
        _ => Ok(None),
    }
}

/// The hash of the commit that is checked out; `None` where there is no Git, no repository, or no commit yet.
pub(crate) fn head(directory: &Path) -> Option<String> {
    let arguments = ["rev-parse", "--verify", "--quiet", "HEAD"];
    let commit = git(directory, &arguments).ok()??;
    Some(commit.trim().to_owned())
}

/// What Git prints; `None` where there is no Git, or no repository.
fn git(directory: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let shell = Shell::new().context("there is no current directory")?;
    shell.change_dir(directory);
    let command = cmd!(shell, "git {arguments...}")
        .env("LC_ALL", "C")
        // What only reads must not wait for, or hold, what others need.
        .env("GIT_OPTIONAL_LOCKS", "0");
    let output = match Command::from(command).output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).context("cannot run Git"),
    };
    if output.status.success() {
        return Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("not a git repository") {
        return Ok(None);
    }
    bail!("`git {}` failed: {}", arguments[0], said.trim())
}

/// What differs from a revision.
#[derive(Clone, Debug)]
pub(crate) struct Since {
    /// The repository's directory.
    top: PathBuf,
    revision: String,
    /// The paths of which what is there now, committed or not, is not what the revision has.
    pub(crate) changed: BTreeSet<PathBuf>,
    /// The paths that Git knows of.
    pub(crate) tracked: HashSet<PathBuf>,
}

/// Holds the files of a repository against a revision.
///
/// # Errors
/// The directory is in no repository, there is no such revision, or Git fails.
pub(crate) fn since(directory: &Path, revision: &str) -> Result<Since> {
    let Some(top) = git(directory, &["rev-parse", "--show-toplevel"])? else {
        bail!(
            "`--since` needs Git and a repository: `{}` is in none",
            directory.display()
        );
    };
    let top = PathBuf::from(top.trim_end_matches('\n'));
    let top = std::fs::canonicalize(&top)
        .with_context(|| format!("cannot resolve `{}`", top.display()))?;
    let commit = format!("{revision}^{{commit}}");
    let known = git(
        &top,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &commit,
        ],
    );
    let Ok(Some(commit)) = known else {
        bail!("there is no revision `{revision}`");
    };
    let revision = commit.trim_end_matches('\n').to_owned();
    let paths = |arguments: &[&str]| -> Result<Vec<PathBuf>> {
        let output = git(&top, arguments)?.unwrap_or_default();
        let names = output.split('\0').filter(|name| !name.is_empty());
        Ok(names.map(|name| top.join(name)).collect())
    };
    let differing = [
        "diff",
        "--name-only",
        "--no-renames",
        "--no-ext-diff",
        "-z",
        &revision,
        "--",
    ];
    let changed = paths(&differing)?;
    let tracked = paths(&["ls-files", "-z"])?;
    Ok(Since {
        changed: changed.into_iter().collect(),
        tracked: tracked.into_iter().collect(),
        revision,
        top,
    })
}

impl Since {
    /// What the revision has of a file; `None` where it has none.
    ///
    /// # Errors
    /// Git fails.
    pub(crate) fn text(&self, file: &Path) -> Result<Option<String>> {
        let Ok(path) = file.strip_prefix(&self.top) else {
            return Ok(None);
        };
        let path = path.to_string_lossy().replace('\\', "/");
        let listed = git(
            &self.top,
            &["ls-tree", "--name-only", &self.revision, "--", &path],
        )?;
        if listed.is_none_or(|listed| listed.trim().is_empty()) {
            return Ok(None);
        }
        git(&self.top, &["show", &format!("{}:{path}", self.revision)])
    }
}
