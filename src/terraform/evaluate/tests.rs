//! Small configurations and what they come to.

use std::fmt::Write as _;

use super::{Assignment, Configuration, Inputs, evaluate};
use crate::source::{Place, SourceMap};
use crate::terraform::plan::Facts;
use crate::terraform::value::{Kind, Part, Presence, Reason, StepKind, Unknown, Value};

/// An evaluated directory of files.
struct Evaluated {
    configuration: Configuration,
    source: SourceMap,
    _directory: tempfile::TempDir,
}

fn evaluated(files: &[(&str, &str)]) -> Evaluated {
    evaluated_with(files, &[], &[], &Facts::default())
}

fn evaluated_with(
    files: &[(&str, &str)],
    environment: &[(String, String)],
    assignments: &[Assignment],
    facts: &Facts,
) -> Evaluated {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let root = directory.path().join("root");
    let assignments: Vec<Assignment> = assignments
        .iter()
        .map(|assignment| match assignment {
            Assignment::File(path) => Assignment::File(root.join(path)),
            variable => variable.clone(),
        })
        .collect();
    let mut source = SourceMap::default();
    let inputs = Inputs {
        root: &root,
        workspace: directory.path(),
        environment,
        terragrunt: &[],
        assignments: &assignments,
        terraform_workspace: Some("default"),
        facts,
        edited: None,
    };
    let configuration = evaluate(&inputs, &mut source);
    Evaluated {
        configuration,
        source,
        _directory: directory,
    }
}

/// Evaluates the text of a root module.
fn root(text: &str) -> Evaluated {
    evaluated(&[("root/main.tf", text)])
}

/// What an expression comes to as the argument of a resource, after other text.
fn value(text: &str, expression: &str) -> String {
    let text = format!("{text}\nresource \"t\" \"it\" {{\n  it = {expression}\n}}\n");
    root(&text).attribute("t.it", "it")
}

impl Evaluated {
    fn find(&self, address: &str, name: &str) -> &Value {
        let instance = self
            .configuration
            .instances
            .iter()
            .find(|instance| &*instance.address == address)
            .unwrap_or_else(|| panic!("no {address}: {:?}", self.addresses()));
        &instance.attributes.entries[name]
    }

    fn attribute(&self, address: &str, name: &str) -> String {
        shown(self.find(address, name))
    }

    fn addresses(&self) -> Vec<String> {
        let instances = self.configuration.instances.iter();
        instances
            .map(|instance| {
                let presence = presence(&instance.presence);
                format!("{presence}{}", instance.address)
            })
            .collect()
    }

    fn notes(&self) -> Vec<String> {
        let notes = self.configuration.notes.iter();
        notes
            .map(|note| match note.place {
                Some(place) => format!("{}: {}", self.at(place), note.message),
                None => note.message.clone(),
            })
            .collect()
    }

    fn at(&self, place: Place) -> String {
        let name = &self.source.file(place.file).name;
        let (start, _) = self.source.positions(place);
        format!("{name}:{}:{}", start.line, start.column)
    }

    /// The steps of a value's trace, the last first, each with what stands in its place.
    fn trace(&self, address: &str, name: &str) -> Vec<String> {
        let steps = self.find(address, name).trace.iter();
        steps
            .map(|step| {
                let kind = match &step.kind {
                    StepKind::Written => "written".to_owned(),
                    StepKind::Key => "key".to_owned(),
                    StepKind::Default(name) => format!("default of {name}"),
                    StepKind::VariableFile(name) => format!("file for {name}"),
                    StepKind::Argument(name) => format!("argument {name}"),
                    StepKind::Local(name) => format!("local {name}"),
                    StepKind::Output(name) => format!("output {name}"),
                    StepKind::Reference(text) => format!("reference {text}"),
                };
                format!("{kind}: {}", self.source.text(step.place))
            })
            .collect()
    }
}

/// A value, with unknowns as `?reference`.
fn shown(value: &Value) -> String {
    let mut text = presence(&value.trace.presence);
    match &value.kind {
        Kind::Null(_) => text.push_str("null"),
        Kind::Bool(truth) => write!(text, "{truth}").unwrap(),
        Kind::Number(number) => write!(text, "{number}").unwrap(),
        Kind::String(parts) => {
            text.push('"');
            for part in &parts.0 {
                match part {
                    Part::Known(known, _) => text.push_str(known),
                    Part::Json(value) => write!(text, "${{json {}}}", shown(value)).unwrap(),
                    Part::Unknown(unknown, _) => write!(text, "${{{}}}", why(unknown)).unwrap(),
                }
            }
            text.push('"');
        }
        Kind::List(_, elements) => {
            let elements: Vec<String> = elements.iter().map(shown).collect();
            write!(text, "[{}]", elements.join(", ")).unwrap();
        }
        Kind::Object(_, map) => {
            let entries = map.entries.iter();
            let mut entries: Vec<String> = entries
                .map(|(key, value)| format!("{key} = {}", shown(value)))
                .collect();
            if let Some(rest) = &map.rest {
                entries.push(format!(".. {}", why(rest)));
            }
            write!(text, "{{{}}}", entries.join(", ")).unwrap();
        }
        Kind::Json(value) => write!(text, "json {}", shown(value)).unwrap(),
        Kind::Unknown(unknown) => text.push_str(&why(unknown)),
    }
    text
}

