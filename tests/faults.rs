//! Whatever goes wrong with Terraform is said, and no verdict is wrong for it; whatever happens, no secret is
//! left anywhere.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]
#![cfg(unix)]

mod terraform;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const SECRET: &str = "Zq7Hx9Kw2Vt5Rm8LpB4nYd3S";

/// A root module with a secret in it; it plans without credentials and without a network.
const SOURCE: &str = r#"
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
variable "token" {
  type      = string
  sensitive = true
}
resource "aws_ecs_cluster" "main" {
  name = "main"
  tags = { token = var.token }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  network_mode          = "host"
  container_definitions = jsonencode([{ name = "a", image = "x", environment = [{ name = "P", value = var.password }] }])
}
output "password" {
  value     = "pre-${var.password}"
  sensitive = true
}
"#;

const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.11.4","variables":{"password":{"value":"Zq7Hx9Kw2Vt5Rm8LpB4nYd3S"}},"resource_changes":[{"address":"aws_ecs_cluster.main","mode":"managed","type":"aws_ecs_cluster","name":"main","change":{"actions":["create"],"after":{"name":"main"}}},{"address":"aws_ecs_task_definition.app","mode":"managed","type":"aws_ecs_task_definition","name":"app","change":{"actions":["create"],"after":{"family":"app","network_mode":"host"},"after_unknown":{"container_definitions":true}}}]}"#;

struct Scene {
    directory: tempfile::TempDir,
    binary: PathBuf,
    variables: BTreeMap<&'static str, String>,
}

impl Scene {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let scene = Scene {
            binary: directory.path().join("bin/terraform"),
            directory,
            variables: BTreeMap::new(),
        };
        for name in ["root", "tmp", "bin", "home"] {
            fs::create_dir(scene.path(name)).unwrap();
        }
        scene.write("Cargo.toml", "[workspace]\n");
        scene.write("root/main.tf", SOURCE);
        scene.write("root/terraform.tfvars", &format!("token = \"{SECRET}\"\n"));
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Puts a script in Terraform's place: `$1` is the command, `$out` the plan file, `$here` the scene.
    fn script(self, script: &str) -> Self {
        let here = self.directory.path().display();
        let plan = PLAN.replace("'", "");
        let script = format!(
            "#!/bin/sh\nhere='{here}'\necho \"$@\" >>\"$here/calls\"\n\
             for out; do case $out in -out=*) out=${{out#-out=}}; break;; esac; done\n{script}\n\
             case $1 in plan) echo '{SECRET}' >\"$out\";; show) echo '{plan}';; esac\n"
        );
        fs::write(&self.binary, script).unwrap();
        fs::set_permissions(&self.binary, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"));
        command
            .current_dir(self.directory.path())
            .args(["root", "--format", "json=report.json", "--format", "human"])
            .arg("--terraform-bin")
            .arg(&self.binary)
            .args(["--var", &format!("password={SECRET}")])
            .args(arguments)
            .env("TMPDIR", self.path("tmp"))
            .env("NO_COLOR", "1")
            .env_remove("CARGO_TARGET_DIR")
            .envs(&self.variables)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The verdicts: what they are about, and what they are.
    fn verdicts(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("report.json")).unwrap_or_default();
        let report: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let verdicts = report["roots"][0]["verdicts"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let said = |verdict: &serde_json::Value| {
            format!(
                "{} {} {}",
                verdict["rule"], verdict["address"], verdict["verdict"]
            )
        };
        verdicts.iter().map(said).collect()
    }

    /// Files in which the secret stands beside the one that it comes from, and what is left of the plan.
    fn left(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let own = [self.path("root/terraform.tfvars"), self.binary.clone()];
        sweep(self.directory.path(), &mut |path, text| {
            if !own.iter().any(|own| own == path) && holds_secret(text) {
                found.push(path.to_owned());
            }
        });
        let temporary = fs::read_dir(self.path("tmp")).into_iter().flatten();
        found.extend(temporary.map(|entry| entry.unwrap().path()));
        found
    }
}

fn holds_secret(text: &[u8]) -> bool {
    let piece = &SECRET.as_bytes()[..10];
    text.windows(piece.len()).any(|window| window == piece)
}

/// Reads every file that is not as large as a provider.
fn sweep(directory: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(found) = fs::symlink_metadata(&path) else {
            continue;
        };
        if found.is_dir() {
            sweep(&path, look);
        } else if found.is_file() && found.len() < 4 << 20 {
            look(&path, &fs::read(&path).unwrap_or_default());
        }
    }
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&text).into_owned()
}

