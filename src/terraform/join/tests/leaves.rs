//! Leaf by leaf: what comes from which side, and what is said where they differ.

use super::*;

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