fn why(unknown: &Unknown) -> String {
    match unknown.reason() {
        Reason::Reference(reference) => format!("?{reference}"),
        Reason::Computed(references) => {
            let references: Vec<String> = references.iter().map(ToString::to_string).collect();
            format!("?from({})", references.join(", "))
        }
        Reason::OneOf(values, _) => {
            let values: Vec<String> = values.iter().map(shown).collect();
            format!("?one of({})", values.join(" | "))
        }
        Reason::Other(why) => format!("?because({why})"),
    }
}

fn presence(presence: &Presence) -> String {
    match presence {
        Presence::Certain => String::new(),
        Presence::Maybe(unknown) => format!("maybe[{}] ", why(unknown)),
        Presence::Any(unknown) => format!("any[{}] ", why(unknown)),
    }
}

#[test]
fn a_local_gives_its_value() {
    assert_eq!(value("locals {\n  a = \"x\"\n}", "local.a"), "\"x\"");
}

#[test]
fn a_local_that_depends_on_itself_is_unknown() {
    let evaluated = root(
        "locals {\n  a = local.b\n  b = local.a\n}\nresource \"t\" \"it\" {\n  it = local.a\n}\n",
    );
    assert_eq!(
        evaluated.attribute("t.it", "it"),
        "?because(`local.a` depends on itself)"
    );
    assert_eq!(
        evaluated.notes(),
        ["root/main.tf:3:7: `local.a` depends on itself"]
    );
}

#[test]
fn what_is_not_declared_is_unknown() {
    let evaluated = root("resource \"t\" \"it\" {\n  it = var.a\n}\n");
    assert_eq!(
        evaluated.notes(),
        ["root/main.tf:2:8: `var.a` is not declared"]
    );
}

#[test]
fn a_variable_without_a_value_is_a_reference() {
    assert_eq!(value("variable \"a\" {}", "var.a"), "?var.a");
}

#[test]
fn a_trace_tells_the_way_of_a_value() {
    let evaluated = root(
        "variable \"image\" {\n  default = \"x\"\n}\nlocals {\n  a = var.image\n}\nresource \"t\" \"it\" {\n  it = local.a\n}\n",
    );
    assert_eq!(
        evaluated.trace("t.it", "it"),
        [
            "key: it",
            "reference local.a: local.a",
            "local a: a",
            "reference var.image: var.image",
            "default of image: \"x\"",
            "written: \"x\"",
        ]
    );
}

#[test]
fn a_partly_unknown_tuple_keeps_what_is_known() {
    assert_eq!(
        value("variable \"a\" {}", "[1, var.a, \"${var.a}:x\"]"),
        "[1, ?var.a, \"${?var.a}:x\"]"
    );
}

#[test]
fn an_attribute_that_nobody_wrote_is_a_reference() {
    assert_eq!(
        value(
            "resource \"aws_x\" \"y\" {\n  name = \"n\"\n}",
            "[aws_x.y.name, aws_x.y.arn]"
        ),
        "[\"n\", ?aws_x.y.arn]"
    );
}

#[test]
fn count_makes_instances_with_indices() {
    let evaluated = root("resource \"t\" \"it\" {\n  count = 2\n  it = count.index\n}\n");
    assert_eq!(evaluated.addresses(), ["t.it[0]", "t.it[1]"]);
    assert_eq!(evaluated.attribute("t.it[1]", "it"), "1");
}

#[test]
fn for_each_makes_instances_with_keys() {
    let evaluated = root(
        "resource \"t\" \"it\" {\n  for_each = { a = 1, b = 2 }\n  it = \"${each.key}${each.value}\"\n}\n",
    );
    assert_eq!(evaluated.addresses(), ["t.it[\"a\"]", "t.it[\"b\"]"]);
    assert_eq!(evaluated.attribute("t.it[\"b\"]", "it"), "\"b2\"");
}

#[test]
fn an_unknown_count_makes_one_instance_that_is_marked() {
    let evaluated = root("variable \"n\" {}\nresource \"t\" \"it\" {\n  count = var.n\n}\n");
    assert_eq!(evaluated.addresses(), ["any[?var.n] t.it"]);
}

