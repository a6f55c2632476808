//! Configurations that would go on for ever or take all memory: each meets a bound, which the report
//! names, and what is beyond it is unknown while the rest is known.

use std::fmt::Write as _;

use ecs_audit::terraform::value::{Reason, Value};

use crate::generate::Files;
use crate::judge;

/// A configuration, and what its `terraform_data.it` or a note says of the bound.
#[derive(Clone)]
struct Hostile {
    name: &'static str,
    files: Files,
    says: &'static str,
}

fn hostile(name: &'static str, text: impl Into<String>, says: &'static str) -> Hostile {
    let mut files = Files::default();
    files.files.insert("main.tf".to_owned(), text.into());
    Hostile { name, files, says }
}

/// An expression as the input of a resource, beside one that is known.
fn input(name: &'static str, expression: &str, says: &'static str) -> Hostile {
    with_locals(name, "", expression, says)
}

fn with_locals(name: &'static str, locals: &str, expression: &str, says: &'static str) -> Hostile {
    let text = format!(
        "locals {{\n{locals}}}\nresource \"terraform_data\" \"it\" {{\n  input = {expression}\n}}\n{HONEST}"
    );
    hostile(name, text, says)
}

const HONEST: &str = "resource \"terraform_data\" \"honest\" {\n  input = \"known\"\n}\n";

/// An expression beside a text of 64 KiB.
fn long(name: &'static str, expression: &str, says: &'static str) -> Hostile {
    let locals = chain("\"0123456789abcdef\"", 12, |before| {
        format!("\"${{{before}}}${{{before}}}\"")
    });
    let locals = locals + "  long = local.a12\n";
    with_locals(name, &locals, expression, says)
}

/// Local values from `a0` on, each made of the one before.
fn chain(first: &str, levels: usize, next: impl Fn(&str) -> String) -> String {
    let mut locals = format!("  a0 = {first}\n");
    for level in 1..=levels {
        let before = format!("local.a{}", level - 1);
        let _ = writeln!(locals, "  a{level} = {}", next(&before));
    }
    locals
}

const LARGE: &str = "the values become too large";
const DEEP: &str = "too deep";

fn expressions() -> Vec<Hostile> {
    let doubled = |before: &str| format!("\"${{{before}}}${{{before}}}\"");
    vec![
        input("range", "range(0, 1e9)", "range"),
        input("range-step", "range(0, 1, 1e-9)", "range"),
        input(
            "nested-for",
            "[for i in range(1000) : [for j in range(1000) : [for k in range(1000) : i + j + k]]]",
            LARGE,
        ),
        input(
            "setproduct",
            &format!("setproduct({})", ["range(100)"; 9].join(", ")),
            "too large to compute here",
        ),
        input("format", "format(\"%999999999d\", 1)", "larger than 32 MiB"),
        input(
            "indent",
            "indent(999999999, \"a\\nb\")",
            "larger than 32 MiB",
        ),
        long(
            "join",
            "join(local.long, range(1000))",
            "larger than 32 MiB",
        ),
        long(
            "replace",
            "replace(local.long, \"a\", local.long)",
            "larger than 32 MiB",
        ),
        long("regexall", "regexall(\"(a|a?)+$\", local.long)", ""),
        long("split", "split(\"a\", local.long)", ""),
        long(
            "jsondecode",
            "jsondecode(replace(local.long, \"/./\", \"[\"))",
            DEEP,
        ),
        long(
            "yamldecode",
            "yamldecode(replace(local.long, \"/./\", \"[\"))",
            "not YAML",
        ),
        input(
            "yaml-aliases",
            "yamldecode(join(\"\\n\", concat([\"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\"], [for i in range(1, 30) : \"a${i}: &a${i} [*a${i - 1}, *a${i - 1}, *a${i - 1}, *a${i - 1}, *a${i - 1}]\"])))",
            "larger than 32 MiB",
        ),
        input(
            "calls",
            &format!("{}1{}", "abs(".repeat(1000), ")".repeat(1000)),
            "more than 512 levels are nested",
        ),
        input(
            "brackets",
            &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
            "more than 512 levels are nested",
        ),
        with_locals(
            "template",
            &chain("\"0123456789abcdef\"", 50, doubled),
            "local.a50",
            LARGE,
        ),
        with_locals(
            "concat",
            &chain("[1]", 50, |before| format!("concat({before}, {before})")),
            "local.a50",
            "larger than 32 MiB",
        ),
        with_locals(
            "object",
            &chain("\"x\"", 60, |before| {
                format!("{{ a = {before}, b = {before} }}")
            }),
            "local.a60",
            "larger than 32 MiB",
        ),
        with_locals(
            "encoded-object",
            &chain("\"x\"", 60, |before| {
                format!("{{ a = {before}, b = {before} }}")
            }),
            "jsonencode(local.a60)",
            "larger than 32 MiB",
        ),
        with_locals(
            "encoded",
            &chain("\"x\\\"\"", 50, |before| {
                format!("jsonencode([{before}, {before}])")
            }),
            "local.a50",
            "larger than 32 MiB",
        ),
        with_locals(
            "depth",
            &chain("1", 5000, |before| before.to_owned()),
            "local.a5000",
            DEEP,
        ),
        with_locals(
            "deep-list",
            &chain("[]", 1500, |before| format!("[{before}]")),
            "jsonencode(local.a1500)",
            DEEP,
        ),
        with_locals(
            "either",
            &chain("\"x\"", 40, |before| {
                format!(
                    "terraform_data.honest.id == {before} ? \"${{{before}}}1\" : \"${{{before}}}2\""
                )
            }),
            "local.a40",
            "",
        ),
        with_locals(
            "cycle",
            "  a = [local.b]\n  b = { c = local.a }\n",
            "local.a",
            "depends on itself",
        ),
    ]
}

