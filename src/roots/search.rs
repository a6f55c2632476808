//! Finding root modules where nobody names them.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Found, RootModule, root_module, unit_module};
use crate::config::Config;
use crate::hcl;
use crate::hcl::tree::{Body, Expression, ExpressionKind, TemplatePart};
use crate::source::{Library, SourceFile};
use crate::terragrunt::{self, Calls, Unit};
use crate::workspace::name_of;

/// How deep directories are searched.
const DEPTH: usize = 32;

/// How many directories are searched.
const DIRECTORIES: usize = 100_000;

/// How many directories that cannot be looked into are named.
const UNREAD: usize = 100;

/// Past this many bytes a file is not read to find out what a directory is.
const LARGE_FILE: u64 = 16 << 20;

/// How many bytes of a file are read to see what its first blocks are.
pub(super) const FIRST_BLOCKS: usize = 16 << 10;

/// What a directory with Terraform files looks like from outside.
#[derive(Debug, Default)]
struct Shape {
    /// It has a backend or cloud block, or a lock file: only root modules have.
    certain: bool,
    /// It configures a provider or has resources.
    possible: bool,
    /// It calls modules.
    calling: bool,
    /// The local modules that it calls.
    calls: Vec<PathBuf>,
}

pub(super) fn search(top: &Path, workspace: &Path, library: &Library) -> Found {
    let Seen {
        mut shapes,
        units,
        unread,
    } = walk(top, workspace, library);
    let called_by_units = CalledByUnits::new(units.values());
    shapes.retain(|path, _| !units.contains_key(path));
    // A module that calls itself has no caller on that account.
    let called: HashSet<&PathBuf> = shapes
        .iter()
        .flat_map(|(path, shape)| shape.calls.iter().filter(move |&called| called != path))
        .collect();
    let is_called = |path: &PathBuf| called.contains(path) || called_by_units.has(path, workspace);
    let plain = |path: &PathBuf| root_module(path.clone(), workspace, &Config::default());
    let with = |is_root: &dyn Fn(&PathBuf, &Shape) -> bool| -> Vec<RootModule> {
        let roots = shapes.iter().filter(|(path, shape)| is_root(path, shape));
        roots.map(|(path, _)| plain(path)).collect()
    };
    let mut modules = with(&|path, shape| shape.certain || shape.possible && !is_called(path));
    // What only calls modules may be a module of somebody else's beside other roots; alone it is a root.
    if modules.is_empty() && units.is_empty() {
        modules = with(&|path, shape| shape.calling && !is_called(path));
    }
    for (path, unit) in &units {
        // What others include makes nothing itself.
        let mut below = units.range::<Path, _>((Bound::Excluded(path.as_path()), Bound::Unbounded));
        let includes = below
            .next()
            .is_some_and(|(other, _)| other.starts_with(path));
        if *unit != Unit::Shared || !includes {
            modules.push(unit_module(plain(path), unit.clone()));
        }
    }
    modules.extend(unread.iter().map(|path| RootModule {
        not_audited: Some("the directory cannot be read".to_owned()),
        ..plain(path)
    }));
    modules.sort_by(|one, other| one.name.cmp(&other.name));
    let searched = match name_of(top, workspace).as_str() {
        "." => "the workspace".to_owned(),
        name => format!("`{name}`"),
    };
    Found {
        unchanged: Vec::new(),
        modules,
        searched,
        directories: shapes.len(),
    }
}

/// The modules of the workspace that units of Terragrunt call, or may call.
#[derive(Debug, Default)]
struct CalledByUnits {
    modules: HashSet<PathBuf>,
    endings: HashSet<PathBuf>,
    any: bool,
}

impl CalledByUnits {
    fn new<'a>(units: impl Iterator<Item = &'a Unit>) -> Self {
        let mut called = CalledByUnits::default();
        for unit in units {
            match unit {
                Unit::Written { module, .. }
                | Unit::Unread {
                    calls: Calls::Module(module),
                    ..
                } => {
                    called.modules.insert(module.clone());
                }
                Unit::Unread {
                    calls: Calls::Ending(end),
                    ..
                } => {
                    called.endings.insert(end.clone());
                }
                Unit::Unread {
                    calls: Calls::Any, ..
                } => called.any = true,
                Unit::Shared
                | Unit::Unread {
                    calls: Calls::None, ..
                } => {}
            }
        }
        called
    }

    /// Whether the module in a directory may be called. Where it may be any, the directories for modules are meant.
    fn has(&self, path: &Path, workspace: &Path) -> bool {
        let inside = path.strip_prefix(workspace).unwrap_or(path);
        let parts: Vec<_> = inside.components().collect();
        let is_for_modules =
            |part: &Component<'_>| matches!(part.as_os_str().to_str(), Some("module" | "modules"));
        let ends = || (0..parts.len()).map(|start| parts[start..].iter().collect::<PathBuf>());
        self.modules.contains(path)
            || self.any && parts.iter().any(is_for_modules)
            || !self.endings.is_empty() && ends().any(|end| self.endings.contains(&end))
    }
}

/// What a search came by.
#[derive(Debug, Default)]
struct Seen {
    /// The directories with Terraform files.
    shapes: BTreeMap<PathBuf, Shape>,
    /// The directories of Terragrunt.
    units: BTreeMap<PathBuf, Unit>,
    /// The directories that could not be looked into.
    unread: Vec<PathBuf>,
}

