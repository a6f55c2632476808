//! Terms: values, collections, calls, `for` expressions.

use super::errors::quoted;
use super::parser::{Newlines, Parser, Scope};
use super::token::TokenKind;
use super::tree::{Call, Expression, ExpressionKind, For, Name, ObjectItem, ObjectKey, Span};

impl Parser<'_> {
    pub(super) fn term(&mut self) -> Expression {
        let start = self.span().start;
        self.height = 1;
        let kind = match self.kind() {
            TokenKind::Number => self.number(),
            TokenKind::Identifier => self.named(),
            TokenKind::OpenQuote | TokenKind::OpenHeredoc => self.template_term(),
            TokenKind::OpenParenthesis => self.parentheses(),
            TokenKind::OpenBracket => self.brackets(),
            TokenKind::OpenBrace => self.braces(),
            _ => {
                self.expected("an expression");
                return self.nothing();
            }
        };
        Expression {
            kind,
            span: self.since(start),
        }
    }

    fn number(&mut self) -> ExpressionKind {
        let span = self.bump().span;
        let text = self.slice(span);
        self.check_number(text, span);
        ExpressionKind::Number(text.into())
    }

    fn template_term(&mut self) -> ExpressionKind {
        ExpressionKind::Template(Box::new(self.template()))
    }

    fn parentheses(&mut self) -> ExpressionKind {
        let scope = self.open(Newlines::Ignored);
        let inner = Box::new(self.expression());
        self.close(&scope, "the parenthesis");
        self.rise(self.height);
        ExpressionKind::Parentheses(inner)
    }

    fn brackets(&mut self) -> ExpressionKind {
        let scope = self.open(Newlines::Ignored);
        if self.at_word("for") {
            self.for_expression(&scope)
        } else {
            self.tuple(&scope)
        }
    }

    fn braces(&mut self) -> ExpressionKind {
        let scope = self.open(Newlines::Ignored);
        if self.at_word("for") {
            return self.for_expression(&scope);
        }
        self.newlines = Newlines::Significant;
        self.object(&scope)
    }

    /// A number as Terraform's scanner gives it can have several points and exponents.
    pub(super) fn check_number(&mut self, text: &str, span: Span) {
        if !is_number(text) {
            self.error(span, format!("{} is not a number", quoted(text)));
        }
    }

    /// What begins with a name: a keyword, a variable, a call.
    fn named(&mut self) -> ExpressionKind {
        let span = self.bump().span;
        if matches!(
            self.kind(),
            TokenKind::OpenParenthesis | TokenKind::DoubleColon
        ) {
            return self.call(span);
        }
        match self.slice(span) {
            "true" => ExpressionKind::Bool(true),
            "false" => ExpressionKind::Bool(false),
            "null" => ExpressionKind::Null,
            name => ExpressionKind::Variable(name.into()),
        }
    }

    fn call(&mut self, first: Span) -> ExpressionKind {
        let name = self.function_name(first);
        if !self.lost && self.kind() != TokenKind::OpenParenthesis {
            self.expected(&format!(
                "`(` after the function's name {}",
                quoted(&name.text)
            ));
        }
        if self.lost {
            return ExpressionKind::Error;
        }
        let mut call = Box::new(Call {
            name,
            arguments: Vec::new(),
            expanded: false,
        });
        let scope = self.open(Newlines::Ignored);
        let what = "an argument of the call";
        call.arguments = self.elements(&scope, TokenKind::CloseParenthesis, what);
        let height = self.height;
        if !self.lost {
            call.expanded = self.eat(TokenKind::Ellipsis);
        }
        self.close(&scope, "the call");
        self.rise(height);
        ExpressionKind::Call(call)
    }

    /// The rest of `provider::aws::f`.
    fn function_name(&mut self, first: Span) -> Name {
        let mut text = String::from(self.slice(first));
        while self.eat(TokenKind::DoubleColon) {
            if self.kind() != TokenKind::Identifier {
                self.expected("the name of a function after `::`");
                break;
            }
            text.push_str("::");
            let span = self.bump().span;
            text.push_str(self.slice(span));
        }
        Name {
            text: text.into(),
            span: self.since(first.start),
        }
    }

    fn tuple(&mut self, scope: &Scope) -> ExpressionKind {
        let what = "an element of the list";
        let elements = self.elements(scope, TokenKind::CloseBracket, what);
        let height = self.height;
        self.close(scope, "the list");
        self.rise(height);
        ExpressionKind::Tuple(elements)
    }

    /// Expressions with commas between them, up to the closing bracket, or to the `...` after the last
    /// argument of a call; sets the height of the highest.
    fn elements(&mut self, scope: &Scope, closer: TokenKind, what: &str) -> Vec<Expression> {
        let mut elements = Vec::new();
        let mut height = 0;
        while self.kind() != closer {
            elements.push(self.expression());
            height = height.max(self.height);
            if !self.lost {
                match self.kind() {
                    TokenKind::Comma => {
                        self.bump();
                        continue;
                    }
                    TokenKind::Ellipsis if closer == TokenKind::CloseParenthesis => break,
                    TokenKind::End => break,
                    found if found == closer => break,
                    _ => self.expected_after(closer, what),
                }
            }
            if !self.recover_to(scope, &[TokenKind::Comma]) {
                break;
            }
            self.bump();
        }
        self.height = height;
        elements
    }

    fn expected_after(&mut self, closer: TokenKind, what: &str) {
        let mark = if closer == TokenKind::CloseBracket {
            "]"
        } else {
            ")"
        };
        self.expected(&format!("`,` or `{mark}` after {what}"));
    }

    fn object(&mut self, scope: &Scope) -> ExpressionKind {
        let mut items = Vec::new();
        let mut height = 0;
        loop {
            match self.kind() {
                TokenKind::Newline => {
                    self.bump();
                    continue;
                }
                TokenKind::CloseBrace | TokenKind::End => break,
                _ => {}
            }
            if let Some(item) = self.object_item() {
                items.push(item);
            }
            height = height.max(self.height);
            if !self.lost {
                match self.kind() {
                    TokenKind::Comma | TokenKind::Newline => {
                        self.bump();
                        continue;
                    }
                    TokenKind::CloseBrace | TokenKind::End => break,
                    _ => self.expected("`,`, a line break or `}` after an item of the object"),
                }
            }
            if !self.recover_to(scope, &[TokenKind::Comma, TokenKind::Newline]) {
                break;
            }
            self.bump();
        }
        self.close(scope, "the object");
        self.rise(height);
        ExpressionKind::Object(items)
    }

    fn object_item(&mut self) -> Option<ObjectItem> {
        let key = self.object_key();
        let height = self.height;
        if !self.lost && !self.eat(TokenKind::Assign) && !self.eat(TokenKind::Colon) {
            self.expected("`=` after the key of an object's item");
        }
        if self.lost {
            return None;
        }
        let value = self.expression();
        self.height = self.height.max(height);
        Some(ObjectItem { key, value })
    }

    fn object_key(&mut self) -> ObjectKey {
        let start = self.index();
        let bare = self.kind() == TokenKind::Identifier;
        if bare
            && matches!(
                self.kind_at(start + 1),
                TokenKind::Assign | TokenKind::Colon
            )
        {
            self.height = 1;
            return ObjectKey::Name(self.name());
        }
        let key = self.expression();
        if bare && self.next == start + 1 {
            ObjectKey::Name(Name {
                text: self.slice(key.span).into(),
                span: key.span,
            })
        } else {
            ObjectKey::Expression(key)
        }
    }

    /// `for …` up to the closing bracket.
    fn for_expression(&mut self, scope: &Scope) -> ExpressionKind {
        let parts = self.for_parts(scope);
        let height = self.height;
        self.close(scope, "the `for` expression");
        self.rise(height);
        parts.map_or(ExpressionKind::Error, ExpressionKind::For)
    }

    fn for_parts(&mut self, scope: &Scope) -> Option<Box<For>> {
        let mut parts = self.for_introduction("expression")?;
        let mut height = self.height;
        if !self.eat(TokenKind::Colon) {
            self.expected("`:` after the collection of a `for` expression");
            return None;
        }
        parts.value = self.expression();
        height = height.max(self.height);
        if !self.lost && self.eat(TokenKind::Arrow) {
            parts.key = Some(std::mem::take(&mut parts.value));
            parts.value = self.expression();
            height = height.max(self.height);
        }
        if self.lost {
            return None;
        }
        let mark = self.span();
        parts.grouped = self.eat(TokenKind::Ellipsis);
        if self.at_word("if") {
            self.bump();
            parts.condition = Some(self.expression());
            height = height.max(self.height);
        }
        self.height = height;
        self.check_for(&parts, mark, self.items[scope.open].kind);
        Some(parts)
    }

    /// Reports what belongs to the other kind of `for` expression.
    fn check_for(&mut self, parts: &For, mark: Span, open: TokenKind) {
        if open == TokenKind::OpenBrace {
            if parts.key.is_none() {
                let message = "a `for` expression in `{ }` gives `key => value`";
                self.error(parts.value.span, message);
            }
            return;
        }
        if let Some(key) = &parts.key {
            self.error(
                key.span,
                "a `for` expression in `[ ]` gives values without keys",
            );
        }
        if parts.grouped {
            self.error(mark, "a `for` expression in `[ ]` does not group by `...`");
        }
    }

    /// `for key, value in collection`, in an expression and in a directive; the rest is left open.
    pub(super) fn for_introduction(&mut self, what: &str) -> Option<Box<For>> {
        self.bump();
        let mut key_name = None;
        let mut value_name = self.for_name(what)?;
        if self.eat(TokenKind::Comma) {
            key_name = Some(value_name);
            value_name = self.for_name(what)?;
        }
        if !self.at_word("in") {
            self.expected(&format!("`in` after the names of a `for` {what}"));
            return None;
        }
        self.bump();
        let mut parts = Box::new(For {
            key_name,
            value_name,
            collection: Expression::default(),
            key: None,
            value: Expression::default(),
            grouped: false,
            condition: None,
        });
        parts.collection = self.expression();
        (!self.lost).then_some(parts)
    }

    fn for_name(&mut self, what: &str) -> Option<Name> {
        if self.kind() == TokenKind::Identifier {
            return Some(self.name());
        }
        self.expected(&format!("a name in a `for` {what}"));
        None
    }
}

/// Whether a text is digits with at most one point and one exponent, in this order.
fn is_number(text: &str) -> bool {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (
            &text[..at],
            Some(text[at + 1..].trim_start_matches(['+', '-'])),
        ),
        None => (text, None),
    };
    mantissa.bytes().filter(|&b| b == b'.').count() <= 1
        && exponent.is_none_or(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
}
