//! The expressions, and what Terraform said of them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::ask::ask;
use crate::generate::{self, usable};
use crate::terraform;

/// The Terraform whose answers are kept.
pub(crate) const VERSION: &str = "1.11.4";

pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) expressions: Vec<Expression>,
}

pub(crate) struct Expression {
    pub(crate) line: usize,
    pub(crate) text: String,
    /// Why the evaluator and Terraform disagree, where they are known to.
    pub(crate) reason: Option<String>,
}

/// The type and the default of a line that is a variable.
pub(crate) fn variable(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("variable ")?;
    let mut depth = 0;
    for (at, character) in rest.char_indices() {
        match character {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth -= 1,
            '=' if depth == 0 => return Some((rest[..at].trim(), rest[at + 1..].trim())),
            _ => {}
        }
    }
    None
}

/// What Terraform said: [`Json::Null`] under `type` where it is not told.
pub(crate) type Answers = HashMap<String, Json>;

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle")
}

pub(crate) fn groups() -> Vec<Group> {
    let only = std::env::var("ECS_AUDIT_ORACLE").ok();
    let mut groups = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let expressions = read(&text);
        groups.push(Group { name, expressions });
    }
    groups.sort_by(|one, another| one.name.cmp(&another.name));
    if only.is_none_or(|only| only == GENERATED) {
        groups.push(generated());
    }
    groups
}

/// The name of the group of expressions that are made by seeds.
const GENERATED: &str = "generated";
/// How many of them there are.
const SEEDS: u64 = 2_000;

/// The seeds of generated expressions: `ECS_AUDIT_SEEDS=FROM..TO` tries others, whose answers are not kept.
fn seeds() -> Option<std::ops::Range<u64>> {
    let seeds = std::env::var("ECS_AUDIT_SEEDS").ok()?;
    let (from, to) = seeds.split_once("..").unwrap();
    Some(from.parse().unwrap()..to.parse().unwrap())
}

/// Why the evaluator and Terraform disagree on some of them.
const REASONS: [(u64, &str); 3] = [
    (290, NO_UNKNOWN),
    (377, ARM_THAT_FAILS),
    (875, ARM_THAT_FAILS),
];
const NO_UNKNOWN: &str =
    "no unknown can be both of what this one has to be, which is not found out";
const ARM_THAT_FAILS: &str = "Terraform goes by the type that an arm that fails would have had";

fn generated() -> Group {
    let signatures = usable();
    let mut known = std::collections::HashSet::new();
    let reason = |seed: u64| {
        let of_seed = REASONS.iter().find(|(other, _)| *other == seed);
        of_seed.map(|(_, why)| (*why).to_owned())
    };
    let expressions = seeds().unwrap_or(0..SEEDS).filter_map(|seed| {
        let text = generate::generated(seed, &signatures);
        known.insert(text.clone()).then(|| Expression {
            line: usize::try_from(seed).unwrap(),
            text,
            reason: reason(seed),
        })
    });
    Group {
        name: GENERATED.to_owned(),
        expressions: expressions.collect(),
    }
}

pub(crate) fn read(text: &str) -> Vec<Expression> {
    let mut expressions = Vec::new();
    let mut reason = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(why) = line.strip_prefix("#!") {
            reason = Some(why.trim().to_owned());
        } else if !line.is_empty() && !line.starts_with('#') {
            expressions.push(Expression {
                line: index + 1,
                text: line.to_owned(),
                reason: reason.take(),
            });
        }
    }
    expressions
}

pub(crate) fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

pub(crate) fn kept(group: &Group) -> (PathBuf, Answers) {
    let path = folder().join(format!("answers/{VERSION}/{}.jsonl", group.name));
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let answers = text.lines().map(|line| {
        let answer: Json = serde_json::from_str(line).unwrap();
        (answer["of"].as_str().unwrap().to_owned(), answer)
    });
    (path, answers.collect())
}

/// The directory that expressions read files in.
pub(crate) fn files() -> PathBuf {
    folder().join("files")
}

/// The answers to a group, asked for as far as they are missing.
pub(crate) fn answers(group: &Group, version: Option<&str>) -> Answers {
    let (path, kept) = kept(group);
    if version != Some(VERSION) {
        return kept;
    }
    let again = terraform::is_required() && seeds().is_none();
    let missing: Vec<&Expression> = group
        .expressions
        .iter()
        .filter(|expression| again || !kept.contains_key(&hash(&expression.text)))
        .collect();
    let mut answers = kept.clone();
    for batch in missing.chunks(500) {
        answers.extend(ask(batch));
    }
    if again {
        for (hash, answer) in &kept {
            assert_eq!(
                answers.get(hash),
                Some(answer),
                "Terraform has changed its mind"
            );
        }
    }
    let mut text = String::new();
    let mut written = std::collections::BTreeSet::new();
    for expression in &group.expressions {
        let hash = hash(&expression.text);
        if let Some(answer) = answers.get(&hash)
            && written.insert(hash)
        {
            let _ = writeln!(text, "{answer}");
        }
    }
    let kept_apart = group.name == GENERATED && seeds().is_some();
    if !kept_apart && std::fs::read_to_string(&path).ok().as_ref() != Some(&text) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    answers
}
