//! Which parts of a value are sensitive: from paths to the mask that a plan's JSON has.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;

use super::packed;
use super::wire::{Field, Fields};
use crate::terraform::plan::text::Json;

/// A step into a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step<'a> {
    /// An attribute, or an entry of a map.
    Key(Cow<'a, str>),
    /// An element of a list.
    Index(usize),
}

/// The mask of a value: `true` at the ends of the paths. What a path ends at that is not there is not
/// marked.
pub(super) fn mask<'a>(value: &Json<'_>, paths: impl Iterator<Item = Vec<Step<'a>>>) -> Json<'a> {
    let mut mask = Json::Null;
    for path in paths {
        mark(&mut mask, value, &path);
    }
    mask
}

fn mark<'a>(mask: &mut Json<'a>, value: &Json<'_>, path: &[Step<'a>]) {
    if *mask == Json::Bool(true) {
        return;
    }
    let Some((step, rest)) = path.split_first() else {
        *mask = Json::Bool(true);
        return;
    };
    match (step, value) {
        (Step::Key(key), Json::Object(entries)) => {
            let Some(value) = entries.get(key) else {
                return;
            };
            if *mask == Json::Null {
                *mask = Json::Object(BTreeMap::new());
            }
            if let Json::Object(masks) = mask {
                mark(masks.entry(key.clone()).or_insert(Json::Null), value, rest);
            }
        }
        (Step::Index(index), Json::Array(elements)) => {
            let Some(value) = elements.get(*index) else {
                return;
            };
            if *mask == Json::Null {
                *mask = Json::Array(Vec::new());
            }
            if let Json::Array(masks) = mask {
                while masks.len() <= *index {
                    masks.push(Json::Null);
                }
                mark(&mut masks[*index], value, rest);
            }
        }
        // An element of a set has no place in it: the whole set is marked.
        (_, Json::Array(_)) => *mask = Json::Bool(true),
        _ => {}
    }
}

/// Marks what is at a path of names, in every element of lists on the way.
pub(super) fn mark_named(mask: &mut Json<'_>, value: &Json<'_>, path: &[&'static str]) {
    if *mask == Json::Bool(true) {
        return;
    }
    let Some((name, rest)) = path.split_first() else {
        *mask = Json::Bool(true);
        return;
    };
    match value {
        Json::Object(entries) => {
            let Some(value) = entries.get(*name) else {
                return;
            };
            if *mask == Json::Null {
                *mask = Json::Object(BTreeMap::new());
            }
            if let Json::Object(masks) = mask {
                let mask = masks.entry(Cow::Borrowed(*name)).or_insert(Json::Null);
                mark_named(mask, value, rest);
            }
        }
        Json::Array(elements) => {
            if *mask == Json::Null {
                *mask = Json::Array(Vec::new());
            }
            if let Json::Array(masks) = mask {
                while masks.len() < elements.len() {
                    masks.push(Json::Null);
                }
                for (mask, element) in masks.iter_mut().zip(elements) {
                    mark_named(mask, element, path);
                }
            }
        }
        _ => {}
    }
}

/// Reads a path of a plan. It ends early where it goes through an element that has no name or index.
pub(super) fn path(message: &[u8]) -> Vec<Step<'_>> {
    let mut path = Vec::new();
    for step in Fields(message).flatten() {
        let Some(step) = step.1.bytes().ok().and_then(selected) else {
            break;
        };
        path.push(step);
    }
    path
}

fn selected(step: &[u8]) -> Option<Step<'_>> {
    match Fields(step).next()?.ok()? {
        (1, name) => Some(Step::Key(name.text().ok()?.into())),
        (2, key) => element(key),
        _ => None,
    }
}

fn element(key: Field<'_>) -> Option<Step<'_>> {
    // A type, and a text or a number.
    let left = AtomicUsize::new(2);
    match packed::value(key.value().ok()?, &left) {
        Json::String(key) => Some(Step::Key(key)),
        Json::Number(index) => index.parse().ok().map(Step::Index),
        _ => None,
    }
}

/// Reads the paths of a state: lists of `{"type":"get_attr","value":"name"}` and
/// `{"type":"index","value":{"type":…,"value":…}}`.
pub(super) fn state_paths<'a>(paths: &Json<'a>) -> Vec<Vec<Step<'a>>> {
    let Json::Array(paths) = paths else {
        return Vec::new();
    };
    paths.iter().map(state_path).collect()
}

fn state_path<'a>(path: &Json<'a>) -> Vec<Step<'a>> {
    let Json::Array(steps) = path else {
        return Vec::new();
    };
    let step = |step: &Json<'a>| match step.entry("value")? {
        Json::String(name) => Some(Step::Key(name.clone())),
        key => match key.entry("value")? {
            Json::String(key) => Some(Step::Key(key.clone())),
            Json::Number(index) => index.parse().ok().map(Step::Index),
            _ => None,
        },
    };
    steps.iter().map_while(step).collect()
}
