use std::path::PathBuf;
use std::sync::Arc;

use super::{
    Kind, MAX_DEPTH, MAX_WEIGHT, Marks, Part, Presence, Reason, Sequence, StepKind, Taint, Text,
    Trace, Unknown, Value,
};
use crate::hcl::Span;
use crate::source::{Place, SourceMap};
use crate::terraform::types::Type;

fn place(start: u32, end: u32) -> Place {
    let mut sources = SourceMap::default();
    let file = sources.add(
        PathBuf::from("main.tf"),
        Arc::from("main.tf"),
        Arc::from(""),
    );
    Place::new(file, Span { start, end })
}

fn secret() -> Marks {
    Marks {
        taint: Some(Arc::new(Taint {
            source: Arc::from("`var.password`"),
            place: None,
            is_bared: false,
        })),
        sensitive: true,
    }
}

fn reference(path: &str) -> Unknown {
    Unknown::reference("aws_ecr_repository.app", path)
}

#[test]
fn a_value_too_deep_is_unknown_and_keeps_its_taint() {
    let mut value = Value::from("x").with_marks(&secret());
    for _ in 0..10 * MAX_DEPTH {
        value = Value::tuple(vec![value]);
        assert!(value.depth() <= MAX_DEPTH);
        assert!(value.is_tainted() && value.is_sensitive());
    }
    let mut value = Value::from("x").with_marks(&secret());
    for _ in 0..10 * MAX_DEPTH {
        value = Value::json(Value::object([("a", value)]));
        assert!(value.depth() <= MAX_DEPTH);
        assert!(value.is_tainted());
    }
    let mut value = Value::from(1_i64).with_marks(&secret());
    for step in 0..10 * MAX_DEPTH {
        let wrapped = Value::tuple(vec![value, Value::from(step)]);
        value = Unknown::one_of(vec![wrapped, Value::from(step)], &reference(".a"));
        assert!(value.depth() <= MAX_DEPTH);
        assert!(value.is_tainted());
    }
}

#[test]
fn a_value_that_doubles_itself_is_unknown_before_it_is_large() {
    let mut value = Value::from("x").with_marks(&secret());
    for _ in 0..100 {
        value = Value::tuple(vec![value.clone(), value]);
        assert!(value.weight() <= MAX_WEIGHT && value.is_tainted());
    }
    let mut text = Text::from("0123456789");
    for _ in 0..30 {
        let value = Value::string(Text::concat([text.clone(), text]));
        assert!(value.weight() <= MAX_WEIGHT);
        text = value.as_text().unwrap();
    }
}

#[test]
fn a_long_chain_of_steps_is_dropped_without_recursion() {
    let mut trace = Trace::at(place(0, 1));
    for _ in 0..200_000 {
        trace = trace.then(StepKind::Local(Arc::from("a")), place(0, 1));
    }
    assert_eq!(trace.written(), Some(place(0, 1)));
    drop(trace);
}

#[test]
fn neighbouring_text_is_joined_where_nothing_is_lost() {
    let at = |text: &str, start: u32| {
        let end = start + u32::try_from(text.len()).unwrap();
        Text::written(text, Trace::at(place(start, end)))
    };
    let joined = Text::concat([at("ab", 10), at("c", 12)]);
    assert_eq!(joined.0.len(), 1);
    assert_eq!(joined.0[0].place_of(2, 3), Some(place(12, 13)));
    assert_eq!(Text::concat([at("ab", 10), at("c", 20)]).0.len(), 2);
    let tainted = at("c", 12).with_marks(&secret());
    let parts = Text::concat([at("ab", 10), tainted]);
    assert_eq!(parts.0.len(), 2);
    assert!(parts.0[0].marks().taint.is_none());
    assert_eq!(parts.known().unwrap(), "abc");
}

