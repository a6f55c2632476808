//! Plans in a few lines, and what is read of them.

use std::fmt::Write as _;

use super::Facts;
use crate::terraform::value::{Kind, Part, Presence, Reason, Value};

fn facts(json: &str) -> Facts {
    Facts::read(json.as_bytes().to_vec(), "plan.json").unwrap()
}

/// A plan of resource changes.
fn changes(changes: &str) -> Facts {
    facts(&format!(
        r#"{{"format_version":"1.2","resource_changes":[{changes}]}}"#
    ))
}

fn refusal(json: impl AsRef<[u8]>) -> String {
    let refused = Facts::read(json.as_ref().to_vec(), "plan.json");
    format!("{:#}", refused.expect_err("it is no plan"))
}

/// Writes a value as Terraform would, with references for what is unknown and marks for what is secret.
fn shown(value: &Value) -> String {
    let mut text = match &value.kind {
        Kind::Null(_) => "null".into(),
        Kind::Bool(truth) => truth.to_string(),
        Kind::Number(_) => "a number".into(),
        Kind::String(parts) => match &parts.0[..] {
            [] => "\"\"".into(),
            [Part::Known(text, _)] => format!("{text:?}"),
            _ => "a text in parts".into(),
        },
        Kind::List(_, elements) => {
            format!(
                "[{}]",
                elements.iter().map(shown).collect::<Vec<_>>().join(", ")
            )
        }
        Kind::Object(_, map) => {
            let entry = |(key, value): (&_, _)| format!("{key} = {}", shown(value));
            format!(
                "{{{}}}",
                map.entries.iter().map(entry).collect::<Vec<_>>().join(", ")
            )
        }
        Kind::Json(_) => "JSON".into(),
        Kind::Unknown(unknown) => match &unknown.0.reason {
            Reason::Reference(reference) => reference.to_string(),
            Reason::Other(why) => format!("<{why}>"),
            _ => "unknown".into(),
        },
    };
    if value.trace.sensitive {
        let taint = value
            .trace
            .taint
            .as_ref()
            .map_or("no taint", |taint| &taint.source);
        write!(text, " ({taint})").unwrap();
    }
    text
}

const SERVICE: &str = r#"{
  "address": "module.api[\"a.b\"].aws_ecs_service.this[0]",
  "module_address": "module.api[\"a.b\"]",
  "mode": "managed", "type": "aws_ecs_service", "name": "this", "index": 0,
  "provider_name": "registry.terraform.io/hashicorp/aws",
  "change": {"actions": ["create"], "before": null,
    "after": {"name": "api", "tags": {"a b": null}, "load_balancer": [{"port": "80"}]},
    "after_unknown": {"id": true, "tags": {"a b": true, "c": false}, "load_balancer": [{"arn": true}],
      "network": [{"subnets": true}]},
    "before_sensitive": false,
    "after_sensitive": {"load_balancer": [{"port": true}]}}
}"#;

#[test]
fn what_is_unknown_refers_to_its_attribute_and_what_is_sensitive_says_so() {
    let facts = changes(SERVICE);
    let address = r#"module.api["a.b"].aws_ecs_service.this[0]"#;
    assert_eq!(
        shown(&facts.attributes(address).unwrap()),
        format!(
            "{{id = {address}.id, \
             load_balancer = [{{arn = {address}.load_balancer[0].arn, \
             port = \"80\" (`{address}.load_balancer[0].port`, marked sensitive in the plan)}}], \
             name = \"api\", network = [{{subnets = {address}.network[0].subnets}}], \
             tags = {{a b = {address}.tags[\"a b\"]}}}}"
        )
    );
}

