//! What the parts of a picture are called.

use crate::ecs::inventory::{Field, Platform, Subject, Text};

/// A text that is known and no secret.
pub(super) fn shown(text: &Text) -> Option<String> {
    let text = text.known().filter(|_| text.secret.is_none())?;
    Some(text.to_owned())
}

/// Something's own name where it is known, else what it is called in the configuration.
pub(super) fn named(name: &Field<Text>, subject: &Subject) -> String {
    let name = name.set().and_then(shown).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| short(&subject.address))
}

pub(super) fn platform(platform: &Platform) -> &'static str {
    match platform {
        Platform::Fargate => "Fargate",
        Platform::Ec2 => "EC2",
        Platform::External => "ECS Anywhere",
        Platform::ManagedInstances => "managed instances",
    }
}

/// `com.amazonaws.eu-central-1.ecr.api` is called `ecr.api`.
pub(super) fn service_of(name: &str) -> &str {
    let rest = name.strip_prefix("com.amazonaws.");
    rest.and_then(|rest| rest.split_once('.'))
        .map_or(name, |(_, service)| service)
}

/// Names that say nothing: the module's says more.
const GENERIC: [&str; 6] = ["this", "main", "default", "service", "task", "cluster"];

/// What an address is called for short: the resource's own name, or that of its module call where the resource's says
/// nothing. `module.a.module.service["api"].aws_ecs_service.this` is called `service["api"]`.
pub(super) fn short(address: &str) -> String {
    let parts = parts(address);
    let Some(last) = parts.last() else {
        return address.to_owned();
    };
    let (name, _) = last.split_once('[').unwrap_or((last, ""));
    // `…`, `module`, its name, the type, the resource's name.
    if let [.., module, call, _, _] = parts.as_slice()
        && *module == "module"
        && GENERIC.contains(&name)
    {
        return format!("{call}{}", &last[name.len()..]);
    }
    (*last).to_owned()
}

/// Whether an address is a data source's.
pub(super) fn is_data(address: &str) -> bool {
    parts(address).iter().rev().nth(2) == Some(&"data")
}

/// The parts of an address; a period within an instance key parts nothing.
pub(super) fn parts(address: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut begin, mut quoted, mut escaped) = (0, false, false);
    for (at, byte) in address.bytes().enumerate() {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b'.' if !quoted => {
                parts.push(&address[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    parts.push(&address[begin..]);
    parts
}
