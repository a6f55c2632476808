//! What meets a bound.

use std::fmt::Write as _;

use super::{root, value};

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
