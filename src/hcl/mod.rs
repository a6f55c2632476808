//! Terraform's native syntax: a lossless lexer, a recovering parser, and the tree that they give.
//!
//! Nothing here knows what a resource is, evaluates anything, or names another part of the crate.

mod parser;
pub mod tree;

pub use parser::{parse, parse_expression, parse_template};
pub use tree::{Parsed, Span, SyntaxError};
