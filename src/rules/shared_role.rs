use crate::ecs::inventory::{Platform, Setting, TaskDefinition, Text};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a task definition uses one role both as the task execution role and as the task role.
    ///
    /// # Why it matters
    ///
    /// The execution role pulls images, reads secrets and writes logs for the agent; the task role is what the
    /// application itself may do. With one role for both, who gets into the application reads every secret that
    /// the task starts with.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family             = "app"
    ///   execution_role_arn = "arn:aws:iam::111122223333:role/app"
    ///   task_role_arn      = "arn:aws:iam::111122223333:role/app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:013]: the task role is the task execution role
    ///  --> main.tf:4:24
    ///   |
    /// 3 |   execution_role_arn = "arn:aws:iam::111122223333:role/app"
    ///   |                        ------------------------------------ the task execution role
    /// 4 |   task_role_arn      = "arn:aws:iam::111122223333:role/app"
    ///   |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the same role
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:013`, `shared-role`, is required and `deny` by default
    ///   = help: give the application a role of its own, with what it needs and no more
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family             = "app"
    ///   execution_role_arn = "arn:aws:iam::111122223333:role/app-execution"
    ///   task_role_arn      = "arn:aws:iam::111122223333:role/app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [IAM roles for ECS](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-ecs-iam-role-overview.html)
    pub(super) static SHARED_ROLE = {
        id: "ECS:013",
        name: "shared-role",
        group: Group::Required,
        severity: Severity::High,
        also_known_as: &["Checkov CKV_AWS_249"],
        options: &[],
        check: Check::TaskDefinition(check),
    }
}

fn check(_: &Context<'_>, task: &TaskDefinition) -> Verdict {
    let (execution, own) = (&task.execution_role, &task.task_role);
    let absent = |text: &Text| text.known() == Some("");
    match (&execution.setting, &own.setting) {
        (_, Setting::Unset) => Verdict::pass("there is no task role", &own.origin),
        (_, Setting::Set(text)) if absent(text) => {
            Verdict::pass("there is no task role", &own.origin)
        }
        (Setting::Unset, _) => without_execution_role(task),
        (Setting::Set(text), _) if absent(text) => without_execution_role(task),
        (Setting::Set(execution_text), Setting::Set(own_text)) => {
            match same(execution_text, own_text) {
                Some(true) => Verdict::fail(
                    "the task role is the task execution role",
                    &own.origin,
                )
                .label("the same role")
                .also(&execution.origin, "the task execution role")
                .help("give the application a role of its own, with what it needs and no more"),
                Some(false) => {
                    Verdict::pass("the task role is not the task execution role", &own.origin)
                }
                None => {
                    let why = own.partly_unknown().or_else(|| execution.partly_unknown());
                    unknown(task, why.unwrap_or_default().to_string())
                }
            }
        }
        (Setting::Unknown(why), _) | (_, Setting::Unknown(why)) => unknown(task, why.to_string()),
    }
}

fn unknown(task: &TaskDefinition, why: String) -> Verdict {
    let message = "whether the task role is the task execution role is not known";
    Verdict::unknown(message, why, &task.task_role.origin)
}

/// Whether two roles are the same, where that can be told.
fn same(left: &Text, right: &Text) -> Option<bool> {
    if left.parts == right.parts {
        return left.is_resolved().then_some(true);
    }
    match (
        left.known(),
        right.known(),
        left.reference(),
        right.reference(),
    ) {
        (Some(_), Some(_), ..) => Some(false),
        // A variable, or an output of a module that is not here, may hold any role. Two resources are
        // two roles; two attributes of one resource name one.
        (_, _, Some(left), Some(right)) => {
            let resources = !left.resource_type.is_empty() && !right.resource_type.is_empty();
            let roles = [left, right]
                .iter()
                .all(|one| &*one.resource_type == "aws_iam_role");
            match (resources, left.address == right.address) {
                (true, false) => Some(false),
                (true, true) if roles => Some(true),
                _ => None,
            }
        }
        _ => differ_at_an_end(left, right).then_some(false),
    }
}

/// Whether the known beginnings or the known ends of two texts cannot be those of one.
fn differ_at_an_end(left: &Text, right: &Text) -> bool {
    let (a, b) = (left.prefix(), right.prefix());
    let beginnings = !a.starts_with(b) && !b.starts_with(a);
    let (a, b) = (left.suffix(), right.suffix());
    beginnings || (!a.ends_with(b) && !b.ends_with(a))
}

fn without_execution_role(task: &TaskDefinition) -> Verdict {
    let verdict = Verdict::pass(
        "there is no task execution role",
        &task.execution_role.origin,
    );
    let needs = |what: &str| format!("Fargate needs a task execution role {what}");
    if !task.platforms.includes(Platform::Fargate) {
        return verdict;
    }
    let any =
        |test: &dyn Fn(&crate::ecs::inventory::Container) -> bool| task.containers.iter().any(test);
    if any(&|container| container.image_in_private_ecr == Setting::Set(true)) {
        verdict.note(needs("to pull an image from private ECR"))
    } else if any(&|container| !container.secrets.is_empty()) {
        verdict.note(needs("to read `secrets`"))
    } else if any(&|container| {
        let log = container.log.set();
        log.is_some_and(|log| log.driver.text() == Some("awslogs"))
    }) {
        verdict.note(needs("to write logs with `awslogs`"))
    } else {
        verdict
    }
}
