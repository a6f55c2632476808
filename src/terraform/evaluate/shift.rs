//! Moving a tree to where its text stands in another.

use crate::hcl::Span;
use crate::hcl::tree::{
    Access, Expression, ExpressionKind, Name, ObjectKey, Step, Template, TemplatePart,
};

/// Says where a span is.
type Place<'p> = &'p dyn Fn(Span) -> Span;

/// Moves all spans of a template.
pub(super) fn shift_template(template: &mut Template, place: Place<'_>) {
    template.span = place(template.span);
    shift_parts(&mut template.parts, place);
}

/// Moves all spans of an expression.
pub(super) fn shift_expression(expression: &mut Expression, place: Place<'_>) {
    expression.span = place(expression.span);
    let shift = |inner: &mut Expression| shift_expression(inner, place);
    match &mut expression.kind {
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Variable(_)
        | ExpressionKind::Error => {}
        ExpressionKind::Template(template) => shift_template(template, place),
        ExpressionKind::Parentheses(inner) | ExpressionKind::Unary(_, inner) => shift(inner),
        ExpressionKind::Tuple(items) => items.iter_mut().for_each(shift),
        ExpressionKind::Object(items) => {
            for item in items {
                match &mut item.key {
                    ObjectKey::Name(name) => shift_name(name, place),
                    ObjectKey::Expression(key) => shift(key),
                }
                shift(&mut item.value);
            }
        }
        ExpressionKind::For(each) => {
            each.key_name
                .iter_mut()
                .for_each(|name| shift_name(name, place));
            shift_name(&mut each.value_name, place);
            shift(&mut each.collection);
            each.key.iter_mut().for_each(shift);
            shift(&mut each.value);
            each.condition.iter_mut().for_each(shift);
        }
        ExpressionKind::Call(call) => {
            shift_name(&mut call.name, place);
            call.arguments.iter_mut().for_each(shift);
        }
        ExpressionKind::Access(access) => shift_access(access, place),
        ExpressionKind::Conditional(conditional) => {
            shift(&mut conditional.condition);
            shift(&mut conditional.then);
            shift(&mut conditional.otherwise);
        }
        ExpressionKind::Binary(binary) => {
            shift(&mut binary.left);
            shift(&mut binary.right);
        }
    }
}

fn shift_access(access: &mut Access, place: Place<'_>) {
    shift_expression(&mut access.base, place);
    shift_steps(&mut access.steps, place);
}

fn shift_steps(steps: &mut [Step], place: Place<'_>) {
    for step in steps {
        match step {
            Step::Attribute(name) | Step::LegacyIndex(name) => shift_name(name, place),
            Step::Index(key, span) => {
                shift_expression(key, place);
                *span = place(*span);
            }
            Step::Splat(inner, span) => {
                shift_steps(inner, place);
                *span = place(*span);
            }
        }
    }
}

fn shift_name(name: &mut Name, place: Place<'_>) {
    name.span = place(name.span);
}

fn shift_parts(parts: &mut [TemplatePart], place: Place<'_>) {
    for part in parts {
        match part {
            TemplatePart::Literal(_, span) => *span = place(*span),
            TemplatePart::Interpolation(inner, span) => {
                shift_expression(inner, place);
                *span = place(*span);
            }
            TemplatePart::If(directive) => {
                directive.span = place(directive.span);
                shift_expression(&mut directive.condition, place);
                shift_parts(&mut directive.then, place);
                shift_parts(&mut directive.otherwise, place);
            }
            TemplatePart::For(directive) => {
                directive.span = place(directive.span);
                directive
                    .key_name
                    .iter_mut()
                    .for_each(|name| shift_name(name, place));
                shift_name(&mut directive.value_name, place);
                shift_expression(&mut directive.collection, place);
                shift_parts(&mut directive.body, place);
            }
        }
    }
}
