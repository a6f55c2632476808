//! From a value to its YAML text.

use std::fmt::Write as _;

use crate::terraform::types::Type;
use crate::terraform::value::{Kind, Map, Marks, Part, Text, TextBuilder, Trace, Unknown, Value};

/// The largest YAML text that is rendered, in bytes.
const MAX_TEXT: usize = 4 * 1024 * 1024;
/// Where long quoted strings are folded, in columns.
const WIDTH: usize = 80;
/// How far each level is indented, in columns.
const INDENT: usize = 2;
/// The longest key that stands before its colon on one line, in bytes.
const LONGEST_KEY: usize = 128;

/// Renders a value as `yamlencode` does; what is unknown in it stays unknown in the text.
#[must_use]
pub fn render(value: &Value) -> Text {
    let mut writer = Writer {
        builder: TextBuilder::default(),
        pending: String::new(),
        marks: Marks::default(),
        written: 0,
        column: 0,
        whitespace: true,
        indention: true,
    };
    writer.value(value, &Marks::default(), Level::default());
    writer.indent(0);
    if matches!(value.kind, Kind::Null(_) | Kind::Bool(_) | Kind::Number(_)) {
        // A plain scalar alone could go on on the next line.
        writer.put("...");
        writer.line_break();
    }
    if writer.written > MAX_TEXT {
        let unknown = Unknown::other("the YAML is larger than 4 MiB").with_type(Type::String);
        return Text::unknown(unknown, Trace::default().with_marks(&value.marks()));
    }
    writer.flush();
    writer.builder.finish()
}

/// Where a value stands.
#[derive(Clone, Copy, Default)]
struct Level {
    /// The indentation of the collection around it; `None` at the top.
    indent: Option<usize>,
    /// Whether it is the value under a key.
    in_mapping: bool,
}

impl Level {
    fn deeper(self) -> usize {
        self.indent.map_or(0, |indent| indent + INDENT)
    }
}

/// Writes as the library that Terraform uses writes, whose state this mirrors: what the cursor stands
/// behind decides where a line is broken.
struct Writer {
    builder: TextBuilder,
    pending: String,
    marks: Marks,
    written: usize,
    column: usize,
    /// Whether the last character was white space or an indicator that needs none behind it.
    whitespace: bool,
    /// Whether there is nothing on the line but indentation and indicators of it.
    indention: bool,
}

impl Writer {
    fn put(&mut self, text: &str) {
        self.written = self.written.saturating_add(text.len());
        if self.written > MAX_TEXT {
            return;
        }
        self.pending.push_str(text);
        self.column += text.chars().count();
    }

    fn line_break(&mut self) {
        self.put("\n");
        self.column = 0;
    }

    /// What follows has these marks.
    fn mark(&mut self, marks: &Marks) {
        if marks.sensitive != self.marks.sensitive || marks.taint != self.marks.taint {
            self.flush();
            self.marks = marks.clone();
        }
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
        self.column += 1;
        self.whitespace = false;
        self.indention = false;
    }

    fn indicator(&mut self, text: &str, space_before: bool, indention: bool) {
        if space_before && !self.whitespace {
            self.put(" ");
        }
        self.put(text);
        self.whitespace = false;
        self.indention &= indention;
    }

