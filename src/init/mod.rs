//! Setting a workspace up: an alias, a package that it runs, the root modules, a test target, a CI job and
//! what Git is to ignore.
//!
//! [`look`] reads what is there, [`plan`] says of every file what it would hold and touches none, [`diff`]
//! shows that, and [`write`] writes it. What a run tells its user is not here.

mod alias;
mod ci;
mod diff;
mod ignored;
mod layout;
mod look;
mod manifest;
mod nested;
mod origin;
mod package;
mod plan;
mod site;
mod write;

pub(crate) use diff::diff;
pub(crate) use look::{is_set_up, look};
pub(crate) use plan::{Plan, plan};
pub(crate) use site::Refusal;
pub(crate) use write::{stays_inside, write};
