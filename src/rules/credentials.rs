//! What credentials look like, and what they are called: the knowledge behind ECS:001.

use regex_lite::Regex;

/// A credential's format: what a text must contain to be worth a closer look, then the closer look.
struct Format {
    name: &'static str,
    contains: &'static str,
    pattern: &'static str,
}

/// The formats, from what their issuers publish.
const FORMATS: [Format; 15] = [
    format(
        "an AWS access key id",
        "AKIA",
        r"\b(?:A3T[A-Z0-9]|AKIA)[A-Z2-7]{16}\b",
    ),
    format("an AWS access key id", "ASIA", r"\bASIA[A-Z2-7]{16}\b"),
    format(
        "a private key",
        "PRIVATE KEY",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
    ),
    format(
        "a JSON web token",
        "eyJ",
        r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+",
    ),
    format("a GitHub token", "gh", r"\bgh[pousr]_[A-Za-z0-9]{36,}"),
    format(
        "a GitHub token",
        "github_pat_",
        r"\bgithub_pat_[A-Za-z0-9_]{22,}",
    ),
    format("a GitLab token", "glpat-", r"\bglpat-[\w-]{20,}"),
    format("a Slack token", "xox", r"\bxox[abeoprs]-[\w-]{10,}"),
    format(
        "a Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/services/T\w+/B\w+/\w+",
    ),
    format("a Stripe key", "_live_", r"\b[sr]k_live_[A-Za-z0-9]{16,}"),
    format("a Stripe key", "_test_", r"\b[sr]k_test_[A-Za-z0-9]{16,}"),
    format("a Google API key", "AIza", r"\bAIza[\w-]{35}"),
    format("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}"),
    format("a SendGrid key", "SG.", r"\bSG\.[\w-]{22}\.[\w-]{43}"),
    format(
        "a password in a URL",
        "://",
        r"(?i)\b[a-z][a-z0-9+.-]*://[^\s:/?#@]*:([^\s/?#@]+)@",
    ),
];

const fn format(name: &'static str, contains: &'static str, pattern: &'static str) -> Format {
    Format {
        name,
        contains,
        pattern,
    }
}

/// The format that a text, or a part of it, has.
pub(super) fn recognise(text: &str) -> Option<&'static str> {
    let found = FORMATS.iter().find(|format| {
        text.contains(format.contains)
            && Regex::new(format.pattern)
                .ok()
                .and_then(|regex| regex.captures(text))
                .is_some_and(|captures| {
                    captures
                        .get(1)
                        .is_none_or(|password| !is_placeholder(password.as_str()))
                })
    });
    found.map(|format| format.name)
}

/// The names that AWS's own control refuses, whatever their value.
pub(super) fn is_reserved(name: &str) -> bool {
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "ECS_ENGINE_AUTH_DATA",
    ]
    .contains(&name)
}

const WORDS: [&str; 8] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "apikey",
];

const PAIRS: [(&str, &str); 8] = [
    ("api", "key"),
    ("access", "key"),
    ("private", "key"),
    ("encryption", "key"),
    ("signing", "key"),
    ("master", "key"),
    ("auth", "key"),
    ("auth", "data"),
];

/// What ends the name of something that is about a credential and is none.
const EXEMPT: [&str; 17] = [
    "arn", "name", "id", "path", "file", "url", "uri", "ttl", "type", "length", "min", "max",
    "enabled", "expiry", "header", "policy", "region",
];

/// Whether a variable has a credential's name, in the singular or the plural, counted or not.
pub(super) fn is_likely_name(name: &str) -> bool {
    let words = words(name);
    if words
        .last()
        .is_some_and(|last| EXEMPT.contains(&last.as_str()))
    {
        return false;
    }
    let words: Vec<&str> = words.iter().map(|word| singular(word)).collect();
    let word = |word: &&str| {
        WORDS.contains(word) || word.ends_with("password") || word.ends_with("passwd")
    };
    let pair = |pair: &[&str]| PAIRS.contains(&(pair[0], pair[1]));
    // A pass at the end is a password; anywhere else it is something that passes.
    words.last() == Some(&"pass") || words.iter().any(word) || words.windows(2).any(pair)
}

