use std::sync::Arc;

use super::{attribute, binary, equals, index, unary};
use crate::hcl::tree::{BinaryOperator, UnaryOperator};
use crate::terraform::types::Type;
use crate::terraform::value::{
    Kind, Map, Mapping, Marks, Part, Presence, Reason, Taint, Text, Trace, Unknown, Value,
};

fn unknown(path: &str) -> Value {
    Value::from(Unknown::reference("aws_lb.main", path))
}

fn typed(path: &str, ty: Type) -> Value {
    Value::from(
        Unknown::reference("aws_lb.main", path)
            .with_type(ty)
            .not_null(),
    )
}

fn one_of(values: Vec<Value>) -> Value {
    Unknown::one_of(values, &Unknown::reference("var", ".which"))
}

fn partly(before: &str, after: &str) -> Value {
    Value::string(Text(vec![
        Part::Known(Arc::from(before), Trace::default()),
        Part::Unknown(Unknown::reference("aws_lb.main", ".dns"), Trace::default()),
        Part::Known(Arc::from(after), Trace::default()),
    ]))
}

fn secret(value: Value) -> Value {
    value.with_marks(&Marks {
        taint: Some(Arc::new(Taint {
            source: Arc::from("`var.secret`"),
            place: None,
            is_bared: false,
        })),
        sensitive: true,
    })
}

fn maybe(value: Value) -> Value {
    value.with_presence(Presence::Maybe(Unknown::reference("var", ".count")))
}

fn any(value: Value) -> Value {
    value.with_presence(Presence::Any(Unknown::reference("var", ".list")))
}

fn path(value: &Value) -> String {
    value.as_unknown().unwrap().exact().unwrap().to_string()
}

#[test]
fn equal_references_are_equal() {
    assert_eq!(
        equals(&unknown(".arn"), &unknown(".arn")).as_bool(),
        Some(true)
    );
    assert_eq!(equals(&unknown(".arn"), &unknown(".id")).as_bool(), None);
    let text = typed(".a", Type::String);
    assert_eq!(
        equals(&text, &typed(".a", Type::Number)).as_bool(),
        Some(false)
    );
}

#[test]
fn what_is_known_of_a_text_can_make_it_unequal() {
    let cases = [
        ("https://a.b/x", true),
        ("http://a.b/x", false),
        ("https://a.b/y", false),
        ("https:/x", false),
        ("", false),
    ];
    for (text, possible) in cases {
        let result = equals(&partly("https://", "/x"), &Value::from(text)).as_bool();
        assert_eq!(result, if possible { None } else { Some(false) }, "{text}");
    }
    assert_eq!(
        equals(&partly("a", "b"), &partly("a", "b")).as_bool(),
        Some(true)
    );
    assert_eq!(
        equals(&partly("a", "b"), &partly("c", "b")).as_bool(),
        Some(false)
    );
    assert_eq!(
        equals(&partly("a", "b"), &partly("ac", "b")).as_bool(),
        None
    );
}

#[test]
fn one_of_several_is_equal_where_all_or_none_are() {
    let both = one_of(vec![Value::from("a"), Value::from("b")]);
    assert_eq!(equals(&both, &Value::from("c")).as_bool(), Some(false));
    assert_eq!(equals(&both, &Value::from("a")).as_bool(), None);
    assert_eq!(equals(&both, &Value::null()).as_bool(), Some(false));
}

#[test]
fn collections_are_unequal_by_any_part_that_is_known_to_be() {
    let one = Value::tuple(vec![unknown(".a"), Value::from(1_i64)]);
    let other = Value::tuple(vec![unknown(".b"), Value::from(2_i64)]);
    assert_eq!(equals(&one, &other).as_bool(), Some(false));
    assert_eq!(equals(&one, &one).as_bool(), Some(true));
    let shorter = Value::tuple(vec![maybe(Value::from(1_i64))]);
    assert_eq!(equals(&shorter, &Value::tuple(vec![])).as_bool(), None);
    let open = Value::mapping(
        Mapping::Object,
        Map::open([("a", Value::from(1_i64))], Unknown::reference("x.y", "")),
    );
    assert_eq!(
        equals(&open, &Value::object([("a", Value::from(2_i64))])).as_bool(),
        Some(false)
    );
    assert_eq!(
        equals(&open, &Value::object([("a", Value::from(1_i64))])).as_bool(),
        None
    );
}

#[test]
fn comparisons_do_not_tell_a_secret_and_sums_do() {
    let pair = (secret(Value::from(1_i64)), Value::from(2_i64));
    for operator in [
        BinaryOperator::Equal,
        BinaryOperator::NotEqual,
        BinaryOperator::Less,
    ] {
        let result = binary(operator, &pair.0, &pair.1).unwrap();
        assert!(
            result.is_sensitive() && !result.is_tainted(),
            "{operator:?}"
        );
    }
    for operator in [
        BinaryOperator::Add,
        BinaryOperator::Divide,
        BinaryOperator::Remainder,
    ] {
        let result = binary(operator, &pair.0, &pair.1).unwrap();
        assert!(result.is_sensitive() && result.is_tainted(), "{operator:?}");
    }
    let unknown = binary(BinaryOperator::Add, &pair.0, &unknown(".port")).unwrap();
    assert!(unknown.is_sensitive() && unknown.is_tainted());
    assert!(unary(UnaryOperator::Negate, &pair.0).unwrap().is_tainted());
}

