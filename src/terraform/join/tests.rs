//! A source and a plan in a few lines each, and what they come to together.

use std::fmt::Write as _;

use super::{Joined, join};
use crate::source::SourceMap;
use crate::terraform::evaluate::{Inputs, evaluate};
use crate::terraform::plan::Facts;
use crate::terraform::value::{Kind, Part, Reason, Value};

/// Joins a source with a plan of these resource changes.
fn joined(source: &str, changes: &str) -> (Joined, SourceMap) {
    let plan =
        format!(r#"{{"format_version":"1.2","complete":true,"resource_changes":[{changes}]}}"#);
    joined_with(source, &plan)
}

fn joined_with(source: &str, plan: &str) -> (Joined, SourceMap) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("main.tf"), source).unwrap();
    let facts = Facts::read(plan.as_bytes().to_vec(), "plan.json").unwrap();
    let inputs = Inputs {
        root: directory.path(),
        workspace: directory.path(),
        environment: &[],
        terragrunt: &[],
        assignments: &[],
        terraform_workspace: Some("default"),
        facts: &facts,
        edited: None,
    };
    let mut texts = SourceMap::default();
    let configuration = evaluate(&inputs, &mut texts);
    (
        join(configuration, &facts, &|ty| ty != "aws_s3_bucket"),
        texts,
    )
}

/// A change that creates or keeps a task definition `x` with these attributes.
fn task(after: &str, unknown: &str) -> String {
    change("aws_ecs_task_definition.x", after, unknown)
}

fn change(address: &str, after: &str, unknown: &str) -> String {
    let (ty, rest) = address.split_once('.').unwrap();
    let name = rest.split('[').next().unwrap();
    format!(
        r#"{{"address":{address:?},"mode":"managed","type":"{ty}","name":"{name}",
        "change":{{"actions":["create"],"after":{after},"after_unknown":{unknown}}}}}"#
    )
}

/// Container definitions in a plan.
fn containers(json: &str) -> String {
    format!(
        r#"{{"container_definitions":{}}}"#,
        serde_json::to_string(json).unwrap()
    )
}

/// A task definition in the source.
fn source(container_definitions: &str) -> String {
    format!(
        "resource \"aws_ecs_task_definition\" \"x\" {{\n  container_definitions = \
         {container_definitions}\n}}\n"
    )
}

/// Writes a value, and after each scalar `@` with the text that stands where it was written.
fn shown(value: &Value, texts: &SourceMap) -> String {
    let mut text = match &value.kind {
        Kind::Null(_) => "null".into(),
        Kind::Bool(truth) => truth.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(parts) => parts.0.iter().fold(String::new(), |mut text, part| {
            match part {
                Part::Known(known, _) => text.push_str(known),
                Part::Json(_) => text.push_str("JSON"),
                Part::Unknown(unknown, _) => {
                    let references = unknown.references();
                    let references = references.iter().map(ToString::to_string);
                    write!(text, "${{{}}}", references.collect::<Vec<_>>().join(", ")).unwrap();
                }
            }
            text
        }),
        Kind::List(_, elements) => {
            let elements: Vec<_> = elements.iter().map(|one| shown(one, texts)).collect();
            return format!("[{}]", elements.join(", "));
        }
        Kind::Object(_, map) => {
            let entry = |(key, value)| format!("{key} = {}", shown(value, texts));
            return format!(
                "{{{}}}",
                map.entries.iter().map(entry).collect::<Vec<_>>().join(", ")
            );
        }
        Kind::Json(value) => return format!("JSON {}", shown(value, texts)),
        Kind::Unknown(unknown) => match unknown.reason() {
            Reason::Reference(reference) => format!("<{reference}>"),
            _ => "<unknown>".into(),
        },
    };
    if let Some(place) = value.trace.written() {
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        write!(text, "@{}", &texts.file(place.file).text[start..end]).unwrap();
    }
    if let Some(taint) = &value.trace.taint {
        write!(text, " ({})", taint.source).unwrap();
    }
    text
}

fn attribute(joined: &(Joined, SourceMap), address: &str, name: &str) -> String {
    let instance = joined
        .0
        .instances
        .iter()
        .find(|one| &*one.address == address)
        .unwrap();
    instance
        .attributes
        .entries
        .get(name)
        .map_or("absent".into(), |value| shown(value, &joined.1))
}

fn definitions(joined: &(Joined, SourceMap)) -> String {
    attribute(joined, "aws_ecs_task_definition.x", "container_definitions")
}

