//! Terraform's JSON syntax, read into the tree that the native syntax has.
//!
//! Its strings are templates. What is a nested block and what an argument only a provider's schema tells;
//! the names of those around ECS are in `nested_blocks.txt`, all else is an argument.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use super::json_tree::{Node, NodeKind, parse_json};
use super::shift::shift_template;
use crate::hcl::tree::{
    Attribute, Block, Body, Expression, ExpressionKind, Name, ObjectItem, ObjectKey, Parsed,
    SyntaxError, Template, TemplatePart,
};
use crate::hcl::{Span, parse_expression, parse_template};

static NESTED_BLOCKS: &str = include_str!("nested_blocks.txt");

/// Reads a file in JSON syntax.
pub(super) fn parse(text: &str) -> Parsed<Body> {
    let mut parsed = Parsed::default();
    match parse_json(text) {
        Err(error) => parsed.errors.push(error),
        Ok(node) => {
            let mut reader = Reader { errors: Vec::new() };
            parsed.tree = reader.file(node);
            parsed.errors = reader.errors;
        }
    }
    parsed
}

struct Reader {
    errors: Vec<SyntaxError>,
}

impl Reader {
    fn file(&mut self, node: Node) -> Body {
        let mut body = Body {
            span: node.span,
            ..Body::default()
        };
        for (name, value) in self.members(node) {
            let labels = match &*name.text {
                "resource" | "data" | "ephemeral" => 2,
                "variable" | "output" | "module" | "provider" => 1,
                "locals" | "terraform" => 0,
                _ => continue,
            };
            self.blocks(&name, labels, Vec::new(), value, &mut body.blocks);
        }
        body
    }

    /// The members of an object, or of each object in an array.
    fn members(&mut self, node: Node) -> Vec<(Name, Node)> {
        match node.kind {
            NodeKind::Object(members) => members
                .into_iter()
                .filter(|(name, _)| &*name.text != "//")
                .collect(),
            NodeKind::Array(items) => {
                let objects = items.into_iter();
                objects.flat_map(|item| self.shallow(item)).collect()
            }
            NodeKind::Null => Vec::new(),
            _ => {
                self.expected_object(node.span);
                Vec::new()
            }
        }
    }

    /// The members of an object.
    fn shallow(&mut self, node: Node) -> Vec<(Name, Node)> {
        match node.kind {
            NodeKind::Object(_) | NodeKind::Null => self.members(node),
            _ => {
                self.expected_object(node.span);
                Vec::new()
            }
        }
    }

    fn expected_object(&mut self, span: Span) {
        self.errors.push(SyntaxError {
            message: "an object must stand here".to_owned(),
            span,
        });
    }

    /// Blocks of one type, below as many objects as they have labels.
    fn blocks(
        &mut self,
        keyword: &Name,
        labels: usize,
        given: Vec<Name>,
        node: Node,
        blocks: &mut Vec<Block>,
    ) {
        if labels > 0 {
            for (label, value) in self.members(node) {
                let mut given = given.clone();
                given.push(label);
                self.blocks(keyword, labels - 1, given, value, blocks);
            }
            return;
        }
        match node.kind {
            NodeKind::Null => {}
            NodeKind::Array(items) => {
                for item in items {
                    let block = self.block(keyword, given.clone(), item);
                    blocks.push(block);
                }
            }
            _ => {
                let block = self.block(keyword, given, node);
                blocks.push(block);
            }
        }
    }

    fn block(&mut self, keyword: &Name, labels: Vec<Name>, node: Node) -> Block {
        let header = labels.last().map_or(keyword.span, |label| label.span);
        let span = node.span;
        let inner = Span {
            start: span.start.saturating_add(1).min(span.end),
            end: span.end.saturating_sub(1).max(span.start),
        };
        let mut body = Body {
            span: inner,
            ..Body::default()
        };
        for (name, value) in self.shallow(node) {
            self.member(&keyword.text, name, value, &mut body);
        }
        Block {
            keyword: keyword.clone(),
            labels,
            body,
            header,
            span,
        }
    }

    fn member(&mut self, within: &str, name: Name, value: Node, body: &mut Body) {
        let top = matches!(within, "locals" | "variable" | "output");
        if !top && &*name.text == "dynamic" {
            self.blocks(&name, 1, Vec::new(), value, &mut body.blocks);
            return;
        }
        if !top && is_block(&name.text) && value.holds_objects() {
            self.blocks(&name, 0, Vec::new(), value, &mut body.blocks);
            return;
        }
        let span = Span {
            start: name.span.start,
            end: value.span.end,
        };
        let bare = (within == "variable" && &*name.text == "type")
            || (within == "dynamic" && &*name.text == "iterator");
        let value = match (&value.kind, bare) {
            (NodeKind::String(text, plain), true) => self.bare(text, *plain, value.span),
            // A default refers to nothing: its texts are no templates.
            _ if within == "variable" => Reader::literal(value),
            _ => self.expression(value),
        };
        body.attributes.push(Attribute {
            name,
            value: Arc::new(value),
            span,
        });
    }