/// A word without a number or a plural's ending.
fn singular(word: &str) -> &str {
    let word = word.trim_end_matches(|character: char| character.is_ascii_digit());
    match word.strip_suffix('s') {
        Some(singular) if !singular.ends_with('s') => singular,
        _ => word,
    }
}

/// The words of a name, in lower case: `_`, `-`, `.` and a change to upper case part them.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let characters: Vec<char> = name.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        if matches!(character, '_' | '-' | '.') {
            words.push(String::new());
            continue;
        }
        let before = index.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(index + 1);
        let starts = character.is_uppercase()
            && (before.is_some_and(char::is_lowercase)
                || (before.is_some_and(char::is_uppercase)
                    && after.is_some_and(|after| after.is_lowercase())));
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a known value can be a credential: no truth value, number, ARN, path, URL or placeholder.
pub(super) fn is_literal_secret(value: &str) -> bool {
    let value = value.trim();
    let truth = ["true", "false"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word));
    let path = ["/", "./", "../", "~/"]
        .iter()
        .any(|start| value.starts_with(start));
    let url = value.split_once("://").is_some_and(|(scheme, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let scheme_fits = scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
        scheme_fits && !authority.contains('@')
    });
    !(value.is_empty()
        || truth
        || value.parse::<f64>().is_ok()
        || value.starts_with("arn:")
        || path
        || url
        || is_placeholder(value))
}

/// Whether a text stands for a value that something else puts in.
fn is_placeholder(text: &str) -> bool {
    let braced = |open: &str, close: &str| text.starts_with(open) && text.ends_with(close);
    braced("${", "}") || braced("{{", "}}") || braced("$(", ")") || braced("<", ">")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        assert_eq!(words("dbPassword"), ["db", "password"]);
        assert_eq!(words("DB_PASSWORD"), ["db", "password"]);
        assert_eq!(words("HTTPProxy-url"), ["http", "proxy", "url"]);
    }

    #[test]
    fn names_of_credentials_are_likely_and_names_about_them_are_not() {
        for name in [
            "DB_PASSWORD",
            "apiKey",
            "PGPASSWORD",
            "STRIPE-API-KEY",
            "AUTH_TOKEN",
            "MYSQL_PWD",
        ] {
            assert!(is_likely_name(name), "{name}");
        }
        for name in [
            "DB_PASSWORD_ARN",
            "TOKEN_URL",
            "SECRET_NAME",
            "KEYBOARD",
            "PRIMARY_KEY",
            "",
        ] {
            assert!(!is_likely_name(name), "{name}");
        }
    }

    #[test]
    fn values_that_cannot_be_credentials_are_none() {
        for value in [
            "",
            "true",
            "FALSE",
            "42",
            "1e3",
            "arn:aws:s3:::b",
            "/run/secret",
            "./file",
            "https://example.com/a@b",
            "{{resolve:ssm:x}}",
            "${TOKEN}",
        ] {
            assert!(!is_literal_secret(value), "{value}");
        }
        for value in ["hunter2", "postgres://u:p@h/db", "a b"] {
            assert!(is_literal_secret(value), "{value}");
        }
    }

    #[test]
    fn formats_are_recognised_and_what_only_looks_like_them_is_not() {
        let key = format!("AKIA{}", "ABCDEFGH23456777");
        assert_eq!(recognise(&key), Some("an AWS access key id"));
        let url = "postgres://app:hunter2@db.internal:5432/app";
        assert_eq!(recognise(url), Some("a password in a URL"));
        for text in [
            "postgres://app:${PASSWORD}@db/app",
            "https://example.com",
            "http://a:80/@x",
            "AKIA",
        ] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }
}
