//! What stands in a place of a tree.

use crate::hcl::Span;
use crate::hcl::tree::{
    Block, Body, Expression, ExpressionKind, ObjectItem, ObjectKey, Step, TemplatePart,
};

/// Finds the block of which something stands exactly in a place. Of a `dynamic` block, its `content` is what
/// can be written into. Blocks are in the order of the text, so that a search takes few steps.
pub(super) fn block_at(tree: &Body, span: Span, of: impl Fn(&Block) -> Span) -> Option<&Block> {
    let mut body = tree;
    loop {
        let block = containing(&body.blocks, span, |block| block.span)?;
        if of(block) == span {
            let content = |inner: &&Block| &*inner.keyword.text == "content";
            return match &*block.keyword.text {
                "dynamic" => block.body.blocks.iter().find(content),
                _ => Some(block),
            };
        }
        body = &block.body;
    }
}

/// Finds the object that stands exactly in a place.
pub(super) fn object_at(tree: &Body, span: Span) -> Option<&[ObjectItem]> {
    around(tree, span).find_map(|expression| match &expression.kind {
        ExpressionKind::Object(items) if expression.span == span => Some(items.as_slice()),
        _ => None,
    })
}

/// The object that has a key exactly in a place, and which of its items that is.
pub(super) fn object_of_key(tree: &Body, key: Span) -> Option<(Span, &[ObjectItem], usize)> {
    around(tree, key).find_map(|expression| match &expression.kind {
        ExpressionKind::Object(items) => {
            let at = items.iter().position(|item| key_span(item) == key)?;
            Some((expression.span, items.as_slice(), at))
        }
        _ => None,
    })
}

/// What stands in the other arms of the conditionals around a place, where it stands in this one: of
/// `on ? { a = 1 } : { a = 2 }` the `2` beside the `1`.
pub(super) fn twins(tree: &Body, span: Span) -> Vec<&Expression> {
    let mut twins: Vec<&Expression> = Vec::new();
    for expression in around(tree, span) {
        let Some(child) = child_at(expression, span) else {
            break;
        };
        let is_child = |other: &Expression| std::ptr::eq(other, child);
        match &expression.kind {
            ExpressionKind::Parentheses(_) => {}
            // Nothing stands beside it yet.
            ExpressionKind::Tuple(_) | ExpressionKind::Object(_) | ExpressionKind::Call(_)
                if twins.is_empty() => {}
            ExpressionKind::Conditional(conditional) => {
                let arms = [&conditional.then, &conditional.otherwise];
                if !arms.into_iter().any(is_child) {
                    twins.clear();
                    continue;
                }
                let other = arms.into_iter().find(|arm| !is_child(arm));
                twins.extend(other);
            }
            ExpressionKind::Tuple(elements) => {
                let at = elements.iter().position(is_child);
                twins = below(&twins, |kind| match kind {
                    ExpressionKind::Tuple(elements) => elements.get(at?),
                    _ => None,
                });
            }
            ExpressionKind::Object(items) => {
                let item = items.iter().find(|item| is_child(&item.value));
                let key = item.and_then(written_key);
                twins = below(&twins, |kind| match kind {
                    ExpressionKind::Object(items) => {
                        let item = items.iter().find(|item| written_key(item) == key);
                        item.filter(|_| key.is_some()).map(|item| &item.value)
                    }
                    _ => None,
                });
            }
            ExpressionKind::Call(call) => {
                let at = call.arguments.iter().position(is_child);
                twins = below(&twins, |kind| match kind {
                    ExpressionKind::Call(other) if other.name.text == call.name.text => {
                        other.arguments.get(at?)
                    }
                    _ => None,
                });
            }
            _ => twins.clear(),
        }
    }
    arms(twins)
}

/// The same part of each of several expressions and of the arms of those that are conditionals.
fn below<'a>(
    all: &[&'a Expression],
    part: impl Fn(&'a ExpressionKind) -> Option<&'a Expression>,
) -> Vec<&'a Expression> {
    let all = arms(all.to_vec());
    all.into_iter().filter_map(|one| part(&one.kind)).collect()
}

/// Expressions without parentheses around them, and the arms of those that are conditionals.
fn arms(mut waiting: Vec<&Expression>) -> Vec<&Expression> {
    let mut found = Vec::new();
    while let Some(expression) = waiting.pop() {
        match &expression.kind {
            ExpressionKind::Parentheses(inner) => waiting.push(inner),
            ExpressionKind::Conditional(conditional) => {
                waiting.extend([&conditional.then, &conditional.otherwise]);
            }
            _ => found.push(expression),
        }
    }
    found
}

