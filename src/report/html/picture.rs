//! The picture of what a root module would make: VPCs, clusters, services, task definitions and containers in each
//! other, roles beside them.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::layout::{MOST_CHARACTERS, Placed, Tree, cut, lay_out};
use super::text::Text;
use crate::ecs::{Architecture, EdgeKind, Node, NodeKind};
use crate::report::RootReport;
use crate::report::rank::{Counts, Rank, Ranks};

/// How wide a picture is, and the roles beside it.
const WIDTH: u32 = 1120;
const ROLES: u32 = 250;
const MARGIN: u32 = 2;
const ASIDE: u32 = 20;

/// How many things a picture shows; of more than that, the worst.
const MOST_DRAWN: usize = 1200;

/// Where the verdicts on a subject are: the first row, and what they are filtered by.
pub(super) type Rows<'a> = HashMap<(&'a str, Option<&'a str>), (&'a str, usize)>;

/// Draws the picture of a root module. `None` where there is nothing to be seen.
pub(super) fn picture(root: &RootReport, rows: &Rows<'_>) -> Option<String> {
    let ranks = Ranks::of(root);
    let plan = Plan::of(&root.architecture, &ranks);
    let (main, roles) = plan.trees();
    if main.bands.iter().all(Vec::is_empty) && roles.bands.iter().all(Vec::is_empty) {
        return None;
    }
    let has_roles = roles.bands.iter().any(|band| !band.is_empty());
    let room = if has_roles { WIDTH - ROLES } else { WIDTH };
    let main = lay_out(main, room);
    let mut width = main.width;
    let mut height = main.height;
    let mut parts = vec![(main, 0)];
    if has_roles {
        let roles = lay_out(roles, ROLES);
        let beside = width - ASIDE;
        width = beside + roles.width;
        height = height.max(roles.height);
        parts.push((roles, beside));
    }
    let mut svg = String::new();
    let path = Text(&root.path);
    let _ = writeln!(
        svg,
        "<svg class=\"picture\" xmlns=\"http://www.w3.org/2000/svg\" role=\"group\" \
         aria-label=\"Architecture of {path}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">"
    );
    for (part, x) in &parts {
        for child in &part.inside {
            plan.draw(&mut svg, child, *x, 0, rows);
        }
    }
    svg.push_str("</svg>\n");
    let left_out = plan.left_out();
    if left_out > 0 {
        let _ = writeln!(
            svg,
            "<p class=\"quiet\">And {left_out} more that the picture has no room for.</p>"
        );
    }
    Some(svg)
}

/// What is drawn in what.
struct Plan<'a> {
    architecture: &'a Architecture,
    ranks: &'a Ranks<'a>,
    /// What is in each node, by its parent.
    inside: BTreeMap<usize, Vec<usize>>,
    /// What each runner runs, and what runs each task definition.
    runs: HashMap<usize, Vec<usize>>,
    run_by: HashMap<usize, Vec<usize>>,
    /// The VPC of each runner.
    vpc: HashMap<usize, usize>,
    /// The roles of each task definition, and how many use each.
    roles: HashMap<usize, Vec<(EdgeKind, usize)>>,
    users: HashMap<usize, Vec<EdgeKind>>,
    /// What is drawn at all, by node.
    drawn: Vec<bool>,
}

impl<'a> Plan<'a> {
    fn of(architecture: &'a Architecture, ranks: &'a Ranks<'a>) -> Self {
        let mut plan = Plan {
            architecture,
            ranks,
            inside: BTreeMap::new(),
            runs: HashMap::new(),
            run_by: HashMap::new(),
            vpc: HashMap::new(),
            roles: HashMap::new(),
            users: HashMap::new(),
            drawn: vec![true; architecture.nodes.len()],
        };
        for (at, node) in architecture.nodes.iter().enumerate() {
            if let Some(parent) = node.parent {
                plan.inside.entry(parent).or_default().push(at);
            }
        }
        for edge in &architecture.edges {
            match edge.kind {
                EdgeKind::Runs => {
                    plan.runs.entry(edge.from).or_default().push(edge.to);
                    plan.run_by.entry(edge.to).or_default().push(edge.from);
                }
                EdgeKind::In => {
                    plan.vpc.entry(edge.from).or_insert(edge.to);
                }
                EdgeKind::TaskRole | EdgeKind::ExecutionRole => {
                    let role = (edge.kind, edge.to);
                    plan.roles.entry(edge.from).or_default().push(role);
                    plan.users.entry(edge.to).or_default().push(edge.kind);
                }
            }
        }
        plan.choose();
        plan
    }

