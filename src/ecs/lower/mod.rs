//! From evaluated instances to the inventory.

mod around;
mod blocks;
mod cluster;
mod incomplete;
mod links;
mod network;
mod parts;
mod policy;
mod read;
mod role;
mod runner;
mod schema;
mod service;
mod task_definition;
mod text;
mod why;

use std::collections::HashMap;
use std::sync::Arc;

use self::links::Links;
use self::read::Object;
use self::runner::{Indices, RUNNER_TYPES};
use self::service::TARGET_GROUP_TYPES;
use super::Origin;
use super::inventory::{Inventory, Link, NotAudited, Platform, Why};
use crate::terraform::Instance;
use crate::terraform::value::{Kind, Value};

/// The types of ECS that some rule reads.
const AUDITED: [&str; 10] = [
    "aws_ecs_account_setting_default",
    "aws_ecs_capacity_provider",
    "aws_ecs_cluster",
    "aws_ecs_cluster_capacity_providers",
    "aws_ecs_daemon",
    "aws_ecs_daemon_task_definition",
    "aws_ecs_express_gateway_service",
    "aws_ecs_service",
    "aws_ecs_task_definition",
    "aws_ecs_task_set",
];

/// The types around ECS that some rule reads.
const AROUND: [&str; 30] = [
    "aws_alb_target_group",
    "aws_caller_identity",
    "aws_cloudwatch_event_target",
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_metric_alarm",
    "aws_default_route_table",
    "aws_default_subnet",
    "aws_default_vpc",
    "aws_ecr_registry_scanning_configuration",
    "aws_ecr_repository",
    "aws_iam_policy",
    "aws_iam_policy_attachment",
    "aws_iam_policy_document",
    "aws_iam_role",
    "aws_iam_role_policies_exclusive",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_role_policy_attachments_exclusive",
    "aws_lb_target_group",
    "aws_main_route_table_association",
    "aws_pipes_pipe",
    "aws_route",
    "aws_route_table",
    "aws_route_table_association",
    "aws_scheduler_schedule",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_endpoint",
    "aws_vpc_endpoint_private_dns",
    "aws_vpc_endpoint_service",
];

/// Whether the inventory is made of resources of a type.
#[must_use]
pub fn reads(resource_type: &str) -> bool {
    resource_type.starts_with("aws_ecs_") || AROUND.contains(&resource_type)
}

/// Makes the inventory of what a root module's instances come to. Cannot fail: what is not understood is
/// unknown in the inventory.
#[must_use]
pub fn lower(instances: &[Instance]) -> Inventory {
    let mut named = vec![
        "aws_ecs_cluster",
        "aws_ecs_task_definition",
        "aws_ecs_daemon_task_definition",
        "aws_cloudwatch_log_group",
    ];
    named.extend(TARGET_GROUP_TYPES);
    named.extend(network::NETWORK_TYPES);
    let links = Links::new(instances, &named);
    let mut inventory = Inventory::default();
    let of_type = |ty: &'static str| {
        instances
            .iter()
            .filter(move |instance| !instance.data && &*instance.ty == ty)
    };

    inventory.log_groups = of_type("aws_cloudwatch_log_group")
        .map(around::log_group)
        .collect();
    let log_groups = index(of_type("aws_cloudwatch_log_group"));
    let settings = |setting| {
        of_type("aws_ecs_account_setting_default")
            .filter_map(move |one| cluster::account_setting(one, setting))
            .collect()
    };
    inventory.insights_settings = settings("containerInsights");
    inventory.log_mode_settings = settings("defaultLogDriverMode");
    inventory.capacity_providers = of_type("aws_ecs_capacity_provider")
        .map(service::capacity_provider)
        .collect();
    let target_groups = || {
        let is_one = |one: &&Instance| !one.data && TARGET_GROUP_TYPES.contains(&&*one.ty);
        instances.iter().filter(is_one)
    };
    inventory.target_groups = target_groups().map(service::target_group).collect();
    inventory.clusters = of_type("aws_ecs_cluster")
        .map(|one| cluster::cluster(one, &links, |address| log_groups.get(address).copied()))
        .collect();
    // An Express gateway service is its own task definition.
    let task_definitions = || {
        of_type("aws_ecs_task_definition")
            .chain(of_type("aws_ecs_daemon_task_definition"))
            .chain(of_type("aws_ecs_express_gateway_service"))
    };
    inventory.task_definitions = task_definitions()
        .map(|one| match &*one.ty {
            "aws_ecs_daemon_task_definition" => blocks::daemon(one),
            "aws_ecs_express_gateway_service" => blocks::express(one),
            _ => task_definition::task_definition(one),
        })
        .collect();
    let indices = Indices {
        clusters: index(of_type("aws_ecs_cluster")),
        task_definitions: index(task_definitions()),
        target_groups: index(target_groups()),
    };

    for instance in of_type("aws_ecs_cluster_capacity_providers") {
        let object = Object::instance(instance, &Origin::default());
        let found = object
            .get("cluster_name")
            .and_then(|name| links.find(name, &["aws_ecs_cluster"]));
        if let Some(&at) = found.and_then(|found| indices.clusters.get(&found.address)) {
            cluster::add_capacity_providers(instance, &mut inventory.clusters[at]);
        }
    }
    let capacity = capacity(of_type("aws_ecs_capacity_provider"));
    let mut subnets = Vec::new();
    for instance in instances
        .iter()
        .filter(|one| !one.data && RUNNER_TYPES.contains(&&*one.ty))
    {
        for mut runner in runner::runners(instance, &links, &indices) {
            runner.platforms = runner::platforms(&runner, &inventory.clusters, &capacity);
            let at = inventory.runners.len();
            subnets.push((at, runner::subnet_values(instance)));
            if let Link::To(task) = runner.task_definition {
                inventory.task_definitions[task].runners.push(at);
            }
            if let Link::To(cluster) = runner.cluster {
                inventory.clusters[cluster].runners.push(at);
            }
            inventory.runners.push(runner);
        }
    }
    for task in &mut inventory.task_definitions {
        task.platforms = runner::task_platforms(task, &inventory.runners);
    }
    around::writers(&mut inventory.log_groups, &inventory.task_definitions);
    inventory.repositories = of_type("aws_ecr_repository")
        .map(around::repository)
        .collect();
    let tasks = &inventory.task_definitions;
    around::users(&mut inventory.repositories, tasks, &links);
    for (index, repository) in inventory.repositories.iter().enumerate() {
        for &(task, container) in &repository.users {
            inventory.task_definitions[task].containers[container].repository = Some(index);
        }
    }
    inventory.registry_scanning = of_type("aws_ecr_registry_scanning_configuration")
        .map(around::registry_scanning)
        .collect();
    inventory.alarms = of_type("aws_cloudwatch_metric_alarm")
        .map(around::alarm)
        .collect();
    let frozen = ["aws_ecs_task_definition", "aws_ecs_service"];
    inventory.lifecycles = frozen
        .into_iter()
        .flat_map(of_type)
        .map(around::lifecycle)
        .collect();
    inventory.roles = role::roles(instances, &links);
    inventory.vpcs = network::vpcs(instances, &links, &subnets);
    inventory.not_audited = instances.iter().filter_map(not_audited).collect();
    inventory
}

