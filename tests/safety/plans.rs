//! Plans and sources that do not agree, with a secret on either side or on both.

use crate::canary::Canary;
use crate::scene::Scene;

/// A resource: its type, its source, and its values, unknowns and marks in the plan.
type Case = (&'static str, &'static str, &'static str, &'static str);

const OPEN: &str = "variable \"s\" {\n  sensitive = true\n  default = \"Ⓢ\"\n}\nvariable \"p\" {\n  default = \"plain\"\n}\n";

/// In the source `@` stands for an expression, in the plan for a text.
const CASES: &[Case] = &[
    (
        "aws_ecs_service",
        "launch_type = @\n  platform_version = @\n  name = @\n  cluster = @",
        r#"{"launch_type":"@","platform_version":"@","name":"@","cluster":"@"}"#,
        r#"{"launch_type":true,"platform_version":true,"name":true,"cluster":true}"#,
    ),
    (
        "aws_ecs_service",
        "tags = { a = @, b = [@] }",
        r#"{"tags":{"a":"@","@":"@"}}"#,
        r#"{"tags":true}"#,
    ),
    (
        "aws_ecs_service",
        "network_configuration {\n    subnets = [@, @]\n  }",
        r#"{"network_configuration":[{"subnets":["@","x"],"assign_public_ip":"@"}]}"#,
        r#"{"network_configuration":[{"subnets":[true,true],"assign_public_ip":true}]}"#,
    ),
    (
        "aws_ecs_cluster",
        "name = @\n  setting {\n    name = @\n    value = @\n  }",
        r#"{"name":"@","setting":[{"name":"@","value":"@"},{"name":"containerInsights","value":"@"}]}"#,
        r#"{"name":true,"setting":true}"#,
    ),
    (
        "aws_ecs_cluster",
        "configuration {\n    execute_command_configuration {\n      logging = @\n      kms_key_id = @\n    }\n  }",
        r#"{"configuration":[{"execute_command_configuration":[{"logging":"@","kms_key_id":"@"}]}]}"#,
        r#"{"configuration":[{"execute_command_configuration":[{"logging":true,"kms_key_id":true}]}]}"#,
    ),
    (
        "aws_ecs_task_definition",
        "network_mode = @\n  pid_mode = @\n  task_role_arn = @\n  volume {\n    name = @\n    host_path = @\n  }",
        r#"{"network_mode":"@","pid_mode":"@","task_role_arn":"@","execution_role_arn":"@","volume":[{"name":"@","host_path":"@","efs_volume_configuration":[{"file_system_id":"@","transit_encryption":"@"}]}]}"#,
        r#"{"network_mode":true,"pid_mode":true,"task_role_arn":true,"execution_role_arn":true,"volume":true}"#,
    ),
    (
        "aws_ecs_task_definition",
        "container_definitions = jsonencode([{ name = \"a\", image = @, user = @, command = [@], environment = [{ name = \"A\", value = @ }, { name = \"DB_PASSWORD\", value = @ }], logConfiguration = { logDriver = @, options = { x = @ } } }])",
        r#"{"container_definitions":"[{\"name\":\"a\",\"image\":\"@\",\"user\":\"@\",\"command\":[\"@\",\"x\"],\"environment\":[{\"name\":\"A\",\"value\":\"@\"},{\"name\":\"DB_PASSWORD\",\"value\":\"@\"}],\"logConfiguration\":{\"logDriver\":\"@\",\"options\":{\"x\":\"@\"}}}]"}"#,
        r#"{"container_definitions":true}"#,
    ),
    (
        "aws_ecs_task_definition",
        "container_definitions = \"[{\\\"name\\\": \\\"${@}\\\"}]\"",
        r#"{"container_definitions":"[{\"name\":\"@\",\"image\":\"@\"}]"}"#,
        r#"{"container_definitions":true}"#,
    ),
    (
        "aws_ecs_task_definition",
        "container_definitions = @",
        r#"{"container_definitions":"[{\"name\": @ \"broken\""}"#,
        r#"{"container_definitions":true}"#,
    ),
];

/// A plan of one resource.
fn plan(ty: &str, after: &str, marks: &str, variable: &str) -> String {
    format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","variables":{{"s":{{"value":"{variable}"}},"p":{{"value":"plain"}}}},"resource_changes":[{{"address":"{ty}.t","mode":"managed","type":"{ty}","name":"t","change":{{"actions":["create"],"before":null,"after":{after},"after_unknown":{{}},"after_sensitive":{marks}}}}}],"configuration":{{"root_module":{{"variables":{{"s":{{"sensitive":true}}}}}}}}}}"#
    )
}

