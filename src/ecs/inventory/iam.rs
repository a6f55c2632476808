//! IAM roles that tasks use, and what their policies say.

use std::sync::Arc;

use super::{Field, Setting, Subject, Text, Why};
use crate::ecs::Origin;

/// `aws_iam_role`, where a task uses it.
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// The role.
    pub subject: Subject,
    /// Its name.
    pub name: Field<Text>,
    /// Who uses it as what.
    pub uses: Vec<RoleUse>,
    /// `assume_role_policy`.
    pub trust: Arc<Policy>,
    /// The policies that it certainly has.
    pub policies: Vec<RolePolicy>,
    /// Policies of the configuration of which it is not known whether they are this role's.
    pub perhaps: Vec<RolePolicy>,
    /// Why it may have further policies.
    pub policies_uncertain: Option<Why>,
    /// `permissions_boundary`.
    pub boundary: Field<Text>,
}

/// That a task definition uses a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleUse {
    /// The task definition, as an index into [`super::Inventory::task_definitions`].
    pub task: usize,
    /// As what.
    pub kind: RoleKind,
}

/// The two roles of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleKind {
    /// `task_role_arn`: what the application may do.
    Task,
    /// `execution_role_arn`: what ECS may do to start it.
    Execution,
}

/// A policy that a role has.
#[derive(Clone, Debug)]
pub struct RolePolicy {
    /// Where it is given to the role.
    pub origin: Origin,
    /// What it says.
    pub content: PolicyContent,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
}

/// What is known of a policy.
#[derive(Clone, Debug)]
pub enum PolicyContent {
    /// Its ARN alone: AWS, or somebody else, keeps it.
    Arn(Text),
    /// What it says.
    Document(Arc<Policy>),
    /// Nothing.
    Unknown(Why),
}

/// A policy document.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The document.
    pub origin: Origin,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// Why there may be further statements, or why none is known.
    pub uncertain: Option<Why>,
}

/// A statement of a policy.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    /// The block or the object.
    pub origin: Origin,
    /// `Sid`.
    pub sid: Field<Text>,
    /// `Effect`; `Allow` where `aws_iam_policy_document` leaves it out.
    pub effect: Field<Text>,
    /// `Action`.
    pub actions: Elements,
    /// `NotAction`.
    pub not_actions: Elements,
    /// `Resource`.
    pub resources: Elements,
    /// `NotResource`.
    pub not_resources: Elements,
    /// `Principal`.
    pub principals: Vec<Principal>,
    /// Why there may be further principals.
    pub principals_uncertain: Option<Why>,
    /// Whether there is a `NotPrincipal`.
    pub not_principals: Field<()>,
    /// `Condition`.
    pub conditions: Vec<Condition>,
    /// Why there may be further conditions.
    pub conditions_uncertain: Option<Why>,
    /// What its being there hangs on.
    pub maybe: Option<Why>,
    /// An expression that gives the account's id where the statement is written as a block, where there is one.
    pub account_id: Option<Arc<str>>,
}

/// An element of a policy that is one text or a list of them.
#[derive(Clone, Debug, Default)]
pub struct Elements {
    /// The element; not written where there is none.
    pub origin: Origin,
    /// Its texts.
    pub items: Vec<Field<Text>>,
    /// Why there may be more.
    pub uncertain: Option<Why>,
    /// Whether all that is not known of it is made of the ARNs of resources alone.
    pub of_arns: bool,
}

/// Who a statement is about.
#[derive(Clone, Debug, Default)]
pub struct Principal {
    /// `AWS`, `Service`, `Federated`; `*` for everybody.
    pub kind: Field<Text>,
    /// Their names.
    pub names: Elements,
}

/// A condition: an operator, a key, and the values that it is compared with.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// `StringEquals`.
    pub operator: Field<Text>,
    /// `aws:SourceAccount`.
    pub key: Field<Text>,
    /// The values.
    pub values: Elements,
}

impl Elements {
    /// Whether it is written, with something in it or perhaps.
    #[must_use]
    pub fn is_present(&self) -> bool {
        !self.items.is_empty() || self.uncertain.is_some()
    }

    /// Why some of it is not known, where some is not.
    #[must_use]
    pub fn unknown(&self) -> Option<Why> {
        let items = self.items.iter();
        self.uncertain
            .clone()
            .or_else(|| items.filter_map(Field::partly_unknown).next())
    }
}

impl Statement {
    /// Whether it allows what it is about; `None` where that is not known.
    #[must_use]
    pub fn allows(&self) -> Option<bool> {
        match &self.effect.setting {
            Setting::Unset => Some(false),
            Setting::Set(text) => text.known().map(|effect| effect == "Allow"),
            Setting::Unknown(_) => None,
        }
    }

    /// Whether it denies without any condition what it is about.
    #[must_use]
    pub fn denies_outright(&self) -> bool {
        let everywhere = self
            .resources
            .items
            .iter()
            .any(|one| one.text() == Some("*"));
        self.effect.text() == Some("Deny")
            && self.conditions.is_empty()
            && self.conditions_uncertain.is_none()
            && self.maybe.is_none()
            && everywhere
    }
}

impl Role {
    /// What it is and its name: "task role `app`".
    #[must_use]
    pub fn display(&self) -> String {
        let as_task = self.uses.iter().any(|one| one.kind == RoleKind::Task);
        let as_execution = self.uses.iter().any(|one| one.kind == RoleKind::Execution);
        let what = match (as_task, as_execution) {
            (true, true) => "task and execution role",
            (false, true) => "task execution role",
            (_, false) => "task role",
        };
        match self.name.text() {
            Some(name) if self.name.shown() == name => format!("{what} `{name}`"),
            _ => format!("{what} `{}`", self.subject.address),
        }
    }
}
