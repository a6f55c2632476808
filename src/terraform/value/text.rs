//! Text whose known parts stay known.

use std::borrow::Cow;
use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::kind::Value;
use super::shared::Shared;
use super::trace::{Marks, StepKind, Trace, TraceStep};
use super::unknown::Unknown;
use crate::hcl::Span;
use crate::source::Place;
use crate::terraform::json;

/// A text in parts: `"${aws_ecr_repository.app.repository_url}:latest"` is an unknown and `:latest`.
#[derive(Clone, Debug, Default)]
pub struct Text(pub Vec<Part>);

/// A part of a text.
#[derive(Clone, Debug)]
pub enum Part {
    /// Known text. Where the trace's place has the same length, it maps byte for byte onto the source.
    Known(Arc<str>, Trace),
    /// The JSON of a value, whose structure is kept.
    Json(Shared<Value>),
    /// A part that is not known.
    Unknown(Unknown, Trace),
}

impl Part {
    /// The place of a range of known text, where the part maps byte for byte onto the source.
    #[must_use]
    pub fn place_of(&self, start: usize, end: usize) -> Option<Place> {
        let Part::Known(text, trace) = self else {
            return None;
        };
        let place = trace.written().filter(|place| is_verbatim(text, *place))?;
        let at = |offset: usize| Some(place.span.start + u32::try_from(offset).ok()?);
        Some(Place::new(
            place.file,
            Span {
                start: at(start)?,
                end: at(end)?,
            },
        ))
    }

    /// The marks of the part, and of everything in it.
    #[must_use]
    pub fn marks(&self) -> Marks {
        match self {
            Part::Known(_, trace) | Part::Unknown(_, trace) => trace.marks(),
            Part::Json(value) => value.marks(),
        }
    }

    fn with_marks(&self, marks: &Marks) -> Self {
        match self {
            Part::Known(text, trace) => Part::Known(text.clone(), trace.clone().with_marks(marks)),
            Part::Unknown(unknown, trace) => {
                Part::Unknown(unknown.clone(), trace.clone().with_marks(marks))
            }
            Part::Json(value) => Part::Json(Value::share((**value).clone().with_marks(marks))),
        }
    }
}

fn is_verbatim(text: &str, place: Place) -> bool {
    (place.span.end - place.span.start) as usize == text.len()
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::written(text, Trace::default())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::from(text.as_str())
    }
}

impl From<Arc<str>> for Text {
    fn from(text: Arc<str>) -> Self {
        Text::from(&*text)
    }
}

impl Text {
    /// A known text with its trace.
    #[must_use]
    pub fn written(text: &str, trace: Trace) -> Self {
        let mut builder = TextBuilder::default();
        builder.push_known(text, &trace);
        builder.finish()
    }

    /// A known text with its trace, which is shared where it is in normal form already.
    #[must_use]
    pub fn shared(text: &Arc<str>, trace: Trace) -> Self {
        match normalized(text) {
            Cow::Borrowed("") => Text::default(),
            Cow::Borrowed(_) => Text(vec![Part::Known(text.clone(), trace)]),
            Cow::Owned(_) => Text::written(text, trace),
        }
    }

    /// A text of which nothing is known.
    #[must_use]
    pub fn unknown(unknown: Unknown, trace: Trace) -> Self {
        Text(vec![Part::Unknown(unknown, trace)])
    }

    /// Joins texts.
    pub fn concat(texts: impl IntoIterator<Item = Text>) -> Self {
        let mut builder = TextBuilder::default();
        for text in texts {
            builder.push_text(text);
        }
        builder.finish()
    }

