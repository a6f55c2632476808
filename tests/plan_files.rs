//! A plan file that is read directly gives what `terraform show -json` prints of it.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod archive;
#[allow(dead_code)]
mod terraform;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use ecs_audit::source::SourceMap;
use ecs_audit::terraform::evaluate::{self, Inputs};
use ecs_audit::terraform::join;
use ecs_audit::terraform::plan::Facts;

/// Where two texts part, in two lines.
fn apart(json: &str, file: &str) -> String {
    let same = json
        .chars()
        .zip(file.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let rest = |text: &str| {
        text.chars()
            .skip(same.saturating_sub(60))
            .take(240)
            .collect::<String>()
    };
    format!("\n  JSON …{}\n  file …{}", rest(json), rest(file))
}

/// Everything that the facts of two plans have and that is not the same.
fn differences(json: &Facts, file: &Facts, variables: &[String]) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |what: &str, json: String, file: String| {
        if json != file {
            differences.push(format!("{what}{}", apart(&json, &file)));
        }
    };
    let text = |facts: &Facts| {
        let version = facts.terraform_version().map(str::to_owned);
        let complete = facts.is_complete();
        format!(
            "{version:?} {complete} {:?} {:?}",
            facts.timestamp(),
            facts.notes()
        )
    };
    compare("plan", text(json), text(file));
    let addresses = |facts: &Facts| {
        let instances = facts.instances().map(|instance| format!("{instance:?}"));
        instances.collect::<BTreeSet<_>>()
    };
    let (of_json, of_file) = (addresses(json), addresses(file));
    for missing in of_json.symmetric_difference(&of_file) {
        compare(
            missing,
            of_json.contains(missing).to_string(),
            of_file.contains(missing).to_string(),
        );
    }
    for instance in json.instances() {
        let address = &instance.address;
        let attributes = |facts: &Facts| format!("{:?}", facts.attributes(address));
        let whole = |facts: &Facts| {
            facts
                .instance(address)
                .map_or_else(String::new, |instance| {
                    format!("{} {:?}", instance.provider, instance.computed)
                })
        };
        compare(address, attributes(json), attributes(file));
        compare(address, whole(json), whole(file));
    }
    for name in variables {
        let value = |facts: &Facts| format!("{:?}", facts.variable(name));
        compare(name, value(json), value(file));
    }
    differences
}

fn variables(json: &[u8]) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_slice(json).unwrap();
    let variables = json["variables"].as_object();
    variables.map_or_else(Vec::new, |variables| variables.keys().cloned().collect())
}

/// Compares the two ways for `NAME.tfplan` and `NAME.json`.
fn assert_same(file: &Path, json: &Path) -> usize {
    let name = file.display().to_string();
    let json = fs::read(json).unwrap();
    let variables = variables(&json);
    let json = Facts::read(json, &name).unwrap();
    let file = Facts::read_file(fs::read(file).unwrap(), &name).unwrap();
    let differences = differences(&json, &file, &variables);
    for difference in &differences {
        println!("{name}: {difference}");
    }
    differences.len()
}

/// Compares every `NAME.tfplan` in a directory with `NAME.json`.
fn assert_all_same(directory: &Path) {
    let (mut pairs, mut count) = (0, 0);
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let json = path.with_extension("json");
        if path
            .extension()
            .is_some_and(|extension| extension == "tfplan")
            && json.exists()
        {
            pairs += 1;
            count += assert_same(&path, &json);
        }
    }
    println!("{pairs} plans, {count} differences");
    assert!(pairs > 0 && count == 0);
}

/// Those of the repository are of Terraform 1.11.4 with hashicorp/aws 5.100.0: `first` is of a configuration
/// of every kind of thing that nothing was made of yet, `replace` of the same with everything there and some
/// of it replaced, `shapes` of values of every shape. `ECS_AUDIT_PLANS` names a directory with more.
#[test]
fn plans_beside_their_json_give_the_same() {
    assert_all_same(Path::new("tests/plans"));
    if let Some(more) = std::env::var_os("ECS_AUDIT_PLANS") {
        assert_all_same(Path::new(&more));
    }
}

