//! A fix as the lines that it takes out and puts in, made safe to show.

use similar::{ChangeTag, TextDiff};

use super::terminal;
use super::{ResolvedEdit, ResolvedFix};
use crate::fix;
use crate::hcl::Span;

/// How many bytes of a text one hunk may have, before and after.
const MOST_BYTES: usize = 8 << 10;

/// Edits that are this many bytes apart are in hunks of their own.
const FAR_APART: u32 = 1 << 10;

/// How many lines are shown of one fix.
const MOST_LINES: usize = 120;

/// A piece of a file with what changes in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hunk<'a> {
    /// The file.
    pub(super) file: &'a str,
    /// The number of its first line, from 1.
    pub(super) line: usize,
    /// Its lines.
    pub(super) lines: Vec<Changed>,
}

/// A line of a hunk.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changed {
    /// `-`, `+` or a space.
    pub(super) sign: char,
    /// The line without its end.
    pub(super) text: String,
}

/// What a fix changes. `None` where that is too much or too long to be shown.
pub(super) fn hunks(fix: &ResolvedFix) -> Option<Vec<Hunk<'_>>> {
    let mut hunks = Vec::new();
    let mut rest = fix.edits.as_slice();
    while let Some(first) = rest.first() {
        let near = rest.windows(2).take_while(|pair| {
            pair[1].file == first.file
                && pair[1].text == first.text
                && pair[1].span.start.saturating_sub(pair[0].span.end) < FAR_APART
        });
        let (edits, others) = rest.split_at(near.count() + 1);
        hunks.push(hunk(edits)?);
        rest = others;
    }
    let lines: usize = hunks.iter().map(|hunk| hunk.lines.len()).sum();
    (lines > 0 && lines <= MOST_LINES).then_some(hunks)
}

fn hunk(edits: &[ResolvedEdit]) -> Option<Hunk<'_>> {
    let (first, last) = (edits.first()?, edits.last()?);
    let text: &str = &first.text.0;
    let bytes = text.as_bytes();
    let (from, to) = (first.span.start as usize, last.span.end as usize);
    let before = bytes.get(from.saturating_sub(MOST_BYTES)..from)?;
    let begin = match before.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => from - before.len() + at + 1,
        None if before.len() == from => 0,
        None => return None,
    };
    let after = bytes.get(to..bytes.len().min(to + MOST_BYTES))?;
    let end = match after.iter().position(|byte| *byte == b'\n') {
        Some(at) => to + at + 1,
        None if to + after.len() == bytes.len() => bytes.len(),
        None => return None,
    };
    let piece = text.get(begin..end)?;
    let shift = u32::try_from(begin).ok()?;
    let shifted: Vec<ResolvedEdit> = edits
        .iter()
        .map(|edit| ResolvedEdit {
            span: Span {
                start: edit.span.start.saturating_sub(shift),
                end: edit.span.end.saturating_sub(shift),
            },
            ..edit.clone()
        })
        .collect();
    let fixed = fix::apply(piece, &shifted.iter().collect::<Vec<_>>())?;
    if piece.len() > MOST_BYTES || fixed.len() > MOST_BYTES {
        return None;
    }
    let old = terminal::unmeasured(piece, &mut []);
    let new = terminal::unmeasured(&fixed, &mut []);
    let diff = TextDiff::from_lines(&*old, &*new);
    let lines = diff.iter_all_changes().map(|change| Changed {
        sign: match change.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        },
        text: terminal::block(change.value().trim_end_matches(['\r', '\n'])).replace('\n', "␊"),
    });
    Some(Hunk {
        file: &first.file,
        line: first.line,
        lines: lines.collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fix::Applicability;
    use crate::report::SharedText;

    fn fix(text: &str, edits: &[(&str, &str)]) -> ResolvedFix {
        let shared = SharedText(Arc::from(text));
        let edits = edits.iter().map(|(old, new)| {
            let start = text.find(old).unwrap();
            ResolvedEdit {
                file: Arc::from("main.tf"),
                text: shared.clone(),
                span: Span {
                    start: u32::try_from(start).unwrap(),
                    end: u32::try_from(start + old.len()).unwrap(),
                },
                line: text[..start].lines().count().max(1),
                replacement: (*new).to_owned(),
            }
        });
        ResolvedFix {
            title: String::new(),
            applicability: Applicability::MachineApplicable,
            edits: edits.collect(),
        }
    }

    fn shown(fix: &ResolvedFix) -> Option<Vec<String>> {
        let lines = hunks(fix)?.into_iter().flat_map(|hunk| hunk.lines);
        Some(
            lines
                .map(|line| format!("{}{}", line.sign, line.text))
                .collect(),
        )
    }

    #[test]
    fn what_is_replaced_is_taken_out_and_put_in() {
        let fix = fix("a = 1\nb = true\nc = 3\n", &[("true", "false")]);
        assert_eq!(shown(&fix).unwrap(), ["-b = true", "+b = false"]);
    }

    #[test]
    fn what_is_between_two_edits_stays() {
        let fix = fix("a = 1\nb = true\nc = 3\n", &[("1", "2"), ("3", "4\nd = 5")]);
        assert_eq!(
            shown(&fix).unwrap(),
            [
                "-a = 1",
                "+a = 2",
                " b = true",
                "-c = 3",
                "+c = 4",
                "+d = 5"
            ]
        );
    }

    #[test]
    fn what_is_too_long_is_not_shown() {
        let text = format!("a = \"{}\" # true", "x".repeat(MOST_BYTES));
        assert_eq!(shown(&fix(&text, &[("true", "false")])), None);
    }

    #[test]
    fn masks_and_control_characters_do_not_get_through() {
        let fix = fix(
            "a = \"\u{1a}\u{1a}\" \u{202e}\u{1b} true\n",
            &[("true", "false")],
        );
        assert_eq!(
            shown(&fix).unwrap(),
            [
                "-a = \"********\" \u{fffd}␛ true",
                "+a = \"********\" \u{fffd}␛ false"
            ]
        );
    }
}
