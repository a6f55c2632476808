//! Texts from input, made safe for a page: nothing in them is markup, acts on a screen or turns text around.

use std::fmt;

use crate::report::terminal;

/// A text as it is to be shown, in one line, in an element or in a quoted attribute.
pub(in crate::report) struct Text<'a>(pub(in crate::report) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(f, &terminal::line(self.0))
    }
}

/// The same for a text of several lines, for an element that keeps them.
pub(super) struct Block<'a>(pub(super) &'a str);

impl fmt::Display for Block<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(f, &terminal::block(self.0))
    }
}

/// A text that is safe to show already, but not to stand in a page: a line of an excerpt.
pub(super) struct Shown<'a>(pub(super) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(f, self.0)
    }
}

/// A sentence in which what stands between backticks is code.
pub(in crate::report) struct Prose<'a>(pub(in crate::report) &'a str);

impl fmt::Display for Prose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let safe = terminal::line(self.0);
        let mut parts = safe.split('`').peekable();
        let mut code = false;
        while let Some(part) = parts.next() {
            // A backtick without another is one.
            match (code, parts.peek()) {
                (true, Some(_)) => {
                    f.write_str("<code>")?;
                    escape(f, part)?;
                    f.write_str("</code>")?;
                }
                (true, None) => {
                    f.write_str("&#96;")?;
                    escape(f, part)?;
                }
                (false, _) => escape(f, part)?,
            }
            code = !code;
        }
        Ok(())
    }
}

fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'', '`']) {
        f.write_str(&rest[..at])?;
        f.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => "&#96;",
        })?;
        rest = &rest[at + 1..];
    }
    f.write_str(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        let hostile = "<script>alert('x')</script> & \" onload=\"`\u{202e}\u{1b}\n";
        assert_eq!(
            Text(hostile).to_string(),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot; onload=&quot;&#96;\u{fffd}␛␊"
        );
        assert_eq!(Block("a\r\n<\u{85}").to_string(), "a\n&lt;\u{fffd}");
    }

    #[test]
    fn what_is_between_backticks_is_code() {
        assert_eq!(
            Prose("container `a<b` is `x").to_string(),
            "container <code>a&lt;b</code> is &#96;x"
        );
        assert_eq!(
            Prose("`a` and `b`").to_string(),
            "<code>a</code> and <code>b</code>"
        );
    }
}
