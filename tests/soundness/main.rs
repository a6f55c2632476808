//! Holds functions to their word when parts of their arguments are not known.
//!
//! The calls are those of the oracle's expressions whose arguments are known. In each, parts of the
//! arguments are replaced by what is less known: an unknown, a text with an unknown piece, an element that
//! may be missing or stands for many, one of several values. The result must then be open to what the
//! function really gives, and must never be a failure. Parts are also marked as secret: the mark must be on
//! the result wherever another value in that part would have changed it.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod bounds;
mod covers;
mod variants;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use covers::covers;
use ecs_audit::hcl::{self, tree::ExpressionKind};
use ecs_audit::terraform::evaluate::expression;
use ecs_audit::terraform::functions::{self, FileContent, FileError, Files};
use ecs_audit::terraform::json;
use ecs_audit::terraform::value::{Failure, Part, Taint, Value};
use variants::{Variant, variants};

/// Functions whose result tells nothing of a secret, or is about the marks themselves.
const END_SECRETS: [&str; 20] = [
    "alltrue",
    "anytrue",
    "base64sha256",
    "base64sha512",
    "bcrypt",
    "contains",
    "endswith",
    "fileexists",
    "index",
    "issensitive",
    "length",
    "md5",
    "sha1",
    "sha256",
    "sha512",
    "startswith",
    "strcontains",
    // What is in a file is no secret because its name is one.
    "filemd5",
    "filesha1",
    "fileset",
];

/// Functions that choose by what they are given, without giving it. As at a conditional, that tells too
/// little of a secret to call the choice one.
const CHOOSE: [&str; 14] = [
    "chunklist",
    "coalesce",
    "coalescelist",
    "compact",
    "distinct",
    "element",
    "lookup",
    "matchkeys",
    "setintersection",
    "setsubtract",
    "slice",
    "sort",
    "trimprefix",
    "trimsuffix",
];

/// No files: what is not there cannot be made known or unknown.
struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &str) -> Result<FileContent, FileError> {
        Err(FileError::Refused("no files here".to_owned()))
    }

    fn exists(&self, _: &str) -> Result<bool, FileError> {
        Ok(false)
    }

    fn list(&self, _: &str) -> Result<Vec<String>, FileError> {
        Ok(Vec::new())
    }

    fn working_directory(&self) -> &Path {
        Path::new("/work")
    }
}

/// A value for a person: its JSON, with `…` for what is not known.
fn shown(value: &Value) -> String {
    let mut shown = String::new();
    for part in json::render(value).0 {
        match part {
            Part::Known(text, _) => shown.push_str(&text),
            Part::Json(value) => shown.push_str(&self::shown(&value)),
            Part::Unknown(..) => shown.push('…'),
        }
    }
    shown
}

/// A call with known arguments.
struct Call {
    text: String,
    name: String,
    arguments: Vec<Value>,
}

impl Call {
    fn with(&self, arguments: &[Value]) -> Result<Value, Failure> {
        functions::call(&self.name, arguments, &NoFiles)
    }
}

/// The calls among the oracle's expressions.
fn calls() -> Vec<Call> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the expressions are there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    let mut calls = Vec::new();
    let mut values: HashMap<String, Option<Value>> = HashMap::new();
    for path in paths {
        for line in std::fs::read_to_string(path).unwrap_or_default().lines() {
            let text = line.trim();
            let open = [
                "terraform_data",
                "sensitive",
                "timestamp",
                "uuid()",
                "path.",
            ];
            // How YAML is laid out hangs on every part, and an unknown piece can be any of its marks. A piece
            // of JSON is taken for a value, and a set's elements for in order: that is the point of reading
            // around what is not known.
            let read_around = text.contains("yaml")
                || text.starts_with("jsondecode(\"")
                || text.contains("jsonencode(toset");
            if text.starts_with('#') || read_around || open.iter().any(|word| text.contains(word)) {
                continue;
            }
            let parsed = hcl::parse_expression(text);
            let ExpressionKind::Call(call) = &parsed.tree.kind else {
                continue;
            };
            if !parsed.errors.is_empty() || call.expanded {
                continue;
            }
            let arguments: Option<Vec<Value>> = call
                .arguments
                .iter()
                .map(|argument| {
                    let text = &text[argument.span.start as usize..argument.span.end as usize];
                    let value = values.entry(text.to_owned());
                    value
                        .or_insert_with(|| expression(text, Path::new("/work")).ok())
                        .clone()
                })
                .collect();
            let Some(arguments) = arguments.filter(|all| all.iter().all(Value::is_known)) else {
                continue;
            };
            calls.push(Call {
                text: text.to_owned(),
                name: call.name.text.to_string(),
                arguments,
            });
        }
    }
    calls
}

