//! From a text to tokens.
//!
//! The tokens tile the text whatever it is. A template that is not closed ends with
//! [`TokenKind::Missing`], so that templates are always balanced.

use std::collections::HashMap;

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
enum Mode {
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

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    tokens: Vec<Token>,
    modes: Vec<Mode>,
    /// Which of the modes are heredocs.
    heredocs: Vec<usize>,
    effort: Effort,
    /// From where on there is no `*/`, once that is known: it keeps many `/*` from being searched
    /// to the end each.
    no_comment_end_after: usize,
    /// The last line on which each word stands alone: where a heredoc with that marker can end.
    marker_lines: Option<HashMap<&'t str, usize>>,
}

impl<'t> Lexer<'t> {
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

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn token(&mut self, kind: TokenKind, length: usize) {
        self.token_to(kind, self.at + length);
    }

    fn token_to(&mut self, kind: TokenKind, end: usize) {
        let span = span(self.at, end);
        self.tokens.push(Token { kind, span });
        self.at = end;
    }

    /// Emits literal characters, if there are any.
    fn text_to(&mut self, end: usize) {
        if end > self.at {
            self.token_to(TokenKind::Text, end);
        }
    }

    fn invalid(&mut self, length: usize) {
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
    fn outermost(&self) -> usize {
        usize::from(matches!(self.modes.first(), Some(Mode::Bare)))
    }

    fn set_at_line_start(&mut self, value: bool) {
        if let Some(Mode::Heredoc { at_line_start, .. }) = self.modes.last_mut() {
            *at_line_start = value;
        }
    }

    /// Ends what is open beyond so many modes, each with a missing mark.
    fn unwind_to(&mut self, count: usize) {
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

    /// Enters a heredoc if one begins here, and gives the end of its first line.
    fn heredoc_introducer(&mut self) -> Option<usize> {
        let start = self.at + 2 + usize::from(self.peek(2) == b'-');
        let length = identifier_length(self.text.get(start..)?);
        let end = start + length;
        let line_end = match self.bytes.get(end..)? {
            [b'\n', ..] => end + 1,
            [b'\r', b'\n', ..] => end + 2,
            _ => return None,
        };
        if length == 0 {
            return None;
        }
        let unclosed = self.effort == Effort::Recovering
            && self
                .last_line_of(&self.text[start..end])
                .is_none_or(|line| line < line_end);
        self.heredocs.push(self.modes.len());
        self.modes.push(Mode::Heredoc {
            marker: span(start, end),
            at_line_start: true,
            unclosed,
        });
        Some(line_end)
    }

    fn last_line_of(&mut self, word: &str) -> Option<usize> {
        let text = self.text;
        let lines = self.marker_lines.get_or_insert_with(|| {
            let mut at = 0;
            let mut lines = HashMap::new();
            for line in text.split_inclusive('\n') {
                let word = line.trim();
                if line.ends_with('\n') && !word.is_empty() && !word.contains([' ', '=', '"']) {
                    lines.insert(word, at);
                }
                at += line.len();
            }
            lines
        });
        lines.get(word).copied()
    }

    /// The end of the marker if the line that begins here closes a heredoc.
    fn closing_line(&self, marker: Span) -> Option<usize> {
        let rest = &self.bytes[self.at..];
        let length = line_length(rest);
        if length == rest.len() {
            return None; // The marker must have a line break after it.
        }
        let length = length - usize::from(length > 0 && rest[length - 1] == b'\r');
        let line = &self.text[self.at..self.at + length];
        let marker = &self.text[marker.start as usize..marker.end as usize];
        (line.len() >= marker.len() && line.trim() == marker && !line.contains('\r'))
            .then_some(self.at + length)
    }

    fn heredoc(&mut self, marker: Span, at_line_start: bool, unclosed: bool) {
        if at_line_start {
            if let Some(end) = self.closing_line(marker) {
                self.modes.pop();
                self.heredocs.pop();
                return self.token_to(TokenKind::CloseHeredoc, end);
            }
            if unclosed && self.recover_heredoc(marker) {
                return;
            }
        }
        self.set_at_line_start(false);
        self.template_line();
    }

    /// Ends a heredoc that no line closes at a block's header, or after a marker that something
    /// follows, as in `EOT)`.
    fn recover_heredoc(&mut self, marker: Span) -> bool {
        let line = &self.text[self.at..];
        if is_block_header(line.as_bytes()) {
            self.unwind_to(self.outermost());
            return true;
        }
        let marker = &self.text[marker.start as usize..marker.end as usize];
        let content = line.trim_start_matches([' ', '\t']);
        if identifier_length(content) != marker.len() || !content.starts_with(marker) {
            return false;
        }
        self.text_to(self.at + line.len() - content.len() + marker.len());
        self.unwind_to(self.modes.len() - 1);
        true
    }

    /// Literal text up to the end of the line or to the next sequence, and that.
    fn template_line(&mut self) {
        let mut end = self.at;
        while let Some(&byte) = self.bytes.get(end) {
            match byte {
                b'\n' => {
                    self.text_to(end + 1);
                    return self.set_at_line_start(true);
                }
                b'\r' if self.bytes.get(end + 1) != Some(&b'\n') => {
                    self.text_to(end);
                    return self.stray_return();
                }
                b'$' | b'%' if self.sequence(end) => return,
                _ => end += 1,
            }
        }
        self.text_to(end);
    }

    /// A carriage return without a line feed. In a file it is not allowed in a heredoc; in a template
    /// file, Terraform takes all that follows as literal text.
    fn stray_return(&mut self) {
        if self.modes.len() == 1 && matches!(self.modes[0], Mode::Bare) {
            self.text_to(self.bytes.len());
        } else {
            self.invalid(1);
        }
    }

    /// Literal text of a quoted template, and what ends it.
    fn quoted(&mut self) {
        let mut end = self.at;
        while let Some(&byte) = self.bytes.get(end) {
            match byte {
                b'"' => {
                    self.text_to(end);
                    self.modes.pop();
                    return self.token(TokenKind::CloseQuote, 1);
                }
                b'\\' => {
                    self.text_to(end);
                    return self.escape();
                }
                b'\n' | b'\r' => {
                    self.text_to(end);
                    return self.unclosed_quote();
                }
                b'$' | b'%' if self.sequence(end) => return,
                _ => end += 1,
            }
        }
        self.text_to(end);
    }

    /// A quoted text cannot go past its line: it and the sequences that it is in end here.
    fn unclosed_quote(&mut self) {
        let heredoc = self.heredocs.last().map(|heredoc| heredoc + 1);
        self.unwind_to(heredoc.unwrap_or_else(|| self.outermost()));
    }

    fn escape(&mut self) {
        let digits = |limit: usize| {
            let rest = &self.bytes[self.at + 2..];
            2 + rest
                .iter()
                .take(limit)
                .take_while(|b| b.is_ascii_hexdigit())
                .count()
        };
        match self.peek(1) {
            b'u' => self.token(TokenKind::Escape, digits(4)),
            b'U' => self.token(TokenKind::Escape, digits(8)),
            b'\n' | b'\r' => self.invalid(1),
            _ => {
                let selector = self.text[self.at + 1..]
                    .chars()
                    .next()
                    .map_or(0, char::len_utf8);
                self.token(TokenKind::Escape, 1 + selector);
            }
        }
    }

    /// Emits the literal text up to a `$` or `%` and the sequence or escape that begins there, if one
    /// does.
    fn sequence(&mut self, at: usize) -> bool {
        let mark = self.bytes[at];
        match &self.bytes[at + 1..] {
            [b'{', rest @ ..] => {
                self.text_to(at);
                let kind = match mark {
                    b'$' => TokenKind::OpenInterpolation,
                    _ => TokenKind::OpenDirective,
                };
                self.token(kind, if rest.first() == Some(&b'~') { 3 } else { 2 });
                self.modes.push(Mode::Sequence { braces: 0 });
                true
            }
            [second, b'{', ..] if *second == mark => {
                self.text_to(at);
                self.token(TokenKind::Escape, 3);
                true
            }
            _ => false,
        }
    }
}

fn span(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        start: offset(start),
        end: offset(end),
    }
}

/// The number of bytes up to the line feed.
fn line_length(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|&b| b == b'\n')
        .unwrap_or(bytes.len())
}

