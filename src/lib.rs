//! Audits the AWS ECS that a Rust monorepo's Terraform would make.

pub mod hcl;
pub mod source;
pub mod terraform;
