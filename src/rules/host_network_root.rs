use crate::ecs::inventory::{Container, Setting, TaskDefinition};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a task definition's network mode is `host` and a container of it is neither privileged nor
    /// run by a named user other than root. No `user` means root.
    ///
    /// # Why it matters
    ///
    /// With host networking a container shares the network of its host: root in the container can listen on
    /// any port, reach services that trust the host, and read what passes by. A user other than root keeps the
    /// harm small; another network mode keeps it out.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family       = "app"
    ///   network_mode = "host"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:002]: container `app` is root on its host's network
    ///  --> main.tf:4:39
    ///   |
    /// 3 |   network_mode = "host"
    ///   |                  ------ the host's network
    /// 4 |   container_definitions = jsonencode([{
    ///   |                                       ^ no `user`: it runs as root
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:002`, `host-network-root`, is required and `deny` by default
    ///   = help: write `network_mode = "awsvpc"`, or give the container a `user` other than root
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family       = "app"
    ///   network_mode = "host"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     user  = "10001"
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [AWS Config `ecs-task-definition-user-for-host-mode-check`](https://docs.aws.amazon.com/config/latest/developerguide/ecs-task-definition-user-for-host-mode-check.html)
    /// - [Task networking with the `host` network mode](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-host.html)
    pub(super) static HOST_NETWORK_ROOT = {
        id: "ECS:002",
        name: "host-network-root",
        group: Group::Required,
        severity: Severity::High,
        also_known_as: &["AWS Config ecs-task-definition-user-for-host-mode-check", "Control Tower CT.ECS.PR.8"],
        options: &[],
        check: Check::Container(check),
    }
}

fn check(_: &Context<'_>, task: &TaskDefinition, container: &Container) -> Verdict {
    let name = container.display_name();
    let mode = &task.network_mode;
    match mode.text() {
        Some("host") => {}
        Some(_) => return Verdict::not_applicable("the network mode is not `host`", &mode.origin),
        None if !mode.is_present() => {
            return Verdict::not_applicable("the network mode is not `host`", &mode.origin);
        }
        None => {
            let why = mode.unknown_text();
            let message =
                format!("whether container {name} shares its host's network is not known");
            return Verdict::unknown(message, why, &mode.origin);
        }
    }
    let user = container.runs_as_root();
    match (&container.privileged.setting, &user) {
        (Setting::Set(true), _) => {
            let message = format!("container {name} shares its host's network, and is privileged");
            return Verdict::pass(message, &container.privileged.origin);
        }
        (_, Setting::Set(false)) => {
            let message =
                format!("container {name} shares its host's network as a user of its own");
            return Verdict::pass(message, &container.user.origin);
        }
        (Setting::Unknown(why), _) | (_, Setting::Unknown(why)) => {
            let message =
                format!("whether container {name} is root on its host's network is not known");
            return Verdict::unknown(message, why.to_string(), &container.user.origin);
        }
        _ => {}
    }
    let label = match container.user.is_present() {
        true => "this is root",
        false => "no `user`: it runs as root",
    };
    Verdict::fail(
        format!("container {name} is root on its host's network"),
        &container.user.origin,
    )
    .label(label)
    .also(&mode.origin, "the host's network")
    .help("write `network_mode = \"awsvpc\"`, or give the container a `user` other than root")
}
