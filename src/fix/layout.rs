//! Where a new argument or block goes in a text, laid out as `terraform fmt` would have it.

use std::ops::Range;

/// A change of a text: the bytes to replace, and what to write there.
pub(super) type Change = (Range<usize>, String);

/// An argument of a block or an item of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The name or the key.
    pub(super) key: Range<usize>,
    /// The value.
    pub(super) value: Range<usize>,
}

/// What something is added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    /// A block.
    Block,
    /// An object.
    Object,
}

/// How many bytes around a place are looked at for how lines end there.
const NEAR: usize = 2048;

/// Arguments that stand first in their block and apart from the others.
const META_ARGUMENTS: [&str; 7] = [
    "count",
    "depends_on",
    "for_each",
    "provider",
    "providers",
    "source",
    "version",
];

/// Adds an argument or an item. `inner` is what stands between the braces.
pub(super) fn insert(
    text: &str,
    inner: Range<usize>,
    items: &[Item],
    container: Container,
    name: &str,
    value: &str,
) -> Vec<Change> {
    let name = match items.first() {
        Some(first) if text[first.key.clone()].starts_with('"') => format!("\"{name}\""),
        _ => name.to_owned(),
    };
    let changes = if text[inner.clone()].contains('\n') {
        on_a_line(text, inner, items, &name, value)
    } else if container == Container::Block {
        broken_up(text, inner, items, &name, value)
    } else {
        in_line(text, inner, items, &name, value)
    };
    with_line_breaks_of(text, changes)
}

/// Gives an item of an object another key, and aligns those that stand with it.
pub(super) fn rename(
    text: &str,
    start: usize,
    items: &[Item],
    at: usize,
    name: &str,
) -> Vec<Change> {
    let Some(renamed) = items.get(at) else {
        return Vec::new();
    };
    let mut changes = vec![(renamed.key.clone(), name.to_owned())];
    let runs = runs(text, start, items);
    let Some(run) = runs.iter().find(|run| run.contains(renamed)) else {
        return changes;
    };
    let column = |item: &Item| width(text, &item.key) + sign_gap(text, item).len();
    let is_sign = |item: &Item| text[item.key.end..item.value.start].trim() == "=";
    let aligned = run
        .windows(2)
        .all(|pair| column(&pair[0]) == column(&pair[1]));
    if !aligned || !run.iter().all(is_sign) {
        return changes;
    }
    let width = |item: &Item| match item == renamed {
        true => name.chars().count(),
        false => width(text, &item.key),
    };
    let wide = run.iter().map(width).max().unwrap_or(0);
    for item in *run {
        let gap = sign_gap(text, item);
        let wanted = wide + 1 - width(item);
        if gap.len() != wanted && gap.bytes().all(|byte| byte == b' ') {
            let span = item.key.end..item.key.end + gap.len();
            changes.push((span, " ".repeat(wanted)));
        }
    }
    changes
}

/// Adds a nested block at the end of a block.
pub(super) fn insert_block(text: &str, inner: Range<usize>, block: &str) -> Vec<Change> {
    let outer = indentation(text, inner.end);
    let indented: Vec<String> = block
        .lines()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("{outer}  {line}")
            }
        })
        .collect();
    let block = indented.join("\n");
    let content = text[inner.clone()].trim_end();
    let change = if content.trim().is_empty() {
        (inner, format!("\n{block}\n{outer}"))
    } else if content.contains('\n') {
        let end = inner.start + content.len();
        (end..end, format!("\n\n{block}"))
    } else {
        (
            inner,
            format!("\n{outer}  {}\n\n{block}\n{outer}", content.trim()),
        )
    };
    with_line_breaks_of(text, vec![change])
}

/// Adds a key to an object of JSON. `inner` is what stands between the braces.
pub(super) fn insert_json(
    text: &str,
    inner: Range<usize>,
    name: &str,
    value: &str,
) -> Option<Vec<Change>> {
    let content = &text[inner.clone()];
    // A key that is there already, with null for its value, must not be there twice.
    let key = format!("\"{name}\"").to_ascii_lowercase();
    if content.to_ascii_lowercase().contains(&key) {
        return None;
    }
    // A directive of a template may leave the last member out, and what is no JSON cannot be written.
    if content.contains("%{") || serde_json::from_str::<serde::de::IgnoredAny>(value).is_err() {
        return None;
    }
    let last = inner.start + content.trim_end().len();
    let member = format!("\"{name}\": {value}");
    let change = if content.trim().is_empty() {
        (inner, member)
    } else if content.contains('\n') {
        let first = inner.start + (content.len() - content.trim_start().len());
        (
            last..last,
            format!(",\n{}{member}", indentation(text, first)),
        )
    } else {
        (last..last, format!(", {member}"))
    };
    Some(with_line_breaks_of(text, vec![change]))
}

