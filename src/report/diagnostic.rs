//! One diagnostic as rustc would lay it out: title, snippets, notes, suggestion.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};

use super::terminal;
use super::{Location, ResolvedEdit, ResolvedFix};
use crate::hcl::Span;
use crate::secrecy::MASK;
use crate::source::Position;

/// Past this many bytes a line is cut to what is pointed at.
const LONG_LINE: usize = 400;

/// How much of a long line is shown before and after where something is pointed at.
const AROUND: (usize, usize) = (60, 140);

/// Places that are this many lines apart are shown in snippets of their own.
const FAR_APART: usize = 200;

/// And so are places that are this many bytes apart.
const FAR_APART_BYTES: u32 = 1 << 16;

/// What is said, before it is laid out.
#[derive(Debug, Default)]
pub(super) struct Diagnostic<'a> {
    pub(super) denied: bool,
    pub(super) id: Option<&'a str>,
    pub(super) title: &'a str,
    pub(super) locations: &'a [Location],
    pub(super) notes: Vec<Cow<'a, str>>,
    pub(super) help: Option<Cow<'a, str>>,
    pub(super) fix: Option<&'a ResolvedFix>,
}

/// Lays a diagnostic out. Everything in it is made safe for a terminal.
pub(super) fn render(diagnostic: &Diagnostic<'_>, colour: bool) -> String {
    let level = if diagnostic.denied {
        Level::ERROR
    } else {
        Level::WARNING
    };
    let mut title = level.primary_title(terminal::line(diagnostic.title));
    if let Some(id) = diagnostic.id {
        title = title.id(id);
    }
    let mut group = Group::with_title(title);
    let mut moved = Vec::new();
    for excerpt in excerpts(diagnostic.locations) {
        moved.extend(excerpt.moved.clone());
        group = group.element(excerpt.into_snippet());
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(terminal::block(note)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(terminal::block(help)));
    }
    let mut groups = vec![group];
    if let Some(fix) = diagnostic.fix
        && let Some(suggestion) = suggestion(fix)
    {
        groups.push(suggestion);
    }
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut text = renderer.render(&groups);
    for (wrong, right) in moved {
        text = text.replacen(&wrong, &right, 1);
    }
    text.push('\n');
    text
}

/// A piece of one file with what is pointed at in it.
struct Excerpt<'a> {
    file: Cow<'a, str>,
    /// The place as the renderer would print it and as it is, where the text was cut and columns moved.
    moved: Option<(String, String)>,
    line_start: usize,
    text: String,
    marks: Vec<(Range<usize>, bool, Cow<'a, str>)>,
}

impl<'a> Excerpt<'a> {
    fn into_snippet(self) -> Snippet<'a, Annotation<'a>> {
        let mut snippet = Snippet::source(self.text)
            .line_start(self.line_start)
            .path(self.file);
        for (span, primary, label) in self.marks {
            let kind = if primary {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let mut annotation = kind.span(span);
            if !label.is_empty() {
                annotation = annotation.label(label);
            }
            snippet = snippet.annotation(annotation);
        }
        snippet
    }
}

/// Cuts what is pointed at out of its files, the primary place first.
fn excerpts(locations: &[Location]) -> Vec<Excerpt<'_>> {
    let mut clusters: Vec<Vec<&Location>> = Vec::new();
    for location in locations {
        let joined = clusters.iter_mut().find(|cluster| {
            cluster.iter().any(|other| {
                other.file == location.file
                    && other.text == location.text
                    && other.start.line.abs_diff(location.start.line) < FAR_APART
                    && other.span.start.abs_diff(location.span.start) < FAR_APART_BYTES
                    && !on_long_line(location)
                    && !on_long_line(other)
            })
        });
        match joined {
            Some(cluster) => cluster.push(location),
            None => clusters.push(vec![location]),
        }
    }
    clusters
        .into_iter()
        .filter_map(|cluster| excerpt(&cluster))
        .collect()
}

fn on_long_line(location: &Location) -> bool {
    line_around(&location.text.0, location.span).is_none()
}