/// What goes wrong, a script or a setting for it, and what the user sees of it.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "init fails",
        "[ $1 = init ] && { echo 'Error: Failed to query available provider packages' >&2; exit 1; }",
        "hint: a provider is not installed",
    ),
    (
        "plan fails",
        "[ $1 = plan ] && { echo 'Error: No valid credential sources found' >&2; exit 1; }",
        "hint: no valid AWS credentials",
    ),
    (
        "plan quotes a secret",
        "[ $1 = plan ] && { echo 'Error: bad Zq7Hx9Kw2Vt5Rm8LpB4nYd3S' >&2; exit 1; }",
        "Error: bad (secret)",
    ),
    (
        "a shim finds no version",
        "echo 'No version is set for command terraform, add one to .tool-versions' >&2; exit 126",
        "No version is set for command terraform",
    ),
    ("a failure without a word", "exit 3", "did not say why"),
    (
        "Terraform is killed",
        "[ $1 = plan ] && kill -9 $$",
        "it was ended by signal 9",
    ),
    (
        "init hangs",
        "[ $1 = init ] && sleep 60",
        "it took too long and was stopped; `--timeout`",
    ),
    (
        "plan hangs",
        "[ $1 = plan ] && sleep 60",
        "it took too long and was stopped; `--timeout`",
    ),
    (
        "show hangs",
        "[ $1 = show ] && sleep 60",
        "it took too long and was stopped; `--timeout`",
    ),
    (
        "the disk is full",
        "[ $1 = plan ] && { head -c 100000 /dev/zero >\"$out\" || { echo 'Error: Failed to write plan file: File too large' >&2; exit 1; }; }",
        "Failed to write plan file",
    ),
    (
        "the plan ends in the middle",
        "[ $1 = show ] && { printf '%s' '{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"Zq7Hx9Kw2Vt5Rm8LpB4nYd3S'; exit 0; }",
        "it ends in the middle",
    ),
    ("there is no plan", "[ $1 = show ] && exit 0", "it is empty"),
    (
        "it is no plan",
        "[ $1 = show ] && { echo 'Zq7Hx9Kw2Vt5Rm8LpB4nYd3S'; exit 0; }",
        "it is not JSON",
    ),
    (
        "planning had errors",
        "[ $1 = show ] && { echo '{\"format_version\":\"1.2\",\"errored\":true,\"resource_changes\":[]}'; exit 0; }",
        "planning failed",
    ),
    (
        "a format of the future",
        "[ $1 = show ] && { echo '{\"format_version\":\"2.0\",\"resource_changes\":[]}'; exit 0; }",
        "only format 1 is read",
    ),
];

