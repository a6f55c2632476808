//! The rules: one file each, whose doc comment is its page.
//!
//! A rule sees the inventory and nothing else, and cannot fail. How it is levelled, waived or printed is
//! not its business.

mod action;
mod catalogue;
mod credentials;
mod definition;
mod efs_volumes;
mod rule;
mod run;
mod task_size;

pub use catalogue::Catalogue;
pub use rule::{
    Check, Context, Group, OptionDefault, OptionValue, Options, Rule, RuleOption, Severity,
};
pub use run::{Judgement, run};
pub(crate) use secret_in_environment::{is_credential, plain_secrets};

// From here on `cargo test --test rules` writes this file.

mod added_capability;
mod confused_deputy;
mod container_insights_disabled;
mod dangling_target;
mod default_log_mode;
mod efs_unencrypted_transit;
mod efs_without_iam;
mod exec_not_logged;
mod exec_without_customer_key;
mod fault_injection_enabled;
mod frozen_by_ignore_changes;
mod host_ipc_namespace;
mod host_network_root;
mod host_path_mount;
mod host_process_namespace;
mod invalid_container_definition;
mod missing_logging;
mod missing_vpc_endpoint;
mod mutable_image;
mod no_health_check;
mod no_rollback;
mod not_awsvpc;
mod outdated_platform_version;
mod over_privileged_role;
mod privileged_container;
mod public_ip;
mod root_user;
mod secret_in_environment;
mod shared_role;
mod unmonitored_service;
mod unprotected_capacity_provider;
mod unscanned_repository;
mod weak_log_group;
mod writable_root_filesystem;

/// Every rule, in the order of the ids.
pub static RULES: &[&Rule] = &[
    &secret_in_environment::SECRET_IN_ENVIRONMENT,
    &host_network_root::HOST_NETWORK_ROOT,
    &public_ip::PUBLIC_IP,
    &privileged_container::PRIVILEGED_CONTAINER,
    &container_insights_disabled::CONTAINER_INSIGHTS_DISABLED,
    &writable_root_filesystem::WRITABLE_ROOT_FILESYSTEM,
    &host_process_namespace::HOST_PROCESS_NAMESPACE,
    &missing_logging::MISSING_LOGGING,
    &outdated_platform_version::OUTDATED_PLATFORM_VERSION,
    &exec_not_logged::EXEC_NOT_LOGGED,
    &exec_without_customer_key::EXEC_WITHOUT_CUSTOMER_KEY,
    &efs_unencrypted_transit::EFS_UNENCRYPTED_TRANSIT,
    &shared_role::SHARED_ROLE,
    &missing_vpc_endpoint::MISSING_VPC_ENDPOINT,
    &not_awsvpc::NOT_AWSVPC,
    &root_user::ROOT_USER,
    &host_ipc_namespace::HOST_IPC_NAMESPACE,
    &added_capability::ADDED_CAPABILITY,
    &host_path_mount::HOST_PATH_MOUNT,
    &mutable_image::MUTABLE_IMAGE,
    &over_privileged_role::OVER_PRIVILEGED_ROLE,
    &unmonitored_service::UNMONITORED_SERVICE,
    &efs_without_iam::EFS_WITHOUT_IAM,
    &confused_deputy::CONFUSED_DEPUTY,
    &unscanned_repository::UNSCANNED_REPOSITORY,
    &weak_log_group::WEAK_LOG_GROUP,
    &fault_injection_enabled::FAULT_INJECTION_ENABLED,
    &no_rollback::NO_ROLLBACK,
    &frozen_by_ignore_changes::FROZEN_BY_IGNORE_CHANGES,
    &invalid_container_definition::INVALID_CONTAINER_DEFINITION,
    &default_log_mode::DEFAULT_LOG_MODE,
    &unprotected_capacity_provider::UNPROTECTED_CAPACITY_PROVIDER,
    &dangling_target::DANGLING_TARGET,
    &no_health_check::NO_HEALTH_CHECK,
];
