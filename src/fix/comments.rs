//! Comments at the ends of lines, which `terraform fmt` aligns where they stand on consecutive lines.

use super::layout::{Change, line_end, line_start};
use crate::hcl::Span;

/// How many lines before and after a changed one are looked at.
const LINES: usize = 64;

/// A line with a comment at its end.
struct Line {
    /// Where the line begins.
    start: usize,
    /// Where what stands before the comment ends.
    code: usize,
    /// Where the comment begins.
    comment: usize,
}

/// Moves the comments at the ends of the lines that changes make longer or shorter, where they were aligned.
/// `comments` is every comment of the text, in its order.
pub(super) fn align(text: &str, comments: &[Span], changes: &mut Vec<Change>) {
    let mut moved: Vec<Change> = Vec::new();
    let mut done = 0;
    let mut starts: Vec<usize> = changes.iter().map(|(range, _)| range.start).collect();
    starts.sort_unstable();
    for start in starts {
        let at = line_start(text, start);
        if at < done {
            continue;
        }
        let chain = chain(text, comments, at);
        let Some(last) = chain.last() else { continue };
        done = last.comment;
        let width = |line: &Line| text[line.start..line.code].chars().count();
        let widest = chain.iter().map(width).max().unwrap_or(0);
        let was_aligned = |line: &Line| line.comment - line.code == widest + 1 - width(line);
        if chain.iter().all(was_aligned) {
            for run in runs(&chain, changes) {
                aligned(text, run, changes, &mut moved);
            }
        }
    }
    changes.append(&mut moved);
}

/// The lines with comments at their ends that stand together around a place.
fn chain(text: &str, comments: &[Span], at: usize) -> Vec<Line> {
    let next = comments.partition_point(|comment| (comment.start as usize) < at);
    let line = |comment: &Span| {
        let comment = comment.start as usize;
        let start = line_start(text, comment);
        let code = start + text[start..comment].trim_end().len();
        (code > start).then_some(Line {
            start,
            code,
            comment,
        })
    };
    let mut chain = Vec::new();
    let mut from = at;
    for comment in comments[..next].iter().rev().take(LINES) {
        match line(comment) {
            Some(line) if line_end_after(text, line.comment) == from => {
                from = line.start;
                chain.push(line);
            }
            _ => break,
        }
    }
    chain.reverse();
    let mut from = at;
    for comment in comments[next..].iter().take(LINES) {
        match line(comment) {
            Some(line) if line.start == from => {
                from = line_end_after(text, line.comment);
                chain.push(line);
            }
            _ => break,
        }
    }
    // Lines before a place that has no comment itself are not around it.
    let holds = chain.iter().any(|line| line.start == at);
    if holds { chain } else { Vec::new() }
}

/// The lines between which nothing is put.
fn runs<'a>(chain: &'a [Line], changes: &[Change]) -> Vec<&'a [Line]> {
    let is_apart = |before: &Line, after: &Line| {
        let put_between = |(range, replacement): &Change| {
            replacement.contains('\n') && before.comment <= range.start && range.end <= after.start
        };
        changes.iter().any(put_between)
    };
    chain
        .chunk_by(|before, after| !is_apart(before, after))
        .collect()
}

/// Puts the comments of lines in one column, as the lines will be.
fn aligned(text: &str, run: &[Line], changes: &[Change], moved: &mut Vec<Change>) {
    let width = |line: &Line| {
        let mut width = text[line.start..line.code].chars().count();
        let inside = changes.iter().filter(|(range, replacement)| {
            line.start <= range.start && range.end <= line.code && !replacement.contains('\n')
        });
        for (range, replacement) in inside {
            width += replacement.chars().count();
            width = width.saturating_sub(text[range.clone()].chars().count());
        }
        width
    };
    let widths: Vec<usize> = run.iter().map(width).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    for (line, width) in run.iter().zip(widths) {
        let gap = widest + 1 - width;
        if line.comment - line.code != gap {
            moved.push((line.code..line.comment, " ".repeat(gap)));
        }
    }
}

/// Where the line after an offset's begins.
fn line_end_after(text: &str, offset: usize) -> usize {
    let end = line_end(text, offset);
    let rest = &text[end..];
    end + rest.len()
        - rest
            .trim_start_matches('\r')
            .strip_prefix('\n')
            .map_or(rest, |next| next)
            .len()
}
