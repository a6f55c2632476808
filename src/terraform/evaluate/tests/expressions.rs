//! Expressions, names and what is wrong with them.

use super::{root, value};

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
fn what_is_converted_has_the_type_that_is_given() {
    let of = |text: &str| value("", text);
    assert_eq!(of("convert([1, true], list(string))"), "[\"1\", \"true\"]");
    assert_eq!(
        of("convert({}, object({ a = optional(string, \"b\") }))"),
        "{a = \"b\"}"
    );
    assert_eq!(of("try(convert(\"a\", number), 0)"), "0");
}
