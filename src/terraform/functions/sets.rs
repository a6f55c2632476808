//! Functions of sets.

use std::collections::HashSet;

use super::collections::{may_be_sequence, undecided};
use super::combining::too_heavy;
use super::elements::{out_of, perhaps, spread};
use super::function::Outcome;
use super::lookup::counted;
use super::signature::{Arguments, without_order};
use crate::terraform::types::{self, Type};
use crate::terraform::value::{Failure, Kind, Presence, Sequence, Unknown, Value};
use crate::terraform::{json, operators};

/// How many elements a product may have.
const LARGEST_PRODUCT: usize = 200_000;
/// How many elements that are not wholly known are compared with all others.
const COMPARED: usize = 50;

/// The sets that a call is given, all of one type.
fn of_one_type(arguments: &Arguments<'_>) -> Result<(Vec<Value>, Type), Failure> {
    let mut set_types = Vec::new();
    for argument in &arguments.values {
        let ty = types::type_of(argument);
        let empty = argument.elements().is_some_and(<[Value]>::is_empty);
        if !empty || ty.is_known() {
            set_types.push(ty);
        }
    }
    let ty = match set_types.as_slice() {
        [] => Type::set(Type::Null),
        several => types::unify(several)
            .ok_or_else(|| Failure::new("the sets must have elements of one type"))?,
    };
    let mut sets = Vec::new();
    for (index, argument) in arguments.values.iter().enumerate() {
        sets.push(types::convert(argument, &ty).map_err(|why| why.in_argument(index))?);
    }
    Ok((sets, ty))
}

fn element(set: &Type) -> Type {
    match set {
        Type::Set(element) => (**element).clone(),
        _ => Type::Null,
    }
}

pub(super) fn setunion(arguments: &Arguments<'_>) -> Outcome {
    if let Some(unknown) = too_heavy(arguments) {
        return Ok(unknown);
    }
    let (sets, ty) = of_one_type(arguments)?;
    if sets.iter().all(Value::is_unknown) {
        return Ok(undecided(arguments, ty));
    }
    let elements = sets.iter().filter_map(spread).flatten();
    Ok(Value::set(elements.collect()).or_empty_of(|| element(&ty)))
}

/// A set to look elements up in.
struct Members {
    /// The JSON of the elements that are known and certainly there.
    certain: HashSet<String>,
    /// Elements that are not, and so may be equal to one that is looked up.
    open: Vec<Value>,
    /// Why they are not known.
    why: Unknown,
}

/// Whether an element is in a set.
enum Membership {
    In,
    Out,
    Open(Unknown),
}

impl Members {
    fn of(set: &Value) -> Self {
        let mut members = Members {
            certain: HashSet::new(),
            open: Vec::new(),
            why: Unknown::default(),
        };
        for element in spread(set).unwrap_or_default() {
            match known_text(&element) {
                Some(text) => {
                    members.certain.insert(text);
                }
                None => members.open.push(element),
            }
        }
        members.why = Unknown::computed(&members.open);
        members
    }

    fn membership(&self, element: &Value) -> Membership {
        if let Some(text) = known_text(&element.clone().with_presence(Presence::Certain)) {
            if self.certain.contains(&text) {
                return Membership::In;
            }
        } else {
            let is_there = |one: &&Value| one.trace.presence.is_certain() && one.same(element);
            if self.open.iter().take(COMPARED).any(|one| is_there(&one)) {
                return Membership::In;
            }
            if !self.certain.is_empty() {
                return Membership::Open(Unknown::computed([element]));
            }
        }
        let equal = |one: &&Value| operators::equals(one, element).as_bool() != Some(false);
        if self.open.len() > COMPARED || self.open.iter().any(|one| equal(&one)) {
            let of_element = Unknown::computed([element]);
            let both = [&self.why, &of_element];
            let known = element.is_known();
            return Membership::Open(if known {
                self.why.clone()
            } else {
                Unknown::computed_from(both)
            });
        }
        Membership::Out
    }
}

/// The JSON of an element that is known and certainly there.
fn known_text(element: &Value) -> Option<String> {
    if !element.is_known() {
        return None;
    }
    json::render(element).known().map(String::from)
}

