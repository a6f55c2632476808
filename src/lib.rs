//! Audits the AWS ECS that a Rust monorepo's Terraform would make.

pub mod ecs;
pub mod fix;
pub mod hcl;
pub mod rules;
pub mod source;
pub mod terraform;
pub mod verdict;
