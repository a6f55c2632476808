//! A page for a browser, around whatever it is about.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::text::Text;

pub(super) const STYLE: &str = include_str!("style.css");

/// A page that loads nothing and runs nothing but its own script.
pub(in crate::report) struct Document<'a> {
    /// What it is about.
    pub(in crate::report) title: &'a str,
    /// What that comes to, in one line.
    pub(in crate::report) outcome: &'a str,
    /// The anchors and names of its parts.
    pub(in crate::report) parts: &'a [(&'a str, &'a str)],
    /// The part that most come for: who cannot see or point can go there at once.
    pub(in crate::report) skip: (&'a str, &'a str),
    /// What stands between header and footer: markup, in which every text is already safe.
    pub(in crate::report) main: &'a str,
    /// Its script, where it has one.
    pub(in crate::report) script: &'a str,
}

/// Writes the page. The policy lets the one style and the one script act, by their hashes, and nothing else; no text can
/// become markup later either.
pub(in crate::report) fn document(document: &Document<'_>) -> String {
    let Document {
        title,
        outcome,
        parts,
        skip,
        main,
        script,
    } = document;
    let (style, script_source) = (source(STYLE), source(script));
    let (title, outcome) = (Text(title), Text(outcome));
    let mut page = String::with_capacity(main.len() + STYLE.len() + script.len() + (4 << 10));
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src {style}; script-src {script_source}; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    );
    let (anchor, name) = skip;
    let _ = writeln!(
        page,
        "<a class=\"skip\" href=\"#{anchor}\">To the {}</a>",
        name.to_lowercase()
    );
    let _ = write!(
        page,
        "<header><p class=\"brand\">cargo ecs-audit</p><h1>{title}</h1>\n<p class=\"outcome\">{outcome}</p>\n\
         <nav aria-label=\"Parts of the page\">"
    );
    for (index, (anchor, name)) in parts.iter().enumerate() {
        let apart = if index == 0 { "" } else { " " };
        let _ = write!(page, "{apart}<a href=\"#{anchor}\">{name}</a>");
    }
    let _ = write!(
        page,
        "</nav></header>\n<main id=\"main\">\n{main}</main>\n\
         <footer>Written by <code>cargo ecs-audit</code> {}. The file loads nothing from anywhere.</footer>\n",
        env!("CARGO_PKG_VERSION")
    );
    if !script.is_empty() {
        let _ = writeln!(page, "<script>{script}</script>");
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// How a policy names an inline text.
pub(super) fn source(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text)))
}

/// Bytes in the digits of base 64, filled up to a multiple of four.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| {
            bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            text.push(match at <= chunk.len() {
                true => char::from(DIGITS[bits >> (18 - 6 * at) & 63]),
                false => '=',
            });
        }
    }
    text
}
