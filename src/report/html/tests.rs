use super::document::{STYLE, base64, source};
use super::*;
use crate::report::made_up;

/// Markup, what ends an attribute or a script, and what turns text around.
const HOSTILE: &str =
    "\"'><zqx onload='zqx()'></script></style>]]>javascript:zqx\u{202e}\u{1b}[31m\n`";

fn page(text: &str, verdicts: usize, passes: bool) -> String {
    let report = made_up::report(vec![made_up::root(text, text, verdicts)]);
    let rendering = Rendering {
        passes,
        ..Rendering::default()
    };
    html(&report, &rendering)
}

#[test]
fn bytes_are_written_in_base_64() {
    for (bytes, text) in [
        (&b""[..], ""),
        (b"f", "Zg=="),
        (b"fo", "Zm8="),
        (b"foo", "Zm9v"),
        (&[0xfb, 0xff, 0xfe, 0x00], "+//+AA=="),
    ] {
        assert_eq!(base64(bytes), text);
    }
}

#[test]
fn no_text_becomes_markup() {
    let page = page(HOSTILE, 20, true);
    assert!(page.matches("&lt;zqx onload=&#39;zqx()&#39;&gt;").count() > 100);
    for (text, count) in [
        ("<zqx", 0),
        ("'zqx", 0),
        ("<script>", 1),
        ("</script>", 1),
        ("<style>", 1),
        ("</style>", 1),
        ("href=\"javascript", 0),
        (" style=", 0),
        ("onload=\"", 0),
    ] {
        assert_eq!(page.matches(text).count(), count, "`{text}`");
    }
    let acts = |character: char| {
        character.is_control() && character != '\n' || matches!(character, '\u{202a}'..='\u{202e}')
    };
    assert_eq!(page.chars().find(|&character| acts(character)), None);
}

#[test]
fn every_element_that_is_opened_is_closed() {
    let page = page(HOSTILE, 20, true);
    for element in [
        "a", "b", "code", "del", "details", "div", "footer", "form", "g", "h1", "h2", "h3",
        "header", "i", "ins", "label", "li", "main", "mark", "nav", "ol", "option", "output", "p",
        "pre", "section", "select", "small", "span", "strong", "summary", "svg", "table", "tbody",
        "td", "text", "th", "thead", "title", "tr", "ul",
    ] {
        let opened = page.matches(&format!("<{element}>")).count()
            + page.matches(&format!("<{element} ")).count();
        let closed = page.matches(&format!("</{element}>")).count();
        assert_eq!(opened, closed, "`{element}`");
        assert!(opened > 0, "`{element}` is there");
    }
}

#[test]
fn the_policy_lets_nothing_in_but_the_one_style_and_the_one_script() {
    let page = page("a", 1, false);
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {};",
        source(STYLE),
        source(SCRIPT)
    );
    assert!(page.contains(&policy));
    assert!(page.contains(&format!("<style>{STYLE}</style>")));
    assert!(page.contains(&format!("<script>{SCRIPT}</script>")));
    for forbidden in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "</",
    ] {
        assert!(!SCRIPT.contains(forbidden), "the script has `{forbidden}`");
    }
    for loads in ["url(", "@import", "src=", "</"] {
        assert!(!STYLE.contains(loads), "the style has `{loads}`");
    }
}

#[test]
fn what_passes_is_listed_where_that_is_asked_for() {
    let rows = |passes| {
        page("a", 40, passes)
            .matches("<tr role=\"row\" id=")
            .count()
    };
    assert_eq!((rows(false), rows(true)), (24, 40));
}

#[test]
fn the_worst_stands_first() {
    let page = page("a", 40, true);
    let rows = page.split("<tr role=\"row\" id=").skip(1);
    let classes = rows.map(|row| row.split("class=\"tag ").nth(1).unwrap_or_default());
    let order = ["denied", "fail", "unknown", "waived", "pass", "na"];
    let ranks: Vec<usize> = classes
        .filter_map(|class| order.iter().position(|name| class.starts_with(name)))
        .collect();
    assert_eq!(ranks.len(), 40);
    assert_eq!((ranks[0], ranks[39]), (0, 5));
    let settled: Vec<usize> = ranks.into_iter().filter(|&rank| rank > 2).collect();
    assert!(settled.is_sorted(), "{settled:?}");
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(page(HOSTILE, 50, true), page(HOSTILE, 50, true));
}

#[test]
fn what_there_is_no_room_for_is_counted() {
    let report = made_up::report(vec![made_up::root("a", "a", 20_003)]);
    let rendering = Rendering {
        passes: true,
        ..Rendering::default()
    };
    let (rows, left_out) = rows(&report, &rendering);
    assert_eq!((rows.len(), left_out), (20_000, 3));
    let mut page = String::new();
    verdicts(&mut page, &report, &rendering, &rows[..1], left_out);
    assert!(page.contains("There is room for the 1 worst; 3 more are left out."));
}
