//! Audits the AWS ECS that a Rust monorepo's Terraform would make.

pub mod audit;
mod cargo;
pub mod cli;
pub mod config;
mod console;
pub mod crosscheck;
mod did_you_mean;
pub mod ecs;
mod exit;
pub mod fix;
mod git;
pub mod hcl;
mod jobs;
pub mod links;
pub mod phases;
mod place;
pub mod policy;
pub mod remembered;
pub mod report;
mod room;
pub mod roots;
pub mod rules;
mod secrecy;
pub mod selection;
mod since;
pub mod source;
pub mod terraform;
pub mod terragrunt;
pub mod testing;
pub mod verdict;
pub mod waiver;
pub mod workspace;

pub use cli::run;
pub use console::{Console, Stream};
pub use exit::Exit;
pub use testing::assert_clean;
