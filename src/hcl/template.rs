//! Templates: quoted texts, heredocs, template files.

use super::parser::{MAX_NESTING, Newlines, Parser};
use super::token::TokenKind;
use super::tree::{Expression, For, Name, Span, Template, TemplateFor, TemplateIf, TemplatePart};

/// A piece of a template, before directives are matched with their ends.
#[derive(Debug)]
enum Piece {
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

/// A directive that is not ended yet.
#[derive(Debug)]
enum Open {
    If {
        condition: Expression,
        then: Option<Vec<TemplatePart>>,
        span: Span,
    },
    For {
        introduction: Box<For>,
        span: Span,
    },
}

impl Parser<'_> {
    /// A quoted text or a heredoc.
    pub(super) fn template(&mut self) -> Template {
        let scope = self.open(Newlines::Significant);
        let open = self.items[scope.open];
        let heredoc = open.kind == TokenKind::OpenHeredoc;
        let (mut pieces, height) = self.pieces(scope.close, heredoc);
        if heredoc && self.slice(open.span).starts_with("<<-") {
            self.strip_indentation(&mut pieces);
        }
        self.next = scope.close;
        self.close(&scope, "the template");
        let parts = self.parts(pieces);
        self.height = height.max(self.height) + 1;
        Template {
            parts,
            span: self.since(open.span.start),
            heredoc,
        }
    }

    /// A template file.
    pub(super) fn whole_template(&mut self) -> Template {
        let (pieces, _) = self.pieces(self.items.len() - 1, true);
        Template {
            parts: self.parts(pieces),
            span: self.whole(),
            heredoc: false,
        }
    }

    /// A label of a block, which is a quoted text without sequences.
    pub(super) fn label(&mut self) -> Name {
        let scope = self.open(Newlines::Significant);
        let start = self.items[scope.open].span.start;
        let mut text = String::new();
        while self.next < scope.close {
            let item = self.bump();
            match item.kind {
                TokenKind::Text => text.push_str(self.slice(item.span)),
                TokenKind::Escape => text.push_str(&self.unescape(item.span)),
                _ => {
                    self.error(
                        item.span,
                        "the label of a block cannot have a template in it",
                    );
                    self.next = scope.close;
                }
            }
        }
        self.close(&scope, "the label");
        Name {
            text: text.into(),
            span: self.since(start),
        }
    }

    /// Reads the pieces of a template, strip marks applied, and the height of the highest expression.
    /// `by_line` says that a piece of text is of one line, and that a strip mark takes of no more.
    fn pieces(&mut self, close: usize, by_line: bool) -> (Vec<Piece>, u32) {
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
    fn strip_indentation(&self, pieces: &mut [Piece]) {
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

    /// Makes a tree of pieces.
    fn parts(&mut self, mut pieces: Vec<Piece>) -> Vec<TemplatePart> {
        let more_than_one = pieces.len() > 1;
        join_text(&mut pieces);
        let mut open: Vec<(Open, Vec<TemplatePart>)> = Vec::new();
        let mut parts = Vec::new();
        let room = self.room();
        for piece in pieces {
            match piece {
                Piece::Text(span) => {
                    parts.push(TemplatePart::Literal(self.slice(span).into(), span));
                }
                Piece::Escape(text, span) => parts.push(TemplatePart::Literal(text, span)),
                Piece::Interpolation(value, span) => {
                    parts.push(TemplatePart::Interpolation(value, span));
                }
                Piece::If(_, span) | Piece::For(_, span) if open.len() >= room => {
                    self.error(span, format!("more than {MAX_NESTING} levels are nested"));
                }
                Piece::If(condition, span) => {
                    let directive = Open::If {
                        condition,
                        then: None,
                        span,
                    };
                    open.push((directive, std::mem::take(&mut parts)));
                }
                Piece::For(introduction, span) => {
                    let directive = Open::For { introduction, span };
                    open.push((directive, std::mem::take(&mut parts)));
                }
                Piece::Else(span) => match open.last_mut() {
                    Some((
                        Open::If {
                            then: then @ None, ..
                        },
                        _,
                    )) => {
                        *then = Some(std::mem::take(&mut parts));
                    }
                    _ => self.error(span, "the `else` directive belongs to no `if`"),
                },
                Piece::EndIf(span) => match open.pop() {
                    Some((directive @ Open::If { .. }, outer)) => {
                        let inner = std::mem::replace(&mut parts, outer);
                        parts.push(directive.end(inner, span.end));
                    }
                    other => {
                        open.extend(other);
                        self.error(span, "the `endif` directive belongs to no `if`");
                    }
                },
                Piece::EndFor(span) => match open.pop() {
                    Some((directive @ Open::For { .. }, outer)) => {
                        let inner = std::mem::replace(&mut parts, outer);
                        parts.push(directive.end(inner, span.end));
                    }
                    other => {
                        open.extend(other);
                        self.error(span, "the `endfor` directive belongs to no `for`");
                    }
                },
            }
        }
        while let Some((directive, outer)) = open.pop() {
            let (span, message) = match &directive {
                Open::If { span, .. } => (*span, "the `if` directive has no `endif`"),
                Open::For { span, .. } => (*span, "the `for` directive has no `endfor`"),
            };
            self.error(span, message);
            let inner = std::mem::replace(&mut parts, outer);
            parts.push(directive.end(inner, self.end()));
        }
        if let ([TemplatePart::Interpolation(_, span)], true) = (&parts[..], more_than_one) {
            // The text beside it was stripped, and yet this is no interpolation that stands alone.
            let end = Span {
                start: span.end,
                end: span.end,
            };
            parts.push(TemplatePart::Literal(Box::default(), end));
        }
        parts
    }

    /// What an escape sequence stands for.
    fn unescape(&mut self, span: Span) -> Box<str> {
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

/// Joins literal text that is one range, and drops what strip marks have emptied.
fn join_text(pieces: &mut Vec<Piece>) {
    pieces.retain(|piece| match piece {
        Piece::Text(span) => span.start < span.end,
        Piece::Escape(text, _) => !text.is_empty(),
        _ => true,
    });
    pieces.dedup_by(|next, piece| match (piece, next) {
        (Piece::Text(piece), Piece::Text(next)) if piece.end == next.start => {
            piece.end = next.end;
            true
        }
        _ => false,
    });
}

impl Open {
    /// Makes a part of a directive and of what stands between it and its end.
    fn end(self, inner: Vec<TemplatePart>, end: u32) -> TemplatePart {
        match self {
            Open::If {
                condition,
                then,
                span,
            } => {
                let span = Span {
                    start: span.start,
                    end,
                };
                let (then, otherwise) = match then {
                    Some(then) => (then, inner),
                    None => (inner, Vec::new()),
                };
                TemplatePart::If(Box::new(TemplateIf {
                    condition,
                    then,
                    otherwise,
                    span,
                }))
            }
            Open::For { introduction, span } => {
                let For {
                    key_name,
                    value_name,
                    collection,
                    ..
                } = *introduction;
                let span = Span {
                    start: span.start,
                    end,
                };
                let body = inner;
                TemplatePart::For(Box::new(TemplateFor {
                    key_name,
                    value_name,
                    collection,
                    body,
                    span,
                }))
            }
        }
    }
}
