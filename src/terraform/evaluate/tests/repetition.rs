//! `count`, `for_each` and nested blocks.

use super::{root, value};

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
fn all_instances_together_are_as_many_as_there_may_be() {
    let configuration = "variable \"n\" {}\nresource \"a\" \"any\" {\n  count = var.n\n}\n\
                         resource \"a\" \"maybe\" {\n  count = var.n ? 1 : 0\n}";
    assert_eq!(
        value(
            configuration,
            "[a.any[*].id, a.maybe.*.id, [for one in a.any : one.id], length(a.any) == 1]"
        ),
        "[[any[?var.n] ?a.any.id], [maybe[?one of(1 | 0)] ?a.maybe.id], [any[?var.n] ?a.any.id], \
         ?from(var.n, a.any)]"
    );
    assert_eq!(
        value(configuration, "[a.any[0].id, a.maybe[0].id]"),
        "[?a.any.id, ?a.maybe.id]"
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
fn instances_are_in_the_order_of_their_numbers() {
    let evaluated = root("resource \"t\" \"it\" {\n  count = 11\n}\n");
    assert_eq!(evaluated.addresses()[2], "t.it[2]");
    assert_eq!(evaluated.addresses()[10], "t.it[10]");
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
fn a_count_that_can_be_none_is_one_instance_that_is_marked() {
    for count in ["-1", "1.5", "null", "\"x\"", "[1]"] {
        let evaluated = root(&format!(
            "resource \"t\" \"it\" {{\n  count = {count}\n}}\n"
        ));
        assert_eq!(evaluated.notes().len(), 1, "{count}");
        assert!(
            evaluated.addresses()[0].starts_with("any["),
            "{count}: {:?}",
            evaluated.addresses()
        );
    }
}

#[test]
fn a_set_with_an_unknown_element_has_its_known_keys_and_one_instance_for_the_rest() {
    let evaluated = root(
        "variable \"a\" {}\nresource \"t\" \"it\" {\n  for_each = toset([\"x\", var.a])\n  it = each.value\n}\n",
    );
    assert_eq!(
        evaluated.addresses(),
        ["any[?from(var.a)] t.it", "t.it[\"x\"]"]
    );
}
