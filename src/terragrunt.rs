//! Terragrunt's files: what one says without Terragrunt, and why it is not more.
//!
//! Terragrunt computes what it passes to Terraform. Where a file has it written out, the module and its
//! inputs are known; everything else is Terragrunt's own to evaluate, and is said to be not audited.

mod file;
mod written;

use std::fs;
use std::path::{Component, Path, PathBuf};

use self::file::File;
use self::written::{attribute, gives_no_variables, is_settings_alone, unwrapped, unwritten_item};
use crate::hcl::Span;
use crate::hcl::tree::{Block, Expression, ExpressionKind, TemplatePart};

/// The file that makes a directory a unit of Terragrunt.
const FILE: &str = "terragrunt.hcl";

/// Files that make a directory Terragrunt's and that are not read.
const OTHER_FILES: [(&str, &str); 2] = [
    ("terragrunt.hcl.json", "Terragrunt's JSON is not read"),
    (
        "terragrunt.stack.hcl",
        "Terragrunt alone can tell which units its stack generates",
    ),
];

/// What a directory is to Terragrunt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A module with its inputs, all of it written out.
    Written {
        /// The module's directory, with all links followed.
        module: PathBuf,
        /// The files whose `inputs` it is given; the later one holds.
        inputs: Vec<PathBuf>,
    },
    /// Nothing by itself: it has neither a source nor Terraform files.
    Shared,
    /// Something that only Terragrunt can tell.
    Unread {
        /// Why.
        why: String,
        /// The modules that it may call.
        calls: Calls,
    },
}

/// The modules of the workspace that a unit may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Calls {
    /// None: its source is elsewhere.
    None,
    /// The one in this directory.
    Module(PathBuf),
    /// One whose path ends so.
    Ending(PathBuf),
    /// Any.
    Any,
}

/// Reads what a directory is to Terragrunt; `None` where it is nothing. `has_terraform` is whether Terraform files
/// are in it.
#[must_use]
pub fn read(directory: &Path, workspace: &Path, has_terraform: bool) -> Option<Unit> {
    for (name, why) in OTHER_FILES {
        if directory.join(name).is_file() {
            return Some(Unit::unread(format!("it has `{name}`: {why}"), Calls::Any));
        }
    }
    if fs::symlink_metadata(directory.join(FILE)).is_err() {
        return None;
    }
    let reading = Reading {
        directory,
        workspace,
        has_terraform,
    };
    Some(match reading.unit() {
        Ok(unit) => unit,
        Err((why, calls)) => Unit::unread(why, calls),
    })
}

impl Unit {
    fn unread(why: String, calls: Calls) -> Self {
        Unit::Unread { why, calls }
    }
}

type Why = (String, Calls);

struct Reading<'a> {
    directory: &'a Path,
    workspace: &'a Path,
    has_terraform: bool,
}

