//! One text to parse out of many parts, with marks in the places of those that are not known.

use crate::hcl::Span;
use crate::source::Place;
use crate::terraform::json;
use crate::terraform::value::{Marks, Part, Text, TextBuilder, Trace};

/// Stands before the number of a part that is not known.
const OPEN: char = '\u{10fff0}';
/// Stands behind the number of a part that is not known.
const CLOSE: char = '\u{10fff1}';

/// A text to parse, and where its pieces come from.
pub(super) struct Composed<'a> {
    parts: &'a [Part],
    /// The text, with a mark in the place of each part that is not known.
    pub(super) text: String,
    /// Where each part begins in it, in bytes.
    starts: Vec<usize>,
    /// The byte offset of each character, where characters are not bytes.
    offsets: Option<Vec<usize>>,
}

impl<'a> Composed<'a> {
    /// Puts the parts together. `None` where the text has the marks in it already.
    pub(super) fn new(text: &'a Text) -> Option<Self> {
        let mut whole = String::new();
        let mut starts = Vec::with_capacity(text.0.len());
        for (index, part) in text.0.iter().enumerate() {
            starts.push(whole.len());
            let known = match part {
                Part::Known(known, _) => Some(known.to_string()),
                Part::Json(value) => json::render(value).known().map(|known| known.into_owned()),
                Part::Unknown(..) => None,
            };
            match known {
                Some(known) if known.contains([OPEN, CLOSE]) => return None,
                Some(known) => whole.push_str(&known),
                None => {
                    whole.push(OPEN);
                    whole.push_str(&index.to_string());
                    whole.push(CLOSE);
                }
            }
        }
        let offsets = (!whole.is_ascii()).then(|| {
            let mut offsets: Vec<usize> = whole.char_indices().map(|(at, _)| at).collect();
            offsets.push(whole.len());
            offsets
        });
        Some(Composed {
            parts: &text.0,
            text: whole,
            starts,
            offsets,
        })
    }

    /// The byte offset of a character.
    pub(super) fn offset(&self, character: usize) -> usize {
        match &self.offsets {
            Some(offsets) => offsets.get(character).copied().unwrap_or(self.text.len()),
            None => character.min(self.text.len()),
        }
    }

    fn part_at(&self, offset: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    fn place_in(&self, part: usize, offset: usize) -> Option<Place> {
        let within = offset.checked_sub(*self.starts.get(part)?)?;
        self.parts.get(part)?.place_of(within, within)
    }

    /// The trace of what stands between two offsets: its place where it has one, its marks.
    pub(super) fn trace(&self, start: usize, end: usize) -> Trace {
        let (first, last) = (self.part_at(start), self.part_at(end.max(start + 1) - 1));
        let begin = self.place_in(first, start);
        let finish = self.place_in(last, end);
        let mut trace = match (begin, finish) {
            (Some(begin), Some(finish))
                if begin.file == finish.file && begin.span.start <= finish.span.end =>
            {
                let span = Span {
                    start: begin.span.start,
                    end: finish.span.end,
                };
                Trace::at(Place::new(begin.file, span))
            }
            _ => match self.parts.get(first) {
                Some(Part::Known(_, trace) | Part::Unknown(_, trace)) => Trace {
                    steps: trace.steps.clone(),
                    ..Trace::default()
                },
                Some(Part::Json(value)) => Trace {
                    steps: value.trace.steps.clone(),
                    ..Trace::default()
                },
                None => Trace::default(),
            },
        };
        for part in self.parts.get(first..=last).unwrap_or_default() {
            trace.add_marks(&part.marks());
        }
        trace
    }

    /// The marks of the part that an offset is in.
    pub(super) fn marks_at(&self, offset: usize) -> Marks {
        match self.parts.get(self.part_at(offset)) {
            Some(Part::Known(_, trace)) => trace.marks(),
            _ => Marks::default(),
        }
    }

    /// The text of a scalar in parts: known text with a trace, and the parts that its marks stand for.
    pub(super) fn scalar(&self, text: &str, trace: &Trace) -> Text {
        let mut builder = TextBuilder::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            builder.push_known(before, trace);
            let Some((number, after)) = after.split_once(CLOSE) else {
                rest = after;
                continue;
            };
            if let Some(part) = number
                .parse::<usize>()
                .ok()
                .and_then(|at| self.parts.get(at))
            {
                builder.push(part.clone());
            }
            rest = after;
        }
        builder.push_known(rest, trace);
        builder.finish()
    }
}

/// Whether a scalar has parts that are not known.
pub(super) fn is_marked(text: &str) -> bool {
    text.contains(OPEN)
}
