//! The reports of a small workspace, as the command writes them: what is the same in every report, the rules and
//! the time, is left out of what is compared.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use snapbox::{Assert, Data};

/// Writes a report of the workspace of `tests/cmd/reports.md`, and reads it.
fn report(format: &str) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/reports.in");
    for name in ["Cargo.toml", "main.tf", "app/main.tf"] {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(manifest.join(name), path).unwrap();
    }
    let ran = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .current_dir(directory.path())
        .args(["--plan", "never", "--only", "ECS:004,ECS:007,ECS:015"])
        .arg(format!("--format={format}"))
        .env("SOURCE_DATE_EPOCH", "1780272000")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(100), "{ran:?}");
    serde_json::from_slice(&ran.stdout).unwrap()
}

fn compare(value: &Value, name: &str) {
    let text = serde_json::to_string_pretty(value).unwrap() + "\n";
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/samples");
    let expected = Data::read_from(&directory.join(name), None);
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(Data::text(text), expected.raw());
}

#[test]
fn sarif_has_places_ways_fixes_and_suppressions() {
    let mut value = report("sarif");
    value["runs"][0]["tool"]["driver"].take();
    compare(&value, "sarif.json");
}

#[test]
fn the_security_report_of_gitlab_has_places_and_solutions() {
    let mut value = report("gitlab-sast");
    assert_eq!(value["scan"]["start_time"], "2026-06-01T00:00:00");
    value["scan"]["primary_identifiers"].take();
    compare(&value, "gitlab-sast.json");
}

#[test]
fn the_summary_of_a_job_is_added_to_what_the_step_has_said() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("summary.md");
    std::fs::write(&path, "said before\n").unwrap();
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/reports.in");
    let ran = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .current_dir(manifest)
        .args(["--plan", "never", "--only", "ECS:004", "--format", "github"])
        .env("GITHUB_STEP_SUMMARY", &path)
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(100), "{ran:?}");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with("said before\n## ❌ ECS audit: something is denied\n"),
        "{text}"
    );
    assert!(text.contains("container `app` is privileged"), "{text}");
}

#[test]
fn the_report_of_what_fix_leaves_has_paths_of_the_repository() {
    let repository = tempfile::tempdir().unwrap();
    let made = Command::new("git")
        .args(["init", "--quiet"])
        .current_dir(repository.path())
        .status();
    assert!(made.unwrap().success());
    let workspace = repository.path().join("sub");
    std::fs::create_dir(&workspace).unwrap();
    std::fs::write(workspace.join("Cargo.toml"), "[workspace]\n").unwrap();
    let main = "resource \"aws_ecs_service\" \"a\" {\n  network_configuration {\n    \
                assign_public_ip = var.a\n  }\n}\nvariable \"a\" {}\nprovider \"aws\" {}\n";
    std::fs::write(workspace.join("main.tf"), main).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .current_dir(&workspace)
        .args([
            "fix",
            "--allow-dirty",
            "--only",
            "ECS:003",
            "--format=gitlab",
        ])
        .output()
        .unwrap();
    let value: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(value[0]["location"]["path"], "sub/main.tf", "{ran:?}");
}
