//! Terraform: its values, its language's meaning, and its command.
//!
//! `evaluate` reads a configuration and says what it comes to, `plan` reads what Terraform itself said,
//! `join` holds the two against each other, `command` runs Terraform. What ECS is, nothing here knows.

pub mod command;
pub mod evaluate;
pub mod functions;
pub mod instance;
pub mod join;
pub mod json;
pub mod number;
pub mod operators;
pub mod plan;
pub mod types;
pub mod value;
pub mod yaml;

pub use instance::Instance;
pub use number::Number;
pub use types::Type;
pub use value::{Kind, Text, Trace, Unknown, Value};
