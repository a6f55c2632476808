use crate::ecs::inventory::{Platform, System, TaskDefinition};
use crate::fix::Fix;
use crate::rules::rule::{OptionDefault, RuleOption, rule};
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::{Outcome, Verdict};

rule! {
    /// # What it does
    ///
    /// Fails when a task definition's network mode is anything but `awsvpc`. Unset, it is `bridge`. Tasks on
    /// ECS Anywhere are not looked at. The option `allow` can admit `none`, and `host` for tasks that run on
    /// managed instances alone.
    ///
    /// # Why it matters
    ///
    /// Under `awsvpc` every task has a network interface and security groups of its own. Under every other mode
    /// tasks share those of their host, and what is open for one is open for all.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family       = "app"
    ///   network_mode = "bridge"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:015]: the network mode is `bridge`, not `awsvpc`
    ///  --> main.tf:3:18
    ///   |
    /// 3 |   network_mode = "bridge"
    ///   |                  ^^^^^^^^ tasks share the network of their host
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:015`, `not-awsvpc`, is required and `deny` by default
    ///   = help: write `network_mode = "awsvpc"`, and a `network_configuration` in each service
    /// help: give tasks a network interface of their own
    ///   |
    /// 3 -   network_mode = "bridge"
    /// 3 +   network_mode = "awsvpc"
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family       = "app"
    ///   network_mode = "awsvpc"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [AWS Config `ecs-awsvpc-networking-enabled`](https://docs.aws.amazon.com/config/latest/developerguide/ecs-awsvpc-networking-enabled.html)
    /// - [Security Hub ECS.17](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-17)
    pub(super) static NOT_AWSVPC = {
        id: "ECS:015",
        name: "not-awsvpc",
        group: Group::Required,
        severity: Severity::Medium,
        also_known_as: &["Security Hub ECS.17", "AWS Config ecs-awsvpc-networking-enabled",
            "AWS Config ecs-task-definition-network-mode-not-host", "Control Tower CT.ECS.PR.4", "KICS 9f4a9409"],
        options: &[RuleOption {
            name: "allow",
            default: OptionDefault::List,
            doc: "other network modes to admit: `none`, and `host` for managed instances",
        }],
        check: Check::TaskDefinition(check),
    }
}

fn check(context: &Context<'_>, task: &TaskDefinition) -> Verdict {
    let verdict = by_mode(context, task);
    // What is right on the platform that is known may be wrong on one that is not.
    let allowed = |mode: &str| context.list("allow").iter().any(|allowed| allowed == mode);
    let fits = match task.platforms.known.as_slice() {
        [Platform::External] => true,
        [Platform::ManagedInstances] => task.network_mode.text() == Some("host") && allowed("host"),
        _ => false,
    };
    match &task.platforms.undetermined {
        Some(why) if fits && verdict.outcome == Outcome::Fail => Verdict::unknown(
            "whether all of its tasks run where this network mode is right is not known",
            why.to_string(),
            &task.network_mode.origin,
        ),
        _ => verdict,
    }
}

fn by_mode(context: &Context<'_>, task: &TaskDefinition) -> Verdict {
    let mode = &task.network_mode;
    if task.platforms.is_only(Platform::External) {
        let reason = "tasks on ECS Anywhere have no `awsvpc` network mode";
        return Verdict::not_applicable(reason, &task.subject.origin);
    }
    if &*task.resource_type == "aws_ecs_daemon_task_definition" {
        let reason = "the tasks of a daemon have no network mode to choose";
        return Verdict::not_applicable(reason, &task.subject.origin);
    }
    if let Some(why) = mode.partly_unknown() {
        return Verdict::unknown(
            "the network mode is not known",
            why.to_string(),
            &mode.origin,
        );
    }
    let title = "give tasks a network interface of their own";
    let help = "write `network_mode = \"awsvpc\"`, and a `network_configuration` in each service";
    let shown = mode.shown();
    match mode.text() {
        Some("awsvpc") => Verdict::pass("the network mode is `awsvpc`", &mode.origin),
        Some(text) if admitted(context, task, text) => {
            let message = format!("the network mode is `{shown}`, which the configuration admits");
            Verdict::pass(message, &mode.origin)
        }
        Some(_) => Verdict::fail(
            format!("the network mode is `{shown}`, not `awsvpc`"),
            &mode.origin,
        )
        .label("tasks share the network of their host")
        .help(help)
        .fix(Fix::replace(title, &mode.origin, "\"awsvpc\"").maybe_incorrect()),
        None => {
            let default = match task.system.set() {
                Some(System::Windows) => "default",
                _ => "bridge",
            };
            let fix = Fix::set(title, &mode.origin, "network_mode", "\"awsvpc\"");
            Verdict::fail("the network mode is not `awsvpc`", &mode.origin)
                .label(format!("no `network_mode`: `{default}` is used"))
                .help(help)
                .fix(fix.maybe_incorrect())
        }
    }
}

fn admitted(context: &Context<'_>, task: &TaskDefinition, mode: &str) -> bool {
    let fits = match mode {
        "none" => true,
        "host" => task.platforms.is_only(Platform::ManagedInstances),
        _ => false,
    };
    fits && context.list("allow").iter().any(|allowed| allowed == mode)
}
