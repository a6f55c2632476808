//! Expressions.

use super::parser::{MAX_HEIGHT, Newlines, Parser, Scope};
use super::token::TokenKind;
use super::tree::{
    Access, Binary, BinaryOperator, Call, Conditional, Expression, ExpressionKind, For, Name,
    ObjectItem, ObjectKey, Span, Step, UnaryOperator,
};

impl Parser<'_> {
    /// Any expression.
    ///
    /// What calls itself through this function is split into small functions: their frames are what
    /// the limit on nesting has to fit into a thread's stack.
    pub(super) fn expression(&mut self) -> Expression {
        if !self.descend() {
            return self.nothing();
        }
        let mut expression = self.operation();
        if !self.lost && self.kind() == TokenKind::Question {
            expression = self.conditional(expression);
        }
        self.ascend();
        expression
    }

    /// `? then : otherwise` after a condition.
    fn conditional(&mut self, condition: Expression) -> Expression {
        let mut parts = Box::new(Conditional {
            condition,
            then: Expression::default(),
            otherwise: Expression::default(),
        });
        let mut height = self.height;
        self.bump();
        parts.then = self.expression();
        height = height.max(self.height);
        if !self.lost && !self.eat(TokenKind::Colon) {
            self.expected("`:` and what a conditional gives otherwise");
        }
        if self.lost {
            return parts.condition;
        }
        parts.otherwise = self.expression();
        self.rise(height.max(self.height));
        let span = self.since(parts.condition.span.start);
        Expression {
            kind: ExpressionKind::Conditional(parts),
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
        match binary_operator(self.kind()) {
            Some(operator) if !self.lost => self.chain(first, operator),
            _ => first,
        }
    }

    fn chain(&mut self, first: Expression, operator: (BinaryOperator, u8)) -> Expression {
        let mut operator = Some(operator);
        let mut right = Operand {
            expression: first,
            height: self.height,
        };
        // Left operands and the operators after them, each stronger than the last.
        let mut waiting = Vec::new();
        while let Some((operator_now, strength)) = operator {
            self.combine(&mut waiting, &mut right, strength);
            self.bump();
            let left = std::mem::take(&mut right);
            waiting.push(Waiting {
                left,
                operator: operator_now,
                strength,
            });
            right.expression = self.operand();
            right.height = self.height;
            operator = binary_operator(self.kind()).filter(|_| !self.lost);
        }
        self.combine(&mut waiting, &mut right, 0);
        self.height = right.height;
        right.expression
    }

    /// Combines a right operand with what waits for it and is at least this strong.
    fn combine(&mut self, waiting: &mut Vec<Waiting>, right: &mut Operand, strength: u8) {
        while let Some(Waiting { left, operator, .. }) =
            waiting.pop_if(|waiting| waiting.strength >= strength)
        {
            let Operand { expression, height } = std::mem::take(right);
            let span = Span {
                start: left.expression.span.start,
                end: expression.span.end,
            };
            *right = Operand {
                height: left.height.max(height) + 1,
                ..Operand::default()
            };
            right.expression.span = span;
            if right.height > MAX_HEIGHT {
                self.too_high(span);
                right.height = 1;
            } else {
                let binary = Binary {
                    operator,
                    left: left.expression,
                    right: expression,
                };
                right.expression.kind = ExpressionKind::Binary(Box::new(binary));
            }
        }
    }

    /// A term with the operators before it and the steps after it.
    fn operand(&mut self) -> Expression {
        match self.kind() {
            TokenKind::Bang => self.unary(UnaryOperator::Not),
            TokenKind::Minus => self.unary(UnaryOperator::Negate),
            _ => {
                let term = self.term();
                match self.kind() {
                    TokenKind::Dot | TokenKind::OpenBracket if !self.lost => self.with_steps(term),
                    _ => term,
                }
            }
        }
    }

    fn unary(&mut self, operator: UnaryOperator) -> Expression {
        let span = self.span();
        if !self.descend() {
            return self.nothing();
        }
        self.bump();
        let operand = Box::new(self.operand());
        self.ascend();
        self.rise(self.height);
        let span = Span {
            start: span.start,
            end: operand.span.end.max(span.end),
        };
        Expression {
            kind: ExpressionKind::Unary(operator, operand),
            span,
        }
    }

    fn with_steps(&mut self, base: Expression) -> Expression {
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
        let start = self.span().start;
        if let Some(end) = self.splat_mark() {
            if !self.descend() {
                return None;
            }
            self.next = end;
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

    /// The index after `[*]`, if that is what comes next.
    fn splat_mark(&self) -> Option<usize> {
        let ignored = self.newlines == Newlines::Ignored;
        let mut next = self.index();
        for expected in [
            TokenKind::OpenBracket,
            TokenKind::Star,
            TokenKind::CloseBracket,
        ] {
            if ignored && self.items.get(next)?.kind == TokenKind::Newline {
                next += 1;
            }
            if self.items.get(next)?.kind != expected {
                return None;
            }
            next += 1;
        }
        Some(next)
    }

    fn term(&mut self) -> Expression {
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
    fn check_number(&mut self, text: &str, span: Span) {
        if !is_number(text) {
            self.error(span, format!("`{text}` is not a number"));
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
            self.expected(&format!("`(` after the function's name `{}`", name.text));
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

/// An expression and its height.
#[derive(Debug, Default)]
struct Operand {
    expression: Expression,
    height: u32,
}

/// A left operand and the operator after it.
#[derive(Debug)]
struct Waiting {
    left: Operand,
    operator: BinaryOperator,
    strength: u8,
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
