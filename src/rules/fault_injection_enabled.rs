use crate::ecs::inventory::{Setting, TaskDefinition};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a task definition has `enable_fault_injection = true`.
    ///
    /// # Why it matters
    ///
    /// Every container of the task can then ask the agent to drop, delay or refuse the task's own traffic. That is meant
    /// for experiments; left on, whoever runs code in one container can cut the others off.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family                 = "app"
    ///   enable_fault_injection = true
    ///   container_definitions  = jsonencode([{ name = "app", image = "app:1.0.0" }])
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:027]: containers may inject faults into their task
    ///  --> main.tf:3:28
    ///   |
    /// 3 |   enable_fault_injection = true
    ///   |                            ^^^^ whoever is in a container can cut the task off
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:027`, `fault-injection-enabled`, is recommended and `warn` by default
    ///   = help: write `enable_fault_injection = false`, or leave it out
    /// help: take no requests for faults
    ///   |
    /// 3 -   enable_fault_injection = true
    /// 3 +   enable_fault_injection = false
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family                 = "app"
    ///   enable_fault_injection = false
    ///   container_definitions  = jsonencode([{ name = "app", image = "app:1.0.0" }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Fault injection with ECS and Fargate](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fault-injection.html)
    pub(super) static FAULT_INJECTION_ENABLED = {
        id: "ECS:027",
        name: "fault-injection-enabled",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &[],
        options: &[],
        check: Check::TaskDefinition(check),
    }
}

fn check(_: &Context<'_>, task: &TaskDefinition) -> Verdict {
    let injection = &task.fault_injection;
    match &injection.setting {
        Setting::Set(true) => Verdict::fail(
            "containers may inject faults into their task",
            &injection.origin,
        )
        .label("whoever is in a container can cut the task off")
        .help("write `enable_fault_injection = false`, or leave it out")
        .fix(Fix::replace(
            "take no requests for faults",
            &injection.origin,
            "false",
        )),
        Setting::Set(false) | Setting::Unset => {
            Verdict::pass("containers cannot inject faults", &injection.origin)
        }
        Setting::Unknown(why) => {
            let message = "whether containers may inject faults is not known";
            Verdict::unknown(message, why.to_string(), &injection.origin)
        }
    }
}
