//! ECS as a configuration would make it: typed, and free of Terraform's language.

mod architecture;
pub mod inventory;
mod lower;
mod origin;

pub use architecture::{Architecture, Edge, EdgeKind, Node, NodeKind, architecture};
pub use inventory::Inventory;
pub use lower::{lower, lower_in_part, reads};
pub use origin::Origin;
