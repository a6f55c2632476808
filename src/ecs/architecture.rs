//! The picture of an inventory: what there is, what is in what, and what uses what. Pure.

mod drawing;
mod names;

use std::sync::Arc;

use self::drawing::Drawing;
use self::names::{named, service_of, short, shown};
use super::inventory::{Egress, Inventory};

/// How many nodes a picture has at most; what is past them is counted.
const MOST_NODES: usize = 10_000;

/// How many uses a picture has at most.
const MOST_EDGES: usize = 4 * MOST_NODES;

/// What a root module would make, as a picture shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Architecture {
    /// What there is; what something is in comes before it.
    pub nodes: Vec<Node>,
    /// What uses what, as indices into the nodes.
    pub edges: Vec<Edge>,
    /// How much more there is than the nodes.
    pub left_out: usize,
}

/// Something in the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The resource instance's address; of what the configuration does not make, what it is known by.
    pub address: Arc<str>,
    /// The container's name, where it is one.
    pub container: Option<Arc<str>>,
    /// What it is called.
    pub name: String,
    /// What else a person wants to know of it at a glance: "Fargate".
    pub remark: String,
    /// Whether the configuration makes it.
    pub made: bool,
    /// What it is in: a service's cluster, a container's task definition, an endpoint's VPC.
    pub parent: Option<usize>,
}

/// The kinds of what is in a picture.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKind {
    Vpc,
    Endpoint,
    Cluster,
    Service,
    TaskSet,
    ScheduledTarget,
    TaskDefinition,
    Container,
    Role,
}

/// That one thing uses another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Edge {
    /// What uses.
    pub from: usize,
    /// What is used.
    pub to: usize,
    /// How.
    pub kind: EdgeKind,
}

/// The ways of using something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EdgeKind {
    /// A service runs a task definition.
    Runs,
    /// The tasks of a service are in a VPC.
    In,
    /// The role that a task's containers have.
    TaskRole,
    /// The role that ECS has to start a task.
    ExecutionRole,
}

impl NodeKind {
    /// The name, for a person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            NodeKind::Vpc => "VPC",
            NodeKind::Endpoint => "VPC endpoint",
            NodeKind::Cluster => "cluster",
            NodeKind::Service => "service",
            NodeKind::TaskSet => "task set",
            NodeKind::ScheduledTarget => "scheduled target",
            NodeKind::TaskDefinition => "task definition",
            NodeKind::Container => "container",
            NodeKind::Role => "role",
        }
    }
}

impl EdgeKind {
    /// The name, for a person.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EdgeKind::Runs => "runs",
            EdgeKind::In => "in",
            EdgeKind::TaskRole => "task role",
            EdgeKind::ExecutionRole => "task execution role",
        }
    }
}

/// Draws the picture of an inventory.
#[must_use]
pub fn architecture(inventory: &Inventory) -> Architecture {
    let mut drawing = Drawing::default();
    let clusters: Vec<Option<usize>> = inventory
        .clusters
        .iter()
        .map(|cluster| {
            let name = named(&cluster.name, &cluster.subject);
            drawing.made(NodeKind::Cluster, &cluster.subject, name, None)
        })
        .collect();
    let runners: Vec<Option<usize>> = inventory
        .runners
        .iter()
        .map(|runner| drawing.runner(runner, &clusters))
        .collect();
    for vpc in &inventory.vpcs {
        let name = short(&vpc.subject.address);
        let at = drawing.made(NodeKind::Vpc, &vpc.subject, name, None);
        let Some(at) = at else { continue };
        let node = &mut drawing.picture.nodes[at];
        node.made = vpc.external.is_none();
        node.remark = match (&vpc.external, &vpc.egress) {
            (Some(_), _) => "made elsewhere",
            (None, Egress::Yes) => "with a way out to the internet",
            (None, Egress::No) => "without a way out to the internet",
            (None, Egress::Unknown(_)) => "whether it has a way out is not known",
        }
        .to_owned();
        for runner in &vpc.runners {
            drawing.edge(
                runners.get(*runner).copied().flatten(),
                Some(at),
                EdgeKind::In,
            );
        }
        for endpoint in &vpc.endpoints {
            let subject = &endpoint.subject;
            let name = match endpoint.service.set().and_then(shown) {
                Some(service) => service_of(&service).to_owned(),
                None => short(&subject.address),
            };
            drawing.made(NodeKind::Endpoint, subject, name, Some(at));
        }
    }
    for task in &inventory.task_definitions {
        drawing.task_definition(task, &runners);
    }
    drawing.picture
}