#[test]
fn each_fault_is_said_and_no_verdict_is_wrong_for_it() {
    let scene = Scene::new().script("");
    assert!(scene.command(&["--plan", "never"]).output().is_ok());
    let from_source = scene.verdicts();
    assert!(from_source.iter().any(|verdict| verdict.contains("fail")));
    let mut table = String::new();
    for (fault, script, words) in FAULTS {
        let scene = Scene::new().script(script);
        let limit: &[&str] = if fault.contains("hangs") {
            &["--timeout", "1"]
        } else {
            &[]
        };
        // No file may grow past some blocks, and who writes on is told so.
        let limited = |mode: &str| {
            let command = scene.command(&[&["--plan", mode], limit].concat());
            if !fault.contains("full") {
                return command;
            }
            let mut shell = Command::new("sh");
            let script = "trap '' XFSZ; ulimit -f 150; exec \"$@\"";
            shell
                .args(["-c", script, "sh"])
                .arg(command.get_program())
                .args(command.get_args());
            shell.current_dir(command.get_current_dir().unwrap());
            shell.envs(
                command
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
            shell
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            shell
        };
        let output = limited("always").output().unwrap();
        let text = said(&output);
        assert_eq!(output.status.code(), Some(101), "{fault}: {text}");
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(one_line.contains(words), "{fault}: {text}");
        assert!(!text.contains(&SECRET[..8]), "{fault}: {text}");
        assert_eq!(scene.left(), Vec::<PathBuf>::new(), "{fault}");
        let line = text
            .lines()
            .find(|line| line.starts_with("error"))
            .unwrap_or_default();
        table.push_str(&format!("{fault} → {line} … {words}\n"));

        let output = limited("auto").output().unwrap();
        let text = said(&output);
        assert_eq!(output.status.code(), Some(100), "{fault}: {text}");
        assert!(text.contains("note: no plan: "), "{fault}: {text}");
        assert!(!text.contains(&SECRET[..8]), "{fault}: {text}");
        assert_eq!(scene.verdicts(), from_source, "{fault}");
        assert_eq!(scene.left(), Vec::<PathBuf>::new(), "{fault}");
    }
    println!("{table}");
}

#[test]
fn what_is_missing_around_terraform_is_said() {
    type Change = fn(&mut Scene);
    let cases: &[(&str, Change, &str)] = &[
        (
            "no binary",
            |scene| fs::remove_file(&scene.binary).unwrap(),
            "there is no file",
        ),
        (
            "no program",
            |scene| fs::write(&scene.binary, "\u{0}\u{1}").unwrap(),
            "cannot run",
        ),
        (
            "not executable",
            |scene| {
                fs::set_permissions(&scene.binary, fs::Permissions::from_mode(0o644)).unwrap();
            },
            "cannot run",
        ),
        (
            "no directory for temporary files",
            |scene| {
                let absent = scene.path("absent").display().to_string();
                scene.variables.insert("TMPDIR", absent);
            },
            "cannot make a private directory in",
        ),
        (
            "a file for temporary files",
            |scene| {
                scene.write("file", "");
                let file = scene.path("file").display().to_string();
                scene.variables.insert("TMPDIR", file);
            },
            "cannot make a private directory in",
        ),
    ];
    for (fault, change, words) in cases {
        let mut scene = Scene::new().script("");
        change(&mut scene);
        let output = scene.command(&["--plan", "always"]).output().unwrap();
        let text = said(&output);
        assert!(
            output.status.code() == Some(101) && text.contains(words),
            "{fault}: {text}"
        );
        let output = scene.command(&["--plan", "auto"]).output().unwrap();
        let text = said(&output);
        assert_eq!(output.status.code(), Some(100), "{fault}: {text}");
        assert!(text.contains("note: no plan: "), "{fault}: {text}");
    }
    // A report that cannot be written is one that nobody can trust.
    let scene = Scene::new().script("");
    let output = scene
        .command(&["--plan", "always", "--format", "json=/dev/full"])
        .output()
        .unwrap();
    assert!(output.status.code() == Some(101), "{}", said(&output));
    let mut command = scene.command(&["--plan", "always"]);
    command.stdout(fs::File::options().write(true).open("/dev/full").unwrap());
    assert_eq!(command.output().unwrap().status.code(), Some(101));
}

#[test]
fn what_is_set_for_terraform_does_not_change_what_is_planned() {
    let mut scene = Scene::new().script("env >\"$here/env-$1\"");
    for (name, value) in [
        ("TF_CLI_ARGS", "-no-color"),
        (
            "TF_CLI_ARGS_plan",
            "-destroy -refresh-only -compact-warnings",
        ),
        ("TF_CLI_ARGS_show", "-none-such"),
        ("TF_LOG", "TRACE"),
        ("TF_LOG_PROVIDER", "TRACE"),
    ] {
        scene.variables.insert(name, value.to_owned());
    }
    let output = scene.command(&["--plan", "always"]).output().unwrap();
    assert_eq!(output.status.code(), Some(100), "{}", said(&output));
    let calls = fs::read_to_string(scene.path("calls")).unwrap();
    assert!(
        calls.contains("-destroy=false -refresh-only=false"),
        "{calls}"
    );
    assert!(!holds_secret(calls.as_bytes()));
    let plan = fs::read_to_string(scene.path("env-plan")).unwrap();
    let show = fs::read_to_string(scene.path("env-show")).unwrap();
    let sets = |environment: &str, name: &str| {
        let set = format!("{name}=");
        environment.lines().any(|line| line.starts_with(&set))
    };
    for name in ["TF_LOG", "TF_LOG_PROVIDER"] {
        assert!(!sets(&plan, name) && !sets(&show, name), "{name}");
    }
    for name in ["TF_CLI_ARGS", "TF_CLI_ARGS_show"] {
        assert!(!sets(&show, name), "{name}");
    }
}

#[test]
fn a_plan_is_found_among_what_a_wrapper_prints() {
    let script = format!(
        "[ $1 = show ] && {{ printf '[command]terraform-bin show -json\\n{PLAN}\\n\\n::debug::Terraform exited with code 0.\\n::set-output name=stdout::x\\n'; exit 0; }}"
    );
    let scene = Scene::new().script(&script);
    let output = scene.command(&["--plan", "always"]).output().unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(100), "{text}");
    assert!(text.contains("from source and plan"), "{text}");
    assert!(!text.contains(&SECRET[..8]), "{text}");
}

