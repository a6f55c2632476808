//! The one type that several types convert to.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::kind::Type;

/// How many types may be looked at in one unification. Terraform tries every combination.
const FUEL: usize = 1_000_000;
/// How many different types of different kinds are compared with each other.
const MOST_KINDS: usize = 64;

/// The one type that all of these convert to, as a conditional's arms and a list's elements need it.
/// `None` where there is none; [`Type::Any`] where that is open, and for no types at all.
#[must_use]
pub fn unify(types: &[Type]) -> Option<Type> {
    if types.is_empty() {
        return Some(Type::Any);
    }
    let types: Vec<&Type> = types.iter().collect();
    Unifier { fuel: FUEL }.unify(&types)
}

/// Whether values of a type can be converted to another, as far as types tell: a string may turn out not
/// to be a number.
#[must_use]
pub fn convertible(from: &Type, to: &Type) -> bool {
    Unifier { fuel: FUEL }.convertible(from, to)
}

/// What types convert to each other at all.
#[derive(PartialEq, Eq)]
enum Class {
    Primitive,
    Sequence,
    Mapping,
}

fn class(ty: &Type) -> Option<Class> {
    match ty {
        Type::Any | Type::Null => None,
        Type::Bool | Type::Number | Type::String => Some(Class::Primitive),
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => Some(Class::Sequence),
        Type::Map(_) | Type::Object(_) => Some(Class::Mapping),
    }
}

/// Bounds the work: types can be as nested as a hostile configuration likes.
struct Unifier {
    fuel: usize,
}

impl Unifier {
    fn spend(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        self.fuel > 0
    }

