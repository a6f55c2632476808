//! Waivers and the baseline as a user meets them: what holds, what lapsed, what is wrong, and what can go.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

const TASK: &str = r#"resource "aws_ecs_task_definition" "a" {
  family       = "a"
  network_mode = "host"
  pid_mode     = "host"

  container_definitions = "[]"
}
"#;

#[test]
fn a_waiver_that_lapsed_says_so_in_the_message_of_its_verdict() -> Result<()> {
    let lapsed =
        r#"pid_mode     = "host" # ecs-audit: allow(ECS:007) reason = "r" until = "2026-05-31""#;
    let text = TASK.replace(r#"pid_mode     = "host""#, lapsed);
    let workspace = workspace(&[("main.tf", &text)])?;
    run(workspace.path(), &["-q", "--format", "json=report.json"])?;
    let report = fs::read_to_string(workspace.path().join("report.json"))?;
    let report: Value = serde_json::from_str(&report)?;
    let verdicts = report["roots"][0]["verdicts"].as_array();
    let verdict = verdicts
        .into_iter()
        .flatten()
        .find(|verdict| verdict["rule"] == "ECS:007")
        .context("no verdict")?;
    ensure!(verdict["verdict"] == "fail" && verdict["waived"].is_null());
    let message = "tasks share the host's process namespace; its waiver lapsed after 2026-05-31";
    ensure!(verdict["message"] == message, "{}", verdict["message"]);
    Ok(())
}

#[test]
fn a_waiver_of_the_manifest_that_does_not_hold_is_a_warning_with_a_place() -> Result<()> {
    for (wrong, said, line) in [
        ("rule = \"ECS:07\"", "did you mean `ECS:007`?", 3),
        ("reason = \" \"", "a waiver needs a `reason`", 2),
        ("until = \"2026-02-30\"", "`2026-02-30` is no day", 6),
        ("until = 2029-01-31", "days ahead", 2),
    ] {
        let mut lines = vec![
            "rule = \"ECS:007\"",
            "address = \"*\"",
            "reason = \"r\"",
            "until = 2026-12-31",
        ];
        let key = wrong.split(' ').next().unwrap_or_default();
        for line in &mut lines {
            if line.starts_with(key) {
                *line = wrong;
            }
        }
        let manifest = format!(
            "[workspace]\n[[workspace.metadata.ecs-audit.waiver]]\n{}\n",
            lines.join("\n")
        );
        let workspace = workspace(&[("main.tf", TASK), ("Cargo.toml", &manifest)])?;
        let told = run(workspace.path(), &["--only", "ECS:007"])?;
        ensure!(
            told.contains("warning: this waiver does not hold"),
            "{told}"
        );
        ensure!(told.contains(said), "{told}");
        ensure!(told.contains(&format!("Cargo.toml:{line}:")), "{told}");
        ensure!(told.contains("error[ECS:007]"), "{told}");
        let audited = run(workspace.path(), &["--only", "ECS:007", "--no-waivers"])?;
        ensure!(!audited.contains("this waiver"), "{audited}");
    }
    Ok(())
}

#[test]
fn of_a_waiver_of_several_rules_those_that_are_about_nothing_are_named() -> Result<()> {
    let waiver = "# ecs-audit: allow(ECS:007, ECS:004, ECS:015) reason = \"r\"\n";
    let workspace = workspace(&[("main.tf", &(waiver.to_owned() + TASK))])?;
    let told = run(workspace.path(), &[])?;
    let message = "warning: this waiver is about nothing that is there as far as it names `ECS:004`\n --> main.tf:1:1";
    ensure!(told.contains(message), "{told}");
    Ok(())
}

#[test]
fn a_baseline_is_pruned_of_what_is_gone_and_keeps_what_was_not_looked_at() -> Result<()> {
    let workspace = workspace(&[
        ("infra/a/main.tf", TASK),
        ("infra/b/main.tf", TASK),
        (
            "b/Cargo.toml",
            "[package]\nname = \"b\"\nversion = \"0.0.0\"\nedition = \"2021\"\n",
        ),
        ("b/src/lib.rs", ""),
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"b\"]\nresolver = \"2\"\n",
        ),
    ])?;
    let baseline = || fs::read_to_string(workspace.path().join("ecs-audit-baseline.toml"));
    let of = |root: &str| -> Result<usize> {
        Ok(baseline()?
            .matches(&format!("root = \"infra/{root}\""))
            .count())
    };
    run(workspace.path(), &["baseline"])?;
    let (a, b) = (of("a")?, of("b")?);
    ensure!(a >= 2 && a == b, "{}", baseline()?);

    // What is not read now may fail still.
    fs::write(
        workspace.path().join("infra/a/main.tf"),
        TASK.to_owned() + "resource {\n",
    )?;
    run(workspace.path(), &["baseline", "--prune"])?;
    ensure!(of("a")? == a, "{}", baseline()?);
    fs::write(workspace.path().join("infra/a/main.tf"), TASK)?;
    // Nothing is linked to the package, and so nothing is looked at.
    run(workspace.path(), &["baseline", "--prune", "-p", "b"])?;
    ensure!((of("a")?, of("b")?) == (a, b), "{}", baseline()?);

    fs::remove_dir_all(workspace.path().join("infra/b"))?;
    run(workspace.path(), &["baseline", "--prune", "infra/a"])?;
    ensure!((of("a")?, of("b")?) == (a, b), "{}", baseline()?);
    let told = run(workspace.path(), &[])?;
    let stale = "warning: what this was recorded for does not fail any more";
    ensure!(told.matches(stale).count() == b, "{told}");
    run(workspace.path(), &["baseline", "--prune"])?;
    ensure!((of("a")?, of("b")?) == (a, 0), "{}", baseline()?);
    let told = run(workspace.path(), &[])?;
    ensure!(
        !told.contains(stale) && told.contains("exit code 0"),
        "{told}"
    );
    Ok(())
}

/// A workspace of these files, with a manifest where there is none among them.
fn workspace(files: &[(&str, &str)]) -> Result<tempfile::TempDir> {
    let workspace = tempfile::tempdir()?;
    fs::write(workspace.path().join("Cargo.toml"), "[workspace]\n")?;
    for (name, text) in files {
        let path = workspace.path().join(name);
        fs::create_dir_all(path.parent().context("a file is in a directory")?)?;
        fs::write(path, text)?;
    }
    Ok(workspace)
}

/// What the audit says, on the first of June 2026.
fn run(workspace: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .args(arguments)
        .args(["--plan", "never"])
        .env("SOURCE_DATE_EPOCH", "1780272000")
        .current_dir(workspace)
        .output()
        .context("cannot run the audit")?;
    let said = String::from_utf8(output.stdout)?;
    Ok(said + &String::from_utf8(output.stderr)?)
}
