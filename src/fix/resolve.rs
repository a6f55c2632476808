//! From a fix, its places given by origins, to byte ranges in the texts.

use std::ops::Range;

use super::layout::{self, Change, Container, Item};
use super::{Applicability, Edit, Fix};
use crate::ecs::Origin;
use crate::hcl::Span;
use crate::hcl::tree::{
    Block, Body, Expression, ExpressionKind, ObjectItem, ObjectKey, Step, TemplatePart,
};
use crate::place;
use crate::report::{ResolvedEdit, ResolvedFix, SharedText};
use crate::source::{FileId, Place, SourceMap};

/// Turns fixes into byte ranges in the texts of one root module.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    source: &'a SourceMap,
}

/// Where an edit goes, and whether it is certain to change nothing else.
struct Resolved {
    file: FileId,
    changes: Vec<Change>,
    direct: bool,
}

impl<'a> Resolver<'a> {
    /// Starts with texts.
    pub(crate) fn new(source: &'a SourceMap) -> Self {
        Resolver { source }
    }

    /// Finds where each edit goes. `None` where one of them has no place in the source.
    pub(crate) fn resolve(&self, fix: &Fix) -> Option<ResolvedFix> {
        let mut applicability = fix.applicability;
        let mut edits = Vec::new();
        for edit in &fix.edits {
            let Resolved {
                file,
                changes,
                direct,
            } = match edit {
                Edit::Replace { at, with } => self.replace(at, with)?,
                Edit::Rename { key, with } => self.rename(key, with)?,
                Edit::Insert { into, name, value } => self.insert(into, name, value)?,
                Edit::InsertBlock { into, text } => self.insert_block(into, text)?,
            };
            if !direct {
                applicability = Applicability::MaybeIncorrect;
            }
            // What a plan was made of is not what would be edited.
            if self.source.is_planned(file) {
                return None;
            }
            let file = self.source.file(file);
            for (range, replacement) in changes {
                let edit = ResolvedEdit {
                    file: file.name.clone(),
                    text: SharedText(file.text.clone()),
                    line: file.position(u32::try_from(range.start).ok()?).line,
                    span: span(range)?,
                    replacement,
                };
                if !edits.contains(&edit) {
                    edits.push(edit);
                }
            }
        }
        edits.sort_by(|left, right| (&left.file, left.span).cmp(&(&right.file, right.span)));
        let apart = edits
            .windows(2)
            .all(|pair| pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start);
        // What is installed is not the user's to edit: the next `terraform init` would undo it.
        let installed = edits
            .iter()
            .any(|edit| edit.file.split('/').any(|part| part == ".terraform"));
        (apart && !installed).then(|| ResolvedFix {
            title: fix.title.clone(),
            applicability,
            edits,
        })
    }

    fn replace(&self, at: &Origin, with: &str) -> Option<Resolved> {
        let (place, direct) = written_at(at, self.source)?;
        // An expression says more than its value: who else hangs on it is not known here.
        is_literal(self.source.text(place)).then(|| Resolved {
            file: place.file,
            changes: vec![(range(place.span), with.to_owned())],
            // Of an arm nobody knows here when it is taken, nor who counts on the choice.
            direct: direct && !in_conditional(self.tree(place.file), place.span),
        })
    }

    /// A key is renamed where it stands as a name or as a text without interpolation.
    fn rename(&self, key: &Origin, with: &str) -> Option<Resolved> {
        let place = key.header()?;
        let written = self.source.text(place);
        let quoted = is_literal(written) && written.starts_with('"');
        let named = !written.is_empty()
            && written
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let replacement = match (quoted, named) {
            (true, _) => format!("\"{with}\""),
            (false, true) => with.to_owned(),
            (false, false) => return None,
        };
        let text: &str = &self.source.file(place.file).text;
        let changes = match object_with(self.tree(place.file), place.span) {
            Some((object, items, at)) => {
                let items: Vec<Item> = items.iter().map(item).collect();
                let start = inner(text, object)?.start;
                layout::rename(text, start, &items, at, &replacement)
            }
            None => vec![(range(place.span), replacement)],
        };
        Some(Resolved {
            file: place.file,
            changes,
            direct: true,
        })
    }

