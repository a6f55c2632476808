//! Plans with mocked providers, made by the real Terraform: without credentials, state or backend, with
//! nothing decided by what is made up.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]
#![cfg(unix)]

mod terraform;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecs_audit::terraform::command::{self, Basis, PlanFrom, PlanRequest, Planned};
use ecs_audit::terraform::evaluate::{self, Configuration, Inputs};
use ecs_audit::terraform::join::{self, Joined};
use ecs_audit::terraform::plan::Facts;

/// A root module in a directory of its own.
struct Root(tempfile::TempDir);

impl Root {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Root(directory)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn plan_with(&self, binary: Option<&Path>) -> anyhow::Result<Planned> {
        command::plan(&PlanRequest {
            root: self.path(),
            from: PlanFrom::Mock,
            binary,
            assignments: &[],
            workspace: Some("staging"),
            time_limit: None,
            phases: None,
        })
    }

    fn plan(&self) -> Planned {
        self.plan_with(None).unwrap()
    }

    fn evaluated(&self) -> Configuration {
        let facts = Facts::default();
        let inputs = Inputs {
            root: self.path(),
            workspace: self.path(),
            environment: &[],
            assignments: &[],
            terraform_workspace: Some("staging"),
            facts: &facts,
            edited: None,
            terragrunt: &[],
        };
        evaluate::evaluate(&inputs, &mut Default::default())
    }

    fn joined(&self, planned: &Planned) -> Joined {
        join::join(self.evaluated(), &planned.facts, &|_| true)
    }

    /// The names in it, in order, but for what `init` makes.
    fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for directory in [self.path().to_owned(), self.path().join(".terraform")] {
            let entries = fs::read_dir(directory).into_iter().flatten();
            names.extend(entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()));
        }
        names.retain(|name| {
            ![".terraform", ".terraform.lock.hcl", "modules", "providers"].contains(&name.as_str())
        });
        names.sort();
        names
    }
}

const CONFIGURATION: &str = r#"
terraform {
  backend "s3" {
    bucket = "nowhere"
    key    = "state"
    region = "eu-west-1"
  }
}
provider "aws" {
  region = data.terraform_remote_state.base.outputs.region
}
provider "aws" {
  alias  = "replica"
  region = var.region
}
variable "region" { type = string }
variable "tasks" { type = number }
variable "stage" {
  type = string
  validation {
    condition     = contains(["dev", "prod"], var.stage)
    error_message = "A stage."
  }
}
data "terraform_remote_state" "base" {
  backend = "s3"
  config  = { bucket = "nowhere", key = "base", region = "eu-west-1" }
}
data "aws_caller_identity" "me" {}
data "aws_availability_zones" "all" {}
data "aws_iam_policy_document" "assume" {
  statement { actions = ["sts:AssumeRole"] }
}
resource "aws_iam_role" "task" {
  assume_role_policy = data.aws_iam_policy_document.assume.json
}
check "account" {
  assert {
    condition     = data.aws_caller_identity.me.account_id == "000000000000"
    error_message = "Another account."
  }
}
resource "aws_ecs_task_definition" "app" {
  family             = "app-${terraform.workspace}"
  execution_role_arn = aws_iam_role.task.arn
  cpu                = data.aws_caller_identity.me.account_id == "prod" ? 256 : 512
  memory             = length(data.aws_availability_zones.all.names) > 100 ? 512 : 1024
  container_definitions = jsonencode([{
    name       = "app"
    image      = "${data.aws_caller_identity.me.account_id}.example.com/app"
    privileged = var.stage != "other"
    cpu        = length(var.stage) > 0 ? 10 : 20
    essential  = true
  }])
}
resource "aws_ecs_service" "app" {
  count           = var.tasks > 0 ? 1 : 0
  name            = "app"
  task_definition = aws_ecs_task_definition.app.arn
}
module "inner" {
  source    = "./inner"
  providers = { aws = aws.replica }
  cluster   = data.terraform_remote_state.base.outputs.clusters[0]
}
"#;

const INNER: &str = r#"
variable "cluster" { type = string }
resource "aws_ecs_cluster" "inner" { name = "inner" }
resource "aws_ecs_service" "inner" {
  for_each = toset(["a", "b"])
  name     = each.key
  cluster  = var.cluster
}
"#;

