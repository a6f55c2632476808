//! What a variable's `validation` blocks tell of the values that it may have.

use std::sync::Arc;

use super::block::NestedBlock;
use super::requirements::literal;
use crate::hcl::tree::{Expression, ExpressionKind};

/// The texts that conditions have in a list or beside an operator.
pub(super) fn compared_with(validations: &[NestedBlock]) -> Vec<Arc<str>> {
    let mut texts = Vec::new();
    let conditions = validations
        .iter()
        .filter_map(|block| block.body.attributes.get("condition"));
    let mut pending: Vec<&Expression> = conditions.map(|given| &*given.value).collect();
    while let Some(expression) = pending.pop() {
        let compared = match &expression.kind {
            ExpressionKind::Parentheses(inner) => {
                pending.push(inner);
                continue;
            }
            ExpressionKind::Call(call) if matches!(&*call.name.text, "contains" | "can") => {
                pending.extend(call.arguments.first());
                continue;
            }
            ExpressionKind::Binary(binary) => vec![&binary.left, &binary.right],
            ExpressionKind::Tuple(items) => items.iter().collect(),
            _ => continue,
        };
        for side in compared {
            match literal(side) {
                Some(text) => texts.push(Arc::from(text)),
                None => pending.push(side),
            }
        }
    }
    texts
}
