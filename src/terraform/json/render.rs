//! From a value to its JSON text.

use std::fmt::Write as _;

use crate::terraform::types::Type;
use crate::terraform::value::{Kind, Marks, Part, Text, TextBuilder, Trace, Unknown, Value};

/// The largest JSON text that is rendered, in bytes.
const MAX_TEXT: usize = 4 * 1024 * 1024;

/// Renders a value as `jsonencode` does; what is unknown in it stays unknown in the text.
#[must_use]
pub fn render(value: &Value) -> Text {
    let mut writer = Writer::default();
    writer.value(value, &Marks::default());
    if writer.written > MAX_TEXT {
        let unknown = Unknown::other("the JSON is larger than 4 MiB").with_type(Type::String);
        return Text::unknown(unknown, Trace::default().with_marks(&value.marks()));
    }
    writer.flush();
    writer.builder.finish()
}

#[derive(Default)]
struct Writer {
    builder: TextBuilder,
    /// Text with the marks below, not yet in the builder.
    pending: String,
    marks: Marks,
    /// How much text there is so far. Past the bound nothing more is written: JSON in JSON in JSON
    /// doubles its escapes each time.
    written: usize,
}

impl Writer {
    fn text(&mut self, text: &str, marks: &Marks) {
        self.written = self.written.saturating_add(text.len());
        if self.written > MAX_TEXT {
            return;
        }
        if marks.sensitive != self.marks.sensitive || marks.taint != self.marks.taint {
            self.flush();
            self.marks = marks.clone();
        }
        self.pending.push_str(text);
    }

    fn flush(&mut self) {
        let trace = Trace::default().with_marks(&self.marks);
        self.builder.push_known(&self.pending, &trace);
        self.pending.clear();
    }

    fn unknown(&mut self, unknown: &Unknown, marks: &Marks) {
        self.flush();
        let trace = Trace::default().with_marks(marks);
        self.builder.push(Part::Unknown(unknown.clone(), trace));
    }

    fn value(&mut self, value: &Value, around: &Marks) {
        if self.written > MAX_TEXT {
            return;
        }
        let mut marks = around.clone();
        marks.add(&value.trace.marks());
        match &value.kind {
            Kind::Null(_) => self.text("null", &marks),
            Kind::Bool(true) => self.text("true", &marks),
            Kind::Bool(false) => self.text("false", &marks),
            Kind::Number(number) => self.text(&number.to_string(), &marks),
            Kind::String(text) => self.string(text, &marks),
            Kind::Json(inner) => {
                let text = render(inner);
                self.string(&text, &marks);
            }
            Kind::List(_, elements) => {
                self.text("[", &marks);
                let mut first = true;
                for element in elements.iter() {
                    if let Some(unknown) = element.trace.presence.unknown() {
                        let text = Unknown::computed_from([unknown]).with_type(Type::String);
                        self.unknown(&text, &element.marks());
                        continue;
                    }
                    if !first {
                        self.text(",", &marks);
                    }
                    first = false;
                    self.value(element, &marks);
                }
                self.text("]", &marks);
            }
            Kind::Object(_, map) => {
                self.text("{", &marks);
                let mut first = true;
                for (key, element) in &map.entries {
                    if let Some(unknown) = element.trace.presence.unknown() {
                        let text = Unknown::computed_from([unknown]).with_type(Type::String);
                        self.unknown(&text, &element.marks());
                        continue;
                    }
                    if !first {
                        self.text(",", &marks);
                    }
                    first = false;
                    let mut escaped = String::from("\"");
                    escape(key, &mut escaped);
                    escaped.push_str("\":");
                    self.text(&escaped, &marks);
                    self.value(element, &marks);
                }
                if let Some(rest) = &map.rest {
                    let text = Unknown::computed_from([rest]).with_type(Type::String);
                    self.unknown(&text, &marks);
                }
                self.text("}", &marks);
            }
            Kind::Unknown(_) => {
                let text = Unknown::computed([value]).with_type(Type::String);
                self.unknown(&text, &marks);
            }
        }
    }

    fn string(&mut self, text: &Text, around: &Marks) {
        self.text("\"", around);
        let mut escaped = String::new();
        for part in &text.0 {
            let mut marks = around.clone();
            marks.add(&part.marks());
            match part {
                Part::Known(known, _) => {
                    escaped.clear();
                    escape(known, &mut escaped);
                    self.text(&escaped, &marks);
                }
                Part::Unknown(unknown, _) => self.unknown(unknown, &marks),
                Part::Json(value) => {
                    for part in &render(value).0 {
                        let mut marks = marks.clone();
                        marks.add(&part.marks());
                        match part {
                            Part::Known(known, _) => {
                                escaped.clear();
                                escape(known, &mut escaped);
                                self.text(&escaped, &marks);
                            }
                            Part::Unknown(unknown, _) => self.unknown(unknown, &marks),
                            Part::Json(_) => {}
                        }
                    }
                }
            }
        }
        self.text("\"", around);
    }
}

/// Escapes what JSON must escape, and what Terraform escapes besides for the sake of HTML.
fn escape(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    let mut plain = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if at < plain {
            continue;
        }
        let (escaped, length) = match byte {
            b'"' => ("\\\"", 1),
            b'\\' => {
                // JSON in JSON in JSON is mostly backslashes.
                let run = bytes[at..]
                    .iter()
                    .take_while(|byte| **byte == b'\\')
                    .count();
                out.push_str(&text[plain..at]);
                out.push_str(&"\\\\".repeat(run));
                plain = at + run;
                continue;
            }
            b'\n' => ("\\n", 1),
            b'\r' => ("\\r", 1),
            b'\t' => ("\\t", 1),
            0x08 => ("\\b", 1),
            0x0c => ("\\f", 1),
            b'<' => ("\\u003c", 1),
            b'>' => ("\\u003e", 1),
            b'&' => ("\\u0026", 1),
            // The line and the paragraph separator.
            0xe2 if bytes[at..].starts_with(&[0xe2, 0x80, 0xa8]) => ("\\u2028", 3),
            0xe2 if bytes[at..].starts_with(&[0xe2, 0x80, 0xa9]) => ("\\u2029", 3),
            0..=0x1f => ("", 1),
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        plain = at + length;
        if escaped.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escaped);
        }
    }
    out.push_str(&text[plain..]);
}
