//! Elements of sequences that may not be there, or stand for many.

use crate::terraform::value::{Kind, Marks, Presence, Reason, Sequence, Unknown, Value};

/// A part that is taken out of a whole: the secrets that flowed into the whole are in the part.
pub(super) fn out_of(whole: &Value, part: &Value) -> Value {
    let secrets = Marks {
        taint: whole.trace.taint.clone(),
        sensitive: false,
    };
    part.clone().with_marks(&secrets)
}

/// The elements of an argument, taken out of it; of an unknown, one element that stands for all, and of
/// one of several sequences, the elements of each, as such that may be there.
///
/// `None` for what is no sequence.
pub(super) fn spread(argument: &Value) -> Option<Vec<Value>> {
    match &argument.kind {
        Kind::List(_, elements) => Some(
            elements
                .iter()
                .map(|element| out_of(argument, element))
                .collect(),
        ),
        Kind::Unknown(unknown) => {
            if let Some(elements) = spread_alternatives(argument, unknown) {
                return Some(elements);
            }
            let element = Value::unknown(unknown.some_element());
            let element = element.with_presence(Presence::Any(unknown.clone()));
            Some(vec![out_of(argument, &element)])
        }
        _ => None,
    }
}

fn spread_alternatives(argument: &Value, unknown: &Unknown) -> Option<Vec<Value>> {
    let Reason::OneOf(several, _) = unknown.reason() else {
        return None;
    };
    let why = Unknown::computed_from([unknown]);
    let mut spread = Vec::new();
    for one in several {
        for element in one.elements()? {
            let element = out_of(argument, &out_of(one, element));
            spread.push(perhaps(element, &Presence::Maybe(why.clone())));
        }
    }
    Some(spread)
}

/// An element that is there only where something around it is, too.
pub(super) fn perhaps(element: Value, around: &Presence) -> Value {
    let presence = match (&element.trace.presence, around) {
        (inner, Presence::Certain) => inner.clone(),
        (Presence::Certain, outer) => outer.clone(),
        (Presence::Maybe(inner), Presence::Maybe(outer)) => {
            Presence::Maybe(Unknown::computed_from([inner, outer]))
        }
        (
            Presence::Maybe(inner) | Presence::Any(inner),
            Presence::Maybe(outer) | Presence::Any(outer),
        ) => Presence::Any(Unknown::computed_from([inner, outer])),
    };
    element.with_presence(presence)
}

/// Whether it is certain of every element that it is there, so that they can be counted.
pub(super) fn are_certain(elements: &[Value]) -> bool {
    elements
        .iter()
        .all(|element| element.trace.presence.is_certain())
}

/// How many elements at the beginning are certain to be there.
pub(super) fn certain_head(elements: &[Value]) -> usize {
    elements
        .iter()
        .take_while(|element| element.trace.presence.is_certain())
        .count()
}

/// An element that was taken out of its sequence: it is no longer perhaps there.
pub(super) fn taken(element: Value) -> Value {
    element.with_presence(Presence::Certain)
}

/// Whether the elements of a set may still turn out to be equal.
pub(super) fn may_shrink(sequence: Sequence, elements: &[Value]) -> bool {
    sequence == Sequence::Set && elements.len() > 1 && !elements.iter().all(Value::is_known)
}
