//! The body of a block, sorted by name once so that its instances need not search it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::hcl::Span;
use crate::hcl::tree::{Block, Body, Expression, ExpressionKind};
use crate::source::{FileId, Place};

/// The arguments and nested blocks of a body.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// The arguments by name.
    pub(super) attributes: BTreeMap<Arc<str>, Argument>,
    /// The nested blocks by type, `dynamic` ones under the type that they make, in the order of the text.
    pub(super) blocks: BTreeMap<Arc<str>, Vec<NestedBlock>>,
}

/// An argument.
#[derive(Debug)]
pub(super) struct Argument {
    /// The file that it is in.
    pub(super) file: FileId,
    /// Where its name stands.
    pub(super) key: Span,
    /// Its value.
    pub(super) value: Arc<Expression>,
}

/// A nested block, or a `dynamic` one that makes many.
#[derive(Debug)]
pub(super) struct NestedBlock {
    /// The file that it is in.
    pub(super) file: FileId,
    /// Its keyword and labels.
    pub(super) header: Span,
    /// From the keyword to the closing brace.
    pub(super) span: Span,
    /// Its labels.
    pub(super) labels: Vec<Arc<str>>,
    /// What makes many of it.
    pub(super) dynamic: Option<Dynamic>,
    /// What stands in it; for a `dynamic` block, in its `content`.
    pub(super) body: Arguments,
}

/// What a `dynamic` block says of the blocks that it makes.
#[derive(Debug)]
pub(super) struct Dynamic {
    /// What is gone through.
    pub(super) for_each: Arc<Expression>,
    /// The name that the element has in `content`.
    pub(super) iterator: Arc<str>,
    /// The labels of the blocks.
    pub(super) labels: Option<Arc<Expression>>,
}

impl Argument {
    /// Where its name stands.
    pub(super) fn key(&self) -> Place {
        Place::new(self.file, self.key)
    }

    /// Where its value stands.
    pub(super) fn place(&self) -> Place {
        Place::new(self.file, self.value.span)
    }
}

impl Arguments {
    /// Sorts a body. Where an argument is given twice, the first is kept, as Terraform reports the second.
    pub(super) fn of(body: &Body, file: FileId) -> Self {
        Arguments::of_blocks(body, &body.blocks, file)
    }

    /// Sorts the arguments of a body with these of its blocks.
    fn of_blocks(body: &Body, blocks: &[Block], file: FileId) -> Self {
        let mut arguments = Arguments::default();
        for attribute in &body.attributes {
            arguments
                .attributes
                .entry(attribute.name.text.clone())
                .or_insert_with(|| Argument {
                    file,
                    key: attribute.name.span,
                    value: attribute.value.clone(),
                });
        }
        for block in blocks {
            if let Some((keyword, nested)) = NestedBlock::of(block, file) {
                arguments.blocks.entry(keyword).or_default().push(nested);
            }
        }
        arguments
    }

    /// Takes an argument out.
    pub(super) fn take(&mut self, name: &str) -> Option<Argument> {
        self.attributes.remove(name)
    }

    /// Takes the nested blocks of a type out.
    pub(super) fn take_blocks(&mut self, keyword: &str) -> Vec<NestedBlock> {
        self.blocks.remove(keyword).unwrap_or_default()
    }

    /// Drops the write-only arguments, which no plan and no state shows and which are null to all who
    /// refer to them. By convention their names end in `_wo`.
    pub(super) fn drop_write_only(&mut self) {
        self.attributes.retain(|name, _| !name.ends_with("_wo"));
        for block in self.blocks.values_mut().flatten() {
            block.body.drop_write_only();
        }
    }

    /// Puts what an override file says over this: arguments one by one, nested blocks by their type.
    pub(super) fn override_with(&mut self, other: Arguments) {
        self.attributes.extend(other.attributes);
        self.blocks.extend(other.blocks);
    }
}

impl NestedBlock {
    fn of(block: &Block, file: FileId) -> Option<(Arc<str>, Self)> {
        let labels = block.labels.iter().map(|label| label.text.clone());
        let mut labels: Vec<Arc<str>> = labels.collect();
        if &*block.keyword.text != "dynamic" {
            let nested = NestedBlock {
                file,
                header: block.header,
                span: block.span,
                labels,
                dynamic: None,
                body: Arguments::of(&block.body, file),
            };
            return Some((block.keyword.text.clone(), nested));
        }
        let keyword = labels.pop()?;
        let is_content = |inner: &&Block| &*inner.keyword.text == "content";
        let content = block.body.blocks.iter().rfind(is_content);
        let mut arguments = Arguments::of_blocks(&block.body, &[], file);
        let for_each = arguments.take("for_each")?.value;
        let iterator = arguments.take("iterator");
        let iterator = match iterator.as_ref().map(|given| &given.value.kind) {
            Some(ExpressionKind::Variable(name)) => Arc::from(&**name),
            _ => keyword.clone(),
        };
        let nested = NestedBlock {
            file,
            header: block.header,
            span: block.span,
            labels: Vec::new(),
            dynamic: Some(Dynamic {
                for_each,
                iterator,
                labels: arguments.take("labels").map(|given| given.value),
            }),
            body: content.map_or_else(Arguments::default, |content| {
                Arguments::of(&content.body, file)
            }),
        };
        Some((keyword, nested))
    }
}
