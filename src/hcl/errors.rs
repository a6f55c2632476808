//! What is said of broken texts.

use super::tree::{Span, SyntaxError};

/// How many errors are kept of one text.
const MAX_ERRORS: usize = 1_000;

/// Keeps an error, of which many may turn out to stand on one line, unless there are too many already.
pub(super) fn report(errors: &mut Vec<SyntaxError>, span: Span, message: impl Into<String>) {
    if errors.len() < MAX_ERRORS * 4 {
        errors.push(SyntaxError {
            message: message.into(),
            span,
        });
    }
}

/// Sorts errors, and keeps the first on each line: the others follow from it.
pub(super) fn first_of_each_line(text: &str, mut errors: Vec<SyntaxError>) -> Vec<SyntaxError> {
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    let mut line_end = None;
    errors.retain(|error| {
        let start = error.span.start as usize;
        let fresh = line_end.is_none_or(|end| start > end);
        if fresh {
            let length = text.as_bytes()[start..]
                .iter()
                .position(|&byte| byte == b'\n');
            line_end = Some(length.map_or(text.len(), |length| start + length));
        }
        fresh
    });
    errors.truncate(MAX_ERRORS);
    errors
}

/// A piece of the text as messages show it: whole, unless it is long.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
