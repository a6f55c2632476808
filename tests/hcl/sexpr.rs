//! Trees as short texts.

use ecs_audit::hcl::tree::{
    Body, Expression, ExpressionKind, ObjectKey, Step, Template, TemplatePart,
};

/// A body: arguments, then blocks, in braces.
pub(crate) fn body(body: &Body) -> String {
    let attributes = body.attributes.iter();
    let attributes = attributes.map(|a| format!("{} = {}", a.name.text, expression(&a.value)));
    let blocks = body.blocks.iter().map(|block| {
        let labels: String = block
            .labels
            .iter()
            .map(|label| format!("{:?} ", label.text))
            .collect();
        format!(
            "{} {labels}{{{}}}",
            block.keyword.text,
            self::body(&block.body)
        )
    });
    attributes.chain(blocks).collect::<Vec<_>>().join("; ")
}

/// An expression, with parentheses around all that is made of parts.
pub(crate) fn expression(e: &Expression) -> String {
    match &e.kind {
        ExpressionKind::Null => "null".into(),
        ExpressionKind::Bool(value) => value.to_string(),
        ExpressionKind::Number(text) | ExpressionKind::Variable(text) => text.to_string(),
        ExpressionKind::Template(template) => self::template(template),
        ExpressionKind::Parentheses(inner) => format!("(paren {})", expression(inner)),
        ExpressionKind::Tuple(elements) => format!("[{}]", list(elements)),
        ExpressionKind::Object(items) => {
            let items = items.iter().map(|item| {
                let key = match &item.key {
                    ObjectKey::Name(name) => name.text.to_string(),
                    ObjectKey::Expression(key) => format!("<{}>", expression(key)),
                };
                format!("{key}={}", expression(&item.value))
            });
            format!("{{{}}}", items.collect::<Vec<_>>().join(" "))
        }
        ExpressionKind::For(parts) => {
            let key_name = parts.key_name.as_ref().map(|key| format!("{},", key.text));
            let key = parts
                .key
                .as_ref()
                .map(|key| format!("{} => ", expression(key)));
            let condition = parts
                .condition
                .as_ref()
                .map(|c| format!(" if {}", expression(c)));
            format!(
                "(for {}{} in {} : {}{}{}{})",
                key_name.unwrap_or_default(),
                parts.value_name.text,
                expression(&parts.collection),
                key.unwrap_or_default(),
                expression(&parts.value),
                if parts.grouped { "..." } else { "" },
                condition.unwrap_or_default()
            )
        }
        ExpressionKind::Call(call) => {
            let expanded = if call.expanded { "..." } else { "" };
            format!("{}({}{expanded})", call.name.text, list(&call.arguments))
        }
        ExpressionKind::Access(access) => {
            format!("{}{}", expression(&access.base), steps(&access.steps))
        }
        ExpressionKind::Conditional(parts) => format!(
            "(? {} {} {})",
            expression(&parts.condition),
            expression(&parts.then),
            expression(&parts.otherwise)
        ),
        ExpressionKind::Unary(operator, operand) => {
            format!("({operator:?} {})", expression(operand))
        }
        ExpressionKind::Binary(binary) => {
            let (left, right) = (expression(&binary.left), expression(&binary.right));
            format!("({:?} {left} {right})", binary.operator)
        }
        ExpressionKind::Error => "!".into(),
    }
}

fn list(elements: &[Expression]) -> String {
    elements
        .iter()
        .map(expression)
        .collect::<Vec<_>>()
        .join(" ")
}

fn steps(steps: &[Step]) -> String {
    let step = |step: &Step| match step {
        Step::Attribute(name) => format!(".{}", name.text),
        Step::LegacyIndex(name) => format!(".#{}", name.text),
        Step::Index(key, _) => format!("[{}]", expression(key)),
        Step::Splat(inner, _) => format!("*<{}>", self::steps(inner)),
    };
    steps.iter().map(step).collect()
}

/// A template: literal pieces quoted, with `h` before those of a heredoc.
pub(crate) fn template(template: &Template) -> String {
    format!(
        "{}({})",
        if template.heredoc { "h" } else { "t" },
        parts(&template.parts)
    )
}

fn parts(parts: &[TemplatePart]) -> String {
    let part = |part: &TemplatePart| match part {
        TemplatePart::Literal(text, _) => format!("{text:?}"),
        TemplatePart::Interpolation(value, _) => format!("${{{}}}", expression(value)),
        TemplatePart::If(parts) => format!(
            "(if {} ({}) ({}))",
            expression(&parts.condition),
            self::parts(&parts.then),
            self::parts(&parts.otherwise)
        ),
        TemplatePart::For(parts) => {
            let key = parts.key_name.as_ref().map(|key| format!("{},", key.text));
            let (key, value) = (key.unwrap_or_default(), &parts.value_name.text);
            let collection = expression(&parts.collection);
            format!(
                "(for {key}{value} in {collection} ({}))",
                self::parts(&parts.body)
            )
        }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(" ")
}