#[test]
fn a_count_of_none_or_one_is_maybe() {
    let evaluated =
        root("variable \"n\" {}\nresource \"t\" \"it\" {\n  count = var.n ? 1 : 0\n}\n");
    assert_eq!(evaluated.addresses(), ["maybe[?one of(1 | 0)] t.it"]);
}

#[test]
fn an_unknown_for_each_makes_one_instance_that_is_marked() {
    let evaluated = root(
        "variable \"m\" {}\nresource \"t\" \"it\" {\n  for_each = var.m\n  it = each.value\n  key = each.key\n}\n",
    );
    assert_eq!(evaluated.addresses(), ["any[?var.m] t.it"]);
    assert_eq!(evaluated.attribute("t.it", "it"), "?from(var.m)");
}

#[test]
fn a_filter_that_is_unknown_keeps_the_element_as_maybe() {
    assert_eq!(
        value("variable \"a\" {}", "[for x in [1, 2] : x if var.a == x]"),
        "[maybe[?from(var.a)] 1, maybe[?from(var.a)] 2]"
    );
}

#[test]
fn a_for_over_an_unknown_gives_one_element_for_any() {
    assert_eq!(
        value("variable \"a\" {}", "[for x in var.a : { x = x, y = 1 }]"),
        "[any[?var.a] {x = ?from(var.a), y = 1}]"
    );
}

#[test]
fn try_gives_the_first_that_does_not_fail() {
    assert_eq!(
        value(
            "variable \"a\" {}\nlocals {\n  o = { b = 1 }\n}",
            "try(local.o.c, [var.a, 2], 3)"
        ),
        "[?var.a, 2]"
    );
}

#[test]
fn can_says_whether_it_fails() {
    assert_eq!(
        value(
            "locals {\n  o = { b = 1 }\n}",
            "[can(local.o.b), can(local.o.c)]"
        ),
        "[true, false]"
    );
}

#[test]
fn an_unknown_conditional_gives_both_arms_leaf_by_leaf() {
    assert_eq!(
        value(
            "variable \"a\" {}",
            "var.a ? { x = 1, y = 2 } : { x = 1, y = 3 }"
        ),
        "{x = 1, y = ?one of(2 | 3)}"
    );
    assert_eq!(value("variable \"a\" {}", "var.a ? \"x\" : \"x\""), "\"x\"");
    assert_eq!(
        value("variable \"a\" {}", "var.a ? [1] : []"),
        "[maybe[?var.a] 1]"
    );
}

#[test]
fn what_is_wrong_in_the_arm_not_taken_is_no_note() {
    let evaluated = root(
        "variable \"a\" {\n  default = null\n}\nresource \"t\" \"it\" {\n  it = var.a != null ? var.a.b : \"x\"\n}\n",
    );
    assert_eq!(evaluated.attribute("t.it", "it"), "\"x\"");
    assert_eq!(evaluated.notes(), Vec::<String>::new());
}

#[test]
fn a_failing_leaf_is_unknown_and_the_rest_known() {
    let evaluated = root("resource \"t\" \"it\" {\n  it = [1, \"${null}x\", 1 + \"a\"]\n}\n");
    assert_eq!(evaluated.notes().len(), 2);
    assert!(
        evaluated
            .attribute("t.it", "it")
            .starts_with("[1, \"${?because(")
    );
}

#[test]
fn nested_blocks_are_lists_of_objects() {
    let evaluated = root(
        "resource \"t\" \"it\" {\n  b {\n    x = 1\n    c {\n      y = 2\n    }\n  }\n  b {\n    x = 3\n  }\n}\n",
    );
    assert_eq!(
        evaluated.attribute("t.it", "b"),
        "[{c = [{y = 2, .. ?t.it.b[0].c[0]}], x = 1, .. ?t.it.b[0]}, {x = 3, .. ?t.it.b[1]}]"
    );
}

#[test]
fn dynamic_blocks_are_expanded_with_their_iterator() {
    let evaluated = root(
        "resource \"t\" \"it\" {\n  dynamic \"b\" {\n    for_each = { k = [1, 2] }\n    iterator = i\n    content {\n      key = i.key\n      dynamic \"c\" {\n        for_each = i.value\n        content {\n          v = c.value\n          k = i.key\n        }\n      }\n    }\n  }\n}\n",
    );
    assert_eq!(
        evaluated.attribute("t.it", "b"),
        "[{c = [{k = \"k\", v = 1, .. ?t.it.b[0].c[0]}, {k = \"k\", v = 2, .. ?t.it.b[0].c[1]}], key = \"k\", .. ?t.it.b[0]}]"
    );
}

