//! From YAML to a value.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput};

use super::compose::{Composed, is_marked};
use super::scalar::{self, Tag};
use crate::terraform::types::{Type, convert};
use crate::terraform::value::{
    Failure, Kind, MAX_DEPTH, Map, Mapping, Marks, Part, StepKind, Text, Trace, Unknown, Value,
};

/// How many entries may be copied by merge keys.
const MOST_MERGED: usize = 100_000;
/// How many values a document may have; one with more is unknown.
const MOST_VALUES: usize = 250_000;

/// Reads a text as YAML, as `yamldecode` does. Unknown parts stay unknown where they stand, as scalars or
/// parts of them, and each leaf knows its place where the text has one.
///
/// # Errors
/// Where and why the text is not YAML, or YAML that has no value in Terraform.
pub fn parse(text: &Text) -> Result<Value, Failure> {
    let Some(composed) = Composed::new(text) else {
        let whole = Value::string(text.clone());
        return Ok(Value::unknown(Unknown::computed([&whole])).flow([&whole]));
    };
    let directives = composed
        .text
        .lines()
        .take_while(|line| line.starts_with('%'));
    for directive in directives {
        if directive.starts_with("%YAML") && !directive["%YAML".len()..].trim().starts_with("1.1") {
            return Err(Failure::new(
                "YAML 1.1 is the only version that Terraform reads",
            ));
        }
    }
    let mut reader = Reader {
        composed: &composed,
        events: Parser::new_from_str(&composed.text),
        anchors: HashMap::new(),
        depth: 0,
        merged: 0,
        values: 0,
    };
    match reader.next()? {
        (Event::StreamStart, _) => {}
        (_, span) => return Err(reader.refused("the stream does not begin", span)),
    }
    match reader.next()? {
        (Event::DocumentStart(_), _) => {}
        (_, span) => return Err(reader.refused("there is no document", span)),
    }
    let value = match reader.value() {
        Err(_) if reader.values > MOST_VALUES => {
            let why = Unknown::other("the YAML has too many values to be read here");
            return Ok(Value::unknown(why).with_marks(&text.marks()));
        }
        value => value?,
    };
    match reader.next()? {
        (Event::DocumentEnd, _) => {}
        (_, span) => return Err(reader.refused("there is something after the value", span)),
    }
    match reader.next()? {
        (Event::StreamEnd, _) => Ok(value),
        (_, span) => Err(reader.refused("there is more than one document", span)),
    }
}

