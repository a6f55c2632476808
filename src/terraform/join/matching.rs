//! Which elements of two lists belong together.
//!
//! A plan has sets in an order of its own, and the source has elements of which it is not known whether
//! they are there.

use std::collections::{BTreeMap, VecDeque};

use super::containers;
use super::disagreement::Path;
use super::form::Form;
use super::leaves::{At, Joiner, certain};
use super::normalised::{is_certain, is_empty};
use crate::terraform::value::{Kind, Presence, Sequence, Value};

impl Joiner<'_> {
    /// Joins two lists. The result has the plan's elements in the source's order.
    pub(super) fn list(
        &mut self,
        source: &Value,
        elements: &[Value],
        planned: &[Value],
        plan: &Value,
        at: &At<'_>,
    ) -> Value {
        let sequence = source
            .as_sequence()
            .map_or(Sequence::List, |(sequence, _)| sequence);
        let joined = if at.form == Form::Containers && are_named(elements, planned) {
            Some(self.named(elements, planned, at))
        } else {
            self.unnamed(elements, planned, at)
        };
        let Some(joined) = joined else {
            return self.differ(source, plan, at);
        };
        let trace = certain(source.clone()).trace;
        Value::of(Value::sequence(sequence, joined).kind).with_trace(trace)
    }

    fn unnamed(&mut self, source: &[Value], plan: &[Value], at: &At<'_>) -> Option<Vec<Value>> {
        let before = self.found.len();
        let mut in_order = None;
        if source.len() == plan.len() && source.iter().all(is_certain) {
            let joined = (0..plan.len()).map(|index| {
                let path = Path::Index(&at.path, index);
                self.value(&source[index], &plan[index], &at.inside(path, at.form))
            });
            let joined: Vec<Value> = joined.collect();
            if self.found.len() == before {
                return Some(joined);
            }
            in_order = Some((joined, self.found.split_off(before)));
        }
        let scalars = |values: &[Value]| !values.iter().any(is_compound);
        let ordered = at.form == Form::Containers && scalars(source) && scalars(plan);
        if !ordered && let Some(joined) = self.in_any_order(source, plan, at) {
            return Some(joined);
        }
        let (joined, found) = in_order?;
        self.found.extend(found);
        Some(joined)
    }

    /// Finds for each element of the plan one of the source that agrees with it, and the other way round.
    fn in_any_order(
        &mut self,
        source: &[Value],
        plan: &[Value],
        at: &At<'_>,
    ) -> Option<Vec<Value>> {
        if let (Some(source_texts), Some(plan_texts)) = (texts(source), texts(plan)) {
            if !source_texts.keys().eq(plan_texts.keys()) {
                return None;
            }
            return Some(source_texts.values().map(|text| (*text).clone()).collect());
        }
        let mut joined: Vec<Option<(usize, Value)>> = vec![None; plan.len()];
        let mut order: Vec<(usize, &Value)> = source.iter().enumerate().collect();
        order.sort_by_key(|(_, element)| looseness(element));
        for (position, element) in order {
            let many = matches!(element.trace.presence, Presence::Any(_));
            let mut matched = false;
            for taken in [false, true] {
                for (index, planned) in plan.iter().enumerate() {
                    if (matched && !many) || joined[index].is_some() != taken {
                        continue;
                    }
                    let Some(value) = self.agree(element, planned, index, at)? else {
                        continue;
                    };
                    matched = true;
                    joined[index].get_or_insert((position, value));
                }
                if matched {
                    break;
                }
            }
            if !matched && is_certain(element) {
                return None;
            }
        }
        Some(in_source_order(joined.into_iter().collect::<Option<_>>()?))
    }

    /// Joins two elements if they agree; `None` where there were too many comparisons.
    fn agree(
        &mut self,
        source: &Value,
        plan: &Value,
        index: usize,
        at: &At<'_>,
    ) -> Option<Option<Value>> {
        let cost = 1 + source.weight() / 1024;
        self.comparisons = self.comparisons.checked_sub(cost)?;
        let before = self.found.len();
        let path = Path::Index(&at.path, index);
        let joined = self.value(source, plan, &at.inside(path, at.form));
        let agree = self.found.len() == before;
        self.found.truncate(before);
        Some(agree.then_some(joined))
    }

    /// Joins lists of objects that have names: containers, environment variables, secrets.
    fn named(&mut self, source: &[Value], plan: &[Value], at: &At<'_>) -> Vec<Value> {
        let mut by_name: BTreeMap<String, VecDeque<(usize, &Value)>> = BTreeMap::new();
        let mut nameless: Vec<Option<(usize, &Value)>> = Vec::new();
        for element in source.iter().enumerate() {
            match name(element.1) {
                Some(name) => by_name.entry(name).or_default().push_back(element),
                None => nameless.push(Some(element)),
            }
        }
        let mut joined = Vec::new();
        for (index, planned) in plan.iter().enumerate() {
            let name = name(planned).unwrap_or_default();
            let path = Path::Name(&at.path, &name);
            let inside = at.inside(path, at.form);
            if let Some((position, element)) = by_name.get_mut(&name).and_then(VecDeque::pop_front)
            {
                joined.push((position, self.value(element, planned, &inside)));
                continue;
            }
            let mut found = None;
            for slot in &mut nameless {
                let Some((position, element)) = *slot else {
                    continue;
                };
                if let Some(Some(value)) = self.agree(element, planned, index, at) {
                    if !matches!(element.trace.presence, Presence::Any(_)) {
                        *slot = None;
                    }
                    found = Some((position, value));
                    break;
                }
            }
            joined.push(found.unwrap_or_else(|| {
                (
                    source.len(),
                    self.differ(&Value::default(), planned, &inside),
                )
            }));
        }
        let left = by_name
            .values()
            .flatten()
            .copied()
            .chain(nameless.into_iter().flatten());
        for (_, element) in left {
            if is_certain(element) && !element.is_unknown() && !is_empty(element) {
                let name = name(element).unwrap_or_default();
                let path = Path::Name(&at.path, &name);
                self.differ(element, &Value::default(), &at.inside(path, at.form));
            }
        }
        in_source_order(joined)
    }
}

