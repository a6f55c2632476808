//! Bodies: files and what stands in blocks.

use std::sync::Arc;

use super::errors::quoted;
use super::parser::{Newlines, Parser, Scope};
use super::token::TokenKind;
use super::tree::{Attribute, Block, Body, Name, Span};

impl Parser<'_> {
    /// What stands in a file or, after its opening brace, in a block.
    pub(super) fn body(&mut self, scope: Option<&Scope>) -> Body {
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
                let after = quoted(&name.text);
                let message = format!("expected `=` or `{{` after {after}, found {found}");
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
        let value = Arc::new(self.expression());
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
            let block = quoted(&keyword.text);
            let message = format!("the `{{` of block {block} is not on the line of its header");
            self.error_here(message);
            if self.kind_at(self.next + 1) == TokenKind::OpenBrace {
                self.bump();
                return true;
            }
            return false;
        }
        let found = self.found();
        let after = quoted(&keyword.text);
        let message = format!("expected a label or `{{` after {after}, found {found}");
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
        let mut order: Vec<usize> = (0..attributes.len()).collect();
        order.sort_by_key(|&index| &attributes[index].name.text);
        let same = |pair: &[usize]| attributes[pair[0]].name.text == attributes[pair[1]].name.text;
        let mut repeated: Vec<usize> = order
            .windows(2)
            .filter(|pair| same(pair))
            .map(|pair| pair[1])
            .collect();
        if repeated.is_empty() {
            return;
        }
        repeated.sort_unstable();
        let mut index = 0;
        attributes.retain(|attribute| {
            let fresh = repeated.binary_search(&index).is_err();
            index += 1;
            if !fresh {
                let name = quoted(&attribute.name.text);
                self.error(attribute.name.span, format!("argument {name} is set twice"));
            }
            fresh
        });
    }
}
