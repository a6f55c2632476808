//! Tokens are the whole text, and trees stay inside of it.

use ecs_audit::hcl::tree::{Body, Expression, ExpressionKind, ObjectKey, Step, TemplatePart};
use ecs_audit::hcl::{self, Span, TokenKind};
use proptest::prelude::*;

use crate::mutate::{Random, mutant};
use crate::probes::probes;

fn assert_tiles(text: &str) {
    let tokens = hcl::lex(text);
    let mut at = 0;
    for token in &tokens {
        assert_eq!(token.span.start, at, "{text:?} {token:?}");
        assert!(token.span.end >= at, "{text:?} {token:?}");
        let empty = token.span.end == at;
        let may_be = matches!(token.kind, TokenKind::Missing | TokenKind::End);
        assert_eq!(empty, may_be, "{text:?} {token:?}");
        assert!(text.is_char_boundary(at as usize), "{text:?} {token:?}");
        at = token.span.end;
    }
    assert_eq!(at as usize, text.len(), "{text:?}");
    assert_eq!(tokens.last().map(|token| token.kind), Some(TokenKind::End));
}

/// Asserts of a tree that each node lies in the one around it, and literal text where its span says.
struct Nesting<'t>(&'t str);

impl Nesting<'_> {
    fn inside(&self, outer: Span, inner: Span) {
        let Span { start, end } = inner;
        let inside = outer.start <= start && start <= end && end <= outer.end;
        assert!(inside, "{inner:?} in {outer:?} of {:?}", self.0);
        assert!(
            self.0.get(start as usize..end as usize).is_some(),
            "{inner:?} of {:?}",
            self.0
        );
    }

    fn body(&self, outer: Span, body: &Body) {
        self.inside(outer, body.span);
        for attribute in &body.attributes {
            self.inside(body.span, attribute.span);
            self.inside(attribute.span, attribute.name.span);
            self.expression(attribute.span, &attribute.value);
        }
        for block in &body.blocks {
            self.inside(body.span, block.span);
            self.inside(block.span, block.header);
            self.inside(block.header, block.keyword.span);
            block
                .labels
                .iter()
                .for_each(|label| self.inside(block.header, label.span));
            self.body(block.span, &block.body);
        }
    }

    fn expression(&self, outer: Span, expression: &Expression) {
        let span = expression.span;
        self.inside(outer, span);
        let inner = |inner: &Expression| self.expression(span, inner);
        match &expression.kind {
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Variable(_)
            | ExpressionKind::Error => {}
            ExpressionKind::Template(template) => {
                self.inside(span, template.span);
                self.parts(template.span, &template.parts);
            }
            ExpressionKind::Parentheses(operand) | ExpressionKind::Unary(_, operand) => {
                inner(operand);
            }
            ExpressionKind::Tuple(elements) => elements.iter().for_each(inner),
            ExpressionKind::Object(items) => items.iter().for_each(|item| {
                match &item.key {
                    ObjectKey::Name(name) => self.inside(span, name.span),
                    ObjectKey::Expression(key) => inner(key),
                }
                inner(&item.value);
            }),
            ExpressionKind::For(parts) => {
                self.inside(span, parts.value_name.span);
                inner(&parts.collection);
                inner(&parts.value);
                parts.key.iter().chain(&parts.condition).for_each(inner);
            }
            ExpressionKind::Call(call) => {
                self.inside(span, call.name.span);
                call.arguments.iter().for_each(inner);
            }
            ExpressionKind::Access(access) => {
                inner(&access.base);
                assert!(!access.steps.is_empty());
                self.steps(span, &access.steps);
            }
            ExpressionKind::Conditional(parts) => {
                [&parts.condition, &parts.then, &parts.otherwise]
                    .into_iter()
                    .for_each(inner);
            }
            ExpressionKind::Binary(parts) => {
                [&parts.left, &parts.right].into_iter().for_each(inner);
            }
        }
    }

    fn steps(&self, outer: Span, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Attribute(name) | Step::LegacyIndex(name) => self.inside(outer, name.span),
                Step::Index(key, span) => {
                    self.inside(outer, *span);
                    self.expression(*span, key);
                }
                Step::Splat(inner, mark) => {
                    self.inside(outer, *mark);
                    self.steps(outer, inner);
                }
            }
        }
    }

    fn parts(&self, outer: Span, parts: &[TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Literal(text, span) => {
                    self.inside(outer, *span);
                    let source = &self.0[span.start as usize..span.end as usize];
                    let escape = source.starts_with('\\') || ["$${", "%%{"].contains(&source);
                    assert!(source == &**text || escape, "{source:?} is {text:?}");
                }
                TemplatePart::Interpolation(value, span) => {
                    self.inside(outer, *span);
                    self.expression(*span, value);
                }
                TemplatePart::If(parts) => {
                    self.inside(outer, parts.span);
                    self.expression(parts.span, &parts.condition);
                    self.parts(parts.span, &parts.then);
                    self.parts(parts.span, &parts.otherwise);
                }
                TemplatePart::For(parts) => {
                    self.inside(outer, parts.span);
                    self.expression(parts.span, &parts.collection);
                    self.parts(parts.span, &parts.body);
                }
            }
        }
    }
}

/// Asserts all that is true of every text, broken or not.
pub(crate) fn assert_sound(text: &str) {
    assert_tiles(text);
    let nesting = Nesting(text);
    let whole = Span {
        start: 0,
        end: u32::try_from(text.len()).expect("test texts are short"),
    };
    let file = hcl::parse(text);
    assert_eq!(file.tree.span, whole);
    nesting.body(whole, &file.tree);
    nesting.expression(whole, &hcl::parse_expression(text).tree);
    let template = hcl::parse_template(text);
    assert_eq!(template.tree.span, whole);
    nesting.parts(whole, &template.tree.parts);
    for error in file.errors.iter().chain(&template.errors) {
        nesting.inside(whole, error.span);
        let message = &error.message;
        assert!(!message.is_empty() && !message.ends_with('.'), "{message}");
        assert!(!message.starts_with(char::is_uppercase), "{message}");
        assert!(!message.contains(char::is_control), "{message:?}");
    }
    file.comments
        .iter()
        .for_each(|comment| nesting.inside(whole, *comment));
}

#[test]
fn probes_and_their_mutants_are_sound() {
    let mut random = Random::new(11);
    for (text, _) in probes() {
        assert_sound(&text);
        assert_sound(&mutant(&text, &mut random));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn any_text_is_sound(text in any::<String>()) {
        assert_sound(&text);
    }

    #[test]
    fn any_mix_of_tokens_is_sound(
        text in r#"([a-e0-9.]|[{}()\[\]]|["$%{}~]|\$\{|%\{|<<-?E\n|\nE\n|[ \t\r\n]|[-+*/!=<>&|?:,]|#|/\*|\*/|\\|if |for |in |é){0,60}"#
    ) {
        assert_sound(&text);
    }
}
