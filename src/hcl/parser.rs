//! From tokens to the tree: where the parser is, and how it goes on after an error.

use super::errors::{first_of_each_line, quoted, report};
use super::lexer::{Effort, Start};
use super::pairs::{Item, Items, items};
use super::token::TokenKind;
use super::tree::{Body, Expression, ExpressionKind, Name, Parsed, Span, SyntaxError, Template};

/// How deep brackets, templates and blocks may be in each other.
pub(super) const MAX_NESTING: u32 = 512;
/// How high an expression's tree may be; a chain of operators is as high as it is long.
pub(super) const MAX_HEIGHT: u32 = 2_000;
/// Parses a file.
#[must_use]
pub fn parse(text: &str) -> Parsed<Body> {
    parsed(text, Start::Configuration, |parser| {
        let mut body = parser.body(None);
        body.span = parser.whole();
        body
    })
}

/// Parses a text that is one expression, as the command line and variable files have it.
#[must_use]
pub fn parse_expression(text: &str) -> Parsed<Expression> {
    parsed(text, Start::Configuration, |parser| {
        parser.newlines = Newlines::Ignored;
        let expression = parser.expression();
        if !parser.lost && parser.kind() != TokenKind::End {
            let found = parser.found();
            parser.error_here(format!("expected the end of the expression, found {found}"));
        }
        expression
    })
}

/// Parses a text that is one template, as `templatefile` reads it.
#[must_use]
pub fn parse_template(text: &str) -> Parsed<Template> {
    parsed(text, Start::Template, |parser| parser.whole_template())
}

fn parsed<'t, T: Default>(
    text: &'t str,
    start: Start,
    read: impl Fn(&mut Parser<'t>) -> T,
) -> Parsed<T> {
    if u32::try_from(text.len()).is_err() {
        let error = SyntaxError {
            message: "the text is longer than 4 GiB".to_owned(),
            span: Span::default(),
        };
        return Parsed {
            tree: T::default(),
            errors: vec![error],
            comments: Vec::new(),
        };
    }
    let attempt = |effort| {
        let Items {
            items,
            comments,
            errors,
        } = items(text, start, effort);
        let mut parser = Parser::new(text, items, errors);
        let tree = read(&mut parser);
        Parsed {
            tree,
            errors: parser.errors,
            comments,
        }
    };
    let exact = attempt(Effort::Exact);
    if exact.errors.is_empty() {
        return exact;
    }
    // What is wrong is certain now; reading it again by its layout may save more of the rest.
    let mut recovered = attempt(Effort::Recovering);
    if recovered.errors.is_empty() {
        recovered = exact;
    }
    recovered.errors = first_of_each_line(text, recovered.errors);
    recovered
}

/// Whether a line break means anything where the parser is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Newlines {
    /// It ends an argument or an item.
    Significant,
    /// It is blank space.
    Ignored,
}

