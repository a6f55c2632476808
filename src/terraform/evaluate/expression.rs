//! Expressions, kind by kind.

use super::evaluator::{Evaluator, Fault, Outcome, step, written};
use super::scope::{Names, Scope};
use crate::hcl::Span;
use crate::hcl::tree::{Binary, BinaryOperator, Expression, ExpressionKind, ObjectItem, ObjectKey};
use crate::source::Place;
use crate::terraform::number::Number;
use crate::terraform::operators;
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{
    Map, Mapping, Marks, Presence, Reason, StepKind, Trace, Unknown, Value,
};

impl Evaluator<'_> {
    /// What an expression comes to.
    pub(super) fn expression(&self, scope: Scope<'_>, expression: &Expression) -> Outcome {
        let place = scope.place(expression.span);
        let outcome = match self.bounds.enter() {
            Ok(()) => self.kind(scope, expression, place),
            Err(met) => Ok(self.met(met, place)),
        };
        self.bounds.leave();
        outcome
    }

    /// What stands in the place of a value past a bound.
    pub(super) fn met(&self, bound: &'static str, place: Option<Place>) -> Value {
        self.notes.add_once(bound, place);
        written(Value::unknown(Unknown::other(bound)), place)
    }

    /// A value that is unknown only where it met a bound when it was made, with a note of that.
    pub(super) fn noted(&self, value: Value, place: Option<Place>) -> Value {
        if let Some(Reason::Other(why)) = value.as_unknown().map(Unknown::reason) {
            self.notes.add_once(why, place);
        }
        value
    }

    fn kind(&self, scope: Scope<'_>, expression: &Expression, place: Option<Place>) -> Outcome {
        let made = |value: Value| Ok(written(value, place));
        match &expression.kind {
            ExpressionKind::Null => made(Value::null()),
            ExpressionKind::Bool(truth) => made(Value::from(*truth)),
            ExpressionKind::Number(text) => {
                let number = Number::parse(text).map_err(|failure| Fault::of(failure, place))?;
                made(Value::from(number))
            }
            ExpressionKind::Template(template) => {
                made(self.template(scope, template, expression.span)?)
            }
            ExpressionKind::Variable(name) => self.name(scope, name, place),
            ExpressionKind::Parentheses(inner) => self.expression(scope, inner),
            ExpressionKind::Tuple(items) => made(self.tuple(scope, items, place)?),
            ExpressionKind::Object(items) => made(self.object(scope, items, place)?),
            ExpressionKind::For(each) => made(self.for_expression(scope, each)?),
            ExpressionKind::Call(call) => made(self.call_function(scope, call, expression.span)?),
            ExpressionKind::Access(access) => self.access(scope, access, expression.span),
            ExpressionKind::Conditional(conditional) => made(self.conditional(scope, conditional)?),
            ExpressionKind::Unary(operator, operand) => {
                let operand = self.leaf(scope, operand)?;
                let value = operators::unary(*operator, &operand);
                made(value.map_err(|failure| Fault::of(failure, place))?)
            }
            ExpressionKind::Binary(binary) => made(self.binary(scope, binary, place)?),
            ExpressionKind::Error => made(Value::unknown(Unknown::other("this could not be read"))),
        }
    }

    /// A name that stands alone.
    fn name(&self, scope: Scope<'_>, name: &str, place: Option<Place>) -> Outcome {
        if let Some(value) = scope.bound(name) {
            return Ok(value.clone());
        }
        if let Names::Template(variables) = scope.names {
            return self.template_variable(variables, name, place);
        }
        let message = format!("`{name}` does not name a value");
        Err(Fault::new(message, place))
    }

    fn tuple(&self, scope: Scope<'_>, items: &[Expression], place: Option<Place>) -> Outcome {
        if let Err(met) = self.bounds.produce(items.len()) {
            return Ok(self.met(met, place));
        }
        let mut elements = Vec::with_capacity(items.len());
        for item in items {
            let value = self.leaf(scope, item)?;
            elements.push(value.with_presence(Presence::Certain));
        }
        Ok(self.noted(Value::tuple(elements), place))
    }

    fn object(&self, scope: Scope<'_>, items: &[ObjectItem], place: Option<Place>) -> Outcome {
        if let Err(met) = self.bounds.produce(items.len()) {
            return Ok(self.met(met, place));
        }
        let mut map = Map::default();
        // What a key says, and what stands under a key that is not known, is in the object as a whole.
        let mut marks = Marks::default();
        for item in items {
            let (key, key_span) = match &item.key {
                ObjectKey::Name(name) => (Ok(name.text.clone()), name.span),
                ObjectKey::Expression(key) => (self.object_key(scope, key, &mut marks)?, key.span),
            };
            let value = self.leaf(scope, &item.value)?;
            let value = step(value, StepKind::Key, scope.place(key_span));
            match key {
                Ok(key) => {
                    let value = value.with_presence(Presence::Certain);
                    map.enter(key, value);
                }
                Err(unknown) => {
                    marks.add(&value.marks());
                    map.rest.get_or_insert(unknown);
                }
            }
        }
        let object = self.noted(Value::mapping(Mapping::Object, map), place);
        Ok(object.with_marks(&marks))
    }

    /// A key that is an expression: known, or unknown.
    fn object_key(
        &self,
        scope: Scope<'_>,
        key: &Expression,
        marks: &mut Marks,
    ) -> Result<Result<std::sync::Arc<str>, Unknown>, Fault> {
        let place = scope.place(key.span);
        let value = self.leaf(scope, key)?;
        marks.add(&value.marks());
        let value = convert(&value, &Type::String).map_err(|failure| Fault::of(failure, place))?;
        if value.is_null() {
            return Err(Fault::new("a key of an object cannot be null", place));
        }
        Ok(match value.as_str() {
            Some(text) => Ok(std::sync::Arc::from(&*text)),
            None => Err(Unknown::computed([&value])),
        })
    }

    fn binary(&self, scope: Scope<'_>, binary: &Binary, place: Option<Place>) -> Outcome {
        let left = self.leaf(scope, &binary.left)?;
        let decided = match binary.operator {
            BinaryOperator::And => left.as_bool() == Some(false),
            BinaryOperator::Or => left.as_bool() == Some(true),
            _ => false,
        };
        // What is wrong on the right does not matter where the left decides, as newer versions have it.
        if decided && !scope.strict {
            return Ok(left.with_trace(Trace::default()));
        }
        let right = self.leaf(scope, &binary.right)?;
        if let Err(met) = self.bounds.work([&left, &right]) {
            return Ok(self.met(met, place));
        }
        operators::binary(binary.operator, &left, &right)
            .map_err(|failure| Fault::of(failure, place))
    }

    /// The text of an expression, as messages show it: one line, and not too long.
    pub(super) fn shown(&self, scope: Scope<'_>, span: Span) -> Option<std::sync::Arc<str>> {
        const LONGEST: usize = 80;
        let place = scope.place(span)?;
        let text = self.files.text(place.file);
        let text = text.get(place.span.start as usize..place.span.end as usize)?;
        let line = text.lines().next().unwrap_or_default();
        let mut end = line.len().min(LONGEST);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        Some(std::sync::Arc::from(&line[..end]))
    }
}
