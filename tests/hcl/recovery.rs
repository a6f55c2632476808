//! What is read of a broken text, and what is said of it.

use ecs_audit::hcl;

use crate::sexpr;

/// The tree of a broken file, and its errors with their lines.
fn read(text: &str) -> (String, Vec<String>) {
    let parsed = hcl::parse(text);
    let line = |offset: u32| text[..offset as usize].matches('\n').count() + 1;
    let errors = parsed.errors.iter();
    let errors = errors.map(|error| format!("{}: {}", line(error.span.start), error.message));
    (sexpr::body(&parsed.tree), errors.collect())
}

#[test]
fn debug() {
    for text in ["a = 1 1\nb = 2\n", "a =\nb = 2\n"] {
        let (tree, errors) = read(text);
        println!("{text}\n==> {tree}\n{errors:#?}");
    }
}
