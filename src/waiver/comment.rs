//! Waivers in comments: `# ecs-audit: allow(ECS:006) reason = "…" until = "2027-01-31"`.

use std::sync::Arc;

use super::{Date, Terms, too_far};
use crate::did_you_mean::did_you_mean;
use crate::hcl::{self, Span, Token, TokenKind};
use crate::rules::Rule;

/// What a comment that is a waiver begins with.
const MARK: &str = "ecs-audit";

const FORM: &str = "a waiver is written `ecs-audit: allow(RULE) reason = \"…\"`";

/// A comment that is meant as a waiver.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    /// Where the comment stands.
    pub(super) span: Span,
    /// What it says, or what is wrong with it.
    pub(super) said: Result<Allowed, String>,
}

/// What a comment waives.
#[derive(Clone, Debug)]
pub(super) struct Allowed {
    /// The rules.
    pub(super) rules: Vec<&'static Rule>,
    /// Why, and until when.
    pub(super) terms: Terms,
    /// The text that it is about; empty where it stands beside nothing.
    pub(super) covers: Span,
}

/// Finds the waivers in a text.
pub(super) fn comments(text: &str, today: Date, most_days: u32) -> Vec<Comment> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let tokens = hcl::lex(text);
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Comment {
            continue;
        }
        let Some(said) = body(piece(text, token.span)).strip_prefix(MARK) else {
            continue;
        };
        let said = match said.trim_start().strip_prefix(':') {
            Some(said) => parse(said, today, most_days),
            None if is_allowing(said) => Err(FORM.to_owned()),
            None => continue,
        };
        let said = said.map(|(rules, terms)| Allowed {
            rules,
            terms,
            covers: covered(text, &tokens, index),
        });
        found.push(Comment {
            span: trimmed(text, token.span),
            said,
        });
    }
    found
}

fn piece(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize)
        .unwrap_or_default()
}

/// The comment without the line break that ends it.
fn trimmed(text: &str, span: Span) -> Span {
    let blank = piece(text, span).len() - piece(text, span).trim_end().len();
    Span {
        start: span.start,
        end: span.end - u32::try_from(blank).unwrap_or(0),
    }
}

/// What a comment says, without the marks around it.
fn body(comment: &str) -> &str {
    let said = comment.trim();
    let inner = said
        .strip_prefix("/*")
        .map(|said| said.strip_suffix("*/").unwrap_or(said));
    inner
        .unwrap_or_else(|| said.trim_start_matches(['#', '/']))
        .trim()
}

/// Whether what follows the mark is meant as a waiver, though there is no colon before it.
fn is_allowing(said: &str) -> bool {
    let inside = said.trim_start().strip_prefix("allow");
    inside.is_some_and(|said| said.trim_start().starts_with('('))
}

/// Reads `allow(RULE, …) reason = "…" until = "…"`.
fn parse(said: &str, today: Date, most_days: u32) -> Result<(Vec<&'static Rule>, Terms), String> {
    let inside = said.trim().strip_prefix("allow").map(str::trim_start);
    let (names, mut rest) = inside
        .and_then(|said| said.strip_prefix('(')?.split_once(')'))
        .ok_or(FORM)?;
    let mut rules = Vec::new();
    for name in names.split(',').map(str::trim) {
        rules.push(super::rule(name)?);
    }
    let (mut reason, mut until) = (None, None);
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',', '\r', '\n']);
        if rest.is_empty() {
            break;
        }
        let (key, after) = rest.split_once('=').ok_or(FORM)?;
        let (value, after) = quoted(after.trim_start()).ok_or(FORM)?;
        rest = after;
        let slot = match key.trim() {
            "reason" => &mut reason,
            "until" => &mut until,
            key => {
                return Err(match did_you_mean(key, ["reason", "until"]) {
                    Some(meant) => format!("unknown key `{key}`; did you mean `{meant}`?"),
                    None => format!("unknown key `{key}`; known are `reason` and `until`"),
                });
            }
        };
        if slot.replace(value).is_some() {
            return Err(format!("`{}` is given twice", key.trim()));
        }
    }
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    let reason = reason.ok_or("a waiver needs a `reason`")?;
    let until = until.map(|text| super::day(&text)).transpose()?;
    if let Some(wrong) = until.and_then(|until| too_far(until, today, most_days)) {
        return Err(wrong);
    }
    let reason = Arc::from(reason.trim());
    Ok((rules, Terms { reason, until }))
}

