//! What an expression says without anything to evaluate.

use crate::hcl::Span;
use crate::hcl::tree::{
    Attribute, Body, Expression, ExpressionKind, ObjectItem, ObjectKey, TemplatePart, UnaryOperator,
};

/// Whether generated contents are settings of Terraform and its providers and nothing more.
pub(super) fn is_settings_alone(contents: &Expression, text: &str) -> bool {
    let written = text.get(contents.span.start as usize..contents.span.end as usize);
    let template = matches!(contents.kind, ExpressionKind::Template(_));
    template
        && written.is_some_and(|written| {
            let mut words = written.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            !words.any(|word| {
                let blocks = ["data", "locals", "module", "output", "resource", "variable"];
                blocks.contains(&word)
            })
        })
}

/// Whether further arguments of Terraform leave its variables alone.
pub(super) fn gives_no_variables(body: &Body) -> bool {
    body.attributes.iter().all(|given| match &*given.name.text {
        "commands" => true,
        "arguments" => match &given.value.kind {
            ExpressionKind::Tuple(items) => items.iter().all(|item| {
                item.literal()
                    .is_some_and(|text| !text.trim_start_matches('-').starts_with("var"))
            }),
            _ => false,
        },
        _ => false,
    })
}

pub(super) fn attribute<'a>(body: &'a Body, name: &str) -> Option<&'a Attribute> {
    body.attributes
        .iter()
        .find(|attribute| &*attribute.name.text == name)
}

/// The expression in `"${…}"`.
pub(super) fn unwrapped(expression: &Expression) -> &Expression {
    if let ExpressionKind::Template(template) = &expression.kind
        && let [TemplatePart::Interpolation(inner, _)] = template.parts.as_slice()
    {
        return inner;
    }
    expression
}

/// The first part of a value that is not written out.
pub(super) fn unwritten(expression: &Expression) -> Option<Span> {
    match &expression.kind {
        ExpressionKind::Null | ExpressionKind::Bool(_) | ExpressionKind::Number(_) => None,
        ExpressionKind::Template(template) => template
            .parts
            .iter()
            .any(|part| !matches!(part, TemplatePart::Literal(..)))
            .then_some(expression.span),
        ExpressionKind::Parentheses(inner)
        | ExpressionKind::Unary(UnaryOperator::Negate, inner) => unwritten(inner),
        ExpressionKind::Tuple(items) => items.iter().find_map(unwritten),
        ExpressionKind::Object(items) => items.iter().find_map(unwritten_item),
        _ => Some(expression.span),
    }
}

pub(super) fn unwritten_item(item: &ObjectItem) -> Option<Span> {
    let key = match &item.key {
        ObjectKey::Name(_) => None,
        ObjectKey::Expression(key) => unwritten(key),
    };
    key.or_else(|| unwritten(&item.value))
}
