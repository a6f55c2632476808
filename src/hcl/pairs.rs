//! Which bracket belongs to which, so that the parser can pass over what it cannot read.

use super::errors::{quoted, report};
use super::lexer::{Effort, Start, tokens};
use super::token::TokenKind;
use super::tree::{Span, SyntaxError};

/// A token that the grammar sees: no space, no comment, and of line breaks in a row only the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
    /// For an opening bracket, the index of the item that ends its content: its closing bracket, or
    /// whatever cannot be in it any more.
    pub(super) partner: u32,
    /// Whether that is its closing bracket, or the place where a template's closing mark is missing.
    pub(super) closed: bool,
}

/// What the parser works on.
#[derive(Debug)]
pub(super) struct Items {
    pub(super) items: Vec<Item>,
    pub(super) comments: Vec<Span>,
    pub(super) errors: Vec<SyntaxError>,
}

/// Reads the tokens of a text and pairs their brackets.
pub(super) fn items(text: &str, start: Start, effort: Effort) -> Items {
    let tokens = tokens(text, start, effort);
    let mut pairing = Pairing {
        text,
        effort,
        result: Items {
            items: Vec::with_capacity(tokens.len() / 2 + 1),
            comments: Vec::new(),
            errors: Vec::new(),
        },
        open: Vec::new(),
        counts: Vec::new(),
        count: [0; 3],
        line: Line::default(),
    };
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token.kind {
            TokenKind::ByteOrderMark | TokenKind::Space => continue,
            TokenKind::Comment => pairing.result.comments.push(token.span),
            TokenKind::Invalid => pairing.invalid(token.span),
            TokenKind::Newline => pairing.newline(token.span),
            TokenKind::Missing => {
                let alone = tokens
                    .peek()
                    .is_none_or(|next| next.kind != TokenKind::Missing);
                pairing.missing(token.span, alone);
            }
            kind => pairing.item(kind, token.span),
        }
    }
    pairing.finish()
}

/// An opening bracket that is not closed yet.
#[derive(Clone, Copy, Debug)]
struct Open {
    index: usize,
    /// How far the line on which it stands is indented.
    indent: u32,
    /// Whether the first line in it is indented further, once there is one.
    indents: Option<bool>,
}

/// The line that is being read.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    start: u32,
    /// Set by the first item on it.
    indent: Option<u32>,
}

struct Pairing<'t> {
    text: &'t str,
    effort: Effort,
    result: Items,
    open: Vec<Open>,
    /// How many braces, brackets and parentheses are open in the innermost template sequence…
    count: [u32; 3],
    /// …and in those around it.
    counts: Vec<[u32; 3]>,
    line: Line,
}

