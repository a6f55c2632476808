//! Templates: quoted texts, heredocs, template files, labels.

use super::parser::{MAX_NESTING, Newlines, Parser, Scope};
use super::pieces::Piece;
use super::token::TokenKind;
use super::tree::{Expression, For, Name, Span, Template, TemplateFor, TemplateIf, TemplatePart};

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
        if let Some(template) = self.one_literal(&scope) {
            return template;
        }
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

    /// A quoted text of nothing but characters that stand for themselves, as most are.
    fn one_literal(&mut self, scope: &Scope) -> Option<Template> {
        let open = self.items[scope.open];
        let text = self.items[self.next];
        let literal = open.kind == TokenKind::OpenQuote
            && text.kind == TokenKind::Text
            && self.next + 1 == scope.close
            && self.is_closed(scope);
        if !literal {
            return None;
        }
        self.next = scope.close;
        self.close(scope, "the template");
        self.rise(self.height);
        Some(Template {
            parts: vec![TemplatePart::Literal(
                self.slice(text.span).into(),
                text.span,
            )],
            span: self.since(open.span.start),
            heredoc: false,
        })
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
                Piece::Escape(text, span) => parts.push(TemplatePart::Literal(text.into(), span)),
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
            parts.push(TemplatePart::Literal("".into(), end));
        }
        parts
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
