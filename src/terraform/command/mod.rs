//! Running Terraform: the only place of the crate that starts a process. What `cargo` has to run is run
//! from here too, so that a signal ends everything.
//!
//! Terraform is asked for a plan and for nothing else: never `apply`, never `-upgrade`. What a plan
//! holds is secret, so it lives in a private directory that is gone whatever happens.

mod binary;
mod credentials;
mod failure;
mod mock;
mod planning;
mod plugin_cache;
mod private;
mod process;
mod request;
mod signals;

pub(crate) use binary::path as binary;
pub use failure::TerraformFailed;
pub(crate) use plugin_cache::is_shared as shares_providers;
pub(crate) use process::run_shown;
pub use request::{Basis, Interrupted, PlanFrom, PlanRequest, Planned, Terraform, plan};