impl Pairing<'_> {
    fn push(&mut self, kind: TokenKind, span: Span) -> usize {
        let index = self.result.items.len();
        self.result.items.push(Item {
            kind,
            span,
            partner: 0,
            closed: false,
        });
        index
    }

    fn error(&mut self, span: Span, message: String) {
        report(&mut self.result.errors, span, message);
    }

    fn invalid(&mut self, span: Span) {
        let text = &self.text[span.start as usize..span.end as usize];
        let message = match text.chars().next() {
            Some('\'') => "texts stand in double quotes, not in single quotes".to_owned(),
            Some('/') => "the comment is not closed by `*/`".to_owned(),
            Some('`') => "a backtick is not part of the language".to_owned(),
            Some('\r') => "a carriage return stands without a line feed".to_owned(),
            Some('&' | '|' | '^' | '~') => "there are no bitwise operators".to_owned(),
            Some(';') => "a line break, not `;`, ends an argument".to_owned(),
            Some(char) => {
                format!("`{}` is not part of the language", char.escape_default())
            }
            None => return,
        };
        self.error(span, message);
    }

    fn newline(&mut self, span: Span) {
        if self
            .result
            .items
            .last()
            .is_none_or(|last| last.kind != TokenKind::Newline)
        {
            self.push(TokenKind::Newline, span);
        }
        self.line = Line {
            start: span.end,
            indent: None,
        };
    }

    fn item(&mut self, kind: TokenKind, span: Span) {
        let index = self.push(kind, span);
        if self.line.indent.is_none() {
            let indent = span.start - self.line.start;
            self.line.indent = Some(indent);
            if self.effort == Effort::Recovering {
                self.close_by_layout(kind, indent, index);
            }
        }
        use TokenKind as T;
        match kind {
            T::Assign if self.effort == Effort::Recovering => self.close_by_argument(index),
            T::OpenBrace | T::OpenBracket | T::OpenParenthesis => {
                self.count[plain(kind)] += 1;
                self.opened(index);
            }
            T::CloseBrace | T::CloseBracket | T::CloseParenthesis
                if self.count[plain(kind)] > 0 =>
            {
                self.close(|opener| opener.closer() == Some(kind), index);
            }
            T::OpenQuote | T::OpenHeredoc | T::OpenInterpolation | T::OpenDirective => {
                self.counts.push(std::mem::take(&mut self.count));
                self.opened(index);
            }
            T::CloseQuote | T::CloseHeredoc | T::CloseSequence => {
                self.close_template(index);
            }
            _ => {}
        }
    }

    fn opened(&mut self, index: usize) {
        let indent = self.line.indent.unwrap_or(0);
        self.open.push(Open {
            index,
            indent,
            indents: None,
        });
    }

    /// Ends the innermost bracket, and gives where and what it is.
    fn pop(&mut self, index: usize) -> Option<(usize, TokenKind)> {
        let open = self.open.pop()?;
        let item = &mut self.result.items[open.index];
        item.partner = u32::try_from(index).unwrap_or(u32::MAX);
        let kind = item.kind;
        if kind.is_plain_opener() {
            self.count[plain(kind)] -= 1;
        } else {
            self.count = self.counts.pop().unwrap_or_default();
        }
        Some((open.index, kind))
    }

    /// Ends brackets up to the one that this closes, and gives where that is.
    fn close(&mut self, closes: impl Fn(TokenKind) -> bool, index: usize) -> Option<usize> {
        loop {
            let (open, kind) = self.pop(index)?;
            if closes(kind) {
                self.result.items[open].closed = true;
                return Some(open);
            }
        }
    }

    /// Ends brackets up to the innermost template or sequence, and gives where that begins.
    fn close_template(&mut self, index: usize) -> Option<usize> {
        self.close(|opener| !opener.is_plain_opener(), index)
    }

    /// Ends a template that is not closed.
    fn missing(&mut self, span: Span, last: bool) {
        let first = self
            .result
            .items
            .last()
            .is_none_or(|i| i.kind != TokenKind::Missing);
        let index = self.push(TokenKind::Missing, span);
        if let Some(open) = self.close_template(index) {
            self.report_unclosed(self.result.items[open], first && last);
        }
        let before = &self.text[..span.start as usize];
        if last && before.ends_with('\n') {
            // What follows begins a line, of which the break was taken for a part of the template.
            self.newline(span);
        }
    }

    /// Reports a template that is not closed; of several that end at a place, the sequences alone, since
    /// they are what keeps the quotes around them from being seen.
    fn report_unclosed(&mut self, open: Item, alone: bool) {
        let Item { kind, span, .. } = open;
        let message = match kind {
            TokenKind::OpenInterpolation => "the interpolation is not closed by `}`".to_owned(),
            TokenKind::OpenDirective => "the directive is not closed by `}`".to_owned(),
            _ if !alone => return,
            TokenKind::OpenHeredoc => {
                let marker = self.text[span.start as usize..span.end as usize].trim();
                let marker = marker.trim_start_matches(['<', '-']);
                format!(
                    "the heredoc is not closed by a line that is {}",
                    quoted(marker)
                )
            }
            _ => "the quoted text is not closed on its line".to_owned(),
        };
        self.error(span, message);
    }

    /// Ends brackets that are still open where a line begins that is indented no further than theirs,
    /// if their first line was.
    fn close_by_layout(&mut self, kind: TokenKind, indent: u32, index: usize) {
        while let Some(open) = self.open.last_mut() {
            let opener = self.result.items[open.index].kind;
            let closes = opener.closer() == Some(kind) && open.indent == indent;
            let indents = *open.indents.get_or_insert(open.indent < indent);
            if !opener.is_plain_opener() || closes || !indents || open.indent < indent {
                return;
            }
            self.pop(index);
        }
    }

    /// Ends parentheses and square brackets that are still open where `name =` begins a line.
    fn close_by_argument(&mut self, assign: usize) {
        let before = |back: usize| {
            assign
                .checked_sub(back)
                .map(|at| self.result.items[at].kind)
        };
        if before(1) != Some(TokenKind::Identifier) || before(2) != Some(TokenKind::Newline) {
            return;
        }
        while let Some(open) = self.open.last() {
            match self.result.items[open.index].kind {
                TokenKind::OpenParenthesis | TokenKind::OpenBracket => self.pop(assign - 1),
                _ => return,
            };
        }
    }

    fn finish(mut self) -> Items {
        let end = self.result.items.len().saturating_sub(1);
        while self.pop(end).is_some() {}
        self.result
    }
}

/// The place of a bracket's kind in the counts.
fn plain(kind: TokenKind) -> usize {
    match kind {
        TokenKind::OpenBrace | TokenKind::CloseBrace => 0,
        TokenKind::OpenBracket | TokenKind::CloseBracket => 1,
        _ => 2,
    }
}
