//! What texts mean, as trees.

use ecs_audit::hcl;

use crate::sexpr;

/// The tree of an expression.
fn tree(text: &str) -> String {
    let parsed = hcl::parse_expression(text);
    assert_eq!(parsed.errors, [], "{text}");
    sexpr::expression(&parsed.tree)
}

fn assert_trees(expected: &[(&str, &str)]) {
    for (text, expected) in expected {
        assert_eq!(tree(text), *expected, "{text}");
    }
}

#[test]
fn operators_bind_as_terraform_has_them() {
    assert_trees(&[
        ("1 - 2 - 3", "(Subtract (Subtract 1 2) 3)"),
        ("1 + 2 * 3", "(Add 1 (Multiply 2 3))"),
        ("1 * 2 + 3", "(Add (Multiply 1 2) 3)"),
        ("1 * 2 / 3 % 4", "(Remainder (Divide (Multiply 1 2) 3) 4)"),
        ("(1 + 2) * 3", "(Multiply (paren (Add 1 2)) 3)"),
        ("a || b && c", "(Or a (And b c))"),
        ("a && b || c", "(Or (And a b) c)"),
        ("a == b && c != d", "(And (Equal a b) (NotEqual c d))"),
        ("a == b == c", "(Equal (Equal a b) c)"),
        ("a < b == c >= d", "(Equal (Less a b) (GreaterOrEqual c d))"),
        (
            "a + 1 > b - 1 || !c",
            "(Or (Greater (Add a 1) (Subtract b 1)) (Not c))",
        ),
        ("!a == b", "(Equal (Not a) b)"),
        ("-a.b + c", "(Add (Negate a.b) c)"),
        ("!!a", "(Not (Not a))"),
        ("1 - -1", "(Subtract 1 (Negate 1))"),
        ("a-1", "a-1"),
        ("a - 1", "(Subtract a 1)"),
        ("1-2", "(Subtract 1 2)"),
    ]);
}

#[test]
fn conditionals_nest_on_both_sides() {
    assert_trees(&[
        ("a ? b : c", "(? a b c)"),
        ("a ? b : c ? d : e", "(? a b (? c d e))"),
        ("a ? b ? c : d : e", "(? a (? b c d) e)"),
        ("a || b ? c + 1 : d", "(? (Or a b) (Add c 1) d)"),
        ("a == 1 ? [b] : {}", "(? (Equal a 1) [b] {})"),
    ]);
}

#[test]
fn steps_are_one_flat_list() {
    assert_trees(&[
        ("a.b.c", "a.b.c"),
        ("a.0.b", "a.#0.b"),
        ("a[0].b[\"c\"]", "a[0].b[t(\"c\")]"),
        ("a.b[c.d][-1]", "a.b[c.d][(Negate 1)]"),
        ("f(a)[0].b", "f(a)[0].b"),
        ("(a).b", "(paren a).b"),
        ("\"a\".b", "t(\"a\").b"),
        ("[a][0]", "[a][0]"),
        ("a.null.true", "a.null.true"),
    ]);
}

#[test]
fn a_full_splat_takes_all_that_follows_and_the_other_only_attributes() {
    assert_trees(&[
        ("a[*]", "a*<>"),
        ("a.*", "a*<>"),
        ("a[*].b", "a*<.b>"),
        ("a.*.b", "a*<.b>"),
        ("a[*].b[0].c", "a*<.b[0].c>"),
        ("a.*.b[0].c", "a*<.b>[0].c"),
        ("a.*.b.0.c", "a*<.b.#0.c>"),
        ("a[*].b[*].c", "a*<.b*<.c>>"),
        ("a.*.b[0].*.c", "a*<.b>[0]*<.c>"),
        ("a[*].b.*.c[0]", "a*<.b*<.c>[0]>"),
        ("a.*.b[*].c[1]", "a*<.b>*<.c[1]>"),
    ]);
}

#[test]
fn calls_have_namespaces_and_expansion() {
    assert_trees(&[
        ("f()", "f()"),
        ("f(a, 1)", "f(a 1)"),
        ("f(a, b...)", "f(a b...)"),
        ("f(\n  a,\n  b,\n)", "f(a b)"),
        ("core::f(a)", "core::f(a)"),
        (
            "provider :: aws :: arn_parse(a)",
            "provider::aws::arn_parse(a)",
        ),
        ("f(g(a), [b])", "f(g(a) [b])"),
        ("true()", "true()"),
    ]);
}

