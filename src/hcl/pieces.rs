//! The pieces that templates consist of.

use super::parser::{Newlines, Parser};
use super::token::TokenKind;
use super::tree::{Expression, For, Span};

/// A piece of a template, before directives are matched with their ends.
#[derive(Debug)]
pub(super) enum Piece {
    /// Characters that stand for themselves.
    Text(Span),
    /// One escape sequence and what it stands for.
    Escape(Box<str>, Span),
    Interpolation(Expression, Span),
    If(Expression, Span),
    /// The names and the collection of a `for` directive.
    For(Box<For>, Span),
    Else(Span),
    EndIf(Span),
    EndFor(Span),
}

impl Parser<'_> {
    /// Reads the pieces of a template, strip marks applied, and the height of the highest expression.
    /// `by_line` says that a piece of text is of one line, and that a strip mark takes of no more.
    pub(super) fn pieces(&mut self, close: usize, by_line: bool) -> (Vec<Piece>, u32) {
        let mut pieces = Vec::new();
        let mut height = 0;
        let mut strip_next = false;
        while self.next < close {
            let item = self.items[self.next];
            let strip = std::mem::take(&mut strip_next);
            match item.kind {
                TokenKind::Text => {
                    self.next += 1;
                    let mut span = item.span;
                    if strip {
                        let kept = self.slice(span).trim_start().len();
                        span.start = span.end - kept as u32;
                        strip_next = kept == 0 && !by_line;
                    }
                    pieces.push(Piece::Text(span));
                }
                TokenKind::Escape => {
                    self.next += 1;
                    let mut text = self.unescape(item.span);
                    if strip && text.trim_start().is_empty() {
                        text = Box::default();
                        strip_next = true;
                    }
                    pieces.push(Piece::Escape(text, item.span));
                }
                TokenKind::OpenInterpolation | TokenKind::OpenDirective => {
                    if self.slice(item.span).ends_with('~') {
                        self.strip_end(&mut pieces, by_line);
                    }
                    self.height = 0;
                    pieces.extend(self.sequence());
                    height = height.max(self.height);
                    let end = self.items[self.next - 1].span;
                    strip_next = self.slice(end).starts_with('~');
                }
                // Nothing else is in a template.
                _ => self.next += 1,
            }
        }
        (pieces, height)
    }

    /// Takes the blank space off the end of the literal text before a strip mark.
    ///
    /// Terraform splits a line of a heredoc that ends with `$` or `%` and one blank character after it,
    /// and then takes the line break alone. That is an accident of its scanner, and not imitated.
    fn strip_end(&self, pieces: &mut [Piece], by_line: bool) {
        for piece in pieces.iter_mut().rev() {
            let emptied = match piece {
                Piece::Text(span) => {
                    let kept = self.slice(*span).trim_end().len();
                    span.end = span.start + kept as u32;
                    kept == 0
                }
                Piece::Escape(text, _) => {
                    let blank = text.trim_end().is_empty();
                    if blank {
                        *text = Box::default();
                    }
                    blank
                }
                _ => return,
            };
            if !emptied || by_line {
                return;
            }
        }
    }

    /// `${ … }` or `%{ … }`.
    fn sequence(&mut self) -> Option<Piece> {
        let start = self.span().start;
        if self.kind() == TokenKind::OpenInterpolation {
            let scope = self.open(Newlines::Ignored);
            let value = self.expression();
            self.close(&scope, "the interpolation");
            return Some(Piece::Interpolation(value, self.since(start)));
        }
        let scope = self.open(Newlines::Ignored);
        let piece = self.directive();
        self.close(&scope, "the directive");
        let span = self.since(start);
        Some(match piece? {
            Piece::If(condition, _) => Piece::If(condition, span),
            Piece::For(introduction, _) => Piece::For(introduction, span),
            Piece::Else(_) => Piece::Else(span),
            Piece::EndIf(_) => Piece::EndIf(span),
            _ => Piece::EndFor(span),
        })
    }

    fn directive(&mut self) -> Option<Piece> {
        let span = self.span();
        let word = match self.kind() {
            TokenKind::Identifier => self.slice(span),
            _ => "",
        };
        if word == "for" {
            return Some(Piece::For(self.for_introduction("directive")?, span));
        }
        let piece = match word {
            "if" => {
                self.bump();
                return Some(Piece::If(self.expression(), span));
            }
            "else" => Piece::Else(span),
            "endif" => Piece::EndIf(span),
            "endfor" => Piece::EndFor(span),
            _ => {
                self.expected("`if`, `else`, `endif`, `for` or `endfor` in a directive");
                return None;
            }
        };
        self.bump();
        Some(piece)
    }

    /// Takes the indentation that all lines of a `<<-` heredoc share off each. Lines of blank space
    /// alone neither count nor lose theirs; a line that begins with a sequence has none.
    pub(super) fn strip_indentation(&self, pieces: &mut [Piece]) {
        let mut shared = usize::MAX;
        let mut at_line_start = true;
        let mut lines = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            let text = match piece {
                Piece::Text(span) => self.slice(*span),
                _ => "",
            };
            if std::mem::take(&mut at_line_start) {
                let content = text.trim_start();
                if !content.is_empty() || !text.ends_with('\n') {
                    let blank = &text[..text.len() - content.len()];
                    shared = shared.min(blank.chars().count());
                    lines.push(index);
                }
            }
            at_line_start = text.ends_with('\n');
        }
        for index in lines {
            if let Piece::Text(span) = &mut pieces[index] {
                let text = self.slice(*span);
                let stripped = text
                    .char_indices()
                    .nth(shared)
                    .map_or(text.len(), |(at, _)| at);
                span.start += stripped as u32;
            }
        }
    }

    /// What an escape sequence stands for.
    pub(super) fn unescape(&mut self, span: Span) -> Box<str> {
        let escape = self.slice(span);
        let digits = escape.get(2..).unwrap_or_default();
        let decoded = match escape.as_bytes() {
            [b'\\', b'n'] => "\n",
            [b'\\', b'r'] => "\r",
            [b'\\', b't'] => "\t",
            [b'\\', b'"'] => "\"",
            [b'\\', b'\\'] => "\\",
            [b'$', ..] => "${",
            [b'%', ..] => "%{",
            [b'\\', selector @ (b'u' | b'U'), ..] => {
                let count = if *selector == b'u' { 4 } else { 8 };
                let number = u32::from_str_radix(digits, 16)
                    .ok()
                    .filter(|_| digits.len() == count);
                if let Some(char) = number.and_then(char::from_u32) {
                    return char.to_string().into();
                }
                let message = match number {
                    Some(_) => format!("`{escape}` is not a character"),
                    None => format!("`{escape}` has fewer than {count} hexadecimal digits"),
                };
                self.error(span, message);
                escape
            }
            _ => {
                let shown = escape.escape_default();
                self.error(span, format!("`{shown}` is not an escape sequence"));
                escape
            }
        };
        decoded.into()
    }
}
