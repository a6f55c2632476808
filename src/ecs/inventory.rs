//! The inventory: what the rules see.

use std::sync::Arc;

use super::origin::Origin;

/// Everything of ECS, and around it, that a root module would make.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Clusters.
    pub clusters: Vec<Cluster>,
    /// Task definitions.
    pub task_definitions: Vec<TaskDefinition>,
    /// What runs tasks: services, task sets, scheduled targets.
    pub runners: Vec<Runner>,
    /// The VPCs that tasks run in.
    pub vpcs: Vec<Vpc>,
    /// Log groups.
    pub log_groups: Vec<LogGroup>,
    /// Account settings for Container Insights.
    pub insights_settings: Vec<InsightsSetting>,
    /// Resources that look like ECS and that no rule reads.
    pub not_audited: Vec<NotAudited>,
}

/// What a verdict is about, and where it is.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The resource instance's address.
    pub address: Arc<str>,
    /// The container's name, where it is one.
    pub container: Option<Arc<str>>,
    /// The block or the object.
    pub origin: Origin,
    /// What its being there hangs on, where that is not known.
    pub maybe: Option<Why>,
}

/// Why something is not known: the reference or the reason, for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why(pub Arc<str>);

impl Default for Why {
    fn default() -> Self {
        Why(Arc::from("a value that is not known"))
    }
}

/// An attribute that may be unset or unknown, and where it is written or would be.
#[derive(Clone, Debug, Default)]
pub struct Field<T> {
    /// Its value.
    pub setting: Setting<T>,
    /// The value's origin; where it is unset, the origin of what it would be written in (not written).
    pub origin: Origin,
}

/// The three states of an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// Written, and known.
    Set(T),
    /// Not written, or null.
    #[default]
    Unset,
    /// Written, but not known.
    Unknown(Why),
}

impl<T> Field<T> {
    /// The value where it is set and known.
    #[must_use]
    pub fn set(&self) -> Option<&T> {
        match &self.setting {
            Setting::Set(value) => Some(value),
            Setting::Unset | Setting::Unknown(_) => None,
        }
    }

    /// Why it is not known, where it is not.
    #[must_use]
    pub fn unknown(&self) -> Option<&Why> {
        match &self.setting {
            Setting::Unknown(why) => Some(why),
            Setting::Set(_) | Setting::Unset => None,
        }
    }

    /// Whether it is written, known or not.
    #[must_use]
    pub fn is_present(&self) -> bool {
        !matches!(self.setting, Setting::Unset)
    }
}

impl Field<Text> {
    /// The whole text, where all of it is known.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.set().and_then(Text::known)
    }

    /// Why it is not wholly known, for a person; only where that is so.
    #[must_use]
    pub fn unknown_text(&self) -> String {
        self.partly_unknown()
            .map(|why| why.to_string())
            .unwrap_or_default()
    }

    /// Why some of it is not known, where some is not.
    #[must_use]
    pub fn partly_unknown(&self) -> Option<Why> {
        match &self.setting {
            Setting::Set(text) => text.unknown_part().cloned(),
            Setting::Unknown(why) => Some(why.clone()),
            Setting::Unset => None,
        }
    }
}

/// A text that may be known in part. A field with a text that is wholly unknown is [`Setting::Set`] with
/// one unknown part, since it is written and its reference matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The parts in order; adjacent known parts are joined.
    pub parts: Vec<TextPart>,
    /// The secret source that flowed into it.
    pub secret: Option<Secret>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// Known text.
    Known(Arc<str>),
    /// What a reference, or something made from it, will give.
    Unknown {
        /// Exactly this reference, where it is no more than that.
        reference: Option<Reference>,
        /// Why it is not known.
        why: Why,
    },
}

/// A reference to a resource's attribute: two that are equal stand for equal values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The absolute address of the object.
    pub address: Arc<str>,
    /// The type of the resource or data source, empty for anything else: `aws_iam_role`.
    pub resource_type: Arc<str>,
    /// The attribute path, as written after the address: `.arn`.
    pub path: Arc<str>,
}

/// A secret source: what it is, never what it holds.
#[derive(Clone, Debug)]
pub struct Secret {
    /// "`var.db_password`, which is sensitive".
    pub source: Arc<str>,
    /// Where it is declared.
    pub origin: Origin,
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Secret {}

impl Text {
    /// A text that is known.
    pub fn of(text: impl Into<Arc<str>>) -> Self {
        Text {
            parts: vec![TextPart::Known(text.into())],
            secret: None,
        }
    }

