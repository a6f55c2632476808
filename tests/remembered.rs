//! A root module of which nothing changed is not planned again, and the report is the same.
//!
//! A script stands in Terraform's place and counts how often it is asked for a plan.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SOURCE: &str = r#"
variable "mode" {
  default = "bridge"
}
variable "password" {
  default   = "not-this-one"
  sensitive = true
}
module "tags" {
  source = "../modules/tags"
}
data "aws_vpc" "main" {}
data "aws_secretsmanager_secret_version" "main" {
  secret_id = "s"
}
resource "aws_ecs_task_definition" "app" {
  family       = data.aws_vpc.main.id
  network_mode = var.mode
  tags         = module.tags.tags
  container_definitions = templatefile("${path.module}/app.json.tpl", {
    password = data.aws_secretsmanager_secret_version.main.secret_string
    host     = data.aws_vpc.main.id
  })
}
"#;

const TEMPLATE: &str = r#"[{"name": "app", "image": "nginx", "environment": [{"name": "A", "value": "${password}"}, {"name": "HOST", "value": "${host}"}]}]"#;

const SECRET: &str = "Zq7Hx9Kw2Vt5Rm8LpB4nYd3S";

const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4","variables":{"mode":{"value":"bridge"},"password":{"value":"Zq7Hx9Kw2Vt5Rm8LpB4nYd3S"}},"resource_changes":[{"address":"aws_ecs_task_definition.app","mode":"managed","type":"aws_ecs_task_definition","name":"app","change":{"actions":["create"],"before":null,"after":{"family":"vpc-1","network_mode":"bridge","tags":{"a":"b"},"container_definitions":"[{\"name\":\"app\",\"image\":\"nginx\",\"environment\":[{\"name\":\"A\",\"value\":\"Zq7Hx9Kw2Vt5Rm8LpB4nYd3S\"},{\"name\":\"HOST\",\"value\":\"vpc-1\"}]}]","cpu":12.50},"after_unknown":{"arn":true,"revision":true},"after_sensitive":{"container_definitions":true,"tags":{}}}}],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"data.aws_vpc.main","mode":"data","type":"aws_vpc","name":"main","values":{"id":"vpc-1"},"sensitive_values":{}},{"address":"data.aws_secretsmanager_secret_version.main","mode":"data","type":"aws_secretsmanager_secret_version","name":"main","values":{"secret_id":"s","secret_string":"Zq7Hx9Kw2Vt5Rm8LpB4nYd3S"},"sensitive_values":{"secret_string":true}}]}}},"configuration":{"root_module":{"resources":[{"address":"aws_ecs_task_definition.app","mode":"managed","type":"aws_ecs_task_definition","name":"app","provider_config_key":"aws","expressions":{"family":{"references":["data.aws_vpc.main"]},"network_mode":{"references":["var.mode"]}}}],"variables":{"password":{"sensitive":true}}}}}"#;

