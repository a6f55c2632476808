//! Going through collections: `for` expressions, and what `dynamic` and directives share with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evaluator::{Evaluator, Fault, Outcome};
use super::module::both;
use super::scope::{Binding, Scope};
use crate::hcl::tree::{Expression, For, Name};
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{Kind, Map, Mapping, Presence, Sequence, Unknown, Value};

/// An element that is gone through.
#[derive(Debug)]
pub(super) struct Item {
    /// The key or index.
    pub(super) key: Value,
    /// The element.
    pub(super) value: Value,
    /// Whether it is there.
    pub(super) presence: Presence,
}

impl Evaluator<'_> {
    /// The elements of a collection in Terraform's order. What is unknown has one that stands for any.
    ///
    /// # Errors
    /// A message where the value is not a collection.
    pub(super) fn items(&self, collection: &Value) -> Result<Vec<Item>, String> {
        let mut items = match &collection.kind {
            Kind::List(sequence, elements) => list_items(*sequence, elements),
            Kind::Object(_, map) => map_items(map),
            Kind::Unknown(unknown) => vec![any(unknown)],
            Kind::Null(_) => return Err("the value is null, not a collection".to_owned()),
            _ => return Err("the value is not a collection".to_owned()),
        };
        for item in &mut items {
            item.value = self.inherit(std::mem::take(&mut item.value), collection);
        }
        Ok(items)
    }

    /// A `for` expression.
    pub(super) fn for_expression(&self, scope: Scope<'_>, each: &For) -> Outcome {
        let collection = self.leaf(scope, &each.collection)?;
        let items = self
            .items(&collection)
            .map_err(|message| Fault::new(message, scope.place(each.collection.span)))?;
        let marks = collection.trace.marks();
        let value = match &each.key {
            None => self.for_tuple(scope, each, items)?,
            Some(key) => self.for_object(scope, each, key, items)?,
        };
        Ok(value.with_marks(&marks))
    }

    fn for_tuple(&self, scope: Scope<'_>, each: &For, items: Vec<Item>) -> Outcome {
        let mut elements = Vec::new();
        for item in items {
            self.with_item(
                scope,
                each.key_name.as_ref(),
                &each.value_name,
                &item,
                |scope| {
                    let Some(presence) = self.kept(scope, each.condition.as_ref())? else {
                        return Ok(());
                    };
                    let value = self.leaf(scope, &each.value)?;
                    let presence = both(&item.presence, presence);
                    elements.push(value.with_presence(presence));
                    Ok(())
                },
            )?;
            if self.bounds.produce(1).is_err() {
                break;
            }
        }
        Ok(Value::tuple(elements))
    }

    fn for_object(
        &self,
        scope: Scope<'_>,
        each: &For,
        key: &Expression,
        items: Vec<Item>,
    ) -> Outcome {
        let mut map = Map::default();
        let mut groups: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
        for item in items {
            self.with_item(
                scope,
                each.key_name.as_ref(),
                &each.value_name,
                &item,
                |scope| {
                    let Some(presence) = self.kept(scope, each.condition.as_ref())? else {
                        return Ok(());
                    };
                    let presence = both(&item.presence, presence);
                    let key_value = self.leaf(scope, key)?;
                    let key_value = convert(&key_value, &Type::String)
                        .map_err(|failure| Fault::of(failure, scope.place(key.span)))?;
                    if key_value.is_null() {
                        let message = "a key of an object cannot be null";
                        return Err(Fault::new(message, scope.place(key.span)));
                    }
                    let value = self.leaf(scope, &each.value)?;
                    let name = key_value.as_str().map(|name| Arc::<str>::from(&*name));
                    match (name, presence) {
                        (Some(name), presence) if each.grouped => {
                            let group = groups.entry(name).or_default();
                            group.push(value.with_presence(presence));
                        }
                        (Some(name), presence) => {
                            let certain = presence.is_certain();
                            let before = map
                                .entries
                                .insert(name.clone(), value.with_presence(presence));
                            if before
                                .is_some_and(|before| before.trace.presence.is_certain() && certain)
                            {
                                let message = match key_value.marks().is_marked() {
                                    true => "two elements have one key, which is secret".to_owned(),
                                    false => format!("two elements have the key `{name}`"),
                                };
                                return Err(Fault::new(message, scope.place(key.span)));
                            }
                        }
                        (None, _) => {
                            let unknown = Unknown::computed([&key_value, &value]);
                            map.rest.get_or_insert(unknown);
                        }
                    }
                    Ok(())
                },
            )?;
            if self.bounds.produce(1).is_err() {
                break;
            }
        }
        for (name, group) in groups {
            map.entries.insert(name, Value::tuple(group));
        }
        Ok(Value::mapping(Mapping::Object, map))
    }

    /// Evaluates something for an element that has names.
    pub(super) fn with_item<T>(
        &self,
        scope: Scope<'_>,
        key_name: Option<&Name>,
        value_name: &Name,
        item: &Item,
        evaluate: impl FnOnce(Scope<'_>) -> T,
    ) -> T {
        let key;
        let mut outer = scope.bindings;
        if let Some(name) = key_name {
            key = Binding {
                name: &name.text,
                value: &item.key,
                outer,
            };
            outer = Some(&key);
        }
        let value = Binding {
            name: &value_name.text,
            value: &item.value,
            outer,
        };
        evaluate(scope.bind(&value))
    }

    /// Whether a filter keeps an element: `None` where it does not.
    fn kept(
        &self,
        scope: Scope<'_>,
        condition: Option<&Expression>,
    ) -> Result<Option<Presence>, Fault> {
        let Some(condition) = condition else {
            return Ok(Some(Presence::Certain));
        };
        let value = self.leaf(scope, condition)?;
        let value = convert(&value, &Type::Bool)
            .map_err(|failure| Fault::of(failure, scope.place(condition.span)))?;
        match &value.kind {
            Kind::Bool(true) => Ok(Some(Presence::Certain)),
            Kind::Bool(false) => Ok(None),
            Kind::Unknown(unknown) => Ok(Some(Presence::Maybe(unknown.clone()))),
            _ => {
                let message = "a filter must be true or false";
                Err(Fault::new(message, scope.place(condition.span)))
            }
        }
    }
}

