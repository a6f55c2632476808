//! Terraform's native syntax: a lossless lexer, a recovering parser, and the tree that they give.
//!
//! Nothing here knows what a resource is, evaluates anything, or names another part of the crate.

mod body;
mod errors;
mod expression;
mod lexer;
mod literal;
mod pairs;
mod parser;
mod pieces;
mod scan;
mod template;
mod term;
pub mod token;
pub mod tree;

pub use lexer::lex;
pub use parser::{parse, parse_expression, parse_template};
pub use token::{Token, TokenKind};
pub use tree::{Parsed, Span, SyntaxError};
