//! JSON with the place of everything in it.

use crate::hcl::Span;
use crate::hcl::tree::{Name, SyntaxError};

/// How deep JSON may nest.
const DEPTH: usize = 128;

/// A value and its place.
#[derive(Debug)]
pub(super) struct Node {
    /// What it is.
    pub(super) kind: NodeKind,
    /// Where it stands.
    pub(super) span: Span,
}

/// What a value can be.
#[derive(Debug)]
pub(super) enum NodeKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// A string, decoded, and whether no escape was in it.
    String(String, bool),
    /// `[ … ]`.
    Array(Vec<Node>),
    /// `{ … }`, in the order of the text.
    Object(Vec<(Name, Node)>),
}

impl Node {
    /// Whether it is an object, or an array of at least one and of nothing else.
    pub(super) fn holds_objects(&self) -> bool {
        match &self.kind {
            NodeKind::Object(_) => true,
            NodeKind::Array(items) => {
                let mut items = items.iter().map(|item| &item.kind).peekable();
                items.peek().is_some() && items.all(|kind| matches!(kind, NodeKind::Object(_)))
            }
            _ => false,
        }
    }
}

/// Reads a text as JSON.
pub(super) fn parse_json(text: &str) -> Result<Node, SyntaxError> {
    let mut reader = Reader {
        text,
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        depth: 0,
    };
    let node = reader.value()?;
    reader.skip();
    if reader.at < text.len() {
        return Err(reader.error("nothing may follow the value"));
    }
    Ok(node)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn error(&self, message: &str) -> SyntaxError {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        SyntaxError {
            message: message.to_owned(),
            span: span(self.at, self.at + width),
        }
    }

    fn value(&mut self) -> Result<Node, SyntaxError> {
        self.skip();
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => {
                let (text, plain) = self.string()?;
                NodeKind::String(text, plain)
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node {
            kind,
            span: span(start, self.at),
        })
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<NodeKind, SyntaxError>,
    ) -> Result<NodeKind, SyntaxError> {
        if self.depth == DEPTH {
            return Err(self.error("the JSON nests too deep"));
        }
        self.depth += 1;
        self.at += 1;
        let kind = read(self);
        self.depth -= 1;
        kind
    }

    fn object(&mut self) -> Result<NodeKind, SyntaxError> {
        let mut members = Vec::new();
        self.skip();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(NodeKind::Object(members));
        }
        loop {
            self.skip();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.error("a key in quotes must stand here"));
            }
            let (text, _) = self.string()?;
            let name = Name {
                text: text.into(),
                span: span(start, self.at),
            };
            self.skip();
            if self.peek() != Some(b':') {
                return Err(self.error("a colon must follow the key"));
            }
            self.at += 1;
            let value = self.value()?;
            members.push((name, value));
            if self.ends(b'}')? {
                return Ok(NodeKind::Object(members));
            }
        }
    }

    fn array(&mut self) -> Result<NodeKind, SyntaxError> {
        let mut items = Vec::new();
        self.skip();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(NodeKind::Array(items));
        }
        loop {
            items.push(self.value()?);
            if self.ends(b']')? {
                return Ok(NodeKind::Array(items));
            }
        }
    }

    /// Takes a comma, or the end.
    fn ends(&mut self, close: u8) -> Result<bool, SyntaxError> {
        self.skip();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.error("a comma or the end must stand here")),
        }
    }

    fn word(&mut self) -> Result<NodeKind, SyntaxError> {
        let words = [
            ("null", NodeKind::Null),
            ("true", NodeKind::Bool(true)),
            ("false", NodeKind::Bool(false)),
        ];
        for (word, kind) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(kind);
            }
        }
        Err(self.error("a value must stand here"))
    }

    fn number(&mut self) -> Result<NodeKind, SyntaxError> {
        let length = self
            .rest()
            .bytes()
            .take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .count();
        let text = &self.text[self.at..self.at + length];
        if serde_json::from_str::<serde_json::Number>(text).is_err() {
            return Err(self.error("this is no number"));
        }
        let text = text.to_owned();
        self.at += length;
        Ok(NodeKind::Number(text))
    }

    /// A string, decoded, and whether no escape was in it.
    fn string(&mut self) -> Result<(String, bool), SyntaxError> {
        let mut end = self.at + 1;
        let mut plain = true;
        loop {
            match self.text.as_bytes().get(end) {
                Some(b'"') => break,
                Some(b'\\') => {
                    plain = false;
                    end += 2;
                }
                Some(_) => end += 1,
                None => return Err(self.error("the string does not end")),
            }
        }
        let Some(quoted) = self.text.get(self.at..=end) else {
            return Err(self.error("the string does not end"));
        };
        let decoded: String = serde_json::from_str(quoted)
            .map_err(|_| self.error("the string has an escape that JSON does not have"))?;
        self.at = end + 1;
        Ok((decoded, plain))
    }
}

fn span(start: usize, end: usize) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        start: offset(start),
        end: offset(end),
    }
}
