//! Texts that are made to hurt: each has to be read in a moment, on a thread's usual stack.

use std::time::{Duration, Instant};

use ecs_audit::hcl;

/// Reads a text as all that a text can be, and gives the messages for it as a file.
fn read(text: &str) -> Vec<String> {
    let begun = Instant::now();
    let parsed = hcl::parse(text);
    drop(parsed.tree);
    drop(hcl::parse_expression(text));
    drop(hcl::parse_template(text));
    let taken = begun.elapsed();
    let start: String = text.chars().take(30).collect();
    let allowed = Duration::from_secs(20);
    assert!(
        taken < allowed,
        "{taken:?} for {} bytes that begin {start:?}",
        text.len()
    );
    parsed
        .errors
        .into_iter()
        .map(|error| error.message)
        .collect()
}

#[test]
fn deep_nesting_is_an_error_that_names_the_limit() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{ x = ", " }"),
        ("f(", ")"),
        ("-", ""),
        ("!", ""),
        ("\"${", "}\""),
        ("[for x in y : ", "]"),
        ("true ? 1 : ", ""),
        ("x[", "]"),
    ] {
        let nested = |levels: usize| {
            format!(
                "a = {}1{}\nb = 2\n",
                open.repeat(levels),
                close.repeat(levels)
            )
        };
        assert_eq!(read(&nested(250)), [""; 0], "{open}");
        let text = nested(5_000);
        assert_eq!(read(&text), ["more than 512 levels are nested"], "{open}");
        let body = hcl::parse(&text).tree;
        assert_eq!(body.attributes.len(), 2, "what follows `{open}` is read");
        read(&format!("a = {}", open.repeat(5_000)));
        read(&format!("a = {open}\n").repeat(500));
    }
}

#[test]
fn deep_blocks_are_an_error_that_names_the_limit() {
    let nested =
        |levels: usize| format!("{}{}c {{}}\n", "b {\n".repeat(levels), "}\n".repeat(levels));
    assert_eq!(read(&nested(500)), [""; 0]);
    assert_eq!(read(&nested(10_000)), ["more than 512 levels are nested"]);
    read(&"b {\n".repeat(10_000));
    read(&"b {".repeat(10_000));
    read(&"b {}".repeat(10_000));
}

#[test]
fn a_long_chain_of_operators_is_an_error_that_names_the_limit() {
    let chain = |operator: &str, count: usize| format!("a = 1{}\nb = 2\n", operator.repeat(count));
    for operator in [" + 1", " && 1", " == 1", "*1+1"] {
        assert_eq!(read(&chain(operator, 900)), [""; 0]);
        let text = chain(operator, 10_000);
        assert_eq!(read(&text), ["the expression has more than 2000 levels"]);
        assert_eq!(hcl::parse(&text).tree.attributes.len(), 2);
    }
    // Chains in brackets in chains are as high together.
    let inner = " + 1".repeat(500);
    let text = format!(
        "a = {}1{}\n",
        "(".repeat(300),
        format!("{inner})").repeat(300)
    );
    assert_eq!(read(&text), ["the expression has more than 2000 levels"]);
}

#[test]
fn long_steps_do_not_make_a_deep_tree() {
    for step in [".b", "[0]", ".0 ", ".*[0]"] {
        assert_eq!(read(&format!("a = b{}\n", step.repeat(10_000))), [""; 0]);
    }
    let splats = format!("a = b{}\n", "[*]".repeat(10_000));
    assert_eq!(read(&splats), ["more than 512 levels are nested"]);
}

#[test]
fn deep_directives_are_an_error() {
    let text = format!(
        "a = \"{}{}\"\n",
        "%{if b}".repeat(600),
        "%{endif}".repeat(600)
    );
    assert_eq!(read(&text), ["more than 512 levels are nested"]);
    read(&format!("a = \"{}\"\n", "%{if b}".repeat(10_000)));
    read(&format!("a = \"{}\"\n", "%{endif}".repeat(10_000)));
}

