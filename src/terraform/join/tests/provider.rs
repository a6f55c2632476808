//! What the provider does to a value is no disagreement.

use super::*;

#[test]
fn what_the_provider_does_to_container_definitions_is_no_disagreement() {
    let source = source(
        r#"jsonencode([
    { Name = "b", image = "b", essential = true, environment = [], priviledged = true, links = null },
    {
      name = "a", image = "a", cpu = 0,
      environment = [{ name = "Z", value = "1" }, { name = "A", value = "2" }],
      portMappings = [{ containerPort = 80 }, { containerPort = 81, hostPort = 81, protocol = "tcp" }],
      healthCheck = { command = ["CMD", "true"] }
      mountPoints = [{ sourceVolume = "v", containerPath = "/v" }]
    },
  ])"#,
    );
    let plan = task(
        &containers(
            r#"[{"name":"a","image":"a","essential":true,"environment":[{"name":"A","value":"2"},
            {"name":"Z","value":"1"}],"portMappings":[{"containerPort":81},{"containerPort":80,
            "hostPort":80,"protocol":"tcp"}],"healthCheck":{"command":["CMD","true"],"interval":30,
            "timeout":5,"retries":3},"systemControls":[],"volumesFrom":[],
            "mountPoints":[{"sourceVolume":"v","containerPath":"/v","readOnly":false}]},
            {"name":"b","image":"b","cpu":0}]"#,
        ),
        "{}",
    );
    let joined = joined(&source, &plan);
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    let definitions = definitions(&joined);
    assert!(
        definitions.starts_with("JSON [{Name = b@\"b\""),
        "the source's order: {definitions}"
    );
    assert!(
        definitions.contains("priviledged = true@true"),
        "{definitions}"
    );
    assert!(!definitions.contains("interval"), "{definitions}");
}

#[test]
fn the_types_that_a_schema_gives_are_no_disagreement() {
    let source = r#"
resource "aws_ecs_task_definition" "x" {
  cpu         = 256
  memory      = "512"
  flag        = "true"
  ratio       = "0.50"
  zero        = false
  empty       = ""
  none        = []
  network_mode = null
}
"#;
    let plan = task(
        r#"{"cpu":"256","memory":512,"flag":true,"ratio":0.5,"zero":null,"empty":null,"none":null,
        "network_mode":"bridge","id":"x","tags_all":null}"#,
        r#"{"arn":true}"#,
    );
    let joined = joined(source, &plan);
    let found = disagreements(&joined);
    // Zero and null are the same to a provider, and are the same here.
    assert_eq!(found, Vec::<String>::new());
    let instance = &joined.0.instances[0];
    assert_eq!(instance.computed.join(" "), "arn id network_mode");
    assert_eq!(
        attribute(&joined, "aws_ecs_task_definition.x", "cpu"),
        "256@256"
    );
}

#[test]
fn sets_come_in_any_order_and_blocks_with_what_the_provider_adds() {
    let source = r#"
resource "t" "x" {
  names = ["b", data.z.z.id, "a"]
  block {
    name = "two"
    unknown = data.z.z.id
  }
  block {
    name = "one"
  }
  single {
    a = 1
  }
}
"#;
    let plan = change(
        "t.x",
        r#"{"names":["a","b","c"],"block":[{"name":"one","unknown":"","extra":true},
        {"name":"two","unknown":"u","extra":false}],"single":[{"a":1,"b":2}]}"#,
        "{}",
    );
    let joined = joined(source, &plan);
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    assert_eq!(
        attribute(&joined, "t.x", "names"),
        "[b@\"b\", c@data.z.z.id, a@\"a\"]"
    );
    assert_eq!(
        attribute(&joined, "t.x", "block"),
        "[{name = two@\"two\", unknown = u@data.z.z.id}, {name = one@\"one\"}]"
    );
    assert_eq!(attribute(&joined, "t.x", "single"), "[{a = 1@1}]");
}

#[test]
fn a_policy_is_the_same_in_any_form() {
    let source = r#"
resource "t" "x" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Action = ["a"], Resource = ["y", "x"] }] })
}
"#;
    let policy = r#"{"Statement":{"Resource":["x","y"],"Action":"a"},"Version":"2012-10-17"}"#;
    let plan = |policy| {
        let text = serde_json::to_string(policy).unwrap();
        change("t.x", &format!(r#"{{"policy":{text}}}"#), "{}")
    };
    assert_eq!(
        disagreements(&joined(source, &plan(policy))),
        Vec::<String>::new()
    );
    let other = plan(&policy.replace("\"a\"", "\"b\""));
    assert_eq!(
        disagreements(&joined(source, &other)),
        ["t.x.policy.Statement.Action: `a` at \"a\", `b` in the plan"]
    );
}

#[test]
fn what_changes_are_ignored_for_is_the_plan_s_to_say() {
    let source = "resource \"t\" \"x\" {\n  image = \"new\"\n  lifecycle {\n    \
                  ignore_changes = [image]\n  }\n}\n";
    let joined = joined(source, &change("t.x", r#"{"image":"old"}"#, "{}"));
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    assert_eq!(attribute(&joined, "t.x", "image"), "old@\"new\"");
}
