//! Terragrunt's files: what one says without Terragrunt, and why it is not more.
//!
//! Terragrunt computes what it passes to Terraform. Where a file has it written out, the module and its
//! inputs are known; everything else is Terragrunt's own to evaluate, and is said to be not audited.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::hcl::tree::{
    Attribute, Block, Body, Expression, ExpressionKind, ObjectItem, ObjectKey, TemplatePart,
    UnaryOperator,
};
use crate::hcl::{self, Span};

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

/// The largest file that is read, in bytes.
const LARGEST_FILE: u64 = 1 << 20;

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

/// A file of Terragrunt.
struct File {
    path: PathBuf,
    text: String,
    body: Body,
}

impl File {
    fn read(path: &Path) -> Result<Self, String> {
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

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        attribute(&self.body, name)
    }

    fn blocks<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Block> {
        let blocks = self.body.blocks.iter();
        blocks.filter(move |block| &*block.keyword.text == name)
    }

    /// `terragrunt.hcl`, line 3.
    fn at(&self, span: Span) -> String {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        format!("`{name}`, line {}", line(&self.text, span))
    }

    /// The `source` of its `terraform` block.
    fn source(&self) -> Option<&Expression> {
        let mut sources = self
            .blocks("terraform")
            .filter_map(|block| attribute(&block.body, "source"));
        sources.next().map(|attribute| &*attribute.value)
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
        let strategy = attribute(&block.body, "merge_strategy").map(|given| literal(&given.value));
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
        if let Some(path) = literal(path) {
            return fs::canonicalize(self.directory.join(path)).ok();
        }
        let ExpressionKind::Call(call) = &path.kind else {
            return None;
        };
        let name = match (&*call.name.text, call.arguments.as_slice()) {
            ("find_in_parent_folders", []) => FILE,
            ("find_in_parent_folders", [name]) => literal(name)?,
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
        let Some(path) = literal(source) else {
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
        if let Some(path) = literal(source)
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

/// Whether generated contents are settings of Terraform and its providers and nothing more.
fn is_settings_alone(contents: &Expression, text: &str) -> bool {
    let written = text.get(contents.span.start as usize..contents.span.end as usize);
    let template = matches!(contents.kind, ExpressionKind::Template(_));
    template
        && written.is_some_and(|written| {
            let mut words = written.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            !words.any(|word| {
                let blocks = ["data", "locals", "module", "output", "resource", "variable"];
                blocks.contains(&word)
            })
        })
}

/// Whether further arguments of Terraform leave its variables alone.
fn gives_no_variables(body: &Body) -> bool {
    body.attributes.iter().all(|given| match &*given.name.text {
        "commands" => true,
        "arguments" => match &given.value.kind {
            ExpressionKind::Tuple(items) => items.iter().all(|item| {
                literal(item).is_some_and(|text| !text.trim_start_matches('-').starts_with("var"))
            }),
            _ => false,
        },
        _ => false,
    })
}

fn attribute<'a>(body: &'a Body, name: &str) -> Option<&'a Attribute> {
    body.attributes
        .iter()
        .find(|attribute| &*attribute.name.text == name)
}

/// The expression in `"${…}"`.
fn unwrapped(expression: &Expression) -> &Expression {
    if let ExpressionKind::Template(template) = &expression.kind
        && let [TemplatePart::Interpolation(inner, _)] = template.parts.as_slice()
    {
        return inner;
    }
    expression
}

/// A text that is written without anything to evaluate.
fn literal(expression: &Expression) -> Option<&str> {
    let ExpressionKind::Template(template) = &expression.kind else {
        return None;
    };
    match template.parts.as_slice() {
        [] => Some(""),
        [TemplatePart::Literal(text, _)] => Some(text),
        _ => None,
    }
}

/// The first part of a value that is not written out.
fn unwritten(expression: &Expression) -> Option<Span> {
    match &expression.kind {
        ExpressionKind::Null | ExpressionKind::Bool(_) | ExpressionKind::Number(_) => None,
        ExpressionKind::Template(template) => template
            .parts
            .iter()
            .any(|part| !matches!(part, TemplatePart::Literal(..)))
            .then_some(expression.span),
        ExpressionKind::Parentheses(inner)
        | ExpressionKind::Unary(UnaryOperator::Negate, inner) => unwritten(inner),
        ExpressionKind::Tuple(items) => items.iter().find_map(unwritten),
        ExpressionKind::Object(items) => items.iter().find_map(unwritten_item),
        _ => Some(expression.span),
    }
}

fn unwritten_item(item: &ObjectItem) -> Option<Span> {
    let key = match &item.key {
        ObjectKey::Name(_) => None,
        ObjectKey::Expression(key) => unwritten(key),
    };
    key.or_else(|| unwritten(&item.value))
}

/// The line that a span begins on, from 1.
fn line(text: &str, span: Span) -> usize {
    let before = text.as_bytes().iter().take(span.start as usize);
    before.filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `live/app` is, in a workspace with these files and `modules/app`.
    fn unit(files: &[(&str, &str)]) -> Unit {
        let directory = tempfile::tempdir().unwrap();
        let workspace = fs::canonicalize(directory.path()).unwrap();
        for (name, text) in files.iter().chain(&[("modules/app/main.tf", "")]) {
            let path = workspace.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let has_terraform = workspace.join("live/app/main.tf").exists();
        let unit = read(&workspace.join("live/app"), &workspace, has_terraform).unwrap();
        let short = |path: PathBuf| path.strip_prefix(&workspace).unwrap().to_owned();
        match unit {
            Unit::Written { module, inputs } => Unit::Written {
                module: short(module),
                inputs: inputs.into_iter().map(short).collect(),
            },
            Unit::Unread {
                why,
                calls: Calls::Module(module),
            } => Unit::unread(why, Calls::Module(short(module))),
            other => other,
        }
    }

    fn written(inputs: &[&str]) -> Unit {
        Unit::Written {
            module: PathBuf::from("modules/app"),
            inputs: inputs.iter().map(PathBuf::from).collect(),
        }
    }

    const UNIT: &str = "live/app/terragrunt.hcl";
    const SOURCE: &str = "terraform {\n  source = \"../..//modules/app\"\n}\n";

    fn with(rest: &str) -> String {
        format!("{SOURCE}{rest}")
    }

    #[test]
    fn what_is_written_out_is_a_module_with_inputs() {
        let rest = "inputs = {\n  name = \"a\"\n  \"n\" = -1\n  deep = { a = [null, true, (2)] }\n}\n\
                    locals {\n  x = get_env(\"X\")\n}\n";
        assert_eq!(unit(&[(UNIT, &with(rest))]), written(&[UNIT]));
        assert_eq!(unit(&[(UNIT, SOURCE)]), written(&[]));
    }

    #[test]
    fn what_is_included_from_above_gives_its_inputs_first() {
        for path in [
            "find_in_parent_folders()",
            "\"${find_in_parent_folders()}\"",
            "\"../terragrunt.hcl\"",
        ] {
            let own = with(&format!(
                "include \"root\" {{\n  path = {path}\n}}\ninputs = {{}}\n"
            ));
            let root = "remote_state {\n  backend = \"s3\"\n}\n\
                        generate \"provider\" {\n  path = \"provider.tf\"\n  \
                        contents = <<E\nprovider \"aws\" {\n  region = \"${local.region}\"\n}\nE\n}\n\
                        inputs = {\n  region = \"eu-west-1\"\n}\n";
            let files = [(UNIT, own.as_str()), ("live/terragrunt.hcl", root)];
            assert_eq!(
                unit(&files),
                written(&["live/terragrunt.hcl", UNIT]),
                "{path}"
            );
        }
    }

    #[test]
    fn what_only_terragrunt_can_tell_is_said_with_its_line() {
        let cases = [
            (
                "inputs = {\n  a = 1\n  b = dependency.vpc.outputs.id\n}\n",
                "its `inputs` is not written out (`terragrunt.hcl`, line 6)",
            ),
            (
                "inputs = merge(local.a, {})\n",
                "its `inputs` is not written out (`terragrunt.hcl`, line 4)",
            ),
            (
                "include {\n  path = local.path\n}\n",
                "Terragrunt alone can tell what it includes (`terragrunt.hcl`, line 4)",
            ),
            (
                "include {\n  path = find_in_parent_folders()\n}\n",
                "Terragrunt alone can tell what it includes (`terragrunt.hcl`, line 4)",
            ),
            (
                "include {\n  path = \"x.hcl\"\n  merge_strategy = \"deep\"\n}\n",
                "it merges what it includes (`terragrunt.hcl`, line 4)",
            ),
            ("skip = true\n", "it has `skip` (`terragrunt.hcl`, line 4)"),
            (
                "generate \"x\" {\n  contents = \"resource \\\"a\\\" \\\"b\\\" {}\"\n}\n",
                "it generates a part of the configuration (`terragrunt.hcl`, line 4)",
            ),
            (
                "inputs = {\n",
                "`terragrunt.hcl` has a syntax error in line 4",
            ),
        ];
        for (rest, expected) in cases {
            let Unit::Unread { why, .. } = unit(&[(UNIT, &with(rest))]) else {
                panic!("{rest}");
            };
            assert!(why.starts_with(expected), "{rest}{why}");
        }
    }

    #[test]
    fn arguments_that_give_variables_count_and_others_do_not() {
        let extra = |inner: &str| {
            let text = format!(
                "terraform {{\n  source = \"../../modules/app\"\n  extra_arguments \"x\" {{\n    \
                 commands = get_terraform_commands_that_need_vars()\n    {inner}\n  }}\n}}\n"
            );
            unit(&[(UNIT, &text)])
        };
        assert_eq!(extra("arguments = [\"-lock-timeout=20m\"]"), written(&[]));
        for inner in [
            "arguments = [\"-var\", \"a=1\"]",
            "required_var_files = [\"a\"]",
            "env_vars = { TF_VAR_a = 1 }",
        ] {
            assert!(matches!(extra(inner), Unit::Unread { .. }), "{inner}");
        }
    }

    #[test]
    fn the_modules_that_a_unit_may_call_are_told_from_what_is_written_of_its_source() {
        let calls = |source: &str| match unit(&[(
            UNIT,
            &format!("terraform {{\n  source = {source}\n}}\n"),
        )]) {
            Unit::Unread { calls, .. } => calls,
            other => panic!("{other:?}"),
        };
        let ending = Calls::Ending(PathBuf::from("modules/app"));
        assert_eq!(calls("\"${get_repo_root()}//modules/app\""), ending);
        assert_eq!(
            calls("\"git::https://h/r.git//modules/app?ref=v1\""),
            ending
        );
        assert_eq!(calls("local.source"), Calls::Any);
        assert_eq!(
            calls("\"tfr:///terraform-aws-modules/vpc/aws?version=1\""),
            Calls::None
        );
        assert_eq!(calls("\"git::https://h/r.git\""), Calls::None);
        let input = with("inputs = local.x\n");
        let Unit::Unread { calls, .. } = unit(&[(UNIT, &input)]) else {
            panic!("its inputs are not written out");
        };
        assert_eq!(calls, Calls::Module(PathBuf::from("modules/app")));
    }

    #[test]
    fn what_has_neither_source_nor_terraform_files_makes_nothing() {
        assert_eq!(unit(&[(UNIT, "remote_state {}\n")]), Unit::Shared);
        let own = [(UNIT, "inputs = {}\n"), ("live/app/main.tf", "")];
        let expected = Unit::Written {
            module: PathBuf::from("live/app"),
            inputs: vec![PathBuf::from(UNIT)],
        };
        assert_eq!(unit(&own), expected);
        let both = [(UNIT, SOURCE), ("live/app/main.tf", "")];
        assert!(matches!(unit(&both), Unit::Unread { .. }));
    }

    #[cfg(unix)]
    #[test]
    fn a_module_outside_the_workspace_is_not_audited() {
        let outside = tempfile::tempdir().unwrap();
        let source = format!("terraform {{\n  source = {:?}\n}}\n", outside.path());
        assert!(matches!(unit(&[(UNIT, &source)]), Unit::Unread { .. }));
    }
}