/// Every variant of a call's arguments, one argument changed in each.
fn changed(call: &Call) -> Vec<(Variant, Vec<Value>)> {
    let mut all = Vec::new();
    for (index, argument) in call.arguments.iter().enumerate() {
        for variant in variants(argument) {
            let mut arguments = call.arguments.clone();
            arguments[index] = variant.value.clone();
            all.push((variant, arguments));
        }
    }
    all
}

#[test]
fn a_result_of_less_known_arguments_is_open_to_the_real_one() {
    let mut report = String::new();
    let (mut tried, mut known, mut parts) = (0, 0, 0);
    for call in calls() {
        let Ok(real) = call.with(&call.arguments) else {
            continue;
        };
        for (variant, arguments) in changed(&call) {
            tried += 1;
            match call.with(&arguments) {
                Ok(result) => {
                    known += usize::from(result.is_known());
                    parts += usize::from(!result.is_unknown());
                    if !covers(&result, &real) {
                        let _ = writeln!(
                            report,
                            "{}\n    with {}: {}\n    really {}",
                            call.text,
                            variant.what,
                            shown(&result),
                            shown(&real)
                        );
                    }
                }
                Err(failure) => {
                    let _ = writeln!(
                        report,
                        "{}\n    with {}: {failure}",
                        call.text, variant.what
                    );
                }
            }
        }
    }
    println!("{tried} variants, {parts} results known in part, {known} of them all known");
    assert!(tried > 10_000, "{tried} variants");
    assert!(report.is_empty(), "{report}");
}

#[test]
fn a_secret_is_in_every_result_that_another_secret_would_change() {
    let taint = Arc::new(Taint {
        source: "a test".into(),
        place: None,
        is_bared: false,
    });
    let mut report = String::new();
    let mut tried = 0;
    for call in calls() {
        if END_SECRETS.contains(&call.name.as_str()) {
            continue;
        }
        let Ok(real) = call.with(&call.arguments) else {
            continue;
        };
        let with = |index: usize, value: &Value| {
            let mut arguments = call.arguments.clone();
            arguments[index] = value.clone();
            call.with(&arguments)
        };
        for (index, argument) in call.arguments.iter().enumerate() {
            for secret in variants::secrets(argument, &taint) {
                tried += 1;
                let (Ok(result), other) = (with(index, &secret.marked), with(index, &secret.other))
                else {
                    let _ = writeln!(report, "{}\n    fails with a mark", call.text);
                    continue;
                };
                let Ok(other) = other else {
                    continue;
                };
                let told = shown(&other).contains(variants::OTHER) && !other.is_tainted();
                let chosen = CHOOSE.contains(&call.name.as_str());
                let changed = !chosen && !result.is_tainted() && !covers(&other, &real);
                if told || changed {
                    let _ = writeln!(
                        report,
                        "{}\n    loses the secret: {}",
                        call.text,
                        shown(&result)
                    );
                }
            }
        }
    }
    println!("{tried} secrets");
    assert!(tried > 1_000, "{tried} secrets");
    assert!(report.is_empty(), "{report}");
}
