use super::{parse, render};
use crate::hcl::Span;
use crate::source::{Place, SourceMap};
use crate::terraform::number::Number;
use crate::terraform::types::Type;
use crate::terraform::value::{Part, Presence, Reason, Taint, Text, Trace, Unknown, Value};
use std::path::PathBuf;
use std::sync::Arc;

fn rendered(value: &Value) -> String {
    shown(&render(value))
}

/// A text with its unknown parts as `${…}`.
fn shown(text: &Text) -> String {
    let mut out = String::new();
    for part in &text.0 {
        match part {
            Part::Known(text, _) => out.push_str(text),
            Part::Json(value) => out.push_str(&rendered(value)),
            Part::Unknown(unknown, _) => {
                let references: Vec<String> = unknown
                    .references()
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                out.push_str(&format!("${{{}}}", references.join(", ")));
            }
        }
    }
    out
}

fn parsed(text: impl Into<Text>) -> String {
    match parse(&text.into()) {
        Ok(value) => rendered(&value),
        Err(failure) => failure.message,
    }
}

fn url() -> Part {
    Part::Unknown(
        Unknown::reference("aws_ecr_repository.app", ".url"),
        Trace::default(),
    )
}

fn known(text: &str) -> Part {
    Part::Known(Arc::from(text), Trace::default())
}

#[test]
fn known_json_is_read_and_written_again() {
    let text = r#"[null,true,false,0,-12.5,"a\"\\\n\u0001","",[],{},{"a":{"b":[1]}}]"#;
    assert_eq!(parsed(text), text);
    assert_eq!(
        parsed(" \n{ \"b\" : 1 , \"a\" : [ ] }\t"),
        r#"{"a":[],"b":1}"#
    );
}

#[test]
fn what_is_not_json_is_refused() {
    let broken = [
        "",
        " ",
        "{",
        "[1",
        "[1,]",
        "[,1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "'a'",
        "01",
        "1.",
        ".5",
        "+1",
        "--1",
        "1e",
        "nul",
        "True",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"abc",
        "1 2",
        "[1] x",
        "{\"a\":1 \"b\":2}",
        "[1 2]",
        "]",
        ":",
        "NaN",
    ];
    for text in broken {
        assert!(parse(&Text::from(text)).is_err(), "{text}");
    }
}

#[test]
fn html_and_line_separators_are_escaped_as_terraform_does() {
    let text = Value::from("<a href=\"x\">&\u{2028}\u{2029}é\u{8}\u{c}\u{7f}");
    let expected = "\"\\u003ca href=\\\"x\\\"\\u003e\\u0026\\u2028\\u2029é\\b\\f\u{7f}\"";
    assert_eq!(rendered(&text), expected);
}

