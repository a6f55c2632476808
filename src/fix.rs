//! What a rule proposes to write, and how that becomes byte ranges in the original text.

mod comments;
mod find;
mod layout;
mod mend;
mod put;
mod resolve;
mod select;
mod validation;
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

/// Why what a rule proposes is written nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unwritten {
    /// It would be written into an installed module, and no argument of its call decides.
    Installed,
    /// An expression, and no literal, makes the value.
    Computed,
    /// A variable's `validation` refuses the value.
    Refused,
    /// It stands in what is no file of the workspace.
    Elsewhere,
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
    /// Sets an argument of a block or a key of an object that is null or not there.
    Set {
        /// The argument or the key, in its block or its object.
        at: Origin,
        /// Another value of the object: where a function made the object, the new key goes beside its key.
        beside: Option<Origin>,
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

    /// Sets an argument or a key that is null or not there.
    pub fn set(
        title: impl Into<String>,
        at: &Origin,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let edit = Edit::Set {
            at: at.clone(),
            beside: None,
            name: name.into(),
            value: value.into(),
        };
        Fix {
            title: title.into(),
            applicability: Applicability::MachineApplicable,
            edits: vec![edit],
        }
    }

    /// Adds an argument or a key that is not there.
    pub fn insert(
        title: impl Into<String>,
        into: &Origin,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Fix::set(title, &Origin::missing(into), name, value)
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

    /// Names another value of the object that a key is set in, beside whose key it can go.
    #[must_use]
    pub fn beside(mut self, value: &Origin) -> Self {
        for edit in &mut self.edits {
            if let Edit::Set { beside, .. } = edit {
                *beside = Some(value.clone());
            }
        }
        self
    }

    /// Does what another fix does, too.
    #[must_use]
    pub fn and(mut self, other: Fix) -> Self {
        self.applicability = self.applicability.min(other.applicability);
        self.edits.extend(other.edits);
        self
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
