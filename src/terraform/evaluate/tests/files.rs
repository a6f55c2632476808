//! Files of every kind.

use super::super::{Inputs, evaluate};
use super::{evaluated, root, value};
use crate::source::SourceMap;
use crate::terraform::plan::Facts;
use crate::terraform::value::{Kind, Part};

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
fn the_old_template_file_renders_its_template() {
    let text = "data \"template_file\" \"f\" {\n  template = \"a $${x} ${\"$\"}{y}\"\n  vars = { x = \"b\", y = t.u.id }\n}";
    assert_eq!(
        value(text, "data.template_file.f.rendered"),
        value("", "\"a b ${t.u.id}\"")
    );
}

#[test]
fn opentofu_reads_its_files_in_the_place_of_terraforms() {
    let local = |value: &str| format!("locals {{\n  {value}\n}}\n");
    let evaluated = evaluated(&[
        ("root/a.tf", &local("a = \"tf\"")),
        ("root/a.tofu", &local("a = \"tofu\"")),
        ("root/b.tf.json", "{\"locals\": {\"b\": \"tf\"}}"),
        ("root/b.tofu.json", "{\"locals\": {\"b\": \"tofu\"}}"),
        ("root/c.tofu", &local("c = \"only tofu\"")),
        ("root/d.tofu.tf", &local("d = \"tf\"")),
        ("root/d.tf.tf", &local("e = \"tf\"")),
        ("root/x_override.tofu", &local("c = \"override\"")),
        ("root/x_override.tf", &local("a = \"replaced\"")),
        (
            "root/main.tf",
            "resource \"t\" \"it\" {\n  it = [local.a, local.b, local.c, local.d, local.e]\n}\n",
        ),
    ]);
    assert_eq!(
        evaluated.attribute("t.it", "it"),
        "[\"tofu\", \"tofu\", \"override\", \"tf\", \"tf\"]"
    );
    assert_eq!(evaluated.notes(), Vec::<String>::new());
}

#[test]
fn an_override_file_may_take_back_what_was_said() {
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "module \"m\" {\n  source = \"./m\"\n  providers = { aws = aws.one }\n  a = null\n}\n",
        ),
        (
            "root/override.tf",
            "module \"m\" {\n  providers = { aws = aws.other }\n}\n",
        ),
        (
            "root/m/main.tf",
            "variable \"a\" {\n  default = 1\n  nullable = false\n  sensitive = true\n}\nresource \"aws_x\" \"it\" {\n  it = var.a\n}\n",
        ),
        (
            "root/m/override.tf",
            "variable \"a\" {\n  nullable = true\n  sensitive = false\n}\n",
        ),
    ]);
    let it = evaluated.find("module.m.aws_x.it", "it");
    assert!(it.is_null() && !it.is_sensitive());
    assert_eq!(&*evaluated.configuration.instances[0].provider, "aws.other");
}

#[test]
fn what_is_null_in_json_syntax_is_no_block() {
    let evaluated = evaluated(&[(
        "root/main.tf.json",
        r#"{"resource": {"t": {"it": {"a": 1, "lifecycle": null}}}, "locals": null, "module": null, "data": [null]}"#,
    )]);
    assert_eq!(evaluated.notes(), Vec::<String>::new());
    assert_eq!(evaluated.addresses(), ["t.it"]);
}

#[test]
fn a_default_in_json_syntax_is_no_template() {
    let evaluated = evaluated(&[(
        "root/main.tf.json",
        r#"{"variable": {"a": {"default": {"${k}": "${v} $${w}"}}}, "resource": {"t": {"it": {"it": "${var.a}"}}}}"#,
    )]);
    assert_eq!(evaluated.attribute("t.it", "it"), "{${k} = \"${v} $${w}\"}");
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

#[test]
fn what_an_override_that_is_not_read_may_change_is_broken() {
    let large = format!("# {}\n", "x".repeat(17 << 20));
    let cut = "resource \"t\" \"in\" {\n  a = 2\n}\n= =\n";
    let module = "resource \"t\" \"in\" {\n  a = 1\n}\n";
    for (override_file, text, expected) in [
        (
            "root/x_override.tf",
            &*large,
            ["module.m.t.in", "t.in"].as_slice(),
        ),
        ("m/override.tf", &large, &["module.m.t.in"]),
        ("m/override.tf", cut, &["module.m.t.in"]),
        ("m/other.tf", "= =\n", &[]),
    ] {
        let evaluated = evaluated(&[
            (
                "root/main.tf",
                "resource \"t\" \"in\" {\n  a = 1\n}\nmodule \"m\" {\n  source = \"../m\"\n}\n",
            ),
            ("m/main.tf", module),
            (override_file, text),
        ]);
        let mut broken = evaluated.configuration.broken.clone();
        broken.sort();
        let broken: Vec<&str> = broken.iter().map(|address| &**address).collect();
        assert_eq!(broken, expected, "{override_file}");
    }
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
