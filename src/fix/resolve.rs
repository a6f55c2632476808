//! From a fix, its places given by origins, to byte ranges in the texts.

use std::collections::HashMap;
use std::ops::Range;

use super::layout::{self, Change, Container, Item};
use super::{Applicability, Edit, Fix};
use crate::ecs::Origin;
use crate::hcl::tree::{
    Block, Body, Expression, ExpressionKind, ObjectItem, ObjectKey, Step, TemplatePart,
};
use crate::hcl::{self, Span};
use crate::place;
use crate::report::{ResolvedEdit, ResolvedFix, SharedText};
use crate::source::{FileId, Place, SourceMap};

/// Turns fixes into byte ranges in the texts of one root module. Each text is parsed once, and only where
/// something has to be put into it.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    source: &'a SourceMap,
    parsed: HashMap<FileId, Body>,
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
        Resolver {
            source,
            parsed: HashMap::new(),
        }
    }

    /// Finds where each edit goes. `None` where one of them has no place in the source.
    pub(crate) fn resolve(&mut self, fix: &Fix) -> Option<ResolvedFix> {
        let mut applicability = fix.applicability;
        let mut edits = Vec::new();
        for edit in &fix.edits {
            let Resolved {
                file,
                changes,
                direct,
            } = match edit {
                Edit::Replace { at, with } => self.replace(at, with)?,
                Edit::Insert { into, name, value } => self.insert(into, name, value)?,
                Edit::InsertBlock { into, text } => self.insert_block(into, text)?,
            };
            if !direct {
                applicability = Applicability::MaybeIncorrect;
            }
            let file = self.source.file(file);
            for (range, replacement) in changes {
                let edit = ResolvedEdit {
                    file: file.name.clone(),
                    text: SharedText(file.text.clone()),
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
        let written = self.source.text(place);
        if written.is_empty() {
            return None;
        }
        Some(Resolved {
            file: place.file,
            changes: vec![(range(place.span), with.to_owned())],
            direct: direct && is_literal(written),
        })
    }

    fn insert(&mut self, into: &Origin, name: &str, value: &str) -> Option<Resolved> {
        let source = self.source;
        if let Some(body) = into.body() {
            let text: &str = &source.file(body.file).text;
            let tree = block_with(self.tree(body.file), |block| block.body.span == body.span)?;
            let (changes, direct) = put_argument(text, &tree.body, name, value);
            return Some(Resolved {
                file: body.file,
                changes,
                direct,
            });
        }
        let (place, direct) = written_at(into, source)?;
        let text: &str = &source.file(place.file).text;
        let (changes, certain) = match self.find(place) {
            Some(Node::Block(block)) => put_argument(text, &block.body, name, value),
            Some(Node::Object(items)) => {
                let items: Vec<Item> = items.iter().map(item).collect();
                let inner = inner(text, place.span)?;
                put(text, inner, &items, Container::Object, name, value)
            }
            None => {
                let inner = inner(text, place.span)?;
                (layout::insert_json(text, inner, name, value)?, true)
            }
        };
        Some(Resolved {
            file: place.file,
            changes,
            direct: direct && certain,
        })
    }

    fn insert_block(&mut self, into: &Origin, block: &str) -> Option<Resolved> {
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
    fn find(&mut self, place: Place) -> Option<Node<'_>> {
        let tree = self.tree(place.file);
        if let Some(block) = block_with(tree, |block| block.span == place.span) {
            return Some(Node::Block(block));
        }
        object_at(tree, place.span).map(Node::Object)
    }

    fn tree(&mut self, file: FileId) -> &Body {
        let text = &self.source.file(file).text;
        self.parsed
            .entry(file)
            .or_insert_with(|| hcl::parse(text).tree)
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
    Some((way.place?, way.is_direct()))
}

fn put_argument(text: &str, body: &Body, name: &str, value: &str) -> (Vec<Change>, bool) {
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

/// Puts something in: in place of what is written there already, which came to null, else as a new item. Whether it is
/// certain to change nothing else comes with it.
fn put(
    text: &str,
    inner: Range<usize>,
    items: &[Item],
    container: Container,
    name: &str,
    value: &str,
) -> (Vec<Change>, bool) {
    let has_name = |item: &&Item| {
        let key = text[item.key.clone()].trim_matches('"');
        key.eq_ignore_ascii_case(name)
    };
    match items.iter().find(has_name) {
        Some(item) => {
            let written = &text[item.value.clone()];
            let change = (item.value.clone(), value.to_owned());
            (vec![change], is_literal(written))
        }
        None => (
            layout::insert(text, inner, items, container, name, value),
            true,
        ),
    }
}

fn item(item: &ObjectItem) -> Item {
    let key = match &item.key {
        ObjectKey::Name(name) => name.span,
        ObjectKey::Expression(expression) => expression.span,
    };
    Item {
        key: range(key),
        value: range(item.value.span),
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

/// Finds a block in a tree. Of a `dynamic` block, its `content` is what can be written into.
fn block_with(tree: &Body, is_it: impl Fn(&Block) -> bool) -> Option<&Block> {
    let mut waiting: Vec<&Block> = tree.blocks.iter().collect();
    while let Some(block) = waiting.pop() {
        if is_it(block) {
            let content = |inner: &&Block| &*inner.keyword.text == "content";
            return match &*block.keyword.text {
                "dynamic" => block.body.blocks.iter().find(content),
                _ => Some(block),
            };
        }
        waiting.extend(&block.body.blocks);
    }
    None
}

/// Finds the object that stands exactly in a place.
fn object_at(tree: &Body, span: Span) -> Option<&[ObjectItem]> {
    let around = |other: Span| other.start <= span.start && span.end <= other.end;
    let mut bodies = vec![tree];
    let mut waiting: Vec<&Expression> = Vec::new();
    while let Some(body) = bodies.pop() {
        let blocks = body.blocks.iter().filter(|block| around(block.span));
        bodies.extend(blocks.map(|block| &block.body));
        let attributes = body
            .attributes
            .iter()
            .filter(|attribute| around(attribute.span));
        waiting.extend(attributes.map(|attribute| &attribute.value));
    }
    while let Some(expression) = waiting.pop() {
        if let ExpressionKind::Object(items) = &expression.kind
            && expression.span == span
        {
            return Some(items);
        }
        if around(expression.span) {
            children(expression, &mut waiting);
        }
    }
    None
}

fn children<'a>(expression: &'a Expression, into: &mut Vec<&'a Expression>) {
    match &expression.kind {
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Variable(_)
        | ExpressionKind::Error => {}
        ExpressionKind::Template(template) => parts(&template.parts, into),
        ExpressionKind::Parentheses(inner) | ExpressionKind::Unary(_, inner) => into.push(inner),
        ExpressionKind::Tuple(elements) => into.extend(elements),
        ExpressionKind::Object(items) => {
            for item in items {
                if let ObjectKey::Expression(key) = &item.key {
                    into.push(key);
                }
                into.push(&item.value);
            }
        }
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
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use snapbox::{assert_data_eq, str};

    use super::*;
    use crate::fix::apply;
    use crate::terraform::Trace;

    /// Fixes a text in the object, block or value that begins with `at`, and gives what it says then.
    fn fixed(text: &str, at: &str, fix: impl Fn(&Origin) -> Fix) -> (String, Applicability) {
        let mut source = SourceMap::default();
        let file = source.add(
            PathBuf::from("main.tf"),
            Arc::from("main.tf"),
            Arc::from(text),
        );
        let start = text.find(at).unwrap();
        let end = match at.find('{') {
            Some(open) => start + open + closing(&text[start + open..]),
            None => start + at.len(),
        };
        let place = Place::new(file, span(start..end).unwrap());
        let origin = Origin::value(&Trace::at(place), &Origin::default());
        let resolved = Resolver::new(&source).resolve(&fix(&origin)).unwrap();
        let edits: Vec<&ResolvedEdit> = resolved.edits.iter().collect();
        (apply(text, &edits).unwrap(), resolved.applicability)
    }

    fn closing(text: &str) -> usize {
        let mut depth = 0;
        for (at, character) in text.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 1 => return at + 1,
                '}' => depth -= 1,
                _ => {}
            }
        }
        text.len()
    }

    fn inserted(text: &str, at: &str, name: &str, value: &str) -> String {
        fixed(text, at, |origin| Fix::insert("t", origin, name, value)).0
    }

    #[test]
    fn an_argument_is_aligned_with_those_that_it_joins() {
        let text = "resource \"a\" \"b\" {\n  count = 1\n\n  family = \"app\" # the name\n  cpu    = 256\n\n  runtime_platform {\n    x = 1\n  }\n}\n";
        assert_data_eq!(
            inserted(text, "resource \"a\" \"b\" {", "network_mode", "\"awsvpc\""),
            str![[r#"
resource "a" "b" {
  count = 1

  family       = "app" # the name
  cpu          = 256
  network_mode = "awsvpc"

  runtime_platform {
    x = 1
  }
}

"#]]
        );
    }

    #[test]
    fn an_argument_that_is_null_is_replaced() {
        let null = "resource \"a\" \"b\" {\n  mode = null\n}\n";
        let conditional = "resource \"a\" \"b\" {\n  mode = var.on ? \"ON\" : null\n}\n";
        let object = "locals {\n  a = { \"Mode\" = null, b = 1 }\n}\n";
        let on = |origin: &Origin| Fix::insert("t", origin, "mode", "\"ON\"");
        let resource = "resource \"a\" \"b\" {\n  mode = \"ON\"\n}\n".to_owned();
        assert_eq!(
            fixed(null, "resource \"a\" \"b\" {", on),
            (resource.clone(), Applicability::MachineApplicable)
        );
        assert_eq!(
            fixed(conditional, "resource \"a\" \"b\" {", on),
            (resource, Applicability::MaybeIncorrect)
        );
        assert_eq!(
            fixed(object, "{ \"Mode", on).0,
            "locals {\n  a = { \"Mode\" = \"ON\", b = 1 }\n}\n"
        );
    }

    #[test]
    fn a_key_of_json_that_is_null_is_left_alone() {
        let mut source = SourceMap::default();
        let text = "{ \"Mode\": null }";
        let file = source.add(
            PathBuf::from("a.json"),
            Arc::from("a.json"),
            Arc::from(text),
        );
        let place = Place::new(file, span(0..text.len()).unwrap());
        let origin = Origin::value(&Trace::at(place), &Origin::default());
        let fix = Fix::insert("t", &origin, "mode", "true");
        assert!(Resolver::new(&source).resolve(&fix).is_none());
    }

    #[test]
    fn an_argument_of_a_nested_block_and_of_a_dynamic_one_find_their_body() {
        let text =
            "resource \"a\" \"b\" {\n  volume {\n    name = \"v\"\n    efs {\n    }\n  }\n}\n";
        assert_data_eq!(
            inserted(text, "efs {", "transit_encryption", "\"ENABLED\""),
            str![[r#"
resource "a" "b" {
  volume {
    name = "v"
    efs {
      transit_encryption = "ENABLED"
    }
  }
}

"#]]
        );
        let text = "resource \"a\" \"b\" {\n  dynamic \"efs\" {\n    for_each = var.x\n    content {\n      id = 1\n    }\n  }\n}\n";
        assert_data_eq!(
            inserted(
                text,
                "dynamic \"efs\" {",
                "transit_encryption",
                "\"ENABLED\""
            ),
            str![[r#"
resource "a" "b" {
  dynamic "efs" {
    for_each = var.x
    content {
      id                 = 1
      transit_encryption = "ENABLED"
    }
  }
}

"#]]
        );
    }

    #[test]
    fn a_block_on_one_line_is_broken_up() {
        let text = "resource \"a\" \"b\" {\n  efs { id = 1 }\n  x {}\n}\n";
        assert_data_eq!(
            inserted(text, "efs {", "transit_encryption", "\"ENABLED\""),
            str![[r#"
resource "a" "b" {
  efs {
    id                 = 1
    transit_encryption = "ENABLED"
  }
  x {}
}

"#]]
        );
        assert_data_eq!(
            inserted(text, "x {", "y", "1"),
            str![[r#"
resource "a" "b" {
  efs { id = 1 }
  x {
    y = 1
  }
}

"#]]
        );
    }

    #[test]
    fn an_item_is_written_as_its_neighbours_are() {
        let text = "locals {\n  a = [{ name = \"a\", image = \"b\" }, { \"c\" : 1, }]\n  b = {\n    \"name\" : \"a\",\n    \"image\" : \"b\"\n  }\n  c = {}\n  d = {\n    f = {\n      g = 1\n    }\n  }\n}\n";
        let key = "readonlyRootFilesystem";
        assert_data_eq!(
            inserted(text, "{ name", key, "true"),
            str![[r#"
locals {
  a = [{ name = "a", image = "b", readonlyRootFilesystem = true }, { "c" : 1, }]
  b = {
    "name" : "a",
    "image" : "b"
  }
  c = {}
  d = {
    f = {
      g = 1
    }
  }
}

"#]]
        );
        assert_data_eq!(
            inserted(text, "{ \"c\"", key, "true"),
            str![[r#"
locals {
  a = [{ name = "a", image = "b" }, { "c" : 1, "readonlyRootFilesystem" : true }]
  b = {
    "name" : "a",
    "image" : "b"
  }
  c = {}
  d = {
    f = {
      g = 1
    }
  }
}

"#]]
        );
        assert_data_eq!(
            inserted(text, "{\n    \"name\"", key, "true"),
            str![[r#"
locals {
  a = [{ name = "a", image = "b" }, { "c" : 1, }]
  b = {
    "name" : "a",
    "image" : "b"
    "readonlyRootFilesystem" : true
  }
  c = {}
  d = {
    f = {
      g = 1
    }
  }
}

"#]]
        );
        assert_data_eq!(
            inserted(text, "{}", key, "true"),
            str![[r#"
locals {
  a = [{ name = "a", image = "b" }, { "c" : 1, }]
  b = {
    "name" : "a",
    "image" : "b"
  }
  c = { readonlyRootFilesystem = true }
  d = {
    f = {
      g = 1
    }
  }
}

"#]]
        );
        assert_data_eq!(
            inserted(text, "{\n    f", key, "true"),
            str![[r#"
locals {
  a = [{ name = "a", image = "b" }, { "c" : 1, }]
  b = {
    "name" : "a",
    "image" : "b"
  }
  c = {}
  d = {
    readonlyRootFilesystem = true
    f = {
      g = 1
    }
  }
}

"#]]
        );
    }

    #[test]
    fn a_key_goes_into_json_in_a_text() {
        let text = "locals {\n  a = <<EOT\n[{\n  \"name\": \"a\"\n}, {\"b\": 1}]\nEOT\n}\n";
        assert_data_eq!(
            inserted(text, "{\n  \"name\"", "readonlyRootFilesystem", "true"),
            str![[r#"
locals {
  a = <<EOT
[{
  "name": "a",
  "readonlyRootFilesystem": true
}, {"b": 1}]
EOT
}

"#]]
        );
        assert_data_eq!(
            inserted(text, "{\"b\"", "readonlyRootFilesystem", "true"),
            str![[r#"
locals {
  a = <<EOT
[{
  "name": "a"
}, {"b": 1, "readonlyRootFilesystem": true}]
EOT
}

"#]]
        );
    }

    #[test]
    fn a_nested_block_goes_to_the_end() {
        let block = "setting {\n  name  = \"containerInsights\"\n  value = \"enabled\"\n}";
        let insert = |text: &str| {
            fixed(text, "resource \"a\" \"b\" {", |origin| {
                let edit = Edit::InsertBlock {
                    into: origin.clone(),
                    text: block.to_owned(),
                };
                Fix {
                    title: "t".into(),
                    applicability: Applicability::MachineApplicable,
                    edits: vec![edit],
                }
            })
            .0
        };
        assert_data_eq!(
            insert("resource \"a\" \"b\" {\n  name = \"c\"\n}\n"),
            str![[r#"
resource "a" "b" {
  name = "c"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

"#]]
        );
        assert_data_eq!(
            insert("resource \"a\" \"b\" {}\n"),
            str![[r#"
resource "a" "b" {
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

"#]]
        );
        assert_data_eq!(
            insert("resource \"a\" \"b\" { name = 1 }\n"),
            str![[r#"
resource "a" "b" {
  name = 1

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

"#]]
        );
    }

    #[test]
    fn line_breaks_are_those_of_the_text() {
        let text = "a {\r\n  b = 1\r\n}\r\n";
        assert_eq!(
            inserted(text, "a {", "ccc", "2"),
            "a {\r\n  b   = 1\r\n  ccc = 2\r\n}\r\n"
        );
    }

    #[test]
    fn an_expression_that_is_no_literal_is_replaced_with_less_certainty() {
        let replace = |at: &str| {
            let text = "locals {\n  a = true\n  b = length(var.c) > 0\n}\n";
            fixed(text, at, |origin| Fix::replace("t", origin, "false"))
        };
        assert_eq!(replace("true").1, Applicability::MachineApplicable);
        assert_eq!(
            replace("length(var.c) > 0").1,
            Applicability::MaybeIncorrect
        );
    }
}
