//! Going through collections: `for` expressions, and what `dynamic` and directives share with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evaluator::{Evaluator, Fault, Outcome};
use super::module::both;
use super::scope::{Binding, Scope};
use crate::hcl::tree::{Expression, For, Name};
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{Kind, Map, Mapping, Marks, Presence, Sequence, Unknown, Value};

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
            Kind::Unknown(unknown) if unknown.ty().is_primitive() => {
                return Err("the value is not a collection".to_owned());
            }
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
        let mut marks = collection.trace.marks();
        let certain = items.iter().any(|item| item.presence.is_certain());
        if let (false, Some(condition)) = (certain, &each.condition) {
            // A filter that is wrong for every element is wrong where there is none, too.
            let names = each.key_name.iter().chain([&each.value_name]);
            let text = scope
                .place(condition.span)
                .map(|place| self.files.text(place.file));
            let (start, end) = (condition.span.start as usize, condition.span.end as usize);
            let text = text.as_deref().and_then(|text| text.get(start..end));
            let named = |text: &str| names.clone().any(|name| text.contains(&*name.text));
            if text.is_some_and(|text| !named(text)) {
                self.kept(scope, Some(condition), &mut marks)?;
            }
        }
        let value = match &each.key {
            None => self.for_tuple(scope, each, items, &mut marks)?,
            Some(key) => self.for_object(scope, each, key, items, &mut marks)?,
        };
        let value = self.noted(value, scope.place(each.collection.span));
        Ok(value.with_marks(&marks))
    }

    fn for_tuple(
        &self,
        scope: Scope<'_>,
        each: &For,
        items: Vec<Item>,
        marks: &mut Marks,
    ) -> Outcome {
        let mut elements = Vec::new();
        for item in items {
            let (key_name, value_name) = (each.key_name.as_ref(), &each.value_name);
            let made = self.with_item(scope, key_name, value_name, &item, |scope| {
                let Some(presence) = self.kept(scope, each.condition.as_ref(), marks)? else {
                    return Ok(None);
                };
                let presence = both(&item.presence, presence);
                let value = match self.leaf(scope, &each.value) {
                    Ok(value) => value,
                    Err(fault) => Value::unknown(perhaps_wrong(fault, &presence)?),
                };
                Ok(Some(value.with_presence(presence)))
            });
            match made {
                Ok(element) => elements.extend(element),
                Err(fault) => {
                    let unknown = Value::unknown(perhaps_wrong(fault, &item.presence)?);
                    elements.push(unknown.with_presence(item.presence));
                }
            }
            // What was made so far is not all, and so says nothing.
            if let Err(met) = self.bounds.produce(1) {
                return Ok(self.met(met, scope.place(each.collection.span)));
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
        marks: &mut Marks,
    ) -> Outcome {
        let mut entries = Entries::default();
        for item in items {
            let (key_name, value_name) = (each.key_name.as_ref(), &each.value_name);
            let made = self.with_item(scope, key_name, value_name, &item, |scope| {
                let Some(presence) = self.kept(scope, each.condition.as_ref(), marks)? else {
                    return Ok(());
                };
                let presence = both(&item.presence, presence);
                let entry = self.entry(scope, key, &each.value, marks);
                let (key_value, value) = match entry {
                    Ok(entry) => entry,
                    Err(fault) => {
                        entries.open.get_or_insert(perhaps_wrong(fault, &presence)?);
                        return Ok(());
                    }
                };
                let value = value.with_presence(presence);
                match key_value.as_str() {
                    None => entries.add_open(&key_value, &value),
                    Some(name) if each.grouped => entries.group(&name, value),
                    Some(name) if !entries.insert(&name, value) => {
                        let message = match key_value.marks().is_marked() {
                            true => "two elements have one key, which is secret".to_owned(),
                            false => format!("two elements have the key `{name}`"),
                        };
                        return Err(Fault::new(message, scope.place(key.span)));
                    }
                    Some(_) => {}
                }
                Ok(())
            });
            if let Err(fault) = made {
                entries
                    .open
                    .get_or_insert(perhaps_wrong(fault, &item.presence)?);
            }
            if let Err(met) = self.bounds.produce(1) {
                return Ok(self.met(met, scope.place(each.collection.span)));
            }
        }
        Ok(Value::mapping(Mapping::Object, entries.finish()))
    }

    /// A key, which is a string, and the value under it.
    fn entry(
        &self,
        scope: Scope<'_>,
        key: &Expression,
        value: &Expression,
        marks: &mut Marks,
    ) -> Result<(Value, Value), Fault> {
        let place = scope.place(key.span);
        let key = self.leaf(scope, key)?;
        marks.add(&key.marks());
        let key = convert(&key, &Type::String).map_err(|failure| Fault::of(failure, place))?;
        if key.is_null() {
            return Err(Fault::new("a key of an object cannot be null", place));
        }
        Ok((key, self.leaf(scope, value)?))
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
        marks: &mut Marks,
    ) -> Result<Option<Presence>, Fault> {
        let Some(condition) = condition else {
            return Ok(Some(Presence::Certain));
        };
        let value = self.leaf(scope, condition)?;
        // To Terraform the whole is sensitive where a filter is.
        marks.sensitive |= value.is_sensitive();
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

/// What a fault in what is made of an element comes to: nothing is wrong where the element is not there.
fn perhaps_wrong(fault: Fault, presence: &Presence) -> Result<Unknown, Fault> {
    if presence.is_certain() {
        return Err(fault);
    }
    Ok(Unknown::other(fault.message))
}

/// What is gathered of an object.
#[derive(Default)]
struct Entries {
    entries: BTreeMap<Arc<str>, Value>,
    groups: BTreeMap<Arc<str>, Vec<Value>>,
    /// What stands under keys that are not known.
    open: Option<Unknown>,
}

impl Entries {
    /// Adds an entry, unless one is certainly there already.
    fn insert(&mut self, name: &str, value: Value) -> bool {
        let certain = |value: &Value| value.trace.presence.is_certain();
        let now = certain(&value);
        let before = self.entries.insert(Arc::from(name), value);
        !(now && before.is_some_and(|before| certain(&before)))
    }

    fn group(&mut self, name: &str, value: Value) {
        self.groups.entry(Arc::from(name)).or_default().push(value);
    }

    fn add_open(&mut self, key: &Value, value: &Value) {
        let unknown = Unknown::computed([key, value]);
        self.open.get_or_insert(unknown);
    }

    fn finish(mut self) -> Map {
        for (name, mut group) in self.groups {
            let uncertain = group.iter().find_map(|one| one.trace.presence.unknown());
            let there = group.iter().any(|one| one.trace.presence.is_certain());
            let presence = match uncertain.cloned() {
                Some(why) if !there => Presence::Maybe(why),
                _ => Presence::Certain,
            };
            // What has a key that is not known may belong to any group, in any place of it.
            if let Some(open) = &self.open {
                let any = Value::unknown(open.clone());
                let any = any.with_presence(Presence::Any(open.clone()));
                let mut opened = vec![any.clone()];
                for one in group {
                    opened.extend([one, any.clone()]);
                }
                group = opened;
            }
            let group = Value::tuple(group).with_presence(presence);
            self.entries.insert(name, group);
        }
        Map {
            entries: self.entries,
            rest: self.open,
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