    /// The whole text, where all of it is known.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [TextPart::Known(text)] => Some(text),
            _ => None,
        }
    }

    /// The known parts, in order.
    pub fn known_parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            TextPart::Known(text) => Some(&**text),
            TextPart::Unknown { .. } => None,
        })
    }

    /// What is known of its beginning.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self.parts.first() {
            Some(TextPart::Known(text)) => text,
            _ => "",
        }
    }

    /// What is known of its end.
    #[must_use]
    pub fn suffix(&self) -> &str {
        match self.parts.last() {
            Some(TextPart::Known(text)) => text,
            _ => "",
        }
    }

    /// The reference that it consists of, where it is nothing else.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        match self.parts.as_slice() {
            [TextPart::Unknown { reference, .. }] => reference.as_ref(),
            _ => None,
        }
    }

    /// Whether every part is known or exactly what a reference gives: two such texts with equal parts are
    /// equal.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.parts.iter().all(|part| match part {
            TextPart::Known(_) => true,
            TextPart::Unknown { reference, .. } => reference.is_some(),
        })
    }

    /// Why some of it is not known, where some is not.
    #[must_use]
    pub fn unknown_part(&self) -> Option<&Why> {
        self.parts.iter().find_map(|part| match part {
            TextPart::Unknown { why, .. } => Some(why),
            TextPart::Known(_) => None,
        })
    }
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

/// `aws_ecs_account_setting_default` for `containerInsights`.
#[derive(Clone, Debug, Default)]
pub struct InsightsSetting {
    /// The resource.
    pub subject: Subject,
    /// The provider configuration that makes it.
    pub provider: Arc<str>,
    /// Its value.
    pub value: Field<Text>,
}

/// `aws_cloudwatch_log_group`.
#[derive(Clone, Debug, Default)]
pub struct LogGroup {
    /// The log group.
    pub subject: Subject,
    /// Its name.
    pub name: Field<Text>,
    /// Its key.
    pub kms_key_id: Field<Text>,
}

/// `aws_ecs_task_definition` and what else defines tasks.
#[derive(Clone, Debug, Default)]
pub struct TaskDefinition {
    /// The task definition.
    pub subject: Subject,
    /// The resource's type.
    pub resource_type: Arc<str>,
    /// `family`.
    pub family: Field<Text>,
    /// `network_mode`.
    pub network_mode: Field<Text>,
    /// `pid_mode`.
    pub pid_mode: Field<Text>,
    /// `ipc_mode`.
    pub ipc_mode: Field<Text>,
    /// `requires_compatibilities`.
    pub requires_compatibilities: Field<Vec<Text>>,
    /// The operating system: `runtime_platform.operating_system_family`, Linux where unset.
    pub system: Field<System>,
    /// `task_role_arn`.
    pub task_role: Field<Text>,
    /// `execution_role_arn`.
    pub execution_role: Field<Text>,
    /// Its volumes.
    pub volumes: Vec<Volume>,
    /// Why there may be further volumes.
    pub volumes_uncertain: Option<Why>,
    /// Its container definitions.
    pub containers: Vec<Container>,
    /// Where the definitions are written as a whole.
    pub definitions: Origin,
    /// Why there may be further containers, or why none is known.
    pub containers_uncertain: Option<Why>,
    /// What is wrong with the definitions as a whole: no JSON, no list.
    pub invalid: Option<String>,
    /// What runs it, as indices into [`Inventory::runners`].
    pub runners: Vec<usize>,
    /// Where it runs (RULES.md, fact 8).
    pub platforms: Platforms,
}

/// The operating system of a task's containers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum System {
    /// Linux.
    #[default]
    Linux,
    /// Windows, of any edition.
    Windows,
}

/// Where tasks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Platform {
    /// Fargate and Fargate Spot.
    Fargate,
    /// Container instances on EC2.
    Ec2,
    /// ECS Anywhere.
    External,
    /// ECS managed instances.
    ManagedInstances,
}

/// Every platform that something may run on.
#[derive(Clone, Debug, Default)]
pub struct Platforms {
    /// Those that are known, each once.
    pub known: Vec<Platform>,
    /// Why there may be others.
    pub undetermined: Option<Why>,
}

impl Platforms {
    /// Whether this platform is among those that are known.
    #[must_use]
    pub fn includes(&self, platform: Platform) -> bool {
        self.known.contains(&platform)
    }

    /// Whether it is certain that there is this one and no other.
    #[must_use]
    pub fn is_only(&self, platform: Platform) -> bool {
        self.undetermined.is_none() && self.known == [platform]
    }
}

/// A volume of a task definition.
#[derive(Clone, Debug, Default)]
pub struct Volume {
    /// The block.
    pub origin: Origin,
    /// `name`.
    pub name: Field<Text>,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
    /// `host_path`.
    pub host_path: Field<Text>,
    /// `efs_volume_configuration`.
    pub efs: Option<EfsVolume>,
    /// The driver options of a docker volume, by name.
    pub driver_options: Vec<(Arc<str>, Field<Text>)>,
    /// Why the kind of the volume is not known.
    pub uncertain: Option<Why>,
}