pub(super) fn setintersection(arguments: &Arguments<'_>) -> Outcome {
    let (sets, ty) = of_one_type(arguments)?;
    // The set that is best known decides what can be in the result.
    let first = sets.iter().position(|set| !set.is_unknown());
    let Some(first) = first else {
        return Ok(undecided(arguments, ty));
    };
    let others: Vec<Members> = sets
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != first)
        .map(|(_, set)| Members::of(set))
        .collect();
    let mut kept = Vec::new();
    'elements: for element in spread(&sets[first]).unwrap_or_default() {
        let mut kept_element = element.clone();
        for other in &others {
            match other.membership(&element) {
                Membership::In => {}
                Membership::Out => continue 'elements,
                Membership::Open(why) => {
                    kept_element = perhaps(kept_element, &Presence::Maybe(why));
                }
            }
        }
        kept.push(kept_element);
    }
    Ok(Value::set(kept).or_empty_of(|| element(&ty)))
}

pub(super) fn setsubtract(arguments: &Arguments<'_>) -> Outcome {
    let (sets, ty) = of_one_type(arguments)?;
    let (from, taken) = (&sets[0], &sets[1]);
    if from.is_unknown() {
        return Ok(undecided(arguments, ty));
    }
    let taken = Members::of(taken);
    let mut kept = Vec::new();
    for element in spread(from).unwrap_or_default() {
        match taken.membership(&element) {
            Membership::In => {}
            Membership::Out => kept.push(element),
            Membership::Open(why) => kept.push(perhaps(element, &Presence::Maybe(why))),
        }
    }
    Ok(Value::set(kept).or_empty_of(|| element(&ty)))
}

pub(super) fn setproduct(arguments: &Arguments<'_>) -> Outcome {
    let values = &arguments.values;
    if values.len() < 2 {
        return Err(Failure::new("at least two arguments are required"));
    }
    let mut factors: Vec<Vec<Value>> = Vec::new();
    let (mut product, mut element_types) = (Sequence::List, Vec::new());
    for (index, argument) in values.iter().enumerate() {
        let wrong = |what: &str| Failure::new(what).in_argument(index);
        let sequence = match (&argument.kind, argument.as_unknown().map(Unknown::ty)) {
            (Kind::List(sequence, _), _) => *sequence,
            (_, Some(Type::Set(_))) => Sequence::Set,
            // Of what may be either the product is a list here; nothing in it has a certain place.
            (Kind::Unknown(unknown), _) if may_be_sequence(unknown) => Sequence::List,
            _ => return Err(wrong("a set or a list is required")),
        };
        if sequence == Sequence::Set {
            product = Sequence::Set;
        }
        let listed = types::convert(&without_order(argument), &Type::list(Type::Any))
            .map_err(|_| wrong("the elements must have one type"))?;
        element_types.push(match types::type_of(&listed) {
            Type::List(element) => (*element).clone(),
            _ => Type::Any,
        });
        let elements = spread(&listed).unwrap_or_default();
        factors.push(
            elements
                .iter()
                .map(|element| out_of(argument, element))
                .collect(),
        );
    }
    let of_tuples = |sequence: Sequence| match sequence {
        Sequence::Set => Type::set(Type::tuple(element_types.clone())),
        _ => Type::list(Type::tuple(element_types.clone())),
    };
    let count = factors
        .iter()
        .try_fold(1_usize, |count, factor| count.checked_mul(factor.len()));
    let Some(count) = count.filter(|&count| count.saturating_mul(values.len()) <= LARGEST_PRODUCT)
    else {
        let why = Unknown::other("the product of the sets is too large to compute here");
        return Ok(Value::unknown(why.with_type(of_tuples(product)).not_null()));
    };
    // In which kind of sequence the result comes, an unknown that may be either leaves open.
    let unclear = values
        .iter()
        .any(|value| value.as_unknown().is_some_and(|u| *u.ty() == Type::Any));
    if unclear && values.iter().all(|value| counted(value).is_none()) {
        return Ok(undecided(arguments, Type::Any));
    }
    let mut tuples = Vec::with_capacity(count);
    for number in 0..count {
        let mut rest = number;
        let mut presence = Presence::Certain;
        let mut tuple = Vec::with_capacity(factors.len());
        // The last factor goes round fastest.
        for factor in factors.iter().rev() {
            let element = &factor[rest % factor.len()];
            rest /= factor.len();
            presence = perhaps(
                Value::null().with_presence(element.trace.presence.clone()),
                &presence,
            )
            .trace
            .presence;
            tuple.push(element.clone().with_presence(Presence::Certain));
        }
        tuple.reverse();
        tuples.push(Value::tuple(tuple).with_presence(presence));
    }
    Ok(Value::sequence(product, tuples).or_empty_of(|| Type::tuple(element_types.clone())))
}