    fn insert(&self, into: &Origin, name: &str, value: &str) -> Option<Resolved> {
        let source = self.source;
        if let Some(body) = into.body() {
            let text: &str = &source.file(body.file).text;
            let tree = block_at(self.tree(body.file), body.span, |block| block.body.span)?;
            return Some(Resolved {
                file: body.file,
                changes: put_argument(text, &tree.body, name, value)?,
                direct: true,
            });
        }
        let (place, direct) = written_at(into, source)?;
        let text: &str = &source.file(place.file).text;
        let changes = match self.find(place) {
            Some(Node::Block(block)) => put_argument(text, &block.body, name, value)?,
            Some(Node::Object(items)) => {
                let items: Vec<Item> = items.iter().map(item).collect();
                let inner = inner(text, place.span)?;
                put(text, inner, &items, Container::Object, name, value)?
            }
            None => {
                let inner = inner(text, place.span)?;
                layout::insert_json(text, inner, name, value)?
            }
        };
        Some(Resolved {
            file: place.file,
            changes,
            direct,
        })
    }

    fn insert_block(&self, into: &Origin, block: &str) -> Option<Resolved> {
        let source = self.source;
        let (file, inner, direct) = match into.body() {
            Some(body) => (body.file, body.span, true),
            None => {
                let (place, direct) = written_at(into, source)?;
                match self.find(place)? {
                    Node::Block(found) => (place.file, found.body.span, direct),
                    Node::Object(_) => return None,
                }
            }
        };
        let text: &str = &source.file(file).text;
        let inner = range(inner);
        text.get(inner.clone())?;
        Some(Resolved {
            file,
            changes: layout::insert_block(text, inner, block),
            direct,
        })
    }

    /// The block or the object that stands in a place.
    fn find(&self, place: Place) -> Option<Node<'a>> {
        let tree = self.tree(place.file);
        if let Some(block) = block_at(tree, place.span, |block| block.span) {
            return Some(Node::Block(block));
        }
        object_at(tree, place.span).map(Node::Object)
    }

    fn tree(&self, file: FileId) -> &'a Body {
        &self.source.file(file).parsed().tree
    }
}