fn list_items(sequence: Sequence, elements: &[Value]) -> Vec<Item> {
    // Past an element that may not be there, the indices are open too.
    let mut open: Option<Unknown> = None;
    let mut items = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        let mut value = element.clone();
        let presence = std::mem::take(&mut value.trace.presence);
        if let (Presence::Any(unknown), None) = (&presence, &open) {
            open = Some(unknown.clone());
        }
        let key = match (sequence, &open) {
            (Sequence::Set, _) => value.clone(),
            (_, None) => Value::from(index),
            (_, Some(unknown)) => {
                let unknown = Unknown::computed_from([unknown]).with_type(Type::Number);
                Value::unknown(unknown.not_null())
            }
        };
        if let (Presence::Maybe(unknown), None) = (&presence, &open) {
            open = Some(unknown.clone());
        }
        items.push(Item {
            key,
            value,
            presence,
        });
    }
    items
}

fn map_items(map: &Map) -> Vec<Item> {
    let entries = map.entries.iter().map(|(key, value)| {
        let mut value = value.clone();
        let presence = std::mem::take(&mut value.trace.presence);
        Item {
            key: Value::string(&**key),
            value,
            presence,
        }
    });
    entries.chain(map.rest.as_ref().map(any)).collect()
}

/// The element that stands for any number of them.
fn any(unknown: &Unknown) -> Item {
    let key = Unknown::computed_from([unknown]).not_null();
    Item {
        key: Value::unknown(key),
        value: Value::unknown(unknown.some_element()),
        presence: Presence::Any(unknown.clone()),
    }
}
