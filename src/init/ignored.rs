//! What Git is to ignore.

use super::layout::{as_before, plain};

/// The file.
pub(super) const FILE: &str = ".gitignore";

/// What Terraform and `terraform plan -out` leave, which nobody commits, and a file of that kind.
pub(super) const LINES: [(&str, &str); 2] = [
    (".terraform/", ".terraform/providers/x"),
    ("*.tfplan", "x.tfplan"),
];

/// The file with the lines that are not there.
pub(super) fn edited(original: Option<&str>, lines: &[&str]) -> Option<String> {
    let original = original.unwrap_or_default();
    let mut text = plain(original);
    let missing: Vec<&str> = lines
        .iter()
        .copied()
        .filter(|line| !text.lines().any(|there| there.trim() == *line))
        .collect();
    if missing.is_empty() {
        return None;
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for line in missing {
        text.push_str(line);
        text.push('\n');
    }
    Some(as_before(original, &text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_missing_are_added_at_the_end() {
        let lines = [".terraform/", "*.tfplan"];
        assert_eq!(
            edited(None, &lines).as_deref(),
            Some(".terraform/\n*.tfplan\n")
        );
        assert_eq!(
            edited(Some("/target\r\n*.tfplan\r\n"), &lines).as_deref(),
            Some("/target\r\n*.tfplan\r\n.terraform/\r\n")
        );
        assert_eq!(
            edited(Some("a"), &lines[..1]).as_deref(),
            Some("a\n.terraform/")
        );
        assert_eq!(edited(Some(".terraform/\n*.tfplan"), &lines), None);
    }
}
