//! The Cargo workspace: where it is, what it configures, and which root modules are in it.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{CargoOpt, Metadata, MetadataCommand};
use toml_edit::Document;

use crate::config::{self, Config, ConfigError, Owner};
use crate::links::Package;

/// A Cargo workspace.
#[derive(Debug)]
pub struct Workspace {
    /// Its directory.
    pub root: PathBuf,
    /// Its manifest.
    pub manifest: PathBuf,
    /// What the manifest says.
    pub text: Arc<str>,
}

/// Why the packages of a workspace are not known.
#[derive(Debug)]
pub enum PackagesError {
    /// Cargo refuses the workspace, or a manifest cannot be read.
    Cargo(anyhow::Error),
    /// The links in a manifest are wrong.
    Links {
        /// The manifest.
        manifest: PathBuf,
        /// What it says.
        text: Arc<str>,
        /// What is wrong.
        errors: Vec<ConfigError>,
    },
}

/// How the workspace is to be found.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The manifest to start from; else the nearest one above the current directory.
    pub manifest_path: Option<PathBuf>,
    /// What is passed on to Cargo, where Cargo has to be asked: `--locked` and the like.
    pub cargo_options: Vec<String>,
}

impl Workspace {
    /// Finds the workspace of a directory.
    ///
    /// A manifest that has a `[workspace]`, or that no manifest with one stands above, is its own
    /// workspace's, and reading it takes microseconds. Only for a manifest below another one Cargo is
    /// asked whose it is: `cargo metadata --no-deps` knows globs, exclusions and `package.workspace`, and
    /// takes longer than a whole audit from source.
    ///
    /// # Errors
    /// There is no manifest, it cannot be read, or Cargo refuses it.
    pub fn find(current: &Path, search: &Search) -> Result<Workspace> {
        let manifest = match &search.manifest_path {
            Some(path) => {
                if path.file_name().is_none_or(|name| name != "Cargo.toml") {
                    bail!(
                        "the manifest path `{}` must be a path to a Cargo.toml",
                        path.display()
                    );
                }
                current.join(path)
            }
            None => nearest(current).with_context(|| {
                let current = current.display();
                format!("there is no `Cargo.toml` in `{current}` or in a directory above it")
            })?,
        };
        let text = read(&manifest)?;
        let own = Document::parse(text.as_str()).map_or(true, |document| {
            let elsewhere = document
                .get("package")
                .and_then(|package| package.get("workspace"))
                .is_some();
            document.contains_key("workspace") || !elsewhere && !below_another(&manifest)
        });
        let (manifest, text) = if own {
            (manifest, text)
        } else {
            let manifest = ask_cargo(&manifest, search)?;
            let text = read(&manifest)?;
            (manifest, text)
        };
        let root = manifest.parent().map(Path::to_path_buf).unwrap_or_default();
        let root = std::fs::canonicalize(&root)
            .with_context(|| format!("cannot resolve `{}`", root.display()))?;
        Ok(Workspace {
            manifest: root.join("Cargo.toml"),
            root,
            text: Arc::from(text),
        })
    }

    /// The directory that Cargo builds in, for who runs it in the current directory: what the environment
    /// says, else the nearest configuration of Cargo that says it, else `target`.
    #[must_use]
    pub fn target(&self, current: &Path) -> PathBuf {
        for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"] {
            if let Some(set) = std::env::var_os(name).filter(|set| !set.is_empty()) {
                return current.join(set);
            }
        }
        let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
        let files = current
            .ancestors()
            .map(|above| above.join(".cargo"))
            .chain(home)
            .flat_map(|directory| [directory.join("config"), directory.join("config.toml")]);
        files
            .filter_map(|file| {
                let text = std::fs::read_to_string(&file).ok()?;
                let document = Document::parse(text).ok()?;
                let set = document.get("build")?.get("target-dir")?.as_str()?;
                Some(file.parent()?.parent()?.join(set))
            })
            .next()
            .unwrap_or_else(|| self.root.join("target"))
    }

    /// Its packages, with the links that their manifests have, in the order of their names.
    ///
    /// # Errors
    /// Cargo refuses the workspace, or a manifest's links are wrong.
    pub fn packages(&self, search: &Search) -> Result<Vec<Package>, PackagesError> {
        let metadata = metadata(&self.manifest, search).map_err(PackagesError::Cargo)?;
        let mut packages = Vec::new();
        for package in metadata.packages {
            let manifest = package.manifest_path.into_std_path_buf();
            let text = read(&manifest).map_err(PackagesError::Cargo)?;
            let own = Document::parse(text.as_str())
                .is_ok_and(|document| !document.contains_key("workspace"));
            let owner = if own && manifest.parent() == Some(&self.root) {
                Owner::Workspace
            } else {
                Owner::Package
            };
            let links = config::links(&text, owner).map_err(|errors| PackagesError::Links {
                manifest: manifest.clone(),
                text: Arc::from(text.as_str()),
                errors,
            })?;
            let binaries = package.targets.iter().filter(|target| target.is_bin());
            packages.push(Package {
                name: package.name.to_string(),
                binaries: binaries.map(|target| target.name.clone()).collect(),
                manifest,
                links,
            });
        }
        packages.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(packages)
    }

    /// What Cargo says of its packages.
    ///
    /// # Errors
    /// Cargo refuses the workspace.
    pub(crate) fn metadata(&self, search: &Search) -> Result<Metadata> {
        metadata(&self.manifest, search)
    }

    /// Reads its configuration.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn config(&self) -> Result<Config, Vec<ConfigError>> {
        config::read(&self.text)
    }
}

