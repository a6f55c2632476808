//! A plan without credentials, state or backend: `terraform test` with providers that are mocked.
//!
//! `test_file` writes the test that has Terraform plan with made-up values, `shapes` makes them up,
//! `messages` reads what Terraform says, `making` runs it. The plan is made twice, with made-up values
//! that differ: what is not the same in both hangs on them.

mod cast;
mod making;
mod messages;
mod shapes;
mod test_file;
mod values;

pub(super) use making::Mocked;
