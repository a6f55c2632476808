use std::path::PathBuf;
use std::sync::Arc;

use super::{parse, render};
use crate::hcl::Span;
use crate::source::{Place, SourceMap};
use crate::terraform::json;
use crate::terraform::value::{Part, Taint, Text, Trace, Unknown, Value};

fn url() -> Part {
    Part::Unknown(
        Unknown::reference("aws_ecr_repository.app", ".url"),
        Trace::default(),
    )
}

fn known(text: &str) -> Part {
    Part::Known(Arc::from(text), Trace::default())
}

fn place(start: u32, end: u32) -> Place {
    let mut sources = SourceMap::default();
    let file = sources.add(PathBuf::from("a.yaml"), Arc::from("a.yaml"), Arc::from(""));
    Place::new(file, Span { start, end })
}

fn as_json(value: &Value) -> String {
    json::render(value).known().unwrap().into_owned()
}

#[test]
fn unknown_scalars_stay_unknown_and_parts_of_them_known() {
    let text = Text(vec![
        known("image: "),
        url(),
        known(":latest\nurl: '"),
        url(),
        known("'\nany: "),
        url(),
        known("\ncpu: 256\n"),
    ]);
    let value = parse(&text).unwrap();
    let image = value.entry("image").unwrap().as_text().unwrap();
    assert_eq!(image.suffix(), ":latest");
    let quoted = value.entry("url").unwrap().as_unknown().unwrap().clone();
    assert_eq!(
        quoted.exact().unwrap().to_string(),
        "aws_ecr_repository.app.url"
    );
    let plain = value.entry("any").unwrap().as_unknown().unwrap().clone();
    assert!(plain.exact().is_none());
    assert_eq!(
        plain.references()[0].to_string(),
        "aws_ecr_repository.app.url"
    );
    assert_eq!(
        value.entry("cpu").unwrap().as_number().unwrap().to_i64(),
        Some(256)
    );
}

#[test]
fn a_plain_scalar_that_may_become_a_number_is_unknown() {
    let value = parse(&Text(vec![known("a: 1"), url(), known("\nb: ye"), url()])).unwrap();
    for key in ["a", "b"] {
        assert!(value.entry(key).unwrap().is_unknown(), "{key}");
    }
}

#[test]
fn the_json_of_a_partly_unknown_value_keeps_its_structure() {
    let inner = Value::object([("a", Value::from(Unknown::reference("x.y", ".z")))]);
    let text = Text(vec![
        known("b: "),
        Part::Json(Value::share(inner)),
        known("\n"),
    ]);
    let value = parse(&text).unwrap();
    assert!(value.entry("b").unwrap().entry("a").unwrap().is_unknown());
}

#[test]
fn an_unknown_key_leaves_the_mapping_open() {
    let value = parse(&Text(vec![known("{a: 1, "), url(), known(": 2}")])).unwrap();
    assert!(value.as_mapping().unwrap().1.rest.is_some());
}

#[test]
fn leaves_and_keys_know_their_places() {
    let yaml = "a: [yes, 'é']\nb: x y # c\n";
    let length = u32::try_from(yaml.len()).unwrap();
    let text = Text(vec![Part::Known(
        Arc::from(yaml),
        Trace::at(place(100, 100 + length)),
    )]);
    let value = parse(&text).unwrap();
    let a = value.entry("a").unwrap();
    assert_eq!(a.trace.key(), Some(place(100, 101)));
    assert_eq!(a.trace.written(), Some(place(103, 114)));
    let [yes, accent] = a.elements().unwrap() else {
        panic!("two elements");
    };
    assert_eq!(yes.trace.written(), Some(place(104, 107)));
    assert_eq!(accent.trace.written(), Some(place(109, 113)));
    assert_eq!(
        value.entry("b").unwrap().trace.written(),
        Some(place(118, 121))
    );
}