/// A quoted text at the start, and what comes after it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.strip_prefix('"')?.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &text[at + 2..])),
            '\\' => value.push(characters.next()?.1),
            _ => value.push(character),
        }
    }
    None
}

/// What a comment at the end of a line, or on lines of its own before one, is about: what begins first on
/// that line, to its end.
fn covered(text: &str, tokens: &[Token], comment: usize) -> Span {
    let line = tokens[..comment]
        .iter()
        .rposition(|token| ends_line(text, token))
        .map_or(0, |at| at + 1);
    let is_code = |token: &Token| {
        !matches!(
            token.kind,
            TokenKind::Space | TokenKind::Newline | TokenKind::Comment | TokenKind::ByteOrderMark
        )
    };
    let first = match tokens[line..comment].iter().position(is_code) {
        Some(at) => line + at,
        None => {
            let mut blank = usize::from(!ends_line(text, &tokens[comment]));
            let mut at = comment + 1;
            loop {
                match tokens.get(at) {
                    Some(token) if token.kind == TokenKind::Newline && blank == 0 => {
                        return Span { start: 0, end: 0 };
                    }
                    Some(token) if token.kind == TokenKind::Newline => blank -= 1,
                    Some(token) if token.kind == TokenKind::Comment => {
                        blank = usize::from(!ends_line(text, token));
                    }
                    Some(token) if token.kind == TokenKind::Space => {}
                    Some(_) => break at,
                    None => return Span { start: 0, end: 0 },
                }
                at += 1;
            }
        }
    };
    Span {
        start: tokens[first].span.start,
        end: end_of(tokens, first),
    }
}

/// Whether a line ends with a token: a comment may have the line break in it.
fn ends_line(text: &str, token: &Token) -> bool {
    match token.kind {
        TokenKind::Newline => true,
        TokenKind::Comment => piece(text, token.span).ends_with('\n'),
        _ => false,
    }
}