/// What surrounds a bracket that the parser has entered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope {
    /// The index of the opening bracket.
    pub(super) open: usize,
    /// The index of what ends its content.
    pub(super) close: usize,
    limit: usize,
    newlines: Newlines,
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) items: Vec<Item>,
    /// The index of the item after the last one that was read.
    pub(super) next: usize,
    /// The index before which everything has to end.
    pub(super) limit: usize,
    pub(super) newlines: Newlines,
    depth: u32,
    /// The height of the tree that was read last.
    pub(super) height: u32,
    /// Whether the parser does not know where it is: an error was reported, and the next bracket or
    /// line has to be found.
    pub(super) lost: bool,
    told_height: bool,
    errors: Vec<SyntaxError>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, items: Vec<Item>, errors: Vec<SyntaxError>) -> Self {
        let limit = items.len() - 1;
        Parser {
            text,
            items,
            next: 0,
            limit,
            newlines: Newlines::Significant,
            depth: 0,
            height: 0,
            lost: false,
            told_height: false,
            errors,
        }
    }

    pub(super) fn whole(&self) -> Span {
        Span {
            start: 0,
            end: self.items.last().map_or(0, |end| end.span.end),
        }
    }

    /// The index of the next item, with line breaks passed over where they mean nothing.
    pub(super) fn index(&self) -> usize {
        let mut index = self.next;
        if self.newlines == Newlines::Ignored
            && index < self.limit
            && self.items[index].kind == TokenKind::Newline
        {
            index += 1;
        }
        index.min(self.limit)
    }

    pub(super) fn kind(&self) -> TokenKind {
        self.kind_at(self.index())
    }

    pub(super) fn kind_at(&self, index: usize) -> TokenKind {
        if index < self.limit {
            self.items[index].kind
        } else {
            TokenKind::End
        }
    }

    pub(super) fn span(&self) -> Span {
        self.items[self.index()].span
    }

    /// Reads the next item.
    pub(super) fn bump(&mut self) -> Item {
        let index = self.index();
        if index < self.limit {
            self.next = index + 1;
        }
        self.items[index]
    }

    /// Reads the next item if it is of this kind.
    pub(super) fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// Whether the next item is this word.
    pub(super) fn at_word(&self, word: &str) -> bool {
        self.kind() == TokenKind::Identifier && self.slice(self.span()) == word
    }

    /// The end of what was read last.
    pub(super) fn end(&self) -> u32 {
        self.next.checked_sub(1).map_or(0, |last| {
            let Item { kind, span, .. } = self.items[last];
            if kind == TokenKind::Newline {
                span.start
            } else {
                span.end
            }
        })
    }

    /// Nothing, where something should have been.
    pub(super) fn nothing(&self) -> Expression {
        let end = self.end();
        Expression {
            span: Span { start: end, end },
            kind: ExpressionKind::Error,
        }
    }

    /// The text from a place to the end of what was read last.
    pub(super) fn since(&self, start: u32) -> Span {
        Span {
            start,
            end: self.end().max(start),
        }
    }

    pub(super) fn name(&mut self) -> Name {
        let span = self.bump().span;
        Name {
            text: self.slice(span).into(),
            span,
        }
    }

    pub(super) fn error(&mut self, span: Span, message: impl Into<String>) {
        report(&mut self.errors, span, message);
    }

    pub(super) fn error_here(&mut self, message: impl Into<String>) {
        let span = match self.kind() {
            TokenKind::End => self.since(self.end()),
            _ => self.span(),
        };
        self.error(span, message);
    }

    /// Says what stands at the next item.
    pub(super) fn found(&self) -> String {
        match self.kind() {
            TokenKind::End if self.index() + 1 == self.items.len() => "the end of the text".into(),
            TokenKind::End | TokenKind::Newline => "the end of the line".into(),
            TokenKind::Missing => "the end of the text in quotes".into(),
            TokenKind::OpenQuote => "a quoted text".into(),
            TokenKind::OpenHeredoc => "a heredoc".into(),
            _ => quoted(self.slice(self.span())),
        }
    }

    /// Reports what should stand at the next item, and that the parser is lost.
    pub(super) fn expected(&mut self, what: &str) {
        let found = self.found();
        self.error_here(format!("expected {what}, found {found}"));
        self.lost = true;
    }

    /// Goes a level down, unless that is too deep.
    pub(super) fn descend(&mut self) -> bool {
        if self.depth >= MAX_NESTING {
            self.error_here(format!("more than {MAX_NESTING} levels are nested"));
            self.lost = true;
            return false;
        }
        self.depth += 1;
        true
    }

    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn room(&self) -> usize {
        (MAX_NESTING - self.depth) as usize
    }

    /// Reports a tree that is too high, once.
    pub(super) fn too_high(&mut self, span: Span) {
        if !self.told_height {
            self.told_height = true;
            self.error(
                span,
                format!("the expression has more than {MAX_HEIGHT} levels"),
            );
        }
    }

    /// Reads an opening bracket.
    pub(super) fn open(&mut self, newlines: Newlines) -> Scope {
        let open = self.index();
        let close = self.items[open].partner as usize;
        let scope = Scope {
            open,
            close,
            limit: self.limit,
            newlines: self.newlines,
        };
        self.bump();
        if !self.is_closed(&scope) {
            self.limit = self.limit.min(close);
        }
        self.newlines = newlines;
        scope
    }

    pub(super) fn is_closed(&self, scope: &Scope) -> bool {
        self.items[scope.open].closed
    }

    /// Reads the closing bracket, wherever it is; what stands before it is reported unless the parser
    /// is lost already.
    pub(super) fn close(&mut self, scope: &Scope, what: &str) {
        if !self.lost && self.index() != scope.close {
            let closer = match self.items[scope.open].kind.closer() {
                Some(TokenKind::CloseBracket) => "`]`",
                Some(TokenKind::CloseParenthesis) => "`)`",
                _ => "`}`",
            };
            if self.kind() == TokenKind::End {
                let span = self.items[scope.open].span;
                self.error(span, format!("{what} is not closed by {closer}"));
                self.lost = true;
            } else {
                self.expected(&format!("{closer} after {what}"));
            }
        }
        self.limit = scope.limit;
        self.newlines = scope.newlines;
        self.next = self.next.max(scope.close.min(self.limit));
        if self.is_closed(scope) && self.next == scope.close {
            self.next += 1;
            self.lost = false;
        } else if !self.lost {
            // A closing bracket that layout says to belong to something else.
            let span = self.items[scope.open].span;
            self.error(span, format!("{what} is not closed"));
            self.lost = true;
        }
    }

    /// After an error inside of a bracket, goes to the next of these kinds or to the closing bracket.
    /// Gives up where the bracket is not closed.
    pub(super) fn recover_to(&mut self, scope: &Scope, kinds: &[TokenKind]) -> bool {
        if !self.is_closed(scope) {
            return false;
        }
        while self.next < scope.close {
            let kind = self.items[self.next].kind;
            if kinds.contains(&kind) {
                self.lost = false;
                return true;
            }
            self.next = self.past(self.next);
        }
        false
    }

    /// The index after an item, or after a bracket's content.
    pub(super) fn past(&self, index: usize) -> usize {
        let item = self.items[index];
        match item.kind.closer() {
            Some(_) => item.partner as usize + usize::from(item.closed),
            None => index + 1,
        }
    }

    /// Goes to the next line of a body.
    pub(super) fn skip_line(&mut self, end: usize) {
        self.lost = false;
        let begun = self.next > 0 && self.items[self.next - 1].kind == TokenKind::Newline;
        if begun {
            return;
        }
        while self.next < end {
            let kind = self.items[self.next].kind;
            if kind == TokenKind::Newline {
                return;
            }
            self.next = self.past(self.next);
        }
    }
}
