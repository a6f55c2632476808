//! Texts from input, made safe for Markdown as GitHub and GitLab read it: nothing in them is structure, markup, a link,
//! a mention or a reference, or turns text around.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use crate::report::terminal;

/// How many characters of one text are shown.
const MOST_CHARACTERS: usize = 400;

/// A text in a line, in a cell of a table, or in an element.
pub(in crate::report) struct Text<'a>(pub(in crate::report) &'a str);

/// A text as code, in a line or in a cell of a table.
pub(in crate::report) struct Code<'a>(pub(in crate::report) &'a str);

/// A sentence in which what stands between backticks is code.
pub(in crate::report) struct Prose<'a>(pub(in crate::report) &'a str);

/// The same for an element that Markdown is not read in: the summary of what is folded.
pub(super) struct Plain<'a>(pub(super) &'a str);

/// The address of a line of a file, relative to the workspace. `None` for a name that leads elsewhere.
pub(super) fn line_link(file: &str, line: usize) -> Option<String> {
    if file.is_empty() || file.starts_with('/') || file.len() > MOST_CHARACTERS {
        return None;
    }
    let mut link = String::new();
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._/".contains(&byte) {
            link.push(char::from(byte));
        } else {
            let _ = write!(link, "%{byte:02X}");
        }
    }
    let _ = write!(link, "#L{line}");
    Some(link)
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(f, &shown(self.0))
    }
}

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        code(f, &shown(self.0))
    }
}

impl fmt::Display for Prose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        prose(f, &shown(self.0), code)
    }
}

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        prose(f, &shown(self.0), element)
    }
}

type Write = fn(&mut fmt::Formatter<'_>, &str) -> fmt::Result;

fn prose(f: &mut fmt::Formatter<'_>, text: &str, code: Write) -> fmt::Result {
    let mut parts = text.split('`').peekable();
    let mut within = false;
    while let Some(part) = parts.next() {
        match (within, parts.peek()) {
            (true, Some(_)) => code(f, part)?,
            // A backtick without another is one.
            (true, None) => {
                f.write_str("&#96;")?;
                escape(f, part)?;
            }
            (false, _) => escape(f, part)?,
        }
        within = !within;
    }
    Ok(())
}

/// A text in one line that is short enough, with nothing in it that acts.
fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST_CHARACTERS) {
        None => terminal::line(text),
        Some((at, _)) => Cow::Owned(format!("{}…", terminal::line(&text[..at]))),
    }
}

/// Code between backticks where it can stand there as it is, else as an element.
fn code(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if text.is_empty() {
        return Ok(());
    }
    let is_plain =
        !text.contains(['`', '|', '\\']) && !text.starts_with(' ') && !text.ends_with(' ');
    if is_plain {
        write!(f, "`{text}`")
    } else {
        element(f, text)
    }
}

fn element(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("<code>")?;
    escape(f, text)?;
    f.write_str("</code>")
}

/// What stands between two characters that would together be a mention, a reference or a link: it is not seen.
const APART: &str = "&#8203;";

fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut before = ['\0'; 3];
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let next = rest.as_str();
        match character {
            '@' | '#' => write!(f, "&#{};{APART}", u32::from(character))?,
            ':' if next.starts_with("//") => write!(f, "&#58;{APART}")?,
            '.' if before.iter().all(|letter| matches!(letter, 'w' | 'W')) => {
                write!(f, "&#46;{APART}")?;
            }
            '-' if matches!(before, [_, 'g' | 'G', 'h' | 'H']) => write!(f, "-{APART}")?,
            '&' | '<' | '>' | '"' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '|' | '\\' | '~'
            | '!' | '$' | '^' | '=' | '+' => write!(f, "&#{};", u32::from(character))?,
            other => f.write_char(other)?,
        }
        before = [before[1], before[2], character];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        for (text, safe) in [
            ("a | b", "a &#124; b"),
            (
                "**a** _b_ ~c~",
                "&#42;&#42;a&#42;&#42; &#95;b&#95; &#126;c&#126;",
            ),
            ("<img src=x>", "&#60;img src&#61;x&#62;"),
            ("[a](javascript:x)", "&#91;a&#93;(javascript:x)"),
            ("@octocat #12", "&#64;&#8203;octocat &#35;&#8203;12"),
            ("https://a.example", "https&#58;&#8203;//a.example"),
            ("www.a.example", "www&#46;&#8203;a.example"),
            ("GH-12", "GH-&#8203;12"),
            ("a\n# b\r", "a␊&#35;&#8203; b␍"),
            ("&#64;\\@", "&#38;&#35;&#8203;64;&#92;&#64;&#8203;"),
            ("\u{202e}\u{1b}[31m", "\u{fffd}␛&#91;31m"),
        ] {
            assert_eq!(Text(text).to_string(), safe);
        }
    }

    #[test]
    fn code_stands_between_backticks_where_it_can() {
        assert_eq!(Code("a[\"b\"] <@c>").to_string(), "`a[\"b\"] <@c>`");
        for (text, safe) in [
            ("a|b", "<code>a&#124;b</code>"),
            ("a`b", "<code>a&#96;b</code>"),
            ("a\\", "<code>a&#92;</code>"),
            ("", ""),
        ] {
            assert_eq!(Code(text).to_string(), safe);
        }
        assert_eq!(
            Prose("is `a|b` or `c` <").to_string(),
            "is <code>a&#124;b</code> or `c` &#60;"
        );
        assert_eq!(Plain("`a` `b").to_string(), "<code>a</code> &#96;b");
    }

    #[test]
    fn a_long_text_is_cut() {
        let long = "é".repeat(MOST_CHARACTERS + 9);
        assert_eq!(Text(&long).to_string().chars().count(), MOST_CHARACTERS + 1);
    }

    #[test]
    fn a_link_leads_to_a_file_and_nowhere_else() {
        assert_eq!(
            line_link("infra/main.tf", 8).as_deref(),
            Some("infra/main.tf#L8")
        );
        assert_eq!(
            line_link("a b)/javascript:x\"é", 1).as_deref(),
            Some("a%20b%29/javascript%3Ax%22%C3%A9#L1")
        );
        assert_eq!(line_link("//a.example/x", 1), None);
        assert_eq!(line_link("", 1), None);
    }
}