/// The length of the name that a text begins with.
fn identifier_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes
        .first()
        .is_none_or(|b| b.is_ascii_digit() || *b == b'-')
    {
        return 0;
    }
    let mut length = 0;
    while let Some(&byte) = bytes.get(length) {
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
            length += 1;
        } else if byte >= 0x80
            && let Some(char) = text[length..].chars().next()
            && (if length == 0 {
                unicode_ident::is_xid_start(char)
            } else {
                unicode_ident::is_xid_continue(char)
            })
        {
            length += char.len_utf8();
        } else {
            break;
        }
    }
    length
}

/// The length of a number. It may have any number of points and exponents in it, as Terraform's
/// scanner has it (which of them are numbers the parser says), but not a point at its end.
fn number_length(bytes: &[u8]) -> usize {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut length = 1;
    let mut at = 1;
    loop {
        match bytes.get(at) {
            Some(b'0'..=b'9') => at += 1,
            Some(b'.') => {
                at += 1;
                continue;
            }
            Some(b'e' | b'E') if digit(at + 1) => at += 2,
            Some(b'e' | b'E')
                if matches!(bytes.get(at + 1), Some(b'+' | b'-')) && digit(at + 2) =>
            {
                at += 3;
            }
            _ => return length,
        }
        length = at;
    }
}

/// Whether a line begins with `name =`, as no expression outside of braces can.
fn is_argument(line: &[u8]) -> bool {
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let skip = |from: &[u8], skipped: &dyn Fn(&u8) -> bool| {
        from.iter().take_while(|byte| skipped(byte)).count()
    };
    let is_space = |b: &u8| matches!(b, b' ' | b'\t');
    let name = skip(line, &is_space);
    let name_end = name + skip(&line[name..], &is_name);
    let mark = name_end + skip(&line[name_end..], &is_space);
    let next = line.get(mark + 1);
    name < name_end && line.get(mark) == Some(&b'=') && !matches!(next, Some(b'=' | b'>'))
}

/// Whether a line begins with the header of a block, as no expression can: `resource "a" "b" {`.
fn is_block_header(line: &[u8]) -> bool {
    let name = |at: usize| {
        let rest = line.get(at..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        at + length.count()
    };
    let mut at = name(0);
    if at == 0 || !line[0].is_ascii_alphabetic() || matches!(&line[..at], b"for" | b"in" | b"if") {
        return false;
    }
    loop {
        match line.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'{') => return true,
            Some(b'"') => {
                let rest = &line[at + 1..];
                match rest
                    .iter()
                    .position(|b| matches!(b, b'"' | b'\\' | b'$' | b'%' | b'\n'))
                {
                    Some(end) if rest[end] == b'"' => at += end + 2,
                    _ => return false,
                }
            }
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => at = name(at),
            _ => return false,
        }
    }
}
