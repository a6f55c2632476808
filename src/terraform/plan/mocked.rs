//! What two plans with different made-up values have in common.

use std::collections::BTreeMap;

use crate::terraform::json;
use crate::terraform::value::{Kind, Text, Unknown, Value};

/// A value as far as both have it; the rest is unknown. A text that is JSON in both is compared leaf by
/// leaf. The sequences and mappings of a plan are known whole, so what differs in length is unknown whole.
pub(super) fn in_both(one: &Value, other: &Value) -> Value {
    let kind = match (&one.kind, &other.kind) {
        (Kind::List(sequence, elements), Kind::List(_, others))
            if elements.len() == others.len() =>
        {
            let elements = elements.iter().zip(others.iter());
            let elements = elements.map(|(one, other)| in_both(one, other)).collect();
            Value::sequence(*sequence, elements).kind
        }
        (Kind::Object(_, map), Kind::Object(_, others))
            if map.entries.keys().eq(others.entries.keys()) =>
        {
            let entries = map.entries.iter().zip(others.entries.values());
            let entries: BTreeMap<_, _> = entries
                .map(|((key, one), other)| (key.clone(), in_both(one, other)))
                .collect();
            Value::object(entries).kind
        }
        (Kind::String(text), Kind::String(other)) if !text.same(other) => {
            match (document(text), document(other)) {
                (Some(one), Some(other)) => Value::json(in_both(&one, &other)).kind,
                _ => made_up(),
            }
        }
        (Kind::Json(one), Kind::Json(other)) => Value::json(in_both(one, other)).kind,
        (Kind::Unknown(_), _) => one.kind.clone(),
        _ if one.same(other) => one.kind.clone(),
        _ => made_up(),
    };
    Value {
        kind,
        trace: one.trace.clone(),
    }
}

fn document(text: &Text) -> Option<Value> {
    let known = text.known()?;
    let begins = known.trim_start().starts_with(['{', '[']);
    begins.then(|| json::parse(text).ok()).flatten()
}

fn made_up() -> Kind {
    Kind::Unknown(Unknown::other("a mocked value"))
}

#[cfg(test)]
mod tests {
    use crate::terraform::plan::Facts;
    use crate::terraform::value::Kind;

    fn facts(attributes: &str, more: &str) -> Facts {
        let change = |address: &str, name: &str, after: &str| {
            format!(
                "{{\"address\":\"{address}\",\"mode\":\"managed\",\"type\":\"t\",\
                 \"name\":\"{name}\",\"change\":{{\"actions\":[\"create\"],\"after\":{after}}}}}"
            )
        };
        let mut changes = vec![change("t.n", "n", attributes)];
        if !more.is_empty() {
            changes.push(change(more, "m", "{}"));
        }
        let json = format!(
            "{{\"format_version\":\"1.2\",\"resource_changes\":[{}]}}",
            changes.join(",")
        );
        Facts::read(json.into_bytes(), "x").unwrap()
    }

    #[test]
    fn only_what_both_have_is_known() {
        let one = r#"{"a":"x","b":1,"c":[1,2],"d":[1],"e":"[{\"k\":\"1\",\"l\":true}]","f":"p-1","g":{"h":null}}"#;
        let two = r#"{"a":"x","b":2,"c":[1,3],"d":[],"e":"[{\"k\":\"2\",\"l\":true}]","f":"p-2","g":{"h":null}}"#;
        let facts = Facts::mocked(facts(one, ""), facts(two, ""));
        assert!(facts.is_mocked());
        let value = facts.attributes("t.n").unwrap();
        let known = |name: &str| value.entry(name).unwrap().is_known();
        let names = ["a", "b", "c", "d", "e", "f", "g"];
        assert_eq!(
            names.map(known),
            [true, false, false, false, false, false, true]
        );
        let elements = value.entry("c").unwrap().elements().unwrap();
        assert_eq!(
            [elements[0].is_known(), elements[1].is_known()],
            [true, false]
        );
        let Kind::Json(document) = &value.entry("e").unwrap().kind else {
            panic!("a document in part");
        };
        let container = &document.elements().unwrap()[0];
        assert!(container.entry("l").unwrap().is_known());
        assert!(!container.entry("k").unwrap().is_known());
    }

    #[test]
    fn of_an_instance_that_only_one_has_nothing_is_known() {
        let facts = Facts::mocked(facts("{}", "t.m[0]"), facts("{}", ""));
        assert!(facts.is_deferred("t.m"));
        assert!(!facts.is_deferred("t.n"));
        assert!(!facts.is_complete());
        let facts = Facts::mocked(self::facts("{}", ""), self::facts("{}", "t.m[0]"));
        assert!(facts.is_deferred("t.m"));
    }
}
