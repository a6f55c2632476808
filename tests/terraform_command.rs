//! Terraform is run as it should be: the right commands, nothing left behind, its errors shown.
//!
//! Each test runs itself again in a process of its own, with a directory for temporary files of its own,
//! to see what is left in it. Most use a script in Terraform's place; those that need the real one say
//! so, and are passed over with a message where there is none.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]
#![cfg(unix)]

mod archive;
mod terraform;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use ecs_audit::terraform::command::{self, PlanFrom, PlanRequest};
use ecs_audit::terraform::evaluate::Assignment;

/// What the process that a test starts has to do: the name of the root module's directory.
const JOB: &str = "ECS_AUDIT_TEST_JOB";

/// Does the job that this process was started for, if it was.
fn does_its_job() -> bool {
    let Some(root) = std::env::var_os(JOB) else {
        return false;
    };
    let setting = |name: &str| std::env::var(format!("{JOB}_{name}")).ok();
    let binary = setting("BINARY").map(PathBuf::from);
    let file = setting("FILE").map(PathBuf::from);
    let from = match setting("FROM").as_deref() {
        Some("auto") => PlanFrom::Auto,
        Some("never") => PlanFrom::Never,
        Some("-") => PlanFrom::StandardInput,
        _ => file.as_deref().map_or(PlanFrom::Always, PlanFrom::File),
    };
    let assignments: Vec<_> = setting("VARIABLE")
        .iter()
        .filter_map(|variable| variable.split_once('='))
        .map(|(name, value)| Assignment::Variable(name.into(), value.into()))
        .collect();
    let workspace = setting("WORKSPACE");
    let request = PlanRequest {
        root: Path::new(&root),
        from,
        binary: binary.as_deref(),
        assignments: &assignments,
        workspace: workspace.as_deref(),
        phases: None,
        time_limit: setting("LIMIT").map(|limit| Duration::from_millis(limit.parse().unwrap())),
    };
    match command::plan(&request) {
        Ok(planned) => {
            println!("basis: {:?}", planned.basis);
            if let Some(terraform) = planned.terraform {
                println!("terraform: {} {}", terraform.binary, terraform.version);
            }
            for note in planned.notes {
                println!("note: {note}");
            }
            for instance in planned.facts.instances() {
                println!("instance: {}", instance.address);
            }
            if let Some(value) = planned.facts.variable("password") {
                println!("password: {}", value.as_str().unwrap());
            }
        }
        Err(error) => {
            let interrupted = error.downcast_ref::<command::Interrupted>();
            println!("interrupted: {:?}", interrupted.map(|by| by.signal));
            println!("error: {error:#}");
        }
    }
    true
}

/// A root module, a directory for temporary files, and the process that makes the plan.
struct Scene {
    directory: tempfile::TempDir,
    command: Command,
}

impl Scene {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        let test = std::thread::current().name().unwrap().to_owned();
        command.args([&test, "--exact", "--nocapture"]);
        for name in ["root", "tmp", "bin"] {
            fs::create_dir(directory.path().join(name)).unwrap();
        }
        command.env("TMPDIR", directory.path().join("tmp"));
        command.env(JOB, directory.path().join("root"));
        command.env(format!("{JOB}_LIMIT"), "30000");
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        Scene { directory, command }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), text).unwrap();
        self
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Puts a script in Terraform's place, where `$1` is the command, `$out` the plan file and `$here`
    /// the directory of the scene. It writes its command lines to `calls`.
    fn script(self, script: &str) -> Self {
        let here = self.directory.path().display();
        let script = format!(
            "#!/bin/sh\nhere='{here}'\necho \"$@\" >>\"$here/calls\"\n\
             for out; do case $out in -out=*) out=${{out#-out=}}; break;; esac; done\n{script}\n"
        );
        let this = self.write("bin/terraform", script);
        let binary = this.path("bin/terraform");
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
        this.set(&format!("{JOB}_BINARY"), binary.to_str().unwrap())
    }

    fn spawn(&mut self) -> Child {
        self.command.spawn().unwrap()
    }

    /// Runs the job to its end and gives what it printed. Nothing private may be left.
    fn run(mut self) -> (String, Self) {
        let output: Output = self.spawn().wait_with_output().unwrap();
        assert_eq!(self.left(), Vec::<String>::new(), "nothing is left");
        (printed(&output.stdout), self)
    }

    /// What is in the directory for temporary files.
    fn left(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("tmp")).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }
}