    /// Chooses what is drawn where there is more than a picture has room for: what the rest stands in, and of the rest
    /// the worst.
    fn choose(&mut self) {
        let nodes = &self.architecture.nodes;
        if nodes.len() <= MOST_DRAWN {
            return;
        }
        let rank = |at: usize| {
            let frame = matches!(nodes[at].kind, NodeKind::Vpc | NodeKind::Cluster);
            (!frame, self.worst(at), at)
        };
        let mut order: Vec<_> = (0..nodes.len()).map(rank).collect();
        order.sort_unstable();
        self.drawn = vec![false; nodes.len()];
        let mut left = MOST_DRAWN;
        for (_, _, at) in order {
            // What it stands in has to be there.
            let mut needed: Vec<usize> = vec![at];
            if let Some(task) = nodes[at]
                .parent
                .filter(|_| nodes[at].kind == NodeKind::Container)
            {
                needed.push(task);
            }
            let task = needed.last().copied().unwrap_or(at);
            needed.extend(self.run_by.get(&task).and_then(|by| by.first()));
            needed.retain(|&at| !self.drawn[at]);
            if needed.len() > left {
                break;
            }
            left -= needed.len();
            for at in needed {
                self.drawn[at] = true;
            }
        }
    }

    fn left_out(&self) -> usize {
        let hidden = self.drawn.iter().filter(|&&drawn| !drawn).count();
        self.architecture.left_out + hidden
    }

    fn worst(&self, at: usize) -> Rank {
        let counts = self.ranks.at(&self.architecture.nodes[at]);
        counts.map_or(Rank::NotApplicable, |counts| counts.worst)
    }

