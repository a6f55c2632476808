//! Terraform's functions, by name, over values of which any part may be unknown.
//!
//! What needs the syntax tree (`try`, `can`, `templatefile`, `templatestring`) is in `evaluate`.

mod files;

use super::value::{Failure, Value};

pub use files::{FileContent, FileError, Files};

/// Calls a function.
///
/// # Errors
/// What Terraform would refuse. A name that is not a function's is a failure too.
pub fn call(name: &str, _arguments: &[Value], _files: &dyn Files) -> Result<Value, Failure> {
    Err(Failure::new(format!("there is no function named `{name}`")))
}