/// The range of the one line that a span is in, without its line break. `None` where the line is too long
/// to be shown; no more of it is read than it takes to find that out.
fn line_around(text: &str, span: Span) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let (start, end) = (span.start as usize, (span.end as usize).min(bytes.len()));
    let before = &bytes[start.saturating_sub(LONG_LINE + 1)..start];
    let start = match before.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => start - before.len() + at + 1,
        None if before.len() == start => 0,
        None => return None,
    };
    let after = &bytes[end..bytes.len().min(end + LONG_LINE + 1)];
    let end = match after.iter().position(|byte| *byte == b'\n') {
        Some(at) => end + at,
        None if end + after.len() == bytes.len() => bytes.len(),
        None => return None,
    };
    let returned = end > start && bytes[end - 1] == b'\r';
    let line = start..end - usize::from(returned);
    (line.len() <= LONG_LINE).then_some(line)
}

fn excerpt<'a>(cluster: &[&'a Location]) -> Option<Excerpt<'a>> {
    let first = cluster.first()?;
    let text: &str = &first.text.0;
    if let [location] = cluster
        && on_long_line(location)
    {
        return Some(long_line(location, text));
    }
    let line_start = cluster.iter().map(|location| location.start.line).min()?;
    let lines = cluster
        .iter()
        .filter_map(|location| line_around(text, location.span));
    let range = lines.reduce(|all, line| all.start.min(line.start)..all.end.max(line.end))?;
    let mut offsets: Vec<usize> = cluster
        .iter()
        .flat_map(|location| [location.span.start, location.span.end])
        .map(|offset| (offset as usize - range.start).min(range.len()))
        .collect();
    let piece = sanitised(&text[range], &mut offsets, cluster, line_start);
    let marks = cluster
        .iter()
        .zip(offsets.chunks_exact(2))
        .map(|(location, ends)| {
            (
                ends[0]..ends[1],
                location.primary,
                terminal::line(&location.label),
            )
        })
        .collect();
    let file = terminal::line(&first.file);
    // Masks have moved what stands after them.
    let mut shown = cluster.iter().zip(offsets.chunks_exact(2));
    let primary = shown.find(|(location, _)| location.primary);
    let moved = primary.and_then(|(location, ends)| {
        let Position { line, column } = location.start;
        let begin = piece[..ends[0]].rfind('\n').map_or(0, |at| at + 1);
        let shown_column = piece[begin..ends[0]].chars().count() + 1;
        let before = text[..location.span.start as usize].rsplit('\n').next();
        let masked = before.is_some_and(|before| before.contains(char::from(MASK)));
        masked.then(|| {
            (
                format!("{file}:{line}:{shown_column}"),
                format!("{file}:{line}:{column}"),
            )
        })
    });
    Some(Excerpt {
        file,
        moved,
        line_start,
        text: piece,
        marks,
    })
}

/// Makes a piece of source safe, keeping only lines that may be shown: those pointed at, and their
/// neighbours. The others stay as empty lines, so that numbers stay right.
fn sanitised(
    piece: &str,
    offsets: &mut [usize],
    cluster: &[&Location],
    line_start: usize,
) -> String {
    let mut order: Vec<usize> = (0..offsets.len()).collect();
    order.sort_by_key(|&index| offsets[index]);
    let mut next = 0;
    let mut safe = String::new();
    let mut begin = 0;
    for (number, line) in (line_start..).zip(piece.split('\n')) {
        let end = begin + line.len();
        let mut here: Vec<usize> = Vec::new();
        let first = next;
        while let Some(&index) = order.get(next)
            && offsets[index] <= end
        {
            here.push(offsets[index] - begin);
            next += 1;
        }
        if number > line_start {
            safe.push('\n');
        }
        let near = |location: &&&Location| location.start.line.abs_diff(number) <= 2;
        if !here.is_empty() || (line.len() <= LONG_LINE && cluster.iter().any(|l| near(&l))) {
            let line = line.strip_suffix('\r').unwrap_or(line);
            let base = safe.len();
            safe.push_str(&terminal::source(line, &mut here));
            for (&index, offset) in order[first..next].iter().zip(here) {
                offsets[index] = base + offset;
            }
        }
        begin = end + 1;
    }
    safe
}

