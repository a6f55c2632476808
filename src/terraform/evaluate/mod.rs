//! The evaluator: what a configuration comes to, leaf by leaf.
//!
//! `directory` reads a module's directory and `declaration` what its blocks say, `calling` and `resource`
//! expand calls and resources into instances, `module` gives variables, local values and outputs their
//! values, `expression` and its neighbours expressions. Everything is evaluated when
//! it is asked for, once. Nothing here fails: what cannot be read or evaluated is unknown, with a note.

mod access;
mod block;
mod body;
mod bounds;
mod call;
mod calling;
mod conditional;
mod configuration;
mod declaration;
mod declared;
mod directory;
mod evaluator;
mod expansion;
mod expression;
mod file_system;
mod installed;
mod instances;
mod iteration;
mod json_syntax;
mod json_tree;
mod module;
mod notes;
mod outline;
mod overlay;
mod own;
mod repetition;
mod requirements;
mod resource;
mod scope;
mod secret;
mod shift;
mod template;
#[cfg(test)]
mod tests;
mod validation;
mod variables;

pub use configuration::{
    Assignment, Configuration, EditedTexts, Inputs, Note, Reads, evaluate, expression,
};
pub use declared::{Declared, declared};
pub(super) use expansion::InstanceKey;
pub(crate) use file_system::clean;
pub use outline::{Block, OpenVariable, Outline, outline};
pub(super) use secret::managed as managed_secrets;
