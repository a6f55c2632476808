//! The audit as tests, as `cargo test` and `cargo nextest run` call it: this program is both the harness of
//! a workspace that it makes, and what calls it.
//!
//! A script stands in Terraform's place and notes what it is asked for.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::thread;

use libtest_mimic::{Arguments, Trial};

/// The workspace that this program is the harness of.
const HARNESS_OF: &str = "HARNESS_OF";
/// The directory that this program asserts to be clean, as a plain test would.
const CLEAN: &str = "CLEAN";

fn main() -> ExitCode {
    if let Some(directory) = std::env::var_os(HARNESS_OF) {
        return ecs_audit::testing::harness(directory);
    }
    if let Some(directory) = std::env::var_os(CLEAN) {
        ecs_audit::assert_clean(directory);
        return ExitCode::SUCCESS;
    }
    let tests: [(&str, fn()); 14] = [
        ("listing_names_every_test_and_runs_nothing", listing),
        ("what_is_undecided_is_listed_as_ignored", listing_ignored),
        ("filters_are_those_of_cargo_test", filters),
        ("what_fails_prints_what_the_audit_prints", failing),
        ("what_is_undecided_is_ignored_with_the_reason", undecided),
        ("what_is_not_clean_panics_with_the_report", asserted),
        ("a_process_for_each_test_is_one_plan", one_plan),
        ("a_plan_that_fails_fails_once", one_failing_plan),
        ("what_is_undecided_is_not_passed_alone", undecided_alone),
        ("what_a_remembered_plan_knows_is_listed", remembered),
        ("tests_and_audit_have_one_summary", one_summary),
        ("nextest_is_used_where_it_is_configured", nextest_configured),
        ("a_harness_beside_the_audit_does_not_audit_again", beside),
        ("a_signal_stops_tests_and_audit", interrupted),
    ];
    let tests = tests.iter().filter(|_| cfg!(unix));
    let trials = tests.map(|&(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

const BROKEN: &str = r#"
variable "pid_mode" {}
data "aws_vpc" "main" {}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  network_mode          = "bridge"
  pid_mode              = var.pid_mode
  tags                  = { vpc = data.aws_vpc.main.id }
  container_definitions = "[]"
}
"#;

/// A workspace with two root modules, and a Terraform that does what `plan.sh` says.
struct Scene {
    directory: tempfile::TempDir,
}

impl Scene {
    fn new(plan: &str) -> Self {
        let scene = Scene {
            directory: tempfile::tempdir().unwrap(),
        };
        scene.write("Cargo.toml", "[workspace]\n");
        for root in ["dev", "prod"] {
            scene.write(&format!("infra/{root}/main.tf"), BROKEN);
            scene.write(&format!("infra/{root}/.terraform.lock.hcl"), "# locked\n");
        }
        let terraform = format!(
            "#!/bin/sh\necho \"$1\" >>'{}'\nsleep 0.1\n{plan}\n",
            scene.path("calls").display()
        );
        scene.write("bin/terraform", &terraform);
        executable(&scene.path("bin/terraform"));
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

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let path = format!("{}:/usr/bin:/bin", self.path("bin").display());
        command
            .args(arguments.split_whitespace())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.directory.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env(HARNESS_OF, self.directory.path())
            .current_dir(self.directory.path());
        command
    }

    /// As `cargo test` calls it: what it printed, and whether it ended well.
    fn run(&self, arguments: &str) -> (String, bool) {
        printed(&self.command(arguments).output().unwrap())
    }

    /// As nextest calls it, for every test that it lists.
    fn nextest(&self, run: &str) -> Vec<(String, String, bool)> {
        let (all, _) = self.run("--list --format terse is_read ecs_004 ecs_007 ecs_015");
        let (ignored, _) = self.run("--list --format terse --ignored");
        let names = all.lines().filter(|line| !ignored.contains(line));
        let names = names.map(|line| line.strip_suffix(": test").unwrap().to_owned());
        let running: Vec<_> = names
            .map(|name| {
                let mut command = self.command("--nocapture --exact");
                command
                    .arg(&name)
                    .env("NEXTEST", "1")
                    .env("NEXTEST_RUN_ID", run);
                thread::spawn(move || {
                    let (text, passed) = printed(&command.output().unwrap());
                    (name, text, passed)
                })
            })
            .collect();
        running
            .into_iter()
            .map(|test| test.join().unwrap())
            .collect()
    }

    /// `cargo ecs-audit test` with a script in Cargo's place.
    fn beside(&self, cargo: &str, arguments: &str) -> Command {
        self.write("cargo", &format!("#!/bin/sh\n{cargo}\n"));
        executable(&self.path("cargo"));
        let harness = self.command("");
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"));
        command
            .arg("test")
            .args(arguments.split_whitespace())
            .env_clear();
        for (name, value) in harness.get_envs() {
            command.env(name, value.unwrap());
        }
        command
            .env("CARGO", self.path("cargo"))
            .current_dir(self.directory.path());
        command
    }

    /// How often Terraform was asked for a plan, or for anything.
    fn calls(&self, of: &str) -> usize {
        let calls = fs::read_to_string(self.path("calls")).unwrap_or_default();
        calls.lines().filter(|line| line.starts_with(of)).count()
    }
}

fn printed(output: &Output) -> (String, bool) {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.is_empty(), "{errors}");
    (text, output.status.success())
}

#[cfg(unix)]
fn executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn executable(_path: &Path) {}

const FAILS: &str =
    "case $1 in plan) echo 'Error: No valid credential sources found' >&2; exit 1;; esac";

/// A plan in which everything is known that the source leaves open.
const KNOWS: &str = r#"case $1 in
  plan) for out; do case $out in -out=*) echo plan >"${out#-out=}";; esac; done;;
  show) echo '{"format_version":"1.2","terraform_version":"1.11.4","variables":{"pid_mode":{"value":"task"}},"resource_changes":[{"address":"aws_ecs_task_definition.app","mode":"managed","type":"aws_ecs_task_definition","name":"app","change":{"actions":["create"],"before":null,"after":{"family":"app","network_mode":"bridge","pid_mode":"task","tags":{"vpc":"task"},"container_definitions":"[]"},"after_unknown":{},"after_sensitive":{}}}],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"data.aws_vpc.main","mode":"data","type":"aws_vpc","name":"main","values":{"id":"task"},"sensitive_values":{}}]}}},"configuration":{"root_module":{}}}';;
