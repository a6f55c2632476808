use super::definition::{Finding, Look, container};
use super::task_size;
use crate::ecs::inventory::{Container, Setting, TaskDefinition};
use crate::fix::{Applicability, Fix};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a container definition is not what the API of ECS takes:
    ///
    /// - text that is not JSON, a key that the API does not have, a value of a wrong type, a repeated key
    /// - no name, no image, no essential container, a name twice
    /// - a `valueFrom` that is neither an ARN nor a parameter's name
    /// - ports, mounts, dependencies, limits and health checks that cannot work
    /// - sizes that Fargate does not offer, or that the task cannot hold
    ///
    /// Keys are compared without regard to case, as the provider does.
    ///
    /// # Why it matters
    ///
    /// The provider drops a key that it does not know without a word: with `readonlyRootFileSytem = true` the root
    /// filesystem stays writable, and nobody is told. The rest is found by the API, once half of the plan is applied.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   memory = 512
    ///   container_definitions = jsonencode([{
    ///     name                  = "app"
    ///     image                 = "app:1.0.0"
    ///     readonlyRootFileSytem = true
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:030]: container `app` is not valid: `readonlyRootFileSytem` is no key of the API, and the provider drops it (did you mean `readonlyRootFilesystem`?)
    ///  --> main.tf:7:5
    ///   |
    /// 7 |     readonlyRootFileSytem = true
    ///   |     ^^^^^^^^^^^^^^^^^^^^^ dropped without a word
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:030`, `invalid-container-definition`, is recommended and `warn` by default
    /// help: write `readonlyRootFilesystem`
    ///   |
    /// 5 ~     name                   = "app"
    /// 6 ~     image                  = "app:1.0.0"
    /// 7 ~     readonlyRootFilesystem = true
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   memory = 512
    ///   container_definitions = jsonencode([{
    ///     name                   = "app"
    ///     image                  = "app:1.0.0"
    ///     readonlyRootFilesystem = true
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [`ContainerDefinition`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html)
    /// - [Task sizes of Fargate](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html)
    pub(super) static INVALID_CONTAINER_DEFINITION = {
        id: "ECS:030",
        name: "invalid-container-definition",
        group: Group::Recommended,
        severity: Severity::High,
        also_known_as: &[],
        options: &[],
        check: Check::Definition(check),
    }
}

/// How many faults a message names.
const NAMED: usize = 4;

/// How many faults are pointed at.
const SHOWN: usize = 8;

fn check(_: &Context<'_>, task: &TaskDefinition, container: Option<&Container>) -> Option<Verdict> {
    match container {
        Some(container) => Some(of_container(task, container)),
        None => of_task(task),
    }
}

fn of_container(task: &TaskDefinition, one: &Container) -> Verdict {
    let name = one.display_name();
    let mut look = Look::default();
    container(&mut look, task, one);
    if let Some(verdict) = told(&look, &format!("container {name}")) {
        return verdict;
    }
    match look.unknown {
        Some((what, why, origin)) => {
            let message = format!("of container {name} not all that decides is known: {what}");
            Verdict::unknown(message, why.to_string(), &origin)
        }
        None => {
            let message = format!("container {name} is what the API takes");
            Verdict::pass(message, &one.subject.origin)
        }
    }
}

/// What is to be said of the task definition as a whole; nothing where it is well.
fn of_task(task: &TaskDefinition) -> Option<Verdict> {
    let mut look = Look::default();
    if let Some(invalid) = &task.invalid {
        let what = format!(
            "`container_definitions` cannot be read: {}",
            invalid.message
        );
        look.fault(what, invalid.message.clone(), &invalid.origin);
    } else if task.containers_uncertain.is_none() {
        containers(&mut look, task);
    }
    task_size::look(&mut look, task);
    let address = format!("task definition `{}`", task.subject.address);
    if let Some(verdict) = told(&look, &address) {
        return Some(verdict);
    }
    if let Some(why) = &task.containers_uncertain {
        let message = match task.containers.is_empty() {
            true => "the container definitions are not known",
            false => "some container definitions are not known",
        };
        return Some(Verdict::unknown(
            message,
            why.to_string(),
            &task.definitions,
        ));
    }
    look.unknown.map(|(what, why, origin)| {
        let message = format!("of {address} not all that decides is known: {what}");
        Verdict::unknown(message, why.to_string(), &origin)
    })
}

/// Looks at how many containers there are, and whether the task lives with one of them.
fn containers(look: &mut Look, task: &TaskDefinition) {
    const MOST: usize = 10;
    match task.containers.len() {
        0 => look.fault("it has no container", "no container", &task.definitions),
        count if count > MOST => {
            let what = format!("it has {count} containers, and {MOST} is the most");
            look.fault(what, "too many containers", &task.definitions);
        }
        _ => {}
    }
    let essential = task
        .containers
        .iter()
        .map(|one| (&one.essential.setting, &one.essential.origin));
    let mut unknown = None;
    for (setting, origin) in essential {
        match setting {
            Setting::Set(false) => {}
            Setting::Unset | Setting::Set(true) => return,
            Setting::Unknown(why) => unknown = Some((why, origin)),
        }
    }
    match unknown {
        // What a container may have beside, and a value of a wrong type, are told of the container.
        Some(_) if task.containers.iter().any(is_told) => {}
        Some((why, origin)) => look.unknown("whether a container is essential", why, origin),
        None if task.containers.is_empty() => {}
        None => look.fault(
            "no container of it is essential",
            "none is essential",
            &task.definitions,
        ),
    }
}

fn is_told(container: &Container) -> bool {
    !container.schema_faults.is_empty() || container.keys_uncertain.is_some()
}

/// The verdict on what was found, where something was.
fn told(look: &Look, subject: &str) -> Option<Verdict> {
    let first = look.faults.first()?;
    let more = look.faults.len().saturating_sub(NAMED);
    let mut named: Vec<_> = look
        .faults
        .iter()
        .take(NAMED)
        .map(|fault| fault.what.clone())
        .collect();
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    let mut verdict = Verdict::fail(
        format!("{subject} is not valid: {}", named.join("; ")),
        &first.origin,
    )
    .label(first.label.clone());
    for fault in look.faults.iter().skip(1).take(SHOWN - 1) {
        verdict = verdict.also(&fault.origin, fault.label.clone());
    }
    for fault in look.faults.iter().take(SHOWN) {
        if fault.is_secret {
            verdict = verdict.secret(&fault.origin);
        }
        if let Some(help) = fault.help.as_ref().filter(|_| verdict.help.is_none()) {
            verdict = verdict.help(help.clone());
        }
    }
    match renamed(&look.faults) {
        Some(fix) => Some(verdict.fix(fix)),
        None => Some(verdict),
    }
}

/// Mends a definition in which keys are misspelt and nothing else is wrong.
fn renamed(faults: &[Finding]) -> Option<Fix> {
    let mut renames = faults
        .iter()
        .map(|fault| fault.rename.as_ref().map(|rename| (rename, &fault.origin)));
    let ((key, is_sure), origin) = renames.next()??;
    let mut fix = Fix::rename(format!("write `{key}`"), origin, *key);
    if !is_sure {
        fix = fix.maybe_incorrect();
    }
    for rename in renames {
        let ((key, is_sure), origin) = rename?;
        fix.title = "write the keys that were meant".to_owned();
        fix.edits.extend(Fix::rename("", origin, *key).edits);
        if !is_sure {
            fix.applicability = Applicability::MaybeIncorrect;
        }
    }
    Some(fix)
}