#[test]
fn a_plan_that_terraform_makes_now_gives_what_it_shows() {
    if terraform::version().is_none_or(|version| !version.starts_with("1.11.")) {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.args(arguments).current_dir(&directory);
        let output = command.env("CHECKPOINT_DISABLE", "1").output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    };
    let write = |text: &str| fs::write(directory.path().join("main.tf"), text).unwrap();
    let compare = |arguments: &[&str]| {
        run(&[&["plan", "-input=false", "-out=p"], arguments].concat());
        fs::write(
            directory.path().join("p.json"),
            run(&["show", "-json", "p"]),
        )
        .unwrap();
        let path = directory.path();
        assert_eq!(assert_same(&path.join("p"), &path.join("p.json")), 0);
    };
    write(DATA);
    run(&["init", "-input=false"]);
    compare(&["-var=given=0.1"]);
    run(&["apply", "-input=false", "-auto-approve"]);
    compare(&[]);
    compare(&["-replace=terraform_data.x", "-var=given=3"]);
    compare(&["-destroy"]);
    write(&DATA.replace("\"y\"", "\"z\""));
    compare(&[]);
}

/// What Terraform makes without any provider.
const DATA: &str = r#"
variable "given" { default = 0.7 }
variable "typed" {
  type    = object({ a = set(string), n = optional(number, 0.3) })
  default = { a = ["b", "a", "b"] }
}
variable "secret" {
  sensitive = true
  default   = "not-a-real-one"
}
resource "terraform_data" "x" {
  input = {
    numbers = [var.given, 0.5, -1, 1e30, 123456789012345678901, "0.7", "1"]
    texts   = { s = var.secret, empty = "", null = null, list = [], object = {} }
    sets    = toset(["b", "a"])
    typed   = var.typed
  }
}
resource "terraform_data" "y" {
  for_each         = toset(["a b", "c\"d", "x.y[0]", "$${z}"])
  input            = [terraform_data.x.id, "known", { deep = [terraform_data.x.output] }]
  triggers_replace = sensitive(each.key)
}
"#;

/// A plan file that has this configuration with it: the files of the root module and of module `m` in `m`.
fn plan_with(root: &str, child: &str) -> Vec<u8> {
    let manifest = r#"[{"Key":"","Dir":"."},{"Key":"m","Source":"./m","Dir":"m"}]"#;
    let change = |address: &str, family: &str| {
        let values = [b"\x81\xa6family\xa1", family.as_bytes()].concat();
        let change = [
            archive::number(1, 1),
            archive::bytes(2, archive::bytes(1, values)),
        ]
        .concat();
        archive::bytes(
            3,
            [archive::bytes(13, address), archive::bytes(9, change)].concat(),
        )
    };
    let plan = [
        archive::plan("1.11.4"),
        change("aws_ecs_task_definition.a", "a"),
        change("module.m.aws_ecs_task_definition.b", "b"),
    ];
    archive::archive(&[
        ("tfplan", &plan.concat()),
        ("tfstate", archive::STATE),
        ("tfconfig/modules.json", manifest.as_bytes()),
        ("tfconfig/m-/main.tf", root.as_bytes()),
        ("tfconfig/m-m/main.tf", child.as_bytes()),
    ])
}

