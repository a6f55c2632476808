use super::*;
use crate::report::made_up;

/// Markdown, markup, mentions, references and links, and what turns text around.
const HOSTILE: &str = "|```~~~**x**<zqx>@octocat #12 GH-3 [a](javascript:b) https://a.example www.a.example\n\n# b\u{202e}\u{1b}`";

fn page(text: &str, roots: usize, verdicts: usize, limit: usize) -> String {
    let roots = (0..roots).map(|_| made_up::root(text, text, verdicts));
    let rendering = Rendering {
        passes: true,
        ..Rendering::default()
    };
    markdown(&made_up::report(roots.collect()), &rendering, limit)
}

/// Without what stands in fenced blocks, in code and in links that this writes itself.
fn prose(page: &str) -> String {
    let mut prose = String::new();
    let mut fence: Option<&str> = None;
    for line in page.lines() {
        match fence {
            Some(open) if line == open => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => {
                let name = line.trim_start_matches('`');
                fence = Some(&line[..line.len() - name.len()]);
            }
            None => {
                let outside: Vec<&str> = line.split('`').step_by(2).collect();
                let outside = outside.join("code");
                let mut links = outside.split("](");
                prose.push_str(links.next().unwrap_or_default());
                for link in links {
                    let (address, after) = link.split_once(')').unwrap();
                    assert!(!address.contains([' ', ':', '(', '<']), "{address}");
                    prose.push_str("](…)");
                    prose.push_str(after);
                }
                prose.push('\n');
            }
        }
    }
    assert_eq!(fence, None, "every fence is closed");
    prose
}

#[test]
fn no_text_becomes_structure() {
    let page = page(HOSTILE, 2, 20, STEP_SUMMARY);
    let prose = prose(&page);
    for forbidden in [
        "<zqx",
        "@octocat",
        "#12 ",
        "GH-3",
        "](javascript",
        "https://",
        "www.",
        "**x**",
        "~~~",
        "\n# b",
    ] {
        assert!(!prose.contains(forbidden), "`{forbidden}` in {prose}");
    }
    assert!(prose.contains("&#64;&#8203;octocat"));
    let acts = |character: char| {
        character.is_control() && character != '\n' || matches!(character, '\u{202a}'..='\u{202e}')
    };
    assert_eq!(page.chars().find(|&character| acts(character)), None);
    assert_eq!(
        page.matches("<details").count(),
        page.matches("</details>").count()
    );
}

#[test]
fn every_row_of_a_table_has_its_cells() {
    for line in prose(&page(HOSTILE, 2, 20, STEP_SUMMARY)).lines() {
        if line.starts_with('|') {
            let bars = line.matches('|').count();
            assert!(bars == 5 || bars == 7, "{line}");
        }
    }
}

#[test]
fn the_bound_is_kept_and_what_is_left_out_is_said() {
    for (text, roots, verdicts, limit) in [
        ("a", 1, 900, COMMENT),
        (HOSTILE, 1, 300, COMMENT),
        (HOSTILE, 100, 8, COMMENT),
        (HOSTILE, 20, 200, STEP_SUMMARY),
        ("a", 9, 9, 6000),
    ] {
        let page = page(text, roots, verdicts, limit);
        assert!(page.len() <= limit, "{} of {limit}", page.len());
        assert!(page.len() > limit / 2, "{} of {limit}", page.len());
        assert!(page.contains(" more"), "{page}");
        assert_eq!(
            page.matches("<details").count(),
            page.matches("</details>").count()
        );
    }
}

#[test]
fn a_fence_is_longer_than_any_in_what_it_holds() {
    let page = page("`````", 1, 1, COMMENT);
    assert!(page.contains("\n``````````diff\n"), "{page}");
}
