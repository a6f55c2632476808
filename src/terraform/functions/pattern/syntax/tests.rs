use regex_lite::Regex;

use super::*;

fn first(pattern: &str, text: &str) -> Option<String> {
    let translated = translate(pattern).unwrap_or_else(|why| panic!("{pattern}: {why:?}"));
    let regex = Regex::new(&translated.pattern)
        .unwrap_or_else(|why| panic!("{pattern} -> {}: {why}", translated.pattern));
    regex.find(text).map(|found| found.as_str().to_owned())
}

#[test]
fn the_same_constructs_mean_the_same() {
    let cases = [
        ("a{", "xa{", "a{"),
        ("a{,2}", "a{,2}", "a{,2}"),
        ("a{2}", "aaa", "aa"),
        ("a{2,}?", "aaa", "aa"),
        ("[]a]+", "b]a", "]a"),
        ("[^]a]", "]ab", "b"),
        ("[a-]+", "x-a", "-a"),
        (r"[\]\-x]+", "a]-x", "]-x"),
        ("[[a]+", "[[a", "[[a"),
        ("[a&&b]+", "a&b", "a&b"),
        ("[[:alpha:]]+", "1ab2", "ab"),
        ("[[:^alpha:]]+", "ab12", "12"),
        (r"\Qa.b\E+", "a.bbb", "a.bbb"),
        (r"\x41\x{42}\103", "ABC", "ABC"),
        (r"\_\-\/", "_-/", "_-/"),
        ("(?i)straße", "STRAßE", "STRAßE"),
        ("(?i)[k-l]+", "K\u{212A}", "K\u{212A}"),
        ("(?i:A)b", "aB ab", "ab"),
        ("(?s).", "\n", "\n"),
        (".", "\nx", "x"),
        ("(?U)a+", "aaa", "a"),
        ("(?U)a+?", "aaa", "aaa"),
        ("(?m)^b$", "a\nb\nc", "b"),
        ("b$", "a\nb", "b"),
        (r"\s", "\u{b} ", " "),
        (r"\w+", "é9_a", "9_a"),
        ("(?)a", "a", "a"),
        ("(?P<1x>a)", "a", "a"),
        ("^*a", "a", "a"),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(first(pattern, text).as_deref(), Some(expected), "{pattern}");
    }
    assert_eq!(first("b$", "b\n"), None);
}

#[test]
fn what_the_language_refuses_is_refused() {
    let wrong = [
        "a**",
        "a+*",
        "*a",
        "(*)",
        "|*",
        "a{1001}",
        "a{2,1}",
        "(a{100}){100}",
        "(",
        ")",
        "(a",
        "[a",
        "[",
        "[b-a]",
        "[[:nope:]]",
        r"\1",
        r"\8",
        r"\Z",
        r"\<",
        r"\u0041",
        r"\x{110000}",
        r"\C",
        r"a\",
        "(?x)a",
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        "(?P<a-b>x)",
        "(?P<>x)",
        "(?-)",
        "(?",
        r"\xg0",
        r"[\",
        "(?i",
    ];
    for pattern in wrong {
        let refused = matches!(translate(pattern), Err(Refusal::Invalid(_)));
        // `\<` is punctuation with a backslash, which stands for itself.
        assert_eq!(refused, pattern != r"\<", "{pattern}");
    }
}

#[test]
fn any_pattern_is_translated_or_refused() {
    use proptest::prelude::*;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let any = r"[\[\](){}|*+?.^$\\a-cA-Zx0-9:,<>=!PQEipsUm-]{0,24}";
    runner
        .run(&any, |pattern| {
            if let Ok(translated) = translate(&pattern)
                && translated.states < 1000
            {
                prop_assert!(
                    Regex::new(&translated.pattern).is_ok(),
                    "{}",
                    translated.pattern
                );
            }
            Ok(())
        })
        .expect("every pattern that was translated is one");
}