/// What the evaluation of a plan gives: where each instance is declared, the text there, and the notes.
fn evaluated(root: &Path, workspace: &Path, plan: Vec<u8>) -> (Vec<String>, Vec<String>) {
    let facts = Facts::read_file(plan, "p").unwrap();
    let mut source = SourceMap::default();
    let inputs = Inputs {
        root,
        workspace,
        environment: &[],
        terragrunt: &[],
        assignments: &[],
        terraform_workspace: None,
        facts: &facts,
        edited: None,
    };
    let configuration = evaluate::evaluate(&inputs, &mut source);
    let notes: Vec<_> = configuration
        .notes
        .iter()
        .map(|note| note.message.clone())
        .collect();
    let joined = join::join(configuration, &facts, &|_| true);
    assert_eq!(joined.disagreements, []);
    let instances = joined.instances.iter().map(|instance| {
        let place = instance.header.unwrap();
        let file = source.file(place.file);
        let from = if source.is_planned(place.file) {
            "plan"
        } else {
            "disk"
        };
        let family = instance
            .attributes
            .entries
            .get("family")
            .and_then(|value| value.as_str());
        format!(
            "{} {} {from} {}",
            instance.address,
            file.name,
            family.unwrap()
        )
    });
    // Said wherever a part of the configuration is read from the plan.
    let notes = notes
        .into_iter()
        .filter(|note| !note.starts_with("there is no file `missing` here"));
    (instances.collect(), notes.collect())
}

const ROOT: &str = r#"
resource "aws_ecs_task_definition" "a" {
  family = try(file("missing"), "a")
}
module "m" {
  source = "./m"
  family = "b"
}
"#;
const CHILD: &str = r#"
variable "family" {}
resource "aws_ecs_task_definition" "b" {
  family = var.family
}
"#;

#[test]
fn places_come_from_the_plan_where_the_source_is_not_there_or_is_another() {
    let directory = tempfile::tempdir().unwrap();
    let workspace = fs::canonicalize(directory.path()).unwrap();
    let root = workspace.join("infra");
    let audit = || evaluated(&root, &workspace, plan_with(ROOT, CHILD));
    let from = |root: &str, child: &str| {
        vec![
            format!("aws_ecs_task_definition.a infra/main.tf {root} a"),
            format!("module.m.aws_ecs_task_definition.b infra/m/main.tf {child} b"),
        ]
    };
    let (instances, notes) = audit();
    assert_eq!(instances, from("plan", "plan"));
    assert_eq!(
        notes,
        ["the configuration is not in `infra`: it is read from the plan, which has no other files"]
    );

    let (_, notes) = evaluated(&root, &root, plan_with(ROOT, CHILD));
    assert!(notes[0].starts_with("the configuration is not in `.`:"));

    fs::create_dir_all(root.join("m")).unwrap();
    fs::write(root.join("main.tf"), ROOT).unwrap();
    let (instances, notes) = audit();
    assert_eq!(instances, from("disk", "plan"));
    assert_eq!(notes, <[&str; 0]>::default());

    fs::write(
        root.join("m/main.tf"),
        CHILD.replace("var.family", "\"other\""),
    )
    .unwrap();
    let (instances, notes) = audit();
    assert_eq!(instances, from("disk", "plan"));
    assert_eq!(
        notes,
        [
            "the plan was not made of the configuration in `infra/m`: what the plan was made of is audited"
        ]
    );

    fs::write(root.join("m/main.tf"), CHILD).unwrap();
    assert_eq!(audit(), (from("disk", "disk"), Vec::new()));
}

#[test]
fn a_plan_file_on_standard_input_needs_no_source_either() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    let plan = directory.path().join("plan");
    fs::write(&plan, plan_with(ROOT, CHILD)).unwrap();
    let audit = |file: &str| {
        Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
            .args(["--plan-file", file])
            .current_dir(directory.path())
            .stdin(fs::File::open(&plan).unwrap())
            .output()
            .unwrap()
    };
    let (piped, named) = (audit("-"), audit("plan"));
    let text = String::from_utf8_lossy(&piped.stdout);
    assert!(
        text.contains("audited `.` from source and plan file"),
        "{text}"
    );
    assert_eq!(text, String::from_utf8_lossy(&named.stdout));
    assert_eq!(piped.status, named.status);
}
