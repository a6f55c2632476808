//! The command line: what can be written on it, and what happens then.

mod arguments;
mod baseline;
mod fix;
mod progress;
mod run;
mod waive;

pub use run::run;
pub(crate) use run::{Prepared, prepare_from};
