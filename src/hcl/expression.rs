//! Expressions: operators, and the steps that are taken from a term.

use super::parser::{MAX_HEIGHT, Newlines, Parser};
use super::token::TokenKind;
use super::tree::{
    Access, Binary, BinaryOperator, Conditional, Expression, ExpressionKind, Span, Step,
    UnaryOperator,
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
    pub(super) fn rise(&mut self, highest: u32) {
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
