//! `cargo ecs-audit fix` on whole workspaces: what it writes, what it leaves, and what it refuses.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod terraform;

use std::collections::BTreeMap;
use std::fmt::Write as _;
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
        // What does not apply while another rule tells of the cause can fail once that is mended.
        ensure!(
            outcome != "fail" || matches!(was, Some("fail" | "not-applicable")),
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
fn terraform_takes_what_was_fixed_in_every_case() -> Result<()> {
    if terraform::version().is_none() {
        return Ok(());
    }
    let workspace = workspace(&[])?;
    let mut cases = cases(workspace.path())?;
    let all = cases.len();
    // One `init` and one `validate` for all of them: each is a module of one configuration.
    let (mut provided, mut valid) = (false, false);
    for _ in 0..12 {
        call(workspace.path(), &cases)?;
        if !provided {
            let init = output(
                workspace.path(),
                &["init", "-backend=false", "-input=false", "-no-color"],
            )?;
            provided = init.status.success();
            if !provided {
                let said = String::from_utf8_lossy(&init.stderr).into_owned();
                let left = cases.len();
                // Its modules or its providers are not to be had here.
                let missing: Vec<&str> = said
                    .split("registry.terraform.io/hashicorp/")
                    .skip(1)
                    .filter_map(|said| said.split_whitespace().next())
                    .collect();
                let read =
                    |case: &String| fs::read_to_string(workspace.path().join(case).join("main.tf"));
                cases.retain(|case| {
                    let text = read(case).unwrap_or_default();
                    !said.contains(&format!("{case}/"))
                        && !missing
                            .iter()
                            .any(|provider| text.contains(&format!("\"{provider}_")))
                });
                ensure!(cases.len() < left, "{said}");
                continue;
            }
        }
        let wrong = invalid(workspace.path(), &cases)?;
        valid = wrong.is_empty();
        if valid {
            break;
        }
        cases.retain(|case| !wrong.contains(case));
    }
    ensure!(valid, "what is not valid could not be left out");
    ensure!(cases.len() * 2 > all, "{} of {all} are valid", cases.len());
    terraform(workspace.path(), &["fmt", "-recursive"])?;

    let roots: Vec<&str> = cases.iter().map(String::as_str).collect();
    let before = verdicts_of(workspace.path(), &roots)?;
    let fixable = before.values().filter(|(_, fixable)| *fixable).count();
    ensure!(fixable > 100, "only {fixable} can be fixed");
    let fix = [
        "fix",
        "--allow-no-vcs",
        "--maybe-incorrect",
        "--plan",
        "never",
    ];
    run(workspace.path(), &[&fix[..], &roots].concat())?;
    let after = verdicts_of(workspace.path(), &roots)?;
    let mut left = 0;
    for (subject, (outcome, fixable)) in &after {
        let was = before.get(subject).map(|(was, _)| was.as_str());
        ensure!(
            outcome != "fail" || was != Some("pass"),
            "{subject:?} passed and fails now"
        );
        left += usize::from(*fixable);
    }
    // What would make something else worse is held back.
    ensure!(
        left * 20 < fixable,
        "{left} of {fixable} can still be fixed"
    );
    terraform(workspace.path(), &["fmt", "-check", "-diff", "-recursive"])?;
    let wrong = invalid(workspace.path(), &cases)?;
    ensure!(wrong.is_empty(), "not valid after the fix: {wrong:?}");
    Ok(())
}

/// Writes every case of `tests/verdicts` in which something fails into a directory of its own.
fn cases(workspace: &Path) -> Result<Vec<String>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts"))? {
        let path = entry?.path();
        let rule = path.file_stem().context("a file has a name")?;
        let text = fs::read_to_string(&path)?;
        for (index, case) in text.split("#= ").skip(1).enumerate() {
            let (title, text) = case.split_once('\n').unwrap_or_default();
            if !title.split(':').next().unwrap_or_default().contains("fail") {
                continue;
            }
            let name = format!("cases/{}/{index:03}", rule.to_string_lossy());
            fs::create_dir_all(workspace.join(&name))?;
            fs::write(workspace.join(&name).join("main.tf"), text)?;
            cases.push(name);
        }
    }
    cases.sort();
    Ok(cases)
}

