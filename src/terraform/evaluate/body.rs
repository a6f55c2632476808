//! Nested blocks, and the `dynamic` ones that make them.

use super::block::{Arguments, Dynamic, NestedBlock};
use super::evaluator::{Evaluator, step};
use super::scope::{Binding, Scope};
use crate::source::Place;
use crate::terraform::value::{Map, Mapping, Presence, StepKind, Trace, Unknown, Value};

impl Evaluator<'_> {
    /// The nested blocks of one type: a list of objects, or, where they have labels, an object of them
    /// by label. What is not written in one is what `owner` will give there.
    ///
    /// Each object was written where its block stands, and its key is the block's header.
    pub(super) fn blocks(
        &self,
        scope: Scope<'_>,
        blocks: &[NestedBlock],
        owner: &Unknown,
    ) -> Value {
        let mut made = Made {
            values: Vec::new(),
            labelled: Map::default(),
        };
        for block in blocks {
            let scope = scope.in_file(block.file);
            match &block.dynamic {
                None => {
                    let labels = block.labels.first().map(|label| Value::string(&**label));
                    self.block(scope, block, labels, Presence::Certain, owner, &mut made);
                }
                Some(dynamic) => self.dynamic(scope, block, dynamic, owner, &mut made),
            }
        }
        if made.labelled.entries.is_empty() {
            return Value::tuple(made.values);
        }
        Value::mapping(Mapping::Map, made.labelled)
    }

    fn block(
        &self,
        scope: Scope<'_>,
        block: &NestedBlock,
        label: Option<Value>,
        presence: Presence,
        owner: &Unknown,
        made: &mut Made,
    ) {
        if let Err(met) = self.bounds.produce(4) {
            self.notes.add_once(met, scope.place(block.header));
            // One stands for all that come after.
            let is_told = |last: &Value| last.is_unknown() && !last.trace.presence.is_certain();
            if !made.values.last().is_some_and(is_told) {
                let unknown = Unknown::other(met);
                let presence = Presence::Any(unknown.clone());
                made.values
                    .push(Value::unknown(unknown).with_presence(presence));
            }
            return;
        }
        let owner = owner.element(made.values.len());
        let map = self.arguments(scope, &block.body, owner);
        let trace = Trace::at(Place::new(block.file, block.span));
        let value = Value::mapping(Mapping::Object, map).with_trace(trace);
        let header = Place::new(block.file, block.header);
        let value = step(value, StepKind::Key, Some(header)).with_presence(presence);
        match label.as_ref().and_then(Value::as_str) {
            Some(label) => {
                made.labelled.entries.insert(label.as_ref().into(), value);
            }
            None => made.values.push(value),
        }
    }

    fn dynamic(
        &self,
        scope: Scope<'_>,
        block: &NestedBlock,
        dynamic: &Dynamic,
        owner: &Unknown,
        made: &mut Made,
    ) {
        let collection = self
            .leaf(scope, &dynamic.for_each)
            .unwrap_or_else(|fault| self.refused(fault));
        let items = match self.items(&collection) {
            Ok(items) => items,
            Err(message) => {
                let place = scope.place(dynamic.for_each.span);
                self.notes.add(format!("`for_each`: {message}"), place);
                return;
            }
        };
        for item in items {
            let element = Value::object([("key", item.key), ("value", item.value)]);
            let binding = Binding {
                name: &dynamic.iterator,
                value: &element,
                outer: scope.bindings,
            };
            let scope = scope.bind(&binding);
            let label = dynamic.labels.as_ref().and_then(|labels| {
                let labels = self.leaf(scope, labels).ok()?;
                labels.elements()?.first().cloned()
            });
            self.block(scope, block, label, item.presence, owner, made);
        }
    }

    /// Everything in a body.
    fn arguments(&self, scope: Scope<'_>, arguments: &Arguments, owner: Unknown) -> Map {
        let attributes = arguments
            .attributes
            .iter()
            .map(|(name, argument)| (name.clone(), self.argument(scope, argument)));
        let blocks = arguments.blocks.iter().map(|(name, blocks)| {
            let value = self.blocks(scope, blocks, &owner.attribute(name));
            (name.clone(), value)
        });
        let entries: Vec<_> = attributes.chain(blocks).collect();
        Map::open(entries, owner)
    }
}

/// What blocks of one type make.
struct Made {
    values: Vec<Value>,
    labelled: Map,
}
