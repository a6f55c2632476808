//! Whether what is said of a value of which parts are unknown holds, whatever they will be.
//!
//! Each literal in each expression is made unknown in turn. What the evaluator then still says of the
//! result must be true of the result with the literal, but for what hangs on the type of an unknown that
//! has none yet: a number beside it may become a string, a tuple a list.

use std::fmt::Write as _;

use ecs_audit::hcl::tree::{Expression, ExpressionKind, ObjectKey, Step, TemplatePart};
use ecs_audit::hcl::{self, Span};
use ecs_audit::terraform::evaluate::expression;
use ecs_audit::terraform::json;
use ecs_audit::terraform::types::{Type, type_of};
use ecs_audit::terraform::value::{
    Failure, Kind, Map, Part, Presence, Reason, Sequence, Text, Unknown, Value,
};

use crate::cases::{files, groups, variable};
use crate::compare::{evaluated, shown};

/// The spans of the literals in an expression: numbers, words, strings without interpolation.
fn literals(expression: &Expression, found: &mut Vec<Span>) {
    match &expression.kind {
        ExpressionKind::Bool(_) | ExpressionKind::Number(_) => found.push(expression.span),
        ExpressionKind::Template(template) => {
            let plain = |part: &TemplatePart| matches!(part, TemplatePart::Literal(..));
            if template.parts.iter().all(plain) && !template.heredoc {
                found.push(expression.span);
            }
            for part in &template.parts {
                if let TemplatePart::Interpolation(inner, _) = part {
                    literals(inner, found);
                }
            }
        }
        ExpressionKind::Parentheses(inner) | ExpressionKind::Unary(_, inner) => {
            literals(inner, found);
        }
        ExpressionKind::Tuple(elements) => {
            elements.iter().for_each(|element| literals(element, found));
        }
        ExpressionKind::Object(items) => {
            for item in items {
                if let ObjectKey::Expression(key) = &item.key
                    && let ExpressionKind::Parentheses(key) = &key.kind
                {
                    literals(key, found);
                }
                literals(&item.value, found);
            }
        }
        ExpressionKind::Call(call) => {
            call.arguments
                .iter()
                .for_each(|argument| literals(argument, found));
        }
        ExpressionKind::Access(access) => {
            literals(&access.base, found);
            for step in &access.steps {
                if let Step::Index(key, _) = step {
                    literals(key, found);
                }
            }
        }
        ExpressionKind::Conditional(conditional) => {
            literals(&conditional.condition, found);
            literals(&conditional.then, found);
            literals(&conditional.otherwise, found);
        }
        ExpressionKind::Binary(binary) => {
            literals(&binary.left, found);
            literals(&binary.right, found);
        }
        ExpressionKind::For(iteration) => {
            literals(&iteration.collection, found);
            literals(&iteration.value, found);
            iteration
                .condition
                .iter()
                .for_each(|condition| literals(condition, found));
        }
        ExpressionKind::Null | ExpressionKind::Variable(_) | ExpressionKind::Error => {}
    }
}

/// Says where what is said of a value is not true of another, which it may come to be.
fn broken(said: &Value, value: &Value, path: &str) -> Option<String> {
    let here = |why: &str| Some(format!("{path}: {why}"));
    match (&said.kind, &value.kind) {
        (Kind::Unknown(unknown), _) => broken_unknown(unknown, value, path),
        (_, Kind::Unknown(_)) => None,
        (Kind::Null(_), Kind::Null(_)) => None,
        (Kind::List(kind, said), Kind::List(other, elements)) => {
            if (*kind == Sequence::Set) != (*other == Sequence::Set) {
                return here("another kind of sequence");
            }
            if *kind == Sequence::Set {
                return broken_set(said, elements, path);
            }
            (!sequence_holds(said, elements)).then(|| format!("{path}: other elements"))
        }
        (Kind::Object(_, said), Kind::Object(_, map)) => broken_map(said, map, path),
        _ => {
            let (Some(pattern), Some(text)) = (said.as_text(), value.as_text()) else {
                return here("something else");
            };
            let holds = text.known().is_none_or(|known| matches(&pattern, &known));
            (!holds).then(|| format!("{path}: {} cannot be {}", shown(said), shown(value)))
        }
    }
}

