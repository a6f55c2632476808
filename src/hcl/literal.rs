//! Literal text of templates, and what ends it.

use std::collections::HashMap;

use super::lexer::{Effort, Lexer, Mode, span};
use super::scan::{identifier_length, is_block_header, line_length};
use super::token::TokenKind;
use super::tree::Span;

impl Lexer<'_> {
    /// Enters a heredoc if one begins here, and gives the end of its first line.
    pub(super) fn heredoc_introducer(&mut self) -> Option<usize> {
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
    pub(super) fn closing_line(&self, marker: Span) -> Option<usize> {
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

    pub(super) fn heredoc(&mut self, marker: Span, at_line_start: bool, unclosed: bool) {
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
    pub(super) fn template_line(&mut self) {
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
    pub(super) fn quoted(&mut self) {
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
