//! Patterns of paths, as `fileset` has them: `*`, `**`, `?`, `[…]`, `{…,…}` and `\`.

/// Whether a path matches a pattern; both are cut at `/`.
///
/// Without `**`, `*` and the like stay within one name. A pattern that is malformed is refused.
pub(super) fn matcher(pattern: &str) -> Result<impl Fn(&str) -> bool, String> {
    let mut names = Vec::new();
    for name in split(pattern) {
        names.push(if name == "**" {
            Name::Any
        } else {
            Name::Like(tokens(name)?)
        });
    }
    Ok(move |path: &str| {
        let path: Vec<&str> = path.split('/').collect();
        matches_path(&names, &path)
    })
}

enum Name {
    /// `**`: any number of names.
    Any,
    Like(Vec<Token>),
}

enum Token {
    Letter(char),
    One,
    Many,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// One of several.
    Choice(Vec<Vec<Token>>),
}

/// Cuts at slashes that are not within braces or brackets, or escaped.
fn split(pattern: &str) -> Vec<&str> {
    let (mut names, mut start, mut braces, mut escaped) = (Vec::new(), 0, 0_usize, false);
    for (index, letter) in pattern.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            '/' if braces == 0 => {
                names.push(&pattern[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    names.push(&pattern[start..]);
    names
}

fn tokens(name: &str) -> Result<Vec<Token>, String> {
    let wrong = || "the pattern of paths is malformed".to_owned();
    let mut tokens = Vec::new();
    let mut rest = name;
    while let Some(letter) = rest.chars().next() {
        rest = &rest[letter.len_utf8()..];
        match letter {
            '*' => {
                if !matches!(tokens.last(), Some(Token::Many)) {
                    tokens.push(Token::Many);
                }
            }
            '?' => tokens.push(Token::One),
            '\\' => {
                let escaped = rest.chars().next().ok_or_else(wrong)?;
                rest = &rest[escaped.len_utf8()..];
                tokens.push(Token::Letter(escaped));
            }
            '[' => {
                let (token, after) = class(rest).ok_or_else(wrong)?;
                tokens.push(token);
                rest = after;
            }
            '{' => {
                let end = closing_brace(rest).ok_or_else(wrong)?;
                let mut choice = Vec::new();
                for one in rest[..end].split(',') {
                    // Braces within braces, and slashes, are more than `fileset` is asked for.
                    if one.contains(['{', '/']) {
                        return Err("the pattern of paths is too involved".to_owned());
                    }
                    choice.push(self::tokens(one)?);
                }
                tokens.push(Token::Choice(choice));
                rest = &rest[end + 1..];
            }
            other => tokens.push(Token::Letter(other)),
        }
    }
    Ok(tokens)
}

fn closing_brace(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (index, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '}' => return Some(index),
            _ => {}
        }
    }
    None
}

fn class(text: &str) -> Option<(Token, &str)> {
    let (negated, mut rest) = match text.strip_prefix(['^', '!']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut ranges = Vec::new();
    loop {
        let (low, after) = class_letter(rest)?;
        if low == ']' && !rest.starts_with('\\') {
            return (!ranges.is_empty()).then_some((Token::Class { negated, ranges }, after));
        }
        rest = after;
        match rest.strip_prefix('-') {
            Some(after) => {
                let (high, after) = class_letter(after)?;
                ranges.push((low, high));
                rest = after;
            }
            None => ranges.push((low, low)),
        }
    }
}

fn class_letter(text: &str) -> Option<(char, &str)> {
    let text = text.strip_prefix('\\').unwrap_or(text);
    let letter = text.chars().next()?;
    Some((letter, &text[letter.len_utf8()..]))
}

/// Whether names match, by the set of positions in the pattern that the path can have got to.
fn matches_path(names: &[Name], path: &[&str]) -> bool {
    let mut reached = vec![false; names.len() + 1];
    reached[0] = true;
    pass_any(names, &mut reached);
    for part in path {
        let mut next = vec![false; names.len() + 1];
        for (index, name) in names
            .iter()
            .enumerate()
            .filter(|(index, _)| reached[*index])
        {
            match name {
                Name::Any => next[index] = true,
                Name::Like(tokens) if matches_name(tokens, part) => next[index + 1] = true,
                Name::Like(_) => {}
            }
        }
        pass_any(names, &mut next);
        reached = next;
    }
    reached[names.len()]
}

fn pass_any(names: &[Name], reached: &mut [bool]) {
    for (index, name) in names.iter().enumerate() {
        if reached[index] && matches!(name, Name::Any) {
            reached[index + 1] = true;
        }
    }
}

/// Whether a name matches, the same way.
fn matches_name(tokens: &[Token], name: &str) -> bool {
    let letters: Vec<char> = name.chars().collect();
    let mut start = vec![false; letters.len() + 1];
    start[0] = true;
    advance(tokens, &letters, start)[letters.len()]
}

/// From the positions in a name where these tokens may begin, those where they may end.
fn advance(tokens: &[Token], letters: &[char], mut from: Vec<bool>) -> Vec<bool> {
    for token in tokens {
        let mut to = vec![false; letters.len() + 1];
        match token {
            Token::Many => {
                let mut seen = false;
                for (index, to) in to.iter_mut().enumerate() {
                    seen |= from[index];
                    *to = seen;
                }
            }
            Token::Choice(several) => {
                for one in several {
                    for (index, reached) in
                        advance(one, letters, from.clone()).into_iter().enumerate()
                    {
                        to[index] |= reached;
                    }
                }
            }
            single => {
                for (index, &letter) in letters.iter().enumerate().filter(|(index, _)| from[*index])
                {
                    to[index + 1] = match single {
                        Token::Letter(wanted) => *wanted == letter,
                        Token::Class { negated, ranges } => {
                            let inside = ranges
                                .iter()
                                .any(|(low, high)| (*low..=*high).contains(&letter));
                            inside != *negated
                        }
                        _ => true,
                    };
                }
            }
        }
        from = to;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_match(pattern: &str, path: &str) -> bool {
        matcher(pattern).expect("a pattern")(path)
    }

    #[test]
    fn stars_stay_within_a_name_and_double_stars_do_not() {
        assert!(is_match("*.json", "a.json") && !is_match("*.json", "d/a.json"));
        assert!(is_match("**/*.json", "a.json") && is_match("**/*.json", "d/e/a.json"));
        assert!(is_match("**", "d/a") && is_match("d/**", "d/a/b") && !is_match("d/**", "e/a"));
        assert!(is_match("d/*", "d/.hidden"));
    }

    #[test]
    fn letters_classes_and_choices_match() {
        assert!(is_match("a?c", "abc") && !is_match("a?c", "ac"));
        assert!(is_match("[a-c]x", "bx") && !is_match("[^a-c]x", "bx"));
        assert!(is_match("{a,b*}.tf", "bcd.tf") && !is_match("{a,b*}.tf", "c.tf"));
        assert!(is_match(r"\*", "*") && !is_match(r"\*", "a"));
    }

    #[test]
    fn a_malformed_pattern_is_refused() {
        for pattern in ["[", "[]", "[a", "{a", r"\"] {
            assert!(matcher(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn many_stars_take_no_longer() {
        let pattern = "*a".repeat(200);
        assert!(!is_match(&pattern, &"a".repeat(199)));
    }
}
