//! Terraform's functions, by name, over values of which any part may be unknown.
//!
//! What needs the syntax tree (`try`, `can`, `templatefile`, `templatestring`) is in `evaluate`.

mod base64;
mod charset;
mod collections;
mod combining;
mod conversion;
mod csv;
mod elements;
mod encoding;
mod ends;
mod files;
mod formatting;
mod function;
mod glob;
mod hashes;
mod instant;
mod letters;
mod lookup;
mod network;
mod numbers;
mod pattern;
mod prefix;
mod regex;
mod registry;
mod replacing;
mod selecting;
mod sets;
mod signature;
mod splitting;
mod strings;
mod text;
mod time;
mod verb;

use super::value::{Failure, Unknown, Value};

pub use files::{FileContent, FileError, Files};

/// Checks how many arguments a function is called with.
///
/// # Errors
/// Where they are too few or too many. A name that is not a function's is a failure too.
pub fn check_count(name: &str, count: usize) -> Result<(), Failure> {
    match registry::find(name) {
        Some(function) => signature::check_count(
            function.name,
            function.parameters,
            function.variadic.is_some(),
            count,
        ),
        None => Err(Failure::new(format!("there is no function `{name}`"))),
    }
}

/// Whether what a function gives is never known before Terraform runs, whatever it is given.
pub fn is_never_known(name: &str) -> bool {
    registry::find(name).is_some_and(|function| matches!(function.body, function::Body::Never(..)))
}

/// Calls a function, by its name with or without `core::`.
///
/// # Errors
/// What Terraform would refuse. A name that is not a function's is a failure too.
pub fn call(name: &str, arguments: &[Value], files: &dyn Files) -> Result<Value, Failure> {
    if name.starts_with("provider::") {
        let why = Unknown::other(format!("`{name}` is a function of a provider"));
        return Ok(Value::unknown(why).flow(arguments));
    }
    match registry::find(name) {
        Some(function) => function.call(arguments, files),
        None => Err(Failure::new(format!("there is no function `{name}`"))),
    }
}
