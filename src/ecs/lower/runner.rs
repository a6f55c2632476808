//! What runs tasks: services, task sets and scheduled targets.

use std::collections::HashMap;
use std::sync::Arc;

use super::links::{Links, link};
use super::read::{self, Object};
use super::service::service;
use super::task_definition::{container, subject};
use crate::ecs::Origin;
use crate::ecs::inventory::{
    Cluster, Container, Field, Link, Platform, Platforms, Runner, RunnerKind, Service, Setting,
    TaskDefinition, Text, Why,
};
use crate::terraform::{Instance, Kind, Value};

/// The indices of what runners link to, by address.
pub(super) struct Indices {
    pub(super) clusters: HashMap<Arc<str>, usize>,
    pub(super) task_definitions: HashMap<Arc<str>, usize>,
    pub(super) target_groups: HashMap<Arc<str>, usize>,
}

/// Reads the runners that an instance makes: one for a service, none or more for a target.
pub(super) fn runners(instance: &Instance, links: &Links<'_>, indices: &Indices) -> Vec<Runner> {
    let object = Object::instance(instance, &Origin::default());
    match &*instance.ty {
        "aws_ecs_service" | "aws_ecs_task_set" => {
            let kind = match &*instance.ty {
                "aws_ecs_service" => RunnerKind::Service,
                _ => RunnerKind::TaskSet,
            };
            let mut runner = runner(instance, &object, &object, kind, links, indices);
            runner.task_definition = indices.task_definition(links, object.get("task_definition"));
            runner.cluster = indices.cluster(links, object.get("cluster"));
            if kind == RunnerKind::Service {
                runner.service = service(&object, links, &indices.target_groups);
            }
            vec![runner]
        }
        "aws_ecs_express_gateway_service" => {
            let kind = RunnerKind::ExpressService;
            let mut runner = runner(instance, &object, &object, kind, links, indices);
            let itself = indices.task_definitions.get(&instance.address);
            runner.task_definition = itself.map_or(Link::None, |&at| Link::To(at));
            runner.cluster = indices.cluster(links, object.get("cluster"));
            runner.launch_type = set("FARGATE", &object);
            let why = "an Express gateway service decides it by its subnets";
            runner.assign_public_ip.setting = Setting::Unknown(Why(Arc::from(why)));
            vec![runner]
        }
        "aws_ecs_daemon" => {
            let kind = RunnerKind::Daemon;
            let mut runner = runner(instance, &object, &object, kind, links, indices);
            runner.task_definition =
                indices.task_definition(links, object.get("daemon_task_definition_arn"));
            runner.cluster = indices.cluster(links, object.get("cluster_arn"));
            runner.launch_type = set("MANAGED_INSTANCES", &object);
            vec![runner]
        }
        "aws_cloudwatch_event_target" => {
            let input = object.get("input");
            let targets = object.blocks("ecs_target").items.into_iter();
            targets
                .map(|ecs| scheduled(instance, &object, &ecs, &object, input, links, indices))
                .collect()
        }
        "aws_scheduler_schedule" => {
            let targets = object.blocks("target").items.into_iter();
            targets
                .filter_map(|target| {
                    let (ecs, _) = target.block("ecs_parameters");
                    let input = target.get("input");
                    Some(scheduled(
                        instance, &object, &ecs?, &target, input, links, indices,
                    ))
                })
                .collect()
        }
        "aws_pipes_pipe" => {
            let targets = object.blocks("target_parameters").items.into_iter();
            targets
                .filter_map(|target| {
                    let (ecs, _) = target.block("ecs_task_parameters");
                    let ecs = ecs?;
                    let mut runner = runner(
                        instance,
                        &object,
                        &ecs,
                        RunnerKind::ScheduledTarget,
                        links,
                        indices,
                    );
                    runner.cluster = indices.cluster(links, object.get("target"));
                    let (overrides, _) = ecs.block("overrides");
                    let containers =
                        overrides.map(|block| block.blocks("container_override").items);
                    runner.overrides = containers
                        .iter()
                        .flatten()
                        .enumerate()
                        .map(|(index, object)| container(&instance.address, index, object))
                        .collect();
                    Some(runner)
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

impl Indices {
    fn task_definition(&self, links: &Links<'_>, value: Option<&Value>) -> Link {
        link(
            links,
            value,
            &["aws_ecs_task_definition", "aws_ecs_daemon_task_definition"],
            &self.task_definitions,
        )
    }

    fn cluster(&self, links: &Links<'_>, value: Option<&Value>) -> Link {
        link(links, value, &["aws_ecs_cluster"], &self.clusters)
    }
}

/// What is so without anybody writing it.
fn set(text: &str, object: &Object<'_>) -> Field<Text> {
    Field {
        setting: Setting::Set(Text::of(text)),
        origin: Origin::missing(&object.origin),
    }
}

/// Reads the target of a rule or a schedule.
fn scheduled(
    instance: &Instance,
    resource: &Object<'_>,
    ecs: &Object<'_>,
    target: &Object<'_>,
    input: Option<&Value>,
    links: &Links<'_>,
    indices: &Indices,
) -> Runner {
    let mut runner = runner(
        instance,
        resource,
        ecs,
        RunnerKind::ScheduledTarget,
        links,
        indices,
    );
    runner.cluster = indices.cluster(links, target.get("arn"));
    let within = input.map(|input| Origin::value(&input.trace, &target.origin).named("input"));
    if let (Some(input), Some(within)) = (input, within)
        && let Ok(decoded) = read::decode(input)
        && let Some(input) = read::json_object(&decoded, &within)
    {
        let overrides = input.blocks("containerOverrides").items;
        runner.overrides = overrides
            .iter()
            .enumerate()
            .map(|(index, object)| container(&instance.address, index, object))
            .collect::<Vec<Container>>();
    }
    runner
}

/// Reads what is common to all; `ecs` is the block that has the settings.
fn runner(
    instance: &Instance,
    resource: &Object<'_>,
    ecs: &Object<'_>,
    kind: RunnerKind,
    links: &Links<'_>,
    indices: &Indices,
) -> Runner {
    let (mut network, mut network_uncertain) = ecs.block("network_configuration");
    if let Some(pipe) = network
        .as_ref()
        .map(|block| block.block("aws_vpc_configuration"))
        && &*instance.ty == "aws_pipes_pipe"
    {
        (network, network_uncertain) = pipe;
    }
    let (subnets, subnets_uncertain) = match &network {
        Some(network) => network.items("subnets"),
        None => (Vec::new(), network_uncertain.clone()),
    };
    let unset = Setting::Unset;
    let missing = network_uncertain.map_or(unset, Setting::Unknown);
    Runner {
        subject: subject(&instance.address, resource),
        kind,
        resource_type: instance.ty.clone(),
        name: resource.text("name"),
        cluster: Link::None,
        cluster_name: resource.text("cluster"),
        task_definition: indices.task_definition(links, ecs.get("task_definition_arn")),
        launch_type: ecs.text("launch_type"),
        strategy: strategy(ecs),
        platforms: Platforms::default(),
        platform_version: ecs.text("platform_version"),
        enable_exec: ecs.flag("enable_execute_command"),
        network_configuration: network.as_ref().map_or_else(
            || Origin::missing(&ecs.origin).named("network_configuration"),
            |network| network.origin.clone(),
        ),
        assign_public_ip: match &network {
            Some(network) => network.flag("assign_public_ip"),
            None => Field {
                setting: missing,
                origin: Origin::missing(&ecs.origin).named("network_configuration"),
            },
        },
        subnets,
        subnets_uncertain,
        overrides: Vec::new(),
        service: Service::default(),
    }
}

/// The names of the providers in the strategy blocks of an object; an unknown one for blocks that may be
/// there.
pub(super) fn strategy(object: &Object<'_>) -> Vec<Field<Text>> {
    let mut names = Vec::new();
    for block in [
        "capacity_provider_strategy",
        "default_capacity_provider_strategy",
    ] {
        let blocks = object.blocks(block);
        names.extend(
            blocks
                .items
                .iter()
                .map(|block| block.text("capacity_provider")),
        );
        if let Some(why) = blocks.uncertain {
            let origin = Origin::missing(&object.origin);
            names.push(Field {
                setting: Setting::Unknown(why),
                origin,
            });
        }
    }
    names
}

/// Decides where a runner's tasks run.
pub(super) fn platforms(
    runner: &Runner,
    clusters: &[Cluster],
    capacity: &HashMap<Arc<str>, Platform>,
) -> Platforms {
    match &runner.launch_type.setting {
        Setting::Set(text) => match text.known() {
            Some(name) => named(name),
            None => undetermined(runner.launch_type.partly_unknown()),
        },
        Setting::Unknown(why) => undetermined(Some(why.clone())),
        Setting::Unset if !runner.strategy.is_empty() => of_strategy(&runner.strategy, capacity),
        Setting::Unset => match &runner.cluster {
            Link::To(index) => {
                let cluster = &clusters[*index];
                match (
                    &cluster.default_strategy_uncertain,
                    cluster.default_strategy.as_slice(),
                ) {
                    (Some(why), _) => undetermined(Some(why.clone())),
                    (None, []) => Platforms {
                        known: vec![Platform::Ec2],
                        undetermined: None,
                    },
                    (None, strategy) => of_strategy(strategy, capacity),
                }
            }
            Link::External(why) => undetermined(Some(why.clone())),
            Link::None => undetermined(Some(Why(Arc::from("the default cluster")))),
        },
    }
}

fn named(launch_type: &str) -> Platforms {
    let platform = match launch_type {
        "FARGATE" => Platform::Fargate,
        "EC2" => Platform::Ec2,
        "EXTERNAL" => Platform::External,
        "MANAGED_INSTANCES" => Platform::ManagedInstances,
        other => return undetermined(Some(Why(Arc::from(format!("launch type `{other}`"))))),
    };
    Platforms {
        known: vec![platform],
        undetermined: None,
    }
}

fn undetermined(why: Option<Why>) -> Platforms {
    let why = why.unwrap_or_else(|| Why(Arc::from("a value that is not known")));
    Platforms {
        known: Vec::new(),
        undetermined: Some(why),
    }
}

fn of_strategy(strategy: &[Field<Text>], capacity: &HashMap<Arc<str>, Platform>) -> Platforms {
    let mut platforms = Platforms::default();
    for provider in strategy {
        let found = match provider.text() {
            Some("FARGATE" | "FARGATE_SPOT") => Some(Platform::Fargate),
            Some(name) => capacity.get(name).copied(),
            None => provider
                .set()
                .and_then(Text::reference)
                .and_then(|reference| capacity.get(&reference.address).copied()),
        };
        match found {
            Some(platform) if !platforms.known.contains(&platform) => {
                platforms.known.push(platform)
            }
            Some(_) => {}
            None => {
                let why = provider.partly_unknown().unwrap_or_else(|| {
                    let name = provider.text().unwrap_or_default();
                    Why(Arc::from(format!("capacity provider `{name}`")))
                });
                platforms.undetermined = Some(why);
            }
        }
    }
    platforms.known.sort_unstable();
    platforms
}

/// Decides where a task definition's tasks run: on the platforms of what runs it, else on those that it
/// says it is compatible with.
pub(super) fn task_platforms(task: &TaskDefinition, runners: &[Runner]) -> Platforms {
    let mut platforms = Platforms::default();
    for runner in task.runners.iter().map(|&index| &runners[index]) {
        for &platform in &runner.platforms.known {
            if !platforms.known.contains(&platform) {
                platforms.known.push(platform);
            }
        }
        if platforms.undetermined.is_none() {
            platforms
                .undetermined
                .clone_from(&runner.platforms.undetermined);
        }
    }
    if task.runners.is_empty() {
        platforms = declared(task);
    }
    platforms.known.sort_unstable();
    platforms
}

fn declared(task: &TaskDefinition) -> Platforms {
    if &*task.resource_type == "aws_ecs_daemon_task_definition" {
        return named("MANAGED_INSTANCES");
    }
    let list = match &task.requires_compatibilities.setting {
        Setting::Set(list) if !list.is_empty() => list,
        Setting::Unknown(why) => return undetermined(Some(why.clone())),
        _ => {
            let why =
                "nothing in the configuration runs it, and it has no `requires_compatibilities`";
            return undetermined(Some(Why(Arc::from(why))));
        }
    };
    let mut platforms = Platforms::default();
    for item in list {
        let one = match item.known() {
            Some(name) => named(name),
            None => undetermined(item.unknown_part().cloned()),
        };
        platforms.known.extend(one.known);
        platforms.undetermined = platforms.undetermined.or(one.undetermined);
    }
    platforms.known.dedup();
    platforms
}

/// The types of resources that run tasks.
pub(super) const RUNNER_TYPES: [&str; 7] = [
    "aws_ecs_daemon",
    "aws_ecs_express_gateway_service",
    "aws_ecs_service",
    "aws_ecs_task_set",
    "aws_cloudwatch_event_target",
    "aws_scheduler_schedule",
    "aws_pipes_pipe",
];

/// The values of the subnets that an instance's tasks run in, each with the list that it is in.
pub(super) fn subnet_values(instance: &Instance) -> Vec<(&Value, &Value)> {
    let object = Object::instance(instance, &Origin::default());
    let mut blocks = vec![object];
    for name in [
        "target_parameters",
        "target",
        "ecs_target",
        "ecs_parameters",
        "ecs_task_parameters",
        "network_configuration",
        "aws_vpc_configuration",
    ] {
        let nested: Vec<_> = blocks
            .iter()
            .flat_map(|block| block.blocks(name).items)
            .collect();
        if !nested.is_empty() {
            blocks = nested;
        }
    }
    let values = blocks.iter().filter_map(|block| block.get("subnets"));
    values
        .flat_map(|value| match &value.kind {
            Kind::List(_, items) => items.iter().map(|item| (item, value)).collect(),
            Kind::Unknown(_) => vec![(value, value)],
            _ => Vec::new(),
        })
        .collect()
}