/// The lines that the job printed among those of the test harness.
fn printed(stdout: &[u8]) -> String {
    let text = String::from_utf8_lossy(stdout);
    let start = text
        .find("running 1 test\n")
        .map_or(0, |at| at + "running 1 test\n".len());
    let end = text.rfind("\ntest result:").unwrap_or(text.len());
    let lines = text[start..end].lines();
    let own = lines.filter(|line| !line.starts_with("test ") && !line.is_empty());
    own.collect::<Vec<_>>().join("\n")
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn signal(name: &str, process: u32) {
    let status = Command::new("sh")
        .args(["-c", &format!("kill -{name} {process}")])
        .status();
    assert!(status.unwrap().success());
}

const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{"address":"t.x","mode":"managed","type":"t","name":"x","change":{"actions":["create"],"after":{}}}]}"#;

/// A script that plans and shows.
fn planning() -> String {
    format!(
        "case $1 in init) mkdir -p .terraform;; plan) echo plan >\"$out\";; show) cat <<'JSON'\n{PLAN}\nJSON\n;; esac"
    )
}

#[test]
fn init_runs_where_it_was_never_run_and_nothing_else_is_asked() {
    if does_its_job() {
        return;
    }
    let (printed, scene) = Scene::new().script(&planning()).run();
    let binary = scene.path("bin/terraform");
    assert_eq!(
        printed,
        format!(
            "basis: Plan\nterraform: {} 1.11.4\ninstance: t.x",
            binary.display()
        )
    );
    let calls = scene.read("calls");
    let lines: Vec<_> = calls.lines().collect();
    assert_eq!(lines[0], "init -no-color -input=false");
    let out = lines[1].split_once("-out=").unwrap().1;
    assert_eq!(
        lines[1],
        format!(
            "plan -no-color -input=false -lock=false -detailed-exitcode=false -destroy=false \
             -refresh-only=false -out={out}"
        )
    );
    assert!(Path::new(out).starts_with(scene.path("tmp")));
    assert_eq!(lines[2], format!("show -no-color -json {out}"));
    assert_eq!(lines.len(), 3);
}

#[test]
fn init_runs_again_only_where_the_plan_asks_for_it_and_leaves_the_lock_file_alone() {
    if does_its_job() {
        return;
    }
    let script = format!(
        "if [ $1 = plan ] && ! grep -q init \"$here/calls\"; then\n\
           echo 'Error: Inconsistent dependency lock file, run: terraform init' >&2; exit 1\n\
         fi\n{}",
        planning()
    );
    let scene = Scene::new()
        .script(&script)
        .write("root/.terraform.lock.hcl", "");
    fs::create_dir(scene.path("root/.terraform")).unwrap();
    let (printed, scene) = scene.run();
    assert!(printed.starts_with("basis: Plan"), "{printed}");
    let calls = scene.read("calls");
    let names: Vec<_> = calls
        .lines()
        .map(|call| call.split(' ').next().unwrap())
        .collect();
    assert_eq!(names, ["plan", "init", "plan", "show"]);
    assert!(
        calls.contains("init -no-color -input=false -lockfile=readonly"),
        "{calls}"
    );
}

#[test]
fn the_environment_says_automation_and_has_no_logging_and_no_arguments_for_show() {
    if does_its_job() {
        return;
    }
    let script = format!("env >\"$here/env-$1\"\n{}", planning());
    let scene = Scene::new()
        .script(&script)
        .set("TF_LOG", "trace")
        .set("TF_CLI_ARGS_show", "-bad")
        .set("TF_CLI_ARGS_plan", "-compact-warnings")
        .set("TF_CLI_ARGS_init", "-backend-config=x")
        .set(&format!("{JOB}_WORKSPACE"), "blue");
    let (_, scene) = scene.run();
    let plan = scene.read("env-plan");
    for line in [
        "TF_IN_AUTOMATION=1",
        "TF_WORKSPACE=blue",
        "TF_CLI_ARGS_plan=-compact-warnings",
    ] {
        assert!(plan.lines().any(|set| set == line), "{line}");
    }
    assert!(!plan.contains("TF_LOG="));
    assert!(!scene.read("env-show").contains("TF_CLI_ARGS_show"));
    assert!(
        scene
            .read("env-init")
            .contains("TF_CLI_ARGS_init=-backend-config=x")
    );
}