fn broken_unknown(unknown: &Unknown, value: &Value, path: &str) -> Option<String> {
    if let Reason::OneOf(alternatives, _) = unknown.reason()
        && alternatives
            .iter()
            .all(|one| broken(one, value, path).is_some())
    {
        return Some(format!(
            "{path}: none of what it may be is {}",
            shown(value)
        ));
    }
    if value.is_null() {
        return unknown
            .0
            .not_null
            .then(|| format!("{path}: cannot be null"));
    }
    let ty = type_of(value);
    if *unknown.ty() == Type::String && ty.is_primitive() {
        return None;
    }
    (*unknown.ty() != Type::Any && unknown.ty().merge(&ty).is_none())
        .then(|| format!("{path}: of type {}, not {ty}", unknown.ty()))
}

fn broken_set(said: &[Value], elements: &[Value], path: &str) -> Option<String> {
    let holds = |said: &Value, element: &Value| broken(said, element, path).is_none();
    for element in elements {
        if !said.iter().any(|said| holds(said, element)) {
            return Some(format!("{path}: {} is not in it", shown(element)));
        }
    }
    let certain = |said: &&Value| said.trace.presence.is_certain();
    let missing = said
        .iter()
        .filter(certain)
        .find(|said| !elements.iter().any(|e| holds(said, e)));
    missing.map(|missing| format!("{path}: {} is said to be in it", shown(missing)))
}

fn broken_map(said: &Map, map: &Map, path: &str) -> Option<String> {
    for (key, value) in &map.entries {
        match said.entries.get(key) {
            Some(said) => {
                if let Some(found) = broken(said, value, &format!("{path}.{key}")) {
                    return Some(found);
                }
            }
            None if said.rest.is_none() && map.rest.is_none() => {
                return Some(format!("{path}: `{key}` is not in it"));
            }
            None => {}
        }
    }
    let missing = said.entries.iter().find(|(key, said)| {
        said.trace.presence.is_certain() && !map.entries.contains_key(*key) && map.rest.is_none()
    });
    missing.map(|(key, _)| format!("{path}: `{key}` is said to be in it"))
}

/// Whether elements may be what is said of them, where some may be missing or stand for many.
fn sequence_holds(said: &[Value], elements: &[Value]) -> bool {
    let Some((first, rest)) = said.split_first() else {
        return elements
            .iter()
            .all(|element| !element.trace.presence.is_certain());
    };
    let one = || {
        let (element, others) = elements.split_first()?;
        Some((broken(first, element, "").is_none(), others))
    };
    match &first.trace.presence {
        Presence::Certain => {
            one().is_some_and(|(holds, others)| holds && sequence_holds(rest, others))
        }
        Presence::Maybe(_) => {
            sequence_holds(rest, elements)
                || one().is_some_and(|(holds, others)| holds && sequence_holds(rest, others))
        }
        Presence::Any(_) => {
            sequence_holds(rest, elements)
                || one().is_some_and(|(holds, others)| holds && sequence_holds(said, others))
        }
    }
}

/// Whether a text can be what is known of it in parts.
fn matches(pattern: &Text, text: &str) -> bool {
    let mut pieces: Vec<Option<String>> = Vec::new();
    let mut push = |part: &Part| match part {
        Part::Known(known, _) => pieces.push(Some(known.to_string())),
        _ => pieces.push(None),
    };
    for part in &pattern.0 {
        match part {
            Part::Json(value) => json::render(value).0.iter().for_each(&mut push),
            other => push(other),
        }
    }
    fits(&pieces, text)
}

