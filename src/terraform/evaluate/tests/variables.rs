//! Variables and what gives them values.

use super::super::Assignment;
use super::{evaluated, evaluated_with, root, value};
use crate::terraform::plan::Facts;

#[test]
fn a_variable_without_a_value_is_a_reference() {
    assert_eq!(value("variable \"a\" {}", "var.a"), "?var.a");
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
fn what_does_not_convert_to_the_type_of_a_variable_is_unknown() {
    let text = "variable \"a\" {\n  type = number\n}\nresource \"t\" \"it\" {\n  it = var.a\n}\n";
    let evaluated = evaluated(&[
        ("root/main.tf", text),
        ("root/terraform.tfvars", "a = \"one\"\n"),
    ]);
    assert!(evaluated.find("t.it", "it").is_unknown());
    assert_eq!(evaluated.notes().len(), 1);
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