/// Writes the configuration that calls these modules, a line for each.
fn call(workspace: &Path, cases: &[String]) -> Result<()> {
    let mut text = String::from(
        "terraform {\n  required_providers {\n    aws = {\n      source  = \"hashicorp/aws\"\n      version = \"5.100.0\"\n    }\n  }\n}\n",
    );
    for case in cases {
        let label = case.replace(['/', '-'], "_");
        // Where there is no value, none is as good as any.
        let mut unset = String::new();
        let source = fs::read_to_string(workspace.join(case).join("main.tf"))?;
        for block in source.split("variable \"").skip(1) {
            let name = block.split('"').next().unwrap_or_default();
            let body = block.split("\n}").next().unwrap_or_default();
            if !body.contains("default") {
                let _ = writeln!(unset, "  {name} = null");
            }
        }
        let _ = write!(
            text,
            "module \"{label}\" {{\n  source = \"./{case}\"\n{unset}}}\n"
        );
    }
    fs::write(workspace.join("main.tf"), text)?;
    Ok(())
}

/// The cases in which Terraform finds an error.
fn invalid(workspace: &Path, cases: &[String]) -> Result<Vec<String>> {
    let said: Value = serde_json::from_slice(&output(workspace, &["validate", "-json"])?.stdout)?;
    let mut wrong = Vec::new();
    for diagnostic in said["diagnostics"].as_array().into_iter().flatten() {
        if diagnostic["severity"] != "error" {
            continue;
        }
        // An error in a call stands in the configuration that calls.
        let text = diagnostic.to_string();
        let named: Vec<&String> = cases
            .iter()
            .filter(|case| {
                text.contains(&format!("{case}/"))
                    || text.contains(&format!("\\\"{}\\\"", case.replace(['/', '-'], "_")))
            })
            .collect();
        ensure!(!named.is_empty(), "{text}");
        wrong.extend(named.into_iter().cloned());
    }
    Ok(wrong)
}

fn output(directory: &Path, arguments: &[&str]) -> Result<Output> {
    Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .output()
        .context("cannot run Terraform")
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

#[test]
fn what_would_make_another_rule_fail_is_held_back() -> Result<()> {
    let workspace = fixture()?;
    let before = verdicts(workspace.path())?;
    let fixed = run(workspace.path(), &["fix", "--allow-no-vcs"])?;
    let said = String::from_utf8(fixed.stderr)?;
    ensure!(said.contains("held back"), "{said}");
    // Unprivileged they would be root on their host's network.
    for (subject, (outcome, _)) in verdicts(workspace.path())? {
        let was = before.get(&subject).map(|(was, _)| was.as_str());
        ensure!(
            outcome != "fail" || was == Some("fail"),
            "{subject:?} was {was:?} and fails now"
        );
        if subject[1] == "ECS:002" && was == Some("pass") {
            ensure!(outcome == "pass", "{subject:?}: {outcome}");
        }
    }
    Ok(())
}

#[test]
fn an_installed_module_is_mended_at_its_call() -> Result<()> {
    let module = r#"variable "read_only" {
  type    = bool
  default = false
}
variable "containers" { default = [] }
resource "aws_ecs_task_definition" "a" {
  family = "a"
  container_definitions = jsonencode(concat([{
    name                   = "a"
    image                  = "a:1"
    readonlyRootFilesystem = var.read_only
  }], [for one in var.containers : merge({ image = "b:1" }, one)]))
}
resource "aws_ecs_cluster" "a" {
  name = "a"
}
"#;
    let call = r#"module "a" {
  source = "example/a/aws"

  containers = [{ name = "b" }]
}
"#;
    let installed = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"a","Source":"registry.terraform.io/example/a/aws","Version":"1.0.0","Dir":".terraform/modules/a"}]}"#;
    let workspace = workspace(&[
        ("infra/main.tf", call),
        ("infra/.terraform/modules/a/main.tf", module),
        ("infra/.terraform/modules/modules.json", installed),
    ])?;
    let only = ["--only", "ECS:005", "--only", "ECS:006"];
    let fixed = run(
        workspace.path(),
        &[&["fix", "--allow-no-vcs", "--maybe-incorrect"], &only[..]].concat(),
    )?;
    let read = |name: &str| fs::read_to_string(workspace.path().join(name));
    ensure!(read("infra/.terraform/modules/a/main.tf")? == module);
    let expected = r#"module "a" {
  source = "example/a/aws"

  containers = [{ name = "b", readonlyRootFilesystem = true }]
  read_only  = true
}
"#;
    ensure!(
        read("infra/main.tf")? == expected,
        "{}",
        read("infra/main.tf")?
    );
    let said = String::from_utf8(fixed.stderr)?;
    let note = "note: without a fix: 1 in installed modules\n";
    ensure!(said.contains(note), "{said}");
    Ok(())
}

