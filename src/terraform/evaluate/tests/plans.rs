//! What a plan adds.

use super::{evaluated_with, root};
use crate::terraform::plan::Facts;

/// A plan with these resource changes.
fn planned(changes: &str) -> Facts {
    let plan = format!(
        "{{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.4\",\"complete\":true,\"variables\":{{\"a\":{{\"value\":\"planned\"}}}},\"planned_values\":{{}},\"resource_changes\":[{changes}]}}"
    );
    Facts::read(plan.into_bytes(), "plan").unwrap()
}

fn change(module: &str, name: &str, index: &str, after: &str) -> String {
    let address = format!("{module}t.{name}{index}");
    let address = serde_json::to_string(&address).unwrap();
    let module = match module.trim_end_matches('.') {
        "" => String::new(),
        module => format!(
            "\"module_address\":{},",
            serde_json::to_string(module).unwrap()
        ),
    };
    let index = match index.trim_matches(['[', ']']) {
        "" => String::new(),
        index => format!("\"index\":{index},"),
    };
    format!(
        "{{\"address\":{address},{module}{index}\"mode\":\"managed\",\"type\":\"t\",\"name\":\"{name}\",\"provider_name\":\"p\",\"change\":{{\"actions\":[\"create\"],\"before\":null,\"after\":{after},\"after_unknown\":{{}},\"before_sensitive\":false,\"after_sensitive\":{{}}}}}}"
    )
}

#[test]
fn what_a_plan_was_made_with_outranks_the_source_and_leaves_it_its_places() {
    let text = "variable \"a\" {\n  default = { x = \"default\" }\n}\nresource \"t\" \"it\" {\n  it = var.a.x\n}\n";
    let planned = |value: &str| {
        let plan = format!(
            "{{\"format_version\": \"1.2\", \"planned_values\": {{}}, \"resource_changes\": [], \"variables\": {{\"a\": {{\"value\": {{\"x\": \"{value}\"}}}}}}}}"
        );
        let facts = Facts::read(plan.into_bytes(), "plan.json").unwrap();
        evaluated_with(&[("root/main.tf", text)], &[], &[], &facts)
    };
    let same = planned("default");
    assert_eq!(same.attribute("t.it", "it"), "\"default\"");
    assert_eq!(same.trace("t.it", "it"), root(text).trace("t.it", "it"));
    let other = planned("other");
    assert_eq!(other.attribute("t.it", "it"), "\"other\"");
    assert_eq!(
        other.trace("t.it", "it"),
        ["key: it", "reference var.a.x: var.a.x"]
    );
}

#[test]
fn a_plan_gives_variables_attributes_and_keys() {
    let text = "variable \"a\" {}\nvariable \"n\" {}\nresource \"t\" \"one\" {}\nresource \"t\" \"many\" {\n  for_each = var.n\n  k = each.key\n}\nresource \"t\" \"it\" {\n  it = [var.a, t.one.id, t.one.other]\n}\nmodule \"m\" {\n  source = \"./m\"\n  count = var.n\n}\n";
    let changes = [
        change("", "one", "", "{\"id\":\"i-1\"}"),
        change("", "many", "[\"x\"]", "{}"),
        change("module.m[0].", "in", "", "{}"),
        change("module.m[1].", "in", "", "{}"),
    ];
    let evaluated = evaluated_with(
        &[
            ("root/main.tf", text),
            ("root/m/main.tf", "resource \"t\" \"in\" {}\n"),
        ],
        &[],
        &[],
        &planned(&changes.join(",")),
    );
    assert_eq!(
        evaluated.attribute("t.it", "it"),
        "[\"planned\", \"i-1\", ?t.one.other]"
    );
    assert_eq!(evaluated.attribute("t.many[\"x\"]", "k"), "\"x\"");
    assert_eq!(
        evaluated.addresses(),
        [
            "module.m[0].t.in",
            "module.m[1].t.in",
            "t.it",
            "t.many[\"x\"]",
            "t.one"
        ]
    );
}
