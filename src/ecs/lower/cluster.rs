//! Clusters and what belongs to them.

use super::links::Links;
use super::read::Object;
use super::runner::strategy;
use super::task_definition::subject;
use crate::ecs::Origin;
use crate::ecs::inventory::{
    AccountSetting, Cluster, ClusterSetting, ExecConfiguration, Field, Setting, Why,
};
use crate::terraform::Instance;

/// Reads `aws_ecs_cluster`; `log_group` gives the index of the log group that is made at an address.
pub(super) fn cluster(
    instance: &Instance,
    links: &Links<'_>,
    log_group: impl Fn(&str) -> Option<usize>,
) -> Cluster {
    let object = Object::instance(instance, &Origin::default());
    let settings = object.blocks("setting");
    let (exec, exec_uncertain) = exec(&object, links, log_group);
    Cluster {
        subject: subject(&instance.address, &object),
        name: object.text("name"),
        provider: instance.provider.clone(),
        region: object.text("region"),
        settings: settings
            .items
            .iter()
            .map(|setting| ClusterSetting {
                origin: setting.origin.clone(),
                name: setting.text("name"),
                value: setting.text("value"),
                maybe: setting.maybe.clone(),
            })
            .collect(),
        settings_uncertain: settings.uncertain,
        exec,
        exec_uncertain,
        default_strategy: strategy(&object),
        default_strategy_uncertain: None,
        runners: Vec::new(),
    }
}

fn exec(
    cluster: &Object<'_>,
    links: &Links<'_>,
    log_group: impl Fn(&str) -> Option<usize>,
) -> (Option<ExecConfiguration>, Option<Why>) {
    let (configuration, uncertain) = cluster.block("configuration");
    let Some(configuration) = configuration else {
        return (None, uncertain);
    };
    let (exec, exec_uncertain) = configuration.block("execute_command_configuration");
    let Some(exec) = exec else {
        return (None, uncertain.or(exec_uncertain));
    };
    let (log, log_uncertain) = exec.block("log_configuration");
    let created = log
        .as_ref()
        .and_then(|log| log.get("cloud_watch_log_group_name"))
        .and_then(|value| links.find(value, &["aws_cloudwatch_log_group"]))
        .and_then(|instance| log_group(&instance.address));
    let text = |name| {
        log.as_ref()
            .map_or_else(|| absent(&exec, &log_uncertain), |log| log.text(name))
    };
    let flag = |name| {
        log.as_ref()
            .map_or_else(|| absent(&exec, &log_uncertain), |log| log.flag(name))
    };
    let exec = ExecConfiguration {
        origin: exec.origin.clone(),
        logging: exec.text("logging"),
        kms_key_id: exec.text("kms_key_id"),
        log_configuration: match &log {
            Some(log) => log.origin.clone(),
            None => Origin::missing(&exec.origin).named("log_configuration"),
        },
        log_group: text("cloud_watch_log_group_name"),
        log_group_created: created,
        log_group_encrypted: flag("cloud_watch_encryption_enabled"),
        bucket: text("s3_bucket_name"),
        bucket_encrypted: flag("s3_bucket_encryption_enabled"),
    };
    (Some(exec), None)
}

/// A field of a block that is not there, or of which it is not known whether it is.
fn absent<T>(within: &Object<'_>, uncertain: &Option<Why>) -> Field<T> {
    Field {
        setting: uncertain.clone().map_or(Setting::Unset, Setting::Unknown),
        origin: Origin::missing(&within.origin).named("log_configuration"),
    }
}

/// Adds what an `aws_ecs_cluster_capacity_providers` says of its cluster.
pub(super) fn add_capacity_providers(instance: &Instance, cluster: &mut Cluster) {
    let object = Object::instance(instance, &Origin::default());
    cluster.default_strategy = strategy(&object);
    cluster.default_strategy_uncertain = object
        .maybe
        .filter(|_| !cluster.default_strategy.is_empty());
}

/// Reads `aws_ecs_account_setting_default`, where it is about a setting or may be.
pub(super) fn account_setting(instance: &Instance, setting: &str) -> Option<AccountSetting> {
    let object = Object::instance(instance, &Origin::default());
    let name = object.text("name");
    if name.text().is_some_and(|name| name != setting) {
        return None;
    }
    let mut value = object.text("value");
    if let Some(why) = name.partly_unknown() {
        value.setting = Setting::Unknown(why);
    }
    Some(AccountSetting {
        subject: subject(&instance.address, &object),
        provider: instance.provider.clone(),
        region: object.text("region"),
        value,
    })
}