#[test]
fn the_plan_lies_where_nobody_else_can_look() {
    if does_its_job() {
        return;
    }
    let script = format!(
        "stat -c %a \"$here\"/tmp/* >\"$here/mode-$1\"\n{}",
        planning()
    );
    let (_, scene) = Scene::new().script(&script).run();
    for command in ["init", "plan", "show"] {
        assert_eq!(scene.read(&format!("mode-{command}")), "700\n", "{command}");
    }
}

#[test]
fn what_terraform_says_is_shown_in_full_and_made_safe() {
    if does_its_job() {
        return;
    }
    let script = "printf 'Error: \\033[31mModule not installed\\033[0m\\n\\n  more\\n' >&2; exit 1";
    let (printed, scene) = Scene::new().script(script).run();
    let binary = scene.path("bin/terraform");
    assert_eq!(
        printed,
        format!(
            "interrupted: None\n\
             error: cannot plan {}: `{} init` failed:\n\
             Error: Module not installed\n  more\n\
             hint: a module is not installed and could not be: run `terraform init` where its source \
             can be reached",
            scene.path("root").display(),
            binary.display()
        )
    );
}

#[test]
fn auto_falls_back_to_the_source_and_says_why_in_one_line() {
    if does_its_job() {
        return;
    }
    let script = "echo 'Error: No valid\ncredential sources' >&2; exit 1";
    let scene = Scene::new()
        .script(script)
        .set(&format!("{JOB}_FROM"), "auto");
    let (printed, scene) = scene.run();
    assert_eq!(
        printed,
        format!(
            "basis: Source\nnote: no plan: `{} init` failed: No valid",
            scene.path("bin/terraform").display()
        )
    );
    let scene = Scene::new()
        .set(&format!("{JOB}_FROM"), "auto")
        .set("PATH", "/nonexistent");
    let (printed, _) = scene.run();
    assert_eq!(
        printed,
        "basis: Source\nnote: no plan: there is neither `terraform` nor `tofu` on the `PATH`"
    );
}