#[test]
fn text_that_is_not_the_place_itself_is_not_mapped_onto_it() {
    let mut value = Value::from("ABC");
    value.trace = Trace::at(place(0, 3));
    let text = value.as_text().unwrap();
    assert_eq!(text.0[0].place_of(0, 1), None);
    value.trace = Trace::at(place(0, 12));
    let Part::Known(_, trace) = &value.as_text().unwrap().0[0] else {
        panic!("known text");
    };
    assert_eq!(trace.written(), Some(place(0, 12)));
}

#[test]
fn text_is_in_normal_form_and_loses_its_place_where_that_changes_it() {
    let text = Text::written("e\u{301}a", Trace::at(place(0, 4)));
    assert_eq!(text.known().unwrap(), "éa");
    assert_eq!(text.0[0].place_of(0, 2), None);
    let parts = Text(vec![
        Part::Known(Arc::from("e"), Trace::default()),
        Part::Known(Arc::from("\u{301}"), Trace::default()),
    ]);
    assert_eq!(parts.known().unwrap(), "é");
}

#[test]
fn prefix_and_suffix_are_what_is_known_of_a_text() {
    let text = Text(vec![
        Part::Known(Arc::from("pre-"), Trace::default()),
        Part::Unknown(reference(".url"), Trace::default()),
        Part::Json(Value::share(Value::tuple(vec![Value::from(1_i64)]))),
        Part::Known(Arc::from(":latest"), Trace::default()),
    ]);
    assert_eq!(text.prefix(), "pre-");
    assert_eq!(text.suffix(), "[1]:latest");
    assert_eq!(text.known(), None);
}

#[test]
fn a_string_is_sensitive_as_a_whole_and_tainted_in_its_part() {
    let text = Text::concat([Text::from("user:"), Text::from("pw").with_marks(&secret())]);
    let value = Value::string(text);
    assert!(value.trace.sensitive && value.trace.taint.is_none());
    assert!(value.is_tainted());
    let text = value.as_text().unwrap();
    assert!(text.0[0].marks().taint.is_none() && text.0[1].marks().taint.is_some());
}

#[test]
fn a_mark_on_json_as_a_whole_reaches_its_text_and_one_in_it_stays_there() {
    let entries = [
        ("user", Value::from("app")),
        ("pw", Value::from("x").with_marks(&secret())),
    ];
    let json = Value::json(Value::object(entries));
    assert!(json.trace.sensitive);
    let parts = json.as_text().unwrap();
    let Part::Json(inner) = &parts.0[0] else {
        panic!("the JSON of a value");
    };
    assert!(!inner.entry("user").unwrap().is_sensitive() && !inner.trace.sensitive);
    let json = Value::json(Value::object([("user", Value::from("app"))])).with_marks(&Marks {
        taint: None,
        sensitive: true,
    });
    assert!(Value::string(json.as_text().unwrap()).is_sensitive());
}

#[test]
fn the_reason_of_what_is_computed_is_what_it_was_computed_from() {
    let inputs = Value::object([
        ("a", Value::from(reference(".a"))),
        (
            "b",
            Value::tuple(vec![
                Value::from(reference(".b")),
                Value::from(reference(".a")),
            ]),
        ),
        ("c", Value::from(Unknown::other("it depends on the time"))),
    ]);
    let references: Vec<String> = Unknown::computed([&inputs])
        .references()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        references,
        ["aws_ecr_repository.app.a", "aws_ecr_repository.app.b"]
    );
    let other = Unknown::computed([&Value::from(Unknown::other("it depends on the time"))]);
    assert!(matches!(other.reason(), Reason::Other(why) if &**why == "it depends on the time"));
    let many: Vec<Value> = (0..1000)
        .map(|index| Value::from(reference(&format!("[{index}]"))))
        .collect();
    assert!(Unknown::computed(&many).references().len() < 20);
}

