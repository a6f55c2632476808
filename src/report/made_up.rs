//! Reports for tests, with the same text wherever a text can come from outside.

use std::sync::Arc;

use super::{
    Basis, Judged, Location, NotAudited, Report, ResolvedEdit, ResolvedFix, RootNote, RootReport,
    SharedText, TerraformBinary, Unread,
};
use crate::ecs::{Architecture, Edge, EdgeKind, Node, NodeKind};
use crate::fix::Applicability;
use crate::hcl::Span;
use crate::policy::{Level, LevelSource};
use crate::rules::RULES;
use crate::source::Position;
use crate::verdict::Outcome;
use crate::waiver::{Terms, Waived, WaivedBy};

/// A root module with so many verdicts of every kind, in all of which a text stands.
pub(super) fn root(path: &str, text: &str, verdicts: usize) -> RootReport {
    let location = Location {
        file: Arc::from(text),
        text: SharedText(Arc::from(format!("a = 1\n{text} = true\nb = 2\n"))),
        span: Span { start: 6, end: 7 },
        start: Position { line: 2, column: 1 },
        end: Position { line: 2, column: 2 },
        primary: true,
        label: text.to_owned(),
        step: false,
    };
    RootReport {
        path: Arc::from(path),
        basis: Basis::Plan,
        terraform: Some(TerraformBinary {
            binary: text.to_owned(),
            version: text.to_owned(),
        }),
        notes: vec![RootNote {
            message: text.to_owned(),
            location: Some(location.clone()),
            warning: true,
        }],
        not_audited: vec![NotAudited {
            address: Arc::from(text),
            reason: text.to_owned(),
        }],
        unread: vec![Unread {
            part: Arc::from(text),
            reason: text.to_owned(),
            location: Some(location.clone()),
            level: Level::Warn,
            level_source: LevelSource::Flag(text.to_owned()),
        }],
        skipped: false,
        verdicts: (0..verdicts)
            .map(|index| judged(index, text, &location))
            .collect(),
        failure: Some(text.to_owned()),
        instances: verdicts,
        architecture: architecture(text),
        timing: Vec::new(),
    }
}

/// A report of root modules.
pub(super) fn report(roots: Vec<RootReport>) -> Report {
    Report {
        roots,
        unchanged: vec![Arc::from("unchanged")],
        ..Report::default()
    }
}

fn judged(index: usize, text: &str, location: &Location) -> Judged {
    let outcomes = [
        Outcome::Fail,
        Outcome::Unknown,
        Outcome::Pass,
        Outcome::NotApplicable,
    ];
    let levels = [Level::Deny, Level::Warn, Level::Allow];
    let waived = (index % 5 == 4).then(|| Waived {
        terms: Terms {
            reason: Arc::from(text),
            until: None,
        },
        by: WaivedBy::Manifest,
    });
    Judged {
        rule: RULES[index % RULES.len()],
        outcome: outcomes[index % outcomes.len()],
        level: levels[index % levels.len()],
        level_source: LevelSource::Configuration(text.to_owned()),
        severity: RULES[index % RULES.len()].severity,
        address: Arc::from(format!("{text}{index}")),
        container: index.is_multiple_of(2).then(|| Arc::from(text)),
        message: format!("{text} `{text}` {index}"),
        reason: Some(text.to_owned()),
        help: Some(text.to_owned()),
        notes: vec![text.to_owned()],
        locations: vec![
            location.clone(),
            Location {
                primary: false,
                ..location.clone()
            },
        ],
        unwritten: None,
        fix: Some(ResolvedFix {
            title: text.to_owned(),
            applicability: Applicability::MaybeIncorrect,
            edits: vec![ResolvedEdit {
                file: location.file.clone(),
                text: location.text.clone(),
                span: location.span,
                line: 2,
                replacement: format!("x{text}"),
            }],
        }),
        waived,
        fingerprint: format!("{index:032x}"),
    }
}

fn architecture(text: &str) -> Architecture {
    let kinds = [
        (NodeKind::Vpc, None),
        (NodeKind::Endpoint, Some(0)),
        (NodeKind::Cluster, None),
        (NodeKind::Service, Some(2)),
        (NodeKind::TaskDefinition, None),
        (NodeKind::Container, Some(4)),
        (NodeKind::Role, None),
    ];
    let nodes = kinds
        .iter()
        .enumerate()
        .map(|(index, (kind, parent))| Node {
            kind: *kind,
            address: Arc::from(format!("{text}{index}")),
            container: (*kind == NodeKind::Container).then(|| Arc::from(text)),
            name: text.to_owned(),
            remark: text.to_owned(),
            made: index % 2 == 0,
            parent: *parent,
        });
    let edge = |from, to, kind| Edge { from, to, kind };
    Architecture {
        nodes: nodes.collect(),
        edges: vec![
            edge(3, 4, EdgeKind::Runs),
            edge(3, 0, EdgeKind::In),
            edge(4, 6, EdgeKind::TaskRole),
            edge(4, 6, EdgeKind::ExecutionRole),
        ],
        left_out: 1,
    }
}
