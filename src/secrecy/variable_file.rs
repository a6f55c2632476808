//! Variable files of which a line could not be read: no value of them is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::MASK;
use crate::hcl::{self, TokenKind};
use crate::report::{RootNote, SharedText};
use crate::source::{FileId, SourceMap};

/// Masks every value in the variable files that notes quote: what a verdict stands on is known, but not
/// what a line is that could not be read.
pub(crate) fn mask_values(notes: &mut [RootNote], variable_files: &[FileId], source: &SourceMap) {
    let files: BTreeMap<&str, FileId> = variable_files
        .iter()
        .map(|&file| (&*source.file(file).name, file))
        .collect();
    let mut masked: BTreeMap<FileId, SharedText> = BTreeMap::new();
    let locations = notes.iter_mut().filter_map(|note| note.location.as_mut());
    for location in locations {
        let Some(&file) = files.get(&*location.file) else {
            continue;
        };
        let safe = masked
            .entry(file)
            .or_insert_with(|| SharedText(Arc::from(names_alone(&location.text.0))));
        location.text = safe.clone();
    }
}

/// A variable file with nothing to read in it but the names before `=` and the marks around values, byte
/// for byte.
fn names_alone(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut line_start = true;
    for token in hcl::lex(text) {
        let range = token.span.start as usize..token.span.end as usize;
        let named = token.kind == TokenKind::Identifier
            && line_start
            && is_assigned(text.get(range.end..).unwrap_or_default());
        line_start = matches!(token.kind, TokenKind::Newline | TokenKind::ByteOrderMark)
            || line_start && token.kind == TokenKind::Space;
        if !named
            && !is_mark(token.kind)
            && let Some(piece) = bytes.get_mut(range)
        {
            let shown = |byte: &u8| !matches!(byte, b'\n' | b'\r' | b' ' | b'\t');
            piece
                .iter_mut()
                .filter(|byte| shown(byte))
                .for_each(|byte| *byte = MASK);
        }
    }
    // Only whole tokens are masked, with ASCII.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Whether a value follows on the line. Where none does, `=` may be the end of something encoded.
fn is_assigned(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or_default();
    line.trim_start()
        .strip_prefix('=')
        .is_some_and(|value| !value.starts_with('=') && !value.trim().is_empty())
}

/// Whether a token is a mark around values that tells nothing of them.
fn is_mark(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::ByteOrderMark
            | T::Space
            | T::Newline
            | T::OpenQuote
            | T::CloseQuote
            | T::OpenBrace
            | T::CloseBrace
            | T::OpenBracket
            | T::CloseBracket
            | T::Comma
            | T::Colon
            | T::Assign
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_variable_file_the_names_are_left() {
        let text = concat!(
            "a = \"hunter2\" hunter\n",
            "  b=[1, {\"k\": \"é\"}] # c\n",
            "aHVudGVy=\n",
            "key = <<EOT\nMII = x\nEOT\nc = \"hun\nd = \"x\"\n",
        );
        let safe = concat!(
            "a = \"*******\" ******\n",
            "  b=[*, {\"*\": \"**\"}] * *\n",
            "********=\n",
            "key = *****\n*** * *\n***\nc = \"***\nd = \"*\"\n",
        );
        assert_eq!(names_alone(text).replace(char::from(MASK), "*"), safe);
    }
}
