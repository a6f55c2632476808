//! From tokens to the tree: where the parser is, how it goes on after an error, and bodies.

use std::collections::HashSet;

use super::lexer::{Effort, Start};
use super::pairs::{Item, Items, items};
use super::token::TokenKind;
use super::tree::{
    Attribute, Block, Body, Expression, ExpressionKind, Name, Parsed, Span, SyntaxError, Template,
};

/// How deep brackets, templates and blocks may be in each other.
pub(super) const MAX_NESTING: u32 = 512;
/// How high an expression's tree may be; a chain of operators is as high as it is long.
pub(super) const MAX_HEIGHT: u32 = 2_000;
/// How many errors are kept of one text.
const MAX_ERRORS: usize = 1_000;

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

/// Sorts errors, and keeps the first on each line: the others follow from it.
fn first_of_each_line(text: &str, mut errors: Vec<SyntaxError>) -> Vec<SyntaxError> {
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    let mut line_end = None;
    errors.retain(|error| {
        let start = error.span.start as usize;
        let fresh = line_end.is_none_or(|end| start > end);
        if fresh {
            let length = text.as_bytes()[start..]
                .iter()
                .position(|&byte| byte == b'\n');
            line_end = Some(length.map_or(text.len(), |length| start + length));
        }
        fresh
    });
    errors.truncate(MAX_ERRORS);
    errors
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
    limit: usize,
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

    fn kind_at(&self, index: usize) -> TokenKind {
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
        if self.errors.len() < MAX_ERRORS * 4 {
            self.errors.push(SyntaxError {
                message: message.into(),
                span,
            });
        }
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
            _ => format!("`{}`", self.slice(self.span())),
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

    fn is_closed(&self, scope: &Scope) -> bool {
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
    fn past(&self, index: usize) -> usize {
        let item = self.items[index];
        match item.kind.closer() {
            Some(_) => item.partner as usize + usize::from(item.closed),
            None => index + 1,
        }
    }

    /// Goes to the next line of a body.
    fn skip_line(&mut self, end: usize) {
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

    /// What stands in a file or, after its opening brace, in a block.
    fn body(&mut self, scope: Option<&Scope>) -> Body {
        let mut body = Body::default();
        let end = scope.map_or(self.limit, |scope| scope.close.min(self.limit));
        loop {
            match self.kind() {
                TokenKind::End => break,
                TokenKind::Newline => {
                    self.bump();
                }
                TokenKind::Identifier => self.body_item(&mut body, end),
                TokenKind::CloseBrace if scope.is_some() => break,
                TokenKind::CloseBrace => {
                    self.error_here("`}` closes nothing");
                    self.bump();
                }
                TokenKind::OpenQuote => {
                    self.error_here("the name of an argument or block stands without quotes");
                    self.skip_item(end);
                }
                _ => {
                    let found = self.found();
                    self.error_here(format!("expected an argument or a block, found {found}"));
                    self.skip_item(end);
                }
            }
        }
        self.drop_repeated(&mut body.attributes);
        body
    }

    /// Passes over at least one item.
    fn skip_item(&mut self, end: usize) {
        self.next = self.past(self.next).min(end.max(self.next + 1));
        self.skip_line(end);
    }

    fn body_item(&mut self, body: &mut Body, end: usize) {
        match self.kind_at(self.next + 1) {
            TokenKind::Assign => {
                let attribute = self.attribute();
                body.attributes.push(attribute);
            }
            TokenKind::OpenQuote | TokenKind::OpenBrace | TokenKind::Identifier => {
                if let Some(block) = self.block(end) {
                    body.blocks.push(block);
                }
            }
            _ => {
                let name = self.name();
                let found = self.found();
                let message = format!("expected `=` or `{{` after `{}`, found {found}", name.text);
                self.error(name.span, message);
                return self.skip_line(end);
            }
        }
        if self.lost {
            return self.skip_line(end);
        }
        match self.kind() {
            TokenKind::Newline | TokenKind::End => {}
            _ => {
                let found = self.found();
                self.error_here(format!("expected the end of the line, found {found}"));
                self.skip_line(end);
            }
        }
    }

    /// `name = value`, up to the end of the value.
    fn attribute(&mut self) -> Attribute {
        let name = self.name();
        self.bump();
        let value = self.expression();
        Attribute {
            span: self.since(name.span.start),
            name,
            value,
        }
    }

    fn block(&mut self, end: usize) -> Option<Block> {
        let keyword = self.name();
        let mut labels = Vec::new();
        loop {
            match self.kind() {
                TokenKind::OpenBrace => break,
                TokenKind::OpenQuote => labels.push(self.label()),
                TokenKind::Identifier => labels.push(self.name()),
                _ => {
                    if !self.find_brace(&keyword, end) {
                        return None;
                    }
                    break;
                }
            }
        }
        let start = keyword.span.start;
        let last = labels.last().map_or(keyword.span, |label| label.span);
        let header = Span {
            start,
            end: last.end,
        };
        if !self.descend() {
            self.skip_line(end);
            return None;
        }
        let scope = self.open(Newlines::Significant);
        let opened = self.end();
        let body = match self.kind() {
            TokenKind::Newline | TokenKind::End | TokenKind::CloseBrace => self.body(Some(&scope)),
            _ => self.one_line_body(&scope),
        };
        self.close(&scope, "the block");
        self.ascend();
        let closed = if self.is_closed(&scope) {
            self.items[scope.close].span.start
        } else {
            self.end()
        };
        let body = Body {
            span: Span {
                start: opened,
                end: closed.max(opened),
            },
            ..body
        };
        Some(Block {
            keyword,
            labels,
            body,
            header,
            span: self.since(start),
        })
    }

    /// After an error in a block's header, looks for its brace.
    fn find_brace(&mut self, keyword: &Name, end: usize) -> bool {
        if self.kind() == TokenKind::Newline {
            let message = format!(
                "the `{{` of block `{}` is not on the line of its header",
                keyword.text
            );
            self.error_here(message);
            if self.kind_at(self.next + 1) == TokenKind::OpenBrace {
                self.bump();
                return true;
            }
            return false;
        }
        let found = self.found();
        let message = format!(
            "expected a label or `{{` after `{}`, found {found}",
            keyword.text
        );
        self.error_here(message);
        while self.next < end {
            let kind = self.items[self.next].kind;
            match kind {
                TokenKind::OpenBrace => return true,
                TokenKind::Newline => return false,
                _ => self.next = self.past(self.next),
            }
        }
        false
    }

    /// The one argument of `block { name = value }`.
    fn one_line_body(&mut self, scope: &Scope) -> Body {
        let mut body = Body::default();
        let argument = self.kind() == TokenKind::Identifier
            && self.kind_at(self.next + 1) == TokenKind::Assign;
        if argument {
            let attribute = self.attribute();
            body.attributes.push(attribute);
            if self.lost || self.kind() == TokenKind::CloseBrace {
                return body;
            }
        }
        self.error_here("a block on one line holds one argument and nothing else");
        if argument {
            self.eat(TokenKind::Comma);
        }
        let rest = self.body(Some(scope));
        body.attributes.extend(rest.attributes);
        body.blocks.extend(rest.blocks);
        self.drop_repeated(&mut body.attributes);
        body
    }

    /// Reports arguments that are set twice; the first one counts.
    fn drop_repeated(&mut self, attributes: &mut Vec<Attribute>) {
        let text = self.text;
        let mut seen = HashSet::with_capacity(attributes.len());
        attributes.retain(|attribute| {
            let span = attribute.name.span;
            let fresh = seen.insert(&text[span.start as usize..span.end as usize]);
            if !fresh {
                let message = format!("argument `{}` is set twice", attribute.name.text);
                self.error(span, message);
            }
            fresh
        });
    }
}