enum Node<'a> {
    Block(&'a Block),
    Object(&'a [ObjectItem]),
}

/// Where a nested block or an object was written, and whether that is where it is used.
fn written_at(origin: &Origin, source: &SourceMap) -> Option<(Place, bool)> {
    if !origin.is_written() {
        return None;
    }
    let way = place::value_route(origin, source)?;
    let place = way.place.filter(|_| way.is_written)?;
    Some((place, way.is_direct()))
}

fn put_argument(text: &str, body: &Body, name: &str, value: &str) -> Option<Vec<Change>> {
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

/// Puts something in: in place of a null that is written there already, else as a new item. Where an expression came to
/// null there, nothing can be put in.
fn put(
    text: &str,
    inner: Range<usize>,
    items: &[Item],
    container: Container,
    name: &str,
    value: &str,
) -> Option<Vec<Change>> {
    let has_name = |item: &&Item| {
        let key = text[item.key.clone()].trim_matches('"');
        key.eq_ignore_ascii_case(name)
    };
    match items.iter().find(has_name) {
        Some(item) => {
            let written = text.get(item.value.clone())?;
            is_literal(written).then(|| vec![(item.value.clone(), value.to_owned())])
        }
        None => Some(layout::insert(text, inner, items, container, name, value)),
    }
}

fn item(item: &ObjectItem) -> Item {
    Item {
        key: range(key_span(item)),
        value: range(item.value.span),
    }
}

fn key_span(item: &ObjectItem) -> Span {
    match &item.key {
        ObjectKey::Name(name) => name.span,
        ObjectKey::Expression(expression) => expression.span,
    }
}

/// What stands between the braces of a text that has braces around it.
fn inner(text: &str, span: Span) -> Option<Range<usize>> {
    let range = range(span);
    let inside = text
        .get(range.clone())?
        .strip_prefix('{')?
        .strip_suffix('}')?;
    Some(range.start + 1..range.start + 1 + inside.len())
}

/// Finds the block of which something stands exactly in a place. Of a `dynamic` block, its `content` is what
/// can be written into. Blocks are in the order of the text, so that a search takes few steps.
fn block_at(tree: &Body, span: Span, of: impl Fn(&Block) -> Span) -> Option<&Block> {
    let mut body = tree;
    loop {
        let block = containing(&body.blocks, span, |block| block.span)?;
        if of(block) == span {
            let content = |inner: &&Block| &*inner.keyword.text == "content";
            return match &*block.keyword.text {
                "dynamic" => block.body.blocks.iter().find(content),
                _ => Some(block),
            };
        }
        body = &block.body;
    }
}

/// Finds the object that stands exactly in a place.
fn object_at(tree: &Body, span: Span) -> Option<&[ObjectItem]> {
    around(tree, span).find_map(|expression| match &expression.kind {
        ExpressionKind::Object(items) if expression.span == span => Some(items.as_slice()),
        _ => None,
    })
}

/// The object that has a key exactly in a place, and which of its items that is.
fn object_with(tree: &Body, key: Span) -> Option<(Span, &[ObjectItem], usize)> {
    around(tree, key).find_map(|expression| match &expression.kind {
        ExpressionKind::Object(items) => {
            let at = items.iter().position(|item| key_span(item) == key)?;
            Some((expression.span, items.as_slice(), at))
        }
        _ => None,
    })
}

/// Whether a place is in a conditional.
fn in_conditional(tree: &Body, span: Span) -> bool {
    around(tree, span).any(|expression| matches!(expression.kind, ExpressionKind::Conditional(_)))
}

/// The expressions that a place is in, the outermost first.
fn around(tree: &Body, span: Span) -> impl Iterator<Item = &Expression> {
    let mut body = tree;
    while let Some(block) = containing(&body.blocks, span, |block| block.span) {
        body = &block.body;
    }
    let first = containing(&body.attributes, span, |attribute| attribute.span)
        .map(|attribute| &*attribute.value);
    std::iter::successors(first, move |expression| child_at(expression, span))
}

/// The one of several in the order of the text that a place is in.
fn containing<T>(all: &[T], span: Span, of: impl Fn(&T) -> Span) -> Option<&T> {
    let after = all.partition_point(|one| of(one).start <= span.start);
    let one = all.get(after.checked_sub(1)?)?;
    (span.end <= of(one).end).then_some(one)
}

/// The child of an expression that a place is in.
fn child_at(expression: &Expression, span: Span) -> Option<&Expression> {
    match &expression.kind {
        ExpressionKind::Tuple(elements) => containing(elements, span, |element| element.span),
        ExpressionKind::Object(items) => {
            let item = containing(items, span, |item| Span {
                start: key_span(item).start,
                end: item.value.span.end,
            })?;
            match &item.key {
                ObjectKey::Expression(key) if span.end <= key.span.end => Some(key),
                _ => Some(&item.value),
            }
        }
        _ => {
            let mut children = Vec::new();
            expression_children(expression, &mut children);
            let around =
                |child: &&Expression| child.span.start <= span.start && span.end <= child.span.end;
            children.into_iter().find(around)
        }
    }
}

fn expression_children<'a>(expression: &'a Expression, into: &mut Vec<&'a Expression>) {
    match &expression.kind {
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Variable(_)
        | ExpressionKind::Tuple(_)
        | ExpressionKind::Object(_)
        | ExpressionKind::Error => {}
        ExpressionKind::Template(template) => parts(&template.parts, into),
        ExpressionKind::Parentheses(inner) | ExpressionKind::Unary(_, inner) => into.push(inner),
        ExpressionKind::For(each) => {
            into.extend([&each.collection, &each.value]);
            into.extend(each.key.iter().chain(&each.condition));
        }
        ExpressionKind::Call(call) => into.extend(&call.arguments),
        ExpressionKind::Access(access) => {
            into.push(&access.base);
            into.extend(access.steps.iter().filter_map(|step| match step {
                Step::Index(index, _) => Some(index),
                Step::Attribute(_) | Step::LegacyIndex(_) | Step::Splat(..) => None,
            }));
        }
        ExpressionKind::Conditional(conditional) => {
            into.extend([
                &conditional.condition,
                &conditional.then,
                &conditional.otherwise,
            ]);
        }
        ExpressionKind::Binary(binary) => into.extend([&binary.left, &binary.right]),
    }
}

fn parts<'a>(parts: &'a [TemplatePart], into: &mut Vec<&'a Expression>) {
    let mut waiting: Vec<&TemplatePart> = parts.iter().collect();
    while let Some(part) = waiting.pop() {
        match part {
            TemplatePart::Literal(..) => {}
            TemplatePart::Interpolation(expression, _) => into.push(expression),
            TemplatePart::If(directive) => {
                into.push(&directive.condition);
                waiting.extend(directive.then.iter().chain(&directive.otherwise));
            }
            TemplatePart::For(directive) => {
                into.push(&directive.collection);
                waiting.extend(&directive.body);
            }
        }
    }
}

/// Whether a text is a literal, and not an expression that may have had its reasons.
fn is_literal(written: &str) -> bool {
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

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

fn span(range: Range<usize>) -> Option<Span> {
    Some(Span {
        start: u32::try_from(range.start).ok()?,
        end: u32::try_from(range.end).ok()?,
    })
}

#[cfg(test)]
mod tests;
