//! Numbers as Terraform has them.

/// A number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Number(f64);