#[test]
fn instances_are_found_by_their_resource() {
    let facts = changes(SERVICE);
    let [instance] = &facts.instances_of(r#"module.api["a.b"].aws_ecs_service.this"#)[..] else {
        panic!("one instance")
    };
    assert_eq!(&*instance.module, r#"module.api["a.b"]"#);
    assert!(!instance.data);
    assert_eq!(facts.planned(&instance.address), Some(instance));
    assert_eq!(facts.instances().count(), 1);
    assert!(facts.instances_of("aws_ecs_service.this").is_empty());
}

#[test]
fn an_unknown_definition_is_unknown_whatever_stands_in_its_place() {
    for after in [r#""""#, "[]", "null", r#""[]""#] {
        let facts = changes(&format!(
            r#"{{"address": "t.x", "mode": "managed", "type": "t", "name": "x", "change":
            {{"actions": ["create"], "after": {{"container_definitions": {after}}},
            "after_unknown": {{"container_definitions": true}}}}}}"#
        ));
        let attributes = facts.attributes("t.x").unwrap();
        assert_eq!(
            shown(&attributes),
            "{container_definitions = t.x.container_definitions}"
        );
    }
}

#[test]
fn a_definition_that_is_marked_as_a_whole_taints_nothing() {
    let facts = changes(
        r#"{"address": "t.x", "mode": "managed", "type": "t", "name": "x", "change":
        {"actions": ["create"], "after": {"container_definitions": "[]", "p": "s"}, "after_unknown": {},
        "after_sensitive": {"container_definitions": true, "p": true}}}"#,
    );
    assert_eq!(
        shown(&facts.attributes("t.x").unwrap()),
        "{container_definitions = \"[]\" (no taint), p = \"s\" (`t.x.p`, marked sensitive in the plan)}"
    );
}

#[test]
fn what_stays_or_comes_is_kept_and_what_goes_is_not() {
    let change = |name: &str, actions: &str| {
        format!(
            r#"{{"address": "t.{name}", "mode": "managed", "type": "t", "name": "{name}",
            "change": {{"actions": [{actions}], "after": {{}}}}}}"#
        )
    };
    let facts = changes(
        &[
            change("same", r#""no-op""#),
            change("new", r#""create""#),
            change("changed", r#""update""#),
            change("replaced", r#""delete", "create""#),
            change("replaced_first", r#""create", "delete""#),
            change("replaced_and_forgotten", r#""create", "forget""#),
            change("of_later_terraform", r#""defer""#),
            change("gone", r#""delete""#),
            change("forgotten", r#""forget""#),
        ]
        .join(","),
    );
    let kept: Vec<_> = facts.instances().map(|instance| &*instance.name).collect();
    let expected =
        "same new changed replaced replaced_first replaced_and_forgotten of_later_terraform";
    assert_eq!(kept.join(" "), expected);
}

#[test]
fn an_instance_that_comes_twice_is_noted() {
    let change = r#"{"address": "t.x", "mode": "managed", "type": "t", "name": "x",
        "change": {"actions": ["create"], "after": {"a": true}}}"#;
    let facts = changes(&format!("{change},{}", change.replace("true", "false")));
    assert_eq!(
        facts.notes(),
        ["the plan has `t.x` twice; the first is used"]
    );
    assert_eq!(shown(&facts.attributes("t.x").unwrap()), "{a = true}");
}

#[test]
fn data_sources_come_from_the_prior_state_unless_they_are_read_again() {
    let facts = facts(
        r#"{"format_version": "1.2", "resource_changes": [{"address": "data.t.again", "mode": "data",
          "type": "t", "name": "again", "change": {"actions": ["read"], "after": {},
          "after_unknown": {"id": true}}}],
        "prior_state": {"format_version": "1.0", "values": {"root_module": {
          "resources": [
            {"address": "data.t.again", "mode": "data", "type": "t", "name": "again", "values": {"id": "1"}},
            {"address": "t.managed", "mode": "managed", "type": "t", "name": "managed", "values": {}}],
          "child_modules": [{"address": "module.m", "resources": [
            {"address": "module.m.data.t.x[\"k\"]", "mode": "data", "type": "t", "name": "x", "index": "k",
             "values": {"id": "2", "secret": "s"}, "sensitive_values": {"secret": true}}]}]}}}}"#,
    );
    let again = facts.attributes("data.t.again").unwrap();
    assert_eq!(shown(&again), "{id = data.t.again.id}");
    let [instance] = &facts.instances_of("module.m.data.t.x")[..] else {
        panic!("one instance")
    };
    assert!(instance.data);
    assert_eq!(
        shown(&facts.attributes(r#"module.m.data.t.x["k"]"#).unwrap()),
        "{id = \"2\", secret = \"s\" (`module.m.data.t.x[\"k\"].secret`, marked sensitive in the plan)}"
    );
    assert!(facts.attributes("t.managed").is_none());
}

#[test]
fn variables_are_read_and_the_sensitive_ones_marked() {
    let facts = facts(
        r#"{"format_version": "1.2", "planned_values": {},
        "variables": {"image": {"value": "app:1"}, "password": {"value": {"a": "s"}}, "none": {}},
        "configuration": {"root_module": {"variables": {"image": {}, "password": {"sensitive": true}}}}}"#,
    );
    let shown = |name| facts.variable(name).as_ref().map(shown);
    assert_eq!(shown("image").unwrap(), "\"app:1\"");
    assert_eq!(shown("none").unwrap(), "null");
    assert_eq!(shown("absent"), None);
    let mark = "(`var.password`, marked sensitive in the plan)";
    assert_eq!(
        shown("password").unwrap(),
        format!("{{a = \"s\" {mark}}} {mark}")
    );
}

#[test]
fn planned_values_serve_where_there_are_no_changes() {
    let facts = facts(
        r#"{"format_version": "1.2", "planned_values": {"root_module": {"child_modules": [
        {"address": "module.m", "resources": [{"address": "module.m.t.x", "mode": "managed", "type": "t",
        "name": "x", "values": {"a": [true]}}]}]}}}"#,
    );
    assert_eq!(
        shown(&facts.attributes("module.m.t.x").unwrap()),
        "{a = [true]}"
    );
}

#[test]
fn the_configuration_in_the_plan_tells_what_nobody_wrote() {
    let facts = facts(
        r#"{"format_version": "1.2", "resource_changes": [
        {"address": "module.m[\"k\"].t.x[0]", "module_address": "module.m[\"k\"]", "mode": "managed",
         "type": "t", "name": "x", "index": 0, "change": {"actions": ["create"],
         "after": {"a": "1", "b": null, "block": [{}], "empty": []},
         "after_unknown": {"network_mode": true, "written": true}}},
        {"address": "t.elsewhere", "mode": "managed", "type": "t", "name": "elsewhere",
         "change": {"actions": ["create"], "after": {"a": "1"}}}],
        "configuration": {"root_module": {"module_calls": {"m": {"module": {"resources": [
        {"address": "t.x", "mode": "managed", "type": "t", "name": "x", "provider_config_key": "aws.west",
         "expressions": {"a": {"constant_value": null}, "written": {"references": ["var.x"]},
         "block": [{}], "empty": []}}]}}}}}}"#,
    );
    let instance = facts.instance(r#"module.m["k"].t.x[0]"#).unwrap();
    assert_eq!(instance.computed.join(" "), "a b empty network_mode");
    assert_eq!(&*instance.provider, "aws.west");
    assert!(matches!(instance.presence, Presence::Certain));
    assert!(instance.header.is_none() && instance.body.is_none());
    assert!(facts.instance("t.elsewhere").unwrap().computed.is_empty());
}

