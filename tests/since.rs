//! `--since`: which root modules a change in a repository is of.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CLUSTER: &str =
    "resource \"aws_ecs_cluster\" \"main\" {\n  name = file(\"${path.module}/name.txt\")\n}\n";

/// A repository with two root modules that share a module, and a third that lists a directory.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Option<Self> {
        let repository = Repository(tempfile::tempdir().unwrap());
        for (name, text) in [
            (
                "Cargo.toml",
                "[workspace]\nmembers = []\nresolver = \"3\"\n",
            ),
            (".gitignore", "*.log\nsecret.auto.tfvars\n.terraform/\n"),
            ("infra/a/main.tf", CLUSTER),
            ("infra/a/name.txt", "a"),
            ("infra/a/.terraform.lock.hcl", ""),
            (
                "infra/b/main.tf",
                "module \"m\" {\n  source = \"../../modules/m\"\n}\nprovider \"aws\" {}\n",
            ),
            (
                "infra/c/main.tf",
                "resource \"aws_ecs_cluster\" \"main\" {\n  for_each = fileset(path.module, \"names/*\")\n  name     = each.key\n}\n",
            ),
            ("infra/c/names/one", ""),
            ("modules/m/main.tf", CLUSTER),
            ("modules/m/name.txt", "m"),
        ] {
            repository.write(name, text);
        }
        let initialised = repository.git(&["init", "-q"])?;
        assert!(initialised.status.success());
        repository.commit();
        Some(repository)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) -> Option<Output> {
        let mut git = Command::new("git");
        git.current_dir(self.0.path())
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .args(arguments);
        match git.output() {
            Ok(output) => Some(output),
            Err(error) => {
                println!("skipped: there is no Git: {error}");
                None
            }
        }
    }

    fn commit(&self) {
        for arguments in [&["add", "-A"][..], &["commit", "-qm", "x"]] {
            let output = self.git(arguments).unwrap();
            assert!(output.status.success(), "{output:?}");
        }
    }

    /// Puts everything back as it was committed.
    fn restore(&self) {
        for arguments in [&["checkout", "-q", "."][..], &["clean", "-qdfx"]] {
            assert!(self.git(arguments).unwrap().status.success());
        }
    }

    fn audited(&self, revision: &str) -> String {
        audited(self.0.path(), revision)
    }
}

/// The names of the root modules that are audited, or the error, and the exit code.
fn audited(directory: &Path, revision: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .current_dir(directory)
        .args([
            "--plan", "never", "--only", "ECS:015", "--format", "json", "--since", revision,
        ])
        .output()
        .unwrap();
    let code = output.status.code().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(&output.stdout) else {
        return format!("{code} {}", stderr.lines().next().unwrap_or_default());
    };
    let roots = json["roots"].as_array().unwrap().iter();
    let names: Vec<&str> = roots.map(|root| root["path"].as_str().unwrap()).collect();
    format!("{code} {}", names.join(" "))
}

#[test]
fn a_root_module_changed_where_anything_that_it_reads_did() {
    let Some(repository) = Repository::new() else {
        return;
    };
    assert_eq!(repository.audited("HEAD"), "0 ");
    let cases: &[(&str, Option<&str>, &str)] = &[
        (
            "infra/a/main.tf",
            Some("resource \"aws_ecs_cluster\" \"b\" {}\n"),
            "infra/a",
        ),
        ("infra/a/name.txt", Some("other"), "infra/a"),
        ("infra/a/.terraform.lock.hcl", Some("# x\n"), "infra/a"),
        ("infra/a/new.tf", Some(""), "infra/a"),
        ("infra/a/terraform.tfvars", Some(""), "infra/a"),
        ("infra/a/secret.auto.tfvars", Some(""), "infra/a"),
        ("infra/a/README.md", Some(""), ""),
        ("infra/a/.terraform/environment", Some("default"), ""),
        ("modules/m/name.txt", Some("n"), "infra/b"),
        ("modules/m/name.txt", None, "infra/b"),
        ("infra/c/names/two", Some(""), "infra/c"),
        ("infra/c/names/one", None, "infra/c"),
        (
            "Cargo.toml",
            Some("[workspace]\nmembers = []\nresolver = \"2\"\n"),
            "",
        ),
        (
            "Cargo.toml",
            Some(
                "[workspace]\nmembers = []\n\n[workspace.metadata.ecs-audit.levels]\nrequired = \"warn\"\n",
            ),
            "infra/a infra/b infra/c",
        ),
    ];
    for (name, text, expected) in cases {
        match text {
            Some(text) => repository.write(name, text),
            None => fs::remove_file(repository.path(name)).unwrap(),
        }
        let audited = repository.audited("HEAD");
        let (_, names) = audited.split_once(' ').unwrap();
        assert_eq!(names, *expected, "{name} {text:?}");
        repository.restore();
    }
    repository.write("infra/a/name.txt", "committed");
    repository.commit();
    assert_eq!(repository.audited("HEAD"), "0 ");
    assert_eq!(repository.audited("HEAD~1"), "4 infra/a");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let Some(repository) = Repository::new() else {
        return;
    };
    for revision in ["nowhere", "-x", "--output=x", "HEAD:infra"] {
        let expected = format!("2 error: there is no revision `{revision}`");
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
            .current_dir(repository.0.path())
            .args(["--plan", "never", &format!("--since={revision}")])
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let first = stderr.lines().next().unwrap_or_default();
        assert_eq!(
            format!("{} {first}", output.status.code().unwrap()),
            expected
        );
    }
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    fs::create_dir(elsewhere.path().join("infra")).unwrap();
    fs::write(elsewhere.path().join("infra/main.tf"), CLUSTER).unwrap();
    let said = audited(elsewhere.path(), "HEAD");
    assert!(
        said.starts_with("2 error: `--since` needs Git and a repository"),
        "{said}"
    );
}
