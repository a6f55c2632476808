//! A few lines of a text with a place marked, made safe to show.

use std::ops::Range;

use super::Location;
use super::terminal;

/// Past this many bytes a line is cut to what is marked.
const LONG_LINE: usize = 400;

/// How much of a long line is shown before and after where the mark begins.
const AROUND: (usize, usize) = (60, 140);

/// A line of an excerpt.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: usize,
    /// The line without its end; tabs stay.
    pub(super) text: String,
    /// The bytes of it that are marked.
    pub(super) mark: Option<Range<usize>>,
}

/// The line of a place, and as many before and after it, where they are short enough to be shown. No more of the text
/// is read than that.
pub(super) fn excerpt(location: &Location, around: usize) -> Vec<Line> {
    let text: &str = &location.text.0;
    let start = floor(text, location.span.start as usize);
    let end = floor(text, location.span.end as usize).max(start);
    let (line, cut) = line_at(text, start);
    let number = location.start.line;
    let mut lines = vec![marked(text, line.clone(), cut, number, start..end)];
    if cut.0 || cut.1 {
        return lines;
    }
    let mut before = line.start;
    for distance in 1..=around {
        if before == 0 || number <= distance {
            break;
        }
        let (range, cut) = line_at(text, before - 1);
        if cut.0 || cut.1 {
            break;
        }
        before = range.start;
        lines.insert(0, plain(text, range, number - distance));
    }
    let mut after = line.end;
    for distance in 1..=around {
        let Some(next) = next_line(text, after) else {
            break;
        };
        let (range, cut) = line_at(text, next);
        if cut.0 || cut.1 {
            break;
        }
        after = range.end;
        lines.push(plain(text, range, number + distance));
    }
    lines
}

/// Where the next line begins, after the end of a line without its line break; not where nothing is in it.
fn next_line(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let rest = rest.strip_prefix('\r').unwrap_or(rest);
    let rest = rest.strip_prefix('\n')?;
    (!rest.is_empty()).then(|| text.len() - rest.len())
}

/// The range of the line that an offset is in, without its line break, and whether it had to be cut at either end.
fn line_at(text: &str, offset: usize) -> (Range<usize>, (bool, bool)) {
    let bytes = text.as_bytes();
    let before = &bytes[offset.saturating_sub(LONG_LINE)..offset];
    let begin = match before.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => Some(offset - before.len() + at + 1),
        None => (before.len() == offset).then_some(0),
    };
    let after = &bytes[offset..bytes.len().min(offset + LONG_LINE)];
    let end = match after.iter().position(|byte| *byte == b'\n') {
        Some(at) => Some(offset + at),
        None => (offset + after.len() == bytes.len()).then_some(bytes.len()),
    };
    if let (Some(begin), Some(end)) = (begin, end)
        && end - begin <= LONG_LINE
    {
        let returned = end > begin && bytes[end - 1] == b'\r';
        return (begin..end - usize::from(returned), (false, false));
    }
    let from = floor(text, offset.saturating_sub(AROUND.0));
    let to = floor(text, text.len().min(offset + AROUND.1));
    let begins = begin.filter(|&begin| begin >= from);
    let ends = end.filter(|&end| end <= to);
    let range = begins.unwrap_or(from)..ends.unwrap_or(to);
    (range, (begins.is_none(), ends.is_none()))
}

fn marked(
    text: &str,
    line: Range<usize>,
    cut: (bool, bool),
    number: usize,
    mark: Range<usize>,
) -> Line {
    let within = |offset: usize| offset.clamp(line.start, line.end) - line.start;
    let mut offsets = [within(mark.start), within(mark.end)];
    let piece = terminal::source(&text[line.clone()], &mut offsets);
    let lead = if cut.0 { "…" } else { "" };
    let trail = if cut.1 { "…" } else { "" };
    Line {
        number,
        text: format!("{lead}{piece}{trail}"),
        mark: Some(offsets[0] + lead.len()..offsets[1] + lead.len()),
    }
}

fn plain(text: &str, line: Range<usize>, number: usize) -> Line {
    Line {
        number,
        text: terminal::source(&text[line], &mut []),
        mark: None,
    }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::hcl::Span;
    use crate::report::SharedText;
    use crate::source::Position;

    fn location(text: &str, span: Range<usize>, line: usize) -> Location {
        let at = Position { line, column: 1 };
        let offset = |offset: usize| u32::try_from(offset).unwrap();
        Location {
            file: Arc::from("main.tf"),
            text: SharedText(Arc::from(text)),
            span: Span {
                start: offset(span.start),
                end: offset(span.end),
            },
            start: at,
            end: at,
            primary: true,
            label: String::new(),
            step: false,
        }
    }

    fn shown(text: &str, span: Range<usize>, line: usize) -> Vec<(usize, String, String)> {
        let lines = excerpt(&location(text, span, line), 1);
        lines
            .into_iter()
            .map(|line| {
                let mark = line.mark.map(|mark| line.text[mark].to_owned());
                (line.number, line.text, mark.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn a_place_is_marked_among_its_neighbours() {
        let lines = shown("a = 1\nb = true\r\nc = 3\nd = 4\n", 10..14, 2);
        let expected = [(1, "a = 1", ""), (2, "b = true", "true"), (3, "c = 3", "")];
        assert_eq!(
            lines,
            expected.map(|(number, text, mark)| (number, text.to_owned(), mark.to_owned()))
        );
    }

    #[test]
    fn the_first_and_the_last_line_have_no_further_neighbours() {
        assert_eq!(shown("a\nb\n", 0..1, 1).len(), 2);
        assert_eq!(shown("a\nb\n", 2..3, 2).len(), 2);
        assert_eq!(shown("", 0..0, 1).len(), 1);
        assert_eq!(shown("a\n", 2..2, 2).len(), 2);
    }

    #[test]
    fn a_long_line_is_cut_to_its_place() {
        let text = format!("{}true{}", "x".repeat(900), "é".repeat(900));
        let lines = shown(&text, 900..904, 1);
        let [(1, line, mark)] = lines.as_slice() else {
            panic!("{lines:?}");
        };
        assert_eq!(mark, "true");
        assert!(line.starts_with('…') && line.ends_with('…') && line.len() < LONG_LINE);
    }

    #[test]
    fn a_mask_shows_no_length_and_control_characters_are_pictures() {
        let text = "a = \"\u{1a}\u{1a}\u{1a}\" \u{1b}[31m\u{202e}";
        let lines = shown(text, 4..9, 1);
        let (_, line, mark) = &lines[0];
        assert_eq!(line, "a = \"********\" ␛[31m\u{fffd}");
        assert_eq!(mark, "\"********\"");
    }
}
