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
    pub(super) value: Expression,
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
    pub(super) for_each: Expression,
    /// The name that the element has in `content`.
    pub(super) iterator: Arc<str>,
    /// The labels of the blocks.
    pub(super) labels: Option<Expression>,
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
    pub(super) fn of(body: Body, file: FileId) -> Self {
        let mut arguments = Arguments::default();
        for attribute in body.attributes {
            arguments
                .attributes
                .entry(attribute.name.text.into())
                .or_insert(Argument {
                    file,
                    key: attribute.name.span,
                    value: attribute.value,
                });
        }
        for block in body.blocks {
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

    /// Puts what an override file says over this: arguments one by one, nested blocks by their type.
    pub(super) fn override_with(&mut self, other: Arguments) {
        self.attributes.extend(other.attributes);
        self.blocks.extend(other.blocks);
    }
}

impl NestedBlock {
    fn of(block: Block, file: FileId) -> Option<(Arc<str>, Self)> {
        let mut labels: Vec<Arc<str>> = block
            .labels
            .into_iter()
            .map(|label| label.text.into())
            .collect();
        if &*block.keyword.text != "dynamic" {
            let nested = NestedBlock {
                file,
                header: block.header,
                span: block.span,
                labels,
                dynamic: None,
                body: Arguments::of(block.body, file),
            };
            return Some((block.keyword.text.into(), nested));
        }
        let keyword = labels.pop()?;
        let mut body = block.body;
        let mut content = Body::default();
        for inner in body.blocks.drain(..) {
            if &*inner.keyword.text == "content" {
                content = inner.body;
            }
        }
        let mut arguments = Arguments::of(body, file);
        let for_each = arguments.take("for_each")?.value;
        let iterator = match arguments.take("iterator").map(|given| given.value.kind) {
            Some(ExpressionKind::Variable(name)) => name.into(),
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
            body: Arguments::of(content, file),
        };
        Some((keyword, nested))
    }
}
