//! Shared content that knows how deep and how heavy it is.

use std::ops::Deref;
use std::sync::Arc;

use super::kind::{Kind, Map, Value};
use super::text::{Part, Text};
use super::unknown::{Presence, Reason, Unknown};
use crate::terraform::types::Type;

/// How deep a value may be nested. What would be deeper is unknown.
pub const MAX_DEPTH: usize = 128;
/// How heavy a value may be, in bytes of its text and [`NODE_WEIGHT`] for each value in it. What would
/// be heavier is unknown.
pub const MAX_WEIGHT: usize = 32 * 1024 * 1024;
/// What one value weighs, whatever it is.
const NODE_WEIGHT: usize = 64;

/// Content that is shared by all clones of a value, and never changes.
///
/// Only the constructors of [`Value`] make it, which keeps values within their bounds.
#[derive(Debug)]
pub struct Shared<T>(Arc<Held<T>>);

#[derive(Debug)]
struct Held<T> {
    extent: Extent,
    element: Type,
    content: T,
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.content
    }
}

impl<T> Shared<T> {
    pub(super) fn new(extent: Extent, content: T) -> Self {
        Shared::of_elements(extent, Type::Null, content)
    }

    pub(super) fn of_elements(extent: Extent, element: Type, content: T) -> Self {
        Shared(Arc::new(Held {
            extent,
            element,
            content,
        }))
    }

    /// The type that the elements of an empty collection would have.
    #[must_use]
    pub fn element(&self) -> &Type {
        &self.0.element
    }

    pub(super) fn extent(&self) -> Extent {
        self.0.extent
    }

    /// Whether both are the very same content in memory.
    #[must_use]
    pub fn is_identical(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: Clone> Shared<T> {
    /// Takes the content out, copying it only where it is shared.
    #[must_use]
    pub fn take(self) -> T {
        match Arc::try_unwrap(self.0) {
            Ok(held) => held.content,
            Err(shared) => shared.content.clone(),
        }
    }
}

/// What there is in a value, all the way down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// How many values are nested in each other.
    pub(super) depth: usize,
    /// How heavy it is.
    pub(super) weight: usize,
    /// Whether all of it is known and certainly there.
    pub(super) known: bool,
    /// Whether a secret flowed into any of it.
    pub(super) tainted: bool,
    /// Whether Terraform marks any of it sensitive.
    pub(super) sensitive: bool,
}

impl Extent {
    /// The extent of something that nothing is in.
    pub(super) fn leaf() -> Self {
        Extent {
            depth: 0,
            weight: NODE_WEIGHT,
            known: true,
            tainted: false,
            sensitive: false,
        }
    }

    /// Puts something in, a level deeper.
    pub(super) fn hold(&mut self, inner: Extent) {
        self.depth = self.depth.max(inner.depth + 1);
        self.weight = self.weight.saturating_add(inner.weight);
        self.known &= inner.known;
        self.tainted |= inner.tainted;
        self.sensitive |= inner.sensitive;
    }

    /// Which bound is passed, for a person.
    pub(super) fn past_bounds(&self) -> Option<&'static str> {
        if self.depth > MAX_DEPTH {
            Some("the value is nested more than 128 levels deep")
        } else if self.weight > MAX_WEIGHT {
            Some("the value is larger than 32 MiB")
        } else {
            None
        }
    }

    pub(super) fn of_text(text: &Text) -> Self {
        let mut extent = Extent::leaf();
        for part in &text.0 {
            match part {
                Part::Known(text, trace) => {
                    let weight = NODE_WEIGHT + text.len();
                    extent.weight = extent.weight.saturating_add(weight);
                    extent.tainted |= trace.taint.is_some();
                    extent.sensitive |= trace.sensitive;
                }
                Part::Json(value) => extent.hold(value.extent()),
                Part::Unknown(unknown, trace) => {
                    extent.hold(Extent::of_unknown(unknown));
                    extent.tainted |= trace.taint.is_some();
                    extent.sensitive |= trace.sensitive;
                }
            }
        }
        extent
    }

    pub(super) fn of_unknown(unknown: &Unknown) -> Self {
        let mut extent = Extent::leaf();
        extent.known = false;
        if let Reason::OneOf(values, _) = &unknown.0.reason {
            for value in values {
                extent.hold(Extent::of(value));
            }
            // Terraform marks an unknown result as a whole; the arms carry their own marks.
            extent.sensitive = false;
        }
        extent
    }

    pub(super) fn of_elements(elements: &[Value]) -> Self {
        let mut extent = Extent::leaf();
        for element in elements {
            extent.hold(Extent::of(element));
        }
        extent
    }

    pub(super) fn of_map(map: &Map) -> Self {
        let mut extent = Extent::leaf();
        for (key, value) in &map.entries {
            extent.weight = extent.weight.saturating_add(key.len());
            extent.hold(Extent::of(value));
        }
        extent.known &= map.rest.is_none();
        extent
    }

    pub(super) fn of_json(value: &Value) -> Self {
        let mut extent = Extent::leaf();
        extent.hold(Extent::of(value));
        extent
    }

    pub(super) fn of(value: &Value) -> Self {
        let mut extent = match &value.kind {
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => Extent::leaf(),
            Kind::String(text) => Extent::of_text(text),
            Kind::List(_, elements) => elements.extent(),
            Kind::Object(_, map) => map.extent(),
            Kind::Json(value) => value.extent(),
            Kind::Unknown(unknown) => Extent::of_unknown(unknown),
        };
        extent.known &= matches!(value.trace.presence, Presence::Certain);
        extent.tainted |= value.trace.taint.is_some();
        extent.sensitive |= value.trace.sensitive;
        extent
    }
}
