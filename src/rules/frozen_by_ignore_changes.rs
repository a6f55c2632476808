use crate::ecs::inventory::Lifecycle;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when `lifecycle.ignore_changes` of a task definition or a service names something that decides how its tasks
    /// run and that a rule reads: `container_definitions` and nearly all other arguments of a task definition, the
    /// `task_definition`, the network, the launch type, the platform version or ECS Exec of a service, or `all`.
    /// `desired_count`, tags and the like may well be ignored.
    ///
    /// # Why it matters
    ///
    /// What Terraform is told to leave alone is what was there when it was made, or what somebody else has put there since.
    /// The configuration then says one thing, which every audit of it believes, and another one runs. A change that mends a
    /// fault is not applied, and nobody is told.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   task_definition = "app:1"
    ///
    ///   lifecycle {
    ///     ignore_changes = [desired_count, task_definition]
    ///   }
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:029]: changes of `task_definition` are ignored
    ///  --> main.tf:6:38
    ///   |
    /// 6 |     ignore_changes = [desired_count, task_definition]
    ///   |                                      ^^^^^^^^^^^^^^^ what is written may not be what runs
    ///   |
    ///   = note: in `aws_ecs_service.app`
    ///   = note: `ECS:029`, `frozen-by-ignore-changes`, is recommended and `warn` by default
    ///   = help: let Terraform deploy: write the image's tag in a variable and set that at release; where something else deploys, audit what it deploys
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   task_definition = "app:1"
    ///
    ///   lifecycle {
    ///     ignore_changes = [desired_count]
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [ignore_changes](https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes)
    /// - [`track_latest` of a task definition](https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_task_definition#track_latest)
    pub(super) static FROZEN_BY_IGNORE_CHANGES = {
        id: "ECS:029",
        name: "frozen-by-ignore-changes",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &[],
        options: &[],
        check: Check::Lifecycle(check),
    }
}

/// What the rules read of a task definition.
const OF_TASK_DEFINITIONS: [&str; 13] = [
    "container_definitions",
    "cpu",
    "enable_fault_injection",
    "execution_role_arn",
    "family",
    "ipc_mode",
    "memory",
    "network_mode",
    "pid_mode",
    "requires_compatibilities",
    "runtime_platform",
    "task_role_arn",
    "volume",
];

/// What the rules read of a service; a path is read where it begins with one of these, or one of these with it.
const OF_SERVICES: [&str; 15] = [
    "alarms",
    "capacity_provider_strategy",
    "cluster",
    "deployment_circuit_breaker",
    "deployment_controller",
    "enable_execute_command",
    "launch_type",
    "load_balancer",
    "network_configuration.assign_public_ip",
    "network_configuration.subnets",
    "platform_version",
    "scheduling_strategy",
    "service_connect_configuration",
    "service_registries",
    "task_definition",
];

/// How many attributes are named.
const SHOWN: usize = 5;

fn check(_: &Context<'_>, lifecycle: &Lifecycle) -> Verdict {
    let origin = &lifecycle.subject.origin;
    let read = match &*lifecycle.resource_type {
        "aws_ecs_service" => &OF_SERVICES[..],
        _ => &OF_TASK_DEFINITIONS[..],
    };
    let mut ignored = lifecycle
        .ignored
        .iter()
        .filter(|ignored| covers(&ignored.path, read));
    let Some(first) = ignored.next() else {
        if let Some(why) = &lifecycle.uncertain {
            let message = "which of its changes are ignored is not known";
            return Verdict::unknown(message, why.to_string(), origin);
        }
        return Verdict::pass("no change of what the rules read is ignored", origin);
    };
    let mut names = vec![named(&first.path)];
    let mut verdict =
        Verdict::fail("", &first.origin).label("what is written may not be what runs");
    for other in ignored.by_ref().take(SHOWN - 1) {
        names.push(named(&other.path));
        verdict = verdict.also(&other.origin, "nor here");
    }
    let more = match ignored.count() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    verdict.message = format!("changes of {}{more} are ignored", names.join(", "));
    let help = if names.iter().any(|name| name == "`task_definition`") {
        "let Terraform deploy: write the image's tag in a variable and set that at release; where something else \
         deploys, audit what it deploys"
    } else {
        "take it out of `ignore_changes`"
    };
    verdict.help(help)
}

fn named(path: &str) -> String {
    match path {
        "all" => "everything".to_owned(),
        path => format!("`{path}`"),
    }
}

/// Whether something that is read is ignored with a path.
fn covers(path: &str, read: &[&str]) -> bool {
    let mut plain = String::new();
    let mut in_brackets = false;
    for c in path.chars() {
        match c {
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            _ if in_brackets => {}
            c => plain.push(c),
        }
    }
    let within = |inner: &str, outer: &str| {
        inner
            .strip_prefix(outer)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    plain == "all"
        || read
            .iter()
            .any(|read| within(&plain, read) || within(read, &plain))
}