/// A workspace with one root module, and a Terraform that gives the plan of `plan.json`.
struct Scene {
    directory: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

/// What a run printed.
#[derive(Debug, PartialEq)]
struct Printed {
    human: String,
    json: String,
}

impl Scene {
    fn new() -> Self {
        let scene = Scene {
            directory: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        };
        scene.write("Cargo.toml", "[workspace]\n");
        scene.write("infra/main/main.tf", SOURCE);
        scene.write("infra/main/app.json.tpl", TEMPLATE);
        scene.write("infra/main/.terraform.lock.hcl", "# locked\n");
        scene.write(
            "infra/main/.terraform/modules/modules.json",
            "{\"Modules\": []}",
        );
        scene.write(
            "infra/modules/tags/main.tf",
            "output \"tags\" {\n  value = { a = \"b\" }\n}\n",
        );
        scene.write("plan.json", PLAN);
        let here = scene.directory.path().display();
        scene.write(
            "terraform",
            &format!(
                "#!/bin/sh\ncase $1 in\n  plan) echo plan >>'{here}/calls'\n    for out; do case $out in -out=*) echo plan >\"${{out#-out=}}\";; esac; done;;\n  show) cat '{here}/plan.json';;\nesac\n"
            ),
        );
        fs::set_permissions(scene.path("terraform"), fs::Permissions::from_mode(0o755)).unwrap();
        scene.settle();
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Makes every file one that was written a while ago: of what is written beside a plan nobody knows
    /// whether the plan saw it.
    fn settle(&self) {
        let status = Command::new("find")
            .arg(self.directory.path())
            .args(["-name", "target", "-prune", "-o", "-type", "f"])
            .args([
                "-exec",
                "touch",
                "-h",
                "-d",
                "2001-02-03 04:05:06",
                "{}",
                "+",
            ])
            .status();
        assert!(status.unwrap().success());
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"));
        command
            .current_dir(self.directory.path())
            .args([
                "infra/main",
                "--plan",
                "always",
                "--terraform-bin",
                "./terraform",
            ])
            .args(arguments)
            .env("HOME", self.path("home"))
            .env("NO_COLOR", "1")
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("TF_WORKSPACE")
            .env_remove("TF_DATA_DIR")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs an audit; whether it stood on what was remembered, and what it printed but for that.
    fn audit(&self, arguments: &[&str]) -> (bool, Printed) {
        let output = self
            .command(arguments)
            .args(["--format", "json=json", "--format", "human"])
            .output();
        let output = output.unwrap();
        let human = String::from_utf8(output.stdout).unwrap();
        assert!(
            human.contains("exit code 100"),
            "{human}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let json = fs::read_to_string(self.path("json")).unwrap();
        let is_note = |line: &str| line.contains("the plan is one of");
        let remembered = human.lines().any(is_note);
        let but = |text: &str| -> String {
            let lines = text.lines().filter(|line| !is_note(line));
            let text: String = lines.flat_map(|line| [line, "\n"]).collect();
            text.replace("\"notes\": [\n      ]", "\"notes\": []")
        };
        (
            remembered,
            Printed {
                human: but(&human),
                json: but(&json),
            },
        )
    }

    fn planned(&self) -> usize {
        fs::read_to_string(self.path("calls"))
            .unwrap_or_default()
            .lines()
            .count()
    }

    /// The files of what is remembered.
    fn kept(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("target/ecs-audit"))
            .into_iter()
            .flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn an_unchanged_root_is_planned_once_and_judged_the_same() {
    let scene = Scene::new();
    let (remembered, first) = scene.audit(&[]);
    assert!(!remembered);
    let (remembered, second) = scene.audit(&[]);
    assert!(remembered);
    assert_eq!(scene.planned(), 1);
    assert_eq!(first, second);
    // What the plan alone knows decides what is said.
    assert!(
        first.human.contains("vpc-1") || first.json.contains("network_mode"),
        "{}",
        first.json
    );
    let (remembered, third) = scene.audit(&["--fresh"]);
    assert!(!remembered && scene.planned() == 2);
    assert_eq!(first, third);
}

#[test]
fn what_is_remembered_is_private_and_holds_no_secret() {
    let mut scene = Scene::new();
    scene.variables.push(("TF_VAR_password", SECRET.to_owned()));
    scene
        .variables
        .push(("AWS_SECRET_ACCESS_KEY", format!("key-{SECRET}")));
    scene.audit(&["--var", &format!("password={SECRET}")]);
    let kept = scene.kept();
    let [file] = kept.as_slice() else {
        panic!("one file: {kept:?}")
    };
    let text = fs::read_to_string(file).unwrap();
    assert!(
        text.contains("vpc-1") && !text.contains(&SECRET[..6]),
        "{text}"
    );
    assert_eq!((mode(file), mode(file.parent().unwrap())), (0o600, 0o700));
    assert!(scene.path("target/CACHEDIR.TAG").exists());
}

#[test]
fn whatever_goes_into_a_plan_makes_a_new_one() {
    let changes: &[(&str, &str)] = &[
        ("infra/main/main.tf", "# more"),
        ("infra/main/new.tf", "locals {}"),
        ("infra/main/terraform.tfvars", "mode = \"bridge\""),
        ("infra/main/app.json.tpl", " "),
        ("infra/main/.terraform.lock.hcl", "# other"),
        ("infra/main/.terraform/modules/modules.json", " "),
        ("infra/main/.terraform/environment", "blue"),
        ("infra/main/terraform.tfstate", "{}"),
        ("infra/main/lambda/code.py", "pass"),
        ("infra/modules/tags/main.tf", "# more"),
        ("infra/.terraform-version", "1.2.3"),
        ("home/.aws/config", "[default]"),
        ("terraform", "# another"),
    ];
    let scene = Scene::new();
    scene.audit(&[]);
    for (number, (name, more)) in changes.iter().enumerate() {
        let before = fs::read_to_string(scene.path(name)).unwrap_or_default();
        scene.write(name, &format!("{before}{more}\n"));
        scene.settle();
        let (remembered, _) = scene.audit(&[]);
        assert!(!remembered && scene.planned() == number + 2, "{name}");
        assert!(scene.audit(&[]).0, "after {name}");
    }
    let planned = scene.planned();
    let mut scene = scene;
    scene.variables.push(("TF_VAR_mode", "bridge".to_owned()));
    assert!(!scene.audit(&[]).0, "the environment");
    assert!(
        !scene.audit(&["--var", "mode=bridge"]).0,
        "the command line"
    );
    assert!(!scene.audit(&["--var", "mode=none"]).0, "another value");
    assert!(!scene.audit(&["--workspace", "blue"]).0, "the workspace");
    assert_eq!(scene.planned(), planned + 4);
}

#[test]
fn what_is_old_broken_or_another_s_is_passed_over_and_replaced() {
    let scene = Scene::new();
    scene.audit(&[]);
    let file = scene.kept().remove(0);
    let good = fs::read_to_string(&file).unwrap();
    let made = good
        .split("\"made\":")
        .nth(1)
        .unwrap()
        .split(',')
        .next()
        .unwrap();
    let seconds: u64 = made.parse().unwrap();
    let at =
        |seconds: u64| good.replace(&format!("\"made\":{made}"), &format!("\"made\":{seconds}"));
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    let broken = [
        at(seconds - 16 * 60),
        at(seconds + 3600),
        good.replace(&version, "\"version\":\"0.0.0\""),
        good.replace("\"inputs\":\"", "\"inputs\":\"0"),
        good.replace("\"format_version\":\"1.2\"", "\"format_version\":\"9.0\""),
        good[..good.len() / 2].to_owned(),
        String::new(),
        "{}".to_owned(),
        "\u{0}\u{1}".to_owned(),
        "[".repeat(100_000),
    ];
    for (number, text) in broken.iter().enumerate() {
        fs::write(&file, text).unwrap();
        assert!(!scene.audit(&[]).0, "{number}");
        assert_eq!(scene.planned(), number + 2);
        assert!(scene.audit(&[]).0, "{number} is replaced");
    }
    assert!(scene.planned() == broken.len() + 1);
    fs::write(&file, at(seconds - 60)).unwrap();
    assert!(scene.audit(&[]).0, "a minute is no age");
}

#[test]
fn what_changes_beside_a_plan_is_not_taken_for_what_it_saw() {
    let scene = Scene::new();
    let script = fs::read_to_string(scene.path("terraform")).unwrap();
    let script = script.replace("show)", "show) echo '# more' >>main.tf;");
    scene.write("terraform", &script);
    scene.settle();
    scene.audit(&[]);
    assert!(scene.kept().is_empty());
}

#[test]
fn a_report_that_hangs_on_a_secret_is_made_of_a_new_plan_each_time() {
    let scene = Scene::new();
    // The network mode itself is secret: without it there is nothing to say of it.
    let source = SOURCE.replace(
        "network_mode = var.mode",
        "network_mode = data.aws_secretsmanager_secret_version.main.secret_string",
    );
    scene.write("infra/main/main.tf", &source);
    scene.write(
        "plan.json",
        &PLAN.replace(
            "\"network_mode\":\"bridge\"",
            &format!("\"network_mode\":\"{SECRET}\""),
        ),
    );
    scene.settle();
    let (_, first) = scene.audit(&[]);
    assert!(first.json.contains("ECS:015"));
    assert!(scene.kept().is_empty(), "{:?}", scene.kept());
    let (remembered, second) = scene.audit(&[]);
    assert!(!remembered && scene.planned() == 2);
    assert_eq!(first, second);
}

#[test]
fn a_plan_that_fails_forgets_the_one_before() {
    let scene = Scene::new();
    scene.audit(&[]);
    let script = fs::read_to_string(scene.path("terraform")).unwrap();
    scene.write(
        "terraform",
        &script.replace("case $1 in", "case $1 in\n  plan) exit 1;;"),
    );
    let output = scene.command(&[]).output().unwrap();
    assert_eq!(output.status.code(), Some(101));
    assert!(scene.kept().is_empty());
}

#[test]
fn many_at_once_do_not_disturb_each_other() {
    let scene = Scene::new();
    let spawn = || {
        let mut command = scene.command(&["--format", "json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let running: Vec<_> = (0..6).map(|_| spawn()).collect();
    for child in running {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(100));
    }
    assert_eq!(scene.kept().len(), 1, "nothing temporary is left");
    assert!(scene.audit(&[]).0);
}

#[test]
fn where_nothing_can_be_written_the_audit_goes_on() {
    let scene = Scene::new();
    // A file where the directory should be.
    scene.write("target", "");
    let (remembered, _) = scene.audit(&[]);
    assert!(!remembered);
    assert!(!scene.audit(&[]).0 && scene.planned() == 2);
}
