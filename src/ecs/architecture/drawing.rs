//! Nodes and edges, as they are drawn.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::{is_data, named, platform, short, shown};
use super::{Architecture, Edge, EdgeKind, MOST_EDGES, MOST_NODES, Node, NodeKind};
use crate::ecs::inventory::{Field, Link, Runner, RunnerKind, Subject, TaskDefinition, Text};

#[derive(Default)]
pub(super) struct Drawing {
    pub(super) picture: Architecture,
    /// What the configuration does not make, by what it is known by.
    pub(super) elsewhere: HashMap<(NodeKind, Arc<str>), Option<usize>>,
}

impl Drawing {
    pub(super) fn add(&mut self, node: Node) -> Option<usize> {
        let at = self.picture.nodes.len();
        if at == MOST_NODES {
            self.picture.left_out += 1;
            return None;
        }
        self.picture.nodes.push(node);
        Some(at)
    }

    pub(super) fn made(
        &mut self,
        kind: NodeKind,
        subject: &Subject,
        name: String,
        parent: Option<usize>,
    ) -> Option<usize> {
        self.add(Node {
            kind,
            address: subject.address.clone(),
            container: subject.container.clone(),
            name,
            remark: String::new(),
            made: true,
            parent,
        })
    }

    /// Something that the configuration does not make, once.
    pub(super) fn elsewhere(
        &mut self,
        kind: NodeKind,
        known_by: &str,
        name: &str,
    ) -> Option<usize> {
        let key = (kind, Arc::from(known_by));
        if let Some(at) = self.elsewhere.get(&key) {
            return *at;
        }
        let at = self.add(Node {
            kind,
            address: Arc::from(known_by),
            container: None,
            name: name.to_owned(),
            remark: "made elsewhere".to_owned(),
            made: false,
            parent: None,
        });
        self.elsewhere.insert(key, at);
        at
    }

    pub(super) fn edge(&mut self, from: Option<usize>, to: Option<usize>, kind: EdgeKind) {
        if let (Some(from), Some(to)) = (from, to)
            && self.picture.edges.len() < MOST_EDGES
        {
            self.picture.edges.push(Edge { from, to, kind });
        }
    }

    pub(super) fn runner(&mut self, runner: &Runner, clusters: &[Option<usize>]) -> Option<usize> {
        let kind = match runner.kind {
            RunnerKind::Service | RunnerKind::ExpressService | RunnerKind::Daemon => {
                NodeKind::Service
            }
            RunnerKind::TaskSet => NodeKind::TaskSet,
            RunnerKind::ScheduledTarget => NodeKind::ScheduledTarget,
        };
        let cluster = match &runner.cluster {
            Link::To(cluster) => clusters.get(*cluster).copied().flatten(),
            Link::External(why) => {
                self.elsewhere(NodeKind::Cluster, &why.0, why.0.trim_matches('`'))
            }
            Link::None => self.elsewhere(NodeKind::Cluster, "the default cluster", "default"),
        };
        let subject = &runner.subject;
        let at = self.made(kind, subject, short(&subject.address), cluster)?;
        let platforms: Vec<&str> = runner.platforms.known.iter().map(platform).collect();
        self.picture.nodes[at].remark = platforms.join(", ");
        Some(at)
    }

    pub(super) fn task_definition(&mut self, task: &TaskDefinition, runners: &[Option<usize>]) {
        let name = named(&task.family, &task.subject);
        let at = self.made(NodeKind::TaskDefinition, &task.subject, name, None);
        if let Some(at) = at {
            let mode = task.network_mode.set().and_then(shown);
            self.picture.nodes[at].remark = mode.unwrap_or_default();
        }
        for runner in &task.runners {
            let runner = runners.get(*runner).copied().flatten();
            self.edge(runner, at, EdgeKind::Runs);
        }
        for container in &task.containers {
            let subject = &container.subject;
            let name = subject.container.as_deref().unwrap_or("?").to_owned();
            let node = self.made(NodeKind::Container, subject, name, at);
            if let (Some(node), Some(image)) = (node, container.image.set().and_then(shown)) {
                self.picture.nodes[node].remark = image;
            }
        }
        for (role, kind) in [
            (&task.task_role, EdgeKind::TaskRole),
            (&task.execution_role, EdgeKind::ExecutionRole),
        ] {
            let to = self.role(role);
            self.edge(at, to, kind);
        }
    }

    /// A role, where it can be told from others.
    pub(super) fn role(&mut self, role: &Field<Text>) -> Option<usize> {
        let text = role.set()?;
        if let Some(reference) = text.reference() {
            let address = &reference.address;
            let at = self.elsewhere(NodeKind::Role, address, &short(address))?;
            if &*reference.resource_type == "aws_iam_role" && !is_data(address) {
                let node = &mut self.picture.nodes[at];
                (node.made, node.remark) = (true, String::new());
            }
            return Some(at);
        }
        let known = shown(text).filter(|text| !text.is_empty())?;
        let name = known.rsplit('/').next().unwrap_or(&known).to_owned();
        self.elsewhere(NodeKind::Role, &known, &name)
    }
}
