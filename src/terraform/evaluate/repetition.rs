//! Which instances `count` and `for_each` make.

use std::collections::HashSet;
use std::sync::Arc;

use super::block::Argument;
use super::bounds::INSTANCES_OF_ONE;
use super::evaluator::Evaluator;
use super::expansion::{InstanceKey, Plan, Planned, Shape};
use super::scope::{Repetition, Scope};
use crate::source::Place;
use crate::terraform::operators;
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{Kind, Presence, Reason, Sequence, Unknown, Value};

impl Evaluator<'_> {
    /// Says which instances `count` or `for_each` make. What the source cannot decide, the keys that a
    /// plan has decide, where there are any.
    pub(super) fn repeat(
        &self,
        scope: Scope<'_>,
        (count, for_each): (Option<&Argument>, Option<&Argument>),
        header: Place,
        planned_keys: impl Fn() -> Vec<InstanceKey>,
    ) -> Plan {
        let plan = match (count, for_each) {
            (Some(count), _) => self.counted(scope, count, planned_keys),
            (None, Some(for_each)) => self.keyed(scope, for_each, planned_keys),
            (None, None) => return self.within_bounds(Plan::one(), header),
        };
        self.within_bounds(plan, count.or(for_each).map_or(header, Argument::place))
    }

    fn within_bounds(&self, mut plan: Plan, place: Place) -> Plan {
        let wanted = plan.known.len();
        let (granted, met) = self.bounds.instances(wanted);
        if let Some(met) = met {
            plan.known.truncate(granted);
            if plan.shape == Shape::One {
                self.notes.missing("what comes after", &*met, Some(place));
            } else {
                self.notes.add_once(&met, Some(place));
                let presence = Presence::Any(Unknown::other(met));
                plan.uncertain = Some(uncertain(plan.shape, None, presence));
            }
        }
        plan
    }

    fn counted(
        &self,
        scope: Scope<'_>,
        count: &Argument,
        planned_keys: impl Fn() -> Vec<InstanceKey>,
    ) -> Plan {
        let value = self.argument_value(scope, count);
        let number = convert(&value, &Type::Number).unwrap_or_else(|failure| {
            self.notes.add(failure.message, Some(count.place()));
            Value::unknown(Unknown::other("`count` is not a number"))
        });
        let mut plan = Plan {
            shape: Shape::Count,
            known: Vec::new(),
            uncertain: None,
        };
        let counted = |index: usize| Planned {
            key: InstanceKey::Index(index),
            repetition: Repetition::Count(Value::from(index)),
            presence: Presence::Certain,
        };
        let refused = |message: &str| {
            self.notes.add(message, Some(count.place()));
            let presence = Presence::Any(Unknown::other(message));
            Some(uncertain(Shape::Count, None, presence))
        };
        match &number.kind {
            Kind::Number(number) => match number.to_usize() {
                // One more than there may be, so that the bound is seen to be met.
                Some(wanted) => {
                    plan.known = (0..wanted.min(INSTANCES_OF_ONE + 1)).map(counted).collect();
                }
                None => plan.uncertain = refused("`count` must be a whole number from 0"),
            },
            Kind::Unknown(unknown) => {
                for key in planned_keys() {
                    if let InstanceKey::Index(index) = key {
                        plan.known.push(counted(index));
                    }
                }
                if plan.known.is_empty() {
                    let presence = if is_none_or_one(unknown) {
                        Presence::Maybe(unknown.clone())
                    } else {
                        Presence::Any(unknown.clone())
                    };
                    plan.uncertain = Some(uncertain(Shape::Count, Some(unknown), presence));
                }
            }
            _ => plan.uncertain = refused("`count` cannot be null"),
        }
        plan
    }

    fn keyed(
        &self,
        scope: Scope<'_>,
        for_each: &Argument,
        planned_keys: impl Fn() -> Vec<InstanceKey>,
    ) -> Plan {
        let value = self.argument_value(scope, for_each);
        let mut plan = Plan {
            shape: Shape::Each,
            known: Vec::new(),
            uncertain: None,
        };
        let keyed = |key: Arc<str>, value: Value, presence: Presence| Planned {
            repetition: Repetition::Each(Value::string(&*key), value),
            key: InstanceKey::Name(key),
            presence,
        };
        let mut open = None;
        match &value.kind {
            Kind::Object(_, map) => {
                for (key, element) in &map.entries {
                    let mut element = self.inherit(element.clone(), &value);
                    let presence = std::mem::take(&mut element.trace.presence);
                    plan.known.push(keyed(key.clone(), element, presence));
                }
                open = map.rest.clone();
            }
            Kind::List(Sequence::Set, elements) => {
                for element in elements.iter() {
                    let mut element = self.inherit(element.clone(), &value);
                    let presence = std::mem::take(&mut element.trace.presence);
                    match (element.as_str(), presence) {
                        (Some(key), presence @ (Presence::Certain | Presence::Maybe(_))) => {
                            let key: Arc<str> = Arc::from(&*key);
                            plan.known.push(keyed(key, element, presence));
                        }
                        (_, Presence::Any(unknown)) => open = Some(unknown),
                        (None, _) => open = Some(Unknown::computed([&element])),
                    }
                }
            }
            Kind::Unknown(unknown) => open = Some(unknown.clone()),
            _ => {
                let message = "`for_each` needs a map or a set of strings";
                self.notes.add(message, Some(for_each.place()));
                open = Some(Unknown::other(message));
            }
        }
        let Some(open) = open else {
            return plan;
        };
        let sure: HashSet<Arc<str>> = plan
            .known
            .iter()
            .filter_map(|known| match &known.key {
                InstanceKey::Name(name) => Some(name.clone()),
                _ => None,
            })
            .collect();
        let mut decided = false;
        for key in planned_keys() {
            let InstanceKey::Name(name) = key else {
                continue;
            };
            decided = true;
            if !sure.contains(&name) {
                let element = operators::index(&value, &Value::string(&*name))
                    .unwrap_or_else(|_| Value::unknown(open.some_element()));
                plan.known.push(keyed(name, element, Presence::Certain));
            }
        }
        if !decided {
            plan.uncertain = Some(uncertain(
                Shape::Each,
                Some(&open),
                Presence::Any(open.clone()),
            ));
        }
        plan
    }
}

fn uncertain(shape: Shape, of: Option<&Unknown>, presence: Presence) -> Planned {
    let element = || Value::unknown(of.map_or_else(Unknown::default, Unknown::some_element));
    let repetition = match shape {
        Shape::One => Repetition::None,
        Shape::Count => Repetition::Count(Value::unknown(
            of.map_or_else(Unknown::default, |of| Unknown::computed_from([of]))
                .with_type(Type::Number),
        )),
        Shape::Each => Repetition::Each(
            Value::unknown(
                of.map_or_else(Unknown::default, |of| Unknown::computed_from([of]))
                    .with_type(Type::String)
                    .not_null(),
            ),
            element(),
        ),
    };
    Planned {
        key: InstanceKey::None,
        repetition,
        presence,
    }
}

/// Whether an unknown number can only be 0 or 1.
fn is_none_or_one(unknown: &Unknown) -> bool {
    let Reason::OneOf(values, _) = unknown.reason() else {
        return false;
    };
    values.iter().all(|value| {
        let number = convert(value, &Type::Number).ok();
        let number = number.as_ref().and_then(Value::as_number);
        matches!(
            number.and_then(crate::terraform::Number::to_usize),
            Some(0 | 1)
        )
    })
}