/// The nearest manifest at or above a directory.
fn nearest(directory: &Path) -> Option<PathBuf> {
    directory
        .ancestors()
        .map(|above| above.join("Cargo.toml"))
        .find(|path| path.is_file())
}

/// Whether a manifest with a workspace stands above this one.
fn below_another(manifest: &Path) -> bool {
    let directory = manifest.parent().and_then(Path::parent);
    let above = directory.into_iter().flat_map(Path::ancestors);
    above
        .map(|above| above.join("Cargo.toml"))
        .filter(|path| path.is_file())
        .any(|path| {
            read(&path).is_ok_and(|text| {
                // What is no TOML is left to Cargo to complain about.
                Document::parse(text).map_or(true, |document| document.contains_key("workspace"))
            })
        })
}

fn ask_cargo(manifest: &Path, search: &Search) -> Result<PathBuf> {
    let metadata = metadata(manifest, search)?;
    Ok(metadata
        .workspace_root
        .join("Cargo.toml")
        .into_std_path_buf())
}

fn metadata(manifest: &Path, search: &Search) -> Result<Metadata> {
    MetadataCommand::new()
        .manifest_path(manifest)
        .features(CargoOpt::AllFeatures)
        .no_deps()
        .other_options(search.cargo_options.clone())
        .exec()
        .with_context(|| format!("Cargo cannot read `{}`", manifest.display()))
}

fn read(manifest: &Path) -> Result<String> {
    std::fs::read_to_string(manifest)
        .with_context(|| format!("cannot read `{}`", manifest.display()))
}

/// The name of a path in reports: relative to the workspace root, with `/`.
#[must_use]
pub fn name_of(path: &Path, workspace: &Path) -> String {
    let mut shared = 0;
    for (left, right) in path.components().zip(workspace.components()) {
        if left != right {
            break;
        }
        shared += 1;
    }
    // Nothing in common but the root of the file system: `../../..` would tell nobody anything.
    if shared < 2 && !path.starts_with(workspace) {
        return path.to_string_lossy().replace('\\', "/");
    }
    let up = workspace.components().skip(shared).map(|_| "..".to_owned());
    let down = path
        .components()
        .skip(shared)
        .map(|component| match component {
            Component::Normal(name) => name.to_string_lossy().into_owned(),
            other => other.as_os_str().to_string_lossy().into_owned(),
        });
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() {
        ".".to_owned()
    } else {
        parts.join("/")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn found(manifests: &[(&str, &str)], from: &str) -> Result<String> {
        let directory = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(directory.path()).unwrap();
        for (name, text) in manifests {
            let path = top.join(name);
            fs::create_dir_all(path.parent().unwrap().join("src")).unwrap();
            fs::write(path.parent().unwrap().join("src/lib.rs"), "").unwrap();
            fs::write(path, text).unwrap();
        }
        let current = top.join(from);
        fs::create_dir_all(&current).unwrap();
        let workspace = Workspace::find(&current, &Search::default())?;
        Ok(name_of(&workspace.root, &top))
    }

    const WORKSPACE: &str = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n";
    const PACKAGE: &str = "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

    #[test]
    fn a_manifest_with_a_workspace_is_its_own() {
        assert_eq!(
            found(&[("Cargo.toml", WORKSPACE)], "infra/envs/prod").unwrap(),
            "."
        );
    }

    #[test]
    fn a_package_without_a_workspace_above_is_its_own() {
        assert_eq!(found(&[("a/Cargo.toml", PACKAGE)], "a/infra").unwrap(), "a");
    }

    #[test]
    fn cargo_says_whose_a_member_is() {
        let member = [("Cargo.toml", WORKSPACE), ("crates/a/Cargo.toml", PACKAGE)];
        assert_eq!(found(&member, "crates/a/src").unwrap(), ".");
        let excluded = WORKSPACE.replace("resolver", "exclude = [\"other\"]\nresolver");
        let other = [
            ("Cargo.toml", excluded.as_str()),
            ("other/Cargo.toml", PACKAGE),
        ];
        assert_eq!(found(&other, "other").unwrap(), "other");
        let stranger = [("Cargo.toml", WORKSPACE), ("other/Cargo.toml", PACKAGE)];
        let error = found(&stranger, "other").unwrap_err();
        assert!(format!("{error:#}").contains("workspace"), "{error:#}");
    }

    #[test]
    fn a_path_is_named_from_the_workspace_root() {
        let name = |path: &str| name_of(Path::new(path), Path::new("/home/a/shop"));
        assert_eq!(name("/home/a/shop"), ".");
        assert_eq!(name("/home/a/shop/infra/main.tf"), "infra/main.tf");
        assert_eq!(name("/home/a/modules/x"), "../modules/x");
        assert_eq!(name("/etc/terraform"), "/etc/terraform");
    }
}
