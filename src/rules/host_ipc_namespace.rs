use crate::ecs::inventory::{Platform, Setting, System, TaskDefinition};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a task definition's `ipc_mode` is `host`: its containers then share the host's shared memory,
    /// semaphores and message queues.
    ///
    /// # Why it matters
    ///
    /// What other tasks and the host itself keep in shared memory can be read and changed. Left out, every container
    /// has its own; `task` shares them among the containers of one task.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family                = "app"
    ///   ipc_mode              = "host"
    ///   container_definitions = jsonencode([{ name = "app", image = "app:1.0.0" }])
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:017]: tasks share the host's IPC namespace
    ///  --> main.tf:3:27
    ///   |
    /// 3 |   ipc_mode              = "host"
    ///   |                           ^^^^^^ shared memory of the host
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:017`, `host-ipc-namespace`, is recommended and `warn` by default
    ///   = help: leave `ipc_mode` out, or write `"task"`
    /// help: share IPC within the task alone
    ///   |
    /// 3 -   ipc_mode              = "host"
    /// 3 +   ipc_mode              = "task"
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family                = "app"
    ///   ipc_mode              = "task"
    ///   container_definitions = jsonencode([{ name = "app", image = "app:1.0.0" }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [`ipcMode` of a task definition](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html#ECS-RegisterTaskDefinition-request-ipcMode)
    pub(super) static HOST_IPC_NAMESPACE = {
        id: "ECS:017",
        name: "host-ipc-namespace",
        group: Group::Recommended,
        severity: Severity::High,
        also_known_as: &[],
        options: &[],
        check: Check::TaskDefinition(check),
    }
}

fn check(_: &Context<'_>, task: &TaskDefinition) -> Verdict {
    let mode = &task.ipc_mode;
    let why = match (mode.partly_unknown(), &task.system.setting) {
        (_, Setting::Set(System::Windows)) => {
            let reason = "Windows has no IPC namespaces to share";
            return Verdict::not_applicable(reason, &task.subject.origin);
        }
        (Some(why), _) => why,
        (None, _) if mode.text() != Some("host") => {
            return Verdict::pass("tasks do not share the host's IPC", &mode.origin);
        }
        (None, Setting::Unknown(why)) => why.clone(),
        (None, _) => {
            let rejected = match task.platforms.is_only(Platform::Fargate) {
                true => ", which the API rejects on Fargate",
                false => "",
            };
            let message = format!("tasks share the host's IPC namespace{rejected}");
            return Verdict::fail(message, &mode.origin)
                .label("shared memory of the host")
                .help("leave `ipc_mode` out, or write `\"task\"`")
                .fix(Fix::replace(
                    "share IPC within the task alone",
                    &mode.origin,
                    "\"task\"",
                ));
        }
    };
    let message = "whether tasks share the host's IPC namespace is not known";
    Verdict::unknown(message, why.to_string(), &mode.origin)
}