impl Reading<'_> {
    fn unit(&self) -> Result<Unit, Why> {
        let file = File::read(&self.directory.join(FILE)).map_err(|why| (why, Calls::Any))?;
        let own = match file.source() {
            None if self.has_terraform => Calls::Module(self.directory.to_owned()),
            None => Calls::None,
            Some(source) => self.calls(source),
        };
        let why = |why: String| (why, own.clone());
        let mut files = Vec::new();
        for include in file.blocks("include") {
            let included = self.include(&file, include).map_err(|text| {
                let calls = match own {
                    Calls::None if file.source().is_none() => Calls::Any,
                    _ => own.clone(),
                };
                (text, calls)
            })?;
            files.extend(included);
        }
        let inherited = files.iter().find_map(|file| Some((file, file.source()?)));
        if let (None, Some((included, source))) = (file.source(), inherited) {
            let text = format!(
                "its source is in what it includes ({})",
                included.at(source.span)
            );
            return Err((text, self.calls(source)));
        }
        if file.source().is_none() && !self.has_terraform {
            return Ok(Unit::Shared);
        }
        files.push(file);
        let mut inputs = Vec::new();
        for file in &files {
            self.plain(file).map_err(why)?;
            let Some(given) = file.attribute("inputs") else {
                continue;
            };
            let ExpressionKind::Object(items) = &given.value.kind else {
                return Err(why(self.not_written("inputs", file, given.value.span)));
            };
            if let Some(span) = items.iter().find_map(unwritten_item) {
                return Err(why(self.not_written("inputs", file, span)));
            }
            inputs.push(file.path.clone());
        }
        // The unit's own file is the last.
        let module = match files.last().and_then(|file| Some((file, file.source()?))) {
            Some((file, source)) => self.module(file, source).map_err(why)?,
            None => self.directory.to_owned(),
        };
        if module != self.directory && (self.has_terraform || self.has_variable_files()) {
            let text =
                "Terragrunt adds the Terraform files beside its `terragrunt.hcl` to its module";
            return Err(why(text.to_owned()));
        }
        Ok(Unit::Written { module, inputs })
    }

    /// The file that an `include` block names; `None` where nothing of it is merged.
    fn include(&self, file: &File, block: &Block) -> Result<Option<File>, String> {
        let strategy = attribute(&block.body, "merge_strategy").map(|given| given.value.literal());
        match strategy {
            None | Some(Some("shallow")) => {}
            Some(Some("no_merge")) => return Ok(None),
            Some(_) => {
                return Err(format!(
                    "it merges what it includes ({}) as Terragrunt alone can",
                    file.at(block.header)
                ));
            }
        }
        let path = attribute(&block.body, "path").map(|given| &given.value);
        let Some(path) = path.and_then(|path| self.included(path)) else {
            return Err(format!(
                "Terragrunt alone can tell what it includes ({})",
                file.at(block.header)
            ));
        };
        if !path.starts_with(self.workspace) {
            return Err("it includes a file outside the workspace".to_owned());
        }
        File::read(&path).map(Some)
    }

    /// The path that `include` gives: written out, or as nearly every file has it, found above.
    fn included(&self, path: &Expression) -> Option<PathBuf> {
        let path = unwrapped(path);
        if let Some(path) = path.literal() {
            return fs::canonicalize(self.directory.join(path)).ok();
        }
        let ExpressionKind::Call(call) = &path.kind else {
            return None;
        };
        let name = match (&*call.name.text, call.arguments.as_slice()) {
            ("find_in_parent_folders", []) => FILE,
            ("find_in_parent_folders", [name]) => name.literal()?,
            _ => return None,
        };
        let mut above = self.directory.ancestors().skip(1);
        let found = above.find_map(|above| {
            let path = above.join(name);
            (above.starts_with(self.workspace) && path.is_file()).then_some(path)
        })?;
        fs::canonicalize(found).ok()
    }

    /// Says why a file asks Terragrunt for more than a module with inputs.
    fn plain(&self, file: &File) -> Result<(), String> {
        for name in ["skip", "exclude", "generate"] {
            if let Some(given) = file.attribute(name)
                && !matches!(given.value.kind, ExpressionKind::Bool(false))
            {
                return Err(format!("it has `{name}` ({})", file.at(given.span)));
            }
        }
        if let Some(block) = file.blocks("exclude").next() {
            return Err(format!("it has `exclude` ({})", file.at(block.header)));
        }
        for block in file.blocks("generate") {
            let contents = attribute(&block.body, "contents");
            if contents.is_none_or(|contents| !is_settings_alone(&contents.value, &file.text)) {
                return Err(format!(
                    "it generates a part of the configuration ({})",
                    file.at(block.header)
                ));
            }
        }
        let extra = file
            .blocks("terraform")
            .flat_map(|block| &block.body.blocks);
        for block in extra.filter(|block| &*block.keyword.text == "extra_arguments") {
            if !gives_no_variables(&block.body) {
                return Err(format!(
                    "it gives Terraform further arguments ({})",
                    file.at(block.header)
                ));
            }
        }
        Ok(())
    }

    /// The directory of a source that is written out.
    fn module(&self, file: &File, source: &Expression) -> Result<PathBuf, String> {
        let Some(path) = source.literal() else {
            return Err(self.not_written("terraform.source", file, source.span));
        };
        let not_here = || {
            format!(
                "its module is not in the workspace ({})",
                file.at(source.span)
            )
        };
        if is_elsewhere(path) {
            return Err(not_here());
        }
        let directory = fs::canonicalize(self.directory.join(path)).map_err(|_| not_here())?;
        if !directory.is_dir() || !directory.starts_with(self.workspace) {
            return Err(not_here());
        }
        Ok(directory)
    }

    fn not_written(&self, what: &str, file: &File, span: Span) -> String {
        format!(
            "its `{what}` is not written out ({}): Terragrunt alone can tell what it comes to",
            file.at(span)
        )
    }

    /// The modules that a source may name.
    fn calls(&self, source: &Expression) -> Calls {
        let ExpressionKind::Template(template) = &source.kind else {
            return Calls::Any;
        };
        if let Some(path) = source.literal()
            && !is_elsewhere(path)
        {
            let directory = fs::canonicalize(self.directory.join(path)).ok();
            let inside = directory.filter(|directory| directory.starts_with(self.workspace));
            return inside.map_or(Calls::None, Calls::Module);
        }
        let Some(TemplatePart::Literal(last, _)) = template.parts.last() else {
            return Calls::Any;
        };
        // `git::https://host/repository//modules/app?ref=v1`: what stands after `//`.
        let path = last.split('?').next().unwrap_or_default();
        let after_host = path.split_once("://").map_or(path, |(_, rest)| rest);
        let end = match (after_host.split_once("//"), template.parts.len()) {
            (Some((_, inside)), _) => inside,
            (None, 1) => return Calls::None,
            (None, _) => path,
        };
        let end: PathBuf = Path::new(end)
            .components()
            .filter(|part| matches!(part, Component::Normal(_)))
            .collect();
        if end.as_os_str().is_empty() {
            Calls::Any
        } else {
            Calls::Ending(end)
        }
    }

    /// Whether variable files that Terraform reads by itself are beside the file.
    fn has_variable_files(&self) -> bool {
        let entries = fs::read_dir(self.directory).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name()).any(|name| {
            let name = name.to_string_lossy();
            let ends = [".auto.tfvars", ".auto.tfvars.json"];
            matches!(&*name, "terraform.tfvars" | "terraform.tfvars.json")
                || ends.iter().any(|end| name.ends_with(end))
        })
    }
}

/// Whether a source names no path of this file system.
fn is_elsewhere(source: &str) -> bool {
    source.contains("://") || source.contains("::") || source.contains('?')
}

#[cfg(test)]
mod tests;
