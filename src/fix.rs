//! What a rule proposes to write, and how that becomes byte ranges in the original text.

mod layout;
mod mend;
mod resolve;
mod select;
mod write;

pub(crate) use mend::{Mended, mend};
pub(crate) use resolve::Resolver;
pub(crate) use write::{replace, write};

use crate::ecs::Origin;
use crate::report::ResolvedEdit;

/// A proposed change that makes a rule pass.
#[derive(Clone, Debug)]
pub struct Fix {
    /// What it does: "make the container unprivileged".
    pub title: String,
    /// How sure it is.
    pub applicability: Applicability,
    /// The changes, all or none.
    pub edits: Vec<Edit>,
}

/// How sure a fix is to be what is wanted, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// A person should look at it first.
    MaybeIncorrect,
    /// It is what the rule asks for and nothing else.
    MachineApplicable,
}

/// One change, its place given by what the value there came from.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Replaces the expression that was written for a value.
    Replace {
        /// The value.
        at: Origin,
        /// What to write in its place, as Terraform's language has it.
        with: String,
    },
    /// Writes another key where one stands.
    Rename {
        /// The key.
        key: Origin,
        /// What to write in its place.
        with: String,
    },
    /// Adds an argument to a block, or a key to an object.
    Insert {
        /// The block or the object.
        into: Origin,
        /// The argument's name or the key.
        name: String,
        /// Its value, as Terraform's language has it.
        value: String,
    },
    /// Adds a nested block to a block.
    InsertBlock {
        /// The block.
        into: Origin,
        /// The nested block's text, unindented, without a final newline.
        text: String,
    },
}

impl Fix {
    /// Replaces what was written for a value.
    pub fn replace(title: impl Into<String>, at: &Origin, with: impl Into<String>) -> Self {
        let edit = Edit::Replace {
            at: at.clone(),
            with: with.into(),
        };
        Fix {
            title: title.into(),
            applicability: Applicability::MachineApplicable,
            edits: vec![edit],
        }
    }

    /// Writes another key where one stands.
    pub fn rename(title: impl Into<String>, key: &Origin, with: impl Into<String>) -> Self {
        let edit = Edit::Rename {
            key: key.clone(),
            with: with.into(),
        };
        Fix {
            title: title.into(),
            applicability: Applicability::MachineApplicable,
            edits: vec![edit],
        }
    }

    /// Adds an argument or a key.
    pub fn insert(
        title: impl Into<String>,
        into: &Origin,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let edit = Edit::Insert {
            into: into.clone(),
            name: name.into(),
            value: value.into(),
        };
        Fix {
            title: title.into(),
            applicability: Applicability::MachineApplicable,
            edits: vec![edit],
        }
    }

    /// Adds a nested block.
    pub fn insert_block(title: impl Into<String>, into: &Origin, text: impl Into<String>) -> Self {
        let edit = Edit::InsertBlock {
            into: into.clone(),
            text: text.into(),
        };
        Fix {
            title: title.into(),
            applicability: Applicability::MachineApplicable,
            edits: vec![edit],
        }
    }

    /// Says that a person should look at it first.
    #[must_use]
    pub fn maybe_incorrect(mut self) -> Self {
        self.applicability = Applicability::MaybeIncorrect;
        self
    }
}

/// Applies edits to the text that they were resolved in. `None` where two of them overlap.
#[must_use]
pub fn apply(text: &str, edits: &[&ResolvedEdit]) -> Option<String> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    let mut fixed = String::with_capacity(text.len());
    let mut end = 0;
    for edit in edits {
        fixed.push_str(text.get(end..edit.span.start as usize)?);
        fixed.push_str(&edit.replacement);
        end = edit.span.end as usize;
    }
    fixed.push_str(text.get(end..)?);
    Some(fixed)
}