#[test]
fn an_unknown_dynamic_block_stands_for_any() {
    let evaluated = root(
        "variable \"a\" {}\nresource \"t\" \"it\" {\n  dynamic \"b\" {\n    for_each = var.a\n    content {\n      x = b.value.x\n      y = 1\n    }\n  }\n}\n",
    );
    assert_eq!(
        evaluated.attribute("t.it", "b"),
        "[any[?var.a] {x = ?from(var.a), y = 1, .. ?t.it.b[0]}]"
    );
}

#[test]
fn a_local_module_gets_its_arguments_and_gives_its_outputs() {
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "module \"m\" {\n  source = \"../modules/m\"\n  name = \"n\"\n}\nresource \"t\" \"it\" {\n  it = module.m.out\n}\n",
        ),
        (
            "modules/m/main.tf",
            "variable \"name\" {}\nresource \"t\" \"in\" {\n  it = var.name\n  path = path.module\n}\noutput \"out\" {\n  value = t.in.it\n}\n",
        ),
    ]);
    assert_eq!(evaluated.addresses(), ["module.m.t.in", "t.it"]);
    assert_eq!(evaluated.attribute("t.it", "it"), "\"n\"");
    assert_eq!(
        evaluated.attribute("module.m.t.in", "path"),
        "\"../modules/m\""
    );
    assert_eq!(
        evaluated.trace("t.it", "it"),
        [
            "key: it",
            "reference module.m.out: module.m.out",
            "output out: t.in.it",
            "reference t.in.it: t.in.it",
            "key: it",
            "reference var.name: var.name",
            "argument name: name = \"n\"",
            "written: \"n\"",
        ]
    );
}

#[test]
fn a_module_that_is_not_installed_has_unknown_outputs_and_a_note() {
    let evaluated = root(
        "module \"vpc\" {\n  source = \"terraform-aws-modules/vpc/aws\"\n}\nresource \"t\" \"it\" {\n  it = module.vpc.private_subnets\n}\n",
    );
    assert_eq!(
        evaluated.attribute("t.it", "it"),
        "?module.vpc.private_subnets"
    );
    assert_eq!(
        evaluated.notes(),
        ["root/main.tf:1:1: `module.vpc` is not installed: what it makes is not audited"]
    );
}

#[test]
fn an_installed_module_is_found_through_the_manifest() {
    let evaluated = evaluated(&[
        ("root/main.tf", "module \"m\" {\n  source = \"x/y/z\"\n}\n"),
        (
            "root/.terraform/modules/modules.json",
            "{\"Modules\":[{\"Key\":\"m\",\"Source\":\"x\",\"Dir\":\".terraform/modules/m/sub\"}]}",
        ),
        (
            "root/.terraform/modules/m/sub/main.tf",
            "resource \"t\" \"it\" {\n  path = path.module\n}\nmodule \"n\" {\n  source = \"./n\"\n}\n",
        ),
        (
            "root/.terraform/modules/m/sub/n/main.tf",
            "resource \"t\" \"it\" {}\n",
        ),
    ]);
    assert_eq!(
        evaluated.addresses(),
        ["module.m.module.n.t.it", "module.m.t.it"]
    );
    assert_eq!(
        evaluated.attribute("module.m.t.it", "path"),
        "\".terraform/modules/m/sub\""
    );
}

#[test]
fn a_module_that_calls_itself_is_not_called() {
    let evaluated = root("module \"m\" {\n  source = \"./\"\n}\nresource \"t\" \"it\" {}\n");
    assert_eq!(evaluated.addresses(), ["t.it"]);
    assert_eq!(
        evaluated.notes(),
        ["root/main.tf:1:1: `module.m` calls the module that it is in"]
    );
}

#[test]
fn a_module_with_for_each_has_instances() {
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "module \"m\" {\n  source = \"./m\"\n  for_each = toset([\"a\", \"b\"])\n  name = each.key\n}\nresource \"t\" \"it\" {\n  it = [module.m[\"a\"].out, [for m in module.m : m.out]]\n}\n",
        ),
        (
            "root/m/main.tf",
            "variable \"name\" {}\noutput \"out\" {\n  value = var.name\n}\nresource \"t\" \"in\" {}\n",
        ),
    ]);
    assert_eq!(
        evaluated.addresses(),
        ["module.m[\"a\"].t.in", "module.m[\"b\"].t.in", "t.it"]
    );
    assert_eq!(evaluated.attribute("t.it", "it"), "[\"a\", [\"a\", \"b\"]]");
}

