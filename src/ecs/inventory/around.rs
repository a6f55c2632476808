//! What stands around tasks: the repositories of their images, their log groups, the alarms on their services, and
//! what Terraform is told to leave alone.

use std::sync::Arc;

use super::{Field, Subject, Text, Why};
use crate::ecs::Origin;

/// `aws_cloudwatch_log_group`.
#[derive(Clone, Debug, Default)]
pub struct LogGroup {
    /// The log group.
    pub subject: Subject,
    /// Its name.
    pub name: Field<Text>,
    /// Its key.
    pub kms_key_id: Field<Text>,
    /// `retention_in_days`.
    pub retention: Field<Text>,
    /// The containers that write to it: indices of the task definition and of the container in it.
    pub writers: Vec<(usize, usize)>,
}

/// `aws_ecr_repository`.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// The repository.
    pub subject: Subject,
    /// Its name.
    pub name: Field<Text>,
    /// The provider configuration that makes it.
    pub provider: Arc<str>,
    /// `image_scanning_configuration.scan_on_push`.
    pub scan_on_push: Field<bool>,
    /// The `image_scanning_configuration` block; not written where there is none.
    pub scanning: Origin,
    /// `image_tag_mutability`.
    pub tag_mutability: Field<Text>,
    /// `encryption_configuration.encryption_type`.
    pub encryption: Field<Text>,
    /// The containers whose images come from it: indices of the task definition and of the container in it.
    pub users: Vec<(usize, usize)>,
}

/// `aws_ecr_registry_scanning_configuration`.
#[derive(Clone, Debug, Default)]
pub struct RegistryScanning {
    /// The provider configuration that makes it.
    pub provider: Arc<str>,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
    /// The patterns of the names of repositories that are scanned without being asked.
    pub filters: Vec<Field<Text>>,
    /// Why there may be further patterns.
    pub uncertain: Option<Why>,
}

/// `aws_cloudwatch_metric_alarm`: the metrics that it looks at.
#[derive(Clone, Debug, Default)]
pub struct Alarm {
    /// The alarm.
    pub subject: Subject,
    /// The dimensions of each metric.
    pub metrics: Vec<Dimensions>,
    /// Why it may look at others.
    pub uncertain: Option<Why>,
}

/// The dimensions of a metric that tell a service.
#[derive(Clone, Debug, Default)]
pub struct Dimensions {
    /// `ClusterName`.
    pub cluster: Field<Text>,
    /// `ServiceName`.
    pub service: Field<Text>,
}

/// What `lifecycle` says of a task definition or of a service.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// The resource.
    pub subject: Subject,
    /// Its type.
    pub resource_type: Arc<str>,
    /// What `ignore_changes` names.
    pub ignored: Vec<Ignored>,
    /// Why it is not known what it names.
    pub uncertain: Option<Why>,
}

/// Something that `ignore_changes` names.
#[derive(Clone, Debug, Default)]
pub struct Ignored {
    /// The path as it is written, `all` for everything.
    pub path: Arc<str>,
    /// Where.
    pub origin: Origin,
}
