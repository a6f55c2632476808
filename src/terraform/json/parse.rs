//! From a JSON text to a value.

use std::sync::Arc;

use super::cursor::{Cursor, Next};
use crate::terraform::number::Number;
use crate::terraform::types::Type;
use crate::terraform::value::{
    Failure, Kind, MAX_DEPTH, Map, Mapping, Marks, Part, Presence, StepKind, Text, Trace,
    TraceStep, Unknown, Value,
};

/// How many values a document may have; one with more is unknown.
const MOST_VALUES: usize = 250_000;

/// Reads a text as JSON. Unknown parts stay unknown where they stand, a part that is a value's JSON
/// gives that value, and each leaf knows its place where the text has one. Of a repeated key the last one counts, and its
/// value says so by [`StepKind::Again`].
///
/// # Errors
/// Where and why the text is not JSON.
pub fn parse(text: &Text) -> Result<Value, Failure> {
    let mut reader = Reader {
        cursor: Cursor::new(text),
        depth: 0,
        values: 0,
    };
    reader.cursor.skip_space();
    let value = match reader.value() {
        Err(_) if reader.values > MOST_VALUES => {
            let why = Unknown::other("the JSON has too many values to be read here");
            return Ok(Value::unknown(why).with_marks(&text.marks()));
        }
        value => value?,
    };
    let value = reader.run_on(value);
    reader.cursor.skip_space();
    // What is unknown behind the value can only be blank space, or Terraform refuses it.
    let mut marks = Marks::default();
    while let Next::Unknown(_, trace) = reader.cursor.next() {
        marks.add(&trace.marks());
        reader.cursor.step();
        reader.cursor.skip_space();
    }
    if !matches!(reader.cursor.next(), Next::End) {
        return Err(reader
            .cursor
            .refused("there is something after the JSON value"));
    }
    Ok(value.with_marks(&marks))
}