/// Makes the inventory of instances that are not all there, and says why: nothing that is not among them is known to
/// be absent.
#[must_use]
pub fn lower_in_part(instances: &[Instance], why: &str) -> Inventory {
    let mut inventory = lower(instances);
    incomplete::open(&mut inventory, &Why(Arc::from(why)));
    inventory
}

fn index<'a>(instances: impl Iterator<Item = &'a Instance>) -> HashMap<Arc<str>, usize> {
    instances
        .enumerate()
        .map(|(index, instance)| (instance.address.clone(), index))
        .collect()
}

/// What the capacity providers that the configuration makes run tasks on, by address and by name.
fn capacity<'a>(instances: impl Iterator<Item = &'a Instance>) -> HashMap<Arc<str>, Platform> {
    let mut platforms = HashMap::new();
    for instance in instances {
        let object = Object::instance(instance, &Origin::default());
        let managed = object.get("managed_instances_provider");
        let managed = managed.is_some_and(|value| !is_empty_list(value));
        let platform = if managed {
            Platform::ManagedInstances
        } else {
            Platform::Ec2
        };
        platforms.insert(instance.address.clone(), platform);
        if let Some(name) = object.text("name").text() {
            platforms.insert(Arc::from(name), platform);
        }
    }
    platforms
}

fn is_empty_list(value: &Value) -> bool {
    matches!(&value.kind, Kind::List(_, items) if items.is_empty())
}

/// Says of a resource that looks like ECS why no rule reads it.
fn not_audited(instance: &Instance) -> Option<NotAudited> {
    let ours = instance.ty.starts_with("aws_ecs_") && !instance.data;
    (ours && !AUDITED.contains(&&*instance.ty)).then(|| NotAudited {
        address: instance.address.clone(),
        reason: format!("no rule reads {}", instance.ty),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types that references are asked for and of whose instances nothing is read, and a block that is no type.
    const NOT_READ: [&str; 5] = [
        "aws_",
        "aws_ecr_",
        "aws_iam_",
        "aws_vpc_configuration",
        "aws_vpn_gateway",
    ];

    #[test]
    fn every_type_that_is_named_here_is_read() {
        let here = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ecs/lower");
        let mut named = 0;
        let mut waiting = vec![std::path::PathBuf::from(here)];
        while let Some(path) = waiting.pop() {
            if path.is_dir() {
                let entries = std::fs::read_dir(path).unwrap();
                waiting.extend(entries.map(|entry| entry.unwrap().path()));
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for part in text.split('"').filter(|part| part.starts_with("aws_")) {
                let is_type = part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                if is_type && !NOT_READ.contains(&part) {
                    named += 1;
                    assert!(
                        reads(part),
                        "`{part}` is named here, and `reads` does not know it"
                    );
                }
            }
        }
        assert!(named > 30, "the types are found");
        assert!(!reads("aws_route53_record") && !reads("aws_s3_bucket"));
    }
}
