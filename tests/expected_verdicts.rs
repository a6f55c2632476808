//! The fixture monorepo's report says what its `EXPECTED.md` says, which was read off the rules by hand, and
//! our own `infra/` passes every required rule: from source and with real plans.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod terraform;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// Root module, rule, address and container; the container is empty where there is none.
type Subject = [String; 4];

/// The verdict, and the place of what decides it: a file and a line.
type Expected = (String, Option<(String, u64)>);

#[test]
fn the_fixture_is_judged_as_expected_from_source() -> Result<()> {
    let report = audit(&fixture(), &["--plan", "never"])?;
    judged_as_expected(&report, "source")
}

#[test]
fn the_fixture_is_judged_as_expected_with_a_plan() -> Result<()> {
    if terraform::version().is_none() {
        return Ok(());
    }
    let workspace = tempfile::tempdir()?;
    copy(&fixture(), workspace.path())?;
    let report = audit(workspace.path(), &["--plan", "always"])?;
    judged_as_expected(&report, "plan")?;
    remembered_as_it_was(workspace.path(), report)
}

#[test]
fn our_own_infra_passes_every_required_rule_from_source() -> Result<()> {
    let report = audit(&repository(), &["--plan", "never"])?;
    passes_every_required_rule(&report, "source")
}

#[test]
fn our_own_infra_passes_every_required_rule_with_a_plan() -> Result<()> {
    if terraform::version().is_none() {
        return Ok(());
    }
    let workspace = tempfile::tempdir()?;
    fs::write(workspace.path().join("Cargo.toml"), "[workspace]\n")?;
    let infra = workspace.path().join("infra");
    fs::create_dir(&infra)?;
    copy(&repository().join("infra"), &infra)?;
    for root in ["dev", "prod"] {
        fs::copy(
            infra.join("offline_override.tf.example"),
            infra.join("envs").join(root).join("offline_override.tf"),
        )?;
    }
    let report = audit(workspace.path(), &["--plan", "always"])?;
    passes_every_required_rule(&report, "plan")?;
    remembered_as_it_was(workspace.path(), report)
}

#[test]
fn no_secret_of_the_fixture_is_in_a_report() -> Result<()> {
    for format in ["human", "json"] {
        let output = run(
            &fixture(),
            &["--plan", "never", "--verbose", "--format", format],
        )?;
        for secret in SECRETS {
            ensure!(
                !output.contains(secret),
                "the {format} report says `{secret}`"
            );
        }
    }
    Ok(())
}

const SECRETS: [&str; 5] = [
    "prod-pw-9f31c7d2",
    "AKIAQWERTYUIOP234567",
    "cleartext-4d1a",
    "override-77be",
    "eyJzdWIiOiJwcm9iZSIs",
];

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn fixture() -> PathBuf {
    repository().join("tests/fixtures/monorepo")
}

