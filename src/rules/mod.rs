//! The rules: one file each, whose doc comment is its page.
//!
//! A rule sees the inventory and nothing else, and cannot fail. How it is levelled, waived or printed is
//! not its business.

mod privileged_container;
mod rule;
mod run;

pub use rule::{
    Check, Context, Group, OptionDefault, OptionValue, Options, Rule, RuleOption, Severity,
};
pub use run::{Judgement, run};

/// Every rule, in the order of the ids.
pub static RULES: &[&Rule] = &[&privileged_container::PRIVILEGED_CONTAINER];