#[test]
fn a_plan_that_leaves_something_out_says_so() {
    let incomplete =
        facts(r#"{"format_version": "1.2", "complete": false, "resource_changes": []}"#);
    assert!(!incomplete.is_complete());
    assert_eq!(
        incomplete.notes(),
        ["the plan is not complete: what it leaves out is from the source alone"]
    );
    let deferred = facts(
        r#"{"format_version": "1.2", "complete": false, "resource_changes": [], "deferred_changes":
        [{"reason": "absent_prereq", "resource_change": {"address": "module.m.t.x[*]", "module_address":
        "module.m", "mode": "managed", "type": "t", "name": "x", "change": {"actions": ["create"]}}}]}"#,
    );
    assert_eq!(
        deferred.notes(),
        ["the plan defers a change: of that resource it knows nothing"]
    );
    assert!(deferred.is_deferred("module.m.t.x") && !deferred.is_deferred("t.x"));
    assert!(changes("").is_complete() && !changes("").is_empty());
    assert!(Facts::default().is_empty());
}

#[test]
fn unknown_fields_and_later_minor_formats_are_read() {
    let facts = facts(
        r#"{"format_version": "1.99", "terraform_version": "1.20.0", "resource_changes": null,
        "planned_values": {"root_module": {}}, "action_invocations": [[{"x": 1e400}]],
        "resource_drift": [{"address": 1}], "relevant_attributes": {}, "applyable": false}"#,
    );
    assert_eq!(facts.terraform_version(), Some("1.20.0"));
    assert_eq!(facts.instances().count(), 0);
}

