//! Every rule's verdicts, case by case.
//!
//! Each file in `tests/verdicts` has the cases of one rule: a line `#= OUTCOME …: what the case is`, then the
//! configuration. The outcomes are those of the rule's subjects, in the order in which it is asked about
//! them (task definition by task definition, container by container).

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::fs;
use std::path::Path;

use ecs_audit::rules::{self, Options, RULES};
use ecs_audit::source::SourceMap;
use ecs_audit::terraform::evaluate::{self, Inputs};
use ecs_audit::terraform::plan::Facts;
use ecs_audit::verdict::Outcome;

struct Case {
    place: String,
    title: String,
    expected: Vec<String>,
    text: String,
}

#[test]
fn every_case_has_the_verdicts_that_it_says() {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for rule in RULES {
        let path = format!("tests/verdicts/{}.tf", rule.id.replace(':', "-"));
        if !Path::new(&path).exists() {
            continue;
        }
        for case in read(Path::new(&path)) {
            cases += 1;
            let found = outcomes(rule.id, &case.text);
            if found != case.expected {
                let (title, expected) = (&case.title, case.expected.join(" "));
                let found = found.join(" ");
                wrong.push(format!("{}: {title}: {found}, not {expected}", case.place));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {cases} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_rule_has_cases_of_pass_fail_and_unknown() {
    for rule in RULES {
        let path = format!("tests/verdicts/{}.tf", rule.id.replace(':', "-"));
        let cases = read(Path::new(&path));
        for outcome in ["pass", "fail", "unknown"] {
            let has = cases
                .iter()
                .any(|case| case.expected.iter().any(|one| one == outcome));
            assert!(has, "{} has no case of `{outcome}`", rule.id);
        }
    }
}

fn read(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let mut cases: Vec<Case> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(header) = line.strip_prefix("#= ") {
            let (expected, title) = header.split_once(": ").expect("a title after the outcomes");
            cases.push(Case {
                place: format!("{}:{}", path.display(), index + 1),
                title: title.to_owned(),
                expected: expected.split_whitespace().map(str::to_owned).collect(),
                text: String::new(),
            });
        } else if let Some(case) = cases.last_mut() {
            case.text.push_str(line);
            case.text.push('\n');
        }
    }
    cases
}

fn outcomes(rule: &str, text: &str) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), text).unwrap();
    let facts = Facts::default();
    let inputs = Inputs {
        root: directory.path(),
        workspace: directory.path(),
        environment: &[],
        terragrunt: &[],
        assignments: &[],
        terraform_workspace: Some("default"),
        facts: &facts,
        edited: None,
    };
    let configuration = evaluate::evaluate(&inputs, &mut SourceMap::default());
    let is_whole = configuration
        .notes
        .iter()
        .all(|note| note.missing.is_none());
    let inventory = if is_whole {
        ecs_audit::ecs::lower(&configuration.instances)
    } else {
        ecs_audit::ecs::lower_in_part(&configuration.instances, "a part is not read")
    };
    rules::run(&inventory, &Options::default(), |one| one.id == rule)
        .iter()
        .map(|judgement| {
            match judgement.verdict.outcome {
                Outcome::Pass => "pass",
                Outcome::Fail => "fail",
                Outcome::Unknown => "unknown",
                Outcome::NotApplicable => "not-applicable",
            }
            .to_owned()
        })
        .collect()
}
