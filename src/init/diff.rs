//! What would be written, for a person to read.

use similar::TextDiff;

use super::plan::Edit;
use crate::report;

/// Files that hold what others should not see beside what is edited: there the edited lines alone are shown.
const PRIVATE: [&str; 3] = [".cargo/config.toml", ".cargo/config", super::ci::PIPELINE];

/// The edits as a unified diff.
pub(crate) fn diff(edits: &[Edit], colour: bool) -> String {
    let mut text = String::new();
    for edit in edits {
        let before = edit
            .before
            .as_deref()
            .unwrap_or_default()
            .replace("\r\n", "\n");
        let after = edit.after.replace("\r\n", "\n");
        let old = match &edit.before {
            Some(_) => format!("a/{}", edit.file),
            None => "/dev/null".to_owned(),
        };
        let radius = if PRIVATE.contains(&edit.file.as_str()) {
            0
        } else {
            3
        };
        let lines = TextDiff::from_lines(&before, &after)
            .unified_diff()
            .context_radius(radius)
            .header(&old, &format!("b/{}", edit.file))
            .to_string();
        for line in report::safe_for_terminal(&lines).split_inclusive('\n') {
            match style(line).filter(|_| colour) {
                Some(style) => {
                    let (line, end) = line.split_at(line.trim_end_matches('\n').len());
                    text.push_str(&format!("{style}{line}{style:#}{end}"));
                }
                None => text.push_str(line),
            }
        }
    }
    text
}

fn style(line: &str) -> Option<anstyle::Style> {
    let colour = match line.as_bytes().first() {
        _ if line.starts_with("+++") || line.starts_with("---") => {
            return Some(anstyle::Style::new().bold());
        }
        Some(b'+') => anstyle::AnsiColor::Green,
        Some(b'-') => anstyle::AnsiColor::Red,
        Some(b'@') => anstyle::AnsiColor::Cyan,
        _ => return None,
    };
    Some(colour.on_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_an_edit_is_not_shown_where_it_may_be_a_secret() {
        let edit = |file: &str| Edit {
            file: file.to_owned(),
            before: Some("token = \"s3cret\"\r\n".to_owned()),
            after: "token = \"s3cret\"\r\na = 1\r\n".to_owned(),
        };
        let private = diff(&[edit(".cargo/config.toml")], false);
        assert!(
            !private.contains("s3cret") && private.contains("+a = 1\n"),
            "{private}"
        );
        let usual = diff(&[edit("Cargo.toml")], true);
        assert!(
            usual.contains(" token") && usual.contains("\u{1b}[32m+a = 1"),
            "{usual}"
        );
    }
}
