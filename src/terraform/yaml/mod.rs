//! YAML as `yamldecode` reads it and `yamlencode` writes it: YAML 1.1 and 1.2 mixed, as Terraform's
//! library has them. With parts that are not known.

mod compose;
mod parse;
mod render;
mod scalar;
#[cfg(test)]
mod tests;
mod timestamp;

pub use parse::parse;
pub use render::render;
