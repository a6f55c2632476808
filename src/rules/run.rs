//! Calls every rule on every subject of its kind.

use super::{Check, Context, Options, RULES, Rule};
use crate::ecs::inventory::{
    Container, Inventory, LogGroup, Repository, RunnerKind, Subject, TaskDefinition,
};
use crate::verdict::{Outcome, Verdict};

/// A rule's verdict on one subject.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The rule.
    pub rule: &'static Rule,
    /// What it looked at.
    pub subject: Subject,
    /// What it says.
    pub verdict: Verdict,
}

impl Judgement {
    /// Takes the verdict back: what it stands on is not known after all.
    pub fn leave_undecided(&mut self, reason: &str) {
        let secrets = std::mem::take(&mut self.verdict.secrets);
        let origin = &self.subject.origin;
        let message = "what is written of it is not all known";
        self.verdict = Verdict::unknown(message, reason, origin);
        self.verdict.secrets = secrets;
    }
}

/// Judges everything in an inventory, rule by rule in the order of the ids, for the rules that are wanted.
#[must_use]
pub fn run(
    inventory: &Inventory,
    options: &Options,
    wanted: impl Fn(&Rule) -> bool,
) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    for &rule in RULES.iter().filter(|rule| wanted(rule)) {
        let context = Context {
            inventory,
            rule,
            options,
        };
        judge(&context, &mut |subject, verdict| {
            judgements.push(Judgement {
                rule,
                subject: subject.clone(),
                verdict,
            });
        });
    }
    judgements
}

fn judge(context: &Context<'_>, give: &mut dyn FnMut(&Subject, Verdict)) {
    let inventory = context.inventory;
    match context.rule.check {
        Check::Container(check) => {
            for task in &inventory.task_definitions {
                for container in &task.containers {
                    give(&container.subject, check(context, task, container));
                }
                unknown_containers(task, |container| check(context, task, container), give);
            }
        }
        Check::ContainerOrOverride(check) => {
            for task in &inventory.task_definitions {
                for container in &task.containers {
                    give(&container.subject, check(context, container));
                }
                unknown_containers(task, |container| check(context, container), give);
            }
            for container in inventory
                .runners
                .iter()
                .flat_map(|runner| &runner.overrides)
            {
                give(&container.subject, check(context, container));
            }
        }
        Check::Definition(check) => {
            for task in &inventory.task_definitions {
                let containers = task.containers.iter();
                let subjects = containers.map(|one| (&one.subject, Some(one)));
                for (subject, container) in subjects.chain([(&task.subject, None)]) {
                    if let Some(verdict) = check(context, task, container) {
                        give(subject, verdict);
                    }
                }
            }
        }
        Check::TaskDefinition(check) => {
            for task in &inventory.task_definitions {
                give(&task.subject, check(context, task));
            }
        }
        Check::Runner(check) => {
            for runner in &inventory.runners {
                give(&runner.subject, check(context, runner));
            }
        }
        Check::Service(check) => {
            let runners = inventory.runners.iter();
            for service in runners.filter(|runner| runner.kind == RunnerKind::Service) {
                give(&service.subject, check(context, service));
            }
        }
        Check::CapacityProvider(check) => {
            for provider in &inventory.capacity_providers {
                give(&provider.subject, check(context, provider));
            }
        }
        Check::Cluster(check) => {
            for cluster in &inventory.clusters {
                give(&cluster.subject, check(context, cluster));
            }
        }
        Check::Vpc(check) => {
            for vpc in &inventory.vpcs {
                give(&vpc.subject, check(context, vpc));
            }
        }
        Check::Role(check) => {
            for role in &inventory.roles {
                give(&role.subject, check(context, role));
            }
        }
        Check::Repository(check) => {
            let used = |repository: &&Repository| !repository.users.is_empty();
            for repository in inventory.repositories.iter().filter(used) {
                give(&repository.subject, check(context, repository));
            }
        }
        Check::LogGroup(check) => {
            let used = |group: &&LogGroup| !group.writers.is_empty();
            for group in inventory.log_groups.iter().filter(used) {
                give(&group.subject, check(context, group));
            }
        }
        Check::Lifecycle(check) => {
            for lifecycle in &inventory.lifecycles {
                give(&lifecycle.subject, check(context, lifecycle));
            }
        }
    }
}

/// The one verdict on a task definition some or all of whose containers are not known: `unknown`, unless the rule does
/// not apply whatever the containers are.
fn unknown_containers(
    task: &TaskDefinition,
    check: impl Fn(&Container) -> Verdict,
    give: &mut dyn FnMut(&Subject, Verdict),
) {
    let Some(why) = &task.containers_uncertain else {
        return;
    };
    let message = if task.containers.is_empty() {
        "the container definitions are not known"
    } else {
        "some container definitions are not known"
    };
    let of_any = check(&Container::unseen(why));
    let verdict = match of_any.outcome {
        Outcome::NotApplicable => of_any,
        _ => Verdict::unknown(message, why.to_string(), &task.definitions),
    };
    give(&task.subject, verdict);
}
