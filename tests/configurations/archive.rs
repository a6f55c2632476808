//! Configurations written by hand: several files in one, each after a line `-- path --`.
//!
//! The first line says what it is about. `root: PATH` before the first file names the root module's
//! directory; `arguments` and `environment` are no files but what is given beside them, one a line.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::ask;
use crate::generate::Files;
use crate::terraform;

/// The Terraform whose answers are kept.
const VERSION: &str = "1.11.4";

/// A configuration and what Terraform said of it.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) files: Files,
    pub(crate) answer: Json,
}

/// The cases of a folder; those that Terraform was never asked about are left out where there is none.
pub(crate) fn cases(folder: &str) -> Vec<Case> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configurations");
    let only = std::env::var("ECS_AUDIT_CASE").ok();
    let mut paths: Vec<PathBuf> = std::fs::read_dir(here.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let files = read(&text);
        let kept = here.join(format!("answers/{VERSION}/{folder}/{name}.json"));
        if let Some(answer) = answer(&text, &files, &kept) {
            cases.push(Case {
                name,
                files,
                answer,
            });
        }
    }
    cases
}

pub(crate) fn read(text: &str) -> Files {
    let mut files = Files::default();
    let mut current: Option<String> = None;
    for line in text.split_inclusive('\n') {
        let marker = line.trim_end().strip_prefix("-- ");
        if let Some(name) = marker.and_then(|marker| marker.strip_suffix(" --")) {
            current = Some(name.to_owned());
            if !matches!(name, "arguments" | "environment") {
                files.files.insert(name.to_owned(), String::new());
            }
            continue;
        }
        match current.as_deref() {
            None => {
                if let Some(root) = line.strip_prefix("root: ") {
                    files.root = root.trim().to_owned();
                }
            }
            Some("arguments") => files.arguments.push(line.trim_end().to_owned()),
            Some("environment") => {
                let (name, value) = line.trim_end().split_once('=').unwrap();
                files.environment.push((name.to_owned(), value.to_owned()));
            }
            Some(name) => files.files.get_mut(name).unwrap().push_str(line),
        }
    }
    files
}

/// The kept answer, or a new one where what was asked has changed.
fn answer(text: &str, files: &Files, kept: &Path) -> Option<Json> {
    let hash = Sha256::digest(text.as_bytes());
    let of: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let before: Option<Json> = std::fs::read_to_string(kept)
        .ok()
        .map(|text| serde_json::from_str(&text).unwrap())
        .filter(|answer: &Json| answer["of"] == *of);
    if before.is_some() && !terraform::is_required() {
        return before;
    }
    if terraform::version().as_deref() != Some(VERSION) {
        return before;
    }
    let directory = tempfile::tempdir().unwrap();
    files.write(directory.path());
    let mut answer = ask::ask(directory.path(), files);
    // What Terraform says of what it refuses is not compared, and has paths of this machine in it.
    if answer.get("refused").is_some() {
        answer["refused"] = Json::Bool(true);
    }
    answer["of"] = Json::String(of);
    let text = without_chance(&serde_json::to_string_pretty(&answer).unwrap()) + "\n";
    let answer: Json = serde_json::from_str(&text).unwrap();
    match before {
        // What apply makes can hang on chance in ways that no mask finds.
        Some(before) => assert_eq!(
            planned(before),
            planned(answer.clone()),
            "Terraform has changed its mind"
        ),
        None => {
            std::fs::create_dir_all(kept.parent().unwrap()).unwrap();
            std::fs::write(kept, text).unwrap();
        }
    }
    Some(answer)
}

/// An answer without what only apply gives.
fn planned(mut answer: Json) -> Json {
    match &mut answer {
        Json::Object(fields) => {
            if fields.contains_key("unknown") {
                fields.remove("applied");
            }
            for field in fields.values_mut() {
                *field = planned(field.take());
            }
        }
        Json::Array(elements) => {
            for element in elements {
                *element = planned(element.take());
            }
        }
        _ => {}
    }
    answer
}

/// A text in which the identifiers that are made by chance are all the same.
fn without_chance(text: &str) -> String {
    const ALWAYS: &str = "00000000-0000-0000-0000-000000000000";
    let is_identifier = |piece: &[u8]| {
        piece
            .iter()
            .zip(ALWAYS.bytes())
            .all(|(byte, as_in)| match as_in {
                b'-' => *byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    let bytes = text.as_bytes();
    let mut same = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let end = at + ALWAYS.len();
        if end <= bytes.len() && is_identifier(&bytes[at..end]) {
            same.push_str(ALWAYS);
            at = end;
            continue;
        }
        let next = text[at..].chars().next().unwrap();
        same.push(next);
        at += next.len_utf8();
    }
    same
}
