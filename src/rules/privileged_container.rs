use crate::ecs::inventory::{Container, Platform, Setting, System, TaskDefinition};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a container definition sets `privileged`.
    ///
    /// # Why it matters
    ///
    /// A privileged container has every capability of the host that it runs on: who gets into the
    /// container has the host, and with it every other task there.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name       = "app"
    ///     image      = "app:1.0.0"
    ///     privileged = true
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:004]: container `app` is privileged
    ///  --> main.tf:6:18
    ///   |
    /// 6 |     privileged = true
    ///   |                  ^^^^ every capability of the host
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:004`, `privileged-container`, is required and `deny` by default
    ///   = help: write `privileged = false`, or leave it out
    /// help: make the container unprivileged
    ///   |
    /// 6 -     privileged = true
    /// 6 +     privileged = false
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name       = "app"
    ///     image      = "app:1.0.0"
    ///     privileged = false
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.4](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-4)
    pub(super) static PRIVILEGED_CONTAINER = {
        id: "ECS:004",
        name: "privileged-container",
        group: Group::Required,
        severity: Severity::High,
        also_known_as: &["Security Hub ECS.4", "AWS Config ecs-containers-nonprivileged", "Control Tower CT.ECS.PR.11", "Checkov CKV_AWS_334"],
        options: &[],
        check: Check::Container(check),
    }
}

fn check(_: &Context<'_>, task: &TaskDefinition, container: &Container) -> Verdict {
    let privileged = &container.privileged;
    let name = container.display_name();
    match &privileged.setting {
        Setting::Set(true) => {
            let rejected = if task.platforms.is_only(Platform::Fargate) {
                ", which the API rejects on Fargate"
            } else if task.system.set() == Some(&System::Windows) {
                ", which the API rejects on Windows"
            } else {
                ""
            };
            let title = "make the container unprivileged";
            Verdict::fail(
                format!("container {name} is privileged{rejected}"),
                &privileged.origin,
            )
            .label("every capability of the host")
            .help("write `privileged = false`, or leave it out")
            .fix(Fix::replace(title, &privileged.origin, "false"))
        }
        Setting::Set(false) | Setting::Unset => Verdict::pass(
            format!("container {name} is not privileged"),
            &privileged.origin,
        ),
        Setting::Unknown(why) => Verdict::unknown(
            format!("whether container {name} is privileged is not known"),
            why.to_string(),
            &privileged.origin,
        ),
    }
}
