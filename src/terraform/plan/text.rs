//! A value of a JSON text that is known to be JSON: a small tree that borrows from it.
//!
//! Numbers stay as they are written, so that nothing of them is lost.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// How deep a value may nest before what is below is left out.
pub(super) const DEPTH: usize = 100;

/// A JSON value.
#[derive(Debug, PartialEq)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Number(Cow<'a, str>),
    String(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    /// The last of the entries with equal keys.
    Object(BTreeMap<Cow<'a, str>, Json<'a>>),
    /// Not known yet. JSON has no such thing; a plan file has.
    Unknown,
    /// Nested too deep, or too much of it.
    PastBounds,
}

impl<'a> Json<'a> {
    /// Reads a text that serde has found to be JSON already. What is not JSON after all is null.
    pub(super) fn read(text: &'a str) -> Self {
        let mut reader = Reader { text, at: 0 };
        reader.value(DEPTH).unwrap_or(Json::Null)
    }

    /// The value under a key.
    pub(super) fn entry(&self, key: &str) -> Option<&Json<'a>> {
        match self {
            Json::Object(entries) => entries.get(key),
            _ => None,
        }
    }

    /// The value at an index.
    pub(super) fn element(&self, index: usize) -> Option<&Json<'a>> {
        match self {
            Json::Array(elements) => elements.get(index),
            _ => None,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let b' ' | b'\t' | b'\n' | b'\r' = bytes.get(self.at)? {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn value(&mut self, depth: usize) -> Option<Json<'a>> {
        Some(match self.peek()? {
            b'{' | b'[' if depth == 0 => {
                self.skip_nested();
                Json::PastBounds
            }
            b'{' => Json::Object(self.object(depth)?),
            b'[' => Json::Array(self.array(depth)?),
            b'"' => Json::String(self.string()?),
            b't' => self.word("true", Json::Bool(true))?,
            b'f' => self.word("false", Json::Bool(false))?,
            b'n' => self.word("null", Json::Null)?,
            _ => self.number()?,
        })
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Option<Json<'a>> {
        let found = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        found.then_some(value)
    }

    fn number(&mut self) -> Option<Json<'a>> {
        let rest = self.text.get(self.at..)?;
        let part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = rest.bytes().take_while(|byte| part(byte)).count();
        self.at += length;
        (length > 0).then(|| Json::Number(rest[..length].into()))
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escapes = false;
        self.at += 1;
        while bytes.get(self.at)? != &b'"' {
            let escape = bytes[self.at] == b'\\';
            escapes |= escape;
            self.at += if escape { 2 } else { 1 };
        }
        self.at += 1;
        let inside = self.text.get(start + 1..self.at - 1)?;
        if !escapes {
            return Some(Cow::Borrowed(inside));
        }
        // Half a surrogate pair is the one thing that serde skips and does not read.
        let decoded = serde_json::from_str(&self.text[start..self.at]);
        Some(decoded.map_or(Cow::Borrowed(inside), Cow::Owned))
    }

    fn array(&mut self, depth: usize) -> Option<Vec<Json<'a>>> {
        let mut elements = Vec::new();
        self.at += 1;
        while self.peek()? != b']' {
            elements.push(self.value(depth - 1)?);
            if self.peek()? == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Some(elements)
    }

    fn object(&mut self, depth: usize) -> Option<BTreeMap<Cow<'a, str>, Json<'a>>> {
        let mut entries = BTreeMap::new();
        self.at += 1;
        while self.peek()? != b'}' {
            let key = self.string()?;
            self.peek()?;
            self.at += 1;
            entries.insert(key, self.value(depth - 1)?);
            if self.peek()? == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Some(entries)
    }

    /// Goes past an array or object without recursion.
    fn skip_nested(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    if self.string().is_none() {
                        return;
                    }
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let text = r#" {"a":[1.50e+3,-0,true,false,null],"b\"":"x\u00e9\n","c":1,"c":[ ],"d":{}} "#;
        let json = Json::read(text);
        let numbers = [Json::Number("1.50e+3".into()), Json::Number("-0".into())];
        let words = [Json::Bool(true), Json::Bool(false), Json::Null];
        let elements = numbers.into_iter().chain(words).collect();
        assert_eq!(json.entry("a"), Some(&Json::Array(elements)));
        assert_eq!(json.entry("b\""), Some(&Json::String("xé\n".into())));
        assert_eq!(json.entry("c"), Some(&Json::Array(vec![])));
        assert_eq!(json.entry("d"), Some(&Json::Object(BTreeMap::new())));
        assert_eq!(
            json.entry("a").and_then(|a| a.element(1)),
            Some(&Json::Number("-0".into()))
        );
    }

    #[test]
    fn what_nests_too_deep_is_left_out_and_the_rest_is_read() {
        let deep = format!("[{}\"]\"{},7]", "[".repeat(100_000), "]".repeat(100_000));
        let mut json = &Json::read(&deep);
        let Json::Array(outer) = json else {
            panic!("an array")
        };
        assert_eq!(outer[1], Json::Number("7".into()));
        for _ in 0..DEPTH {
            let Json::Array(elements) = json else {
                panic!("an array")
            };
            json = &elements[0];
        }
        assert_eq!(json, &Json::PastBounds);
    }

    #[test]
    fn broken_text_ends_the_reading_and_nothing_else() {
        for text in [
            "",
            "{",
            "[1",
            "{\"a\"",
            "\"a",
            "\"\\",
            "{\"a\":",
            "nul",
            "[[[\"",
            "?",
            "{é}",
            "{\"a\"é1}",
        ] {
            Json::read(text);
        }
    }
}