#[test]
fn keys_of_objects_are_names_or_expressions() {
    assert_trees(&[
        ("{}", "{}"),
        ("{ a = 1, b : 2 }", "{a=1 b=2}"),
        ("{\n  a = 1\n\n  b = 2,\n  c = 3\n}", "{a=1 b=2 c=3}"),
        ("{ true = 1, null = 2 }", "{true=1 null=2}"),
        (
            "{ (a) = 1, \"b\" = 2, \"${c}\" = 3 }",
            "{<(paren a)>=1 <t(\"b\")>=2 <t(${c})>=3}",
        ),
        ("{ a.b = 1, 2 = 3, f(c) = 4 }", "{<a.b>=1 <2>=3 <f(c)>=4}"),
        ("{ a-b = 1, a - b = 2 }", "{a-b=1 <(Subtract a b)>=2}"),
        ("{ a ? b : c = 1 }", "{<(? a b c)>=1}"),
        ("{ a = b ? c : d }", "{a=(? b c d)}"),
        ("{ a = { b = [{ c = 1 }] } }", "{a={b=[{c=1}]}}"),
    ]);
}

#[test]
fn for_expressions_have_all_their_parts() {
    assert_trees(&[
        ("[for a in b : c]", "(for a in b : c)"),
        ("[for a, b in c : d if e]", "(for a,b in c : d if e)"),
        ("{for a in b : c => d}", "(for a in b : c => d)"),
        (
            "{\n  for a, b in c :\n  d => e...\n  if f\n}",
            "(for a,b in c : d => e... if f)",
        ),
        ("[for a in b ? c : d : e]", "(for a in (? b c d) : e)"),
        (
            "[for a in b : [for c in a : c]]",
            "(for a in b : (for c in a : c))",
        ),
        ("[for in in in : in]", "(for in in in : in)"),
        ("[forx, (for)]", "[forx (paren for)]"),
    ]);
}

#[test]
fn values_are_kept_as_they_were_written() {
    assert_trees(&[
        ("1.50", "1.50"),
        ("1e3", "1e3"),
        ("1.5E-3", "1.5E-3"),
        ("null", "null"),
        ("true", "true"),
        ("[null, false,]", "[null false]"),
    ]);
}

