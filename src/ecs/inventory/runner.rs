//! What runs tasks, and the clusters that it runs them on.

use std::sync::Arc;

use super::{Container, Field, Platforms, Service, Setting, Subject, Text, Why};
use crate::ecs::Origin;

/// What runs tasks.
#[derive(Clone, Debug, Default)]
pub struct Runner {
    /// The service, task set or target.
    pub subject: Subject,
    /// What it is.
    pub kind: RunnerKind,
    /// The resource's type.
    pub resource_type: Arc<str>,
    /// `name`.
    pub name: Field<Text>,
    /// The cluster that it runs on.
    pub cluster: Link,
    /// What is written for the cluster.
    pub cluster_name: Field<Text>,
    /// The task definition that it runs.
    pub task_definition: Link,
    /// `launch_type`.
    pub launch_type: Field<Text>,
    /// `capacity_provider_strategy`: the providers' names.
    pub strategy: Vec<Field<Text>>,
    /// Where it runs.
    pub platforms: Platforms,
    /// `platform_version`.
    pub platform_version: Field<Text>,
    /// `enable_execute_command`.
    pub enable_exec: Field<bool>,
    /// The block to write network settings into, where there is one.
    pub network_configuration: Origin,
    /// `assign_public_ip`.
    pub assign_public_ip: Field<bool>,
    /// `subnets`.
    pub subnets: Vec<Field<Text>>,
    /// Why there may be further subnets.
    pub subnets_uncertain: Option<Why>,
    /// Container overrides of a scheduled target.
    pub overrides: Vec<Container>,
    /// What only a service has; nothing of another kind.
    pub service: Service,
}

/// The kinds of what runs tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunnerKind {
    /// `aws_ecs_service`.
    #[default]
    Service,
    /// `aws_ecs_express_gateway_service`, which deploys by itself.
    ExpressService,
    /// `aws_ecs_daemon`.
    Daemon,
    /// `aws_ecs_task_set`.
    TaskSet,
    /// A rule's, schedule's or pipe's target.
    ScheduledTarget,
}

/// What something refers to.
#[derive(Clone, Debug, Default)]
pub enum Link {
    /// Nothing is written.
    #[default]
    None,
    /// The thing with this index in the inventory.
    To(usize),
    /// Something that the configuration does not make: a literal, a variable, a data source.
    External(Why),
}

/// `aws_ecs_cluster`.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// The cluster.
    pub subject: Subject,
    /// Its name.
    pub name: Field<Text>,
    /// The provider configuration that makes it.
    pub provider: Arc<str>,
    /// `region`; the provider's where it is unset.
    pub region: Field<Text>,
    /// Its `setting` blocks: name and value.
    pub settings: Vec<ClusterSetting>,
    /// Why there may be further `setting` blocks.
    pub settings_uncertain: Option<Why>,
    /// `configuration.execute_command_configuration`, where it is written.
    pub exec: Option<ExecConfiguration>,
    /// Why it is not known whether there is one.
    pub exec_uncertain: Option<Why>,
    /// The default capacity provider strategy, from `aws_ecs_cluster_capacity_providers` too; empty where
    /// there is none.
    pub default_strategy: Vec<Field<Text>>,
    /// Why the default strategy is not known.
    pub default_strategy_uncertain: Option<Why>,
    /// The runners on it, as indices into [`Inventory::runners`].
    pub runners: Vec<usize>,
}

/// A `setting` block of a cluster.
#[derive(Clone, Debug, Default)]
pub struct ClusterSetting {
    /// The block.
    pub origin: Origin,
    /// `name`.
    pub name: Field<Text>,
    /// `value`.
    pub value: Field<Text>,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
}

/// `execute_command_configuration`.
#[derive(Clone, Debug, Default)]
pub struct ExecConfiguration {
    /// The block.
    pub origin: Origin,
    /// `logging`.
    pub logging: Field<Text>,
    /// `kms_key_id`.
    pub kms_key_id: Field<Text>,
    /// The `log_configuration` block; not written where there is none.
    pub log_configuration: Origin,
    /// `cloud_watch_log_group_name`.
    pub log_group: Field<Text>,
    /// The log group of the configuration that it names, as an index into [`Inventory::log_groups`].
    pub log_group_created: Option<usize>,
    /// `cloud_watch_encryption_enabled`.
    pub log_group_encrypted: Field<bool>,
    /// `s3_bucket_name`.
    pub bucket: Field<Text>,
    /// `s3_bucket_encryption_enabled`.
    pub bucket_encrypted: Field<bool>,
}

/// `aws_ecs_account_setting_default`.
#[derive(Clone, Debug, Default)]
pub struct AccountSetting {
    /// The resource.
    pub subject: Subject,
    /// The provider configuration that makes it.
    pub provider: Arc<str>,
    /// `region`; the provider's where it is unset.
    pub region: Field<Text>,
    /// Its value.
    pub value: Field<Text>,
}

impl AccountSetting {
    /// Whether it is for what a provider configuration makes in a region.
    #[must_use]
    pub fn is_for(&self, provider: &str, region: &Field<Text>) -> Setting<bool> {
        if *self.provider != *provider {
            return Setting::Set(false);
        }
        match (&self.region.setting, &region.setting) {
            (Setting::Unset, Setting::Unset) => Setting::Set(true),
            (Setting::Set(one), Setting::Set(other)) if one == other && one.is_resolved() => {
                Setting::Set(true)
            }
            (Setting::Set(one), Setting::Set(other))
                if one.known().is_some() && other.known().is_some() =>
            {
                Setting::Set(false)
            }
            _ => {
                let unknown = self.region.partly_unknown();
                let unknown = unknown.or_else(|| region.partly_unknown());
                Setting::Unknown(unknown.unwrap_or_else(|| Why(Arc::from("the provider's region"))))
            }
        }
    }
}