/// Where what begins with a token ends: at the end of a line, a comma or a closing mark that belongs to
/// nothing in it.
fn end_of(tokens: &[Token], first: usize) -> u32 {
    use TokenKind as T;
    let mut depth = 0_usize;
    let mut end = tokens[first].span.end;
    for token in &tokens[first..] {
        match token.kind {
            T::OpenBrace
            | T::OpenBracket
            | T::OpenParenthesis
            | T::OpenQuote
            | T::OpenHeredoc
            | T::OpenInterpolation
            | T::OpenDirective => depth += 1,
            T::CloseBrace
            | T::CloseBracket
            | T::CloseParenthesis
            | T::CloseQuote
            | T::CloseHeredoc
            | T::CloseSequence => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => break,
            },
            T::Newline | T::Comma | T::Comment | T::End if depth == 0 => break,
            T::Space => continue,
            _ => {}
        }
        end = token.span.end;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let today = Date::parse("2026-06-01").unwrap();
        comments(text, today, 366)
            .into_iter()
            .map(|comment| match comment.said {
                Ok(allowed) => {
                    let ids: Vec<&str> = allowed.rules.iter().map(|rule| rule.id).collect();
                    let until = allowed.terms.until.map(|date| date.to_string());
                    format!(
                        "{} {:?} {} `{}`",
                        ids.join("+"),
                        allowed.terms.reason,
                        until.as_deref().unwrap_or("-"),
                        piece(text, allowed.covers)
                    )
                }
                Err(wrong) => format!("{}: {wrong}", piece(text, comment.span)),
            })
            .collect()
    }

    #[test]
    fn a_waiver_is_about_the_line_that_it_ends_or_precedes() {
        let waiver = r#"ecs-audit: allow(ECS:006) reason = "r""#;
        let of = |before: &str, after: &str| read(&format!("{before}{waiver}{after}")).join("|");
        let said = |covers: &str| format!("ECS:006 \"r\" - `{covers}`");
        assert_eq!(of("a = 1 # ", "\nb = 2\n"), said("a = 1"));
        assert_eq!(
            of("# ", "\na = [\n  1,\n]\nb = 2\n"),
            said("a = [\n  1,\n]")
        );
        assert_eq!(
            of("z = 1\n  # ", "\n  // another\n  a = 1\n"),
            said("a = 1")
        );
        assert_eq!(of("/* ", " */ a = 1\n"), said("a = 1"));
        assert_eq!(of("/* ", " */\na = 1\n"), said("a = 1"));
        assert_eq!(of("# ", "\n\na = 1\n"), said(""));
        assert_eq!(of("# ", ""), said(""));
        assert_eq!(
            of(
                "x = jsonencode([\n  # ",
                "\n  { a = \"${b}\", c = {} }, 2])"
            ),
            said("{ a = \"${b}\", c = {} }")
        );
        assert_eq!(
            of("{ a = 1, # ", "\n b = 2 }"),
            said("{ a = 1, # ecs-audit: allow(ECS:006) reason = \"r\"\n b = 2 }")
        );
        assert_eq!(
            of("resource \"a\" \"b\" { # ", "\n  x = 1\n}\ny = 1\n"),
            "ECS:006 \"r\" - `resource \"a\" \"b\" { # ecs-audit: allow(ECS:006) reason = \"r\"\n  x = 1\n}`"
        );
        assert_eq!(of("a = <<E\n# ", "\nE\n"), "");
    }

    #[test]
    fn a_waiver_names_rules_a_reason_and_perhaps_an_end() {
        assert_eq!(
            read(
                "# ecs-audit: allow(ECS:006, privileged-container), reason = \"a \\\"b\\\"\", until = \"2027-01-31\"\na = 1\n"
            ),
            ["ECS:006+ECS:004 \"a \\\"b\\\"\" 2027-01-31 `a = 1`"]
        );
        assert!(
            read("# ecs-audit is what we use\n# about ecs-audit: yes\n# ecs-audit allows this (all)\n")
                .is_empty()
        );
        let said = read("# ecs-audit : allow(ECS:006) reason = \"r\"\na = 1\n");
        assert_eq!(said, ["ECS:006 \"r\" - `a = 1`"]);
        let wrong = read("# ecs-audit allow(ECS:006) reason = \"r\"\na = 1\n");
        assert!(wrong[0].contains("a waiver is written"), "{wrong:?}");
    }

    #[test]
    fn what_is_wrong_with_a_waiver_is_said() {
        let wrong = |said: &str| read(&format!("# ecs-audit: {said}\na = 1\n")).join("|");
        for (said, why) in [
            ("allow(ECS:06) reason = \"r\"", "did you mean `ECS:006`?"),
            ("allow(ECS:006)", "a waiver needs a `reason`"),
            ("allow(ECS:006) reason = \" \"", "a waiver needs a `reason`"),
            (
                "allow(ECS:006) reason = \"r\" until = \"2027-02-30\"",
                "`2027-02-30` is no day",
            ),
            (
                "allow(ECS:006) reason = \"r\" until = \"2027-12-31\"",
                "is 578 days ahead",
            ),
            ("allow(ECS:006) resaon = \"r\"", "did you mean `reason`?"),
            (
                "allow(ECS:006) reason = \"a\" reason = \"b\"",
                "given twice",
            ),
            ("allow(ECS:006) reason", "a waiver is written"),
            ("allow(ECS:006) reason = \"r", "a waiver is written"),
            ("allow ECS:006", "a waiver is written"),
            ("deny(ECS:006)", "a waiver is written"),
            ("allow() reason = \"r\"", "unknown rule ``"),
        ] {
            let found = wrong(said);
            assert!(found.contains(why), "{said}: {found}");
        }
    }
}