#[test]
fn what_would_not_help_is_not_written() -> Result<()> {
    let text = r#"variable "containers" {
  type    = list(object({ name = string, image = string }))
  default = [{ name = "a", image = "a:1" }]
}

variable "mode" {
  default = "bridge"

  validation {
    condition     = contains(["bridge", "host"], var.mode)
    error_message = "bridge or host"
  }
}

resource "aws_ecs_task_definition" "a" {
  family                = "a"
  network_mode          = var.mode
  container_definitions = jsonencode([for one in var.containers : merge(one, {})])
}
"#;
    let workspace = workspace(&[("main.tf", text)])?;
    let arguments = ["fix", "--allow-no-vcs", "--maybe-incorrect"];
    let only = ["--only", "ECS:006", "--only", "ECS:015"];
    let fixed = run(workspace.path(), &[&arguments[..], &only].concat())?;
    let written = fs::read_to_string(workspace.path().join("main.tf"))?;
    ensure!(written == text, "{written}");
    let said = String::from_utf8(fixed.stderr)?;
    ensure!(
        said.contains(
            "note: without a fix: 1 where the `validation` of a variable refuses the value, \
             1 where the fix would not help\n"
        ),
        "{said}"
    );
    Ok(())
}

#[test]
fn a_diff_of_a_dry_run_applies() -> Result<()> {
    let block = "resource \"aws_ecs_task_definition\" \"a\" {\n  pid_mode = var.mode # é\n}\n\nresource \"aws_ecs_cluster\" \"a\" {\n  name = \"a\"\n}";
    let variable = "variable \"mode\" {\n  type = string\n}\n";
    let files = [
        ("infra/main.tf", block.to_owned()),
        (
            "infra/b.tf",
            block.replace("\"a\"", "\"b\"").replace('\n', "\r\n") + "\r\n",
        ),
        ("infra/variables.tf", variable.to_owned()),
        ("infra/terraform.tfvars", "mode = \"host\"".to_owned()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, &**text)).collect();
    let (written, copy) = (workspace(&files)?, workspace(&files)?);
    let arguments = [
        "fix",
        "--maybe-incorrect",
        "--only",
        "ECS:005",
        "--only",
        "ECS:007",
    ];
    let dry = run(written.path(), &[&arguments[..], &["--dry-run"]].concat())?;
    fs::write(copy.path().join("fixes.patch"), &dry.stdout)?;
    let applied = Command::new("git")
        .args(["apply", "fixes.patch"])
        .current_dir(copy.path())
        .output()
        .context("there is no `git`")?;
    ensure!(applied.status.success(), "{applied:?}");
    run(
        written.path(),
        &[&arguments[..], &["--allow-no-vcs"]].concat(),
    )?;
    for (name, text) in files {
        let read = |workspace: &Path| fs::read_to_string(workspace.join(name));
        let fixed = read(written.path())?;
        ensure!(fixed == read(copy.path())?, "`{name}`: {fixed:?}");
        ensure!(
            (fixed == text) == name.ends_with("variables.tf"),
            "`{name}`: {fixed:?}"
        );
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_written_and_nothing_outside_the_workspace() -> Result<()> {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let text = "resource \"aws_ecs_task_definition\" \"a\" {\n  pid_mode = \"host\"\n}\n";
    let outside = tempfile::tempdir()?;
    fs::write(outside.path().join("b.tf"), text.replace("\"a\"", "\"b\""))?;
    let workspace = workspace(&[("shared/a.tf", text), ("infra/main.tf", "")])?;
    let shared = workspace.path().join("shared/a.tf");
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o640))?;
    symlink("../shared/a.tf", workspace.path().join("infra/a.tf"))?;
    symlink(
        outside.path().join("b.tf"),
        workspace.path().join("infra/b.tf"),
    )?;
    run(
        workspace.path(),
        &["fix", "--allow-no-vcs", "--only", "ECS:007", "infra"],
    )?;
    ensure!(fs::read_to_string(&shared)? == text.replace("host", "task"));
    ensure!(fs::metadata(&shared)?.permissions().mode() & 0o777 == 0o640);
    ensure!(fs::symlink_metadata(workspace.path().join("infra/a.tf"))?.is_symlink());
    let left = fs::read_to_string(outside.path().join("b.tf"))?;
    ensure!(left.contains("\"host\""), "{left}");
    Ok(())
}

