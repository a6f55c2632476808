//! The picture of what a root module would make, for Mermaid: clusters, what runs on them, task definitions and
//! containers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::ecs::{Architecture, EdgeKind, NodeKind};
use crate::report::RootReport;
use crate::report::rank::{Rank, Ranks};
use crate::report::terminal;

/// GitHub draws no picture of more than 50,000 characters or 500 edges, and one of more nodes than this is no help.
const MOST_BYTES: usize = 40_000;
const MOST_EDGES: usize = 400;
const MOST_NODES: usize = 250;

/// How many characters of a name are shown.
const MOST_CHARACTERS: usize = 60;

/// The colours, the same on light and dark.
const CLASSES: &str = "  classDef denied fill:#fdeceb,stroke:#a8201a,color:#7d1712
  classDef fail fill:#fff1dc,stroke:#8a4b00,color:#6b3a00
  classDef unknown fill:#f1ecfc,stroke:#5a3aa6,color:#452c82
  classDef waived fill:#e9eff6,stroke:#3c4f68,color:#2c3b4f
  classDef pass fill:#e5f4ea,stroke:#17653a,color:#104a2a
  classDef none fill:#f3f4f6,stroke:#8a919c,color:#1c1f24
";

/// A picture, or why there is none.
pub(super) enum Picture {
    Nothing,
    TooLarge,
    Drawn(String),
}

/// Draws a root module; its containers are left out where there are too many.
pub(super) fn picture(root: &RootReport) -> Picture {
    let architecture = &root.architecture;
    let ranks = Ranks::of(root);
    let is = |kinds: &[NodeKind]| {
        let nodes = architecture.nodes.iter();
        nodes.filter(|node| kinds.contains(&node.kind)).count()
    };
    let without = is(&FRAMES);
    if without == 0 {
        return Picture::Nothing;
    }
    let runs = architecture
        .edges
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Runs);
    let folded = architecture.left_out > 0 || without > MOST_NODES || runs.count() > MOST_EDGES;
    for containers in [true, false] {
        let count = if containers {
            without + is(&[NodeKind::Container])
        } else {
            without
        };
        if folded || count > MOST_NODES {
            continue;
        }
        let text = draw(architecture, &ranks, containers);
        if text.len() <= MOST_BYTES {
            return Picture::Drawn(text);
        }
    }
    Picture::TooLarge
}

/// What is drawn beside containers.
const FRAMES: [NodeKind; 5] = [
    NodeKind::Cluster,
    NodeKind::Service,
    NodeKind::TaskSet,
    NodeKind::ScheduledTarget,
    NodeKind::TaskDefinition,
];

fn draw(architecture: &Architecture, ranks: &Ranks<'_>, containers: bool) -> String {
    let nodes = &architecture.nodes;
    let mut inside: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        let drawn = FRAMES.contains(&node.kind) || containers && node.kind == NodeKind::Container;
        if let Some(parent) = node.parent.filter(|_| drawn) {
            inside.entry(parent).or_default().push(at);
        }
    }
    let mut classes: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let mut text = String::from("flowchart LR\n");
    let mut write = |text: &mut String, at: usize| {
        let node = &nodes[at];
        let counts = ranks.at(node);
        let worst = counts.map_or(Rank::NotApplicable, |counts| counts.worst);
        let (class, sign) = match worst {
            Rank::NotApplicable => ("none", String::new()),
            worst => (worst.class(), format!("{} ", worst.sign())),
        };
        classes.entry(class).or_default().push(format!("n{at}"));
        let _ = write!(
            text,
            "n{at}[\"{sign}{} {}\"]",
            node.kind.name(),
            label(&node.name)
        );
    };
    for (at, node) in nodes.iter().enumerate() {
        if node.parent.is_some() || !FRAMES.contains(&node.kind) {
            continue;
        }
        let Some(children) = inside.get(&at) else {
            text.push_str("  ");
            write(&mut text, at);
            text.push('\n');
            continue;
        };
        text.push_str("  subgraph ");
        write(&mut text, at);
        text.push('\n');
        for &child in children {
            text.push_str("    ");
            write(&mut text, child);
            text.push('\n');
        }
        text.push_str("  end\n");
    }
    for edge in architecture
        .edges
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Runs)
    {
        let _ = writeln!(text, "  n{} --> n{}", edge.from, edge.to);
    }
    text.push_str(CLASSES);
    for (class, names) in classes {
        let _ = writeln!(text, "  class {} {class}", names.join(","));
    }
    text
}

/// A name between quotes: whatever is not a letter or a digit is written by its number.
fn label(name: &str) -> String {
    let mut label = String::new();
    for (count, character) in terminal::line(name).chars().enumerate() {
        if count == MOST_CHARACTERS {
            label.push('…');
            break;
        }
        if character.is_alphanumeric() || character == ' ' {
            label.push(character);
        } else {
            let _ = write!(label, "#{};", u32::from(character));
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        assert_eq!(label("a-b 1"), "a#45;b 1");
        assert_eq!(
            label("\"]; click n0 `<script>`\n%%{init}"),
            "#34;#93;#59; click n0 #96;#60;script#62;#96;#9226;#37;#37;#123;init#125;"
        );
    }
}