fn walk(top: &Path, workspace: &Path, library: &Library) -> Seen {
    let mut seen = Seen::default();
    let mut waiting = vec![(top.to_path_buf(), 0)];
    let mut visited = 0;
    while let Some((directory, depth)) = waiting.pop() {
        visited += 1;
        let Ok(entries) = fs::read_dir(&directory) else {
            if seen.unread.len() < UNREAD {
                seen.unread.push(directory);
            }
            continue;
        };
        let mut files = Vec::new();
        for entry in entries.flatten() {
            // Links are not followed: they can lead out of the workspace, or in circles.
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() && depth < DEPTH && visited + waiting.len() < DIRECTORIES {
                if !is_skipped(&entry.file_name().to_string_lossy()) {
                    waiting.push((entry.path(), depth + 1));
                }
            } else if !kind.is_dir() {
                files.push(entry.path());
            }
        }
        let sources: Vec<PathBuf> = files
            .iter()
            .filter(|path| is_terraform(path))
            .cloned()
            .collect();
        let has_terragrunt = files.iter().any(|path| is_terragrunt(path));
        if has_terragrunt
            && let Some(unit) = terragrunt::read(&directory, workspace, !sources.is_empty())
        {
            seen.units.insert(directory.clone(), unit);
        }
        if !sources.is_empty() {
            let shape = shape(&directory, &sources, workspace, library);
            seen.shapes.insert(directory, shape);
        }
    }
    seen
}

/// Directories that hold nobody's root modules: build output, installed modules, what is hidden.
fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "target" | "node_modules")
}

fn is_terragrunt(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().starts_with("terragrunt.")
}

fn is_terraform(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with('.')
        && [".tf", ".tf.json", ".tofu", ".tofu.json"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// The files of a directory that Terraform would read as a module's.
pub(super) fn terraform_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.path())
        .filter(|path| is_terraform(path) && path.is_file())
        .collect()
}

fn shape(directory: &Path, files: &[PathBuf], workspace: &Path, library: &Library) -> Shape {
    let mut shape = Shape {
        certain: directory.join(".terraform.lock.hcl").is_file(),
        ..Shape::default()
    };
    for file in files {
        let small = fs::metadata(file).is_ok_and(|metadata| metadata.len() <= LARGE_FILE);
        let Some(bytes) = small.then(|| fs::read(file).ok()).flatten() else {
            continue;
        };
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        if file
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            read_json(&text, directory, &mut shape);
        } else {
            let whole = |text: String| {
                let name = Arc::from(name_of(file, workspace));
                library.file(file.clone(), name, Arc::from(text))
            };
            read_text(text, whole, directory, &mut shape);
        }
    }
    shape
}

/// Reads as much of a file as it takes: most of what there is to know shows in its first blocks, and the
/// rest of a file matters only where these words are in it. A whole file is parsed by the evaluator soon
/// enough.
fn read_text(
    text: String,
    whole: impl FnOnce(String) -> Arc<SourceFile>,
    directory: &Path,
    shape: &mut Shape,
) {
    let calls = ["module", "backend", "cloud"]
        .iter()
        .any(|word| text.contains(word));
    if !calls {
        if shape.certain || shape.possible {
            return;
        }
        if text.len() > FIRST_BLOCKS {
            let mut end = FIRST_BLOCKS;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            read_native(&hcl::parse(&text[..end]).tree, directory, shape);
            if shape.possible {
                return;
            }
        }
    }
    read_native(&whole(text).parsed().tree, directory, shape);
}

fn read_native(body: &Body, directory: &Path, shape: &mut Shape) {
    for block in &body.blocks {
        match &*block.keyword.text {
            "terraform" => {
                shape.certain |= block
                    .body
                    .blocks
                    .iter()
                    .any(|inner| matches!(&*inner.keyword.text, "backend" | "cloud"));
            }
            "provider" | "resource" => shape.possible = true,
            "module" => {
                shape.calling = true;
                let source = block
                    .body
                    .attributes
                    .iter()
                    .find(|attribute| &*attribute.name.text == "source")
                    .and_then(|attribute| literal(&attribute.value));
                shape
                    .calls
                    .extend(source.and_then(|source| called(directory, source)));
            }
            _ => {}
        }
    }
}

fn read_json(text: &str, directory: &Path, shape: &mut Shape) {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text) else {
        return;
    };
    shape.possible |= json.get("provider").is_some() || json.get("resource").is_some();
    let settings = json.get("terraform");
    shape.certain |= ["backend", "cloud"]
        .iter()
        .any(|key| settings.is_some_and(|settings| settings.get(key).is_some()));
    let calls = json.get("module").and_then(|modules| modules.as_object());
    for call in calls.into_iter().flat_map(|calls| calls.values()) {
        shape.calling = true;
        let source = call.get("source").and_then(|source| source.as_str());
        shape
            .calls
            .extend(source.and_then(|source| called(directory, source)));
    }
}

/// A text that is written without anything to evaluate.
fn literal(expression: &Expression) -> Option<&str> {
    let ExpressionKind::Template(template) = &expression.kind else {
        return None;
    };
    match template.parts.as_slice() {
        [TemplatePart::Literal(text, _)] => Some(text),
        _ => None,
    }
}

/// The directory of a local module, as Terraform reads its source.
fn called(directory: &Path, source: &str) -> Option<PathBuf> {
    if !source.starts_with("./") && !source.starts_with("../") {
        return None;
    }
    let mut path = directory.to_path_buf();
    for component in Path::new(source).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::ParentDir => {
                path.pop();
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    Some(path)
}
