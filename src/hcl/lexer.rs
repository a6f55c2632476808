//! From a text to tokens.
//!
//! The tokens tile the text whatever it is. A template that is not closed ends with
//! [`TokenKind::Missing`], so that templates are always balanced.

use std::collections::HashMap;

use super::scan::{identifier_length, is_argument, is_block_header, line_length, number_length};
use super::token::{Token, TokenKind};
use super::tree::Span;

/// Splits a file into tokens; together they are the whole text, and the last one is
/// [`TokenKind::End`].
#[must_use]
pub fn lex(text: &str) -> Vec<Token> {
    tokens(text, Start::Configuration, Effort::Exact)
}

/// What a text is a text of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// A file or an expression.
    Configuration,
    /// One template.
    Template,
}

/// How to take what can be read in two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// As the language has it.
    Exact,
    /// In a text that is known to be broken: layout tells what a missing mark does not.
    Recovering,
}

pub(super) fn tokens(text: &str, start: Start, effort: Effort) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        // A token stands for about five bytes of what people write.
        tokens: Vec::with_capacity(text.len() / 4 + 16),
        modes: Vec::new(),
        heredocs: Vec::new(),
        effort,
        no_comment_end_after: usize::MAX,
        marker_lines: None,
    };
    lexer.run(start);
    lexer.tokens
}

/// What the lexer is inside of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    Quoted,
    Heredoc {
        /// Where the marker stands in the text.
        marker: Span,
        at_line_start: bool,
        /// Whether it is known that no line closes it.
        unclosed: bool,
    },
    Bare,
    /// `${ … }` or `%{ … }`, with the number of braces open in it.
    Sequence {
        braces: u32,
    },
}

pub(super) struct Lexer<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    tokens: Vec<Token>,
    pub(super) modes: Vec<Mode>,
    /// Which of the modes are heredocs.
    pub(super) heredocs: Vec<usize>,
    pub(super) effort: Effort,
    /// From where on there is no `*/`, once that is known: it keeps many `/*` from being searched
    /// to the end each.
    no_comment_end_after: usize,
    /// The last line on which each word stands alone: where a heredoc with that marker can end.
    pub(super) marker_lines: Option<HashMap<&'t str, usize>>,
}

