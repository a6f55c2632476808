//! A value of the source and the plan's joined, leaf by leaf.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::containers;
use super::disagreement::{Disagreement, Path, shown_apart};
use super::documents::{begins_json, completed, document, documents};
use super::form::{Form, Keys, is_unset};
use super::mocked;
use super::normalised::{is_certain, is_empty, same_scalar};
use crate::source::Place;
use crate::terraform::value::{Kind, Map, Mapping, Presence, Text, Trace, Unknown, Value};

/// How many comparisons an instance is given to find which elements belong together.
const COMPARISONS: usize = 100_000;

/// The joining of one instance.
pub(super) struct Joiner<'a> {
    /// The instance's address.
    pub address: &'a Arc<str>,
    /// What was found so far.
    pub found: Vec<Disagreement>,
    /// How many more comparisons may be made.
    pub comparisons: usize,
    /// Whether the plan has made-up values in it.
    pub mocked: bool,
}

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub path: Path<'a>,
    pub form: Form,
    /// The innermost place that is known.
    pub place: Option<Place>,
    /// Whether something around it is secret.
    pub secret: bool,
}

impl<'a> At<'a> {
    /// The place of something inside.
    pub(super) fn inside(&self, path: Path<'a>, form: Form) -> At<'a> {
        At {
            path,
            form,
            ..*self
        }
    }
}

impl<'a> Joiner<'a> {
    pub(super) fn new(address: &'a Arc<str>, mocked: bool) -> Self {
        Joiner {
            mocked,
            address,
            found: Vec::new(),
            comparisons: COMPARISONS,
        }
    }

    /// Joins a value. What the plan does not know stays as the source has it, what the source does not
    /// know becomes the plan's, and what both know must be the same.
    pub(super) fn value(&mut self, source: &Value, plan: &Value, at: &At<'_>) -> Value {
        if self.mocked && mocked::hangs(source) {
            return mocked::marked(source);
        }
        let at = At {
            place: source.trace.written().or(at.place),
            secret: at.secret || is_marked(source) || is_marked(plan),
            ..*at
        };
        match (&source.kind, &plan.kind) {
            (_, Kind::Unknown(_)) => certain(source.clone()),
            (Kind::Unknown(_), _) => filled(plan, &source.trace),
            (Kind::Null(_), Kind::Null(_)) => certain(source.clone()),
            // An empty collection is planned as null by many providers.
            (Kind::List(..) | Kind::Object(..), Kind::Null(_)) if is_empty(source) => {
                certain(source.clone())
            }
            (Kind::Null(_), _) if at.form == Form::Block => certain(source.clone()),
            (_, Kind::Null(_)) if is_empty(source) => filled(plan, &source.trace),
            (Kind::Null(_), _) if is_empty(plan) => certain(source.clone()),
            (Kind::Object(_, map), Kind::Object(_, planned)) => {
                self.object(source, map, planned, &at)
            }
            (Kind::List(_, elements), Kind::List(_, planned)) => {
                self.list(source, elements, planned, plan, &at)
            }
            (Kind::Object(..), Kind::List(_, planned)) if planned.len() == 1 => {
                self.value(source, &planned[0], &at)
            }
            (Kind::List(_, elements), Kind::Object(..)) if elements.len() == 1 => {
                self.value(&elements[0], plan, &at)
            }
            (Kind::Json(_) | Kind::String(_), Kind::String(text)) => {
                self.text(source, plan, text, &at)
            }
            (Kind::Json(_) | Kind::String(_), Kind::Json(planned)) => match document(source) {
                Some(document) => self.document(source, &document, plan, planned, &at),
                None => self.differ(source, plan, &at),
            },
            (Kind::List(_, elements), _)
                if at.form == Form::Document && elements.len() == 1 && is_scalar(plan) =>
            {
                self.value(&elements[0], plan, &at)
            }
            (_, Kind::List(_, planned))
                if at.form == Form::Document && planned.len() == 1 && is_scalar(source) =>
            {
                self.value(source, &planned[0], &at)
            }
            _ if same_scalar(source, plan, at.path.key()) => agreed(source, plan),
            _ => self.differ(source, plan, &at),
        }
    }

    fn text(&mut self, source: &Value, plan: &Value, planned: &Text, at: &At<'_>) -> Value {
        let Some(planned) = planned.known() else {
            return certain(source.clone());
        };
        if let Kind::String(text) = &source.kind {
            match text.known() {
                Some(_) if same_scalar(source, plan, at.path.key()) => return agreed(source, plan),
                Some(_) => {}
                None => {
                    if !begins_json(&text.prefix())
                        && let Some(parts) = completed(text, &planned)
                    {
                        let kind = Kind::String(Text(parts));
                        return with_marks_of(
                            Value {
                                kind,
                                trace: source.trace.clone(),
                            },
                            plan,
                        );
                    }
                }
            }
        }
        let Some((document, planned_document)) = documents(source, &planned) else {
            if let Kind::String(text) = &source.kind
                && text.known().is_none()
                && let Some(parts) = completed(text, &planned)
            {
                let kind = Kind::String(Text(parts));
                return with_marks_of(
                    Value {
                        kind,
                        trace: source.trace.clone(),
                    },
                    plan,
                );
            }
            return self.differ(source, plan, at);
        };
        self.document(source, &document, plan, &planned_document, at)
    }

