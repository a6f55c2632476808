//! Edits that leave a text laid out as it was: its line ends, its first and last bytes, its lists.

use similar::{ChangeTag, TextDiff};
use toml_edit::{Array, Item, Value};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A text as it is edited: with line feeds alone, without a byte-order mark.
pub(super) fn plain(text: &str) -> String {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    text.replace("\r\n", "\n")
}

/// An edit of the plain text, with the line ends of the original where the lines are its own, and those that
/// most of it has where they are new.
pub(super) fn as_before(original: &str, edited: &str) -> String {
    let marked = original.starts_with(BYTE_ORDER_MARK);
    let unended = !original.is_empty() && !original.ends_with('\n');
    let mut text = if original.contains("\r\n") {
        with_ends(original, edited)
    } else {
        edited.to_owned()
    };
    if unended {
        let end = text.trim_end_matches('\n').trim_end_matches('\r').len();
        text.truncate(end);
    }
    if marked {
        text.insert(0, BYTE_ORDER_MARK);
    }
    text
}

fn with_ends(original: &str, edited: &str) -> String {
    let ends: Vec<&str> = original
        .split_inclusive('\n')
        .map(|line| if line.ends_with("\r\n") { "\r\n" } else { "\n" })
        .collect();
    let returns = ends.iter().filter(|end| **end == "\r\n").count();
    let usual = if returns * 2 >= ends.len() {
        "\r\n"
    } else {
        "\n"
    };
    let was = plain(original);
    let diff = TextDiff::from_lines(was.as_str(), edited);
    let mut text = String::with_capacity(original.len() + edited.len() / 2);
    for change in diff.iter_all_changes() {
        let end = match change.tag() {
            ChangeTag::Delete => continue,
            ChangeTag::Insert => usual,
            ChangeTag::Equal => {
                let line = change.old_index().and_then(|index| ends.get(index));
                line.copied().unwrap_or(usual)
            }
        };
        match change.value().strip_suffix('\n') {
            Some(line) => {
                text.push_str(line);
                text.push_str(end);
            }
            None => text.push_str(change.value()),
        }
    }
    text
}

/// Adds a text at the end of a list, laid out as the ones before it, with their comments left where they are.
pub(super) fn push(array: &mut Array, text: &str) {
    let trailing = array.trailing().as_str().unwrap_or_default().to_owned();
    let Some(last) = array.iter_mut().last() else {
        array.push(text);
        return;
    };
    let prefix = last.decor().prefix().and_then(|prefix| prefix.as_str());
    let prefix = prefix.unwrap_or_default().to_owned();
    let suffix = last.decor().suffix().and_then(|suffix| suffix.as_str());
    let suffix = suffix.unwrap_or_default().to_owned();
    let lines = prefix.contains('\n') || suffix.contains('\n') || trailing.contains('\n');
    let mut value = Value::from(text);
    if !lines {
        // `[ "a" ]`: the space before the bracket goes with it.
        last.decor_mut().set_suffix("");
        *value.decor_mut() = toml_edit::Decor::new(" ", suffix);
        array.push_formatted(value);
        return;
    }
    // What stands after the last value, or after its comma, may be a comment: it stays on its line.
    let between = if array.trailing_comma() {
        trailing
    } else {
        if let Some(last) = array.iter_mut().last() {
            last.decor_mut().set_suffix("");
        }
        suffix
    };
    let indent = match prefix.rsplit_once('\n') {
        Some((_, indent)) => indent,
        None => "    ",
    };
    let closing = between.rsplit_once('\n').map_or("", |(_, closing)| closing);
    let before = format!("{}\n{indent}", between.trim_end());
    let after = format!("\n{closing}");
    *value.decor_mut() = toml_edit::Decor::new(before, "");
    array.push_formatted(value);
    array.set_trailing(after);
}

/// Takes the space before the closing brace of an inline table, which is not before it any more where a key
/// is added.
pub(super) fn make_room(table: &mut Item) {
    if let Item::Value(Value::InlineTable(table)) = table
        && let Some((_, last)) = table.iter_mut().last()
    {
        last.decor_mut().set_suffix("");
    }
}

/// A list of texts, one to a line where there are several.
pub(super) fn list(texts: &[String]) -> Array {
    let mut array: Array = texts.iter().map(String::as_str).collect();
    if texts.len() > 1 {
        for value in array.iter_mut() {
            value.decor_mut().set_prefix("\n    ");
        }
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    array
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_the_ends_of_the_text_stay() {
        let edit =
            |original: &str| as_before(original, &format!("{}\nb\n", plain(original).trim_end()));
        assert_eq!(edit("a\n"), "a\nb\n");
        assert_eq!(edit("a"), "a\nb");
        assert_eq!(edit("a\r\n"), "a\r\nb\r\n");
        assert_eq!(edit("x\r\na"), "x\r\na\r\nb");
        assert_eq!(edit("\u{feff}a\n"), "\u{feff}a\nb\n");
        assert_eq!(edit("x\r\ny\r\na\n"), "x\r\ny\r\na\nb\r\n");
        assert_eq!(edit("x\ny\na\r\n"), "x\ny\na\r\nb\n");
    }

    fn pushed(list: &str) -> String {
        let mut document: toml_edit::DocumentMut = format!("members = {list}\n").parse().unwrap();
        push(document["members"].as_array_mut().unwrap(), "x");
        let text = document.to_string();
        let read: toml_edit::DocumentMut = text.parse().unwrap();
        let last = read["members"].as_array().unwrap().iter().last().cloned();
        assert_eq!(last.unwrap().as_str(), Some("x"));
        text.trim_end().trim_start_matches("members = ").to_owned()
    }

    #[test]
    fn a_list_grows_in_its_own_layout() {
        assert_eq!(pushed("[]"), r#"["x"]"#);
        assert_eq!(pushed(r#"["a"]"#), r#"["a", "x"]"#);
        assert_eq!(pushed(r#"[ "a", "b" ]"#), r#"[ "a", "b", "x" ]"#);
        assert_eq!(pushed("[\n  \"a\",\n]"), "[\n  \"a\",\n  \"x\",\n]");
        assert_eq!(pushed("[\n  \"a\"\n]"), "[\n  \"a\",\n  \"x\"\n]");
        assert_eq!(
            pushed("[\n\t\"a\", # one\n\t\"b\" # two\n\t]"),
            "[\n\t\"a\", # one\n\t\"b\", # two\n\t\"x\"\n\t]"
        );
        assert_eq!(
            pushed("[\n    \"a\", # one\n    # more to come\n]"),
            "[\n    \"a\", # one\n    # more to come\n    \"x\",\n]"
        );
        assert_eq!(pushed("[\"a\",\n \"b\"]"), "[\"a\",\n \"b\",\n \"x\"\n]");
    }
}
