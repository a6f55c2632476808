//! JSON's strings, with unknown parts in their places.

use super::cursor::{Next, Position};
use super::parse::{Reader, interpolated};
use super::render;
use crate::terraform::value::{Failure, Part, TextBuilder, Value};

impl Reader<'_> {
    pub(super) fn string(&mut self) -> Result<Value, Failure> {
        let start = self.cursor.position();
        self.cursor.step();
        let mut text = TextBuilder::default();
        loop {
            match self.cursor.next() {
                Next::End => return Err(self.cursor.refused("")),
                Next::Byte(b'"') => {
                    self.cursor.step();
                    let end = self.cursor.end();
                    let mut trace = self.cursor.trace(start, end);
                    let text = text.finish();
                    // Marks stay with the parts that have them.
                    if !text.0.is_empty() {
                        trace.taint = None;
                    }
                    if let Some(steps) = interpolated(&text, &trace) {
                        trace.steps = Some(steps);
                    }
                    let mut value = Value::string(text);
                    trace.sensitive |= value.trace.sensitive;
                    if trace.steps.is_none() {
                        trace.steps.clone_from(&value.trace.steps);
                    }
                    if value.is_unknown() && trace.taint.is_none() {
                        trace.taint.clone_from(&value.trace.taint);
                    }
                    value.trace = trace;
                    return Ok(value);
                }
                Next::Byte(b'\\') => self.escape(&mut text)?,
                Next::Byte(0..=0x1f) => {
                    return Err(self
                        .cursor
                        .refused("a control character must be escaped in a string"));
                }
                Next::Byte(_) => self.cursor.plain(&mut text),
                Next::Unknown(unknown, trace) => {
                    text.push(Part::Unknown(unknown.clone(), trace.clone()));
                    self.cursor.step();
                }
                Next::Json(value) => {
                    for part in render(value).0 {
                        text.push(part);
                    }
                    self.cursor.step();
                }
            }
        }
    }

    fn escape(&mut self, text: &mut TextBuilder) -> Result<(), Failure> {
        let start = self.cursor.position();
        self.cursor.step();
        let Next::Byte(byte) = self.cursor.next() else {
            return Err(self.cursor.refused("the escape has no end"));
        };
        let character = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.cursor.step();
                let unit = self.hexadecimal()?;
                let character = self.character(unit)?;
                self.push_escape(text, start, character);
                return Ok(());
            }
            _ => return Err(self.cursor.refused("there is no such escape in JSON")),
        };
        self.cursor.step();
        self.push_escape(text, start, character);
        Ok(())
    }

    fn push_escape(&self, text: &mut TextBuilder, start: Position, character: char) {
        let end = self.cursor.end();
        let trace = self.cursor.trace(start, end);
        text.push_known(character.encode_utf8(&mut [0; 4]), &trace);
    }

    fn hexadecimal(&mut self) -> Result<u32, Failure> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = match self.cursor.next() {
                Next::Byte(byte) => char::from(byte).to_digit(16),
                _ => None,
            };
            let Some(digit) = digit else {
                return Err(self
                    .cursor
                    .refused("four hexadecimal digits must follow `\\u`"));
            };
            unit = unit * 16 + digit;
            self.cursor.step();
        }
        Ok(unit)
    }

    /// The character of a UTF-16 unit, with the unit that follows where two make one.
    fn character(&mut self, unit: u32) -> Result<char, Failure> {
        if (0xd800..0xdc00).contains(&unit) {
            let back = self.cursor.end();
            if matches!(self.cursor.next(), Next::Byte(b'\\')) {
                self.cursor.step();
                if matches!(self.cursor.next(), Next::Byte(b'u')) {
                    self.cursor.step();
                    let low = self.hexadecimal()?;
                    if (0xdc00..0xe000).contains(&low) {
                        let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                }
                self.cursor.back_to(back);
            }
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}
