//! The command line: what can be written on it, and what happens then.

mod arguments;
mod baseline;
mod checklist;
mod fix;
mod init;
mod map;
mod output;
mod prepare;
mod progress;
mod run;
mod scope;
mod slow;
mod test;
mod waive;

pub(crate) use prepare::{Prepared, prepare_from};
pub use run::{command, run};
