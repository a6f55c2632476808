//! Values of which any part may be unknown, and which know where they came from.
//!
//! Values are bounded by construction: [`Shared`], through which sequences, mappings and JSON go, knows
//! how deep and how heavy its content is, and the constructors of [`Value`] give an unknown in the place
//! of what would be past [`MAX_DEPTH`] or [`MAX_WEIGHT`]. So any walk over a value may recurse.

mod failure;
mod kind;
mod look;
mod make;
mod same;
mod secrets;
mod shared;
#[cfg(test)]
mod tests;
mod text;
mod trace;
mod unknown;

pub use failure::Failure;
pub use kind::{Kind, Map, Mapping, Sequence, Value};
pub use secrets::SecretTexts;
pub use shared::{MAX_DEPTH, MAX_WEIGHT, Shared};
pub use text::{Part, Text, TextBuilder};
pub use trace::{Marks, StepKind, Taint, Trace, TraceStep};
pub use unknown::{Presence, Reason, Reference, Unknown, UnknownParts};
