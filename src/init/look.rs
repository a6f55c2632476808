//! Reads what is there.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{Package, TargetKind as Kind};

use super::ci::{CALL, PIPELINE};
use super::nested::nested;
use super::origin::{Origin, PACKAGE};
use super::package::{EXAMPLE, TESTS, needed, too_old};
use super::plan::PACKAGES;
use super::site::{File, Member, Site, Target, TargetKind, Workflows};
use super::{alias, ignored};
use crate::git;
use crate::workspace::{Search, Workspace, name_of};

/// How large a file may be that is read or edited.
const LARGEST: u64 = 8 << 20;
/// How many workflows are read.
const WORKFLOWS: usize = 500;
/// How many entries of a directory are looked at.
const LISTED: usize = 2000;
/// How many root modules Git is asked about.
const ASKED: usize = 200;

/// Reads what there is of a workspace with these root modules.
///
/// # Errors
/// Cargo refuses the workspace, a file that may be edited cannot be read or lies elsewhere, or the workspace's
/// toolchain cannot build the audit.
pub(crate) fn look(workspace: &Workspace, roots: Vec<String>, search: &Search) -> Result<Site> {
    let root = &workspace.root;
    for name in ["rust-toolchain.toml", "rust-toolchain"] {
        if let Some(asked) = read(root, name)?.as_deref().and_then(too_old) {
            bail!(
                "`{name}` asks for Rust {asked}, and the audit needs {}: it cannot be a package of this workspace; \
                 install it, and run it as it is",
                needed()
            );
        }
    }
    let packages = workspace.metadata(search)?.packages;
    let members = packages.iter().map(|package| member(root, package));
    let members = members.collect::<Result<Vec<Member>>>()?;
    let is_workspace = workspace
        .text
        .parse::<toml_edit::DocumentMut>()
        .is_ok_and(|document| document.contains_key("workspace"));
    let depended = packages.iter().flat_map(|package| &package.dependencies);
    let depended: Vec<PathBuf> = depended
        .filter_map(|dependency| dependency.path.as_ref())
        .map(|path| path.as_std_path().to_owned())
        .collect();
    let older = File {
        name: ".cargo/config".to_owned(),
        text: read(root, ".cargo/config")?,
    };
    // Where both are there, Cargo reads the older one.
    let cargo = match older.text {
        Some(_) => older,
        None => File {
            name: ".cargo/config.toml".to_owned(),
            text: read(root, ".cargo/config.toml")?,
        },
    };
    let taken = PACKAGES.iter().filter(|name| {
        let directory = root.join(name);
        let is_link = fs::symlink_metadata(&directory).is_ok_and(|found| !found.is_dir());
        is_link
            || ["Cargo.toml", "src", "tests"]
                .iter()
                .any(|name| directory.join(name).exists())
    });
    let in_repository = root.ancestors().any(|above| above.join(".git").exists());
    let ignore = read(root, ignored::FILE)?;
    Ok(Site {
        manifest: workspace.text.to_string(),
        cargo,
        members,
        nested: if is_workspace {
            Vec::new()
        } else {
            nested(root, &depended)
        },
        taken: taken.map(|&name| name.to_owned()).collect(),
        unignored: if in_repository || ignore.is_some() {
            unignored(root, &roots)?
        } else {
            Vec::new()
        },
        ignore,
        roots,
        origin: Origin::of_this_program(root),
        workflows: workflows(root)?,
        pipeline: read(root, PIPELINE)?,
        images: images(root),
        around: around(root),
    })
}

/// A file of the workspace, where it is there.
fn read(root: &Path, name: &str) -> Result<Option<String>> {
    let path = root.join(name);
    if fs::symlink_metadata(&path).is_err() {
        return Ok(None);
    }
    let real =
        fs::canonicalize(&path).with_context(|| format!("cannot follow the link `{name}`"))?;
    if !real.starts_with(root) {
        bail!(
            "`{name}` leads out of the workspace, to `{}`",
            real.display()
        );
    }
    if !real.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    fs::File::open(&real)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read `{name}`"))?;
    if bytes.len() as u64 > LARGEST {
        bail!("`{name}` is larger than {} MiB", LARGEST >> 20);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => {
            let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
            bail!("`{name}` is not UTF-8: line {line}")
        }
    }
}