#[test]
fn terraform_plans_with_mocks_and_nothing_made_up_is_known() {
    if terraform::version().is_none() {
        return;
    }
    let broken = "run \"users_own\" {\n  command = plan\n  assert {\n    condition = var.stage == \"none\"\n    \
                  error_message = \"it must not run\"\n  }\n}\n";
    let root = Root::new(&[
        ("main.tf", CONFIGURATION),
        ("inner/main.tf", INNER),
        ("own.tftest.hcl", broken),
        ("tests/own.tftest.hcl", broken),
    ]);
    let planned = root.plan();
    assert_eq!(planned.basis, Basis::Mock, "{:?}", planned.notes);
    assert_eq!(
        planned.notes,
        [
            "the plan is mocked: the values of `var.region`, `var.stage`, `var.tasks` and of what \
             providers would give are made up, and nothing is decided by them"
        ]
    );
    assert_eq!(
        root.names(),
        ["inner", "main.tf", "own.tftest.hcl", "tests"]
    );
    assert!(
        planned
            .facts
            .planned("module.inner.aws_ecs_service.inner[\"b\"]")
            .is_some()
    );

    let joined = root.joined(&planned);
    assert_eq!(joined.disagreements, []);
    let find = |address: &str| {
        let mut instances = joined.instances.iter();
        instances
            .find(|instance| &*instance.address == address)
            .unwrap_or_else(|| panic!("{address} in {:?}", joined.instances))
    };
    let definition = find("aws_ecs_task_definition.app");
    let known = |name: &str| definition.attributes.entries[name].is_known();
    assert_eq!(
        ["family", "execution_role_arn", "cpu", "memory"].map(known),
        [true, false, false, false]
    );
    let containers = &definition.attributes.entries["container_definitions"];
    let ecs_audit::terraform::Kind::Json(document) = &containers.kind else {
        panic!("a document in part: {containers:?}");
    };
    let container = &document.elements().unwrap()[0];
    let known = |name: &str| container.entry(name).unwrap().is_known();
    assert_eq!(
        ["name", "image", "privileged", "cpu", "essential"].map(known),
        [true, false, false, false, true]
    );
    let service = joined
        .instances
        .iter()
        .find(|instance| instance.address.starts_with("aws_ecs_service.app"));
    assert!(!service.unwrap().presence.is_certain());
    assert!(
        find("module.inner.aws_ecs_service.inner[\"a\"]")
            .presence
            .is_certain()
    );
}

#[test]
fn instances_differ_and_zones_are_there_as_far_as_the_source_knows_them() {
    if terraform::version().is_none() {
        return;
    }
    let text = r#"
        variable "account_id" {
          type = string
          validation {
            condition     = can(regex("^[0-9]{12}$", var.account_id))
            error_message = "Twelve digits."
          }
        }
        variable "more" { type = set(string) }
        resource "aws_sqs_queue" "own" {
          for_each = { one = 1, two = 2 }
          name     = each.key
        }
        module "service" {
          source   = "./service"
          for_each = setunion(["api", "worker"], var.more)
          queue    = aws_sqs_queue.own[each.key == "api" ? "one" : "two"].arn
        }
        resource "terraform_data" "distinct" {
          input = var.account_id
          lifecycle {
            precondition {
              condition     = length(distinct([for s in module.service : s.queue])) == 2
              error_message = "The queues are one."
            }
          }
        }
        variable "zones" { default = ["us-east-2a", "us-east-2b"] }
        data "aws_availability_zones" "all" { count = 1 }
        locals {
          all = data.aws_availability_zones.all[0]
          ids = zipmap(local.all.names, local.all.zone_ids)
        }
        resource "aws_subnet" "private" {
          count             = length(var.zones)
          vpc_id            = "vpc-1"
          cidr_block        = "10.0.${count.index}.0/24"
          availability_zone = var.zones[count.index]
        }
        output "ids" { value = [for zone in var.zones : local.ids[zone]] }
    "#;
    let service = r#"
        variable "queue" { type = string }
        resource "aws_iam_role" "task" { assume_role_policy = "{}" }
        resource "aws_iam_role" "execution" { assume_role_policy = "{}" }
        resource "terraform_data" "distinct" {
          lifecycle {
            precondition {
              condition     = aws_iam_role.task.arn != aws_iam_role.execution.arn
              error_message = "The roles are one."
            }
          }
        }
        output "queue" { value = var.queue }
    "#;
    let root = Root::new(&[("main.tf", text), ("service/main.tf", service)]);
    let planned = root.plan();
    assert_eq!(planned.basis, Basis::Mock, "{:?}", planned.notes);
}

