//! Calls that would go on for very long, or make something very large.

use std::time::{Duration, Instant};

use ecs_audit::terraform::value::{Presence, Unknown, Value};

use super::Call;

/// How long one call may take in a build that is not optimised, on a machine that is busy. Without
/// bounds, most of these would take hours, or all memory.
const LONGEST: Duration = Duration::from_secs(20);
/// How heavy a result may be.
const HEAVIEST: usize = 64 << 20;

fn text(length: usize) -> Value {
    Value::from("a".repeat(length))
}

fn numbers(count: usize) -> Value {
    Value::list((0..count).map(Value::from).collect())
}

fn unknowns(count: usize) -> Value {
    let each = (0..count)
        .map(|index| Value::unknown(Unknown::reference(format!("aws_x.y[{index}]"), ".id")));
    Value::list(each.collect())
}

fn number(number: i64) -> Value {
    Value::from(number)
}

#[test]
fn no_call_takes_long_or_makes_much() {
    let many = |count: usize, value: Value| vec![value; count];
    let calls: Vec<(&str, Vec<Value>)> = vec![
        ("range", vec![number(1_000_000_000)]),
        ("range", vec![number(0), number(1), "1e-300".into()]),
        ("join", vec![text(1 << 20), numbers(1_000)]),
        (
            "join",
            vec!["".into(), Value::list(many(100, text(1 << 20)))],
        ),
        ("replace", vec![text(1 << 20), "".into(), text(1 << 10)]),
        ("replace", vec![text(1 << 20), "a".into(), text(1 << 10)]),
        ("replace", vec![text(1 << 20), "/a/".into(), text(1 << 10)]),
        ("regex", vec!["(a*)*b".into(), text(1 << 20)]),
        (
            "regex",
            vec!["(((a{1,10}){1,10}){1,10})b".into(), text(1 << 16)],
        ),
        ("regexall", vec!["".into(), text(1 << 20)]),
        ("regexall", vec!["(".repeat(100_000).into(), "a".into()]),
        ("regexall", vec!["[".repeat(100_000).into(), "a".into()]),
        ("regexall", vec!["{".repeat(100_000).into(), "a".into()]),
        ("format", vec!["%1000000000d".into(), number(1)]),
        ("format", vec!["%.1000000000f".into(), number(1)]),
        ("format", vec!["%99999999999999999999s".into(), "a".into()]),
        (
            "format",
            vec!["%s%[1]s".repeat(10_000).into(), text(1 << 16)],
        ),
        (
            "formatlist",
            vec!["%s".into(), numbers(20_000), text(1 << 14)],
        ),
        (
            "formatlist",
            vec!["%[1]s%[2]s".into(), numbers(20_000), text(1 << 14)],
        ),
        ("indent", vec![number(1_000_000), "\n".repeat(1_000).into()]),
        ("indent", vec![number(i64::MAX), "a".into()]),
        ("setproduct", many(20, numbers(10))),
        ("setproduct", vec![numbers(1_000), numbers(1_000)]),
        ("concat", many(200, numbers(10_000))),
        (
            "merge",
            vec![Value::unknown(Unknown::reference("a.b", ".c")); 2_000],
        ),
        ("setunion", vec![numbers(20_000), unknowns(2_000)]),
        ("setintersection", vec![unknowns(2_000), numbers(2_000)]),
        ("setsubtract", vec![numbers(20_000), unknowns(2_000)]),
        ("distinct", vec![unknowns(20_000)]),
        ("distinct", vec![numbers(20_000)]),
        (
            "matchkeys",
            vec![numbers(20_000), numbers(20_000), numbers(20_000)],
        ),
        ("chunklist", vec![numbers(20_000), number(1)]),
        ("sort", vec![unknowns(20_000)]),
        ("compact", vec![unknowns(20_000)]),
        ("contains", vec![unknowns(20_000), "a".into()]),
        ("split", vec!["a".into(), text(1 << 22)]),
        ("split", vec!["".into(), text(1 << 22)]),
        ("strrev", vec![text(1 << 20)]),
        ("title", vec![text(1 << 20)]),
        ("substr", vec![text(1 << 20), number(-1), number(1)]),
        ("csvdecode", vec![",".repeat(1 << 22).into()]),
        ("base64encode", vec![text(1 << 22)]),
        ("urlencode", vec!["é".repeat(1 << 20).into()]),
        ("sha512", vec![text(1 << 20)]),
        ("pow", vec![number(10), number(1_000_000_000)]),
        ("parseint", vec!["9".repeat(1 << 20).into(), number(62)]),
        ("tonumber", vec!["1e1000000000".into()]),
        ("fileset", vec![".".into(), "*a".repeat(10_000).into()]),
        (
            "cidrsubnets",
            [vec!["10.0.0.0/8".into()], many(5_000, number(20))].concat(),
        ),
        ("zipmap", vec![unknowns(300), numbers(300)]),
        ("jsondecode", vec!["[".repeat(1 << 20).into()]),
        ("yamldecode", vec!["[".repeat(1 << 14).into()]),
    ];
    for (name, arguments) in calls {
        let call = Call {
            text: name.to_owned(),
            name: name.to_owned(),
            arguments,
        };
        let started = Instant::now();
        let result = call.with(&call.arguments);
        let took = started.elapsed();
        assert!(took < LONGEST, "`{name}` takes {took:?}");
        if let Ok(value) = result {
            assert!(
                value.weight() < HEAVIEST,
                "`{name}` gives {}",
                value.weight()
            );
        }
    }
}

#[test]
fn a_list_of_unknown_length_goes_through_every_function() {
    let unknown = Unknown::reference("aws_x.y", ".z");
    let many = Value::unknown(unknown.some_element()).with_presence(Presence::Any(unknown));
    let list = Value::tuple(vec![Value::from("a"), many, Value::from("b")]);
    for (name, before, after) in [
        ("length", vec![], vec![]),
        ("reverse", vec![], vec![]),
        ("join", vec![Value::from(",")], vec![]),
        ("element", vec![], vec![number(5)]),
        ("slice", vec![], vec![number(0), number(2)]),
        ("chunklist", vec![], vec![number(2)]),
        ("zipmap", vec![], vec![Value::list(vec![])]),
        ("formatlist", vec![Value::from("%s")], vec![]),
        ("index", vec![], vec![Value::from("b")]),
        ("sort", vec![], vec![]),
    ] {
        let call = Call {
            text: name.to_owned(),
            name: name.to_owned(),
            arguments: [before, vec![list.clone()], after].concat(),
        };
        let result = call.with(&call.arguments);
        assert!(
            result.as_ref().is_ok_and(|value| !value.is_known()),
            "{name}: {result:?}"
        );
    }
}