esac"#;

fn listing() {
    let scene = Scene::new(FAILS);
    let (text, passed) = scene.run("--list --format terse");
    assert!(passed);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().all(|line| line.ends_with(": test")), "{text}");
    assert!(lines.contains(&"infra/dev::is_read: test"), "{text}");
    assert!(
        lines.contains(&"infra/prod::ecs_015_not_awsvpc: test"),
        "{text}"
    );
    let (json, _) = scene.run("--list --format json -Z unstable-options");
    assert!(json.contains("infra/prod::ecs_015_not_awsvpc"), "{json}");
    assert_eq!(scene.calls(""), 0);
}

fn listing_ignored() {
    let scene = Scene::new(FAILS);
    let (text, _) = scene.run("--list --format terse --ignored prod");
    assert_eq!(text, "infra/prod::ecs_007_host_process_namespace: test\n");
    assert_eq!(scene.calls(""), 0);
}

fn filters() {
    let scene = Scene::new(FAILS);
    let (text, passed) =
        scene.run("dev::ecs_004 dev::ecs_007 dev::ecs_015 --skip not_awsvpc --test-threads 1");
    assert!(passed, "{text}");
    assert!(text.contains("running 2 tests"), "{text}");
    // The other root module is not audited.
    assert_eq!(scene.calls("plan"), 1);
    let (text, _) = scene.run("--exact infra/dev::ecs_004_privileged_container");
    assert!(text.contains("1 passed; 0 failed"), "{text}");
    let (text, _) = scene.run("--ignored dev");
    assert!(text.contains("0 passed; 0 failed; 1 ignored"), "{text}");
    let (text, _) = scene.run("--include-ignored dev::ecs_007");
    assert!(text.contains("0 passed; 0 failed; 1 ignored"), "{text}");
}

