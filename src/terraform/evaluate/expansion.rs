//! Instances with keys, and one that is marked where they are unknown.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use super::scope::Repetition;
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{Map, Mapping, Presence, Unknown, Value};

/// The instances of a resource or a module call.
#[derive(Debug)]
pub(super) struct Expansion<T> {
    /// What made them.
    pub(super) shape: Shape,
    /// Those with a known key, in the order of the keys.
    pub(super) known: Vec<(InstanceKey, Rc<T>)>,
    /// The one that stands for those whose number or keys are unknown.
    pub(super) uncertain: Option<Rc<T>>,
    /// Whether the known ones are there, in their order, and then the uncertain one.
    presence: Vec<Presence>,
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
    /// What makes them.
    pub(super) shape: Shape,
    /// Those with a known key.
    pub(super) known: Vec<Planned>,
    /// The one that stands for those whose number or keys are unknown.
    pub(super) uncertain: Option<Planned>,
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
        let present = |(instance, presence): (&Rc<T>, &Presence)| {
            of(instance).with_presence(presence.clone())
        };
        match self.shape {
            Shape::One => self.all().next().map(of).unwrap_or_default(),
            Shape::Count => {
                let elements = self.all().zip(&self.presence).map(present);
                Value::tuple(elements.collect())
            }
            Shape::Each => {
                let known = self.known.iter().zip(&self.presence);
                let entries = known.filter_map(|((key, instance), presence)| match key {
                    InstanceKey::Name(name) => Some((name.clone(), present((instance, presence)))),
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
    pub(super) fn one() -> Self {
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
        let planned = self.known.iter().chain(&self.uncertain);
        let presence = planned.map(|planned| planned.presence.clone()).collect();
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
            presence,
            shape: self.shape,
            whole: Whole::default(),
            by_key: by_key.collect(),
            known,
            uncertain: self.uncertain.map(|planned| Rc::new(make(planned))),
        }
    }
}
