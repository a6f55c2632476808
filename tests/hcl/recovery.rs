//! What is read of broken texts, and what is said of them.

use ecs_audit::hcl;

use crate::sexpr;

/// A broken file as `recovery.txt` has it: the text, the tree, and the errors with their lines.
fn rendered(text: &str) -> String {
    let parsed = hcl::parse(text);
    let mut rendered = format!("{text}--> {}\n", sexpr::body(&parsed.tree));
    for error in &parsed.errors {
        let line = text[..error.span.start as usize].matches('\n').count() + 1;
        rendered += &format!("    {line}: {}\n", error.message);
    }
    rendered
}

#[test]
fn a_broken_line_hides_neither_the_rest_nor_other_errors() {
    let cases = include_str!("recovery.txt").split("=====\n");
    let (mut expected, mut found) = (String::new(), String::new());
    for case in cases {
        let end = case.find("--> ").expect("a case has a tree");
        expected += case;
        found += &rendered(&case[..end]);
    }
    snapbox::assert_data_eq!(found, snapbox::data::Data::text(expected).raw());
}
