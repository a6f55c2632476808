//! The plan file itself, as `terraform plan -out` writes it, read without Terraform.
//!
//! It is a zip archive with the plan (Protocol Buffers, values in MessagePack), the state that it starts
//! from, and the configuration that it was made of. Only what is known and tested is read so. Everything
//! else says that `terraform show` must read it, and why; nothing here guesses.
//!
//! What is in a plan file is secret: no message quotes any of it.

mod archive;
mod index;
mod marks;
mod message;
mod numbers;
mod packed;
mod snapshot;
mod state;
#[cfg(test)]
mod tests;
mod wire;

pub(super) use index::{PlanFile, stored};
pub use message::OnlyShown;
pub use snapshot::{Module, Snapshot};
