//! Container definitions.

use std::borrow::Cow;
use std::sync::Arc;

use super::{
    Dependency, Field, HealthCheck, Listed, MountPoint, PortMapping, SchemaFault, Setting, Subject,
    Text, TextPart, Ulimit, Why,
};
use crate::ecs::Origin;

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
    /// The repository of the configuration that the image is in, as an index into
    /// [`Inventory::repositories`](super::Inventory::repositories).
    pub repository: Option<usize>,
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
    /// `cpu`, in CPU units.
    pub cpu: Field<i64>,
    /// `memory`, the hard limit, in MiB.
    pub memory: Field<i64>,
    /// `memoryReservation`, in MiB.
    pub memory_reservation: Field<i64>,
    /// `portMappings`.
    pub port_mappings: Listed<PortMapping>,
    /// `mountPoints`.
    pub mount_points: Listed<MountPoint>,
    /// `volumesFrom`: the names of containers.
    pub volumes_from: Listed<Field<Text>>,
    /// `dependsOn`.
    pub depends_on: Listed<Dependency>,
    /// `healthCheck`.
    pub health_check: Field<HealthCheck>,
    /// `ulimits`.
    pub ulimits: Listed<Ulimit>,
    /// How it is written.
    pub form: Form,
    /// What does not fit the schema of the API.
    pub schema_faults: Vec<SchemaFault>,
    /// Why the definition may have further keys.
    pub keys_uncertain: Option<Why>,
    /// `linuxParameters.capabilities.add`.
    pub added_capabilities: Listed<Field<Text>>,
    /// `linuxParameters.devices`, where there are any.
    pub devices: Field<()>,
    /// `dockerSecurityOptions`.
    pub security_options: Listed<Field<Text>>,
}

/// How a container definition is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// In JSON, by the keys of the API.
    #[default]
    Json,
    /// In blocks of Terraform, whose arguments have names in snake case.
    Blocks,
    /// In the one block of an Express gateway service, which has few arguments.
    Express,
}

impl Form {
    /// How a key of the API is written: in blocks those that are repeated are in the singular.
    #[must_use]
    pub fn name(self, key: &str) -> Cow<'_, str> {
        if self == Form::Json {
            return Cow::Borrowed(key);
        }
        Cow::Borrowed(match key {
            "dependsOn" => "depends_on",
            "devices" => "device",
            "environmentFiles" => "environment_file",
            "mountPoints" => "mount_point",
            "secrets" => "secret",
            "secretOptions" => "secret_option",
            "systemControls" => "system_control",
            "ulimits" => "ulimit",
            _ => return Cow::Owned(snake_case(key)),
        })
    }
}

fn snake_case(key: &str) -> String {
    let mut name = String::with_capacity(key.len() + 2);
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

impl Container {
    /// One of which nothing is known.
    #[must_use]
    pub fn unseen(why: &Why) -> Self {
        let text = || Field {
            setting: Setting::Unknown(why.clone()),
            ..Field::default()
        };
        Container {
            name: text(),
            image: text(),
            user: text(),
            log: Field {
                setting: Setting::Unknown(why.clone()),
                ..Field::default()
            },
            ..Container::default()
        }
    }

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

/// Where ECS gets a secret from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretStore {
    /// Secrets Manager.
    SecretsManager,
    /// SSM Parameter Store.
    ParameterStore,
}

impl Variable {
    /// Where a `valueFrom` points, where that can be told.
    #[must_use]
    pub fn store(&self) -> Option<SecretStore> {
        let text = self.value.set()?;
        let referred = text.parts.iter().find_map(|part| match part {
            TextPart::Unknown {
                reference: Some(reference),
                ..
            } => of_type(&reference.resource_type),
            _ => None,
        });
        let named = |name: &str| text.known_parts().any(|part| part.contains(name));
        match text.known() {
            _ if named(":secretsmanager:") => Some(SecretStore::SecretsManager),
            _ if named(":ssm:") => Some(SecretStore::ParameterStore),
            Some(name) if !name.starts_with("arn:") => Some(SecretStore::ParameterStore),
            _ => referred,
        }
    }
}

/// The store of what a resource makes; the secrets of databases are those that RDS keeps for them.
fn of_type(resource_type: &str) -> Option<SecretStore> {
    let starts = |prefix: &str| resource_type.starts_with(prefix);
    if starts("aws_secretsmanager_") || starts("aws_rds_") || starts("aws_db_") {
        return Some(SecretStore::SecretsManager);
    }
    starts("aws_ssm_").then_some(SecretStore::ParameterStore)
}
