//! `terraform_data`, the one type that is Terraform's own.

use std::sync::Arc;

use super::directory::{Mode, Resource};
use crate::terraform::value::{Kind, Mapping, Marks, Value};

/// All attributes of `terraform_data`.
pub(super) const OWN_ATTRIBUTES: [&str; 4] = ["id", "input", "output", "triggers_replace"];

/// Whether a resource is of the one type that is Terraform's own.
pub(super) fn is_own(resource: &Resource) -> bool {
    resource.mode == Mode::Managed && &*resource.ty == "terraform_data"
}

/// An output with the secrets that flowed into the input that it repeats: attribute by attribute
/// where the input is an object, so that what stands beside a secret is none.
pub(super) fn tainted_as(output: Value, input: &Value) -> Value {
    if !input.is_tainted() {
        return output;
    }
    if let Kind::Object(Mapping::Object, inputs) = &input.kind
        && inputs.rest.is_none()
        && inputs
            .entries
            .values()
            .all(|value| value.trace.presence.is_certain())
    {
        let entries = inputs.entries.iter();
        let part = |name: &Arc<str>| match &output.kind {
            Kind::Unknown(unknown) => Some(Value::unknown(unknown.attribute(name))),
            _ => output.entry(name).cloned(),
        };
        let parts: Option<Vec<_>> = entries
            .map(|(name, input)| Some((name.clone(), tainted_as(part(name)?, input))))
            .collect();
        if let Some(parts) = parts {
            return Value::object(parts).with_trace(output.trace);
        }
    }
    let marks = Marks {
        taint: input.marks().taint,
        sensitive: false,
    };
    output.with_marks(&marks)
}
