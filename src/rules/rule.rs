//! What a rule is.

use std::collections::BTreeMap;

use crate::ecs::inventory::{
    CapacityProvider, Cluster, Container, Inventory, Lifecycle, LogGroup, Repository, Role, Runner,
    TaskDefinition, Vpc,
};
use crate::verdict::Verdict;

/// A rule: data, and one function.
#[derive(Debug)]
pub struct Rule {
    /// `ECS:004`.
    pub id: &'static str,
    /// `privileged-container`.
    pub name: &'static str,
    /// The group that its default level comes from.
    pub group: Group,
    /// Whether it is `allow` by default, whatever its group.
    pub opt_in: bool,
    /// How much it weighs.
    pub severity: Severity,
    /// The ids of the same requirement in other catalogues: "Security Hub ECS.4".
    pub also_known_as: &'static [&'static str],
    /// What can be set for it in the configuration, beside its level.
    pub options: &'static [RuleOption],
    /// Its page, as its doc comment has it.
    pub page: &'static str,
    /// What it looks at, and how it decides.
    pub check: Check,
}

/// The groups of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The fifteen requirements; `deny` by default.
    Required,
    /// The best practices; `warn` by default.
    Recommended,
    /// What joins a Rust package to its container; `warn` by default.
    Workspace,
}

/// How much a rule weighs, from the least.
#[allow(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// Its name: `low`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// What a rule looks at: each function is called once for each subject of that kind.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Each container of each task definition.
    Container(fn(&Context<'_>, &TaskDefinition, &Container) -> Verdict),
    /// Each container of each task definition, and each container override of a scheduled target.
    ContainerOrOverride(fn(&Context<'_>, &Container) -> Verdict),
    /// Each container of each task definition, and then the task definition as a whole, of which it may have nothing
    /// to say.
    Definition(fn(&Context<'_>, &TaskDefinition, Option<&Container>) -> Option<Verdict>),
    /// Each task definition.
    TaskDefinition(fn(&Context<'_>, &TaskDefinition) -> Verdict),
    /// Each service, task set and scheduled target.
    Runner(fn(&Context<'_>, &Runner) -> Verdict),
    /// Each service.
    Service(fn(&Context<'_>, &Runner) -> Verdict),
    /// Each capacity provider.
    CapacityProvider(fn(&Context<'_>, &CapacityProvider) -> Verdict),
    /// Each cluster.
    Cluster(fn(&Context<'_>, &Cluster) -> Verdict),
    /// Each VPC that tasks run in.
    Vpc(fn(&Context<'_>, &Vpc) -> Verdict),
    /// Each role that a task uses.
    Role(fn(&Context<'_>, &Role) -> Verdict),
    /// Each repository that a container's image comes from.
    Repository(fn(&Context<'_>, &Repository) -> Verdict),
    /// Each log group that a container writes to.
    LogGroup(fn(&Context<'_>, &LogGroup) -> Verdict),
    /// What Terraform is told to leave alone of each task definition and each service.
    Lifecycle(fn(&Context<'_>, &Lifecycle) -> Verdict),
}

/// What a rule may look at beside its subject.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Everything that is there.
    pub inventory: &'a Inventory,
    /// The rule itself.
    pub rule: &'static Rule,
    /// What is configured for the rules.
    pub options: &'a Options,
}

/// Something that can be set for a rule.
#[derive(Debug)]
pub struct RuleOption {
    /// Its key under `[workspace.metadata.ecs-audit.rules."ECS:009"]`.
    pub name: &'static str,
    /// Its kind, and what it is when it is not set.
    pub default: OptionDefault,
    /// What it does, in one line.
    pub doc: &'static str,
}

/// The kinds of options, with their defaults.
#[derive(Clone, Copy, Debug)]
pub enum OptionDefault {
    /// `true` or `false`.
    Flag(bool),
    /// A text.
    Text(&'static str),
    /// A text among these; the first is the default.
    Choice(&'static [&'static str]),
    /// A list of texts; empty by default.
    List,
}

/// A configured option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionValue {
    /// `true` or `false`.
    Flag(bool),
    /// A text, or a choice.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

/// What is configured for the rules, by rule id and option name. Checked against the rules' options
/// before it gets here.
#[derive(Clone, Debug, Default)]
pub struct Options(pub BTreeMap<(&'static str, &'static str), OptionValue>);

impl Context<'_> {
    /// An option that is on or off.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        match (self.configured(name), self.default(name)) {
            (Some(OptionValue::Flag(on)), _) => *on,
            (_, Some(OptionDefault::Flag(on))) => on,
            _ => false,
        }
    }

    /// An option that is a text or a choice.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match (self.configured(name), self.default(name)) {
            (Some(OptionValue::Text(text)), _) => text,
            (_, Some(OptionDefault::Text(text))) => text,
            (_, Some(OptionDefault::Choice([first, ..]))) => first,
            _ => "",
        }
    }

    /// An option that is a list.
    #[must_use]
    pub fn list(&self, name: &str) -> &[String] {
        match self.configured(name) {
            Some(OptionValue::List(list)) => list,
            _ => &[],
        }
    }

    fn configured(&self, name: &str) -> Option<&OptionValue> {
        let option = self
            .rule
            .options
            .iter()
            .find(|option| option.name == name)?;
        self.options.0.get(&(self.rule.id, option.name))
    }

    fn default(&self, name: &str) -> Option<OptionDefault> {
        self.rule
            .options
            .iter()
            .find(|option| option.name == name)
            .map(|option| option.default)
    }
}

/// Declares a rule; the doc comment becomes its page.
macro_rules! rule {
    ($(#[doc = $line:literal])+ $visibility:vis static $name:ident = { opt_in: $opt_in:literal, $($field:ident: $value:expr),+ $(,)? }) => {
        $(#[doc = $line])+
        $visibility static $name: $crate::rules::Rule = $crate::rules::Rule {
            page: concat!($($line, "\n"),+),
            opt_in: $opt_in,
            $($field: $value),+
        };
    };
    ($(#[doc = $line:literal])+ $visibility:vis static $name:ident = { $($field:ident: $value:expr),+ $(,)? }) => {
        $(#[doc = $line])+
        $visibility static $name: $crate::rules::Rule = $crate::rules::Rule {
            page: concat!($($line, "\n"),+),
            opt_in: false,
            $($field: $value),+
        };
    };
}
pub(crate) use rule;
