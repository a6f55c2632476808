//! Numbers as Terraform has them: binary floating point with a significand of up to 512 bits.
//!
//! Each number has a precision of its own, as in Terraform: a number that is written has 512 bits, one
//! that a function counts has 64, one that went through the machine's floating point has 53. It shows
//! where a result is rounded or rendered, so it is kept.

mod digits;
mod float;
mod precise;
mod read;
#[cfg(test)]
mod tests;

pub use digits::Digits;
pub use precise::Number;