fn repetitions() -> Vec<Hostile> {
    let repeated = |argument: &str| {
        format!("resource \"terraform_data\" \"it\" {{\n  {argument}\n  input = 1\n}}\n{HONEST}")
    };
    let mut dynamic = String::new();
    for level in 0..8 {
        let _ = writeln!(
            dynamic,
            "dynamic \"b{level}\" {{\nfor_each = range(100)\ncontent {{"
        );
    }
    dynamic.push_str(&"}\n}\n".repeat(8));
    vec![
        hostile(
            "count",
            repeated("count = 1e9"),
            "there are more than 10000 instances",
        ),
        hostile(
            "for-each-set",
            repeated(
                "for_each = toset(flatten([for i in range(1000) : [for j in range(20) : \"k${i}-${j}\"]]))",
            ),
            "there are more than 10000 instances",
        ),
        hostile(
            "dynamic",
            format!("resource \"t\" \"it\" {{\n{dynamic}}}\n{HONEST}"),
            LARGE,
        ),
    ]
}

fn modules() -> Vec<Hostile> {
    let mut chained = hostile(
        "module-chain",
        format!("module \"m\" {{\n  source = \"./m0\"\n}}\n{HONEST}"),
        DEEP,
    );
    for level in 0..1000 {
        let text = format!("module \"m\" {{\n  source = \"../m{}\"\n}}\n", level + 1);
        chained
            .files
            .files
            .insert(format!("m{level}/main.tf"), text);
    }
    let mut doubled = hostile(
        "module-tree",
        format!("module \"m\" {{\n  source = \"./m0\"\n}}\n{HONEST}"),
        "instances in all",
    );
    let leaf = "resource \"terraform_data\" \"in\" {}\n";
    doubled
        .files
        .files
        .insert("m30/main.tf".to_owned(), leaf.to_owned());
    for level in 0..30 {
        let call = |name: &str| {
            format!(
                "module \"{name}\" {{\n  source = \"../m{}\"\n}}\n",
                level + 1
            )
        };
        let text = call("a") + &call("b") + leaf;
        doubled
            .files
            .files
            .insert(format!("m{level}/main.tf"), text);
    }
    let mut circle = hostile(
        "module-circle",
        format!("module \"m\" {{\n  source = \"./a\"\n}}\n{HONEST}"),
        "calls the module that it is in",
    );
    for (name, other) in [("a", "b"), ("b", "a")] {
        let text = format!("module \"m\" {{\n  source = \"../{other}\"\n}}\n");
        circle.files.files.insert(format!("{name}/main.tf"), text);
    }
    vec![chained, doubled, circle]
}

