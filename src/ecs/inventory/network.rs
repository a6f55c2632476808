//! The VPCs that tasks run in.

use super::{Field, Subject, Text, Why};

/// A VPC that tasks run in.
#[derive(Clone, Debug, Default)]
pub struct Vpc {
    /// The VPC; for one that is not created here, the address of what it comes from.
    pub subject: Subject,
    /// Why it is unknown what is in it, where the configuration does not create it.
    pub external: Option<Why>,
    /// The runners whose tasks are in it, as indices into [`Inventory::runners`].
    pub runners: Vec<usize>,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
    /// Why there may be further endpoints.
    pub endpoints_uncertain: Option<Why>,
    /// Whether a NAT or internet gateway route serves all subnets of its tasks.
    pub egress: Egress,
    /// Whether each of those subnets is known to have a route out for which a task needs no public IP address: to a
    /// NAT gateway, a transit gateway, an instance.
    pub is_private: bool,
}

/// Whether tasks reach the internet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Egress {
    /// All of their subnets have a route out.
    Yes,
    /// Some subnet has none.
    #[default]
    No,
    /// That cannot be decided.
    Unknown(Why),
}

/// `aws_vpc_endpoint`.
#[derive(Clone, Debug, Default)]
pub struct Endpoint {
    /// The endpoint.
    pub subject: Subject,
    /// `service_name`.
    pub service: Field<Text>,
    /// `vpc_endpoint_type`; unset is `Gateway`.
    pub endpoint_type: Field<Text>,
    /// `private_dns_enabled`, or what `aws_vpc_endpoint_private_dns` sets apart.
    pub private_dns: Field<bool>,
}
