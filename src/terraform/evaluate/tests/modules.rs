//! Module calls.

use super::{evaluated, root};

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
            "{\"Modules\":[{\"Key\":\"m\",\"Source\":\"registry.terraform.io/x/y/z\",\"Dir\":\".terraform/modules/m/sub\"}]}",
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
fn the_source_of_a_module_may_be_an_expression() {
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "variable \"which\" {\n  default = \"m\"\n}\nlocals {\n  up = \"..\"\n}\nmodule \"a\" {\n  source = \"./modules/${var.which}\"\n}\nmodule \"b\" {\n  source = \"${local.up}/above\"\n}\nmodule \"c\" {\n  source = \"./${var.missing}\"\n}\n",
        ),
        ("root/modules/m/main.tf", "resource \"t\" \"a\" {}\n"),
        ("above/main.tf", "resource \"t\" \"b\" {}\n"),
    ]);
    assert_eq!(evaluated.addresses(), ["module.a.t.a", "module.b.t.b"]);
    assert_eq!(
        evaluated.notes(),
        [
            "root/main.tf:14:17: `var.missing` is not declared",
            "root/main.tf:13:1: `module.c` is not installed: what it makes is not audited"
        ]
    );
}