#[test]
fn the_report_says_what_is_mocked() {
    if terraform::version().is_none() {
        return;
    }
    let root = Root::new(&[
        (
            "Cargo.toml",
            "[package]\nname = \"x\"\nversion = \"0.0.0\"\nedition = \"2024\"\n",
        ),
        ("src/lib.rs", ""),
        (
            "infra/main.tf",
            "variable \"read_only\" {}\nresource \"aws_ecs_task_definition\" \"app\" {\n  \
             family = \"app\"\n  container_definitions = jsonencode([{\n    name = \"app\"\n    \
             image = \"app\"\n    readonlyRootFilesystem = var.read_only == \"mka1\"\n  }])\n}\n",
        ),
    ]);
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .args([
            "ecs-audit",
            "--plan",
            "mock",
            "--format",
            "json",
            "--only",
            "ECS:006",
            "infra",
        ])
        .current_dir(root.path())
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let audited = &report["roots"][0];
    assert_eq!(audited["basis"], "mock", "{report:#}");
    let verdict = &audited["verdicts"][0];
    assert_eq!(verdict["verdict"], "unknown", "{report:#}");
    let reason = verdict["reason"].as_str().unwrap();
    assert!(reason.contains("`var.read_only` (mocked)"), "{reason}");
}

#[test]
fn a_configuration_that_refuses_what_is_made_up_is_audited_from_source() {
    if terraform::version().is_none() {
        return;
    }
    let root = Root::new(&[(
        "main.tf",
        "variable \"x\" {\n  type = string\n  validation {\n    condition = length(var.x) == 40\n    \
         error_message = \"A hash.\"\n  }\n}\nresource \"terraform_data\" \"x\" {\n  input = var.x\n}\n",
    )]);
    let planned = root.plan();
    assert_eq!(planned.basis, Basis::Source);
    assert_eq!(
        planned.notes,
        [
            "no mocked plan: `terraform test` with mocked providers failed: Invalid value for variable: \
          A hash. (`var.x`)"
        ]
    );
    assert_eq!(root.names(), ["main.tf"]);
}

#[test]
fn a_provider_that_is_not_there_is_an_error() {
    if terraform::version().is_none() {
        return;
    }
    let root = Root::new(&[(
        "main.tf",
        "terraform {\n  required_providers {\n    x = { source = \"example.invalid/x/x\" }\n  }\n}\n",
    )]);
    let error = root.plan_with(None).unwrap_err();
    let error = format!("{error:#}");
    assert!(
        error.contains("hint: a provider is not installed"),
        "{error}"
    );
    assert_eq!(root.names(), ["main.tf"]);
}

#[test]
fn what_cannot_make_values_up_while_planning_is_said_to_be_that() {
    let says = |version: &str| {
        let root = Root::new(&[("main.tf", "")]);
        let binary: PathBuf = root.path().join("terraform");
        fs::write(
            &binary,
            format!("#!/bin/sh\necho '{version}'\necho on linux_amd64\n"),
        )
        .unwrap();
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
        let planned = root.plan_with(Some(&binary)).unwrap();
        assert_eq!(planned.basis, Basis::Source);
        planned.notes.join("\n")
    };
    assert_eq!(
        says("OpenTofu v1.10.2"),
        "no mocked plan: OpenTofu 1.10.2 gives no made-up values while planning, which Terraform 1.11 \
         and later do"
    );
    assert_eq!(
        says("Terraform v1.10.5"),
        "no mocked plan: Terraform 1.10.5 gives no made-up values while planning: 1.11 or later is needed"
    );
    assert!(says("hello").contains("does not say which Terraform it is"));
}