#[test]
fn variables_are_given_in_terraforms_order() {
    let declared =
        "variable \"a\" {\n  default = \"default\"\n}\nresource \"t\" \"it\" {\n  it = var.a\n}\n";
    let files = [
        ("root/main.tf", declared),
        ("root/terraform.tfvars", "a = \"tfvars\"\n"),
        ("root/z.auto.tfvars", "a = \"auto\"\n"),
        ("root/other", "a = \"file\"\n"),
    ];
    let environment = [("a".to_owned(), "environment".to_owned())];
    let given = |files: &[(&str, &str)], assignments: &[Assignment]| {
        evaluated_with(files, &environment, assignments, &Facts::default()).attribute("t.it", "it")
    };
    assert_eq!(root(declared).attribute("t.it", "it"), "\"default\"");
    assert_eq!(given(&files[..1], &[]), "\"environment\"");
    assert_eq!(given(&files[..2], &[]), "\"tfvars\"");
    assert_eq!(given(&files[..3], &[]), "\"auto\"");
    let file = Assignment::File("other".into());
    let variable = Assignment::Variable("a".into(), "line".into());
    assert_eq!(given(&files, std::slice::from_ref(&file)), "\"file\"");
    assert_eq!(given(&files, &[file.clone(), variable.clone()]), "\"line\"");
    assert_eq!(given(&files, &[variable, file]), "\"file\"");
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
fn a_complex_variable_on_the_command_line_is_an_expression() {
    let text = "variable \"a\" {\n  type = list(string)\n}\nvariable \"b\" {\n  type = string\n}\nresource \"t\" \"it\" {\n  it = [var.a, var.b]\n}\n";
    let given = [
        Assignment::Variable("a".into(), "[\"x\", 1]".into()),
        Assignment::Variable("b".into(), "[1]".into()),
    ];
    let evaluated = evaluated_with(&[("root/main.tf", text)], &[], &given, &Facts::default());
    assert_eq!(
        evaluated.attribute("t.it", "it"),
        "[[\"x\", \"1\"], \"[1]\"]"
    );
}

#[test]
fn optional_attributes_get_their_defaults() {
    assert_eq!(
        value(
            "variable \"a\" {\n  type = object({ x = optional(number, 80), y = optional(string) })\n  default = {}\n}",
            "var.a"
        ),
        "{x = 80, y = null}"
    );
}

#[test]
fn null_is_the_default_where_a_variable_may_not_be_null() {
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "module \"m\" {\n  source = \"./m\"\n  a = null\n  b = null\n}\n",
        ),
        (
            "root/m/main.tf",
            "variable \"a\" {\n  default = 1\n  nullable = false\n}\nvariable \"b\" {\n  default = 1\n}\nresource \"t\" \"it\" {\n  it = [var.a, var.b]\n}\n",
        ),
    ]);
    assert_eq!(evaluated.attribute("module.m.t.it", "it"), "[1, null]");
}

#[test]
fn secrets_taint_what_they_flow_into() {
    let evaluated = root(
        "variable \"p\" {\n  sensitive = true\n}\nresource \"random_password\" \"r\" {}\nlocals {\n  url = \"postgres://u:${var.p}@h\"\n}\nresource \"t\" \"it\" {\n  it = { a = local.url, b = random_password.r.result, c = \"x\" }\n}\n",
    );
    let it = evaluated.find("t.it", "it");
    let taint = |name: &str| {
        let marks = it.entry(name).unwrap().marks();
        marks.taint.map(|taint| taint.source.to_string())
    };
    assert_eq!(taint("a").as_deref(), Some("`var.p`, which is sensitive"));
    assert_eq!(taint("b").as_deref(), Some("`random_password.r.result`"));
    assert_eq!(taint("c"), None);
}

#[test]
fn a_parameter_of_a_known_type_is_no_secret_source() {
    let evaluated = root(
        "resource \"aws_ssm_parameter\" \"a\" {\n  type = \"String\"\n  value = \"x\"\n}\nresource \"aws_ssm_parameter\" \"b\" {\n  type = \"SecureString\"\n  value = \"x\"\n}\nresource \"t\" \"it\" {\n  a = aws_ssm_parameter.a.value\n  b = aws_ssm_parameter.b.value\n  c = aws_ssm_parameter.b\n}\n",
    );
    assert!(!evaluated.find("t.it", "a").is_tainted());
    assert!(evaluated.find("t.it", "b").is_tainted());
    assert!(
        !evaluated
            .find("t.it", "c")
            .entry("type")
            .unwrap()
            .is_tainted()
    );
}

#[test]
fn a_template_file_has_places_in_itself() {
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "resource \"t\" \"it\" {\n  it = templatefile(\"${path.module}/a.tftpl\", { x = [1, 2], y = \"v\" })\n}\n",
        ),
        (
            "root/a.tftpl",
            "%{ for n in x ~}\n${n}=${y}\n%{ endfor ~}\nend\n",
        ),
    ]);
    assert_eq!(evaluated.attribute("t.it", "it"), "\"1=v\n2=v\nend\n\"");
    let Kind::String(text) = &evaluated.find("t.it", "it").kind else {
        panic!("no text");
    };
    let Some(Part::Known(_, trace)) = text.0.last() else {
        panic!("no known part");
    };
    assert_eq!(evaluated.at(trace.written().unwrap()), "root/a.tftpl:4:1");
}