    /// The whole text, where all of it is known.
    #[must_use]
    pub fn known(&self) -> Option<Cow<'_, str>> {
        match self.0.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [Part::Known(text, _)] => Some(Cow::Borrowed(text)),
            parts => {
                let mut whole = String::new();
                for part in parts {
                    match part {
                        Part::Known(text, _) => whole.push_str(text),
                        Part::Json(value) => whole.push_str(&json::render(value).known()?),
                        Part::Unknown(..) => return None,
                    }
                }
                Some(Cow::Owned(normalized(&whole).into_owned()))
            }
        }
    }

    /// Whether all of it is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.0.iter().all(|part| match part {
            Part::Known(..) => true,
            Part::Json(value) => value.is_known(),
            Part::Unknown(..) => false,
        })
    }

    /// Whether it is known to be empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The known text that it begins with, JSON included; all of it where all is known.
    #[must_use]
    pub fn prefix(&self) -> String {
        let mut prefix = String::new();
        for part in &self.0 {
            match part {
                Part::Known(text, _) => prefix.push_str(text),
                Part::Json(value) => {
                    let text = json::render(value);
                    match text.known() {
                        Some(known) => prefix.push_str(&known),
                        None => {
                            prefix.push_str(&text.prefix());
                            break;
                        }
                    }
                }
                Part::Unknown(..) => break,
            }
        }
        prefix
    }

    /// The known text that it ends with, JSON included; all of it where all is known.
    #[must_use]
    pub fn suffix(&self) -> String {
        let mut pieces = Vec::new();
        for part in self.0.iter().rev() {
            match part {
                Part::Known(text, _) => pieces.push(text.to_string()),
                Part::Json(value) => {
                    let text = json::render(value);
                    if let Some(known) = text.known() {
                        pieces.push(known.into_owned());
                    } else {
                        pieces.push(text.suffix());
                        break;
                    }
                }
                Part::Unknown(..) => break,
            }
        }
        pieces.iter().rev().map(String::as_str).collect()
    }

    /// The unknown parts, those in JSON not among them.
    pub fn unknowns(&self) -> impl Iterator<Item = &Unknown> {
        self.0.iter().filter_map(|part| match part {
            Part::Unknown(unknown, _) => Some(unknown),
            _ => None,
        })
    }

    /// The marks of all its parts.
    #[must_use]
    pub fn marks(&self) -> Marks {
        let mut marks = Marks::default();
        for part in &self.0 {
            marks.add(&part.marks());
        }
        marks
    }

    /// The same with marks on every part.
    #[must_use]
    pub fn with_marks(self, marks: &Marks) -> Self {
        if !marks.any() {
            return self;
        }
        Text(self.0.iter().map(|part| part.with_marks(marks)).collect())
    }

    /// Whether both are the same text for certain: equal known parts, equal references between them.
    #[must_use]
    pub fn same(&self, other: &Text) -> bool {
        if let (Some(one), Some(another)) = (self.known(), other.known()) {
            return one == another;
        }
        let pieces = |text: &Text| -> Vec<Piece> {
            let mut pieces: Vec<Piece> = Vec::new();
            for part in &text.0 {
                match (part, pieces.last_mut()) {
                    (Part::Known(text, _), Some(Piece::Known(known))) => known.push_str(text),
                    (Part::Known(text, _), _) => pieces.push(Piece::Known(text.to_string())),
                    (Part::Json(value), _) => pieces.push(Piece::Json(value.clone())),
                    (Part::Unknown(unknown, _), _) => pieces.push(Piece::Unknown(unknown.clone())),
                }
            }
            pieces
        };
        let (one, another) = (pieces(self), pieces(other));
        one.len() == another.len()
            && one.iter().zip(&another).all(|pair| match pair {
                (Piece::Known(one), Piece::Known(another)) => one == another,
                (Piece::Json(one), Piece::Json(another)) => one.same(another),
                (Piece::Unknown(one), Piece::Unknown(another)) => one.same(another),
                _ => false,
            })
    }
}

/// A part without its trace, neighbours joined.
enum Piece {
    Known(String),
    Json(Shared<Value>),
    Unknown(Unknown),
}

/// Puts a text together, in time linear in its size.
#[derive(Debug, Default)]
pub struct TextBuilder {
    parts: Vec<Part>,
    pending: Option<(String, Trace)>,
    sensitive: bool,
}

impl TextBuilder {
    /// Adds known text. It joins what came before it where that loses neither place nor mark.
    pub fn push_known(&mut self, text: &str, trace: &Trace) {
        if text.is_empty() {
            return;
        }
        if let Some((before, before_trace)) = &mut self.pending
            && let Some(joined) = joined(before, before_trace, text, trace)
        {
            before.push_str(text);
            *before_trace = joined;
            return;
        }
        self.flush();
        self.pending = Some((text.to_owned(), trace.clone()));
    }

    /// Adds a part.
    pub fn push(&mut self, part: Part) {
        match part {
            Part::Known(text, trace) => self.push_known(&text, &trace),
            other => {
                self.flush();
                self.parts.push(other);
            }
        }
    }

    /// Adds all parts of a text.
    pub fn push_text(&mut self, text: Text) {
        for part in text.0 {
            self.push(part);
        }
    }

    /// Marks the text as a whole: something that is not in it decided what is.
    pub fn mark_sensitive(&mut self) {
        self.sensitive = true;
    }

    /// Whether the text was marked as a whole.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Gives the text.
    #[must_use]
    pub fn finish(mut self) -> Text {
        self.flush();
        Text(self.parts)
    }

    fn flush(&mut self) {
        let Some((text, mut trace)) = self.pending.take() else {
            return;
        };
        let text = match normalized(&text) {
            Cow::Borrowed(_) => Arc::from(text),
            Cow::Owned(changed) => {
                if trace
                    .written()
                    .is_some_and(|place| is_verbatim(&changed, place))
                {
                    trace.steps = None;
                }
                Arc::from(changed)
            }
        };
        // Most texts have one part.
        self.parts.reserve_exact(usize::from(self.parts.is_empty()));
        self.parts.push(Part::Known(text, trace));
    }
}

/// The trace of two known texts that stand side by side, where one trace can tell of both.
fn joined(before: &str, before_trace: &Trace, text: &str, trace: &Trace) -> Option<Trace> {
    if before_trace.taint != trace.taint || before_trace.sensitive != trace.sensitive {
        return None;
    }
    match (&before_trace.steps, &trace.steps) {
        (None, None) => Some(trace.clone()),
        (Some(first), Some(second)) => {
            let alone = |step: &TraceStep| step.kind == StepKind::Written && step.before.is_none();
            let contiguous = alone(first)
                && alone(second)
                && first.place.file == second.place.file
                && first.place.span.end == second.place.span.start
                && is_verbatim(before, first.place)
                && is_verbatim(text, second.place);
            if !contiguous {
                return None;
            }
            let span = Span {
                start: first.place.span.start,
                end: second.place.span.end,
            };
            let mut joined = Trace::at(Place::new(first.place.file, span));
            joined.taint.clone_from(&trace.taint);
            joined.sensitive = trace.sensitive;
            Some(joined)
        }
        _ => None,
    }
}

/// Terraform's strings are in Unicode's normal form C.
pub(super) fn normalized(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        let normal: String = text.nfc().collect();
        if normal == text {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(normal)
        }
    }
}
