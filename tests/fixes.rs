//! `cargo ecs-audit fix` on whole workspaces: what it writes, what it leaves, and what it refuses.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod terraform;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// A verdict's root module, rule, address and container.
type Subject = [String; 4];

#[test]
fn what_can_be_fixed_is_fixed_and_nothing_is_worse() -> Result<()> {
    let workspace = fixture()?;
    let before = verdicts(workspace.path())?;
    let fixable = before.values().filter(|(_, fixable)| *fixable).count();
    ensure!(fixable > 15, "only {fixable} can be fixed");
    run(
        workspace.path(),
        &["fix", "--allow-no-vcs", "--maybe-incorrect"],
    )?;
    let after = verdicts(workspace.path())?;
    for (subject, (outcome, fixable)) in &after {
        ensure!(!fixable, "{subject:?} can still be fixed");
        let was = before.get(subject).map(|(was, _)| was.as_str());
        ensure!(
            outcome != "fail" || was == Some("fail"),
            "{subject:?} was {was:?} and fails now"
        );
    }
    for (subject, (_, fixable)) in &before {
        let now = after.get(subject).map(|(outcome, _)| outcome.as_str());
        ensure!(!fixable || now != Some("fail"), "{subject:?} still fails");
    }
    Ok(())
}

#[test]
fn terraform_takes_what_was_fixed() -> Result<()> {
    if terraform::version().is_none() {
        return Ok(());
    }
    let workspace = fixture()?;
    run(
        workspace.path(),
        &["fix", "--allow-no-vcs", "--maybe-incorrect"],
    )?;
    terraform(
        workspace.path(),
        &["fmt", "-check", "-diff", "-recursive", "infra"],
    )?;
    for root in ["infra/envs/prod", "infra/envs/staging"] {
        let root = workspace.path().join(root);
        terraform(&root, &["init", "-input=false", "-backend=false"])?;
        terraform(&root, &["validate"])?;
    }
    Ok(())
}

#[test]
fn a_dry_run_prints_what_a_run_writes() -> Result<()> {
    let workspace = fixture()?;
    let dry = run(workspace.path(), &["fix", "--dry-run", "--maybe-incorrect"])?;
    let diff = String::from_utf8(dry.stdout)?;
    let untouched = verdicts(workspace.path())?;
    ensure!(untouched.values().any(|(_, fixable)| *fixable));
    run(
        workspace.path(),
        &["fix", "--allow-no-vcs", "--maybe-incorrect"],
    )?;
    // A line of the diff can have a mask in it where the file has a secret.
    let added: Vec<&str> = diff
        .lines()
        .filter_map(|line| line.strip_prefix('+'))
        .filter(|line| !line.starts_with("++") && !line.contains("***"))
        .collect();
    ensure!(added.len() > 15, "the diff has {} new lines", added.len());
    let name = |line: &str| line.strip_prefix("+++ b/").map(str::to_owned);
    let mut text = String::new();
    for file in diff.lines().filter_map(name) {
        text.push_str(&fs::read_to_string(workspace.path().join(file))?);
    }
    for line in added {
        ensure!(text.lines().any(|written| written == line), "`{line}`");
    }
    Ok(())
}

#[test]
fn what_is_uncommitted_is_not_mixed_with_fixes() -> Result<()> {
    let workspace = tempfile::tempdir()?;
    let git = |arguments: &[&str]| -> Result<()> {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let output = Command::new("git")
            .args(identity)
            .args(arguments)
            .current_dir(workspace.path())
            .output()
            .context("there is no `git`")?;
        ensure!(output.status.success(), "{output:?}");
        Ok(())
    };
    let main = workspace.path().join("infra/main.tf");
    fs::create_dir(workspace.path().join("infra"))?;
    fs::write(workspace.path().join("Cargo.toml"), "[workspace]\n")?;
    let text = "resource \"aws_ecs_task_definition\" \"a\" {\n  pid_mode = \"host\"\n}\n";
    fs::write(&main, text)?;
    git(&["init", "--quiet"])?;
    git(&["add", "."])?;
    git(&["commit", "--quiet", "--message", "a"])?;

    fs::write(workspace.path().join("infra/b.tf"), "")?;
    let refused = run(workspace.path(), &["fix"])?;
    ensure!(refused.status.code() == Some(2));
    let said = String::from_utf8(refused.stderr)?;
    ensure!(said.contains("* infra/b.tf (dirty)"), "{said}");
    git(&["add", "."])?;
    let refused = run(workspace.path(), &["fix"])?;
    let said = String::from_utf8(refused.stderr)?;
    ensure!(said.contains("* infra/b.tf (staged)"), "{said}");
    ensure!(fs::read_to_string(&main)? == text);

    run(workspace.path(), &["fix", "--allow-staged"])?;
    ensure!(fs::read_to_string(&main)?.contains("\"task\""));
    // What it wrote is itself uncommitted now.
    ensure!(run(workspace.path(), &["fix"])?.status.code() == Some(2));
    git(&["add", "."])?;
    git(&["commit", "--quiet", "--message", "b"])?;
    ensure!(run(workspace.path(), &["fix"])?.status.code() != Some(2));
    Ok(())
}

#[test]
fn line_ends_marks_and_comments_stay_as_they_are() -> Result<()> {
    let workspace = tempfile::tempdir()?;
    fs::write(workspace.path().join("Cargo.toml"), "[workspace]\n")?;
    let main = workspace.path().join("main.tf");
    let text = |mode: &str| {
        format!(
            "\u{feff}# é\r\nresource \"aws_ecs_task_definition\" \"a\" {{\r\n\tpid_mode   = \"{mode}\" // why\r\n}}"
        )
    };
    fs::write(&main, text("host"))?;
    run(
        workspace.path(),
        &["fix", "--allow-no-vcs", "--only", "ECS:007"],
    )?;
    let fixed = fs::read_to_string(&main)?;
    ensure!(fixed == text("task"), "{fixed:?}");
    Ok(())
}

/// A copy of the fixture monorepo.
fn fixture() -> Result<tempfile::TempDir> {
    let workspace = tempfile::tempdir()?;
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/monorepo");
    copy(&from, workspace.path())?;
    Ok(workspace)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            if entry.file_name() != ".terraform" {
                fs::create_dir(&target)?;
                copy(&entry.path(), &target)?;
            }
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn run(workspace: &Path, arguments: &[&str]) -> Result<Output> {
    Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .args(arguments)
        .current_dir(workspace)
        .output()
        .context("cannot run the audit")
}

fn terraform(directory: &Path, arguments: &[&str]) -> Result<()> {
    let output = Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .output()?;
    ensure!(
        output.status.success(),
        "terraform {arguments:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// Every verdict from source: what it is, and whether it comes with a fix.
fn verdicts(workspace: &Path) -> Result<BTreeMap<Subject, (String, bool)>> {
    let output = run(workspace, &["--plan", "never", "--format", "json"])?;
    let report: Value = serde_json::from_slice(&output.stdout)?;
    let mut verdicts = BTreeMap::new();
    for root in report["roots"].as_array().context("no roots")? {
        for verdict in root["verdicts"].as_array().context("no verdicts")? {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let subject = [
                text(&root["path"]),
                text(&verdict["rule"]),
                text(&verdict["address"]),
                text(&verdict["container"]),
            ];
            let is_fixable = !verdict["fix"].is_null();
            verdicts.insert(subject, (text(&verdict["verdict"]), is_fixable));
        }
    }
    Ok(verdicts)
}