    /// A string that holds an expression: a type, a name.
    fn bare(&mut self, text: &str, plain: bool, span: Span) -> Expression {
        let parsed = parse_expression(text);
        let mut tree = parsed.tree;
        super::shift::shift_expression(&mut tree, &place_of(plain, span));
        for error in parsed.errors {
            self.errors.push(SyntaxError {
                span: place_of(plain, span)(error.span),
                ..error
            });
        }
        tree
    }

    /// A value whose texts are templates.
    fn expression(&mut self, node: Node) -> Expression {
        read(
            node,
            &mut |text, plain, span| match text.contains("${") || text.contains("%{") {
                true => self.template(text, plain, span),
                false => verbatim(text, plain, span),
            },
        )
    }

    /// A value whose texts are nothing but that.
    fn literal(node: Node) -> Expression {
        read(node, &mut verbatim)
    }

    fn template(&mut self, text: &str, plain: bool, span: Span) -> ExpressionKind {
        let parsed = parse_template(text);
        let mut template = parsed.tree;
        let place = place_of(plain, span);
        shift_template(&mut template, &place);
        template.span = span;
        for error in parsed.errors {
            self.errors.push(SyntaxError {
                span: place(error.span),
                ..error
            });
        }
        ExpressionKind::Template(Box::new(template))
    }
}

/// What a text comes to: whether no escape was in it, and where it stands.
type ReadText<'r> = dyn FnMut(&str, bool, Span) -> ExpressionKind + 'r;

/// A value and all in it, with what its texts and keys come to.
fn read(node: Node, text: &mut ReadText<'_>) -> Expression {
    let span = node.span;
    let kind = match node.kind {
        NodeKind::Null => ExpressionKind::Null,
        NodeKind::Bool(truth) => ExpressionKind::Bool(truth),
        NodeKind::Number(digits) => return number(&digits, span),
        NodeKind::String(content, plain) => text(&content, plain, span),
        NodeKind::Array(items) => {
            let items = items.into_iter();
            ExpressionKind::Tuple(items.map(|item| read(item, text)).collect())
        }
        NodeKind::Object(members) => {
            let items = members.into_iter().map(|(name, value)| {
                let span = name.span;
                let key = match text(&name.text, false, span) {
                    ExpressionKind::Template(template) if is_verbatim(&template, &name.text) => {
                        ObjectKey::Name(name)
                    }
                    kind => ObjectKey::Expression(Expression { kind, span }),
                };
                let value = read(value, text);
                ObjectItem { key, value }
            });
            ExpressionKind::Object(items.collect())
        }
    };
    Expression { kind, span }
}

/// Whether a template is a text as it was written.
fn is_verbatim(template: &Template, text: &str) -> bool {
    match template.parts.as_slice() {
        [] => text.is_empty(),
        [TemplatePart::Literal(literal, _)] => **literal == *text,
        _ => false,
    }
}

/// A text that is no template.
fn verbatim(text: &str, plain: bool, span: Span) -> ExpressionKind {
    let inner = Span {
        start: span.start.saturating_add(1),
        end: span.end.saturating_sub(1),
    };
    let parts = match text {
        "" => Vec::new(),
        _ => vec![TemplatePart::Literal(
            text.into(),
            if plain { inner } else { span },
        )],
    };
    ExpressionKind::Template(Box::new(Template {
        parts,
        span,
        heredoc: false,
    }))
}

/// Where a span of a string's content stands: exactly, where no escape is in it; else the whole string.
fn place_of(plain: bool, whole: Span) -> impl Fn(Span) -> Span {
    let start = whole.start.saturating_add(1);
    move |span| {
        if plain {
            Span {
                start: span.start.saturating_add(start),
                end: span.end.saturating_add(start),
            }
        } else {
            whole
        }
    }
}

/// A number; one below zero is an operator and its operand.
fn number(text: &str, span: Span) -> Expression {
    let Some(positive) = text.strip_prefix('-') else {
        let kind = ExpressionKind::Number(text.into());
        return Expression { kind, span };
    };
    let operand = Expression {
        kind: ExpressionKind::Number(positive.into()),
        span: Span {
            start: span.start.saturating_add(1),
            end: span.end,
        },
    };
    let operator = crate::hcl::tree::UnaryOperator::Negate;
    Expression {
        kind: ExpressionKind::Unary(operator, Box::new(operand)),
        span,
    }
}

fn is_block(name: &str) -> bool {
    static NAMES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let lines = NESTED_BLOCKS.lines();
        let names = lines.filter(|line| !line.starts_with('#'));
        let meta = ["lifecycle", "provisioner", "connection", "content"];
        names.chain(meta).collect()
    });
    names.contains(name)
}