#[test]
fn a_file_outside_the_workspace_is_not_read() {
    let evaluated =
        root("resource \"t\" \"it\" {\n  it = templatefile(\"../../../etc/passwd\", {})\n}\n");
    assert!(
        evaluated
            .attribute("t.it", "it")
            .contains("outside the workspace")
    );
    assert_eq!(evaluated.notes().len(), 1);
}

#[test]
fn json_syntax_gives_the_same_as_native_syntax() {
    let evaluated = evaluated(&[(
        "root/main.tf.json",
        r#"{
  "variable": {"a": {"type": "list(string)", "default": ["x"]}},
  "resource": {"aws_ecs_service": {"s": {
    "count": 2,
    "name": "n-${count.index}-${var.a[0]}",
    "tags": {"k": "v"},
    "network_configuration": {"subnets": "${var.a}", "assign_public_ip": true},
    "dynamic": {"setting": {"for_each": ["q"], "content": {"name": "${setting.value}"}}}
  }}}
}"#,
    )]);
    assert_eq!(evaluated.notes(), Vec::<String>::new());
    let address = "aws_ecs_service.s[1]";
    assert_eq!(evaluated.attribute(address, "name"), "\"n-1-x\"");
    assert_eq!(evaluated.attribute(address, "tags"), "{k = \"v\"}");
    assert_eq!(
        evaluated.attribute(address, "network_configuration"),
        "[{assign_public_ip = true, subnets = [\"x\"], .. ?aws_ecs_service.s[1].network_configuration[0]}]"
    );
    assert_eq!(
        evaluated.attribute(address, "setting"),
        "[{name = \"q\", .. ?aws_ecs_service.s[1].setting[0]}]"
    );
}

#[test]
fn override_files_replace_arguments_and_blocks() {
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "resource \"t\" \"it\" {\n  a = 1\n  b = 2\n  c {\n    x = 1\n  }\n  c {\n    x = 2\n  }\n}\nlocals {\n  l = 1\n}\n",
        ),
        (
            "root/x_override.tf",
            "resource \"t\" \"it\" {\n  b = local.l\n  c {\n    x = 3\n  }\n}\nlocals {\n  l = 5\n}\n",
        ),
    ]);
    assert_eq!(evaluated.attribute("t.it", "a"), "1");
    assert_eq!(evaluated.attribute("t.it", "b"), "5");
    assert_eq!(evaluated.attribute("t.it", "c"), "[{x = 3, .. ?t.it.c[0]}]");
}

#[test]
fn a_provider_is_named_as_the_root_module_names_it() {
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "module \"m\" {\n  source = \"./m\"\n  providers = { aws = aws.replica }\n}\nresource \"aws_x\" \"y\" {\n  provider = aws.other\n}\n",
        ),
        ("root/m/main.tf", "resource \"aws_x\" \"y\" {}\n"),
    ]);
    let providers: Vec<&str> = evaluated
        .configuration
        .instances
        .iter()
        .map(|instance| &*instance.provider)
        .collect();
    assert_eq!(providers, ["aws.other", "aws.replica"]);
}

#[test]
fn ignored_changes_are_named() {
    let evaluated = root(
        "resource \"t\" \"it\" {\n  lifecycle {\n    ignore_changes = [desired_count, a[0].b, \"c\"]\n  }\n}\n",
    );
    let ignored = &evaluated.configuration.instances[0].ignore_changes;
    let ignored: Vec<&str> = ignored.iter().map(|name| &**name).collect();
    assert_eq!(ignored, ["desired_count", "a", "c"]);
}

#[test]
fn instances_are_in_the_order_of_their_numbers() {
    let evaluated = root("resource \"t\" \"it\" {\n  count = 11\n}\n");
    assert_eq!(evaluated.addresses()[2], "t.it[2]");
    assert_eq!(evaluated.addresses()[10], "t.it[10]");
}

#[test]
fn whole_resources_are_values() {
    assert_eq!(
        value(
            "resource \"aws_subnet\" \"s\" {\n  for_each = { a = 1, b = 2 }\n  n = each.value\n}",
            "{ for k, s in aws_subnet.s : k => \"${s.n}${s.id}\" }"
        ),
        "{a = \"1${?aws_subnet.s[\"a\"].id}\", b = \"2${?aws_subnet.s[\"b\"].id}\"}"
    );
}

