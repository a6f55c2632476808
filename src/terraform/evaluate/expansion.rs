//! What `count` and `for_each` make: instances with keys, and one that is marked where they are unknown.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use super::block::Argument;
use super::bounds::INSTANCES_OF_ONE;
use super::evaluator::Evaluator;
use super::scope::{Repetition, Scope};
use crate::source::Place;
use crate::terraform::operators;
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{Kind, Map, Mapping, Presence, Reason, Sequence, Unknown, Value};

/// The instances of a resource or a module call.
#[derive(Debug)]
pub(super) struct Expansion<T> {
    /// What made them.
    pub(super) shape: Shape,
    /// Those with a known key, in the order of the keys.
    pub(super) known: Vec<(InstanceKey, Rc<T>)>,
    /// The one that stands for those whose number or keys are unknown.
    pub(super) uncertain: Option<Rc<T>>,
    by_key: HashMap<Arc<str>, usize>,
    whole: Whole,
}

/// All of something as one value, made when it is asked for.
#[derive(Debug, Default)]
pub(super) struct Whole(RefCell<Option<Value>>);

impl Whole {
    /// The value, made now where it was not.
    pub(super) fn get(&self, make: impl FnOnce() -> Value) -> Value {
        if let Some(made) = &*self.0.borrow() {
            return made.clone();
        }
        let made = make();
        *self.0.borrow_mut() = Some(made.clone());
        made
    }
}

/// What made the instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing: there is one.
    One,
    /// `count`.
    Count,
    /// `for_each`.
    Each,
}

/// What follows the name in the address of an instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::terraform) enum InstanceKey {
    /// Nothing.
    None,
    /// A number, of `count`.
    Index(usize),
    /// A text, of `for_each`.
    Name(Arc<str>),
}

impl fmt::Display for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstanceKey::None => Ok(()),
            InstanceKey::Index(index) => write!(f, "[{index}]"),
            InstanceKey::Name(name) => {
                f.write_str("[\"")?;
                let mut characters = name.chars().peekable();
                while let Some(character) = characters.next() {
                    match character {
                        '"' => f.write_str("\\\"")?,
                        '\\' => f.write_str("\\\\")?,
                        '\n' => f.write_str("\\n")?,
                        '\r' => f.write_str("\\r")?,
                        '\t' => f.write_str("\\t")?,
                        '$' | '%' if characters.peek() == Some(&'{') => {
                            write!(f, "{character}{character}")?;
                        }
                        other if other.is_control() => write!(f, "\\u{:04x}", other as u32)?,
                        other => write!(f, "{other}")?,
                    }
                }
                f.write_str("\"]")
            }
        }
    }
}

impl InstanceKey {
    /// The key that an instance's address has after its resource's or call's, as Terraform writes it.
    pub(super) fn after(instance: &str, address: &str) -> Option<Self> {
        let key = instance.strip_prefix(address)?;
        let key = key.strip_prefix('[')?.strip_suffix(']')?;
        if let Ok(index) = key.parse() {
            return Some(InstanceKey::Index(index));
        }
        let name: String = serde_json::from_str(key).ok()?;
        let name = name.replace("$${", "${").replace("%%{", "%{");
        Some(InstanceKey::Name(Arc::from(name)))
    }
}

/// An instance to be made.
pub(super) struct Planned {
    /// Its key.
    pub(super) key: InstanceKey,
    /// What `count` or `for_each` gives to it.
    pub(super) repetition: Repetition,
    /// Whether it is there.
    pub(super) presence: Presence,
}

/// The instances to be made.
pub(super) struct Plan {
    shape: Shape,
    known: Vec<Planned>,
    uncertain: Option<Planned>,
}

impl<T> Expansion<T> {
    /// Every instance, the uncertain one last.
    pub(super) fn all(&self) -> impl Iterator<Item = &Rc<T>> {
        self.known
            .iter()
            .map(|(_, instance)| instance)
            .chain(&self.uncertain)
    }

