//! Whether a value that is not wholly known is open to a known one.
//!
//! Types are taken as Terraform converts them by itself: what the elements of a list are converted to may
//! hang on the one that is not known, so `1` is open to `"1"`, and a tuple to a list.

use ecs_audit::terraform::json;
use ecs_audit::terraform::types::{Type, type_of};
use ecs_audit::terraform::value::{
    Kind, Map, Part, Presence, Reason, Sequence, Text, Unknown, Value,
};

/// Whether a value may turn out to be this one, as far as it is known.
pub(crate) fn covers(open: &Value, real: &Value) -> bool {
    match (&open.kind, &real.kind) {
        (Kind::Unknown(unknown), _) => unknown_covers(unknown, real),
        (Kind::Null(_), Kind::Null(_)) => true,
        (Kind::List(one, open), Kind::List(other, real)) => {
            if [one, other].contains(&&Sequence::Set) {
                set_covers(open, real)
            } else {
                sequence_covers(open, real)
            }
        }
        (Kind::Object(_, open), Kind::Object(_, real)) => mapping_covers(open, real),
        // What the real one has is not known either: it is too large, or a time.
        (_, Kind::Unknown(_)) => true,
        _ => match (open.as_text(), real.as_text()) {
            (Some(text), Some(real)) => real.known().is_none_or(|real| text_covers(&text, &real)),
            _ => false,
        },
    }
}

fn unknown_covers(unknown: &Unknown, real: &Value) -> bool {
    if unknown.0.not_null && real.is_null() {
        return false;
    }
    if let Reason::OneOf(several, _) = unknown.reason() {
        return several.iter().any(|one| covers(one, real));
    }
    real.is_null() || may_have(unknown.ty(), &type_of(real))
}

/// Whether a value of a type may be of another, where either is open.
fn may_have(open: &Type, real: &Type) -> bool {
    let alike = |one: &Type, other: &Type| may_have(one, other);
    match (open, real) {
        (Type::Any | Type::Null, _) | (_, Type::Any | Type::Null) => true,
        (Type::List(one), Type::List(other))
        | (Type::Set(one), Type::Set(other))
        | (Type::Map(one), Type::Map(other)) => alike(one, other),
        (Type::Tuple(several), Type::List(one))
        | (Type::List(one) | Type::Set(one), Type::Tuple(several)) => {
            several.iter().all(|other| alike(one, other))
        }
        (Type::Map(one), Type::Object(several)) | (Type::Object(several), Type::Map(one)) => {
            several.values().all(|other| alike(one, other))
        }
        (Type::Tuple(one), Type::Tuple(other)) => {
            one.len() == other.len() && one.iter().zip(other.iter()).all(|(a, b)| alike(a, b))
        }
        (Type::Object(one), Type::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, ty)| other.get(key).is_some_and(|other| alike(ty, other)))
        }
        _ => open.is_primitive() && real.is_primitive(),
    }
}

/// Elements side by side that are not certain have no order among them where one stands for many.
fn sequence_covers(open: &[Value], real: &[Value]) -> bool {
    let is_certain = |element: &&Value| element.trace.presence.is_certain();
    let run = open
        .iter()
        .take_while(|element| !is_certain(element))
        .count();
    let (uncertain, rest) = open.split_at(run);
    let stands_for_many = |element: &Value| matches!(element.trace.presence, Presence::Any(_));
    if run > 1 && uncertain.iter().any(stands_for_many) {
        let is_covered = |real: &Value| uncertain.iter().any(|open| covers(open, real));
        let most = real.iter().take_while(|real| is_covered(real)).count();
        return (0..=most).any(|taken| sequence_covers(rest, &real[taken..]));
    }
    match open.split_first() {
        None => real.is_empty(),
        Some((first, _)) if is_certain(&first) && run == 0 && !rest.is_empty() => {
            let tail = &rest[1..];
            real.split_first()
                .is_some_and(|(one, others)| covers(first, one) && sequence_covers(tail, others))
        }
        Some(_) => ordered_covers(uncertain, rest, real),
    }
}

/// Whether elements in order, those of a run that are not certain and the rest, may be the real ones.
fn ordered_covers(uncertain: &[Value], rest: &[Value], real: &[Value]) -> bool {
    // Which of the first real elements the open ones so far may stand for.
    let mut reached = vec![false; real.len() + 1];
    reached[0] = true;
    for element in uncertain {
        let many = matches!(element.trace.presence, Presence::Any(_));
        let mut next = reached.clone();
        for at in 0..real.len() {
            let from = reached[at] || many && next[at];
            next[at + 1] |= from && covers(element, &real[at]);
        }
        reached = next;
    }
    (0..=real.len()).any(|taken| reached[taken] && sequence_covers(rest, &real[taken..]))
}

fn set_covers(open: &[Value], real: &[Value]) -> bool {
    let standing = real
        .iter()
        .all(|real| open.iter().any(|open| covers(open, real)));
    let certain = open.iter().filter(|open| open.trace.presence.is_certain());
    standing
        && certain
            .into_iter()
            .all(|open| real.iter().any(|real| covers(open, real)))
}

fn mapping_covers(open: &Map, real: &Map) -> bool {
    let entries = open
        .entries
        .iter()
        .all(|(key, entry)| match real.entries.get(key) {
            Some(real) => covers(entry, real),
            None => !entry.trace.presence.is_certain(),
        });
    let others = real
        .entries
        .keys()
        .all(|key| open.entries.contains_key(key));
    entries && (others || open.rest.is_some())
}

/// A piece of a text: what is known, or what unknown stands there.
enum Piece {
    Known(String),
    Open(Unknown),
}

fn pieces(text: &Text, into: &mut Vec<Piece>) {
    for part in &text.0 {
        match part {
            Part::Known(known, _) => into.push(Piece::Known(known.to_string())),
            Part::Unknown(unknown, _) => into.push(Piece::Open(unknown.clone())),
            Part::Json(value) => {
                // Where the order of keys or elements is open, so is the text.
                let ordered = json::render(value);
                match ordered.known() {
                    Some(known) => into.push(Piece::Known(known.into_owned())),
                    None if is_ordered(value) => pieces(&ordered, into),
                    None => into.push(Piece::Open(Unknown::other("in some order"))),
                }
            }
        }
    }
}

/// Whether everything in a value stands where it will.
fn is_ordered(value: &Value) -> bool {
    match &value.kind {
        Kind::List(sequence, elements) => {
            *sequence != Sequence::Set && elements.iter().all(is_ordered)
        }
        Kind::Object(_, map) => map.rest.is_none() && map.entries.values().all(is_ordered),
        Kind::Json(inner) => is_ordered(inner),
        _ => true,
    }
}

/// Whether a text matches, its unknown pieces standing for any text, or for one of theirs.
fn text_covers(text: &Text, real: &str) -> bool {
    let mut all = Vec::new();
    pieces(text, &mut all);
    let mut reached = vec![0];
    for piece in &all {
        let mut next = Vec::new();
        for &at in &reached {
            let rest = &real[at..];
            match piece {
                Piece::Known(known) if rest.starts_with(known.as_str()) => {
                    next.push(at + known.len())
                }
                Piece::Known(_) => {}
                Piece::Open(unknown) => {
                    let ends = (at..=real.len()).filter(|&end| real.is_char_boundary(end));
                    next.extend(ends.filter(|&end| match unknown.reason() {
                        Reason::OneOf(several, _) => several.iter().any(|one| {
                            one.as_text()
                                .is_some_and(|one| text_covers(&one, &real[at..end]))
                        }),
                        _ => true,
                    }));
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        reached = next;
    }
    reached.contains(&real.len())
}