#[test]
fn an_argument_written_as_null_is_unknown_to_those_who_refer_to_it() {
    let text = "resource \"a\" \"b\" {\n  n = null\n}";
    assert_eq!(
        value(text, "a.b.n"),
        value("resource \"a\" \"b\" {\n}", "a.b.n")
    );
    assert_eq!(root(text).attribute("a.b", "n"), "null");
}

#[test]
fn the_old_template_file_renders_its_template() {
    let text = "data \"template_file\" \"f\" {\n  template = \"a $${x} ${\"$\"}{y}\"\n  vars = { x = \"b\", y = t.u.id }\n}";
    assert_eq!(
        value(text, "data.template_file.f.rendered"),
        value("", "\"a b ${t.u.id}\"")
    );
}

#[test]
fn the_variables_of_an_old_template_may_stand_in_a_block() {
    let text = "data \"template_file\" \"f\" {\n  template = \"${\"$\"}{x} ${\"$\"}{y}\"\n  vars {\n    x = \"b\"\n    y = t.u.id\n  }\n}";
    assert_eq!(
        value(text, "data.template_file.f.rendered"),
        value("", "\"b ${t.u.id}\"")
    );
}

#[test]
fn a_template_that_is_not_there_is_why_its_result_is_not_known() {
    let text =
        "data \"template_file\" \"f\" {\n  template = file(\"x.json\")\n  vars = { y = t.u.id }\n}";
    assert_eq!(
        value(text, "data.template_file.f.rendered"),
        value("", "file(\"x.json\")")
    );
}

#[test]
fn what_is_replaced_by_something_unknown_leaves_the_rest_known() {
    assert_eq!(
        value(
            "",
            "replace(replace(\"a <x> <y> <x>\", \"<x>\", t.u.id), \"<y>\", \"b\")"
        ),
        value("", "\"a ${t.u.id} b ${t.u.id}\"").replace("?t.u.id", "?(t.u.id)")
    );
}

#[test]
fn what_is_one_of_several_gets_the_defaults_of_optional_attributes_too() {
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "variable \"e\" {}\nlocals {\n  all = { a = { j = { n = 1 } }, b = { j = { n = 2, o = 3 } } }\n}\nmodule \"m\" {\n  source = \"./m\"\n  j = local.all[var.e].j\n}\n",
        ),
        (
            "root/m/main.tf",
            "variable \"j\" {\n  type = object({ n = number, o = optional(number, 4) })\n}\nresource \"t\" \"it\" {\n  it = var.j.o\n}\n",
        ),
        ("root/old.tf/README", ""),
    ]);
    assert_eq!(evaluated.notes(), Vec::<String>::new());
    assert_eq!(evaluated.attribute("module.m.t.it", "it"), "?one of(4 | 3)");
}

#[test]
fn splats_go_over_lists_null_and_single_values() {
    assert_eq!(
        value(
            "resource \"a\" \"b\" {\n  count = 2\n}\nlocals {\n  n = null\n  o = { x = 1 }\n}",
            "[a.b[*].id, local.n[*].x, local.o[*].x, a.b.*.arn]"
        ),
        "[[?a.b[0].id, ?a.b[1].id], [], [1], [?a.b[0].arn, ?a.b[1].arn]]"
    );
}

#[test]
fn a_name_that_is_not_declared_is_noted_once() {
    let evaluated = root("resource \"t\" \"it\" {\n  a = var.x\n  b = var.x\n  c = var.x\n}\n");
    assert_eq!(
        evaluated.notes(),
        ["root/main.tf:2:7: `var.x` is not declared (and in 2 more places)"]
    );
}

#[test]
fn what_is_wrong_in_an_arm_that_may_not_be_taken_is_no_note() {
    let evaluated = root(
        "variable \"a\" {}\nresource \"t\" \"it\" {\n  it = var.a ? cidrsubnet(null, 1, 1) : \"x\"\n}\n",
    );
    assert_eq!(evaluated.notes(), Vec::<String>::new());
    assert!(evaluated.attribute("t.it", "it").ends_with(" | \"x\")"));
}

#[test]
fn a_text_that_doubles_itself_meets_a_bound() {
    let mut text = "locals {\n  a0 = \"0123456789abcdef\"\n".to_owned();
    for level in 1..=50 {
        let before = level - 1;
        writeln!(
            text,
            "  a{level} = \"${{local.a{before}}}${{local.a{before}}}\""
        )
        .unwrap();
    }
    text.push_str("}\nresource \"t\" \"it\" {\n  it = local.a50\n  b  = 1\n}\n");
    let evaluated = root(&text);
    assert!(evaluated.find("t.it", "it").is_unknown());
    assert_eq!(evaluated.notes().len(), 1);
}