fn failing() {
    let scene = Scene::new(FAILS);
    let (text, passed) = scene.run("prod::ecs_015 --nocapture");
    assert!(!passed && text.contains("1 failed"), "{text}");
    assert!(text.contains("error[ECS:015]"), "{text}");
    assert!(text.contains("infra/prod/main.tf:6:27"), "{text}");
}

fn undecided() {
    let scene = Scene::new(FAILS);
    let (text, passed) = scene.run("prod::ecs_007");
    assert!(passed, "{text}");
    assert!(text.contains("ignored (warning[ECS:007]"), "{text}");
    assert!(text.contains("undecided: `var.pid_mode`"), "{text}");
}

fn asserted() {
    let scene = Scene::new(FAILS);
    let clean = BROKEN.replace("bridge", "awsvpc");
    scene.write("infra/dev/main.tf", &clean);
    let assert_clean = |directory: &str| {
        let mut command = scene.command("");
        command.env_remove(HARNESS_OF).env(CLEAN, directory);
        command.env("CARGO_MANIFEST_DIR", scene.directory.path());
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        (told, output.status.success())
    };
    let (told, passed) = assert_clean("infra/dev");
    assert!(passed && told.contains("warning[ECS:007]"), "{told}");
    for directory in ["infra/prod", "infra"] {
        let (told, passed) = assert_clean(directory);
        assert!(!passed && told.contains("panicked"), "{told}");
        assert!(told.contains("error[ECS:015]"), "{told}");
        assert!(told.contains("infra/prod/main.tf:6:27"), "{told}");
    }
    let (told, passed) = assert_clean("nowhere");
    let reason = "no root module in `nowhere`";
    assert!(!passed && told.contains(reason), "{told}");
}

fn one_plan() {
    let scene = Scene::new(KNOWS);
    let tests = scene.nextest("one-plan");
    assert_eq!(tests.len(), 6, "{tests:?}");
    let failed: Vec<&str> = tests
        .iter()
        .filter(|(.., passed)| !passed)
        .map(|(name, ..)| name.as_str())
        .collect();
    assert_eq!(
        failed,
        [
            "infra/dev::ecs_015_not_awsvpc",
            "infra/prod::ecs_015_not_awsvpc"
        ]
    );
    assert_eq!(scene.calls("plan"), 2);
}

fn one_failing_plan() {
    let scene = Scene::new(FAILS);
    scene.nextest("failing");
    assert_eq!(scene.calls("plan"), 2);
    // What failed in one run is tried again in the next.
    scene.nextest("failing-again");
    assert_eq!(scene.calls("plan"), 4);
}

fn undecided_alone() {
    let scene = Scene::new(FAILS);
    let mut command =
        scene.command("--exact --nocapture --ignored infra/dev::ecs_007_host_process_namespace");
    let output = command.env("NEXTEST", "1").output().unwrap();
    let (text, passed) = printed(&output);
    assert!(
        !passed && text.contains("cannot be reported as ignored"),
        "{text}"
    );
    let mut command = scene.command("--exact infra/gone::is_read");
    let (text, passed) = printed(&command.env("NEXTEST", "1").output().unwrap());
    assert!(
        !passed && text.contains("there is no such test any more"),
        "{text}"
    );
}

