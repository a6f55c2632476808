//! JSON with parts that are not known.

mod cursor;
mod parse;
mod render;
mod strings;
#[cfg(test)]
mod tests;

pub use parse::parse;
pub use render::render;
