use crate::ecs::inventory::{Container, Setting, TaskDefinition};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a container logs with `awslogs` and neither its `mode` nor an `aws_ecs_account_setting_default` for
    /// `defaultLogDriverMode` says what happens when the log cannot be written.
    ///
    /// # Why it matters
    ///
    /// `blocking` halts the container while the log cannot be written; `non-blocking` drops what does not fit a buffer of
    /// one megabyte, unless `max-buffer-size` says otherwise. Which of the two an account does by itself changed in June
    /// 2025: a service that nobody touched may lose lines that it did not lose before.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     logConfiguration = {
    ///       logDriver = "awslogs"
    ///       options = {
    ///         awslogs-group  = "/ecs/app"
    ///         awslogs-region = "eu-west-1"
    ///       }
    ///     }
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:031]: container `app` leaves open what happens to a log that is stuck
    ///   --> main.tf:8:17
    ///    |
    ///  8 |       options = {
    ///    |                 ^ no `mode`: the account's default
    ///    |
    ///    = note: in `aws_ecs_task_definition.app`
    ///    = note: `ECS:031`, `default-log-mode`, is recommended and `warn` by default
    ///    = help: write `mode = "non-blocking"` with a `max-buffer-size`, or `mode = "blocking"`
    /// help: write what the default is today
    ///    |
    /// 10 ~         awslogs-region = "eu-west-1"
    /// 11 +         mode           = "non-blocking"
    ///    |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     logConfiguration = {
    ///       logDriver = "awslogs"
    ///       options = {
    ///         awslogs-group  = "/ecs/app"
    ///         awslogs-region = "eu-west-1"
    ///         mode           = "non-blocking"
    ///       }
    ///     }
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [`mode` of `LogConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html)
    /// - [Default log driver mode](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#default-log-driver-mode)
    pub(super) static DEFAULT_LOG_MODE = {
        id: "ECS:031",
        name: "default-log-mode",
        group: Group::Recommended,
        severity: Severity::Low,
        also_known_as: &[],
        options: &[],
        check: Check::Container(check),
    }
}

fn check(context: &Context<'_>, task: &TaskDefinition, container: &Container) -> Verdict {
    let name = container.display_name();
    let unknown = |why: String| {
        let message = format!(
            "whether container {name} says what happens to a log that is stuck is not known"
        );
        Verdict::unknown(message, why, &container.log.origin)
    };
    match container.uses_awslogs() {
        Setting::Set(true) => {}
        Setting::Unknown(why) => return unknown(why.to_string()),
        _ => {
            let reason = "it does not log with `awslogs`";
            return Verdict::not_applicable(reason, &container.log.origin);
        }
    }
    let Some(log) = container.log.set() else {
        return Verdict::not_applicable("it does not log", &container.log.origin);
    };
    let mode = log.options.iter().find(|(name, _)| &**name == "mode");
    if let Some((_, mode)) = mode.filter(|(_, mode)| mode.is_present()) {
        let message = format!("container {name} says what happens to a log that is stuck");
        return Verdict::pass(message, &mode.origin);
    }
    if let Some(why) = &log.options_uncertain {
        return unknown(why.to_string());
    }
    let inventory = context.inventory;
    let settings = inventory.log_mode_settings.iter();
    for setting in settings {
        let elsewhere = match setting.is_for(&task.provider, &task.region) {
            Setting::Set(false) | Setting::Unset => continue,
            Setting::Set(true) => None,
            Setting::Unknown(why) => Some(why),
        };
        let why = setting.subject.maybe.clone().or(elsewhere);
        match why.or_else(|| setting.value.unknown().cloned()) {
            Some(why) => return unknown(why.to_string()),
            None => {
                let message = format!("the account says what happens to a stuck log of {name}");
                return Verdict::pass(message, &setting.value.origin);
            }
        }
    }
    if let Some(why) = &inventory.incomplete {
        return unknown(why.to_string());
    }
    let message = format!("container {name} leaves open what happens to a log that is stuck");
    let verdict = Verdict::fail(message, &log.options_origin)
        .label("no `mode`: the account's default")
        .help("write `mode = \"non-blocking\"` with a `max-buffer-size`, or `mode = \"blocking\"`");
    // Without options there is nothing that logs, which another rule says.
    match log.options_origin.is_written() {
        true => verdict.fix(
            Fix::insert(
                "write what the default is today",
                &log.options_origin,
                "mode",
                "\"non-blocking\"",
            )
            .maybe_incorrect(),
        ),
        false => verdict,
    }
}