#[test]
fn a_public_ip_goes_for_sure_where_tasks_have_another_way_out() -> Result<()> {
    let network = r#"resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_route_table" "a" {
  vpc_id = aws_vpc.a.id
  route {
    cidr_block = "0.0.0.0/0"
    WAY
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}
"#;
    let service = |subnets: &str, launch_type: &str| {
        format!(
            r#"resource "aws_ecs_service" "a" {{
  name        = "a"
  launch_type = "{launch_type}"
  network_configuration {{
    subnets          = [{subnets}]
    assign_public_ip = true
  }}
}}
"#
        )
    };
    let nat = network.replace("WAY", "nat_gateway_id = \"nat-1\"");
    let internet = network.replace("WAY", "gateway_id = \"igw-1\"");
    let (here, elsewhere) = ("aws_subnet.a.id", "\"subnet-1\"");
    let cases = [
        (nat.clone() + &service(here, "FARGATE"), true),
        (internet.clone() + &service(here, "FARGATE"), false),
        (
            network.replace("WAY", "") + &service(here, "FARGATE"),
            false,
        ),
        (nat + &service(elsewhere, "FARGATE"), false),
        (internet + &service(here, "EC2"), true),
    ];
    for (text, sure) in cases {
        let workspace = workspace(&[("main.tf", &text)])?;
        let arguments = ["fix", "--allow-no-vcs", "--only", "ECS:003"];
        let is_mended = || -> Result<bool> {
            let written = fs::read_to_string(workspace.path().join("main.tf"))?;
            Ok(written.contains("assign_public_ip = false"))
        };
        run(workspace.path(), &arguments)?;
        ensure!(is_mended()? == sure, "{text}");
        run(
            workspace.path(),
            &[&arguments[..], &["--maybe-incorrect"]].concat(),
        )?;
        ensure!(is_mended()?, "{text}");
    }
    Ok(())
}

#[test]
fn endpoints_without_private_dns_get_it_and_one_that_is_not_there_is_not_made_up() -> Result<()> {
    let endpoint = |name: &str, dns: &str| {
        format!(
            "resource \"aws_vpc_endpoint\" \"{name}\" {{\n  vpc_id            = aws_vpc.a.id\n  \
             service_name      = \"com.amazonaws.eu-west-1.{name}\"\n  \
             vpc_endpoint_type = \"Interface\"\n{dns}}}\n"
        )
    };
    let rest = r#"resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_ecs_service" "a" {
  name            = "a"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.a.arn
  network_configuration {
    subnets = [aws_subnet.a.id]
  }
}
resource "aws_ecs_task_definition" "a" {
  family = "a"
  container_definitions = jsonencode([{
    name  = "a"
    image = "public.ecr.aws/a:1.0.0"
    secrets = [
      { name = "A", valueFrom = "/a" },
      { name = "B", valueFrom = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:b" },
    ]
  }])
}
"#;
    let off = "  private_dns_enabled = false\n";
    let both = rest.to_owned() + &endpoint("ssm", "") + &endpoint("secretsmanager", off);
    let one = rest.to_owned() + &endpoint("secretsmanager", off);
    for (text, mended) in [(both, 2), (one, 0)] {
        let workspace = workspace(&[("main.tf", &text)])?;
        let arguments = [
            "fix",
            "--allow-no-vcs",
            "--maybe-incorrect",
            "--only",
            "ECS:014",
        ];
        run(workspace.path(), &arguments)?;
        let written = fs::read_to_string(workspace.path().join("main.tf"))?;
        let on = written
            .lines()
            .filter(|line| line.contains("private_dns_enabled") && line.ends_with("= true"));
        ensure!(on.count() == mended, "{written}");
    }
    Ok(())
}

/// A workspace of these files.
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
    let output = output(directory, arguments)?;
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
    verdicts_of(workspace, &[])
}

/// The same of these root modules alone.
fn verdicts_of(workspace: &Path, roots: &[&str]) -> Result<BTreeMap<Subject, (String, bool)>> {
    let arguments = ["--plan", "never", "--format", "json"];
    let output = run(workspace, &[&arguments[..], roots].concat())?;
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