#[test]
fn logic_is_decided_by_one_operand_where_it_can_be() {
    let open = typed(".flag", Type::Bool);
    let decided =
        |operator, left: &Value, right: &Value| binary(operator, left, right).unwrap().as_bool();
    assert_eq!(
        decided(BinaryOperator::And, &open, &Value::from(false)),
        Some(false)
    );
    assert_eq!(
        decided(BinaryOperator::And, &Value::from(false), &open),
        Some(false)
    );
    assert_eq!(
        decided(BinaryOperator::Or, &open, &Value::from(true)),
        Some(true)
    );
    assert_eq!(
        decided(BinaryOperator::And, &open, &Value::from(true)),
        None
    );
    assert_eq!(
        decided(BinaryOperator::Or, &open, &Value::from(false)),
        None
    );
}

#[test]
fn attributes_of_a_reference_are_longer_references() {
    let listener = attribute(&unknown(""), "listener").unwrap();
    let arn = attribute(&index(&listener, &Value::from(0_i64)).unwrap(), "arn").unwrap();
    assert_eq!(path(&arn), "aws_lb.main.listener[0].arn");
    let open = Value::mapping(
        Mapping::Object,
        Map::open(
            [("name", Value::from("main"))],
            Unknown::reference("aws_lb.main", ""),
        ),
    );
    assert_eq!(attribute(&open, "name").unwrap().as_str().unwrap(), "main");
    assert_eq!(path(&attribute(&open, "arn").unwrap()), "aws_lb.main.arn");
    let list = typed(".subnets", Type::list(Type::String));
    assert!(attribute(&list, "arn").is_err());
    assert!(index(&typed(".ids", Type::set(Type::String)), &Value::from(0_i64)).is_err());
}

#[test]
fn what_is_taken_out_has_the_marks_of_what_it_was_in() {
    let object = secret(Value::object([("a", maybe(Value::from(1_i64)))]));
    let taken = attribute(&object, "a").unwrap();
    assert!(taken.is_tainted() && taken.is_sensitive() && taken.trace.presence.is_certain());
    let list = Value::list(vec![Value::from(1_i64)]);
    assert!(
        index(&list, &secret(Value::from(0_i64)))
            .unwrap()
            .is_sensitive()
    );
    assert!(attribute(&secret(unknown("")), "arn").unwrap().is_tainted());
}

fn alternatives(value: &Value) -> Vec<String> {
    match &value.kind {
        Kind::Unknown(unknown) => match unknown.reason() {
            Reason::OneOf(values, _) => values
                .iter()
                .map(|one| one.as_str().unwrap().into_owned())
                .collect(),
            _ => Vec::new(),
        },
        _ => vec![value.as_str().unwrap().into_owned()],
    }
}

#[test]
fn an_index_past_an_uncertain_element_gives_every_element_it_may_mean() {
    let at = |elements: &[Value], position: i64| {
        index(&Value::tuple(elements.to_vec()), &Value::from(position))
            .map(|value| alternatives(&value))
            .unwrap_or_default()
    };
    let (a, b, c) = (Value::from("a"), Value::from("b"), Value::from("c"));
    let elements = [a.clone(), maybe(b.clone()), c.clone()];
    assert_eq!(at(&elements, 0), ["a"]);
    assert_eq!(at(&elements, 1), ["b", "c"]);
    assert_eq!(at(&elements, 2), ["c"]);
    assert!(at(&elements, 3).is_empty());
    let elements = [a, any(b), c];
    assert_eq!(at(&elements, 0), ["a"]);
    assert_eq!(at(&elements, 1), ["b", "c"]);
    assert_eq!(at(&elements, 7), ["b", "c"]);
}

#[test]
fn an_unknown_key_gives_one_of_the_elements() {
    let map = Value::map([("x", Value::from("a")), ("y", secret(Value::from("b")))]);
    let taken = index(&map, &typed(".key", Type::String)).unwrap();
    assert_eq!(alternatives(&taken), ["a", "b"]);
    assert!(taken.is_tainted());
    let key = one_of(vec![Value::from("x"), Value::from("z")]);
    assert_eq!(alternatives(&index(&map, &key).unwrap()), ["a"]);
    let either = one_of(vec![
        Value::object([("x", Value::from("a"))]),
        Value::object([("x", Value::from("b"))]),
        Value::null(),
    ]);
    assert_eq!(alternatives(&attribute(&either, "x").unwrap()), ["a", "b"]);
}