struct Reader<'a> {
    composed: &'a Composed<'a>,
    events: Parser<'a, StrInput<'a>>,
    anchors: HashMap<usize, Value>,
    depth: usize,
    merged: usize,
    values: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Failure> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(self.refused(
                &format!("not YAML: {}", error.info()),
                Span::empty(*error.marker()),
            )),
            None => Err(Failure::new("the YAML text ends too early")),
        }
    }

    fn refused(&self, why: &str, span: Span) -> Failure {
        let at = |marker: Marker| self.composed.offset(marker.index());
        let place = self.composed.trace(at(span.start), at(span.end)).written();
        Failure::new(why).at(place)
    }

    fn trace(&self, span: Span) -> Trace {
        let start = self.composed.offset(span.start.index());
        let end = self.composed.offset(span.end.index());
        self.composed.trace(start, end)
    }

    fn value(&mut self) -> Result<Value, Failure> {
        let (event, span) = self.next()?;
        self.value_of(event, span)
    }

    fn value_of(&mut self, event: Event<'a>, span: Span) -> Result<Value, Failure> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(self.refused("the YAML has too many values", span));
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tag = self.scalar_tag(tag.as_deref(), span)?;
                let value = self.scalar(tag, &text, style, span)?;
                Ok(self.anchored(anchor, value))
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(value) => Ok(value.clone()),
                None => Err(self.refused("an alias cannot stand in what it is an alias of", span)),
            },
            Event::SequenceStart(anchor, tag) => {
                self.expect_tag(tag.as_deref(), "tag:yaml.org,2002:seq", span)?;
                self.enter(span)?;
                let mut elements = Vec::new();
                let end = loop {
                    match self.next()? {
                        (Event::SequenceEnd, end) => break end,
                        (event, span) => elements.push(self.value_of(event, span)?),
                    }
                };
                self.depth -= 1;
                let value = self.container(Value::tuple(elements), span, end);
                Ok(self.anchored(anchor, value))
            }
            Event::MappingStart(anchor, tag) => {
                self.expect_tag(tag.as_deref(), "tag:yaml.org,2002:map", span)?;
                self.enter(span)?;
                let (value, end) = self.mapping()?;
                self.depth -= 1;
                let value = self.container(value, span, end);
                Ok(self.anchored(anchor, value))
            }
            _ => Err(self.refused("a value must stand here", span)),
        }
    }

    fn enter(&mut self, span: Span) -> Result<(), Failure> {
        self.depth += 1;
        if self.depth + 2 >= MAX_DEPTH {
            return Err(self.refused("the YAML is nested too deep", span));
        }
        Ok(())
    }

    fn anchored(&mut self, anchor: usize, value: Value) -> Value {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        value
    }

    fn container(&self, value: Value, start: Span, end: Span) -> Value {
        let begin = self.composed.offset(start.start.index());
        let finish = self.composed.offset(end.end.index());
        // A mapping without braces ends where the next thing begins.
        let finish = begin
            + self.composed.text[begin..finish.max(begin)]
                .trim_end()
                .len();
        let mut trace = self.composed.trace(begin, finish);
        trace.taint = None;
        trace.sensitive = false;
        trace.add_marks(&self.composed.marks_at(begin));
        trace.add_marks(&value.trace.marks());
        value.with_trace(trace)
    }

    fn full_tag(tag: Option<&saphyr_parser::Tag>) -> Option<String> {
        tag.map(|tag| format!("{}{}", tag.handle, tag.suffix))
    }

    fn scalar_tag(&self, tag: Option<&saphyr_parser::Tag>, span: Span) -> Result<Tag, Failure> {
        match Self::full_tag(tag) {
            None => Ok(Tag::None),
            Some(name) => Tag::named(&name).map_err(|failure| self.refused(&failure.message, span)),
        }
    }

    fn expect_tag(
        &self,
        tag: Option<&saphyr_parser::Tag>,
        wanted: &str,
        span: Span,
    ) -> Result<(), Failure> {
        match Self::full_tag(tag) {
            Some(name) if name != wanted => {
                Err(self.refused(&format!("the tag `{name}` does not fit"), span))
            }
            _ => Ok(()),
        }
    }

    fn scalar(
        &self,
        tag: Tag,
        text: &str,
        style: ScalarStyle,
        span: Span,
    ) -> Result<Value, Failure> {
        let trace = self.trace(span);
        if !is_marked(text) {
            let value = scalar::resolve(tag, text, style)
                .map_err(|failure| self.refused(&failure.message, span))?;
            return Ok(match value.as_str() {
                Some(known) => Value::string(Text::written(&known, trace.clone())),
                None => value,
            }
            .with_trace(trace));
        }
        let bare = Trace {
            taint: None,
            sensitive: false,
            ..trace.clone()
        };
        let parts = self.composed.scalar(text, &bare);
        if style == ScalarStyle::Plain && tag == Tag::None {
            if let [Part::Json(value)] = parts.0.as_slice() {
                return Ok((**value).clone());
            }
            if may_be_other_than_text(&parts) {
                let whole = Value::string(parts);
                let unknown = Unknown::computed([&whole]).with_type(Type::Any);
                return Ok(Value::unknown(unknown).with_trace(trace));
            }
        }
        let mut value = Value::string(parts);
        let sensitive = value.trace.sensitive;
        value.trace = if value.is_unknown() { trace } else { bare };
        value.trace.sensitive |= sensitive;
        Ok(value)
    }

    fn mapping(&mut self) -> Result<(Value, Span), Failure> {
        let mut map = Map::default();
        let mut marks = Marks::default();
        loop {
            let (event, span) = self.next()?;
            let (text, style, anchor, tag) = match event {
                Event::MappingEnd => {
                    let value = Value::mapping(Mapping::Object, map).with_marks(&marks);
                    return Ok((value, span));
                }
                Event::Scalar(text, style, anchor, tag) => (text, style, anchor, tag),
                _ => return Err(self.refused("only a string can be a key", span)),
            };
            let name = Self::full_tag(tag.as_deref());
            if name.is_none() && text == "<<" || name.as_deref() == Some("tag:yaml.org,2002:merge")
            {
                let merged = self.value()?;
                marks.add(&merged.trace.marks());
                self.merge(&mut map, &merged, span)?;
                continue;
            }
            let tag = self.scalar_tag(tag.as_deref(), span)?;
            let key = self.scalar(tag, &text, style, span)?;
            let key = self.anchored(anchor, key);
            let key = convert(&key, &Type::String)?;
            if key.is_null() {
                return Err(self.refused("null cannot be a key", span));
            }
            let mut value = self.value()?;
            marks.add(&key.marks());
            let Some(name) = key.as_str() else {
                marks.add(&value.marks());
                let unknown = Unknown::computed([&key]).with_type(Type::Any);
                map.rest.get_or_insert(unknown);
                continue;
            };
            if let Some(place) = key.trace.written() {
                value.trace = value.trace.then(StepKind::Key, place);
            }
            map.entries.insert(Arc::from(&*name), value);
        }
    }

    /// Adds the entries of a mapping, or of a sequence of them.
    fn merge(&mut self, map: &mut Map, merged: &Value, span: Span) -> Result<(), Failure> {
        match &merged.kind {
            Kind::Object(_, other) => self.merge_entries(map, &other.entries, span),
            Kind::List(_, elements) => {
                for element in elements.iter() {
                    match &element.kind {
                        Kind::Object(_, other) => self.merge_entries(map, &other.entries, span)?,
                        Kind::Unknown(unknown) => {
                            map.rest.get_or_insert_with(|| unknown.clone());
                        }
                        _ => return Err(self.refused("only mappings can be merged", span)),
                    }
                }
                Ok(())
            }
            Kind::Unknown(unknown) => {
                map.rest.get_or_insert_with(|| unknown.clone());
                Ok(())
            }
            _ => Err(self.refused("only mappings can be merged", span)),
        }
    }

    fn merge_entries(
        &mut self,
        map: &mut Map,
        entries: &BTreeMap<Arc<str>, Value>,
        span: Span,
    ) -> Result<(), Failure> {
        self.merged = self.merged.saturating_add(entries.len());
        if self.merged > MOST_MERGED {
            return Err(self.refused("too much is merged", span));
        }
        for (key, value) in entries {
            map.entries.insert(key.clone(), value.clone());
        }
        Ok(())
    }
}

/// Whether a plain scalar with unknown parts may turn out to be a number, a truth value or null.
fn may_be_other_than_text(text: &Text) -> bool {
    const LONGEST_WORD: usize = 5;
    let mut known = String::new();
    for part in &text.0 {
        match part {
            Part::Known(text, _) => known.push_str(text),
            Part::Json(_) => return false,
            Part::Unknown(..) => {}
        }
    }
    let number = |byte: u8| byte.is_ascii_hexdigit() || b"+-._xoT:Z ".contains(&byte);
    known.bytes().all(number)
        || known.len() <= LONGEST_WORD && known.bytes().all(|byte| byte.is_ascii_alphabetic())
}