/// Copies what is in a directory into another, without what Terraform and Cargo make there.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let made = [".terraform", ".terraform.lock.hcl", "target"];
        if made.iter().any(|made| name == *made) {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn run(workspace: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .args(["ecs-audit", "--manifest-path"])
        .arg(workspace.join("Cargo.toml"))
        .args(arguments)
        .output()?;
    ensure!(
        matches!(output.status.code(), Some(0 | 100)),
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// Holds the report that stands on remembered facts against the one on the plan that they are from.
fn remembered_as_it_was(workspace: &Path, mut first: Value) -> Result<()> {
    let mut second = audit(workspace, &["--plan", "always"])?;
    for (report, notes) in [(&mut first, 0), (&mut second, 1)] {
        for root in report["roots"].as_array_mut().context("no roots")? {
            let said = root["notes"].take();
            ensure!(list(&said).len() == notes, "{}: {said}", root["path"]);
        }
    }
    ensure!(first == second, "what is remembered is judged otherwise");
    Ok(())
}

fn audit(workspace: &Path, arguments: &[&str]) -> Result<Value> {
    let mut all = vec!["--format", "json"];
    all.extend_from_slice(arguments);
    serde_json::from_str(&run(workspace, &all)?).context("the report is no JSON")
}

/// The required rules' verdicts of a report, with every line that they point at.
fn verdicts(report: &Value) -> BTreeMap<Subject, (String, Vec<(String, u64)>)> {
    let mut verdicts = BTreeMap::new();
    for root in list(&report["roots"]) {
        for verdict in list(&root["verdicts"]) {
            let subject = [
                &root["path"],
                &verdict["rule"],
                &verdict["address"],
                &verdict["container"],
            ]
            .map(|text| text.as_str().unwrap_or_default().to_owned());
            if !is_required(&subject[1]) {
                continue;
            }
            let places = list(&verdict["locations"])
                .iter()
                .filter_map(|place| {
                    Some((place["file"].as_str()?.to_owned(), place["line"].as_u64()?))
                })
                .collect();
            let outcome = verdict["verdict"].as_str().unwrap_or_default().to_owned();
            verdicts.insert(subject, (outcome, places));
        }
    }
    verdicts
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn is_required(rule: &str) -> bool {
    let number = rule
        .strip_prefix("ECS:")
        .and_then(|number| number.parse::<u32>().ok());
    number.is_some_and(|number| (1..=15).contains(&number))
}

fn has_basis(report: &Value, basis: &str) -> Result<()> {
    for root in list(&report["roots"]) {
        ensure!(
            root["basis"] == basis,
            "{} is audited from {}: {}",
            root["path"],
            root["basis"],
            root["notes"]
        );
    }
    Ok(())
}

fn passes_every_required_rule(report: &Value, basis: &str) -> Result<()> {
    has_basis(report, basis)?;
    let verdicts = verdicts(report);
    let wrong: Vec<_> = verdicts
        .iter()
        .filter(|(_, (outcome, _))| outcome != "pass" && outcome != "not-applicable")
        .collect();
    ensure!(wrong.is_empty(), "{wrong:#?}");
    for root in ["infra/envs/dev", "infra/envs/prod"] {
        for number in (1..=15).filter(|number| ![2, 12].contains(number)) {
            let rule = format!("ECS:{number:03}");
            let passed = verdicts.iter().any(|([path, id, ..], (outcome, _))| {
                path == root && *id == rule && outcome == "pass"
            });
            ensure!(passed, "{rule} passes nothing in `{root}`");
        }
    }
    Ok(())
}

fn judged_as_expected(report: &Value, basis: &str) -> Result<()> {
    has_basis(report, basis)?;
    let text = fs::read_to_string(fixture().join("EXPECTED.md"))?;
    let expected = expected(&text)?;
    let verdicts = verdicts(report);
    let mut wrong = Vec::new();
    for (subject, (outcome, places)) in &verdicts {
        let (wanted, place) = expected
            .get(subject)
            .cloned()
            .unwrap_or(("pass".to_owned(), None));
        if *outcome != wanted {
            wrong.push(format!("{subject:?}: {outcome}, not {wanted}"));
        } else if let Some(place) = place.filter(|place| !places.contains(place)) {
            wrong.push(format!(
                "{subject:?}: points at {places:?}, not at {place:?}"
            ));
        }
    }
    for subject in expected
        .keys()
        .filter(|subject| !verdicts.contains_key(*subject))
    {
        wrong.push(format!("{subject:?}: is not judged"));
    }
    for (root, rule, counts) in expected_counts(&text) {
        let found = ["pass", "fail", "unknown", "not-applicable"].map(|wanted| {
            verdicts
                .iter()
                .filter(|([path, id, ..], (outcome, _))| {
                    *path == root && *id == rule && outcome == wanted
                })
                .count()
        });
        if found != counts {
            wrong.push(format!("{root} {rule}: {found:?} verdicts, not {counts:?}"));
        }
    }
    ensure!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    Ok(())
}

/// The verdicts that `EXPECTED.md` lists: all but the passes.
fn expected(text: &str) -> Result<BTreeMap<Subject, Expected>> {
    let mut expected = BTreeMap::new();
    let (mut root, mut outcome) = ("", "");
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            root = title.trim_matches('`');
        } else if let Some(title) = line.strip_prefix("### ") {
            outcome = match title {
                "Fails" => "fail",
                "Unknown" => "unknown",
                "Not applicable" => "not-applicable",
                _ => outcome,
            };
        } else if line.starts_with("| ECS:") && root != "Counts" {
            let cells: Vec<&str> = line.split('|').skip(1).map(cell).collect();
            ensure!(cells.len() >= 4, "a row without four cells: {line}");
            let container = if cells[2] == "null" { "" } else { cells[2] };
            let subject = [root, cells[0], cells[1], container].map(str::to_owned);
            let place = cells[3]
                .rsplit_once(':')
                .and_then(|(file, line)| Some((format!("infra/{file}"), line.parse().ok()?)));
            let before = expected.insert(subject, (outcome.to_owned(), place));
            ensure!(before.is_none(), "a subject twice: {line}");
        }
    }
    Ok(expected)
}

fn cell(text: &str) -> &str {
    text.trim().trim_matches('`')
}

/// How many verdicts of each kind `EXPECTED.md` counts, by root and rule.
fn expected_counts(text: &str) -> Vec<(String, String, [usize; 4])> {
    let mut counts = Vec::new();
    let Some((_, table)) = text.split_once("## Counts") else {
        return counts;
    };
    for line in table.lines().filter(|line| line.starts_with("| ECS:")) {
        let cells: Vec<&str> = line.split('|').map(cell).collect();
        let numbers: Vec<usize> = cells.iter().filter_map(|cell| cell.parse().ok()).collect();
        if let [a, b, c, d, e, f, g, h] = numbers[..] {
            counts.push((
                "infra/envs/prod".to_owned(),
                cells[1].to_owned(),
                [a, b, c, d],
            ));
            counts.push((
                "infra/envs/staging".to_owned(),
                cells[1].to_owned(),
                [e, f, g, h],
            ));
        }
    }
    counts
}