    fn of_kind(&self, kind: NodeKind) -> impl Iterator<Item = usize> + '_ {
        let nodes = self.architecture.nodes.iter().enumerate();
        nodes
            .filter(move |(at, node)| node.kind == kind && self.drawn[*at])
            .map(|(at, _)| at)
    }

    /// The frame of everything, and that of the roles.
    fn trees(&self) -> (Tree, Tree) {
        let mut outer: Vec<Tree> = Vec::new();
        let mut in_vpc: BTreeMap<usize, Vec<Tree>> = BTreeMap::new();
        for cluster in self.of_kind(NodeKind::Cluster) {
            let vpc = self.vpc_of(cluster);
            let tree = self.cluster(cluster, vpc);
            match vpc {
                Some(vpc) => in_vpc.entry(vpc).or_default().push(tree),
                None => outer.push(tree),
            }
        }
        for kind in [
            NodeKind::Service,
            NodeKind::TaskSet,
            NodeKind::ScheduledTarget,
        ] {
            let alone = self.of_kind(kind);
            let alone = alone.filter(|at| self.architecture.nodes[*at].parent.is_none());
            outer.extend(alone.map(|at| self.runner(at, None)));
        }
        let mut bands = vec![Vec::new(), outer];
        // What most of it is in stands first.
        let mut vpcs: Vec<usize> = self.of_kind(NodeKind::Vpc).collect();
        let runners = |vpc: &usize| {
            let clusters = in_vpc.get(vpc).into_iter().flatten();
            let runners = clusters.flat_map(|cluster| &cluster.bands).map(Vec::len);
            std::cmp::Reverse(runners.sum::<usize>())
        };
        vpcs.sort_by_cached_key(runners);
        for vpc in vpcs {
            let endpoints = self.children(vpc).map(|endpoint| self.leaf(endpoint));
            let endpoints = endpoints.collect();
            let clusters = in_vpc.remove(&vpc).unwrap_or_default();
            bands[0].push(self.group(vpc, vec![endpoints, clusters], u32::MAX));
        }
        let alone = self.of_kind(NodeKind::TaskDefinition);
        let alone = alone.filter(|task| !self.run_by.contains_key(task));
        bands.push(alone.map(|task| self.task_definition(task)).collect());
        let main = Tree {
            widest: u32::MAX,
            bands,
            ..Tree::default()
        };
        let roles = self.of_kind(NodeKind::Role).map(|role| self.role(role));
        let roles = Tree {
            widest: ROLES,
            bands: roles.map(|role| vec![role]).collect(),
            ..Tree::default()
        };
        (main, roles)
    }

    fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let children = self.inside.get(&of).into_iter().flatten().copied();
        children.filter(|&child| self.drawn[child])
    }

    /// The VPC of everything on a cluster, where it is one.
    fn vpc_of(&self, cluster: usize) -> Option<usize> {
        let mut vpcs = self
            .inside
            .get(&cluster)?
            .iter()
            .filter_map(|at| self.vpc.get(at));
        let first = *vpcs.next()?;
        vpcs.all(|vpc| *vpc == first).then_some(first)
    }

    fn cluster(&self, cluster: usize, vpc: Option<usize>) -> Tree {
        let runners = self.children(cluster).map(|runner| {
            let own = self.vpc.get(&runner).filter(|_| vpc.is_none());
            self.runner(runner, own.copied())
        });
        let runners = runners.collect();
        self.group(cluster, vec![runners], u32::MAX)
    }

    fn runner(&self, runner: usize, vpc: Option<usize>) -> Tree {
        let mut inside = Vec::new();
        let mut lines = Vec::new();
        if let Some(vpc) = vpc {
            lines.push(format!("in {}", self.architecture.nodes[vpc].name));
        }
        for &task in self.runs.get(&runner).into_iter().flatten() {
            let first = self.run_by.get(&task).and_then(|by| by.first());
            if first == Some(&runner) && self.drawn[task] {
                inside.push(self.task_definition(task));
            } else {
                lines.push(format!("runs {}", self.architecture.nodes[task].name));
            }
        }
        let mut tree = self.group(runner, vec![inside], 560);
        tree.lines
            .extend(lines.iter().map(|line| cut(line, MOST_CHARACTERS)));
        tree
    }

    fn task_definition(&self, task: usize) -> Tree {
        let containers = self.children(task).map(|container| self.leaf(container));
        let containers = containers.collect();
        let mut tree = self.group(task, vec![containers], 520);
        for (kind, role) in self.roles.get(&task).into_iter().flatten() {
            let name = &self.architecture.nodes[*role].name;
            let line = match kind {
                EdgeKind::TaskRole => format!("task role {name}"),
                _ => format!("execution role {name}"),
            };
            tree.lines.push(cut(&line, MOST_CHARACTERS + 6));
        }
        tree
    }

    fn role(&self, role: usize) -> Tree {
        let users = self.users.get(&role).map_or(&[][..], Vec::as_slice);
        let mut tree = self.leaf(role);
        for (kind, what) in [
            (EdgeKind::TaskRole, "task role"),
            (EdgeKind::ExecutionRole, "execution role"),
        ] {
            let count = users.iter().filter(|user| **user == kind).count();
            if count > 0 {
                tree.lines.push(format!("{what} of {count}"));
            }
        }
        tree
    }

    fn leaf(&self, at: usize) -> Tree {
        self.group(at, Vec::new(), u32::MAX)
    }

    fn group(&self, at: usize, bands: Vec<Vec<Tree>>, widest: u32) -> Tree {
        let Node { name, remark, .. } = &self.architecture.nodes[at];
        let most = match bands.is_empty() {
            true => 24,
            false => MOST_CHARACTERS,
        };
        let mut lines = vec![cut(name, most)];
        if !remark.is_empty() {
            lines.push(cut(remark, most));
        }
        // Above the name stands what it is.
        lines.insert(0, self.architecture.nodes[at].kind.name().to_owned());
        Tree {
            node: Some(at),
            lines,
            widest,
            bands,
        }
    }

    fn draw(&self, svg: &mut String, placed: &Placed, left: u32, top: u32, rows: &Rows<'_>) {
        let (x, y) = (left + placed.x + MARGIN, top + placed.y + MARGIN);
        let Some(node) = placed.node.map(|at| &self.architecture.nodes[at]) else {
            return;
        };
        let counts = self.ranks.at(node);
        let subject = (&*node.address, node.container.as_deref());
        let row = rows.get(&subject);
        let class = class(node, counts);
        if let Some((anchor, subject)) = row {
            let _ = write!(
                svg,
                "<a class=\"{class}\" href=\"#v-{anchor}\" data-subject=\"{subject}\">"
            );
        } else {
            let _ = write!(svg, "<g class=\"{class}\" role=\"img\">");
        }
        let _ = write!(svg, "<title>{}</title>", Text(&title(node, counts)));
        let (width, height) = (placed.width, placed.height);
        let _ = write!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>"
        );
        if let Some(counts) = counts.filter(|counts| counts.worst != Rank::NotApplicable) {
            let _ = write!(
                svg,
                "<text class=\"sign\" x=\"{}\" y=\"{}\">{}</text>",
                x + width - 16,
                y + 20,
                counts.worst.sign()
            );
        }
        let mut baseline = y + 20;
        for (index, line) in placed.lines.iter().enumerate() {
            let class = match index {
                0 => "kind",
                1 => "name",
                _ => "remark",
            };
            let x = x + 14;
            let line = Text(line);
            let _ = write!(
                svg,
                "<text class=\"{class}\" x=\"{x}\" y=\"{baseline}\">{line}</text>"
            );
            baseline += 18;
        }
        svg.push_str(if row.is_some() { "</a>\n" } else { "</g>\n" });
        for child in &placed.inside {
            self.draw(svg, child, left + placed.x, top + placed.y, rows);
        }
    }
}

fn class(node: &Node, counts: Option<Counts>) -> String {
    let kind = match node.kind {
        NodeKind::Vpc | NodeKind::Cluster => "frame",
        NodeKind::Service | NodeKind::TaskSet | NodeKind::ScheduledTarget => "runner",
        NodeKind::TaskDefinition => "task",
        NodeKind::Container | NodeKind::Endpoint | NodeKind::Role => "leaf",
    };
    let rank = counts.map_or("none", |counts| counts.worst.class());
    let made = if node.made { "" } else { " elsewhere" };
    format!("node {kind} {rank}{made}")
}

/// All that there is to say of a node, for who points at it and for who cannot see it.
fn title(node: &Node, counts: Option<Counts>) -> String {
    let Node {
        kind,
        name,
        address,
        remark,
        ..
    } = node;
    let mut title = format!("{} {name}", kind.name());
    if let Some(counts) = counts {
        let _ = write!(title, ": {}", counts.text());
    }
    if !remark.is_empty() {
        let _ = write!(title, "; {remark}");
    }
    if node.made && **address != *name {
        let _ = write!(title, "; {address}");
    }
    title
}