#[test]
fn large_bodies_and_values_take_a_moment() {
    let lines = |line: &dyn Fn(usize) -> String| (0..10_000).map(line).collect::<String>();
    let object = format!(
        "a = {{\n{}}}\n",
        lines(&|i| format!("key{i} = \"value\"\n"))
    );
    assert_eq!(read(&object), [""; 0]);
    assert_eq!(read(&format!("a = [{}]", "1, ".repeat(10_000))), [""; 0]);
    assert_eq!(read(&lines(&|i| format!("a{i} = 1\n"))), [""; 0]);
    assert_eq!(read(&"b {}\n".repeat(10_000)), [""; 0]);
    assert_eq!(
        read(&format!("a = \"{}\"", "${b}x".repeat(10_000))),
        [""; 0]
    );
    assert_eq!(
        read(&format!("a = <<-EOT\n{}EOT\n", "  x\n".repeat(10_000))),
        [""; 0]
    );
    assert_eq!(read(&format!("a = \"{}\"", "\\n".repeat(10_000))), [""; 0]);
    assert_eq!(
        read(&format!("a = (\n{}1)", "# x\n".repeat(10_000))),
        [""; 0]
    );
    assert_eq!(read(&"a = 1\n".repeat(10_000)).len(), 1_000);
}

#[test]
fn what_is_opened_again_and_again_takes_a_moment() {
    for opened in [
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "\"",
        "${",
        "%{",
        "\"${",
        "\"%{",
        "\"${{",
        "}\"",
        "~}",
        "/*",
        "/* ",
        "*/",
        "#",
        "//",
        "/",
        "<<EOT\n",
        "<<-A\n${",
        "a = <<EOT\n",
        "a = \"\n",
        "a = \"${\n",
        "a = (\n",
        "a = [\n",
        "a = {\n",
        "a = f(\n",
        "b {\n",
        "b \"x\" {\n",
        "b \"",
        "b ",
        "b = ",
        "1.",
        "1..",
        "1e",
        "1e+",
        "1.e.",
        "9",
        "..",
        "....",
        ".*",
        "[*]",
        "a.",
        "a[",
        "a?",
        "a?b:",
        "a::",
        "-",
        "!",
        "$",
        "%",
        "$$",
        "%%",
        "\\",
        "\"\\",
        "\"\\u",
        "'",
        "`",
        ";",
        "\r",
        "\n",
        "\r\n",
        " ",
        "\t",
        "\0",
        "é",
        "\u{feff}",
        "=",
        "==>",
        "<",
        "<<",
        "<<<-",
        "a = 1 1\n",
        "\"a\" ",
        "for",
        "[for ",
        "{for ",
        "[for x in ",
        "${~",
        "~",
        "a = \"${<<E\n",
        "%{if x}",
        "%{for ",
        "x = {\n y = [\n",
        "a ? ",
        "( [ {",
        ") ] }",
        "([)]",
        "{[}]",
        "a = b {\n",
        "a {\n  b = {\n",
        "<<E\n${<<F\n${",
        "EOT\n",
        "a\n",
        "\n}\n{\n",
    ] {
        read(&opened.repeat(6_000 / opened.len()));
        let repeated = opened.repeat(1_500 / opened.len());
        read(&format!("a = {repeated}"));
        read(&format!("a = \"{repeated}"));
        read(&format!("a = <<EOT\n{repeated}"));
        read(&format!("b {{\n{repeated}\n}}\n"));
    }
}

#[test]
fn what_is_never_closed_takes_time_as_its_length() {
    for opened in [
        "\"${",
        "a = \"${\n",
        "%{if x}",
        "<<A\n${",
        "/*",
        "'",
        "\"\n",
        "a = [\n",
        "b {\n",
        "([)]",
        "1..",
        "a::",
        "{[",
    ] {
        read(&opened.repeat(30_000 / opened.len()));
    }
}
