//! Mocked plans: what they may fill in.

use super::*;

/// Joins a source with two plans that differ in what is made up.
fn joined_with_mocks(source: &str, plans: [&str; 2]) -> (Joined, SourceMap) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), source).unwrap();
    let [first, second] = plans.map(|changes| {
        let plan = format!(r#"{{"format_version":"1.2","resource_changes":[{changes}]}}"#);
        Facts::read(plan.into_bytes(), "plan.json").unwrap()
    });
    let facts = Facts::mocked(first, second);
    let inputs = Inputs {
        root: directory.path(),
        workspace: directory.path(),
        environment: &[],
        terragrunt: &[],
        assignments: &[],
        terraform_workspace: Some("default"),
        facts: &Facts::default(),
        edited: None,
    };
    let mut texts = SourceMap::default();
    let configuration = evaluate(&inputs, &mut texts);
    (join(configuration, &facts, &|_| true), texts)
}

#[test]
fn nothing_that_hangs_on_what_is_mocked_is_filled_in() {
    let source = r#"
variable "open" {}
resource "aws_ecs_task_definition" "x" {
  family                = var.open == "prod" ? "a" : "b"
  network_mode          = file("/nowhere/outside")
  cpu                   = length(var.open)
  memory                = file("/nowhere/outside/too")
  task_role_arn         = "role-${var.open}"
  container_definitions = jsonencode([{ name = "c", image = var.open, user = file("/nowhere") }])
}
"#;
    let plan = |name: &str| {
        let definitions = format!(r#"[{{"name":"c","image":"{name}","user":"1"}}]"#);
        let definitions = serde_json::to_string(&definitions).unwrap();
        let after = format!(
            r#"{{"family":"b","network_mode":"awsvpc","cpu":"3","memory":"{name}",
            "task_role_arn":"role-{name}","ipc_mode":null,"track_latest":false,
            "container_definitions":{definitions}}}"#
        );
        task(&after, "{}")
    };
    let joined = joined_with_mocks(source, [&plan("mka"), &plan("mkb")]);
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    let instance = &joined.0.instances[0];
    let entry = |name: &str| &instance.attributes.entries[name];
    let mocked = |name: &str| entry(name).as_unknown().map(|unknown| unknown.0.mocked);
    assert_eq!(mocked("family"), Some(true));
    assert_eq!(mocked("cpu"), Some(true));
    assert_eq!(mocked("memory"), Some(false), "it is not the same in both");
    assert_eq!(entry("network_mode").as_str().unwrap(), "awsvpc");
    assert!(entry("task_role_arn").as_str().is_none());
    assert!(!instance.attributes.entries.contains_key("ipc_mode"));
    assert!(!instance.attributes.entries.contains_key("track_latest"));
    let Kind::Json(document) = &entry("container_definitions").kind else {
        panic!("a document");
    };
    let container = &document.elements().unwrap()[0];
    assert!(
        container
            .entry("image")
            .unwrap()
            .as_unknown()
            .unwrap()
            .0
            .mocked
    );
    assert_eq!(container.entry("user").unwrap().as_str().unwrap(), "1");
}

#[test]
fn where_source_and_a_mocked_plan_disagree_neither_is_believed() {
    let source = r#"resource "aws_ecs_task_definition" "x" {
  family                = "a"
  container_definitions = jsonencode([{ name = "c", image = "i", user = "1" }])
}"#;
    let mut after = containers(r#"[{"name":"c","image":"i"}]"#);
    after.insert_str(1, r#""family":"a","#);
    let plan = task(&after, "{}");
    let joined = joined_with_mocks(source, [&plan, &plan]);
    assert_eq!(disagreements(&joined).len(), 1);
    let entries = &joined.0.instances[0].attributes.entries;
    assert_eq!(entries["family"].as_str().unwrap(), "a");
    assert!(entries["container_definitions"].is_unknown());
}

#[test]
fn how_many_there_are_is_not_a_mocked_plan_s_to_say() {
    let source = r#"
variable "open" {}
resource "aws_ecs_cluster" "maybe" {
  count = var.open
  name  = "a"
}
resource "aws_ecs_cluster" "there" {
  name = "b"
}
"#;
    let there = change("aws_ecs_cluster.there", r#"{"name":"b"}"#, "{}");
    let maybe = change("aws_ecs_cluster.maybe[0]", r#"{"name":"a"}"#, "{}");
    let other = change("aws_ecs_cluster.other", r#"{"name":"c"}"#, "{}");
    let plan = format!("{there},{maybe},{other}");
    let joined = joined_with_mocks(source, [&plan, &plan]);
    let shown: Vec<_> = joined
        .0
        .instances
        .iter()
        .map(|instance| {
            let known = instance.attributes.entries.contains_key("name");
            (&*instance.address, instance.presence.is_certain(), known)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("aws_ecs_cluster.maybe", false, true),
            ("aws_ecs_cluster.other", true, false),
            ("aws_ecs_cluster.there", true, true)
        ]
    );
    assert_eq!(disagreements(&joined).len(), 1, "the source has no `other`");
}
