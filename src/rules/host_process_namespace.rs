use crate::ecs::inventory::{Setting, System, TaskDefinition};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a task definition's `pid_mode` is `host`. Unset, each container has a process namespace of
    /// its own; `task` shares one among the containers of the task alone.
    ///
    /// # Why it matters
    ///
    /// In the host's process namespace a container sees every process of the host, reads their environment,
    /// and can signal and trace those of its user.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family   = "app"
    ///   pid_mode = "host"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:007]: tasks share the host's process namespace
    ///  --> main.tf:3:14
    ///   |
    /// 3 |   pid_mode = "host"
    ///   |              ^^^^^^ every process of the host
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:007`, `host-process-namespace`, is required and `deny` by default
    ///   = help: leave `pid_mode` out, or write `"task"`
    /// help: share processes within the task alone
    ///   |
    /// 3 -   pid_mode = "host"
    /// 3 +   pid_mode = "task"
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family   = "app"
    ///   pid_mode = "task"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.3](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-3)
    pub(super) static HOST_PROCESS_NAMESPACE = {
        id: "ECS:007",
        name: "host-process-namespace",
        group: Group::Required,
        severity: Severity::High,
        also_known_as: &["Security Hub ECS.3", "AWS Config ecs-task-definition-pid-mode-check", "Control Tower CT.ECS.PR.10", "Checkov CKV_AWS_335"],
        options: &[],
        check: Check::TaskDefinition(check),
    }
}

fn check(_: &Context<'_>, task: &TaskDefinition) -> Verdict {
    let mode = &task.pid_mode;
    let why = match (mode.partly_unknown(), &task.system.setting) {
        (_, Setting::Set(System::Windows)) => {
            let reason = "Windows has no process namespaces to share";
            return Verdict::not_applicable(reason, &task.subject.origin);
        }
        (Some(why), _) => why,
        (None, _) if mode.text() != Some("host") => {
            return Verdict::pass("tasks do not share the host's processes", &mode.origin);
        }
        (None, Setting::Unknown(why)) => why.clone(),
        (None, _) => {
            return Verdict::fail("tasks share the host's process namespace", &mode.origin)
                .label("every process of the host")
                .help("leave `pid_mode` out, or write `\"task\"`")
                .fix(Fix::replace(
                    "share processes within the task alone",
                    &mode.origin,
                    "\"task\"",
                ));
        }
    };
    let message = "whether tasks share the host's process namespace is not known";
    Verdict::unknown(message, why.to_string(), &mode.origin)
}
