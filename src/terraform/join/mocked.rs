//! What a mocked plan may say, and what it may not.
//!
//! A value that hangs on something made up is no fact, and a plan does not tell which do: `length(…)` of a
//! made-up list or a comparison with a made-up text gives what looks like any other value. The source
//! tells: what it cannot know for want of a resource, a data source or a variable hangs on a reference,
//! and stays as the source has it. A mocked plan fills in only what the source cannot evaluate for
//! another reason, such as a file outside the workspace, and then only what came out the same with
//! made-up values that differ in every part. What both know is held against each other as in any plan.
//!
//! What remains: where the evaluator gave up on an expression for a reason of its own, such as a size,
//! and the expression hangs on made-up values all the same, and both sets of them lead to one value, that
//! value counts as known.

use crate::terraform::value::{Kind, Map, Part, Presence, Reason, Text, Trace, Unknown, Value};

/// Whether what a value comes to, or whether it is there, hangs on something that may be made up.
pub(super) fn hangs(source: &Value) -> bool {
    let uncertain = |value: &Value| !value.trace.presence.is_certain();
    uncertain(source)
        || match &source.kind {
            Kind::Unknown(unknown) => hangs_on_reference(unknown),
            Kind::String(text) => text.0.iter().any(|part| match part {
                Part::Known(..) => false,
                Part::Json(value) => !value.is_known(),
                Part::Unknown(unknown, _) => hangs_on_reference(unknown),
            }),
            Kind::List(_, elements) => elements.iter().any(uncertain),
            Kind::Object(_, map) => map.entries.values().any(uncertain),
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::Json(_) => false,
        }
}

fn hangs_on_reference(unknown: &Unknown) -> bool {
    !matches!(unknown.reason(), Reason::Other(_))
}

/// The same value with what is unknown in it marked as mocked.
pub(super) fn marked(source: &Value) -> Value {
    let kind = match &source.kind {
        Kind::Unknown(unknown) => Kind::Unknown(unknown.clone().mocked()),
        Kind::String(text) => Kind::String(Text(text.0.iter().map(marked_part).collect())),
        Kind::List(sequence, elements) => {
            Value::sequence(*sequence, elements.iter().map(marked).collect()).kind
        }
        Kind::Object(mapping, map) => {
            let entry = |(key, value): (&_, &_)| (std::sync::Arc::clone(key), marked(value));
            let map = Map {
                entries: map.entries.iter().map(entry).collect(),
                rest: map.rest.clone().map(Unknown::mocked),
            };
            Value::mapping(*mapping, map).kind
        }
        Kind::Json(value) => Value::json(marked(value)).kind,
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => source.kind.clone(),
    };
    Value {
        kind,
        trace: Trace {
            presence: marked_presence(&source.trace.presence),
            ..source.trace.clone()
        },
    }
}

/// Whether something is there, marked as mocked where that is open.
pub(super) fn marked_presence(presence: &Presence) -> Presence {
    match presence {
        Presence::Certain => Presence::Certain,
        Presence::Maybe(unknown) => Presence::Maybe(unknown.clone().mocked()),
        Presence::Any(unknown) => Presence::Any(unknown.clone().mocked()),
    }
}

fn marked_part(part: &Part) -> Part {
    match part {
        Part::Known(..) => part.clone(),
        Part::Json(value) => Part::Json(Value::share(marked(value))),
        Part::Unknown(unknown, trace) => Part::Unknown(unknown.clone().mocked(), trace.clone()),
    }
}

/// An attribute in which plan and source disagree: neither is believed.
pub(super) fn disputed(source: &Value) -> Value {
    let unknown = Unknown::other("the mocked plan and the source disagree on it");
    Value::unknown(unknown).with_trace(Trace {
        presence: Presence::Certain,
        ..source.trace.clone()
    })
}

/// The attributes of an instance that only a mocked plan has.
pub(super) fn nothing_known() -> Map {
    let why = Unknown::other("only a mocked plan has it").mocked();
    Map::open(Vec::<(std::sync::Arc<str>, Value)>::new(), why)
}