#[test]
fn tofu_and_the_binary_behind_a_wrapper_are_found() {
    if does_its_job() {
        return;
    }
    let scene = Scene::new().script(&planning());
    let path = format!("{}:/usr/bin:/bin", scene.path("bin").display());
    fs::rename(scene.path("bin/terraform"), scene.path("bin/tofu-bin")).unwrap();
    let scene = scene
        .write("bin/tofu", "#!/bin/sh\nexit 7\n")
        .set("PATH", &path);
    fs::set_permissions(scene.path("bin/tofu"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut scene = scene;
    scene.command.env_remove(format!("{JOB}_BINARY"));
    if Path::new("/usr/bin/terraform").exists() || Path::new("/bin/terraform").exists() {
        eprintln!("passed over: there is a `terraform` beside the system's commands");
        return;
    }
    let (printed, _) = scene.run();
    assert_eq!(
        printed,
        "basis: Plan\nterraform: tofu 1.11.4\ninstance: t.x"
    );
}

#[test]
fn a_time_limit_ends_terraform_and_all_that_it_started() {
    if does_its_job() {
        return;
    }
    let script = "sleep 300 & echo $! >\"$here/process\"; sleep 300";
    let scene = Scene::new()
        .script(script)
        .set(&format!("{JOB}_LIMIT"), "300");
    let (printed, scene) = scene.run();
    assert!(
        printed.contains("did not end: it took too long and was stopped; `--timeout`"),
        "{printed}"
    );
    let process = scene.read("process").trim().to_owned();
    let state = Command::new("ps")
        .args(["-o", "stat=", "-p", &process])
        .output()
        .unwrap();
    let state = String::from_utf8_lossy(&state.stdout).into_owned();
    assert!(
        state.is_empty() || state.starts_with('Z'),
        "it is gone: {state}"
    );
}

#[test]
fn an_interrupt_is_passed_on_once_and_nothing_is_left() {
    if does_its_job() {
        return;
    }
    for (name, number) in [("INT", 2), ("TERM", 15), ("HUP", 1)] {
        let script = "trap 'echo interrupted >>\"$here/signals\"; exit 1' INT\n\
                      touch \"$here/started\"; while :; do sleep 0.05; done";
        let mut scene = Scene::new().script(script);
        let child = scene.spawn();
        wait_until("Terraform starts", || scene.path("started").exists());
        assert_eq!(scene.left().len(), 1);
        signal(name, child.id());
        let output = child.wait_with_output().unwrap();
        assert_eq!(scene.left(), Vec::<String>::new());
        assert_eq!(scene.read("signals"), "interrupted\n");
        let printed = printed(&output.stdout);
        assert!(
            printed.starts_with(&format!("interrupted: Some({number})")),
            "{printed}"
        );
    }
}

#[test]
fn even_a_process_that_is_killed_leaves_nothing() {
    if does_its_job() {
        return;
    }
    let script = "trap 'echo interrupted >>\"$here/signals\"; exit 1' INT\n\
                  touch \"$here/started\"; while :; do sleep 0.05; done";
    let mut scene = Scene::new().script(script);
    let mut child = scene.spawn();
    wait_until("Terraform starts", || scene.path("started").exists());
    signal("KILL", child.id());
    child.wait().unwrap();
    wait_until("the directory is gone", || scene.left().is_empty());
    wait_until("Terraform was interrupted", || {
        scene.read("signals") == "interrupted\n"
    });
}

#[test]
fn plan_files_are_read_as_json_as_they_are_and_from_standard_input() {
    if does_its_job() {
        return;
    }
    let file = |scene: Scene, name: &str| {
        let path = scene.path(name).to_str().unwrap().to_owned();
        scene.set(&format!("{JOB}_FILE"), &path)
    };
    let scene = file(Scene::new().write("plan.json", PLAN), "plan.json");
    let expected = "basis: PlanFile\nterraform: terraform 1.11.4\ninstance: t.x";
    assert_eq!(scene.run().0, expected);

    let scene = Scene::new()
        .script(&planning())
        .write("plan", archive::plan_file(&archive::plan("1.99.0")));
    let (printed, scene) = file(scene, "plan").run();
    assert!(printed.ends_with("1.11.4\ninstance: t.x"), "{printed}");
    let plan = scene.path("plan");
    assert_eq!(
        scene.read("calls"),
        format!("show -no-color -json {}\n", plan.display())
    );

    // Of a version that is known here, nothing is run.
    let scene = Scene::new()
        .script(&planning())
        .write("plan", archive::plan_file(&archive::plan("1.11.4")));
    let (printed, scene) = file(scene, "plan").run();
    assert_eq!(printed, "basis: PlanFile\nterraform: terraform 1.11.4");
    assert!(!scene.path("calls").exists());

    let mut scene = Scene::new()
        .write("plan.json", PLAN)
        .set(&format!("{JOB}_FROM"), "-");
    scene
        .command
        .stdin(fs::File::open(scene.path("plan.json")).unwrap());
    assert_eq!(scene.run().0, expected);

    let (printed, scene) = file(Scene::new(), "absent.json").run();
    let absent = scene.path("absent.json");
    assert!(printed.contains(&format!(
        "error: cannot read {}: No such file",
        absent.display()
    )));
}

#[test]
fn a_plan_file_that_nobody_here_can_read_says_who_can() {
    if does_its_job() {
        return;
    }
    let error = |content: &[u8]| {
        let scene = Scene::new().write("plan", content).set("PATH", "");
        let path = scene.path("plan").to_str().unwrap().to_owned();
        let (printed, _) = scene.set(&format!("{JOB}_FILE"), &path).run();
        printed.replace(&path, "PLAN")
    };
    assert_eq!(
        error(&archive::plan_file(&archive::plan("1.99.0"))),
        "interrupted: None\nerror: cannot read PLAN: only `terraform show` can read it: it was made by \
         Terraform 1.99.0, and the plan files of 1.11 are known here: there is neither `terraform` nor `tofu` \
         on the `PATH`"
    );
    assert_eq!(
        error(br#"{"meta":{"key_provider.pbkdf2.k":"e30="},"encrypted_data":"AAAA","encryption_version":"v0"}"#),
        "interrupted: None\nerror: cannot read PLAN: only `tofu show` can read it: it is encrypted, and \
         OpenTofu's configuration or `TF_ENCRYPTION` has the key: there is no `tofu` on the `PATH`"
    );
    let change = archive::bytes(8, r#"provider["registry.opentofu.org/hashicorp/aws"]"#);
    let plan = [archive::plan("1.11.4"), archive::bytes(3, change)].concat();
    assert!(
        error(&archive::plan_file(&plan))
            .contains("only `tofu show` can read it: it was made by OpenTofu")
    );
}

#[test]
fn an_encrypted_plan_is_shown_by_tofu() {
    if does_its_job() {
        return;
    }
    let scene = Scene::new()
        .write(
            "plan",
            r#"{"encrypted_data":"AAAA","encryption_version":"v0"}"#,
        )
        .script(&planning());
    fs::rename(scene.path("bin/terraform"), scene.path("bin/tofu")).unwrap();
    let path = scene.path("plan").to_str().unwrap().to_owned();
    let bin = format!("{}:/usr/bin:/bin", scene.path("bin").display());
    let mut scene = scene.set(&format!("{JOB}_FILE"), &path).set("PATH", &bin);
    scene.command.env_remove(format!("{JOB}_BINARY"));
    assert_eq!(
        scene.run().0,
        "basis: PlanFile\nterraform: tofu 1.11.4\ninstance: t.x"
    );
}

#[test]
fn never_runs_nothing() {
    if does_its_job() {
        return;
    }
    let scene = Scene::new()
        .script(&planning())
        .set(&format!("{JOB}_FROM"), "never");
    let (printed, scene) = scene.run();
    assert_eq!(printed, "basis: Source");
    assert!(!scene.path("calls").exists());
}

/// A root module that plans without credentials and without a network.
const OFFLINE: &str = r#"
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
variable "password" {
  type      = string
  sensitive = true
}
resource "aws_ecs_cluster" "main" {
  name = "main"
}
"#;

#[test]
fn the_real_terraform_plans_and_leaves_only_what_init_makes() {
    if does_its_job() || terraform::version().is_none() {
        return;
    }
    let secret = "it's \"$HOME\" \\n `x`; é\n&";
    let scene = Scene::new()
        .write("root/main.tf", OFFLINE)
        .set(&format!("{JOB}_VARIABLE"), &format!("password={secret}"));
    let (printed, scene) = scene.run();
    assert!(
        printed.starts_with("basis: Plan\nterraform: terraform "),
        "{printed}"
    );
    assert!(
        printed.contains("\ninstance: aws_ecs_cluster.main\n"),
        "{printed}"
    );
    assert!(
        printed.ends_with(&format!("\npassword: {secret}")),
        "{printed}"
    );
    let entries = fs::read_dir(scene.path("root")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".terraform", ".terraform.lock.hcl", "main.tf"]);

    // The second time there is nothing to initialise, and the interrupt comes while planning.
    let mut scene = scene;
    let child = scene.spawn();
    wait_until("Terraform starts", || !scene.left().is_empty());
    std::thread::sleep(Duration::from_millis(700));
    signal("INT", child.id());
    let output = child.wait_with_output().unwrap();
    assert!(printed_interrupt(&output.stdout));
    assert_eq!(scene.left(), Vec::<String>::new());
}

fn printed_interrupt(stdout: &[u8]) -> bool {
    printed(stdout).starts_with("interrupted: Some(2)")
}

#[test]
fn the_real_terraform_s_errors_come_with_a_hint() {
    if does_its_job() || terraform::version().is_none() {
        return;
    }
    let cases = [
        (
            "terraform {\n  required_version = \">= 99.0\"\n}\n",
            "Error: Unsupported Terraform Core version",
            "hint: the configuration wants another version",
        ),
        (
            "variable \"x\" {}\n",
            "Error: No value for required variable",
            "hint: give the variable a value with `--var`",
        ),
        (
            "module \"x\" {\n  source = \"./absent\"\n}\n",
            "Error: Unreadable module directory",
            "hint: a module is not installed",
        ),
        (
            "terraform {\n  required_providers {\n    x = { source = \"example.invalid/x/x\" }\n  }\n}\n",
            "x/x",
            "hint: a provider is not installed",
        ),
    ];
    for (configuration, words, hint) in cases {
        let scene = Scene::new().write("root/main.tf", configuration);
        let (printed, _) = scene.run();
        assert!(
            printed.contains(words) && printed.contains(hint),
            "{printed}"
        );
    }
}

#[test]
fn the_output_of_a_job_is_read_to_its_end() {
    if does_its_job() {
        return;
    }
    // A process that is left behind and keeps the pipe open does not keep the audit waiting.
    let script = format!("[ $1 = show ] && sleep 300 &\n{}", planning());
    let start = Instant::now();
    let (printed, _) = Scene::new().script(&script).run();
    assert!(printed.starts_with("basis: Plan"), "{printed}");
    assert!(start.elapsed() < Duration::from_secs(20));
}