fn member(root: &Path, package: &Package) -> Result<Member> {
    let manifest = package.manifest_path.as_std_path();
    let directory = manifest.parent().unwrap_or(root);
    let directory = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    let name = name_of(&directory, root);
    let name = if name == "." { String::new() } else { name };
    let dependency = package
        .dependencies
        .iter()
        .find(|dependency| dependency.name == PACKAGE);
    let own = (package.name.as_str() == PACKAGE).then(|| "ecs_audit".to_owned());
    let audit = own.or_else(|| {
        Some(match &dependency?.rename {
            Some(name) => name.replace('-', "_"),
            None => "ecs_audit".to_owned(),
        })
    });
    let targets = package.targets.iter().map(|target| {
        let source = audit
            .as_ref()
            .and_then(|_| text(target.src_path.as_std_path()));
        let calls = |what: &str| {
            let call = audit.as_ref().map(|audit| format!("{audit}::{what}"));
            call.is_some_and(|call| source.as_ref().is_some_and(|source| source.contains(&call)))
        };
        Target {
            kind: match target.kind.first() {
                Some(Kind::Bin) => TargetKind::Binary,
                Some(Kind::Example) => TargetKind::Example,
                Some(Kind::Test) => TargetKind::Test,
                _ => TargetKind::Other,
            },
            name: target.name.clone(),
            runs_audit: calls("run("),
            tests_audit: calls("harness!"),
        }
    });
    let targets = targets.collect();
    let new = TESTS.iter().map(|name| format!("tests/{name}.rs"));
    let new = new.chain([format!("examples/{EXAMPLE}.rs")]);
    let text = match name.as_str() {
        // Those outside of the workspace's directory are read, and not edited.
        name if name.starts_with("..") || Path::new(name).is_absolute() => {
            text(manifest).unwrap_or_default()
        }
        "" => read(root, "Cargo.toml")?.unwrap_or_default(),
        name => read(root, &format!("{name}/Cargo.toml"))?.unwrap_or_default(),
    };
    let rust_version = package.rust_version.as_ref();
    Ok(Member {
        name: package.name.to_string(),
        directory: name,
        manifest: text,
        edition: package.edition.to_string(),
        rust_version: rust_version.map(|version| (version.major, version.minor)),
        default_run: package.default_run.clone(),
        audit,
        targets,
        files: new.filter(|file| directory.join(file).exists()).collect(),
    })
}

/// A text that is only looked at.
pub(super) fn text(path: &Path) -> Option<String> {
    if !path.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn workflows(root: &Path) -> Result<Option<Workflows>> {
    let directory = root.join(".github/workflows");
    if !directory.is_dir() {
        return Ok(None);
    }
    let entries = fs::read_dir(&directory).context("cannot read `.github/workflows`")?;
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|end| end == "yml" || end == "yaml")
        })
        .collect();
    files.sort();
    files.truncate(WORKFLOWS);
    let texts: Vec<String> = files.iter().filter_map(|path| text(path)).collect();
    let only_long = !files.is_empty()
        && files
            .iter()
            .all(|path| path.extension().is_some_and(|end| end == "yaml"));
    let extension = if only_long { "yaml" } else { "yml" };
    let has = |what: &str| texts.iter().any(|text| text.contains(what));
    Ok(Some(Workflows {
        extension,
        call_audit: has(CALL),
        submodules: if has("submodules: recursive") {
            Some("recursive")
        } else {
            has("submodules: true").then_some("true")
        },
        taken: directory.join(format!("ecs-audit.{extension}")).exists(),
    }))
}

/// The directory of the workspace in a repository that has a CI outside of it.
fn around(root: &Path) -> Option<String> {
    let directory = git::directory_in_repository(root);
    let repository = root.ancestors().find(|above| above.join(".git").exists())?;
    let has_ci =
        repository.join(".github/workflows").is_dir() || repository.join(PIPELINE).is_file();
    Some(directory).filter(|directory| has_ci && !directory.is_empty())
}

/// The files that images are built by, in the workspace's directory and in those right below.
fn images(root: &Path) -> Vec<(String, String)> {
    let entries = |directory: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).take(LISTED).collect();
        paths.sort();
        paths
    };
    let top = entries(root);
    let is_directory =
        |path: &&PathBuf| fs::symlink_metadata(path).is_ok_and(|found| found.is_dir());
    let below: Vec<PathBuf> = top
        .iter()
        .filter(is_directory)
        .flat_map(|path| entries(path))
        .collect();
    let is_image = |path: &&PathBuf| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let named = name.starts_with("dockerfile") || name.starts_with("containerfile");
        (named || name.ends_with(".dockerfile")) && path.is_file()
    };
    let images = top.iter().chain(&below).filter(is_image).take(WORKFLOWS);
    images
        .filter_map(|path| Some((name_of(path, root), text(path)?)))
        .collect()
}

/// The lines of what is to be ignored that Git needs.
fn unignored(root: &Path, roots: &[String]) -> Result<Vec<&'static str>> {
    let mut missing = Vec::new();
    for (line, file) in ignored::LINES {
        let asked = roots
            .iter()
            .take(ASKED)
            .map(|module| format!("{module}/{file}"));
        let asked: Vec<String> = asked.filter(|file| !file.starts_with("..")).collect();
        if asked.is_empty() {
            continue;
        }
        // Without Git the lines themselves are looked for.
        if git::ignores_all(root, &asked)?.is_none_or(|all| !all) {
            missing.push(line);
        }
    }
    Ok(missing)
}

/// Whether a workspace is set up already, as far as its configuration and its aliases say.
pub(crate) fn is_set_up(workspace: &Workspace) -> bool {
    !crate::config::section(&workspace.text).is_empty() || alias::is_there(&workspace.root)
}
