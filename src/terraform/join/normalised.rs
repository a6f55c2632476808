//! What a provider may do to a value between source and plan.

use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};

use crate::terraform::number::Number;
use crate::terraform::value::{Kind, Value};

/// Whether a provider takes a value for one that was not given: null, and what is empty or zero.
pub(super) fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::Null(_) => true,
        Kind::Bool(truth) => !truth,
        Kind::Number(number) => number.is_zero(),
        Kind::String(text) => text.is_empty(),
        Kind::List(_, elements) => elements.iter().all(|element| !is_certain(element)),
        Kind::Object(_, map) => map.entries.values().all(|value| !is_certain(value)),
        Kind::Json(_) | Kind::Unknown(_) => false,
    }
}

/// Whether a value is certainly there.
pub(super) fn is_certain(value: &Value) -> bool {
    value.trace.presence.is_certain()
}

/// Whether two known scalars are the same once the provider's schema has given them its type, and its
/// own form where it is known to have one.
pub(super) fn same_scalar(source: &Value, plan: &Value, attribute: Option<&str>) -> bool {
    if let (Kind::Number(source), Kind::Number(plan)) = (&source.kind, &plan.kind) {
        return source == plan;
    }
    let (Some(source_text), Some(plan_text)) = (scalar(source), scalar(plan)) else {
        return false;
    };
    if source_text == plan_text {
        return true;
    }
    if let (Kind::Number(number), text) | (text, Kind::Number(number)) = (&source.kind, &plan.kind)
        && matches!(text, Kind::String(_))
    {
        let text = if matches!(source.kind, Kind::Number(_)) {
            &plan_text
        } else {
            &source_text
        };
        return Number::parse(text).is_ok_and(|parsed| parsed == *number);
    }
    match attribute {
        Some("user_data" | "user_data_base64") => hash(&source_text) == plan_text,
        Some("protocol" | "ip_protocol") => protocol(&source_text) == protocol(&plan_text),
        _ => false,
    }
}

/// The text of a known scalar.
fn scalar(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            value.as_text()?.known().map(|text| text.into_owned())
        }
        _ => None,
    }
}

/// The form in which the provider keeps a user data script.
fn hash(text: &str) -> String {
    let mut hash = String::new();
    for byte in Sha1::digest(text.as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// The form in which the provider keeps the protocol of a security group's rule.
fn protocol(text: &str) -> String {
    match text.to_ascii_lowercase().as_str() {
        "all" | "-1" => "-1".into(),
        "1" => "icmp".into(),
        "6" => "tcp".into(),
        "17" => "udp".into(),
        "58" => "icmpv6".into(),
        other => other.into(),
    }
}