/// Cuts a line that is too long to be shown to what is pointed at.
fn long_line<'a>(location: &'a Location, text: &'a str) -> Excerpt<'a> {
    let (before, after) = AROUND;
    let at = location.span.start as usize;
    let from = floor(text, at.saturating_sub(before));
    let to = floor(text, text.len().min(at + after));
    // The line may begin or end within what would be shown.
    let begin = text[from..at]
        .rfind('\n')
        .map(|line_break| from + line_break + 1);
    let end = text[at..to].find('\n').map(|line_break| at + line_break);
    let lead = if begin.is_none() && from > 0 {
        "…"
    } else {
        ""
    };
    let trail = if end.is_none() && to < text.len() {
        "…"
    } else {
        ""
    };
    let (from, to) = (begin.unwrap_or(from), end.unwrap_or(to));
    let mut offsets = [at - from, (location.span.end as usize).clamp(at, to) - from];
    let piece = terminal::source(&text[from..to], &mut offsets);
    let range = offsets[0] + lead.len()..offsets[1] + lead.len();
    let text = format!("{lead}{piece}{trail}");
    let file = terminal::line(&location.file);
    let Position { line, column } = location.start;
    let cut_column = text[..range.start].chars().count() + 1;
    Excerpt {
        moved: Some((
            format!("{file}:{line}:{cut_column}"),
            format!("{file}:{line}:{column}"),
        )),
        file,
        line_start: line,
        text,
        marks: vec![(range, location.primary, terminal::line(&location.label))],
    }
}

fn floor(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A fix as a patch. One that is not fit to be shown (on a line that is too long, or with control
/// characters) is left to the reports for machines.
fn suggestion(fix: &ResolvedFix) -> Option<Group<'_>> {
    let mut group = Level::HELP
        .secondary_title(terminal::line(&fix.title))
        .elements([] as [annotate_snippets::Padding; 0]);
    let mut rest = fix.edits.as_slice();
    while let Some(first) = rest.first() {
        let same = rest
            .iter()
            .take_while(|edit| edit.file == first.file)
            .count();
        let (edits, others) = rest.split_at(same);
        group = group.element(patches(edits)?);
        rest = others;
    }
    Some(group)
}

fn patches(edits: &[ResolvedEdit]) -> Option<Snippet<'_, Patch<'_>>> {
    let (first, last) = (edits.first()?, edits.last()?);
    let text: &str = &first.text.0;
    let apart = last.span.start - first.span.start;
    if apart > FAR_APART_BYTES {
        return None;
    }
    // What is replaced may span lines; its ends must be on lines that can be shown.
    let at = |offset: u32| Span {
        start: offset,
        end: offset,
    };
    let start = line_around(text, at(first.span.start))?.start;
    let end = line_around(text, at(last.span.end))?.end;
    let mut offsets: Vec<usize> = edits
        .iter()
        .flat_map(|edit| [edit.span.start, edit.span.end])
        .map(|offset| (offset as usize).saturating_sub(start))
        .collect();
    let piece = terminal::unmeasured(text.get(start..end)?, &mut offsets);
    let fit = piece.lines().all(|line| line.len() <= LONG_LINE)
        && piece.lines().count() < FAR_APART
        && terminal::block(&piece) == piece.replace('\t', "    ")
        && !piece.contains('\r');
    if !fit {
        return None;
    }
    let line = first.line;
    let spans = offsets.chunks_exact(2);
    let patches = edits
        .iter()
        .zip(spans)
        .map(|(edit, ends)| Patch::new(ends[0]..ends[1], terminal::block(&edit.replacement)));
    Some(
        Snippet::source(piece)
            .line_start(line)
            .path(terminal::line(&first.file))
            .patches(patches),
    )
}
