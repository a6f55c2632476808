//! Where the running audit came from, so that what it sets up depends on the same.

use std::fs;
use std::path::Path;

use toml_edit::{InlineTable, Value};

use crate::cargo;
use crate::workspace::name_of;

/// The package's own name.
pub(crate) const PACKAGE: &str = env!("CARGO_PKG_NAME");

/// Where the audit comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Origin {
    /// A registry; this version and what is compatible with it.
    #[default]
    Registry,
    /// A checkout on this machine. Inside the workspace, or around it, relative to the workspace root.
    Checkout {
        absolute: String,
        relative: Option<String>,
    },
    /// A Git repository, at a commit.
    Git { url: String, revision: String },
}

impl Origin {
    /// The origin of the running program, as seen from a workspace.
    pub(super) fn of_this_program(workspace: &Path) -> Self {
        let home = cargo::home();
        let installed = home
            .as_ref()
            .and_then(|home| fs::read_to_string(home.join(".crates.toml")).ok());
        Origin::of(
            Path::new(env!("CARGO_MANIFEST_DIR")),
            workspace,
            home.as_deref(),
            installed.as_deref(),
        )
    }

    fn of(built_in: &Path, workspace: &Path, home: Option<&Path>, installed: Option<&str>) -> Self {
        let is_in = |part: &str| home.is_some_and(|home| built_in.starts_with(home.join(part)));
        if is_in("git") {
            return installed.and_then(from_git).unwrap_or_default();
        }
        let is_there = fs::read_to_string(built_in.join("Cargo.toml"))
            .is_ok_and(|text| text.contains(&format!("name = \"{PACKAGE}\"")));
        if is_in("registry") || !is_there {
            return Origin::Registry;
        }
        let built_in = fs::canonicalize(built_in).unwrap_or_else(|_| built_in.to_owned());
        let near = built_in.starts_with(workspace) || workspace.starts_with(&built_in);
        Origin::Checkout {
            absolute: built_in.to_string_lossy().replace('\\', "/"),
            relative: near.then(|| name_of(&built_in, workspace)),
        }
    }

    /// What a manifest writes to depend on it, in a directory of the workspace; an empty one is its root.
    pub(super) fn dependency(&self, directory: &str) -> Value {
        let mut table = InlineTable::new();
        match self {
            Origin::Registry => return Value::from(env!("CARGO_PKG_VERSION")),
            Origin::Checkout { absolute, relative } => {
                let path = match relative {
                    None => absolute.clone(),
                    Some(relative) => {
                        let up = directory.split('/').filter(|part| !part.is_empty());
                        let up = "../".repeat(up.count());
                        format!("{up}{relative}")
                    }
                };
                table.insert("path", path.into());
            }
            Origin::Git { url, revision } => {
                table.insert("git", url.as_str().into());
                table.insert("rev", revision.as_str().into());
            }
        }
        Value::InlineTable(table)
    }

    /// The checkout's directory, where it lies in the workspace.
    pub(super) fn inside(&self) -> Option<&str> {
        match self {
            Origin::Checkout {
                relative: Some(relative),
                ..
            } if relative != "." && !relative.starts_with("..") => Some(relative),
            _ => None,
        }
    }

    /// The checkout's directory, where only this machine has it.
    pub(super) fn of_this_machine(&self) -> Option<&str> {
        match self {
            Origin::Checkout {
                absolute,
                relative: None,
            } => Some(absolute),
            _ => None,
        }
    }
}

/// Reads `"cargo-ecs-audit 0.1.0 (git+https://host/path?branch=main#commit)" = […]`, as `cargo install`
/// writes it down.
fn from_git(installed: &str) -> Option<Origin> {
    let start = format!("\"{PACKAGE} ");
    let line = installed.lines().find(|line| line.starts_with(&start))?;
    let (_, source) = line.split_once("(git+")?;
    let (source, _) = source.split_once(')')?;
    let (url, revision) = source.split_once('#')?;
    let url = url.split_once('?').map_or(url, |(url, _)| url);
    // A password in an address is nobody's business but its owner's.
    let authority = url.split_once("://")?.1.split('/').next()?;
    if authority.contains('@') && !url.starts_with("ssh://") {
        return None;
    }
    Some(Origin::Git {
        url: url.to_owned(),
        revision: revision.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkout_is_a_path_and_relative_where_it_is_the_workspaces_own() {
        let directory = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(directory.path()).unwrap();
        let checkout = top.join("shop/vendor/audit");
        fs::create_dir_all(&checkout).unwrap();
        let manifest = "[package]\nname = \"cargo-ecs-audit\"\n";
        fs::write(checkout.join("Cargo.toml"), manifest).unwrap();
        let from = |workspace: &str| Origin::of(&checkout, &top.join(workspace), None, None);
        let written = |origin: &Origin| origin.dependency("tools/xtask").to_string();
        let inside = from("shop");
        assert_eq!(written(&inside), "{ path = \"../../vendor/audit\" }");
        assert_eq!(inside.inside(), Some("vendor/audit"));
        let elsewhere = from("other");
        let path = checkout.display();
        assert_eq!(written(&elsewhere), format!("{{ path = \"{path}\" }}"));
        assert!(elsewhere.of_this_machine().is_some());
        fs::remove_file(checkout.join("Cargo.toml")).unwrap();
        assert_eq!(from("shop"), Origin::Registry);
    }

    #[test]
    fn what_cargo_installed_from_git_is_that_commit() {
        let home = Path::new("/home/a/.cargo");
        let built_in = home.join("git/checkouts/audit-1a2b/3c4d");
        let origin =
            |installed| Origin::of(&built_in, Path::new("/w"), Some(home), Some(installed));
        let installed = "[v1]\n\"cargo-ecs-audit 0.1.0 (git+https://host.example/audit?branch=main#3c4d)\" = []\n";
        assert_eq!(
            origin(installed).dependency("xtask").to_string(),
            "{ git = \"https://host.example/audit\", rev = \"3c4d\" }"
        );
        assert_eq!(origin("[v1]\n"), Origin::Registry);
        let secret =
            "[v1]\n\"cargo-ecs-audit 0.1.0 (git+https://me:pass@host.example/audit#3c4d)\" = []\n";
        assert_eq!(origin(secret), Origin::Registry);
    }

    #[test]
    fn what_came_from_a_registry_is_a_version() {
        let home = Path::new("/home/a/.cargo");
        let built_in = home.join("registry/src/index/cargo-ecs-audit-0.1.0");
        let origin = Origin::of(&built_in, Path::new("/w"), Some(home), None);
        let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
        assert_eq!(origin.dependency("xtask").to_string(), version);
    }
}