pub(super) struct Reader<'a> {
    pub(super) cursor: Cursor<'a>,
    depth: usize,
    values: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> Result<Value, Failure> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(self.cursor.refused("the JSON has too many values"));
        }
        match self.cursor.next() {
            Next::End => Err(self.cursor.refused("")),
            Next::Json(value) => {
                self.cursor.step();
                Ok(as_read(value))
            }
            Next::Unknown(unknown, trace) => {
                self.cursor.step();
                Ok(out_of(unknown, trace))
            }
            Next::Byte(b'{') => self.nested(Self::object),
            Next::Byte(b'[') => self.nested(Self::array),
            Next::Byte(b'"') => self.string(),
            Next::Byte(b'-' | b'0'..=b'9' | b'a'..=b'z') => self.word(),
            Next::Byte(_) => Err(self.cursor.refused("a JSON value cannot begin like this")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Failure>) -> Result<Value, Failure> {
        if self.depth + 2 >= MAX_DEPTH {
            return Err(self.cursor.refused("the JSON is nested too deep"));
        }
        self.depth += 1;
        let start = self.cursor.position();
        self.cursor.step();
        let value = read(self)?;
        self.depth -= 1;
        let end = self.cursor.end();
        // The marks of the whole are those of what is in it.
        let mut trace = self.cursor.trace(start, end);
        trace.taint = None;
        trace.sensitive = false;
        trace.add_marks(&self.cursor.marks(start));
        trace.add_marks(&value.trace.marks());
        Ok(value.with_trace(trace))
    }

    fn array(&mut self) -> Result<Value, Failure> {
        let mut elements: Vec<Value> = Vec::new();
        // Whether a comma or the bracket came last, so that an element must follow.
        let mut wanted = false;
        loop {
            self.cursor.skip_space();
            match self.cursor.next() {
                Next::Byte(b']') if !wanted => {
                    self.cursor.step();
                    return Ok(Value::tuple(elements));
                }
                // An unknown part can hold any number of elements, with commas or without.
                Next::Unknown(unknown, trace) if !is_scalar(unknown) => {
                    self.cursor.step();
                    let value = out_of(unknown, trace);
                    if self.continues() {
                        elements.push(self.run_on(value));
                        wanted = self.comma_or(b']')?;
                        continue;
                    }
                    elements.push(value.with_presence(Presence::Any(unknown.clone())));
                    self.cursor.skip_space();
                    if let Next::Byte(b',') = self.cursor.next() {
                        self.cursor.step();
                    }
                    wanted = false;
                }
                _ => {
                    let value = self.value()?;
                    let value = self.run_on(value);
                    elements.push(value);
                    wanted = self.comma_or(b']')?;
                }
            }
        }
    }

    /// Steps over a comma; without one the end must follow, or something unknown.
    fn comma_or(&mut self, end: u8) -> Result<bool, Failure> {
        self.cursor.skip_space();
        match self.cursor.next() {
            Next::Byte(b',') => {
                self.cursor.step();
                self.cursor.skip_space();
                // The unknown may be all that follows the comma, or nothing.
                Ok(!matches!(self.cursor.next(), Next::Unknown(..)))
            }
            Next::Byte(byte) if byte == end => Ok(false),
            Next::Unknown(..) => Ok(false),
            _ => Err(self
                .cursor
                .refused("a comma or the end of the list or object must stand here")),
        }
    }

    fn object(&mut self) -> Result<Value, Failure> {
        let mut map = Map::default();
        let mut marks = Marks::default();
        let mut wanted = false;
        loop {
            self.cursor.skip_space();
            match self.cursor.next() {
                Next::Byte(b'}') if !wanted => {
                    self.cursor.step();
                    return Ok(Value::mapping(Mapping::Object, map).with_marks(&marks));
                }
                // An unknown part can hold any number of entries.
                Next::Unknown(unknown, trace) => {
                    self.cursor.step();
                    marks.add(&trace.marks());
                    open(&mut map, unknown);
                    self.cursor.skip_space();
                    if let Next::Byte(b',') = self.cursor.next() {
                        self.cursor.step();
                    }
                    wanted = false;
                }
                Next::Byte(b'"') => {
                    let key = self.string()?;
                    self.cursor.skip_space();
                    if !matches!(self.cursor.next(), Next::Byte(b':')) {
                        return Err(self.cursor.refused("a colon must stand here"));
                    }
                    self.cursor.step();
                    self.cursor.skip_space();
                    let value = self.value()?;
                    let value = self.run_on(value);
                    Self::enter(&mut map, &mut marks, &key, value);
                    wanted = self.comma_or(b'}')?;
                }
                _ => {
                    return Err(self
                        .cursor
                        .refused("a key in double quotes must stand here"));
                }
            }
        }
    }

    fn enter(map: &mut Map, marks: &mut Marks, key: &Value, mut value: Value) {
        marks.add(&key.marks());
        let Some(name) = key.as_str() else {
            // A key that is not known may be any.
            marks.add(&value.marks());
            open(map, &Unknown::computed([key]));
            return;
        };
        let place = key.trace.written();
        if let Some(place) = place {
            value.trace = value.trace.then(StepKind::Key, place);
        }
        map.enter(Arc::from(&*name), value);
    }

    /// Whether text follows that belongs to what came last: `${x}0`.
    fn continues(&self) -> bool {
        matches!(
            self.cursor.next(),
            Next::Byte(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
        )
    }

    /// Something unknown that runs on into text is a value of which nothing is known: `${x}0`.
    fn run_on(&mut self, value: Value) -> Value {
        let start = self.cursor.position();
        let mut open = value.as_unknown().map(|_| Vec::new());
        let scalar = matches!(value.kind, Kind::Number(_) | Kind::Bool(_) | Kind::Null(_));
        if open.is_none() && !scalar {
            return value;
        }
        let mut marks = value.marks();
        loop {
            match self.cursor.next() {
                Next::Unknown(unknown, trace) => {
                    marks.add(&trace.marks());
                    open.get_or_insert_default().push(unknown.clone());
                    self.cursor.step();
                }
                Next::Byte(_) if open.is_some() && self.continues() => self.cursor.step(),
                _ => break,
            }
        }
        match open {
            Some(more) if self.cursor.position() != start => {
                let first = value.as_unknown().cloned();
                let unknown = Unknown::computed_from(first.iter().chain(&more)).not_null();
                Value::unknown(unknown).with_marks(&marks)
            }
            _ => value,
        }
    }

    fn word(&mut self) -> Result<Value, Failure> {
        let start = self.cursor.position();
        let mut word = String::new();
        while let Next::Byte(
            byte @ (b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z'),
        ) = self.cursor.next()
        {
            word.push(char::from(byte));
            self.cursor.step();
        }
        let end = self.cursor.end();
        let kind = match word.as_str() {
            "null" => Kind::Null(Type::Null),
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            number if is_number(number) => Kind::Number(Number::parse(number)?),
            // An unknown that follows may complete it.
            _ if matches!(self.cursor.next(), Next::Unknown(..)) => Kind::Null(Type::Null),
            _ => {
                self.cursor.back_to(start);
                return Err(self.cursor.refused("this is no JSON value"));
            }
        };
        Ok(Value::of(kind).with_trace(self.cursor.trace(start, end)))
    }
}

/// A value as it is read from its JSON, which has tuples and objects alone.
fn as_read(value: &Value) -> Value {
    let read = match &value.kind {
        Kind::List(_, elements) => Value::tuple(elements.iter().map(as_read).collect()),
        Kind::Object(_, map) => {
            let entries = map.entries.iter();
            let entries = entries
                .map(|(key, entry)| (key.clone(), as_read(entry)))
                .collect();
            let rest = map.rest.clone();
            Value::mapping(Mapping::Object, Map { entries, rest })
        }
        _ => return value.clone(),
    };
    read.with_trace(value.trace.clone())
}

/// Whether its JSON is one value, which is itself.
fn is_scalar(unknown: &Unknown) -> bool {
    matches!(unknown.ty(), Type::Number | Type::Bool)
}

/// What the JSON that is a reference's text will come to: not the reference itself, if it is a string.
fn out_of(unknown: &Unknown, trace: &Trace) -> Value {
    let mut value = Value::unknown(if is_scalar(unknown) {
        unknown.clone()
    } else {
        Unknown::computed_from([unknown])
    });
    value.trace = trace.clone();
    value.trace.presence = Presence::Certain;
    value
}

fn open(map: &mut Map, unknown: &Unknown) {
    let both: Vec<&Unknown> = map.rest.iter().chain([unknown]).collect();
    let rest = Unknown::computed_from(both).with_type(Type::Any);
    map.rest = Some(rest);
}

/// The steps of a string that is nothing but one interpolated value: those of that value, which was
/// written elsewhere than in the text around it.
pub(super) fn interpolated(text: &Text, around: &Trace) -> Option<Arc<TraceStep>> {
    let [Part::Known(_, trace) | Part::Unknown(_, trace)] = text.0.as_slice() else {
        return None;
    };
    let (inner, outer) = (trace.written()?, around.written()?);
    let inside = inner.file == outer.file
        && outer.span.start <= inner.span.start
        && inner.span.end <= outer.span.end;
    (!inside).then(|| trace.steps.clone())?
}

/// Whether a word is a number in JSON, which is stricter than Terraform's own numbers.
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}