    /// Joins two texts that are JSON.
    fn document(
        &mut self,
        source: &Value,
        document: &Value,
        plan: &Value,
        planned: &Value,
        at: &At<'_>,
    ) -> Value {
        let form = match at.path {
            Path::Key(Path::Instance, "container_definitions") => Form::Containers,
            _ => Form::Document,
        };
        let joined = self.value(document, planned, &at.inside(at.path, form));
        let mut joined = Value::json(joined);
        let sensitive = joined.trace.sensitive;
        joined.trace = certain(source.clone()).trace;
        joined.trace.sensitive |= sensitive;
        with_marks_of(joined, plan)
    }

    fn object(&mut self, source: &Value, map: &Map, planned: &Map, at: &At<'_>) -> Value {
        let texts = planned
            .entries
            .values()
            .all(|value| is_scalar(value) || value.is_unknown());
        let form = match at.form {
            Form::Block if texts && matches!(at.path, Path::Key(..)) => Form::Map,
            form => form,
        };
        let at = At { form, ..*at };
        let mut joined = Map {
            entries: BTreeMap::new(),
            // Of what a mocked plan has there nothing is known.
            rest: map.rest.clone().filter(|_| self.mocked),
        };
        let written = Keys::of(map, form);
        let planned_keys = Keys::of(planned, form);
        for (key, value) in &planned.entries {
            let path = Path::Key(&at.path, key);
            match written.find(key) {
                Some((name, source)) => {
                    let inside = at.inside(path, form.of_entry(key));
                    joined
                        .entries
                        .insert(name, self.value(source, value, &inside));
                }
                None if joined.rest.is_some() => {}
                None if map.rest.as_ref().is_some_and(|rest| !self.is_own(rest)) => {
                    joined
                        .entries
                        .insert(Arc::clone(key), filled(value, &source.trace));
                }
                None if form == Form::Block || is_unset(form, key, value, planned) => {}
                None => {
                    let nothing = Value::default();
                    let value = self.differ(&nothing, value, &at.inside(path, form));
                    joined.entries.insert(Arc::clone(key), value);
                }
            }
        }
        for (key, value) in &map.entries {
            if planned_keys.find(key).is_some() || !is_certain(value) {
                continue;
            }
            let dropped = form == Form::Containers && !containers::is_field(key);
            if form == Form::Block || dropped || is_unset(form, key, value, map) {
                joined.entries.insert(Arc::clone(key), value.clone());
            } else if !value.is_unknown() {
                let path = Path::Key(&at.path, key);
                let inside = At {
                    place: value.trace.written().or(at.place),
                    ..at.inside(path, form)
                };
                self.differ(value, &Value::default(), &inside);
            } else if self.mocked {
                joined.entries.insert(Arc::clone(key), value.clone());
            }
        }
        let (mapping, _) = source.as_mapping().unwrap_or((Mapping::Object, map));
        Value::mapping(mapping, joined).with_trace(certain(source.clone()).trace)
    }

    /// Whether what is not written is this instance's own: the provider's, and not what an expression would
    /// give.
    fn is_own(&self, rest: &Unknown) -> bool {
        rest.exact()
            .is_some_and(|reference| reference.address == *self.address)
    }

    /// Notes that plan and source differ, and gives the plan's value with the source's places.
    pub(super) fn differ(&mut self, source: &Value, plan: &Value, at: &At<'_>) -> Value {
        let mut secret = at.secret;
        if at.form == Form::Containers || at.form == Form::Map {
            let text =
                matches!(source.kind, Kind::String(_)) || matches!(plan.kind, Kind::String(_));
            secret |= text && !at.path.key().is_some_and(containers::may_show);
        }
        let (source_shown, plan_shown) = shown_apart(source, plan, secret);
        self.found.push(Disagreement {
            address: Arc::clone(self.address),
            path: at.path.written(),
            place: source.trace.written().or(at.place),
            source: source_shown,
            plan: plan_shown,
        });
        filled(plan, &source.trace)
    }
}

/// The value that both have, as the source has it unless the provider gave it another type.
fn agreed(source: &Value, plan: &Value) -> Value {
    let same_kind = matches!(
        (&source.kind, &plan.kind),
        (Kind::String(_), Kind::String(_))
            | (Kind::Number(_), Kind::Number(_))
            | (Kind::Bool(_), Kind::Bool(_))
    );
    if same_kind {
        return with_marks_of(certain(source.clone()), plan);
    }
    filled(plan, &source.trace)
}

/// The plan's value, with the places and marks that the source has for it.
pub(super) fn filled(plan: &Value, source: &Trace) -> Value {
    let trace = Trace {
        steps: source.steps.clone(),
        presence: Presence::Certain,
        ..plan.trace.clone().with_taint_of(source)
    };
    let filled = match &plan.kind {
        Kind::List(sequence, elements) => {
            let elements = elements
                .iter()
                .map(|element| filled(element, source))
                .collect();
            Value::sequence(*sequence, elements)
        }
        Kind::Object(mapping, map) => {
            let entry =
                |(key, value): (&Arc<str>, &Value)| (Arc::clone(key), filled(value, source));
            let entries = map.entries.iter().map(entry).collect();
            Value::mapping(
                *mapping,
                Map {
                    entries,
                    rest: map.rest.clone(),
                },
            )
        }
        _ => Value::of(plan.kind.clone()),
    };
    filled.with_trace(trace)
}

/// The same value, certainly there: the plan has it.
pub(super) fn certain(mut value: Value) -> Value {
    value.trace.presence = Presence::Certain;
    value
}

fn with_marks_of(mut value: Value, plan: &Value) -> Value {
    value.trace.add_marks(&plan.trace.marks());
    value
}

fn is_marked(value: &Value) -> bool {
    value.trace.sensitive || value.trace.taint.is_some()
}

fn is_scalar(value: &Value) -> bool {
    matches!(
        value.kind,
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_)
    )
}