#[test]
fn references_that_nest_too_deep_meet_a_bound() {
    let mut text = "locals {\n  a0 = 1\n".to_owned();
    for level in 1..=5000 {
        writeln!(text, "  a{level} = local.a{}", level - 1).unwrap();
    }
    text.push_str("}\nresource \"t\" \"it\" {\n  it = local.a5000\n  b  = 1\n}\n");
    let evaluated = root(&text);
    assert_eq!(
        evaluated.attribute("t.it", "it"),
        "?because(the evaluation nests too deep)"
    );
    assert_eq!(evaluated.attribute("t.it", "b"), "1");
}

#[test]
fn too_many_instances_are_one_that_is_marked() {
    let evaluated = root("resource \"t\" \"it\" {\n  count = 1e9\n}\n");
    assert_eq!(evaluated.addresses().len(), 10_001);
    assert_eq!(
        evaluated.notes(),
        ["root/main.tf:2:11: there are more than 10000 instances"]
    );
}

#[test]
fn calls_that_nest_are_evaluated_as_deep_as_the_parser_reads() {
    let depth = 400;
    let call = format!("{}1{}", "abs(".repeat(depth), ")".repeat(depth));
    assert_eq!(value("", &call), "1");
}

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

#[test]
fn a_variable_file_that_cannot_be_read_may_give_anything() {
    let main = "variable \"a\" {\n  default = 1\n}\nvariable \"b\" {\n  default = 2\n}\n\
                resource \"t\" \"it\" {\n  a = var.a\n  b = var.b\n}\n";
    let broken = evaluated(&[
        ("root/main.tf", main),
        ("root/terraform.tfvars", "a = 3\nb = [\n"),
    ]);
    assert_eq!(broken.attribute("t.it", "a"), "3");
    assert!(
        broken.attribute("t.it", "b").starts_with("[?")
            || broken.attribute("t.it", "b").starts_with('?')
    );
    let json = evaluated(&[
        ("root/main.tf", main),
        ("root/terraform.tfvars.json", "{"),
        ("root/z.auto.tfvars", "b = 4\n"),
    ]);
    assert!(json.attribute("t.it", "a").starts_with('?'));
    assert_eq!(json.attribute("t.it", "b"), "4");
}

#[test]
fn a_text_that_is_no_expression_leaves_its_variable_unknown() {
    let main = "variable \"a\" {\n  type    = list(string)\n  default = []\n}\n\
                resource \"t\" \"it\" {\n  a = var.a\n}\n";
    let environment = [("a".to_owned(), "[".to_owned())];
    let given = evaluated_with(
        &[("root/main.tf", main)],
        &environment,
        &[],
        &Facts::default(),
    );
    assert!(given.attribute("t.it", "a").starts_with('?'));
}

#[test]
fn what_is_missing_is_named_and_a_block_with_a_syntax_error_is_broken() {
    let module = "resource \"t\" \"in\" {\n  a = 1\n}\n";
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "resource \"t\" \"whole\" {\n  a = 1\n}\nresource \"t\" \"cut\" {\n  a = = 1\n  b = 2\n}\n\
             module \"m\" {\n  source = \"../m\"\n  x = = 1\n}\nmodule \"far\" {\n  source = \"a/b/c\"\n}\n",
        ),
        ("root/twice.tf", "resource \"t\" \"whole\" {\n}\n"),
        ("m/main.tf", module),
    ]);
    let missing: Vec<&str> = evaluated
        .configuration
        .notes
        .iter()
        .filter_map(|note| note.missing.as_deref())
        .collect();
    assert_eq!(missing, ["root/main.tf", "t.whole", "module.far"]);
    let mut broken = evaluated.configuration.broken.clone();
    broken.sort();
    let broken: Vec<&str> = broken.iter().map(|address| &**address).collect();
    assert_eq!(broken, ["module.m.t.in", "t.cut"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_no_text_or_leads_out_is_missing() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("out.tf"), "").unwrap();
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    std::os::unix::fs::symlink(outside.path().join("out.tf"), root.join("out.tf")).unwrap();
    std::os::unix::fs::symlink(root.join("nowhere"), root.join("gone.tf")).unwrap();
    std::fs::write(root.join("latin.tf"), b"# caf\xe9\n").unwrap();
    std::fs::create_dir(root.join("directory.tf")).unwrap();
    let inputs = Inputs {
        root,
        workspace: root,
        environment: &[],
        terragrunt: &[],
        assignments: &[],
        terraform_workspace: Some("default"),
        facts: &Facts::default(),
        edited: None,
    };
    let configuration = evaluate(&inputs, &mut SourceMap::default());
    let missing: Vec<&str> = configuration
        .notes
        .iter()
        .filter_map(|note| note.missing.as_deref())
        .collect();
    assert_eq!(missing, ["gone.tf", "latin.tf", "out.tf"]);
}