fn remembered() {
    let scene = Scene::new(KNOWS);
    for root in ["dev", "prod"] {
        // Of what is written beside a plan nobody knows whether the plan saw it.
        let touched = Command::new("touch")
            .args(["-d", "2001-02-03 04:05:06"])
            .arg(scene.path(&format!("infra/{root}/main.tf")))
            .arg(scene.path(&format!("infra/{root}/.terraform.lock.hcl")))
            .status();
        assert!(touched.unwrap().success());
    }
    let (text, _) = scene.run("ecs_007");
    assert!(
        text.contains("2 failed") || text.contains("2 passed"),
        "{text}"
    );
    let calls = scene.calls("");
    let (text, _) = scene.run("--list --format terse --ignored");
    assert_eq!((text.as_str(), scene.calls("")), ("", calls));
}

fn one_summary() {
    let scene = Scene::new(FAILS);
    let cargo = "echo asked: \"$@\"; exit 3";
    let mut command = scene.beside(
        cargo,
        "--plan never --locked infra/prod -- --workspace -- --nocapture",
    );
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("asked: test --locked --workspace -- --nocapture\n"),
        "{text}"
    );
    assert!(text.contains("error[ECS:015]"), "{text}");
    let last = "tests: failed (`cargo test` ended with exit code 3)\n\
                audit: something is denied; 1 denied, ";
    assert!(text.contains(last), "{text}");
    assert!(
        text.ends_with("exit code 100: tests failed, and something is denied\n"),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(100));
    let mut command = scene.beside("exit 0", "--plan never -A not-awsvpc -q");
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("tests: passed (`cargo test`)\naudit: nothing is denied; "),
        "{text}"
    );
    assert!(
        text.ends_with("exit code 0: tests passed, and nothing is denied\n"),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(0));
    let output = scene.beside("exit 0", "--format json").output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("write `--format json=FILE` for the report"),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(2));
}

fn nextest_configured() {
    let scene = Scene::new(FAILS);
    scene.write(".config/nextest.toml", "");
    let asked = |scene: &Scene| {
        let output = scene
            .beside("echo \"$@\"", "--plan never -q")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(asked(&scene), "test");
    scene.write("bin/cargo-nextest", "");
    assert_eq!(asked(&scene), "nextest run");
}

fn beside() {
    let scene = Scene::new(FAILS);
    let harness = std::env::current_exe().unwrap();
    let cargo = format!(
        "'{0}' --test-threads 1; '{0}' --exact infra/prod::is_read",
        harness.display()
    );
    let output = scene.beside(&cargo, "").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(" passed; 2 failed; 2 ignored"), "{text}");
    assert!(
        text.ends_with("exit code 100: something is denied\n"),
        "{text}"
    );
    assert_eq!(scene.calls("plan"), 2);
    // With other levels it is another audit than the harness has.
    let output = scene.beside(&cargo, "-A required").output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(scene.calls("plan") > 4);
    let left: Vec<_> = fs::read_dir(scene.path("target/ecs-audit"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with("run-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

fn interrupted() {
    let scene = Scene::new(FAILS);
    // It starts something of its own, and neither ends by itself.
    let cargo = "sleep 600 & echo $! >child; echo $$ >cargo-itself; wait";
    let mut command = scene.beside(cargo, "--plan never");
    let running = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    while fs::read_to_string(scene.path("cargo-itself"))
        .unwrap_or_default()
        .is_empty()
    {
        thread::sleep(std::time::Duration::from_millis(10));
    }
    let kill = |arguments: &[&str]| Command::new("kill").args(arguments).output().unwrap();
    assert!(
        kill(&["-s", "INT", &running.id().to_string()])
            .status
            .success()
    );
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(101));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("tests: `cargo test` did not end: interrupted\n"),
        "{text}"
    );
    assert!(
        text.ends_with("exit code 101: could not finish\n"),
        "{text}"
    );
    for process in ["child", "cargo-itself"] {
        let id = fs::read_to_string(scene.path(process)).unwrap();
        let state = Command::new("ps")
            .args(["-o", "stat=", "-p", id.trim()])
            .output();
        let state = String::from_utf8(state.unwrap().stdout).unwrap();
        // What has ended may wait for its new parent to notice.
        assert!(
            state.is_empty() || state.starts_with('Z'),
            "{process} is left: {state}"
        );
    }
}