fn signal(name: &str, child: &Child) {
    let status = Command::new("sh")
        .args(["-c", &format!("kill -{name} {}", child.id())])
        .status();
    assert!(status.unwrap().success());
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_signal_in_any_phase_leaves_nothing() {
    for phase in ["init", "plan", "show"] {
        for (first, again) in [("INT", false), ("TERM", false), ("INT", true)] {
            // One that lets itself be asked, and one that does not.
            let trap = if again {
                "trap '' INT"
            } else {
                "trap 'exit 1' INT"
            };
            let script = format!(
                "[ $1 = {phase} ] && {{ [ -e \"$out\" ] || case $out in /*) echo {SECRET} >\"$out\";; esac; {trap}; touch \"$here/started\"; while :; do sleep 0.05; done; }}"
            );
            let scene = Scene::new().script(&script);
            let child = scene.command(&["--plan", "always"]).spawn().unwrap();
            wait_until("it starts", || scene.path("started").exists());
            let asked = Instant::now();
            signal(first, &child);
            if again {
                std::thread::sleep(Duration::from_millis(300));
                signal(first, &child);
            }
            let output = child.wait_with_output().unwrap();
            assert!(asked.elapsed() < Duration::from_secs(8), "{phase} {first}");
            assert!(
                !output.status.success() && !said(&output).contains(&SECRET[..8]),
                "{phase} {first}: {}",
                said(&output)
            );
            assert_eq!(scene.left(), Vec::<PathBuf>::new(), "{phase} {first}");
        }
    }
}

#[test]
fn the_real_terraform_leaves_no_secret_in_any_file_or_argument() {
    if terraform::version().is_none() {
        return;
    }
    let mut scene = Scene::new();
    scene
        .variables
        .insert("TF_VAR_password", format!("other-{SECRET}"));
    // The real one, with its arguments written down.
    let shim = format!(
        "#!/bin/sh\necho \"$@\" >>'{}'\nexec terraform \"$@\"\n",
        scene.path("calls").display()
    );
    fs::write(&scene.binary, shim).unwrap();
    fs::set_permissions(&scene.binary, fs::Permissions::from_mode(0o755)).unwrap();

    let watched = |arguments: &[&str]| {
        let ended = AtomicBool::new(false);
        let (output, seen) = std::thread::scope(|threads| {
            let watcher = threads.spawn(|| {
                let (mut seen, mut private) = (Vec::new(), 0);
                while !ended.load(Ordering::Relaxed) {
                    for entry in fs::read_dir(scene.path("tmp"))
                        .into_iter()
                        .flatten()
                        .flatten()
                    {
                        let Ok(found) = entry.metadata() else {
                            continue;
                        };
                        private += 1;
                        let mode = found.permissions().mode() & 0o777;
                        if !found.is_dir() || mode != 0o700 {
                            seen.push(format!("{:?} has mode {mode:o}", entry.path()));
                        }
                    }
                    for directory in ["root", "target"] {
                        sweep(&scene.path(directory), &mut |path, text| {
                            if !path.ends_with("terraform.tfvars") && holds_secret(text) {
                                seen.push(format!("{path:?} has the secret"));
                            }
                        });
                    }
                    std::thread::sleep(Duration::from_millis(40));
                }
                assert!(private > 0, "the plan lies there while it runs");
                seen
            });
            let output = scene.command(arguments).output().unwrap();
            ended.store(true, Ordering::Relaxed);
            (output, watcher.join().unwrap())
        });
        let text = said(&output);
        assert!(!text.contains(&SECRET[..8]), "{text}");
        assert_eq!(seen, Vec::<String>::new());
        assert_eq!(scene.left(), Vec::<PathBuf>::new());
        (output.status.code(), text)
    };
    let (code, text) = watched(&["--plan", "always"]);
    assert_eq!(code, Some(100), "{text}");
    let kept: Vec<_> = fs::read_dir(scene.path("target/ecs-audit"))
        .unwrap()
        .collect();
    for file in kept {
        let mode = file.unwrap().metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }
    // An error of Terraform's own, which quotes the line that the secret is on.
    scene.write("root/broken.tf", &format!("variable \"other\" {{\n  type      = number\n  sensitive = true\n  default   = \"{SECRET}\"\n}}\n"));
    let output = scene.command(&["--plan", "always"]).output().unwrap();
    let text = said(&output);
    assert!(
        output.status.code() == Some(101) && !text.contains(&SECRET[..8]),
        "{text}"
    );
    assert!(!holds_secret(&fs::read(scene.path("calls")).unwrap()));
}
