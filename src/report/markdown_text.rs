//! Foreign text in Markdown, as text.

use super::terminal;

/// What stands for the bar that ends a cell of a table.
const BAR: char = '\u{ff5c}';

/// Makes a message fit for a line of Markdown, of a table too: what it has in backticks is code, and nothing of the
/// rest is markup, a link, a mention or a command.
pub(super) fn inline(text: &str) -> String {
    let text = terminal::line(text);
    let mut markdown = String::with_capacity(text.len() + 8);
    let mut parts = text.split('`').peekable();
    let mut is_code = false;
    while let Some(part) = parts.next() {
        // A last part after an odd number of backticks is no code.
        if is_code && parts.peek().is_some() {
            markdown.push_str(&code(part));
        } else {
            if is_code {
                markdown.push_str("\\`");
            }
            prose(part, &mut markdown);
        }
        is_code = !is_code;
    }
    markdown
}

/// Makes a text code. Between a pair of backticks nothing but backticks means anything, except the bar that ends
/// the cell of a table.
pub(super) fn code(text: &str) -> String {
    let text = terminal::line(text).replace('|', &BAR.to_string());
    let longest = text.split(|character| character != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or_default() + 1);
    if text.is_empty() {
        return String::new();
    }
    // One space at each end is taken away again, unless there is nothing else.
    let pads = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    match pads && !text.trim().is_empty() {
        true => format!("{fence} {text} {fence}"),
        false => format!("{fence}{text}{fence}"),
    }
}

/// Adds a text of which nothing is markup. What a reader of GitHub or GitLab makes a link, a mention or a picture of
/// after the markup is read stands in code: there nothing is looked for.
fn prose(text: &str, markdown: &mut String) {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let ends = rest.peek().is_none_or(|next| next.is_whitespace());
        match character {
            ',' | ';' | '\'' => markdown.push(character),
            // What follows would make it a scheme, a picture, a host or the number of a list.
            ':' if ends => markdown.push(':'),
            '.' if ends && !before.is_ascii_digit() => markdown.push('.'),
            '@' | '#' | ':' => markdown.extend(['`', character, '`']),
            '|' => markdown.push(BAR),
            other if other.is_ascii_punctuation() => markdown.extend(['\\', other]),
            other => markdown.push(other),
        }
        before = character;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_backticks_is_code_and_nothing_else_is_markup() {
        assert_eq!(
            inline("container `a|b` is *x*"),
            "container `a｜b` is \\*x\\*"
        );
        assert_eq!(inline("a `b"), "a \\`b");
        assert_eq!(
            inline("see http://a.b, @c <d> [e](f) ![g](h): i."),
            "see http`:`\\/\\/a\\.b, `@`c \\<d\\> \\[e\\]\\(f\\) \\!\\[g\\]\\(h\\): i."
        );
    }

    #[test]
    fn code_holds_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
    }
}
