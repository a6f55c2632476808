//! Putting an argument into a block or a key into an object, unless it is there already.

use std::ops::Range;

use super::Unwritten;
use super::find::key_span;
use super::layout::{self, Change, Container, Item};
use super::resolve::range;
use crate::hcl::Span;
use crate::hcl::tree::{Body, ObjectItem};

/// Puts an argument into a block.
pub(super) fn put_argument(
    text: &str,
    body: &Body,
    name: &str,
    value: &str,
) -> Result<Vec<Change>, Unwritten> {
    let items: Vec<Item> = body
        .attributes
        .iter()
        .map(|attribute| Item {
            key: range(attribute.name.span),
            value: range(attribute.value.span),
        })
        .collect();
    put(
        text,
        range(body.span),
        &items,
        Container::Block,
        name,
        value,
    )
}

/// Puts a key into an object.
pub(super) fn put_key(
    text: &str,
    object: Span,
    items: &[ObjectItem],
    name: &str,
    value: &str,
) -> Result<Vec<Change>, Unwritten> {
    let items: Vec<Item> = items.iter().map(item).collect();
    let inner = inner(text, object).ok_or(Unwritten::Computed)?;
    put(text, inner, &items, Container::Object, name, value)
}

/// Puts something in: in place of a null that is written there already, else as a new item. Where an expression came to
/// null there, nothing can be put in.
fn put(
    text: &str,
    inner: Range<usize>,
    items: &[Item],
    container: Container,
    name: &str,
    value: &str,
) -> Result<Vec<Change>, Unwritten> {
    match items.iter().find(|item| has_name(text, &item.key, name)) {
        Some(item) if is_literal(&text[item.value.clone()]) => {
            Ok(vec![(item.value.clone(), value.to_owned())])
        }
        Some(_) => Err(Unwritten::Computed),
        None => Ok(layout::insert(text, inner, items, container, name, value)),
    }
}

/// Whether an item of an object has a key of this name, in whatever case.
pub(super) fn is_named(text: &str, item: &ObjectItem, name: &str) -> bool {
    has_name(text, &range(key_span(item)), name)
}

fn has_name(text: &str, key: &Range<usize>, name: &str) -> bool {
    text[key.clone()]
        .trim_matches('"')
        .eq_ignore_ascii_case(name)
}

/// Where the key and the value of an item stand.
pub(super) fn item(item: &ObjectItem) -> Item {
    Item {
        key: range(key_span(item)),
        value: range(item.value.span),
    }
}

/// What stands between the braces of a text that has braces around it.
pub(super) fn inner(text: &str, span: Span) -> Option<Range<usize>> {
    let range = range(span);
    let inside = text
        .get(range.clone())?
        .strip_prefix('{')?
        .strip_suffix('}')?;
    Some(range.start + 1..range.start + 1 + inside.len())
}

/// Whether a text is a literal, and not an expression that may have had its reasons.
pub(super) fn is_literal(written: &str) -> bool {
    let plain = |text: &str| {
        !text.contains(['"', '\\', '\n']) && !text.contains("${") && !text.contains("%{")
    };
    let quoted = written
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    matches!(written, "true" | "false" | "null")
        || quoted.is_some_and(plain)
        || written.parse::<f64>().is_ok()
}