#[test]
fn what_is_not_a_plan_is_named() {
    let cases = [
        ("", "it is empty"),
        (
            "terraform {\n}",
            "it is not JSON: a plan's JSON is what `terraform show -json PLANFILE` prints",
        ),
        (
            r#"{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "resources": []}"#,
            "it is not a plan: it is a state file",
        ),
        (
            r#"{"format_version": "1.0", "values": {"root_module": {}}}"#,
            "it is not a plan: it is a state's JSON; give `terraform show` the plan file's name",
        ),
        (
            r#"{"format_version": "1.0", "provider_schemas": {}}"#,
            "it is not a plan: it is the JSON of `terraform providers schema`",
        ),
        (
            r#"{"format_version": "1.0", "valid": true, "diagnostics": []}"#,
            "it is not a plan: it is the JSON of `terraform validate`",
        ),
        (
            r#"{"resource": {"aws_vpc": {}}}"#,
            "it is not a plan: it is Terraform's configuration",
        ),
        (
            "{\"@level\":\"info\",\"type\":\"version\"}\n{\"@level\":\"info\"}\n",
            "it is not a plan: it is the log of `terraform plan -json`; \
             what `terraform show -json PLANFILE` prints is needed",
        ),
        (
            r#"{"a": 1}"#,
            "it is not a plan: it has no `format_version`, `planned_values` and `resource_changes`",
        ),
        (
            r#"{"format_version": "2.0", "resource_changes": []}"#,
            "its format is 2.0; only format 1 is read",
        ),
        (
            r#"{"format_version": "0.2", "resource_changes": []}"#,
            "its format is 0.2, of a Terraform before 1.1; only format 1 is read",
        ),
        (
            r#"{"format_version": "1.2", "errored": true, "resource_changes": []}"#,
            "planning failed, so it says only a part: `errored` is true",
        ),
        (
            r#"{"format_version": "1.2", "resource_changes": [{"addr"#,
            "it ends in the middle: EOF while parsing a string at line 1 column 53",
        ),
        (
            r#"{"format_version": "1.2", "variables": {"x": {"value": NaN}}}"#,
            "it is not JSON: expected value at line 1 column 56",
        ),
        (
            r#"{"format_version": "1.2", "resource_changes": {"x": 1}}"#,
            "it is not a plan's JSON: invalid type: map, expected a list of resources \
             at line 1 column 47",
        ),
        (
            r#"{"format_version": "1.2", "resource_changes": [{"mode": "managed"}]}"#,
            "it is not a plan's JSON: missing field `address` at line 1 column 66",
        ),
    ];
    for (json, message) in cases {
        assert_eq!(
            refusal(json),
            format!("cannot read the plan plan.json: {message}")
        );
    }
    let zip = refusal(b"PK\x03\x04\x14\0");
    assert!(zip.ends_with("this is the plan file itself"), "{zip}");
    assert!(refusal([b'{', 0xff]).ends_with("the byte at offset 1 is not UTF-8"));
}

#[test]
fn depth_and_huge_numbers_harm_nothing() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let facts = changes(&format!(
        r#"{{"address": "t.x", "mode": "managed", "type": "t", "name": "x", "change": {{"actions":
        ["create"], "after": {{"deep": {deep}, "huge": 1e99999999999, "long": {}}},
        "after_unknown": {{"deep": {deep}}}, "after_sensitive": {deep}}}}}"#,
        "9".repeat(100_000)
    ));
    assert!(facts.attributes("t.x").is_some());
    let nested = format!(
        "{}{}",
        r#"{"child_modules":["#.repeat(5_000),
        "]}".repeat(5_000)
    );
    let refused = refusal(format!(
        r#"{{"format_version":"1.2","prior_state":{{"values":{{"root_module":{nested}}}}}}}"#
    ));
    assert!(refused.contains("recursion limit exceeded"), "{refused}");
}