impl Lexer<'_> {
    fn run(&mut self, start: Start) {
        if self.text.starts_with('\u{feff}') {
            self.token(TokenKind::ByteOrderMark, 3);
        }
        if start == Start::Template {
            self.modes.push(Mode::Bare);
        }
        while self.at < self.bytes.len() {
            match self.modes.last().copied() {
                None | Some(Mode::Sequence { .. }) => self.configuration(),
                Some(Mode::Quoted) => self.quoted(),
                Some(Mode::Heredoc {
                    marker,
                    at_line_start,
                    unclosed,
                }) => {
                    self.heredoc(marker, at_line_start, unclosed);
                }
                Some(Mode::Bare) => self.template_line(),
            }
        }
        while let Some(mode) = self.modes.pop() {
            if !matches!(mode, Mode::Bare) {
                self.token(TokenKind::Missing, 0);
            }
        }
        self.token(TokenKind::End, 0);
    }

    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn token(&mut self, kind: TokenKind, length: usize) {
        self.token_to(kind, self.at + length);
    }

    pub(super) fn token_to(&mut self, kind: TokenKind, end: usize) {
        let span = span(self.at, end);
        self.tokens.push(Token { kind, span });
        self.at = end;
    }

    /// Emits literal characters, if there are any.
    pub(super) fn text_to(&mut self, end: usize) {
        if end > self.at {
            self.token_to(TokenKind::Text, end);
        }
    }

    pub(super) fn invalid(&mut self, length: usize) {
        let end = self.at + length;
        match self.tokens.last_mut() {
            Some(last) if last.kind == TokenKind::Invalid && last.span.end as usize == self.at => {
                last.span = span(last.span.start as usize, end);
                self.at = end;
            }
            _ => self.token_to(TokenKind::Invalid, end),
        }
    }

    /// One token outside of literal text.
    fn configuration(&mut self) {
        use TokenKind as T;
        let byte = self.peek(0);
        let (kind, length) = match byte {
            b' ' | b'\t' => {
                let rest = &self.bytes[self.at..];
                let length = rest
                    .iter()
                    .take_while(|b| matches!(b, b' ' | b'\t'))
                    .count();
                (T::Space, length)
            }
            b'\n' => return self.newline(1),
            b'\r' if self.peek(1) == b'\n' => return self.newline(2),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => return self.identifier(),
            b'0'..=b'9' => (T::Number, number_length(&self.bytes[self.at..])),
            b'"' => {
                self.modes.push(Mode::Quoted);
                (T::OpenQuote, 1)
            }
            b'#' => return self.line_comment(),
            b'/' => match self.peek(1) {
                b'/' => return self.line_comment(),
                b'*' => return self.block_comment(),
                _ => (T::Slash, 1),
            },
            b'{' => {
                if let Some(Mode::Sequence { braces }) = self.modes.last_mut() {
                    *braces += 1;
                }
                (T::OpenBrace, 1)
            }
            b'}' => (self.closing_brace(), 1),
            b'~' if self.peek(1) == b'}' && self.in_sequence_alone() => {
                self.modes.pop();
                (T::CloseSequence, 2)
            }
            b'[' => (T::OpenBracket, 1),
            b']' => (T::CloseBracket, 1),
            b'(' => (T::OpenParenthesis, 1),
            b')' => (T::CloseParenthesis, 1),
            b'.' if self.peek(1) == b'.' && self.peek(2) == b'.' => (T::Ellipsis, 3),
            b'.' => (T::Dot, 1),
            b',' => (T::Comma, 1),
            b':' if self.peek(1) == b':' => (T::DoubleColon, 2),
            b':' => (T::Colon, 1),
            b'=' => match self.peek(1) {
                b'=' => (T::Equal, 2),
                b'>' => (T::Arrow, 2),
                _ => (T::Assign, 1),
            },
            b'!' if self.peek(1) == b'=' => (T::NotEqual, 2),
            b'!' => (T::Bang, 1),
            b'<' => match self.peek(1) {
                b'=' => (T::LessOrEqual, 2),
                b'<' => match self.heredoc_introducer() {
                    Some(end) => return self.token_to(T::OpenHeredoc, end),
                    None => (T::Less, 1),
                },
                _ => (T::Less, 1),
            },
            b'>' if self.peek(1) == b'=' => (T::GreaterOrEqual, 2),
            b'>' => (T::Greater, 1),
            b'&' if self.peek(1) == b'&' => (T::And, 2),
            b'|' if self.peek(1) == b'|' => (T::Or, 2),
            b'?' => (T::Question, 1),
            b'*' => (T::Star, 1),
            b'%' => (T::Percent, 1),
            b'+' => (T::Plus, 1),
            b'-' => (T::Minus, 1),
            b'\'' => return self.single_quotes(),
            0..=127 => return self.invalid(1),
            _ => return self.beyond_ascii(),
        };
        self.token(kind, length);
    }

    fn closing_brace(&mut self) -> TokenKind {
        match self.modes.last_mut() {
            Some(Mode::Sequence { braces: 0 }) => {
                self.modes.pop();
                TokenKind::CloseSequence
            }
            Some(Mode::Sequence { braces }) => {
                *braces -= 1;
                TokenKind::CloseBrace
            }
            _ => TokenKind::CloseBrace,
        }
    }

    fn in_sequence_alone(&self) -> bool {
        matches!(self.modes.last(), Some(Mode::Sequence { braces: 0 }))
    }

    fn newline(&mut self, length: usize) {
        self.token(TokenKind::Newline, length);
        if self.effort == Effort::Recovering && !self.modes.is_empty() {
            self.recover_at_line_start();
        }
    }

    /// Ends sequences that reach a line which cannot be theirs.
    fn recover_at_line_start(&mut self) {
        let line = &self.bytes[self.at..];
        if is_block_header(line) {
            return self.unwind_to(self.outermost());
        }
        let heredoc = self.heredocs.last().copied();
        if self.in_sequence_alone() && is_argument(line) {
            self.unwind_to(heredoc.map_or(self.outermost(), |heredoc| heredoc + 1));
            return self.set_at_line_start(true);
        }
        if let Some(heredoc) = heredoc
            && let Mode::Heredoc { marker, .. } = self.modes[heredoc]
            && self.closing_line(marker).is_some()
        {
            self.unwind_to(heredoc + 1);
            self.set_at_line_start(true);
        }
    }

    /// How many modes are there always.
    pub(super) fn outermost(&self) -> usize {
        usize::from(matches!(self.modes.first(), Some(Mode::Bare)))
    }

    pub(super) fn set_at_line_start(&mut self, value: bool) {
        if let Some(Mode::Heredoc { at_line_start, .. }) = self.modes.last_mut() {
            *at_line_start = value;
        }
    }

    /// Ends what is open beyond so many modes, each with a missing mark.
    pub(super) fn unwind_to(&mut self, count: usize) {
        while self.modes.len() > count {
            if let Some(Mode::Heredoc { .. }) = self.modes.pop() {
                self.heredocs.pop();
            }
            self.token(TokenKind::Missing, 0);
        }
    }

    fn identifier(&mut self) {
        let length = identifier_length(&self.text[self.at..]);
        self.token(TokenKind::Identifier, length);
    }

    fn beyond_ascii(&mut self) {
        let rest = &self.text[self.at..];
        match identifier_length(rest) {
            0 => self.invalid(rest.chars().next().map_or(1, char::len_utf8)),
            length => self.token(TokenKind::Identifier, length),
        }
    }

    /// Takes `'…'` whole: what is in it is not meant as tokens.
    fn single_quotes(&mut self) {
        let rest = &self.bytes[self.at + 1..];
        let length = match rest.iter().position(|b| matches!(b, b'\'' | b'\n')) {
            Some(end) if rest[end] == b'\'' => end + 2,
            _ => 1,
        };
        self.invalid(length);
    }

    fn line_comment(&mut self) {
        let mut length = line_length(&self.bytes[self.at..]);
        if self.peek(length) == b'\n' && self.peek(length - 1) == b'\r' {
            length -= 1;
        }
        self.token(TokenKind::Comment, length);
    }

    fn block_comment(&mut self) {
        if self.at < self.no_comment_end_after {
            match self.text[self.at + 2..].find("*/") {
                Some(length) => return self.token(TokenKind::Comment, length + 4),
                None => self.no_comment_end_after = self.at,
            }
        }
        // Not closed: only its line is lost.
        let length = line_length(&self.bytes[self.at..]);
        self.token(TokenKind::Invalid, length);
    }
}

pub(super) fn span(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        start: offset(start),
        end: offset(end),
    }
}