/// `efs_volume_configuration`.
#[derive(Clone, Debug, Default)]
pub struct EfsVolume {
    /// The block.
    pub origin: Origin,
    /// `file_system_id`.
    pub file_system_id: Field<Text>,
    /// `transit_encryption`.
    pub transit_encryption: Field<Text>,
    /// `authorization_config.iam`.
    pub iam: Field<Text>,
    /// `authorization_config.access_point_id`.
    pub access_point_id: Field<Text>,
}

/// A container definition, or the override of one in a scheduled target (then only what an override
/// can change is ever set).
#[derive(Clone, Debug, Default)]
pub struct Container {
    /// The container.
    pub subject: Subject,
    /// `name`.
    pub name: Field<Text>,
    /// `image`.
    pub image: Field<Text>,
    /// Whether the image is in a private ECR repository.
    pub image_in_private_ecr: Setting<bool>,
    /// `essential`.
    pub essential: Field<bool>,
    /// `privileged`.
    pub privileged: Field<bool>,
    /// `readonlyRootFilesystem`.
    pub read_only_root: Field<bool>,
    /// `user`.
    pub user: Field<Text>,
    /// `environment`.
    pub environment: Vec<Variable>,
    /// Why there may be further variables.
    pub environment_uncertain: Option<Why>,
    /// `environmentFiles`, where present.
    pub environment_files: Field<()>,
    /// `secrets`: the name and its `valueFrom`.
    pub secrets: Vec<Variable>,
    /// Why there may be further secrets.
    pub secrets_uncertain: Option<Why>,
    /// Texts that a secret can leak through, each with the path it is at (`command[2]`,
    /// `dockerLabels.token`): command, entry point, labels, health check, log and FireLens options.
    pub other_texts: Vec<(Arc<str>, Field<Text>)>,
    /// `logConfiguration`.
    pub log: Field<LogConfiguration>,
    /// `firelensConfiguration`, where present.
    pub firelens: Field<()>,
}

/// An environment variable, or a secret that becomes one.
#[derive(Clone, Debug, Default)]
pub struct Variable {
    /// The object.
    pub origin: Origin,
    /// `name`.
    pub name: Field<Text>,
    /// `value`, or `valueFrom`.
    pub value: Field<Text>,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
}

/// `logConfiguration`.
#[derive(Clone, Debug, Default)]
pub struct LogConfiguration {
    /// `logDriver`.
    pub driver: Field<Text>,
    /// `options`, by name.
    pub options: Vec<(Arc<str>, Field<Text>)>,
    /// Why there may be further options.
    pub options_uncertain: Option<Why>,
    /// The `options` object; not written where there is none.
    pub options_origin: Origin,
}

/// What runs tasks.
#[derive(Clone, Debug, Default)]
pub struct Runner {
    /// The service, task set or target.
    pub subject: Subject,
    /// What it is.
    pub kind: RunnerKind,
    /// The resource's type.
    pub resource_type: Arc<str>,
    /// The cluster that it runs on.
    pub cluster: Link,
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
}

/// The kinds of what runs tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunnerKind {
    /// `aws_ecs_service`.
    #[default]
    Service,
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

/// A resource that no rule reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAudited {
    /// Its address.
    pub address: Arc<str>,
    /// Why.
    pub reason: String,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Container {
    /// The name in backticks, for messages; `#2` and the like where it is not known.
    #[must_use]
    pub fn display_name(&self) -> String {
        format!("`{}`", self.subject.container.as_deref().unwrap_or("?"))
    }

    /// Whether it runs as root on Linux: no `user`, `root` or `0`, with any group.
    #[must_use]
    pub fn runs_as_root(&self) -> Setting<bool> {
        let text = match &self.user.setting {
            Setting::Unset => return Setting::Set(true),
            Setting::Unknown(why) => return Setting::Unknown(why.clone()),
            Setting::Set(text) => text,
        };
        match (text.prefix().split_once(':'), text.known()) {
            (Some((user, _)), _) | (None, Some(user)) => {
                Setting::Set(matches!(user, "" | "root" | "0"))
            }
            (None, None) => Setting::Unknown(text.unknown_part().cloned().unwrap_or_default()),
        }
    }

    /// Whether its log driver is `awslogs`.
    #[must_use]
    pub fn uses_awslogs(&self) -> Setting<bool> {
        match &self.log.setting {
            Setting::Set(log) => match log.driver.partly_unknown() {
                Some(why) => Setting::Unknown(why),
                None => Setting::Set(log.driver.text() == Some("awslogs")),
            },
            Setting::Unset => Setting::Set(false),
            Setting::Unknown(why) => Setting::Unknown(why.clone()),
        }
    }
}