#[test]
fn errors_have_their_place() {
    let text = Text(vec![Part::Known(
        Arc::from("a: [1"),
        Trace::at(place(10, 15)),
    )]);
    assert!(parse(&text).unwrap_err().place.is_some());
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
        known("user: app\npassword: "),
        Part::Known(Arc::from("hunter2"), secret.clone()),
        known("\ntoken: "),
        Part::Unknown(Unknown::reference("var", ".token"), secret),
        known("\nport: 1\n"),
    ]);
    let value = parse(&text).unwrap();
    for (key, tainted) in [
        ("user", false),
        ("password", true),
        ("token", true),
        ("port", false),
    ] {
        assert_eq!(value.entry(key).unwrap().is_tainted(), tainted, "{key}");
    }
    let text = render(&value);
    let tainted = text.0.iter().filter(|part| part.marks().taint.is_some());
    let tainted: String = tainted
        .map(|part| match part {
            Part::Known(known, _) => known,
            _ => "…",
        })
        .collect();
    assert_eq!(tainted, " \"hunter2\" …");
}

#[test]
fn aliases_cannot_make_more_than_the_bounds_allow() {
    let mut yaml = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let before = level - 1;
        let aliases = vec![format!("*a{before}"); 10].join(", ");
        yaml.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let value = parse(&Text::from(yaml)).unwrap();
    assert!(value.weight() < 2 * crate::terraform::value::MAX_WEIGHT);
    let mut yaml = String::from("a: &a {");
    for key in 0..1000 {
        yaml.push_str(&format!("k{key}: 1, "));
    }
    yaml.push_str("}\nb:\n");
    yaml.push_str(&"- {<<: *a}\n".repeat(1000));
    assert!(parse(&Text::from(yaml)).is_err());
}

#[test]
fn deep_yaml_is_refused() {
    for deep in [
        "[".repeat(100_000),
        "- ".repeat(100_000),
        "{a: ".repeat(100_000),
    ] {
        assert!(parse(&Text::from(deep)).is_err());
    }
}

#[test]
fn no_text_makes_it_panic() {
    const PIECES: &[&str] = &[
        "a",
        ": ",
        ":",
        "- ",
        "-",
        "\n",
        "  ",
        "\t",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&a ",
        "*a",
        "!!str ",
        "!",
        "|",
        ">",
        "'",
        "\"",
        "#",
        "%",
        "---",
        "...",
        "? ",
        "é",
        "\u{10fff0}",
        "\\x",
        "0",
        "~",
        "<<",
        "\r",
        "@",
        "\u{feff}",
        "%YAML 1.1\n",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(limit).unwrap()).unwrap()
    };
    for _ in 0..3000 {
        let mut parts = Vec::new();
        for _ in 0..random(4) + 1 {
            let pieces = (0..random(8)).map(|_| PIECES[random(PIECES.len())]);
            parts.push(known(&pieces.collect::<String>()));
            if random(3) == 0 {
                parts.push(url());
            }
        }
        if let Ok(value) = parse(&Text(parts)) {
            let _ = render(&value);
        }
    }
}

#[test]
fn a_value_with_parts_unknown_renders_around_them() {
    let value = Value::object([
        ("image", Value::string(Text(vec![url(), known(":\"1\"")]))),
        (
            "list",
            Value::tuple(vec![
                Value::from(Unknown::reference("x.y", ".z")),
                Value::null(),
            ]),
        ),
    ]);
    let mut shown = String::new();
    for part in &render(&value).0 {
        match part {
            Part::Known(text, _) => shown.push_str(text),
            _ => shown.push('…'),
        }
    }
    assert_eq!(
        shown,
        "\"image\": \"…:\\\"1\\\"\"\n\"list\":\n- …\n- null\n"
    );
}

#[test]
fn what_is_rendered_reads_as_the_same_value() {
    let value = json::parse(&Text::from(
        r#"{"a":[1,"x",null,true,{"b":[[2],[]],"c":{}}],"d":"l1\nl2\n","e":" x\ny ","é":"\u2028"}"#,
    ))
    .unwrap();
    let text = render(&value);
    assert_eq!(as_json(&parse(&text).unwrap()), as_json(&value));
}

#[test]
fn a_document_of_too_many_values_is_unknown() {
    let text = "- 1\n".repeat(260_000);
    assert!(parse(&Text::from(text.as_str())).unwrap().is_unknown());
}