#[test]
fn alternatives_are_flat_and_each_is_there_once() {
    let why = reference(".why");
    let two = Unknown::one_of(vec![Value::from("a"), Value::from("b")], &why);
    let three = Unknown::one_of(
        vec![two, Value::from("a"), Value::from("c")],
        &reference(".other"),
    );
    let unknown = three.as_unknown().unwrap();
    let Reason::OneOf(alternatives, references) = unknown.reason() else {
        panic!("one of three");
    };
    assert_eq!(alternatives.len(), 3);
    assert_eq!(references.len(), 2);
    assert_eq!(*unknown.ty(), Type::String);
    assert!(unknown.0.not_null);
    let same = Unknown::one_of(vec![Value::from(1_i64), Value::from(1_i64)], &why);
    assert_eq!(same.as_number().unwrap().to_i64(), Some(1));
    let many = (0..100_usize).map(Value::from).collect();
    assert!(matches!(
        Unknown::one_of(many, &why).as_unknown().unwrap().reason(),
        Reason::Computed(_)
    ));
}

#[test]
fn taint_of_an_alternative_that_is_dropped_is_kept() {
    let tainted = Value::from("a").with_marks(&secret());
    let one = Unknown::one_of(vec![Value::from("a"), tainted], &reference(".why"));
    assert!(one.is_tainted());
}

#[test]
fn a_set_is_sorted_without_repetition_and_keeps_every_taint() {
    let tainted = Value::from("b").with_marks(&secret());
    let maybe = Value::from("a").with_presence(Presence::Maybe(reference(".count")));
    let set = Value::sequence(
        Sequence::Set,
        vec![
            Value::from("b"),
            maybe,
            tainted,
            Value::from("a"),
            Value::null(),
        ],
    );
    let elements = set.elements().unwrap();
    let shown: Vec<_> = elements
        .iter()
        .map(|one| one.as_str().map(|s| s.into_owned()))
        .collect();
    assert_eq!(shown, [Some("a".to_owned()), Some("b".to_owned()), None]);
    assert!(elements[0].trace.presence.is_certain());
    assert!(elements[1].is_tainted());
    assert!(set.trace.sensitive);
}

#[test]
fn references_grow_by_attributes_and_elements() {
    let repository = Unknown::reference("aws_ecr_repository.app", "").with_type(Type::object([
        ("urls", Type::list(Type::String)),
        ("tags", Type::map(Type::Number)),
    ]));
    let url = repository.attribute("urls").element(0);
    assert_eq!(
        url.exact().unwrap().to_string(),
        "aws_ecr_repository.app.urls[0]"
    );
    assert_eq!(*url.ty(), Type::String);
    let tag = repository.attribute("tags").attribute("a \"b\"");
    assert_eq!(
        tag.exact().unwrap().to_string(),
        "aws_ecr_repository.app.tags[\"a \\\"b\\\"\"]"
    );
    assert_eq!(*tag.ty(), Type::Number);
    let mut long = Unknown::reference("a.b", "");
    for _ in 0..10_000 {
        long = long.attribute("abcdefgh");
    }
    assert!(long.exact().is_none());
    assert!(long.references()[0].path.len() < 2000);
}

#[test]
fn whether_all_is_known_is_told_all_the_way_down() {
    assert!(Value::object([("a", Value::tuple(vec![Value::from(1_i64)]))]).is_known());
    let unknown = Value::from(reference(".a"));
    assert!(!Value::object([("a", Value::tuple(vec![unknown]))]).is_known());
    let maybe = Value::from(1_i64).with_presence(Presence::Maybe(reference(".count")));
    assert!(!Value::tuple(vec![maybe]).is_known());
    let open = super::Map::open([("a", Value::from(1_i64))], reference(""));
    assert!(!Value::mapping(super::Mapping::Object, open).is_known());
    assert!(!Value::json(Value::from(reference(".a"))).is_known());
}

#[test]
fn a_whole_that_is_one_unknown_part_is_that_unknown() {
    let part = Part::Unknown(reference(".url"), Trace::default().with_marks(&secret()));
    let value = Value::string(Text(vec![part]));
    let Kind::Unknown(unknown) = &value.kind else {
        panic!("unknown");
    };
    assert_eq!(*unknown.ty(), Type::String);
    assert!(value.trace.taint.is_some() && value.trace.sensitive);
}