fn disagreements(joined: &(Joined, SourceMap)) -> Vec<String> {
    let line = |one: &super::Disagreement| {
        let place = one.place.map_or("nowhere".into(), |place| {
            let (start, end) = (place.span.start as usize, place.span.end as usize);
            joined.1.file(place.file).text[start..end].to_owned()
        });
        format!(
            "{}{}: {} at {place}, {} in the plan",
            one.address, one.path, one.source, one.plan
        )
    };
    joined.0.disagreements.iter().map(line).collect()
}

#[test]
fn what_the_plan_does_not_know_comes_from_the_source_leaf_by_leaf() {
    let source = format!(
        "resource \"aws_ecr_repository\" \"app\" {{}}\n{}",
        source(
            r#"jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1" }])"#
        )
    );
    let plan = [
        change("aws_ecr_repository.app", "{}", r#"{"repository_url":true}"#),
        task(
            r#"{"container_definitions":""}"#,
            r#"{"container_definitions":true}"#,
        ),
    ];
    let joined = joined(&source, &plan.join(","));
    assert_eq!(
        definitions(&joined),
        "JSON [{image = ${aws_ecr_repository.app.repository_url}:1\
         @\"${aws_ecr_repository.app.repository_url}:1\", name = app@\"app\"}]"
    );
    assert!(disagreements(&joined).is_empty());
}

#[test]
fn what_the_source_does_not_know_becomes_the_plan_s_and_keeps_its_place() {
    let source = format!(
        "resource \"aws_ecr_repository\" \"app\" {{}}\n{}",
        source(
            r#"jsonencode([{ name = "app", image = "${aws_ecr_repository.app.arn}:1", user = data.x.y.user }])"#
        )
    );
    let plan = [
        change("aws_ecr_repository.app", "{}", r#"{"arn":true}"#),
        task(
            &containers(r#"[{"name":"app","image":"registry/app:1","user":"root"}]"#),
            "{}",
        ),
    ];
    let joined = joined(&source, &plan.join(","));
    assert_eq!(
        definitions(&joined),
        "JSON [{image = registry/app:1@\"${aws_ecr_repository.app.arn}:1\", \
         name = app@\"app\", user = root@data.x.y.user}]"
    );
    assert!(disagreements(&joined).is_empty());
}

#[test]
fn what_both_know_and_is_not_the_same_is_said_with_both_and_the_plan_s_is_used() {
    let source = source(
        r#"jsonencode([{ name = "app", image = "a:2", privileged = false, cpu = 128 }])
  network_mode = "awsvpc""#,
    );
    let mut plan =
        containers(r#"[{"name":"app","image":"a:1","privileged":true,"memory":64,"cpu":128}]"#);
    plan.truncate(plan.len() - 1);
    let plan = task(&format!(r#"{plan},"network_mode":"host"}}"#), "{}");
    let joined = joined(&source, &plan);
    assert_eq!(
        disagreements(&joined),
        [
            r#"aws_ecs_task_definition.x.container_definitions["app"].image: `a:2` at "a:2", `a:1` in the plan"#,
            r#"aws_ecs_task_definition.x.container_definitions["app"].memory: null at { name = "app", image = "a:2", privileged = false, cpu = 128 }, `64` in the plan"#,
            r#"aws_ecs_task_definition.x.container_definitions["app"].privileged: `false` at false, `true` in the plan"#,
            r#"aws_ecs_task_definition.x.network_mode: `awsvpc` at "awsvpc", `host` in the plan"#,
        ]
    );
    assert_eq!(
        definitions(&joined),
        "JSON [{cpu = 128@128, image = a:1@\"a:2\", memory = 64, name = app@\"app\", \
         privileged = true@false}]"
    );
}

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
fn a_command_in_another_order_is_another_command() {
    let source = source(r#"jsonencode([{ name = "a", command = ["x", "y"], privileged = true }])"#);
    let plan = task(&containers(r#"[{"name":"a","command":["y","x"]}]"#), "{}");
    assert_eq!(
        disagreements(&joined(&source, &plan)),
        [
            r#"aws_ecs_task_definition.x.container_definitions["a"].command[0]: another one at "x", a value that is not shown in the plan"#,
            r#"aws_ecs_task_definition.x.container_definitions["a"].command[1]: another one at "y", a value that is not shown in the plan"#,
            r#"aws_ecs_task_definition.x.container_definitions["a"].privileged: `true` at true, null in the plan"#,
        ]
    );
}

#[test]
fn containers_that_only_one_of_them_has_are_said() {
    let source = source(r#"jsonencode([{ name = "a" }, { name = "b" }])"#);
    let plan = task(
        &containers(r#"[{"name":"a"},{"name":"c","image":"c"}]"#),
        "{}",
    );
    let joined = joined(&source, &plan);
    assert_eq!(
        disagreements(&joined),
        [
            r#"aws_ecs_task_definition.x.container_definitions["c"]: null at [{ name = "a" }, { name = "b" }], an object in the plan"#,
            r#"aws_ecs_task_definition.x.container_definitions["b"]: an object at { name = "b" }, null in the plan"#,
        ]
    );
    assert_eq!(
        definitions(&joined),
        "JSON [{name = a@\"a\"}, {image = c, name = c}]"
    );
}

#[test]
fn a_secret_is_never_shown() {
    let source = format!(
        "variable \"p\" {{\n  sensitive = true\n  default = \"hunter1\"\n}}\n{}",
        source(
            r#"jsonencode([{ name = "a", user = var.p, environment = [
    { name = "P", value = "hunter2" }], dockerLabels = { l = "hunter3" } }])"#
        )
    );
    let plan = task(
        &containers(
            r#"[{"name":"a","user":"hunter4","environment":[{"name":"P","value":"hunter5"}],
            "dockerLabels":{"l":"hunter6"}}]"#,
        ),
        "{}",
    );
    let joined = joined(&source, &plan);
    assert_eq!(joined.0.disagreements.len(), 3);
    for disagreement in &joined.0.disagreements {
        assert_eq!(
            [&*disagreement.source, &*disagreement.plan],
            ["another one", "a value that is not shown"]
        );
    }
    assert!(
        definitions(&joined).contains("user = hunter4@"),
        "the plan's is used"
    );
    assert!(definitions(&joined).contains("var.p"), "and stays tainted");
}

#[test]
fn texts_are_shortened_and_made_safe() {
    let long = "x".repeat(100);
    let source = format!("resource \"t\" \"x\" {{\n  a = \"{long}\"\n  b = \"1\\n2\"\n}}\n");
    let plan = change("t.x", r#"{"a":"\u001b[31m\"é","b":"3"}"#, "{}");
    let joined = joined(&source, &plan);
    let [a, b] = &joined.0.disagreements[..] else {
        panic!("two disagreements")
    };
    assert_eq!(a.source, format!("`{}…`", "x".repeat(60)));
    assert_eq!(a.plan, r#"`\u{1b}[31m"é`"#);
    assert_eq!(b.source, "a text of several lines");
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
fn a_definition_that_is_sensitive_as_a_whole_is_said_where_there_is_no_source() {
    let plan = |name: &str, marks: &str| {
        let change = task(&containers(r#"[{"name":"a"}]"#), "{}").replace("x", name);
        change.replace(
            "\"after_unknown\"",
            &format!("\"after_sensitive\":{marks},\"after_unknown\""),
        )
    };
    let whole = r#"{"container_definitions":true}"#;
    let (joined, _) = joined("", &plan("one", whole));
    assert_eq!(
        joined.notes,
        [
            "1 resource is in the plan without source: no places for them",
            "the plan marks the container definitions of `aws_ecs_task_definition.one` sensitive as a whole: \
             without the source nobody can tell which part of them is a secret",
        ]
    );
    let two = [plan("one", whole), plan("two", whole), plan("open", "{}")].join(",");
    let (joined, _) = self::joined("", &two);
    assert_eq!(
        joined.notes[1],
        "the plan marks the container definitions of 2 resources sensitive as a whole: without the source \
         nobody can tell which part of them is a secret"
    );
    let (joined, _) = self::joined(
        &source(r#"jsonencode([{ name = "a" }])"#),
        &plan("x", whole),
    );
    assert_eq!(joined.notes, <[&str; 0]>::default());
}

#[test]
fn maps_have_the_same_keys_or_differ() {
    let source = "resource \"t\" \"x\" {\n  tags = { a = \"1\", b = \"2\" }\n}\n";
    let plan = change("t.x", r#"{"tags":{"a":"1","c":"3"}}"#, "{}");
    assert_eq!(
        disagreements(&joined(source, &plan)),
        [
            "t.x.tags.c: null at { a = \"1\", b = \"2\" }, (sensitive) in the plan",
            "t.x.tags.b: (sensitive) at \"2\", null in the plan",
        ]
    );
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

#[test]
fn the_plan_decides_how_many_there_are() {
    let source = r#"
resource "t" "counted" {
  count = data.z.z.count
  name  = "n${count.index}"
}
resource "t" "each" {
  for_each = data.z.z.names
  name     = each.key
}
resource "t" "none" {
  count = data.z.z.none
}
"#;
    let plan = [
        change("t.counted[0]", r#"{"name":"n0"}"#, "{}"),
        change("t.counted[1]", r#"{"name":"n1"}"#, "{}"),
        change("t.each[\"a\"]", r#"{"name":"a"}"#, "{}"),
    ];
    let joined = joined(source, &plan.join(","));
    let addresses: Vec<_> = joined.0.instances.iter().map(|one| &*one.address).collect();
    assert_eq!(addresses, ["t.counted[0]", "t.counted[1]", "t.each[\"a\"]"]);
    assert!(
        joined
            .0
            .instances
            .iter()
            .all(|one| one.presence.is_certain())
    );
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    assert_eq!(attribute(&joined, "t.each[\"a\"]", "name"), "a");
}

#[test]
fn instances_of_which_only_one_of_them_knows_are_said() {
    let source = "resource \"t\" \"a\" {}\nresource \"t\" \"b\" {}\ndata \"t\" \"d\" {}\n";
    let plan = [
        change("t.a", "{}", "{}"),
        change("t.c", "{}", "{}"),
        change("aws_s3_bucket.d", "{}", "{}"),
    ];
    let joined = joined(source, &plan.join(","));
    assert_eq!(
        disagreements(&joined),
        [
            "t.b: there at resource \"t\" \"b\", not there in the plan",
            "t.c: not there at nowhere, there in the plan",
        ]
    );
    let addresses: Vec<_> = joined.0.instances.iter().map(|one| &*one.address).collect();
    assert_eq!(addresses, ["data.t.d", "t.a", "t.b", "t.c"]);
}

#[test]
fn a_plan_that_makes_nothing_of_the_source_takes_nothing_away() {
    let source =
        "resource \"t\" \"a\" {}\nresource \"t\" \"b\" { count = timestamp() == \"\" ? 0 : 1 }\n";
    let joined = joined(source, "");
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    let addresses: Vec<_> = joined.0.instances.iter().map(|one| &*one.address).collect();
    assert_eq!(addresses, ["t.a", "t.b"]);
    assert_eq!(joined.0.notes.len(), 1);
    assert!(joined.0.notes[0].starts_with("the plan has none of the resources of the source"));
}

#[test]
fn what_a_plan_defers_is_not_missed() {
    let source = "resource \"t\" \"a\" {}\nresource \"t\" \"b\" {}\n";
    let plan = format!(
        r#"{{"format_version":"1.2","complete":false,"resource_changes":[{}],"deferred_changes":[]}}"#,
        change("t.a", "{}", "{}")
    );
    let joined = joined_with(source, &plan);
    assert_eq!(disagreements(&joined), Vec::<String>::new());
    assert_eq!(joined.0.instances.len(), 2);
    assert_eq!(
        joined.0.notes,
        ["the plan is not complete: what it leaves out is from the source alone"]
    );
}

#[test]
fn without_source_the_plan_is_all_there_is() {
    let plan = [
        change("t.a", r#"{"x":"1"}"#, "{}"),
        change("aws_s3_bucket.b", "{}", "{}"),
    ];
    let joined = joined("", &plan.join(","));
    assert_eq!(attribute(&joined, "t.a", "x"), "1");
    assert_eq!(joined.0.instances.len(), 1);
    assert_eq!(
        joined.0.notes,
        ["1 resource is in the plan without source: no places for them"]
    );
    assert_eq!(disagreements(&joined), Vec::<String>::new());
}

#[test]
fn a_plan_of_something_else_is_cut_short() {
    let changes: Vec<_> = (0..150)
        .map(|n| change(&format!("t.r{n}"), "{}", "{}"))
        .collect();
    let joined = joined("resource \"t\" \"x\" {}\n", &changes.join(","));
    assert_eq!(joined.0.disagreements.len(), 100);
    assert_eq!(
        joined.0.notes,
        ["plan and source disagree in 51 more places"]
    );
}

#[test]
fn long_lists_that_do_not_match_take_no_long_time() {
    let elements = |offset: usize| {
        let element = |n: usize| format!(r#"{{"a":[{{"b":"{}"}}]}}"#, n + offset);
        (0..3_000).map(element).collect::<Vec<_>>().join(",")
    };
    let source = format!(
        "resource \"t\" \"x\" {{\n  a = [{}]\n}}\n",
        elements(0).replace(':', "=")
    );
    let plan = change("t.x", &format!(r#"{{"a":[{}]}}"#, elements(1)), "{}");
    let start = std::time::Instant::now();
    let joined = joined(&source, &plan);
    assert!(!joined.0.disagreements.is_empty());
    assert!(start.elapsed() < std::time::Duration::from_secs(30));
}

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