#[test]
fn a_secret_on_either_side_of_a_disagreement_is_printed_nowhere() {
    let canary = Canary::new();
    let mut told = Vec::new();
    for (number, (ty, source, after, marks)) in CASES.iter().enumerate() {
        let task = source.contains("container_definitions") || !ty.contains("task");
        let rest = if task {
            ""
        } else {
            "container_definitions = \"[]\"\n  "
        };
        let resource = |with: &str| {
            let source = source.replace('@', with);
            format!("{OPEN}resource \"{ty}\" \"t\" {{\n  {rest}{source}\n}}\n")
        };
        let known = |marks: &str| after.replace('@', marks);
        // A plan marks a definition only as a whole; what is secret in it, the source tells.
        let whole = marks.contains("container_definitions");
        let cases = [
            (
                "in the source",
                resource("var.s"),
                plan(ty, &known("other"), "{}", "Ⓢ"),
            ),
            (
                "in both",
                resource("var.s"),
                plan(ty, &known("pre-Ⓢ"), marks, "Ⓢ"),
            ),
            (
                "unmarked in both",
                resource("var.s"),
                plan(ty, &known("Ⓢ-post"), "{}", "Ⓢ"),
            ),
            (
                "in the plan",
                resource("var.p"),
                plan(ty, &known("Ⓢ"), marks, "x"),
            ),
            (
                "in the plan alone",
                OPEN.replace('Ⓢ', "other"),
                plan(ty, &known("Ⓢ"), marks, "Ⓢ"),
            ),
        ];
        for (side, source, plan) in cases {
            if whole && side.starts_with("in the plan") {
                continue;
            }
            let mut scene = Scene::new(&canary);
            scene.write("main/main.tf", &source);
            scene.write("plan.json", &plan);
            let file = scene.path("plan.json").display().to_string();
            scene.argument("--plan-file");
            scene.argument(&file);
            told.extend(
                scene
                    .leaks()
                    .iter()
                    .map(|leak| format!("{ty} {number} {side}: {leak}")),
            );
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn a_plan_that_cannot_be_read_is_not_quoted() {
    let canary = Canary::new();
    let good = plan(
        "aws_ecs_cluster",
        r#"{"name":"Ⓢ"}"#,
        r#"{"name":true}"#,
        "Ⓢ",
    );
    let mut told = Vec::new();
    let mut broken = vec![
        "Ⓢ".to_owned(),
        format!("Ⓢ {good}"),
        "\"Ⓢ\"".to_owned(),
        good.replace("\"1.2\"", "\"Ⓢ\""),
        good.replace("\"1.2\"", "\"9.Ⓢ\""),
        good.replace("\"1.2\"", "{\"Ⓢ\": 1}"),
        good.replace("\"1.11.4\"", "[\"Ⓢ\"]"),
        good.replace("\"managed\"", "\"Ⓢ\""),
        good.replace("\"managed\"", "7"),
        good.replace("[\"create\"]", "[\"Ⓢ\"]"),
        good.replace("[\"create\"]", "\"Ⓢ\""),
        good.replace(
            "\"resource_changes\":[",
            "\"resource_changes\":\"Ⓢ\",\"x\":[",
        ),
        good.replace("\"variables\":{", "\"variables\":\"Ⓢ\",\"x\":{"),
        good.replace("{\"Ⓢ\"", "{Ⓢ"),
        good.replace("\"value\":\"Ⓢ\"", "\"value\":Ⓢ"),
        good.replace("\"address\":", "\"Ⓢ\":"),
        "\u{1b}{\"a\": \"Ⓢ\"".to_owned(),
    ];
    // It may end anywhere.
    let letters: Vec<char> = good.chars().collect();
    broken.extend(
        (10..letters.len())
            .step_by(letters.len() / 12)
            .map(|end| letters[..end].iter().collect()),
    );
    for text in broken {
        let mut scene = Scene::new(&canary);
        scene.write("main/main.tf", OPEN);
        scene.write("plan.json", &text);
        let file = scene.path("plan.json").display().to_string();
        scene.argument("--plan-file");
        scene.argument(&file);
        let leak = canary
            .seen_in(&scene.printed(&["-v"]))
            .map(|leak| format!("{leak} of {text}"));
        told.extend(leak);
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}
