//! What meets a bound.

use std::fmt::Write as _;

use super::super::file_system::FileSystem;
use super::{evaluated, root, value};
use crate::source::SourceMap;
use crate::terraform::evaluate::Inputs;
use crate::terraform::functions::Files as _;
use crate::terraform::plan::Facts;

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

#[test]
fn a_file_that_is_looked_at_again_and_again_meets_a_bound() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("large"), vec![b'x'; 16 << 20]).unwrap();
    let facts = Facts::default();
    let inputs = Inputs {
        root: directory.path(),
        workspace: directory.path(),
        environment: &[],
        terragrunt: &[],
        assignments: &[],
        terraform_workspace: None,
        facts: &facts,
        edited: None,
    };
    let mut source = SourceMap::default();
    let files = FileSystem::new(&inputs, &mut source);
    let read: Vec<bool> = (0..20).map(|_| files.read("large").is_ok()).collect();
    assert_eq!(read, [[true; 17].as_slice(), &[false; 3]].concat());
}

#[test]
fn a_template_that_is_too_large_is_unknown() {
    let large = "${1}".repeat(600_000);
    let evaluated = evaluated(&[
        (
            "root/main.tf",
            "resource \"t\" \"it\" {\n  it = templatefile(\"large.txt\", {})\n  b  = 1\n}\n",
        ),
        ("root/large.txt", &large),
    ]);
    assert!(evaluated.find("t.it", "it").is_unknown());
    assert_eq!(evaluated.attribute("t.it", "b"), "1");
    assert_eq!(
        evaluated.notes(),
        ["root/main.tf:2:21: the template is larger than 2 MiB and not read"]
    );
}

#[test]
fn optional_attributes_that_are_filled_in_too_often_meet_a_bound() {
    let optional: Vec<String> = (0..2000)
        .map(|at| format!("a{at} = optional(string, \"x\")"))
        .collect();
    let text = format!(
        "variable \"v\" {{\n  type = list(object({{ {} }}))\n  default = [{}]\n}}\n\
         resource \"t\" \"it\" {{\n  it = var.v\n  b  = 1\n}}\n",
        optional.join(", "),
        "{},".repeat(20_000)
    );
    let evaluated = root(&text);
    assert!(evaluated.find("t.it", "it").is_unknown());
    assert_eq!(evaluated.attribute("t.it", "b"), "1");
    assert_eq!(evaluated.notes().len(), 1);
}
