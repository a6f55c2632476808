//! Going through a text of parts, byte by byte, and knowing where each byte stands.

use std::sync::Arc;

use crate::hcl::Span;
use crate::source::Place;
use crate::terraform::value::{
    Failure, Marks, Part, Shared, StepKind, Text, TextBuilder, Trace, TraceStep, Unknown, Value,
};

/// What stands at the cursor.
pub(super) enum Next<'a> {
    End,
    Byte(u8),
    Json(&'a Shared<Value>),
    Unknown(&'a Unknown, &'a Trace),
}

/// A position in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) part: usize,
    pub(super) offset: usize,
}

/// A place in a text of parts.
pub(super) struct Cursor<'a> {
    parts: &'a [Part],
    part: usize,
    offset: usize,
}

impl<'a> Cursor<'a> {
    /// Stands at the beginning.
    pub(super) fn new(text: &'a Text) -> Self {
        Cursor {
            parts: &text.0,
            part: 0,
            offset: 0,
        }
    }

    pub(super) fn next(&self) -> Next<'a> {
        let (mut part, mut offset) = (self.part, self.offset);
        loop {
            match self.parts.get(part) {
                None => return Next::End,
                Some(Part::Json(value)) => return Next::Json(value),
                Some(Part::Unknown(unknown, trace)) => return Next::Unknown(unknown, trace),
                Some(Part::Known(text, _)) => match text.as_bytes().get(offset) {
                    Some(byte) => return Next::Byte(*byte),
                    None => (part, offset) = (part + 1, 0),
                },
            }
        }
    }

    /// Steps over a byte or over a part that is not text.
    pub(super) fn step(&mut self) {
        self.settle();
        match self.parts.get(self.part) {
            Some(Part::Known(..)) => self.offset += 1,
            _ => (self.part, self.offset) = (self.part + 1, 0),
        }
    }

    /// Goes on to the part that the next byte is in.
    fn settle(&mut self) {
        while let Some(Part::Known(text, _)) = self.parts.get(self.part)
            && self.offset >= text.len()
        {
            (self.part, self.offset) = (self.part + 1, 0);
        }
    }

    pub(super) fn position(&mut self) -> Position {
        self.settle();
        Position {
            part: self.part,
            offset: self.offset,
        }
    }

    pub(super) fn skip_space(&mut self) {
        while let Next::Byte(b' ' | b'\t' | b'\n' | b'\r') = self.next() {
            self.step();
        }
    }

    pub(super) fn refused(&mut self, why: &str) -> Failure {
        let at = self.position();
        let place = self.parts.get(at.part).and_then(|part| match part {
            Part::Known(text, _) => {
                let end = (at.offset + 1..text.len()).find(|end| text.is_char_boundary(*end));
                part.place_of(at.offset, end.unwrap_or(text.len()))
            }
            Part::Unknown(_, trace) => trace.written(),
            Part::Json(value) => value.trace.written(),
        });
        let why = match self.next() {
            Next::End => "the JSON text ends too early",
            _ => why,
        };
        Failure::new(why).at(place)
    }

    /// The place of what stands between two positions, where both are in one text that was read.
    fn place(&self, start: Position, end: Position) -> Option<Place> {
        let first = self.parts.get(start.part)?;
        let begin = first.place_of(start.offset, start.offset)?;
        let (last, offset) = self.before(end)?;
        let finish = last.place_of(offset, offset)?;
        let whole = Span {
            start: begin.span.start,
            end: finish.span.end,
        };
        (begin.file == finish.file && whole.start <= whole.end)
            .then(|| Place::new(begin.file, whole))
    }

    /// A position as the end of what is before it rather than the start of what is behind it.
    fn before(&self, end: Position) -> Option<(&'a Part, usize)> {
        if end.offset > 0 {
            return Some((self.parts.get(end.part)?, end.offset));
        }
        match self.parts.get(end.part.checked_sub(1)?)? {
            part @ Part::Known(text, _) => Some((part, text.len())),
            _ => None,
        }
    }

    /// The trace of what stands between two positions: its exact place, the steps that the text went
    /// through, and the marks of every part of it.
    pub(super) fn trace(&self, start: Position, end: Position) -> Trace {
        let mut trace = match self.parts.get(start.part) {
            Some(Part::Known(_, trace)) => match self.place(start, end) {
                Some(place) => narrowed(trace, place),
                None => trace.clone(),
            },
            _ => Trace::default(),
        };
        trace.taint = None;
        trace.sensitive = false;
        let last = if end.offset > 0 {
            end.part + 1
        } else {
            end.part
        };
        for part in self.parts.get(start.part..last).unwrap_or_default() {
            match part {
                Part::Known(_, known) => trace.add_marks(&known.marks()),
                other => trace.add_marks(&other.marks()),
            }
        }
        trace
    }

    /// Where the cursor stands, as the end of what is before it.
    pub(super) fn end(&self) -> Position {
        Position {
            part: self.part,
            offset: self.offset,
        }
    }

    /// Goes back to where it stood.
    pub(super) fn back_to(&mut self, position: Position) {
        (self.part, self.offset) = (position.part, position.offset);
    }

    /// The marks of the part that a position is in, where it is text.
    pub(super) fn marks(&self, position: Position) -> Marks {
        match self.parts.get(position.part) {
            Some(Part::Known(_, trace)) => trace.marks(),
            _ => Marks::default(),
        }
    }

    /// The longest stretch of text without escapes, with its exact place.
    pub(super) fn plain(&mut self, text: &mut TextBuilder) {
        let start = self.position();
        let Some(part @ Part::Known(known, trace)) = self.parts.get(start.part) else {
            return;
        };
        let rest = &known.as_bytes()[start.offset..];
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
            .unwrap_or(rest.len());
        let end = start.offset + length;
        let exact = match part.place_of(start.offset, end) {
            Some(place) => narrowed(trace, place),
            None => trace.clone(),
        };
        text.push_known(&known[start.offset..end], &exact);
        self.offset = end;
    }
}

/// A trace whose written place is narrowed to a part of it.
fn narrowed(trace: &Trace, place: Place) -> Trace {
    let mut later = Vec::new();
    let mut before = None;
    for step in trace.iter() {
        if step.kind == StepKind::Written {
            before.clone_from(&step.before);
            break;
        }
        later.push((step.kind.clone(), step.place));
    }
    let mut narrow = Trace {
        steps: Some(Arc::new(TraceStep {
            kind: StepKind::Written,
            place,
            before,
        })),
        ..trace.clone()
    };
    for (kind, place) in later.into_iter().rev() {
        narrow = narrow.then(kind, place);
    }
    narrow
}