#[test]
fn surrogates_make_one_character() {
    assert_eq!(
        parsed(r#""\ud83d\ude00 \ud83d \u00e9""#),
        "\"\u{1f600} \u{fffd} é\""
    );
}

#[test]
fn numbers_are_exact_and_bounded() {
    let text = "[123456789012345678901234567890,0.1,1e3,1e-3,-0]";
    assert_eq!(
        parsed(text),
        "[123456789012345678901234567890,0.1,1000,0.001,0]"
    );
    assert!(parse(&Text::from("1e1000000000")).is_err());
}

#[test]
fn an_unknown_part_in_a_string_leaves_the_rest_of_it_known() {
    let text = Text(vec![
        known(r#"{"image":""#),
        url(),
        known(r#":latest","cpu":1}"#),
    ]);
    let value = parse(&text).unwrap();
    assert_eq!(
        rendered(&value),
        r#"{"cpu":1,"image":"${aws_ecr_repository.app.url}:latest"}"#
    );
    let image = value.entry("image").unwrap().as_text().unwrap();
    assert_eq!(image.suffix(), ":latest");
}

#[test]
fn a_string_that_is_an_unknown_alone_is_that_reference() {
    let text = Text(vec![known(r#"[""#), url(), known(r#""]"#)]);
    let value = parse(&text).unwrap();
    let unknown = value.elements().unwrap()[0].as_unknown().unwrap().clone();
    assert_eq!(
        unknown.exact().unwrap().to_string(),
        "aws_ecr_repository.app.url"
    );
    assert_eq!(*unknown.ty(), Type::String);
}

#[test]
fn an_unknown_in_place_of_an_element_stands_for_any_number() {
    for text in [
        vec![known("["), url(), known("]")],
        vec![known("["), url(), known(", 1]")],
        vec![known("[1, "), url(), known("]")],
        vec![known("[1 "), url(), known(" 2]")],
        vec![known("["), url(), url(), known("]")],
        vec![known("["), url(), known("{\"a\":1}]")],
    ] {
        let value = parse(&Text(text)).unwrap();
        let elements = value.elements().unwrap();
        let any = |element: &&Value| matches!(element.trace.presence, Presence::Any(_));
        assert!(elements.iter().any(|element| any(&element)));
    }
}

#[test]
fn an_unknown_number_in_place_of_an_element_is_that_number() {
    let port = Unknown::reference("var", ".port").with_type(Type::Number);
    let text = Text(vec![
        known("["),
        Part::Unknown(port, Trace::default()),
        known(", 2]"),
    ]);
    let value = parse(&text).unwrap();
    let [port, two] = value.elements().unwrap() else {
        panic!("two elements");
    };
    assert_eq!(
        port.as_unknown().unwrap().exact().unwrap().to_string(),
        "var.port"
    );
    assert!(port.trace.presence.is_certain());
    assert_eq!(two.as_number(), Some(&Number::from(2_i64)));
}

#[test]
fn an_unknown_that_runs_on_into_text_is_unknown() {
    for text in [
        vec![known("[1"), url(), known("]")],
        vec![known("["), url(), known("0]")],
        vec![known("[-"), url(), known("]")],
        vec![known("[tr"), url(), known("]")],
        vec![known("{\"a\":"), url(), known("5}")],
    ] {
        let value = parse(&Text(text)).unwrap();
        assert!(!value.is_known());
    }
}

#[test]
fn unknown_entries_leave_an_object_open() {
    let text = Text(vec![known(r#"{"a":1,"#), url(), known(r#""b":2}"#)]);
    let value = parse(&text).unwrap();
    let (_, map) = value.as_mapping().unwrap();
    assert!(map.rest.is_some());
    assert_eq!(map.entries.len(), 2);
    let text = Text(vec![known(r#"{""#), url(), known(r#"":1}"#)]);
    let value = parse(&text).unwrap();
    assert!(value.as_mapping().unwrap().1.rest.is_some());
}

#[test]
fn a_part_that_is_the_json_of_a_value_is_that_value() {
    let app = Value::object([("image", Value::unknown(Unknown::reference("a.b", ".c")))]);
    let sidecar = Value::object([("cpu", Value::from(1_i64))]);
    let text = Text(vec![
        known("["),
        Part::Json(Value::share(app)),
        known(","),
        Part::Json(Value::share(sidecar)),
        known("]"),
    ]);
    let value = parse(&text).unwrap();
    assert_eq!(rendered(&value), r#"[{"image":${a.b.c}},{"cpu":1}]"#);
    let image = value.elements().unwrap()[0].entry("image").unwrap();
    assert!(matches!(
        image.as_unknown().unwrap().reason(),
        Reason::Reference(_)
    ));
}

#[test]
fn json_within_a_string_is_its_text() {
    let number = Value::json(Value::from(5_i64));
    let text = Text(vec![
        known("\"v"),
        Part::Json(Value::share(Value::from(5_i64))),
        known("\""),
    ]);
    assert_eq!(parse(&text).unwrap().as_str().unwrap(), "v5");
    assert_eq!(number.as_str().unwrap(), "5");
}

fn place(start: u32, end: u32) -> Place {
    let mut sources = SourceMap::default();
    let file = sources.add(
        PathBuf::from("main.tf"),
        Arc::from("main.tf"),
        Arc::from(""),
    );
    Place::new(file, Span { start, end })
}

#[test]
fn leaves_and_keys_know_their_places() {
    let json = r#"{"a": [true, "x\ny"], "b": -1.5}"#;
    let text = Text(vec![Part::Known(
        Arc::from(json),
        Trace::at(place(100, 132)),
    )]);
    let value = parse(&text).unwrap();
    assert_eq!(json.len(), 32);
    assert_eq!(value.trace.written(), Some(place(100, 132)));
    let a = value.entry("a").unwrap();
    assert_eq!(a.trace.written(), Some(place(106, 120)));
    assert_eq!(a.trace.key(), Some(place(101, 104)));
    let elements = a.elements().unwrap();
    assert_eq!(elements[0].trace.written(), Some(place(107, 111)));
    assert_eq!(elements[1].trace.written(), Some(place(113, 119)));
    let parts = elements[1].as_text().unwrap();
    let escape = parts.0.iter().find_map(|part| match part {
        Part::Known(text, trace) if &**text == "\n" => trace.written(),
        _ => None,
    });
    assert_eq!(escape, Some(place(115, 117)));
    assert_eq!(
        value.entry("b").unwrap().trace.written(),
        Some(place(127, 131))
    );
}

#[test]
fn a_string_across_parts_of_one_file_has_a_place_from_quote_to_quote() {
    let text = Text(vec![
        Part::Known(Arc::from("{\"a\":\"x"), Trace::at(place(0, 7))),
        url(),
        Part::Known(Arc::from("y\"}"), Trace::at(place(20, 23))),
    ]);
    let value = parse(&text).unwrap();
    assert_eq!(
        value.entry("a").unwrap().trace.written(),
        Some(place(5, 22))
    );
}

#[test]
fn errors_have_their_place() {
    let text = Text(vec![Part::Known(
        Arc::from("[1, x]"),
        Trace::at(place(10, 16)),
    )]);
    let failure = parse(&text).unwrap_err();
    assert_eq!(failure.place, Some(place(14, 15)));
}

#[test]
fn taint_stays_with_its_leaf() {
    let secret = Trace {
        taint: Some(Arc::new(Taint {
            source: Arc::from("`var.password`"),
            place: None,
            is_bared: false,
        })),
        sensitive: true,
        ..Trace::default()
    };
    let text = Text(vec![
        known(r#"{"user":"app","password":""#),
        Part::Known(Arc::from("hunter2"), secret),
        known(r#"","port":1}"#),
    ]);
    let value = parse(&text).unwrap();
    assert!(value.entry("password").unwrap().is_tainted());
    assert!(value.entry("password").unwrap().is_sensitive());
    for key in ["user", "port"] {
        assert!(!value.entry(key).unwrap().is_tainted(), "{key}");
    }
    assert!(value.is_tainted());
    // And back again: only the part that holds it is marked.
    let tainted: Vec<String> = render(&value)
        .0
        .iter()
        .filter(|part| part.marks().taint.is_some())
        .map(|part| shown(&Text(vec![part.clone()])))
        .collect();
    assert_eq!(tainted, ["hunter2"]);
}

#[test]
fn the_last_of_repeated_keys_counts_and_they_are_told() {
    let json = r#"{"a":1,"b":{"c":1,"c":2},"a":3}"#;
    let text = Text(vec![Part::Known(Arc::from(json), Trace::at(place(0, 31)))]);
    let value = parse(&text).unwrap();
    assert_eq!(rendered(&value), r#"{"a":3,"b":{"c":2}}"#);
    let again = |value: &Value, key: &str| value.entry(key).unwrap().trace.repeated();
    assert_eq!(again(&value, "a"), Some(place(1, 4)));
    assert_eq!(again(&value, "b"), None);
    assert_eq!(again(value.entry("b").unwrap(), "c"), Some(place(12, 15)));
}

#[test]
fn deep_and_long_json_is_read_in_bounds() {
    let deep = "[".repeat(100_000);
    assert!(parse(&Text::from(deep)).is_err());
    let long = format!("[{}1]", "1,".repeat(100_000));
    assert_eq!(
        parse(&Text::from(long)).unwrap().elements().unwrap().len(),
        100_001
    );
}

#[test]
fn json_in_json_in_json_does_not_grow_without_bound() {
    let mut value = Value::from("\"");
    for _ in 0..100 {
        value = Value::json(value);
    }
    assert!(render(&value).known().is_none());
}

#[test]
fn a_value_with_parts_unknown_renders_around_them() {
    let value = Value::object([
        ("image", Value::string(Text(vec![url(), known(":\"1\"")]))),
        (
            "memory",
            Value::unknown(Unknown::reference("var", ".memory")),
        ),
        ("name", Value::from("app")),
    ]);
    let expected = concat!(
        r#"{"image":"${aws_ecr_repository.app.url}:\"1\"","#,
        r#""memory":${var.memory},"name":"app"}"#
    );
    assert_eq!(rendered(&value), expected);
}

#[test]
fn a_document_of_too_many_values_is_unknown() {
    let text = format!("[{}1]", "1,".repeat(300_000));
    assert!(parse(&Text::from(text.as_str())).unwrap().is_unknown());
    let text = format!("[{}1]", "1,".repeat(200_000));
    assert!(parse(&Text::from(text.as_str())).unwrap().is_known());
}
