//! The literals of a text: masked, with everything else as it is.

use std::ops::Range;

use super::MASK;

/// The text with every literal in these ranges masked, byte for byte, so that places stay where they are,
/// and all of what stands in the others; `None` where there is nothing to mask.
pub(super) fn masked_text(
    text: &str,
    ranges: &[Range<usize>],
    whole: impl Iterator<Item = Range<usize>>,
) -> Option<String> {
    let mut whole = whole.peekable();
    if ranges.is_empty() && whole.peek().is_none() {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in whole {
        bytes[range].fill(MASK);
    }
    for range in ranges {
        let Some(piece) = text.get(range.clone()) else {
            continue;
        };
        let within_quotes =
            text[..range.start].ends_with('"') && text[range.end..].starts_with('"');
        mask_piece(piece, within_quotes, &mut bytes[range.clone()]);
    }
    // Only whole characters are masked, with ASCII.
    Some(String::from_utf8(bytes).unwrap_or_default())
}

/// Where in an expression a byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// In a quoted text or a heredoc: to be masked.
    Text,
    /// In an expression, of an interpolation or of all of it: names and signs tell no secret.
    Expression,
}

fn mask_piece(piece: &str, within_quotes: bool, bytes: &mut [u8]) {
    let named =
        |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'(' | b'[' | b'{' | b'!');
    let expression =
        !within_quotes && piece.as_bytes().first().is_some_and(named) || piece.starts_with('"');
    let heredoc = piece
        .starts_with("<<")
        .then(|| piece.find('\n').map_or(piece.len(), |at| at + 1));
    let mut stack = vec![if expression {
        Within::Expression
    } else {
        Within::Text
    }];
    let mut at = heredoc.unwrap_or(0);
    while let Some(&byte) = piece.as_bytes().get(at) {
        let within = stack.last().copied().unwrap_or(Within::Text);
        let rest = &piece.as_bytes()[at..];
        match (within, byte) {
            // `$${` is a text.
            (Within::Text, _) if rest.starts_with(b"$${") || rest.starts_with(b"%%{") => {
                bytes[at..at + 3].fill(MASK);
                at += 3;
                continue;
            }
            (Within::Text, b'$' | b'%')
                if rest.get(1) == Some(&b'{') && rest.get(2) != Some(&b'{') =>
            {
                stack.push(Within::Expression);
                at += 2;
                continue;
            }
            (Within::Text, b'\\') => {
                bytes[at] = MASK;
                if let Some(next) = bytes.get_mut(at + 1)
                    && next.is_ascii()
                    && *next != b'\n'
                {
                    *next = MASK;
                    at += 1;
                }
            }
            (Within::Text, b'"') if stack.len() > 1 => {
                stack.pop();
            }
            (Within::Text, b'\n' | b'\r') => {}
            (Within::Text, _) => bytes[at] = MASK,
            (Within::Expression, b'"') => stack.push(Within::Text),
            (Within::Expression, b'{') => stack.push(Within::Expression),
            (Within::Expression, b'}') if stack.len() > 1 => {
                stack.pop();
            }
            (Within::Expression, _) => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str, secret: &str) -> String {
        let start = text.find(secret).unwrap();
        let range = start..start + secret.len();
        let safe = masked_text(text, std::slice::from_ref(&range), std::iter::empty()).unwrap();
        safe.replace(char::from(MASK), "*")
    }

    #[test]
    fn literals_are_masked_and_references_are_not() {
        assert_eq!(
            masked(r#"a = "hunter2" # b"#, r#""hunter2""#),
            r#"a = "*******" # b"#
        );
        let url = r#""postgres://u:${var.password}@${lookup(m, "key")}/db""#;
        let safe = r#""*************${var.password}*${lookup(m, "***")}***""#;
        assert_eq!(masked(url, url), safe);
        assert_eq!(
            masked("a = var.password", "var.password"),
            "a = var.password"
        );
        assert_eq!(
            masked(
                r#"a = join("", ["hun\"ter", local.x["k"]])"#,
                r#"join("", ["hun\"ter", local.x["k"]])"#
            ),
            r#"a = join("", ["********", local.x["*"]])"#
        );
        assert_eq!(
            masked(r#"{"value": "hunter2"}"#, "hunter2"),
            r#"{"value": "*******"}"#
        );
        assert_eq!(masked("a = 12345", "12345"), "a = *****");
        assert_eq!(
            masked(r#"a = "$${x} é""#, r#""$${x} é""#),
            r#"a = "********""#
        );
    }

    #[test]
    fn a_heredoc_is_masked_line_by_line() {
        let text = "a = <<EOT\n-----BEGIN\nabc\nEOT\n";
        assert_eq!(
            masked(text, "<<EOT\n-----BEGIN\nabc\nEOT"),
            "a = <<EOT\n**********\n***\n***\n"
        );
    }
}
