//! The reader of Terraform's native syntax against Terraform, and against what its tree should be.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod bounds;
mod judge;
mod mutants;
mod mutate;
mod probes;
mod recovery;
mod sexpr;
#[path = "../terraform/mod.rs"]
mod terraform;
mod tiling;
mod trees;