    fn indent(&mut self, indent: usize) {
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.line_break();
        }
        if let Some(missing) = indent.checked_sub(self.column) {
            self.put(&" ".repeat(missing));
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn value(&mut self, value: &Value, around: &Marks, level: Level) {
        if self.written > MAX_TEXT {
            return;
        }
        let mut marks = around.clone();
        marks.add(&value.trace.marks());
        self.mark(&marks);
        match &value.kind {
            Kind::Null(_) => self.plain("null"),
            Kind::Bool(true) => self.plain("true"),
            Kind::Bool(false) => self.plain("false"),
            Kind::Number(number) => self.plain(&number.to_string()),
            Kind::String(text) => self.string(text, &marks, level.deeper().max(INDENT), true),
            Kind::Json(_) => {
                let text = value.as_text().unwrap_or_default();
                self.string(&text, &marks, level.deeper().max(INDENT), true);
            }
            Kind::List(_, elements) => self.sequence(elements, &marks, level),
            Kind::Object(_, map) => self.mapping(map, &marks, level),
            Kind::Unknown(_) => {
                if !self.whitespace {
                    self.put(" ");
                }
                let text = Unknown::computed([value]).with_type(Type::String);
                self.unknown(&text, &marks);
            }
        }
    }

    fn plain(&mut self, text: &str) {
        if !self.whitespace {
            self.put(" ");
        }
        self.put(text);
        self.whitespace = false;
        self.indention = false;
    }

    fn uncertain(&mut self, value: &Value, indent: usize) -> bool {
        let Some(unknown) = value.trace.presence.unknown() else {
            return false;
        };
        self.indent(indent);
        let text = Unknown::computed_from([unknown]).with_type(Type::String);
        self.unknown(&text, &value.marks());
        true
    }

    fn sequence(&mut self, elements: &[Value], marks: &Marks, level: Level) {
        if elements.is_empty() {
            self.indicator("[", true, false);
            self.indicator("]", false, false);
            return;
        }
        let indent = match level.indent {
            Some(indent) if level.in_mapping && !self.indention => indent,
            _ => level.deeper(),
        };
        let inner = Level {
            indent: Some(indent),
            in_mapping: false,
        };
        for element in elements {
            self.mark(marks);
            if self.uncertain(element, indent) {
                continue;
            }
            self.indent(indent);
            self.indicator("-", true, true);
            self.value(element, marks, inner);
        }
    }

    fn mapping(&mut self, map: &Map, marks: &Marks, level: Level) {
        if map.entries.is_empty() && map.rest.is_none() {
            self.indicator("{", true, false);
            self.indicator("}", false, false);
            return;
        }
        let indent = level.deeper();
        let inner = Level {
            indent: Some(indent),
            in_mapping: true,
        };
        for (key, value) in &map.entries {
            self.mark(marks);
            if self.uncertain(value, indent) {
                continue;
            }
            self.indent(indent);
            let text = Text::from(&**key);
            if key.len() <= LONGEST_KEY && !key.contains(is_break) {
                self.string(&text, marks, indent + INDENT, false);
                self.indicator(":", false, false);
            } else {
                self.indicator("?", true, true);
                self.string(&text, marks, indent + INDENT, true);
                self.indent(indent);
                self.indicator(":", true, true);
            }
            self.value(value, marks, inner);
        }
        if let Some(rest) = &map.rest {
            self.indent(indent);
            let text = Unknown::computed_from([rest]).with_type(Type::String);
            self.unknown(&text, marks);
        }
    }

    /// A string: in quotes, or as a block where it has lines. Folded, where that is allowed, at blanks
    /// past the width.
    fn string(&mut self, text: &Text, marks: &Marks, indent: usize, foldable: bool) {
        let known = text.known();
        if let Some(known) = &known
            && foldable
            && known.contains('\n')
            && may_be_block(known)
            && text.marks().taint.is_none()
        {
            self.block(known, indent);
            return;
        }
        self.indicator("\"", true, false);
        let fold = (foldable && known.is_some()).then_some(indent);
        let length = known.as_ref().map_or(usize::MAX, |known| known.len());
        let mut at = 0;
        for part in &text.0 {
            let mut own = marks.clone();
            own.add(&part.marks());
            match part {
                Part::Known(known, _) => {
                    self.mark(&own);
                    self.quoted(known, &mut at, length, fold);
                }
                Part::Unknown(unknown, _) => self.unknown(unknown, &own),
                Part::Json(value) => {
                    for part in &crate::terraform::json::render(value).0 {
                        let mut own = own.clone();
                        own.add(&part.marks());
                        match part {
                            Part::Known(known, _) => {
                                self.mark(&own);
                                self.quoted(known, &mut at, length, fold);
                            }
                            Part::Unknown(unknown, _) => self.unknown(unknown, &own),
                            Part::Json(_) => {}
                        }
                    }
                }
            }
        }
        self.mark(marks);
        self.indicator("\"", false, false);
        self.whitespace = false;
        self.indention = false;
    }

    /// A stretch of a quoted string that is `length` bytes long as a whole.
    fn quoted(&mut self, text: &str, at: &mut usize, length: usize, fold: Option<usize>) {
        let mut spaces = false;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let foldable = *at > 0 && *at + 1 < length;
            *at += character.len_utf8();
            if character == ' ' {
                match fold {
                    Some(indent) if foldable && !spaces && self.column > WIDTH => {
                        self.indent(indent);
                        if characters.peek() == Some(&' ') {
                            self.put("\\");
                        }
                    }
                    _ => self.put(" "),
                }
                spaces = true;
                continue;
            }
            spaces = false;
            if is_printable(character) && !matches!(character, '"' | '\\') && !is_break(character) {
                self.put(character.encode_utf8(&mut [0; 4]));
            } else {
                self.put(&escaped(character));
            }
            self.whitespace = false;
            self.indention = false;
        }
    }

    fn block(&mut self, text: &str, indent: usize) {
        self.indicator("|", true, false);
        if text.starts_with([' ', '\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            self.indicator("2", false, false);
        }
        let mut from_the_end = text.chars().rev();
        match [from_the_end.next(), from_the_end.next()] {
            [Some(last), _] if !is_break(last) => self.indicator("-", false, false),
            [Some(_), Some(before)] if !is_break(before) => {}
            _ => self.indicator("+", false, false),
        }
        self.line_break();
        self.indention = true;
        self.whitespace = true;
        let mut line_begins = true;
        for character in text.chars() {
            if is_break(character) {
                self.line_break();
                self.indention = true;
                line_begins = true;
            } else {
                if line_begins {
                    self.indent(indent);
                }
                self.put(character.encode_utf8(&mut [0; 4]));
                self.indention = false;
                line_begins = false;
            }
        }
    }
}

fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// What the library takes for printable: nothing beyond the basic plane.
fn is_printable(character: char) -> bool {
    matches!(
        character,
        '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}'
    )
}

fn may_be_block(text: &str) -> bool {
    !text.ends_with(' ')
        && text.chars().all(is_printable)
        && !text
            .chars()
            .zip(text.chars().skip(1))
            .any(|(one, next)| one == ' ' && is_break(next))
}

fn escaped(character: char) -> String {
    let short = match character {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        other => {
            let code = u32::from(other);
            let mut long = String::new();
            // Writing to a string does not fail.
            let _ = match code {
                0..=0xff => write!(long, "\\x{code:02X}"),
                0x100..=0xffff => write!(long, "\\u{code:04X}"),
                _ => write!(long, "\\U{code:08X}"),
            };
            return long;
        }
    };
    format!("\\{short}")
}