#[cfg(test)]
mod tests {
    use super::super::Origin;
    use super::super::inventory::{Container, Reference, Setting, TextPart, Why};
    use super::*;
    use crate::ecs::inventory::{Field, Link, Runner, Subject, TaskDefinition, Text};

    fn subject(address: &str) -> Subject {
        Subject {
            address: Arc::from(address),
            ..Subject::default()
        }
    }

    fn text(text: &str) -> Field<Text> {
        Field {
            setting: Setting::Set(Text::of(text)),
            origin: Origin::default(),
        }
    }

    fn referred(address: &str) -> Field<Text> {
        let reference = Reference {
            address: Arc::from(address),
            resource_type: Arc::from("aws_iam_role"),
            path: Arc::from(".arn"),
        };
        Field {
            setting: Setting::Set(Text {
                parts: vec![TextPart::Unknown {
                    reference: Some(reference),
                    why: Why::default(),
                }],
                secret: None,
            }),
            origin: Origin::default(),
        }
    }

    #[test]
    fn an_address_is_called_by_what_tells_it_apart() {
        for (address, name) in [
            ("aws_ecs_service.api", "api"),
            ("aws_ecs_service.this", "this"),
            ("module.api.aws_ecs_service.this", "api"),
            (
                "module.a.module.service[\"x.y\"].aws_ecs_service.this[0]",
                "service[\"x.y\"][0]",
            ),
            ("module.api.aws_ecs_service.worker", "worker"),
            ("var.vpc_id", "vpc_id"),
            ("", ""),
        ] {
            assert_eq!(short(address), name);
        }
    }

    #[test]
    fn what_runs_is_in_its_cluster_and_runs_its_task_definition() {
        let inventory = Inventory {
            clusters: vec![super::super::inventory::Cluster {
                subject: subject("aws_ecs_cluster.main"),
                name: text("prod"),
                ..Default::default()
            }],
            runners: vec![Runner {
                subject: subject("aws_ecs_service.api"),
                cluster: Link::To(0),
                task_definition: Link::To(0),
                ..Runner::default()
            }],
            task_definitions: vec![TaskDefinition {
                subject: subject("aws_ecs_task_definition.api"),
                family: text("api"),
                task_role: referred("aws_iam_role.app"),
                execution_role: referred("aws_iam_role.app"),
                containers: vec![Container::default()],
                runners: vec![0],
                ..TaskDefinition::default()
            }],
            ..Inventory::default()
        };
        let Architecture { nodes, edges, .. } = architecture(&inventory);
        let named: Vec<(&str, &str, Option<usize>)> = nodes
            .iter()
            .map(|node| (node.kind.name(), &*node.name, node.parent))
            .collect();
        assert_eq!(
            named,
            [
                ("cluster", "prod", None),
                ("service", "api", Some(0)),
                ("task definition", "api", None),
                ("container", "?", Some(2)),
                ("role", "app", None),
            ]
        );
        let edges: Vec<(usize, &str, usize)> = edges
            .iter()
            .map(|edge| (edge.from, edge.kind.name(), edge.to))
            .collect();
        assert_eq!(
            edges,
            [
                (1, "runs", 2),
                (2, "task role", 4),
                (2, "task execution role", 4),
            ]
        );
        assert!(nodes[4].made, "it is a resource of the configuration");
    }

    #[test]
    fn what_is_past_the_bound_is_counted() {
        let one = |index: usize| super::super::inventory::Cluster {
            subject: subject(&format!("aws_ecs_cluster.c{index}")),
            ..Default::default()
        };
        let inventory = Inventory {
            clusters: (0..MOST_NODES + 3).map(one).collect(),
            ..Inventory::default()
        };
        let picture = architecture(&inventory);
        assert_eq!((picture.nodes.len(), picture.left_out), (MOST_NODES, 3));
    }

    #[test]
    fn a_secret_names_nothing() {
        let mut role = text("hunter2-role");
        if let Setting::Set(text) = &mut role.setting {
            text.secret = Some(super::super::inventory::Secret {
                source: Arc::from("`var.x`"),
                origin: Origin::default(),
                is_bared: false,
            });
        }
        let inventory = Inventory {
            task_definitions: vec![TaskDefinition {
                subject: subject("aws_ecs_task_definition.api"),
                family: role.clone(),
                task_role: role,
                ..TaskDefinition::default()
            }],
            ..Inventory::default()
        };
        assert!(!format!("{:?}", architecture(&inventory)).contains("hunter2"));
    }
}