fn files() -> Vec<Hostile> {
    let large = "x".repeat(50 << 20);
    let mut default = hostile("default", HONEST, "is too large and not read");
    let text = format!(
        "variable \"v\" {{\n  default = \"{large}\"\n}}\nresource \"terraform_data\" \"it\" {{\n  input = var.v\n}}\n"
    );
    default.files.files.insert("large.tf".to_owned(), text);
    let mut variables = hostile(
        "tfvars",
        format!(
            "variable \"v\" {{\n  default = 1\n}}\nresource \"terraform_data\" \"it\" {{\n  input = var.v\n}}\n{HONEST}"
        ),
        "is too large and not read",
    );
    variables
        .files
        .files
        .insert("terraform.tfvars".to_owned(), format!("v = \"{large}\"\n"));
    let mut template = input(
        "file",
        "length(file(\"large.txt\"))",
        "is too large and not read",
    );
    template.files.files.insert("large.txt".to_owned(), large);
    let mut many = hostile("variables", HONEST, "");
    for file in 0..4 {
        let mut text = String::new();
        let each = count_of_variables() / 4;
        for at in 0..each {
            let _ = writeln!(text, "variable \"v{file}_{at}\" {{\n  default = {at}\n}}");
        }
        many.files.files.insert(format!("v{file}.tf"), text);
    }
    vec![default, variables, template, many]
}

/// A million where the configurations are kept to be measured; fewer in a build that is not optimised.
fn count_of_variables() -> usize {
    match std::env::var_os("ECS_AUDIT_KEEP") {
        Some(_) => 1_000_000,
        None => 20_000,
    }
}

/// Whether a value, or something in it, is unknown because of something.
fn is_unknown_because(value: &Value, why: &str) -> bool {
    if let Some(unknown) = value.as_unknown() {
        return match unknown.reason() {
            Reason::Other(message) => message.contains(why),
            _ => why.is_empty(),
        };
    }
    let elements = value.elements().into_iter().flatten();
    let mut elements = elements.take(100);
    elements.any(|element| is_unknown_because(element, why))
}

#[test]
fn what_would_never_end_meets_a_bound_that_is_named() {
    let mut wrong = Vec::new();
    for hostile in [expressions(), repetitions(), modules(), files()].concat() {
        if let Some(kept) = std::env::var_os("ECS_AUDIT_KEEP") {
            hostile
                .files
                .write(&std::path::Path::new(&kept).join(hostile.name));
            continue;
        }
        let directory = tempfile::tempdir().unwrap();
        hostile.files.write(directory.path());
        let configuration = judge::evaluated(directory.path(), &hostile.files);
        let name = hostile.name;
        let mut notes = configuration.notes.iter();
        let noted = notes.any(|note| {
            !hostile.says.is_empty()
                && note.message.contains(hostile.says)
                && (note.place.is_some() || note.message.starts_with('`'))
        });
        let find = |name: &str| {
            let mut instances = configuration.instances.iter();
            let found = instances.find(|instance| instance.address.starts_with(name));
            found.map(|instance| instance.attributes.entries.get("input").cloned())
        };
        if !hostile.says.is_empty() && !noted {
            wrong.push(format!("{name}: {:?}", configuration.notes));
        }
        let it = find("terraform_data.it").flatten();
        if hostile.says == LARGE && it.is_some_and(|it| !is_unknown_because(&it, hostile.says)) {
            wrong.push(format!("{name}: known"));
        }
        // Past the bounds on all that is evaluated, nothing more is known; past others, the rest is.
        let honest = find("terraform_data.honest").flatten();
        let is_known = honest.as_ref().and_then(Value::as_str).as_deref() == Some("known");
        if hostile.says != LARGE && !is_known {
            wrong.push(format!("{name}: what is beside it is not known"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