    /// The instance with a key that is known; the uncertain one where there may be others.
    pub(super) fn get(&self, key: &Value) -> Option<&Rc<T>> {
        let at = match self.shape {
            Shape::One => return None,
            Shape::Count => {
                let number = convert(key, &Type::Number).ok()?;
                number.as_number()?.to_usize()
            }
            Shape::Each => {
                let name = convert(key, &Type::String).ok()?;
                self.by_key.get(&*name.as_str()?).copied()
            }
        };
        at.and_then(|at| self.known.get(at))
            .map(|(_, instance)| instance)
            .or(self.uncertain.as_ref())
    }

    /// What all instances come to together: the one, a tuple of them, or an object by key.
    pub(super) fn value(
        &self,
        address: impl Fn() -> String,
        of: impl Fn(&Rc<T>) -> Value,
    ) -> Value {
        self.whole.get(|| self.made(address, of))
    }

    fn made(&self, address: impl Fn() -> String, of: impl Fn(&Rc<T>) -> Value) -> Value {
        match self.shape {
            Shape::One => self.all().next().map(of).unwrap_or_default(),
            Shape::Count => {
                let uncertain = self.uncertain.iter().map(&of);
                let known = self.known.iter().map(|(_, instance)| of(instance));
                Value::tuple(known.chain(uncertain).collect())
            }
            Shape::Each => {
                let entries = self.known.iter().filter_map(|(key, instance)| match key {
                    InstanceKey::Name(name) => Some((name.clone(), of(instance))),
                    _ => None,
                });
                let mut map = Map::closed(entries);
                if self.uncertain.is_some() {
                    map.rest = Some(Unknown::reference(address(), ""));
                }
                Value::mapping(Mapping::Object, map)
            }
        }
    }
}

impl Plan {
    /// One instance, without `count` or `for_each`.
    fn one() -> Self {
        Plan {
            shape: Shape::One,
            known: vec![Planned {
                key: InstanceKey::None,
                repetition: Repetition::None,
                presence: Presence::Certain,
            }],
            uncertain: None,
        }
    }

    /// Makes the instances.
    pub(super) fn expand<T>(self, make: impl Fn(Planned) -> T) -> Expansion<T> {
        let known: Vec<(InstanceKey, Rc<T>)> = self
            .known
            .into_iter()
            .map(|planned| (planned.key.clone(), Rc::new(make(planned))))
            .collect();
        let by_key = known
            .iter()
            .enumerate()
            .filter_map(|(at, (key, _))| match key {
                InstanceKey::Name(name) => Some((name.clone(), at)),
                _ => None,
            });
        Expansion {
            shape: self.shape,
            whole: Whole::default(),
            by_key: by_key.collect(),
            known,
            uncertain: self.uncertain.map(|planned| Rc::new(make(planned))),
        }
    }
}

impl Evaluator<'_> {
    /// Says which instances `count` or `for_each` make. What the source cannot decide, the keys that a
    /// plan has decide, where there are any.
    pub(super) fn repeat(
        &self,
        scope: Scope<'_>,
        count: Option<&Argument>,
        for_each: Option<&Argument>,
        planned_keys: impl Fn() -> Vec<InstanceKey>,
    ) -> Plan {
        let plan = match (count, for_each) {
            (Some(count), _) => self.counted(scope, count, planned_keys),
            (None, Some(for_each)) => self.keyed(scope, for_each, planned_keys),
            (None, None) => return self.within_bounds(Plan::one(), None),
        };
        self.within_bounds(plan, count.or(for_each).map(Argument::place))
    }

    fn within_bounds(&self, mut plan: Plan, place: Option<Place>) -> Plan {
        let wanted = plan.known.len();
        let (granted, met) = self.bounds.instances(wanted);
        if let Some(met) = met {
            plan.known.truncate(granted);
            if plan.shape == Shape::One {
                self.notes.missing("what comes after", &*met, place);
            } else {
                self.notes.add_once(&met, place);
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
        match &number.kind {
            Kind::Number(number) => {
                let wanted = number.to_usize().unwrap_or_else(|| {
                    let message = format!("`count` cannot be {number}");
                    self.notes.add(message, Some(count.place()));
                    0
                });
                // One more than there may be, so that the bound is seen to be met.
                plan.known = (0..wanted.min(INSTANCES_OF_ONE + 1)).map(counted).collect();
            }
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
            _ => self
                .notes
                .add("`count` cannot be null", Some(count.place())),
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