fn fits(pieces: &[Option<String>], text: &str) -> bool {
    match pieces {
        [] => text.is_empty(),
        [None] => true,
        [None, rest @ ..] => {
            let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            starts.any(|at| fits(rest, &text[at..]))
        }
        [Some(known), rest @ ..] => text
            .strip_prefix(known.as_str())
            .is_some_and(|text| fits(rest, text)),
    }
}

/// What the unknowns in an expression may turn out to be.
const STRINGS: [&str; 5] = ["\"a\"", "\"k1\"", "\"\"", "\"true\"", "\"2\""];
const ANYTHING: [&str; 16] = [
    "false",
    "\"1\"",
    "[[]]",
    "{ b = [\"a\"] }",
    "\"a\"",
    "1",
    "true",
    "[]",
    "[\"a\"]",
    "[1, 2]",
    "{ a = \"x\" }",
    "{ a = [true] }",
    "null",
    "tolist([\"a\", \"b\"])",
    "[[1], [2]]",
    "tomap({ a = true })",
];
/// How many ways to replace them are tried.
const WAYS: usize = STRINGS.len() * ANYTHING.len();

/// Says for which values of the unknowns in an expression what is said of it is not true.
pub(crate) fn disproved(text: &str, said: &Result<Value, Failure>) -> Option<String> {
    let mut comes_to_something = false;
    for way in 0..WAYS {
        let known = text
            .replace("terraform_data.x.id", STRINGS[way % STRINGS.len()])
            .replace("terraform_data.x.output", ANYTHING[way % ANYTHING.len()]);
        if known.contains("terraform_data") {
            return Some("other values cannot be tried".to_owned());
        }
        let found = match (said, evaluated(&known)) {
            (_, Err(_)) => continue,
            (Err(failure), Ok(_)) => format!("refused ({failure})"),
            (Ok(said), Ok(value)) => match broken(said, &value, "") {
                Some(broken) => broken,
                None => {
                    comes_to_something = true;
                    continue;
                }
            },
        };
        return Some(format!("{found} where it is\n      {known}"));
    }
    // What fails whatever the unknowns are is a failure.
    (said.is_ok() && !comes_to_something).then(|| "it fails whatever the unknowns are".to_owned())
}

/// Where what is said of an expression need not hold, and why.
const APART: [(&str, &str); 4] = [
    ("toset(", "a set is kept in order as far as it is known"),
    ("try(", "what does not fail yet is taken not to fail"),
    ("can(", "what does not fail yet is taken not to fail"),
    (
        "? tolist([1]) : toset([\"a\"])",
        "one arm does not convert to the type of both",
    ),
];

#[test]
fn what_is_said_of_a_partly_unknown_value_holds_for_every_value() {
    let mut report = String::new();
    let mut count = 0;
    for group in groups() {
        for line in &group.expressions {
            let text = &line.text;
            let apart = APART.iter().any(|(part, _)| text.contains(part));
            if variable(text).is_some() || apart {
                continue;
            }
            let Ok(value) = expression(text, &files()) else {
                continue;
            };
            let mut found = Vec::new();
            literals(&hcl::parse_expression(text).tree, &mut found);
            for span in found {
                let (start, end) = (span.start as usize, span.end as usize);
                let unknown = format!("{}terraform_data.x.output{}", &text[..start], &text[end..]);
                let broken = match expression(&unknown, &files()) {
                    Ok(said) => broken(&said, &value, ""),
                    // What fails has no type to Terraform, what is not known yet has.
                    Err(failure) if failure.message.starts_with("the arms of") => None,
                    Err(failure) => Some(format!("refused: {failure}")),
                };
                count += 1;
                if let Some(broken) = broken {
                    let _ = writeln!(
                        report,
                        "{}.txt:{}: {unknown}\n    {broken}",
                        group.name, line.line
                    );
                }
            }
        }
    }
    assert!(report.is_empty(), "of {count} expressions:\n{report}");
}
