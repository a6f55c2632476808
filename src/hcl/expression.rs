//! Expressions.

use super::parser::{MAX_HEIGHT, Newlines, Parser, Scope};
use super::token::TokenKind;
use super::tree::{
    Access, Binary, BinaryOperator, Call, Conditional, Expression, ExpressionKind, For, Name,
    ObjectItem, ObjectKey, Span, Step, UnaryOperator,
};

impl Parser<'_> {
    /// Any expression.
    pub(super) fn expression(&mut self) -> Expression {
        let mut expression = Expression {
            span: self.span(),
            kind: ExpressionKind::Error,
        };
        if self.descend() {
            expression = self.conditional();
            self.ascend();
        }
        expression
    }

    fn conditional(&mut self) -> Expression {
        let condition = self.operation();
        if self.lost || !self.eat(TokenKind::Question) {
            return condition;
        }
        let mut height = self.height;
        let then = self.expression();
        height = height.max(self.height);
        if self.lost {
            return condition;
        }
        if !self.eat(TokenKind::Colon) {
            self.expected("`:` and what a conditional gives otherwise");
            return condition;
        }
        let otherwise = self.expression();
        self.rise(height.max(self.height));
        let span = Span {
            start: condition.span.start,
            end: otherwise.span.end,
        };
        let conditional = Conditional {
            condition,
            then,
            otherwise,
        };
        Expression {
            kind: ExpressionKind::Conditional(Box::new(conditional)),
            span,
        }
    }

    /// Sets the height of a tree by that of its highest part.
    fn rise(&mut self, highest: u32) {
        self.height = highest + 1;
    }

    /// Operands with operators between them. All operators are left-associative.
    fn operation(&mut self) -> Expression {
        let first = self.operand();
        let Some((mut operator, mut strength)) = binary_operator(self.kind()) else {
            return first;
        };
        if self.lost {
            return first;
        }
        // Left operands with their heights and the operators after them, each stronger than the last.
        let mut waiting: Vec<(Expression, u32, BinaryOperator, u8)> = Vec::new();
        let (mut left, mut height) = (first, self.height);
        loop {
            while waiting
                .last()
                .is_some_and(|(.., earlier)| *earlier >= strength)
            {
                (left, height) = self.combine(&mut waiting, left, height);
            }
            self.bump();
            waiting.push((left, height, operator, strength));
            left = self.operand();
            height = self.height;
            match binary_operator(self.kind()) {
                Some(found) if !self.lost => (operator, strength) = found,
                _ => break,
            }
        }
        while !waiting.is_empty() {
            (left, height) = self.combine(&mut waiting, left, height);
        }
        self.height = height;
        left
    }

    fn combine(
        &mut self,
        waiting: &mut Vec<(Expression, u32, BinaryOperator, u8)>,
        right: Expression,
        right_height: u32,
    ) -> (Expression, u32) {
        let Some((left, left_height, operator, _)) = waiting.pop() else {
            return (right, right_height);
        };
        let span = Span {
            start: left.span.start,
            end: right.span.end,
        };
        let height = left_height.max(right_height) + 1;
        if height > MAX_HEIGHT {
            self.too_high(span);
            return (
                Expression {
                    kind: ExpressionKind::Error,
                    span,
                },
                1,
            );
        }
        let binary = Binary {
            operator,
            left,
            right,
        };
        (
            Expression {
                kind: ExpressionKind::Binary(Box::new(binary)),
                span,
            },
            height,
        )
    }

    /// A term with the operators before it and the steps after it.
    fn operand(&mut self) -> Expression {
        let operator = match self.kind() {
            TokenKind::Bang => UnaryOperator::Not,
            TokenKind::Minus => UnaryOperator::Negate,
            _ => {
                let term = self.term();
                return if self.lost {
                    term
                } else {
                    self.with_steps(term)
                };
            }
        };
        let span = self.span();
        if !self.descend() {
            return Expression {
                kind: ExpressionKind::Error,
                span,
            };
        }
        self.bump();
        let operand = self.operand();
        self.ascend();
        self.rise(self.height);
        let span = Span {
            start: span.start,
            end: operand.span.end.max(span.end),
        };
        Expression {
            kind: ExpressionKind::Unary(operator, Box::new(operand)),
            span,
        }
    }

    fn with_steps(&mut self, base: Expression) -> Expression {
        if !matches!(self.kind(), TokenKind::Dot | TokenKind::OpenBracket) {
            return base;
        }
        let start = base.span.start;
        let mut height = self.height;
        let steps = self.steps();
        height = height.max(self.height);
        if steps.is_empty() {
            return base;
        }
        self.rise(height);
        let access = Box::new(Access { base, steps });
        Expression {
            kind: ExpressionKind::Access(access),
            span: self.since(start),
        }
    }

    /// Everything that is taken from a term; sets the height of the highest step.
    fn steps(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut height = 0;
        while !self.lost {
            self.height = 0;
            match self.kind() {
                TokenKind::Dot => {
                    let dot = self.bump().span;
                    if self.kind() == TokenKind::Star {
                        let end = self.bump().span.end;
                        let mark = Span {
                            start: dot.start,
                            end,
                        };
                        let inner = self.attribute_steps();
                        self.height = 1;
                        steps.push(Step::Splat(inner, mark));
                    } else if let Some(step) = self.attribute_step() {
                        steps.push(step);
                    }
                }
                TokenKind::OpenBracket => match self.bracket_step() {
                    Some(step) => steps.push(step),
                    None => break,
                },
                _ => break,
            }
            height = height.max(self.height);
        }
        self.height = height;
        steps
    }

    /// The `.name` and `.0` steps that `.*` applies to each element.
    fn attribute_steps(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        while !self.lost && self.eat(TokenKind::Dot) {
            if self.kind() == TokenKind::Star {
                self.error_here("`.*` cannot be taken of another `.*`; write `[*]`");
                self.lost = true;
                break;
            }
            steps.extend(self.attribute_step());
        }
        steps
    }

    /// `name` or `0` after a dot.
    fn attribute_step(&mut self) -> Option<Step> {
        match self.kind() {
            TokenKind::Identifier => Some(Step::Attribute(self.name())),
            TokenKind::Number => {
                let name = self.name();
                if name.text.contains('.') {
                    let brackets = name.text.replace('.', "][");
                    let message =
                        format!("an index cannot follow another by `.`; write `[{brackets}]`");
                    self.error(name.span, message);
                } else {
                    self.check_number(&name.text, name.span);
                }
                Some(Step::LegacyIndex(name))
            }
            _ => {
                self.expected("the name of an attribute after `.`");
                None
            }
        }
    }

    /// `[*]` with what follows it, or `[key]`.
    fn bracket_step(&mut self) -> Option<Step> {
        let index = self.index();
        let start = self.items[index].span.start;
        let kind_at = |ahead: usize| self.items.get(index + ahead).map(|item| item.kind);
        if kind_at(1) == Some(TokenKind::Star) && kind_at(2) == Some(TokenKind::CloseBracket) {
            if !self.descend() {
                return None;
            }
            self.next = index + 3;
            let mark = self.since(start);
            let inner = self.steps();
            self.ascend();
            self.rise(self.height);
            return Some(Step::Splat(inner, mark));
        }
        let scope = self.open(Newlines::Ignored);
        let key = self.expression();
        self.close(&scope, "the index");
        Some(Step::Index(key, self.since(start)))
    }

    fn term(&mut self) -> Expression {
        let span = self.span();
        self.height = 1;
        let kind = match self.kind() {
            TokenKind::Number => {
                let span = self.bump().span;
                let text = self.slice(span);
                self.check_number(text, span);
                ExpressionKind::Number(text.into())
            }
            TokenKind::Identifier => return self.named(),
            TokenKind::OpenQuote | TokenKind::OpenHeredoc => {
                let template = self.template();
                let span = template.span;
                return Expression {
                    kind: ExpressionKind::Template(Box::new(template)),
                    span,
                };
            }
            TokenKind::OpenParenthesis => {
                let scope = self.open(Newlines::Ignored);
                let inner = self.expression();
                self.close(&scope, "the parenthesis");
                self.rise(self.height);
                ExpressionKind::Parentheses(Box::new(inner))
            }
            TokenKind::OpenBracket => {
                let scope = self.open(Newlines::Ignored);
                if self.at_word("for") {
                    self.for_expression(&scope)
                } else {
                    self.tuple(&scope)
                }
            }
            TokenKind::OpenBrace => {
                let scope = self.open(Newlines::Ignored);
                if self.at_word("for") {
                    self.for_expression(&scope)
                } else {
                    self.newlines = Newlines::Significant;
                    self.object(&scope)
                }
            }
            _ => {
                self.expected("an expression");
                return Expression {
                    kind: ExpressionKind::Error,
                    span,
                };
            }
        };
        Expression {
            kind,
            span: self.since(span.start),
        }
    }

    /// A number as Terraform's scanner gives it can have several points and exponents.
    fn check_number(&mut self, text: &str, span: Span) {
        if !is_number(text) {
            self.error(span, format!("`{text}` is not a number"));
        }
    }

    /// What begins with a name: a keyword, a variable, a call.
    fn named(&mut self) -> Expression {
        let name = self.name();
        let span = name.span;
        if matches!(
            self.kind(),
            TokenKind::OpenParenthesis | TokenKind::DoubleColon
        ) {
            return self.call(name);
        }
        let kind = match &*name.text {
            "true" => ExpressionKind::Bool(true),
            "false" => ExpressionKind::Bool(false),
            "null" => ExpressionKind::Null,
            _ => ExpressionKind::Variable(name.text),
        };
        Expression { kind, span }
    }

    fn call(&mut self, mut name: Name) -> Expression {
        let start = name.span.start;
        let mut full = None;
        while self.eat(TokenKind::DoubleColon) {
            let full = full.get_or_insert_with(|| String::from(&*name.text));
            if self.kind() != TokenKind::Identifier {
                self.expected("the name of a function after `::`");
                break;
            }
            full.push_str("::");
            let span = self.bump().span;
            full.push_str(self.slice(span));
        }
        name.span = self.since(start);
        if let Some(full) = full {
            name.text = full.into();
        }
        if !self.lost && self.kind() != TokenKind::OpenParenthesis {
            self.expected(&format!("`(` after the function's name `{}`", name.text));
        }
        if self.lost {
            return Expression {
                kind: ExpressionKind::Error,
                span: name.span,
            };
        }
        let scope = self.open(Newlines::Ignored);
        let what = "an argument of the call";
        let (arguments, expanded) = self.elements(&scope, TokenKind::CloseParenthesis, what);
        let height = self.height;
        self.close(&scope, "the call");
        self.rise(height);
        let call = Call {
            name,
            arguments,
            expanded,
        };
        Expression {
            kind: ExpressionKind::Call(Box::new(call)),
            span: self.since(start),
        }
    }

    fn tuple(&mut self, scope: &Scope) -> ExpressionKind {
        let what = "an element of the list";
        let (elements, _) = self.elements(scope, TokenKind::CloseBracket, what);
        let height = self.height;
        self.close(scope, "the list");
        self.rise(height);
        ExpressionKind::Tuple(elements)
    }

    /// Expressions with commas between them, up to the closing bracket; in a call, the last one may
    /// have `...` after it.
    fn elements(
        &mut self,
        scope: &Scope,
        closer: TokenKind,
        what: &str,
    ) -> (Vec<Expression>, bool) {
        let mut elements = Vec::new();
        let mut expanded = false;
        let mut height = 0;
        while self.kind() != closer {
            elements.push(self.expression());
            height = height.max(self.height);
            if !self.lost {
                if self.eat(TokenKind::Comma) {
                    continue;
                }
                if closer == TokenKind::CloseParenthesis && self.eat(TokenKind::Ellipsis) {
                    expanded = true;
                    break;
                }
                if self.kind() == closer || self.kind() == TokenKind::End {
                    break;
                }
                let mark = if closer == TokenKind::CloseBracket {
                    "]"
                } else {
                    ")"
                };
                self.expected(&format!("`,` or `{mark}` after {what}"));
            }
            if !self.recover_to(scope, &[TokenKind::Comma]) {
                break;
            }
            self.bump();
        }
        self.height = height;
        (elements, expanded)
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
        let start = self.index();
        let bare = self.kind() == TokenKind::Identifier;
        let key = self.expression();
        let mut height = self.height;
        if self.lost {
            return None;
        }
        let key = match key.kind {
            _ if !bare || self.next != start + 1 => ObjectKey::Expression(key),
            _ => ObjectKey::Name(Name {
                text: self.slice(key.span).into(),
                span: key.span,
            }),
        };
        if !self.eat(TokenKind::Assign) && !self.eat(TokenKind::Colon) {
            self.expected("`=` after the key of an object's item");
            return None;
        }
        let value = self.expression();
        height = height.max(self.height);
        self.height = height;
        Some(ObjectItem { key, value })
    }

    /// `for …` up to the closing bracket.
    fn for_expression(&mut self, scope: &Scope) -> ExpressionKind {
        let parts = self.for_parts(scope);
        let height = self.height;
        self.close(scope, "the `for` expression");
        self.rise(height);
        parts.map_or(ExpressionKind::Error, |parts| {
            ExpressionKind::For(Box::new(parts))
        })
    }

    fn for_parts(&mut self, scope: &Scope) -> Option<For> {
        let object = self.items[scope.open].kind == TokenKind::OpenBrace;
        let (key_name, value_name, collection) = self.for_introduction("expression")?;
        let mut height = self.height;
        if !self.eat(TokenKind::Colon) {
            self.expected("`:` after the collection of a `for` expression");
            return None;
        }
        let mut key = None;
        let mut value = self.expression();
        height = height.max(self.height);
        if !self.lost && self.eat(TokenKind::Arrow) {
            let second = self.expression();
            height = height.max(self.height);
            key = Some(std::mem::replace(&mut value, second));
        }
        if self.lost {
            return None;
        }
        let mark = self.span();
        let grouped = self.eat(TokenKind::Ellipsis);
        let mut condition = None;
        if self.at_word("if") {
            self.bump();
            condition = Some(self.expression());
            height = height.max(self.height);
        }
        self.height = height;
        match (&key, object) {
            (Some(key), false) => {
                self.error(
                    key.span,
                    "a `for` expression in `[ ]` gives values without keys",
                );
            }
            (None, true) => {
                self.error(
                    value.span,
                    "a `for` expression in `{ }` gives `key => value`",
                );
            }
            _ => {}
        }
        if grouped && !object {
            self.error(mark, "a `for` expression in `[ ]` does not group by `...`");
        }
        Some(For {
            key_name,
            value_name,
            collection,
            key,
            value,
            grouped,
            condition,
        })
    }

    /// `for key, value in collection`, in an expression and in a directive.
    pub(super) fn for_introduction(
        &mut self,
        what: &str,
    ) -> Option<(Option<Name>, Name, Expression)> {
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
        let collection = self.expression();
        (!self.lost).then_some((key_name, value_name, collection))
    }

    fn for_name(&mut self, what: &str) -> Option<Name> {
        if self.kind() == TokenKind::Identifier {
            return Some(self.name());
        }
        self.expected(&format!("a name in a `for` {what}"));
        None
    }
}

/// An operator and how strongly it binds.
fn binary_operator(kind: TokenKind) -> Option<(BinaryOperator, u8)> {
    use BinaryOperator as B;
    Some(match kind {
        TokenKind::Or => (B::Or, 1),
        TokenKind::And => (B::And, 2),
        TokenKind::Equal => (B::Equal, 3),
        TokenKind::NotEqual => (B::NotEqual, 3),
        TokenKind::Less => (B::Less, 4),
        TokenKind::LessOrEqual => (B::LessOrEqual, 4),
        TokenKind::Greater => (B::Greater, 4),
        TokenKind::GreaterOrEqual => (B::GreaterOrEqual, 4),
        TokenKind::Plus => (B::Add, 5),
        TokenKind::Minus => (B::Subtract, 5),
        TokenKind::Star => (B::Multiply, 6),
        TokenKind::Slash => (B::Divide, 6),
        TokenKind::Percent => (B::Remainder, 6),
        _ => return None,
    })
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