    fn convertible(&mut self, from: &Type, to: &Type) -> bool {
        if !self.spend() {
            return false;
        }
        match (from, to) {
            (Type::Any | Type::Null, _)
            | (_, Type::Any | Type::Null)
            | (Type::Bool | Type::Number | Type::String, Type::String)
            | (Type::String, Type::Bool | Type::Number) => true,
            (Type::Object(from), Type::Object(to)) => to.iter().all(|(name, to)| {
                from.get(name)
                    .is_some_and(|from| self.convertible(from, to))
            }),
            (Type::Tuple(from), Type::Tuple(to)) => {
                from.len() == to.len()
                    && from
                        .iter()
                        .zip(to.iter())
                        .all(|(from, to)| self.convertible(from, to))
            }
            (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to))
            | (Type::Map(from), Type::Map(to)) => self.convertible(from, to),
            (Type::Tuple(from), Type::List(to) | Type::Set(to)) => {
                self.all_convertible(&from.iter().collect::<Vec<_>>(), to)
            }
            (Type::Object(from), Type::Map(to)) => {
                let from: Vec<&Type> = from.values().collect();
                to.is_any() && self.unify(&from).is_some() || self.all_convertible(&from, to)
            }
            (Type::Map(from), Type::Object(to)) => to.values().all(|to| self.convertible(from, to)),
            (from, to) => from == to,
        }
    }

    fn all_convertible(&mut self, from: &[&Type], to: &Type) -> bool {
        if to.is_any() {
            return match self.unify(from) {
                Some(Type::Null) => from.iter().all(|ty| ty.is_any()),
                unified => from.is_empty() || unified.is_some(),
            };
        }
        from.iter().all(|from| self.convertible(from, to))
    }

    fn unify(&mut self, types: &[&Type]) -> Option<Type> {
        if !self.spend() {
            return None;
        }
        let first = *types.first()?;
        if types.iter().all(|ty| *ty == first) {
            return Some(first.clone());
        }
        // Types that have nothing to do with each other go together neither with one that is not known yet.
        let mut classes = types.iter().filter_map(|ty| class(ty));
        let first_class = classes.next();
        if classes.any(|other| Some(other) != first_class) {
            return None;
        }
        let count = |wanted: fn(&Type) -> bool| types.iter().filter(|ty| wanted(ty)).count();
        let maps = count(|ty| matches!(ty, Type::Map(_)));
        let lists = count(|ty| matches!(ty, Type::List(_)));
        let sets = count(|ty| matches!(ty, Type::Set(_)));
        let objects = count(|ty| matches!(ty, Type::Object(_)));
        let tuples = count(|ty| matches!(ty, Type::Tuple(_)));
        let open = count(Type::is_any);
        let all = types.len();
        // To Terraform what goes with an open type is open. It stays so only for what is not known.
        let opened = if types.contains(&&Type::Any) {
            Type::Any
        } else {
            Type::Null
        };
        if maps > 0 && maps + open == all
            || lists > 0 && lists + open == all
            || sets > 0 && sets + open == all
        {
            return if open > 0 {
                Some(opened)
            } else {
                self.unify_collections(types)
            };
        }
        if maps > 0 && maps + objects + open == all {
            if let Some(map) = self.unify_objects_as_maps(types) {
                return Some(map);
            }
        } else if lists > 0 && lists + tuples + open == all {
            if let Some(list) = self.unify_tuples_as_lists(types) {
                return Some(list);
            }
        } else if objects > 0 && objects + open == all {
            return if open > 0 {
                Some(opened)
            } else {
                self.unify_objects(types)
            };
        } else if tuples > 0 && tuples + open == all {
            return if open > 0 {
                Some(opened)
            } else {
                self.unify_tuples(types)
            };
        } else if objects > 0 && tuples > 0 {
            return None;
        }
        self.choose(types)
    }

    /// Of types of different kinds, the most general to which all others convert.
    fn choose(&mut self, types: &[&Type]) -> Option<Type> {
        let mut kinds: Vec<&Type> = Vec::new();
        for ty in types {
            if !kinds.contains(ty) {
                kinds.push(ty);
            }
            if kinds.len() > MOST_KINDS {
                return None;
            }
        }
        let order = self.by_generality(&kinds);
        let chosen = order.into_iter().map(|index| kinds[index]).find(|wanted| {
            kinds
                .iter()
                .all(|ty| ty == wanted || self.convertible(ty, wanted))
        })?;
        // What is open may turn out to be a string, and then all are.
        let open = kinds.contains(&&Type::Any) && matches!(chosen, Type::Bool | Type::Number);
        Some(if open { Type::Any } else { chosen.clone() })
    }

    /// The order in which types are tried: a type before those that it is more general than, otherwise
    /// as they come.
    fn by_generality(&mut self, types: &[&Type]) -> Vec<usize> {
        let mut edges: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
        let mut incoming = vec![0_usize; types.len()];
        for one in 0..types.len() {
            for another in one + 1..types.len() {
                let order = self.generality(types[one], types[another]);
                if order < 0 {
                    edges[one].push(another);
                    incoming[another] += 1;
                } else if order > 0 {
                    edges[another].push(one);
                    incoming[one] += 1;
                }
            }
        }
        let mut order: Vec<usize> = (0..types.len()).filter(|&at| incoming[at] == 0).collect();
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            next += 1;
            for &other in &edges[at] {
                incoming[other] -= 1;
                if incoming[other] == 0 {
                    order.push(other);
                }
            }
        }
        order
    }

    /// Less than zero where the first is the more general, more where the second is.
    fn generality(&mut self, one: &Type, another: &Type) -> i8 {
        if !self.spend() {
            return 0;
        }
        match (one, another) {
            (Type::Any | Type::Null, Type::Any | Type::Null) => 0,
            (_, Type::Any | Type::Null) => -1,
            (Type::Any | Type::Null, _) => 1,
            (Type::String, Type::Bool | Type::Number) => -1,
            (Type::Bool | Type::Number, Type::String) => 1,
            (Type::List(one), Type::List(another))
            | (Type::Set(one), Type::Set(another))
            | (Type::Map(one), Type::Map(another)) => self.generality(one, another),
            (Type::Tuple(_) | Type::List(_), Type::Set(_))
            | (Type::List(_), Type::Tuple(_))
            | (Type::Map(_), Type::Object(_)) => -1,
            (Type::Set(_), Type::Tuple(_) | Type::List(_))
            | (Type::Tuple(_), Type::List(_))
            | (Type::Object(_), Type::Map(_)) => 1,
            (Type::Object(one), Type::Object(another)) => {
                if one.len() != another.len() || !one.keys().eq(another.keys()) {
                    return 0;
                }
                let pairs: Vec<_> = one.values().zip(another.values()).collect();
                self.generality_of_all(&pairs)
            }
            (Type::Tuple(one), Type::Tuple(another)) => {
                if one.len() != another.len() {
                    return 0;
                }
                let pairs: Vec<_> = one.iter().zip(another.iter()).collect();
                self.generality_of_all(&pairs)
            }
            _ => 0,
        }
    }

    fn generality_of_all(&mut self, pairs: &[(&Type, &Type)]) -> i8 {
        let (mut one_is, mut another_is) = (false, false);
        for (one, another) in pairs {
            let order = self.generality(one, another);
            one_is |= order < 0;
            another_is |= order > 0;
        }
        i8::from(another_is && !one_is) - i8::from(one_is && !another_is)
    }

    /// Collections of one kind: their element types are unified. Empty ones leave it open.
    fn unify_collections(&mut self, types: &[&Type]) -> Option<Type> {
        let elements: Vec<&Type> = types
            .iter()
            .filter_map(|ty| match ty {
                Type::List(element) | Type::Set(element) | Type::Map(element) => Some(&**element),
                _ => None,
            })
            .collect();
        // What is open is the type of elements that are not known, which may turn out to be strings.
        let closed: Vec<&Type> = elements
            .iter()
            .copied()
            .filter(|element| **element != Type::Any)
            .collect();
        let element = if closed.is_empty() {
            Type::Any
        } else {
            self.unify(&closed)?
        };
        let open = closed.len() < elements.len() && matches!(element, Type::Bool | Type::Number);
        let element = if open { Type::Any } else { element };
        Some(match types.first()? {
            Type::List(_) => Type::list(element),
            Type::Set(_) => Type::set(element),
            _ => Type::map(element),
        })
    }

    fn unify_objects_as_maps(&mut self, types: &[&Type]) -> Option<Type> {
        let objects: Vec<&Type> = types
            .iter()
            .copied()
            .filter(|ty| matches!(ty, Type::Object(_)))
            .collect();
        let map = self.unify_to_map(&objects)?;
        let mapped: Vec<&Type> = types
            .iter()
            .map(|ty| {
                if matches!(ty, Type::Object(_)) {
                    &map
                } else {
                    *ty
                }
            })
            .collect();
        self.unify(&mapped)
            .filter(|ty| matches!(ty, Type::Map(_) | Type::Any))
    }

    fn unify_tuples_as_lists(&mut self, types: &[&Type]) -> Option<Type> {
        let tuples: Vec<&Type> = types
            .iter()
            .copied()
            .filter(|ty| matches!(ty, Type::Tuple(_)))
            .collect();
        let list = self.unify_to_list(&tuples)?;
        let listed: Vec<&Type> = types
            .iter()
            .map(|ty| {
                if matches!(ty, Type::Tuple(_)) {
                    &list
                } else {
                    *ty
                }
            })
            .collect();
        self.unify(&listed)
            .filter(|ty| matches!(ty, Type::List(_) | Type::Any))
    }

    fn unify_objects(&mut self, types: &[&Type]) -> Option<Type> {
        let attributes: Vec<&BTreeMap<Arc<str>, Type>> = types
            .iter()
            .filter_map(|ty| match ty {
                Type::Object(attributes) => Some(&**attributes),
                _ => None,
            })
            .collect();
        let first = *attributes.first()?;
        if !attributes.iter().all(|other| other.keys().eq(first.keys())) {
            return self.unify_to_map(types);
        }
        let mut unified = BTreeMap::new();
        for name in first.keys() {
            let across: Vec<&Type> = attributes.iter().filter_map(|one| one.get(name)).collect();
            unified.insert(name.clone(), self.unify(&across)?);
        }
        Some(Type::Object(Arc::new(unified)))
    }

    fn unify_to_map(&mut self, types: &[&Type]) -> Option<Type> {
        let elements: Vec<&Type> = types
            .iter()
            .filter_map(|ty| match ty {
                Type::Object(attributes) => Some(attributes.values()),
                _ => None,
            })
            .flatten()
            .collect();
        if elements.is_empty() {
            return Some(Type::map(Type::Any));
        }
        Some(Type::map(self.unify(&elements)?))
    }

    fn unify_tuples(&mut self, types: &[&Type]) -> Option<Type> {
        let elements: Vec<&[Type]> = types
            .iter()
            .filter_map(|ty| match ty {
                Type::Tuple(elements) => Some(&**elements),
                _ => None,
            })
            .collect();
        let first = *elements.first()?;
        if !elements.iter().all(|other| other.len() == first.len()) {
            return self.unify_to_list(types);
        }
        let mut unified = Vec::with_capacity(first.len());
        for index in 0..first.len() {
            let across: Vec<&Type> = elements.iter().filter_map(|one| one.get(index)).collect();
            unified.push(self.unify(&across)?);
        }
        Some(Type::tuple(unified))
    }

    fn unify_to_list(&mut self, types: &[&Type]) -> Option<Type> {
        let elements: Vec<&Type> = types
            .iter()
            .filter_map(|ty| match ty {
                Type::Tuple(elements) => Some(elements.iter()),
                _ => None,
            })
            .flatten()
            .collect();
        if elements.is_empty() {
            return Some(Type::list(Type::Any));
        }
        let list = Type::list(self.unify(&elements)?);
        // A list of what is open takes no tuple whose elements have nothing in common.
        let takes_all = types.iter().all(|ty| self.convertible(ty, &list));
        takes_all.then_some(list)
    }
}
