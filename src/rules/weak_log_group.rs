use crate::ecs::inventory::{Inventory, LogGroup, Setting};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::unscanned_repository::helps;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a log group of the configuration that a container writes to has no retention, or no `kms_key_id`. Of
    /// the key of a log group that holds the sessions of ECS Exec, too, `ECS:011` alone tells.
    ///
    /// # Why it matters
    ///
    /// Logs hold more than one thinks: names, addresses, tokens in an error's text. What is kept for ever is lost one day,
    /// and paid for until then. With a key of one's own, who may read the logs is decided twice, and every use is logged.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_cloudwatch_log_group" "app" {
    ///   name       = "/ecs/app"
    ///   kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/logs"
    /// }
    ///
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     logConfiguration = {
    ///       logDriver = "awslogs"
    ///       options = {
    ///         awslogs-group  = aws_cloudwatch_log_group.app.name
    ///         awslogs-region = "eu-west-1"
    ///       }
    ///     }
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:026]: log group `/ecs/app` keeps its logs for ever
    ///  --> main.tf:1:1
    ///   |
    /// 1 | resource "aws_cloudwatch_log_group" "app" {
    ///   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no `retention_in_days`
    ///   |
    ///   = note: in `aws_cloudwatch_log_group.app`
    ///   = note: `ECS:026`, `weak-log-group`, is recommended and `warn` by default
    ///   = help: write `retention_in_days`, with as many days as somebody will look back
    /// help: keep the logs for a year
    ///   |
    /// 2 ~   name              = "/ecs/app"
    /// 3 ~   kms_key_id        = "arn:aws:kms:eu-west-1:111122223333:key/logs"
    /// 4 +   retention_in_days = 365
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_cloudwatch_log_group" "app" {
    ///   name              = "/ecs/app"
    ///   kms_key_id        = "arn:aws:kms:eu-west-1:111122223333:key/logs"
    ///   retention_in_days = 365
    /// }
    ///
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     logConfiguration = {
    ///       logDriver = "awslogs"
    ///       options = {
    ///         awslogs-group  = aws_cloudwatch_log_group.app.name
    ///         awslogs-region = "eu-west-1"
    ///       }
    ///     }
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Encrypt log data in CloudWatch Logs](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html)
    /// - [Security Hub CloudWatch.16](https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-16)
    pub(super) static WEAK_LOG_GROUP = {
        id: "ECS:026",
        name: "weak-log-group",
        group: Group::Recommended,
        severity: Severity::Low,
        also_known_as: &["Checkov CKV_AWS_66", "Checkov CKV_AWS_158", "Trivy AWS-0017"],
        options: &[],
        check: Check::LogGroup(check),
    }
}

fn check(context: &Context<'_>, group: &LogGroup) -> Verdict {
    let name = match group.name.text() {
        Some(name) if group.name.shown() == name => format!("`{name}`"),
        _ => format!("`{}`", group.subject.address),
    };
    let mut legs = vec![retention(&name, group)];
    // Of the key of a group that ECS Exec writes to, `ECS:011` tells.
    if !is_of_exec(context.inventory, group) {
        legs.push(key(&name, group));
    }
    let passed = || {
        Verdict::pass(
            format!("log group {name} is kept well"),
            &group.subject.origin,
        )
    };
    let helps = helps(&legs);
    let mut verdict = Verdict::worst(legs).unwrap_or_else(passed);
    verdict.help = helps;
    verdict
}

/// Whether the sessions of ECS Exec are written to a log group, so that `ECS:011` judges its key.
fn is_of_exec(inventory: &Inventory, group: &LogGroup) -> bool {
    let configurations = inventory
        .clusters
        .iter()
        .filter_map(|one| one.exec.as_ref());
    let mut groups = configurations
        .filter(|exec| exec.logging.text() == Some("OVERRIDE"))
        .filter_map(|exec| inventory.log_groups.get(exec.log_group_created?));
    groups.any(|one| one.subject.address == group.subject.address)
}

fn retention(name: &str, group: &LogGroup) -> Verdict {
    let retention = &group.retention;
    let title = "keep the logs for a year";
    let fail = || {
        Verdict::fail(
            format!("log group {name} keeps its logs for ever"),
            &retention.origin,
        )
        .help("write `retention_in_days`, with as many days as somebody will look back")
    };
    match (retention.text(), &retention.setting) {
        (Some("0"), _) => fail()
            .label("for ever")
            .fix(Fix::replace(title, &retention.origin, "365").maybe_incorrect()),
        (None, Setting::Unset) => fail().label("no `retention_in_days`").fix(
            Fix::insert(title, &group.subject.origin, "retention_in_days", "365").maybe_incorrect(),
        ),
        (None, _) => Verdict::unknown(
            format!("how long log group {name} keeps its logs is not known"),
            retention.unknown_text(),
            &retention.origin,
        ),
        (Some(_), _) => Verdict::pass(
            format!("log group {name} keeps its logs for a time"),
            &retention.origin,
        ),
    }
}

fn key(name: &str, group: &LogGroup) -> Verdict {
    let key = &group.kms_key_id;
    if key.is_present() && key.text() != Some("") {
        return Verdict::pass(format!("log group {name} has a key"), &key.origin);
    }
    Verdict::fail(format!("log group {name} has no customer key"), &key.origin)
        .label("no `kms_key_id`")
        .help("write `kms_key_id`, with the ARN of a key that CloudWatch Logs may use")
}