/// Puts elements into the order in which the source has them, and after those what only the plan has.
fn in_source_order(mut elements: Vec<(usize, Value)>) -> Vec<Value> {
    elements.sort_by_key(|(position, _)| *position);
    elements.into_iter().map(|(_, element)| element).collect()
}

/// Whether elements are told apart by their names: all of the plan's have one.
fn are_named(source: &[Value], plan: &[Value]) -> bool {
    let object = |element: &Value| matches!(element.kind, Kind::Object(..) | Kind::Unknown(_));
    let both_empty = source.is_empty() && plan.is_empty();
    !both_empty
        && plan.iter().all(|element| name(element).is_some())
        && source.iter().all(object)
        && (!plan.is_empty() || source.iter().all(|element| name(element).is_some()))
}

fn name(element: &Value) -> Option<String> {
    let (_, map) = element.as_mapping()?;
    containers::entry(map, "name")?
        .as_str()
        .map(|name| name.into_owned())
}

fn is_compound(value: &Value) -> bool {
    matches!(
        value.kind,
        Kind::List(..) | Kind::Object(..) | Kind::Json(_)
    )
}

/// The texts of a list of known texts that are certainly there, each once.
fn texts(values: &[Value]) -> Option<BTreeMap<String, &Value>> {
    fn text(value: &Value) -> Option<(String, &Value)> {
        match &value.kind {
            Kind::String(_) if is_certain(value) => Some((value.as_str()?.into_owned(), value)),
            _ => None,
        }
    }
    values.iter().map(text).collect()
}

/// How much an element could be: what is most certain is matched first.
fn looseness(element: &Value) -> (u8, bool, bool) {
    let presence = match element.trace.presence {
        Presence::Certain => 0,
        Presence::Maybe(_) => 1,
        Presence::Any(_) => 2,
    };
    (presence, element.is_unknown(), !element.is_known())
}
