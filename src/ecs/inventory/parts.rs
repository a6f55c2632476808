//! The parts of a container definition that decide whether it can be registered and run.

use std::sync::Arc;

use super::{Field, Text, Why};
use crate::ecs::Origin;

/// A list in a container definition, as far as it is known.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// What is known to be in it.
    pub items: Vec<T>,
    /// Why there may be more.
    pub uncertain: Option<Why>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Listed {
            items: Vec::new(),
            uncertain: None,
        }
    }
}

/// An entry of `portMappings`.
#[derive(Clone, Debug, Default)]
pub struct PortMapping {
    /// The object.
    pub origin: Origin,
    /// `name`.
    pub name: Field<Text>,
    /// `containerPort`.
    pub container_port: Field<i64>,
    /// `containerPort` in digits, or what it comes from.
    pub port_text: Field<Text>,
    /// `hostPort`.
    pub host_port: Field<i64>,
    /// `containerPortRange`.
    pub container_port_range: Field<Text>,
    /// `protocol`; `tcp` where it is unset.
    pub protocol: Field<Text>,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
}

/// An entry of `mountPoints`.
#[derive(Clone, Debug, Default)]
pub struct MountPoint {
    /// The object.
    pub origin: Origin,
    /// `sourceVolume`.
    pub source_volume: Field<Text>,
    /// `containerPath`.
    pub container_path: Field<Text>,
    /// `readOnly`.
    pub read_only: Field<bool>,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
}

/// An entry of `dependsOn`.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The object.
    pub origin: Origin,
    /// `containerName`.
    pub container: Field<Text>,
    /// `condition`.
    pub condition: Field<Text>,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
}

/// An entry of `ulimits`.
#[derive(Clone, Debug, Default)]
pub struct Ulimit {
    /// The object.
    pub origin: Origin,
    /// `name`.
    pub name: Field<Text>,
    /// `softLimit`.
    pub soft: Field<i64>,
    /// `hardLimit`.
    pub hard: Field<i64>,
}

/// `healthCheck`.
#[derive(Clone, Debug, Default)]
pub struct HealthCheck {
    /// `command`: its items.
    pub command: Listed<Field<Text>>,
    /// `interval`, in seconds.
    pub interval: Field<i64>,
    /// `timeout`, in seconds.
    pub timeout: Field<i64>,
    /// `retries`.
    pub retries: Field<i64>,
    /// `startPeriod`, in seconds.
    pub start_period: Field<i64>,
}

/// What in a container definition does not fit the schema of the API.
#[derive(Clone, Debug)]
pub struct SchemaFault {
    /// Where in the definition: `portMappings[0].hostport`.
    pub path: Arc<str>,
    /// The key where a key is at fault, else the value.
    pub origin: Origin,
    /// What is wrong.
    pub kind: SchemaFaultKind,
}

/// The ways in which a part of a container definition may not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaFaultKind {
    /// The API has no such key, and the provider drops it.
    UnknownKey {
        /// As it is written.
        written: Arc<str>,
        /// What it was probably meant to be.
        meant: Option<MeantKey>,
    },
    /// The same key is there already, whatever its case.
    RepeatedKey,
    /// The value is of another type than the API wants.
    WrongType {
        /// "a number".
        expected: &'static str,
        /// "a text".
        found: &'static str,
    },
    /// The text is none of those that the API takes.
    NotAmong(&'static [&'static str]),
    /// The API wants a key that is not written.
    MissingKey(&'static str),
}

/// A key that another was probably meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeantKey {
    /// The key as the API has it.
    pub key: &'static str,
    /// Whether no more than a slip of the hand parts the two, it is not there already, and the value fits it.
    pub is_sure: bool,
}