/// On a line of its own, after the first arguments that stand together, and aligned with them.
fn on_a_line(
    text: &str,
    inner: Range<usize>,
    items: &[Item],
    name: &str,
    value: &str,
) -> Vec<Change> {
    let runs = runs(text, inner.start, items);
    let is_meta = |run: &&[Item]| {
        run.iter()
            .all(|item| META_ARGUMENTS.contains(&&text[item.key.clone()]))
    };
    let Some(run) = runs
        .iter()
        .copied()
        .find(|run| !is_meta(run))
        .or(runs.last().copied())
    else {
        let indent = match items.first() {
            Some(first) => indentation(text, first.key.start).to_owned(),
            None => format!("{}  ", indentation(text, inner.end)),
        };
        let start = inner.start + text[inner].find('\n').map_or(0, |at| at + 1);
        return vec![(start..start, format!("{indent}{name} = {value}\n"))];
    };
    // Beside a text of many lines short arguments come first.
    let is_heredoc = |item: &Item| text[item.value.clone()].starts_with("<<");
    let short = run.iter().take_while(|item| !is_heredoc(item)).last();
    let Some(last) = short.or(run.last()) else {
        return Vec::new();
    };
    let indent = indentation(text, last.key.start);
    let end = line_end(text, last.value.end);
    let has_comma = |item: &Item| {
        let rest = &text[item.value.end..line_end(text, item.value.end)];
        rest.trim_start().starts_with(',')
    };
    let mut changes = Vec::new();
    let comma = if has_comma(last) { "," } else { "" };
    if comma.is_empty() && items.iter().any(has_comma) {
        changes.push((last.value.end..last.value.end, ",".to_owned()));
    }
    let sign = &text[last.key.end..last.value.start];
    if sign.trim() != "=" {
        return vec![(end..end, format!("\n{indent}{name}{sign}{value}{comma}"))];
    }
    let column = |item: &Item| width(text, &item.key) + sign_gap(text, item).len();
    let aligned = run
        .windows(2)
        .all(|pair| column(&pair[0]) == column(&pair[1]));
    let mut wide = name.chars().count();
    if aligned {
        wide = run
            .iter()
            .map(|item| width(text, &item.key))
            .max()
            .unwrap_or(0)
            .max(wide);
        for item in run {
            let gap = sign_gap(text, item);
            let wanted = wide + 1 - width(text, &item.key);
            if gap.len() != wanted && gap.bytes().all(|byte| byte == b' ') {
                let span = item.key.end..item.key.end + gap.len();
                changes.push((span, " ".repeat(wanted)));
            }
        }
    }
    changes.push((
        end..end,
        format!("\n{indent}{name:<wide$} = {value}{comma}"),
    ));
    changes
}

/// In a block on one line, which becomes one of several.
fn broken_up(
    text: &str,
    inner: Range<usize>,
    items: &[Item],
    name: &str,
    value: &str,
) -> Vec<Change> {
    let outer = indentation(text, inner.start).to_owned();
    let mut lines = String::new();
    let widths = items.iter().map(|item| width(text, &item.key));
    let wide = widths.chain([name.chars().count()]).max().unwrap_or(0);
    for item in items {
        let (key, value) = (&text[item.key.clone()], &text[item.value.clone()]);
        lines.push_str(&format!("\n{outer}  {key:<wide$} = {value}"));
    }
    let replacement = format!("{lines}\n{outer}  {name:<wide$} = {value}\n{outer}");
    vec![(inner, replacement)]
}

/// In an object on one line, which stays one.
fn in_line(
    text: &str,
    inner: Range<usize>,
    items: &[Item],
    name: &str,
    value: &str,
) -> Vec<Change> {
    let Some(last) = items.last() else {
        return vec![(inner, format!(" {name} = {value} "))];
    };
    let sign = &text[last.key.end..last.value.start];
    let after = &text[last.value.end..inner.end];
    match after.trim_start().strip_prefix(',') {
        Some(rest) => {
            let end = inner.end - rest.len();
            vec![(end..end, format!(" {name}{sign}{value}"))]
        }
        None => {
            let end = last.value.end;
            vec![(end..end, format!(", {name}{sign}{value}"))]
        }
    }
}

/// The arguments of one line each, and heredocs, that stand on consecutive lines; `terraform fmt` aligns each such run.
fn runs<'a>(text: &str, start: usize, items: &'a [Item]) -> Vec<&'a [Item]> {
    let mut runs = Vec::new();
    let mut begin = 0;
    let mut before = start;
    for (index, item) in items.iter().enumerate() {
        let breaks = text[before..item.key.start].matches('\n').count();
        before = item.value.end;
        // To `terraform fmt` a heredoc is one line, however long it is.
        let value = &text[item.value.clone()];
        let on_one_line = breaks > 0 && (value.starts_with("<<") || !value.contains('\n'));
        if on_one_line && (breaks == 1 || begin == index) {
            continue;
        }
        if begin < index {
            runs.push(&items[begin..index]);
        }
        begin = if on_one_line { index } else { index + 1 };
    }
    if begin < items.len() {
        runs.push(&items[begin..]);
    }
    runs
}

fn width(text: &str, range: &Range<usize>) -> usize {
    text[range.clone()].chars().count()
}

/// What stands between a key and its sign.
fn sign_gap<'a>(text: &'a str, item: &Item) -> &'a str {
    let between = &text[item.key.end..item.value.start];
    &between[..between.len() - between.trim_start().len()]
}

pub(super) fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// The end of the line that an offset is in, before its line break.
pub(super) fn line_end(text: &str, offset: usize) -> usize {
    let end = text[offset..]
        .find('\n')
        .map_or(text.len(), |at| offset + at);
    if end > offset && text.as_bytes()[end - 1] == b'\r' {
        end - 1
    } else {
        end
    }
}

/// The blank space that the line of an offset begins with.
fn indentation(text: &str, offset: usize) -> &str {
    let start = line_start(text, offset);
    let line = &text[start..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// Writes line breaks as the text has them near a place.
fn with_line_breaks_of(text: &str, changes: Vec<Change>) -> Vec<Change> {
    let at = changes.first().map_or(0, |(span, _)| span.start);
    let bytes = text.as_bytes();
    let near = &bytes[at.saturating_sub(NEAR)..bytes.len().min(at + NEAR)];
    if !near.windows(2).any(|pair| pair == b"\r\n") {
        return changes;
    }
    let rewrite = |replacement: String| replacement.replace("\r\n", "\n").replace('\n', "\r\n");
    changes
        .into_iter()
        .map(|(span, replacement)| (span, rewrite(replacement)))
        .collect()
}