/// The key of an item, where it is written as it is.
fn written_key(item: &ObjectItem) -> Option<&str> {
    match &item.key {
        ObjectKey::Name(name) => Some(&name.text),
        ObjectKey::Expression(expression) => match &expression.kind {
            ExpressionKind::Template(template) => match template.parts.as_slice() {
                [TemplatePart::Literal(text, ..)] => Some(text),
                _ => None,
            },
            _ => None,
        },
    }
}

/// Whether a place is in a conditional.
pub(super) fn in_conditional(tree: &Body, span: Span) -> bool {
    around(tree, span).any(|expression| matches!(expression.kind, ExpressionKind::Conditional(_)))
}

/// The expressions that a place is in, the outermost first.
fn around(tree: &Body, span: Span) -> impl Iterator<Item = &Expression> {
    let mut body = tree;
    while let Some(block) = containing(&body.blocks, span, |block| block.span) {
        body = &block.body;
    }
    let first = containing(&body.attributes, span, |attribute| attribute.span)
        .map(|attribute| &*attribute.value);
    std::iter::successors(first, move |expression| child_at(expression, span))
}

/// The one of several in the order of the text that a place is in.
fn containing<T>(all: &[T], span: Span, of: impl Fn(&T) -> Span) -> Option<&T> {
    let after = all.partition_point(|one| of(one).start <= span.start);
    let one = all.get(after.checked_sub(1)?)?;
    (span.end <= of(one).end).then_some(one)
}

/// The child of an expression that a place is in.
fn child_at(expression: &Expression, span: Span) -> Option<&Expression> {
    match &expression.kind {
        ExpressionKind::Tuple(elements) => containing(elements, span, |element| element.span),
        ExpressionKind::Object(items) => {
            let item = containing(items, span, |item| Span {
                start: key_span(item).start,
                end: item.value.span.end,
            })?;
            match &item.key {
                ObjectKey::Expression(key) if span.end <= key.span.end => Some(key),
                _ => Some(&item.value),
            }
        }
        _ => {
            let mut children = Vec::new();
            expression_children(expression, &mut children);
            let around =
                |child: &&Expression| child.span.start <= span.start && span.end <= child.span.end;
            children.into_iter().find(around)
        }
    }
}

fn expression_children<'a>(expression: &'a Expression, into: &mut Vec<&'a Expression>) {
    match &expression.kind {
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Variable(_)
        | ExpressionKind::Tuple(_)
        | ExpressionKind::Object(_)
        | ExpressionKind::Error => {}
        ExpressionKind::Template(template) => parts(&template.parts, into),
        ExpressionKind::Parentheses(inner) | ExpressionKind::Unary(_, inner) => into.push(inner),
        ExpressionKind::For(each) => {
            into.extend([&each.collection, &each.value]);
            into.extend(each.key.iter().chain(&each.condition));
        }
        ExpressionKind::Call(call) => into.extend(&call.arguments),
        ExpressionKind::Access(access) => {
            into.push(&access.base);
            into.extend(access.steps.iter().filter_map(|step| match step {
                Step::Index(index, _) => Some(index),
                Step::Attribute(_) | Step::LegacyIndex(_) | Step::Splat(..) => None,
            }));
        }
        ExpressionKind::Conditional(conditional) => {
            into.extend([
                &conditional.condition,
                &conditional.then,
                &conditional.otherwise,
            ]);
        }
        ExpressionKind::Binary(binary) => into.extend([&binary.left, &binary.right]),
    }
}

fn parts<'a>(parts: &'a [TemplatePart], into: &mut Vec<&'a Expression>) {
    let mut waiting: Vec<&TemplatePart> = parts.iter().collect();
    while let Some(part) = waiting.pop() {
        match part {
            TemplatePart::Literal(..) => {}
            TemplatePart::Interpolation(expression, _) => into.push(expression),
            TemplatePart::If(directive) => {
                into.push(&directive.condition);
                waiting.extend(directive.then.iter().chain(&directive.otherwise));
            }
            TemplatePart::For(directive) => {
                into.push(&directive.collection);
                waiting.extend(&directive.body);
            }
        }
    }
}

/// Where the key of an item stands.
pub(super) fn key_span(item: &ObjectItem) -> Span {
    match &item.key {
        ObjectKey::Name(name) => name.span,
        ObjectKey::Expression(expression) => expression.span,
    }
}