#[test]
fn escapes_are_decoded() {
    assert_trees(&[
        (
            r#""a\n\r\t\"\\b""#,
            r#"t("a" "\n" "\r" "\t" "\"" "\\" "b")"#,
        ),
        (r#""\u00e9\U0001F600""#, r#"t("é" "😀")"#),
        (
            r#""$${a} %%{b} $ % $$ %% $""#,
            r#"t("${" "a} " "%{" "b} $ % $$ %% $")"#,
        ),
        (r#""$$${a}$$$${b}""#, r#"t("$" "${" "a}$$" "${" "b}")"#),
        (
            "<<E\n\\n $${a} \"b\"\nE\n",
            r#"h("\\n " "${" "a} \"b\"\n")"#,
        ),
    ]);
}

#[test]
fn templates_have_sequences_and_directives() {
    assert_trees(&[
        ("\"\"", "t()"),
        ("\"a${b}c\"", "t(\"a\" ${b} \"c\")"),
        ("\"${a}\"", "t(${a})"),
        ("\"${\"${a}\"}\"", "t(${t(${a})})"),
        ("\"${{ a = 1 }.a}\"", "t(${{a=1}.a})"),
        ("\"%{if a}b%{endif}\"", "t((if a (\"b\") ()))"),
        (
            "\"%{if a}b%{else}c%{endif}d\"",
            "t((if a (\"b\") (\"c\")) \"d\")",
        ),
        (
            "\"%{for a, b in c}${a}%{if b}x%{endif}%{endfor}\"",
            "t((for a,b in c (${a} (if b (\"x\") ()))))",
        ),
        ("\"%{if a}%{else}%{endif}\"", "t((if a () ()))"),
    ]);
}

#[test]
fn strip_marks_take_blank_space_of_the_text_beside_them() {
    assert_trees(&[
        ("\"a  ${~ b ~}  c\"", "t(\"a\" ${b} \"c\")"),
        ("\"a \\n \\t${~b~}\\n \\t c\"", "t(\"a\" ${b} \"c\")"),
        ("\"a ${~ b}\"", "t(\"a\" ${b})"),
        ("\"  ${~ b ~}  \"", "t(${b} \"\")"),
        ("\"  ${b ~}  \"", "t(\"  \" ${b})"),
        (
            "\"a %{~ if b ~} c %{~ else ~} d %{~ endif ~} e\"",
            "t(\"a\" (if b (\"c\") (\"d\")) \"e\")",
        ),
        // In a heredoc, they take of no more than one line.
        (
            "<<E\na\n  ${~ b ~}\n  c\nE\n",
            "h(\"a\\n\" ${b} \"  c\\n\")",
        ),
        (
            "<<E\na\n\n${~ b ~}\n\n  c\nE\n",
            "h(\"a\\n\" ${b} \"\\n  c\\n\")",
        ),
    ]);
}

#[test]
fn stripped_heredocs_lose_the_indentation_that_their_lines_share() {
    assert_trees(&[
        ("<<-E\n    a\n      b\n    E\n", "h(\"a\\n\" \"  b\\n\")"),
        ("<<-E\n  a\n b\nc\nE\n", "h(\"  a\\n b\\nc\\n\")"),
        // A blank line neither counts nor loses anything.
        (
            "<<-E\n    a\n\n  \n    b\nE\n",
            "h(\"a\\n\\n  \\n\" \"b\\n\")",
        ),
        // What begins with a sequence has no indentation; what has it before a sequence has some.
        ("<<-E\n    a\n${b}\nE\n", "h(\"    a\\n\" ${b} \"\\n\")"),
        (
            "<<-E\n    a\n  ${b}\n   c\nE\n",
            "h(\"  a\\n\" ${b} \"\\n\" \" c\\n\")",
        ),
        ("<<-E\n\ta\n\t\tb\nE\n", "h(\"a\\n\" \"\\tb\\n\")"),
        ("<<-E\n  a\n  $${b}\nE\n", "h(\"a\\n\" \"${\" \"b}\\n\")"),
        ("<<E\n  a\n   b\n  E\n", "h(\"  a\\n   b\\n\")"),
        (
            "<<-E\r\n  a\r\n   b\r\n  E\r\n",
            "h(\"a\\r\\n\" \" b\\r\\n\")",
        ),
        (
            "<<-E\n  %{ if a }\n  b\n  %{ endif }\nE\n",
            "h((if a (\"\\n\" \"b\\n\") ()) \"\\n\")",
        ),
    ]);
}

#[test]
fn bodies_have_arguments_and_blocks() {
    let parsed = hcl::parse(concat!(
        "\u{feff}# comment\na = 1\r\nresource \"b\" c \"d\\n\" {\n  e = 2 // x\n",
        "  dynamic \"f\" { g = 3 }\n}\nlocals {}\n"
    ));
    assert_eq!(parsed.errors, []);
    assert_eq!(
        sexpr::body(&parsed.tree),
        r#"a = 1; resource "b" "c" "d\n" {e = 2; dynamic "f" {g = 3}}; locals {}"#
    );
}

#[test]
fn template_files_are_one_template() {
    let tree = |text: &str| {
        let parsed = hcl::parse_template(text);
        assert_eq!(parsed.errors, [], "{text}");
        sexpr::template(&parsed.tree)
    };
    assert_eq!(tree(""), "t()");
    assert_eq!(
        tree("a \"b\" \\n\n  ${c} $${d}\n"),
        r#"t("a \"b\" \\n\n  " ${c} " " "${" "d}\n")"#
    );
    assert_eq!(
        tree("%{ for a in b ~}\n- ${a}\n%{ endfor ~}\n"),
        r#"t((for a in b ("- " ${a} "\n")))"#
    );
    assert_eq!(tree("${a}"), "t(${a})");
    assert_eq!(tree("a\r\nb"), r#"t("a\r\nb")"#);
    // From a carriage return alone on, Terraform takes all for literal.
    assert_eq!(tree("${a}\r${b}"), r#"t(${a} "\r${b}")"#);
    assert_eq!(tree("a $"), r#"t("a $")"#);
}
