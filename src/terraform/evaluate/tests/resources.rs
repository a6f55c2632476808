//! What a reference to a resource gives, and what is said of it.

use super::{root, value};

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
fn ignored_changes_are_named() {
    let evaluated = root(
        "resource \"t\" \"it\" {\n  lifecycle {\n    ignore_changes = [desired_count, a[0].b, \"c\"]\n  }\n}\n",
    );
    let ignored = &evaluated.configuration.instances[0].ignore_changes;
    let ignored: Vec<&str> = ignored.iter().map(|ignored| &*ignored.path).collect();
    assert_eq!(ignored, ["desired_count", "a[0].b", "c"]);
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
fn a_write_only_argument_is_seen_by_nobody() {
    let evaluated = root(
        "resource \"t\" \"it\" {\n  password_wo = \"secret\"\n  password_wo_version = 1\n  b {\n    token_wo = \"secret\"\n  }\n}\n",
    );
    let it = &evaluated.configuration.instances[0].attributes;
    let names: Vec<&str> = it.entries.keys().map(|name| &**name).collect();
    assert_eq!(names, ["b", "password_wo_version"]);
    assert_eq!(evaluated.attribute("t.it", "b"), "[{.. ?t.it.b[0]}]");
}

#[test]
fn an_ephemeral_resource_is_no_instance_and_what_it_gives_is_secret() {
    let evaluated = root(
        "ephemeral \"aws_x\" \"y\" {\n  arn = \"a\"\n}\nresource \"t\" \"it\" {\n  it = ephemeral.aws_x.y.secret\n}\n",
    );
    assert_eq!(evaluated.addresses(), ["t.it"]);
    assert!(evaluated.find("t.it", "it").is_tainted());
    assert_eq!(
        evaluated.attribute("t.it", "it"),
        "?ephemeral.aws_x.y.secret"
    );
}

#[test]
fn the_state_of_another_root_module_is_a_reference() {
    let text = "data \"terraform_remote_state\" \"n\" {\n  backend = \"s3\"\n  config = { bucket = \"b\" }\n  for_each = toset([\"a\"])\n}\nresource \"t\" \"it\" {\n  it = data.terraform_remote_state.n[\"a\"].outputs.vpc_id\n}\n";
    let evaluated = root(text);
    assert_eq!(
        evaluated.attribute("t.it", "it"),
        "?data.terraform_remote_state.n[\"a\"].outputs.vpc_id"
    );
    assert_eq!(evaluated.notes(), Vec::<String>::new());
}
