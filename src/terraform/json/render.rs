//! From a value to its JSON text.

use std::fmt::Write as _;

use crate::terraform::types::Type;
use crate::terraform::value::{
    Kind, MAX_WEIGHT, Marks, Part, Text, TextBuilder, Trace, Unknown, Value,
};

/// Renders a value as `jsonencode` does; what is unknown in it stays unknown in the text.
#[must_use]
pub fn render(value: &Value) -> Text {
    let mut writer = Writer::default();
    writer.value(value, &Marks::default());
    if writer.written > MAX_WEIGHT {
        let unknown = Unknown::other("the JSON is larger than 32 MiB").with_type(Type::String);
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
        if self.written > MAX_WEIGHT {
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
        if self.written > MAX_WEIGHT {
            return;
        }
        let mut marks = around.clone();
        marks.add(&value.trace.marks());
        match &value.kind {
            Kind::Null => self.text("null", &marks),
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
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\u{0}'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
}
