use crate::ecs::inventory::{Cluster, ExecConfiguration, Field, LogGroup, Setting, Text};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Looks at clusters with an `execute_command_configuration` that logs. The *channel* of a session must be
    /// encrypted with a key of the customer's: `kms_key_id`, and not an alias of a key that AWS manages. With
    /// `OVERRIDE`, every destination of the *logs* must be encrypted too, and a log group that the configuration
    /// makes must have a key.
    ///
    /// # Why it matters
    ///
    /// A session carries whatever a person types and sees in production. With a key of your own you decide who can
    /// read it, and can take that back.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_cluster" "main" {
    ///   name = "main"
    ///   configuration {
    ///     execute_command_configuration {
    ///       logging    = "OVERRIDE"
    ///       kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    ///       log_configuration {
    ///         cloud_watch_log_group_name = "/ecs/exec"
    ///       }
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:011]: the logs of ECS Exec sessions are not encrypted in the log group
    ///  --> main.tf:7:7
    ///   |
    /// 7 |       log_configuration {
    ///   |       ^^^^^^^^^^^^^^^^^ no `cloud_watch_encryption_enabled`
    ///   |
    ///   = note: in `aws_ecs_cluster.main`
    ///   = note: `ECS:011`, `exec-without-customer-key`, is required and `deny` by default
    ///   = help: write `cloud_watch_encryption_enabled = true`
    /// help: encrypt the log group of the sessions
    ///   |
    /// 8 ~         cloud_watch_log_group_name     = "/ecs/exec"
    /// 9 +         cloud_watch_encryption_enabled = true
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_cluster" "main" {
    ///   name = "main"
    ///   configuration {
    ///     execute_command_configuration {
    ///       logging    = "OVERRIDE"
    ///       kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    ///       log_configuration {
    ///         cloud_watch_log_group_name     = "/ecs/exec"
    ///         cloud_watch_encryption_enabled = true
    ///       }
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [`ExecuteCommandConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommandConfiguration.html)
    pub(super) static EXEC_WITHOUT_CUSTOMER_KEY = {
        id: "ECS:011",
        name: "exec-without-customer-key",
        group: Group::Required,
        severity: Severity::Medium,
        also_known_as: &["Checkov CKV_AWS_224"],
        options: &[],
        check: Check::Cluster(check),
    }
}

fn check(context: &Context<'_>, cluster: &Cluster) -> Verdict {
    let message = "whether ECS Exec sessions are encrypted with a customer key is not known";
    let Some(exec) = &cluster.exec else {
        let origin = &cluster.subject.origin;
        return match &cluster.exec_uncertain {
            Some(why) => Verdict::unknown(message, why.to_string(), origin),
            None => Verdict::not_applicable("it has no `execute_command_configuration`", origin),
        };
    };
    if let Some(why) = exec.logging.partly_unknown() {
        return Verdict::unknown(message, why.to_string(), &exec.logging.origin);
    }
    if exec.logging.text() == Some("NONE") {
        let reason = "ECS Exec sessions are not logged at all";
        return Verdict::not_applicable(reason, &exec.logging.origin);
    }
    let mut legs = vec![channel(exec)];
    if exec.logging.text() == Some("OVERRIDE") {
        let made = exec
            .log_group_created
            .map(|index| &context.inventory.log_groups[index]);
        let group = (
            &exec.log_group,
            "cloud_watch_encryption_enabled",
            "the log group",
        );
        legs.extend(logs(group, &exec.log_group_encrypted));
        match (made, &context.inventory.incomplete) {
            (Some(made), _) => legs.extend(log_group(made)),
            (None, Some(why)) if exec.log_group.is_present() => {
                let origin = &exec.log_group.origin;
                legs.push(Verdict::unknown(message, why.to_string(), origin));
            }
            (None, _) => {}
        }
        let bucket = (&exec.bucket, "s3_bucket_encryption_enabled", "the bucket");
        legs.extend(logs(bucket, &exec.bucket_encrypted));
    }
    Verdict::worst(legs).unwrap_or_else(|| channel(exec))
}

/// The channel between a person and the container.
fn channel(exec: &ExecConfiguration) -> Verdict {
    let key = &exec.kms_key_id;
    let help = "set `kms_key_id` to the ARN of a KMS key of your own";
    match key.text() {
        Some(name) if name.contains("alias/aws/") => {
            let message =
                "the channel of ECS Exec sessions is encrypted with a key that AWS manages";
            Verdict::fail(message, &key.origin)
                .label("not a key of your own")
                .help(help)
        }
        Some("") => no_key(exec, help),
        None if !key.is_present() => no_key(exec, help),
        _ => Verdict::pass(
            "ECS Exec sessions are encrypted with a customer key",
            &key.origin,
        ),
    }
}

fn no_key(exec: &ExecConfiguration, help: &str) -> Verdict {
    let message = "the channel of ECS Exec sessions is not encrypted with a customer key";
    Verdict::fail(message, &exec.kms_key_id.origin)
        .label("no `kms_key_id`")
        .help(help)
}

/// One destination of the logs, where it is given.
fn logs(
    (destination, argument, what): (&Field<Text>, &str, &str),
    encrypted: &Field<bool>,
) -> Option<Verdict> {
    if matches!(destination.text(), Some("")) || !destination.is_present() {
        return None;
    }
    let title = format!("encrypt {what} of the sessions");
    let fail = || {
        Verdict::fail(
            format!("the logs of ECS Exec sessions are not encrypted in {what}"),
            &encrypted.origin,
        )
        .help(format!("write `{argument} = true`"))
    };
    Some(match &encrypted.setting {
        Setting::Set(true) => {
            let message = format!("the logs of ECS Exec sessions are encrypted in {what}");
            Verdict::pass(message, &encrypted.origin)
        }
        Setting::Set(false) => {
            fail()
                .label("not encrypted")
                .fix(Fix::replace(title, &encrypted.origin, "true"))
        }
        Setting::Unset => fail().label(format!("no `{argument}`")).fix(Fix::set(
            title,
            &encrypted.origin,
            argument,
            "true",
        )),
        Setting::Unknown(why) => Verdict::unknown(
            format!("whether the logs of ECS Exec sessions are encrypted in {what} is not known"),
            why.to_string(),
            &encrypted.origin,
        ),
    })
}

/// A log group that the configuration makes.
fn log_group(group: &LogGroup) -> Option<Verdict> {
    let key = &group.kms_key_id;
    let missing = !key.is_present() || key.text() == Some("");
    missing.then(|| {
        let message = "the log group of ECS Exec sessions has no customer key";
        Verdict::fail(message, &key.origin)
            .label("no `kms_key_id`")
            .help("set `kms_key_id` of the log group to the ARN of a KMS key of your own")
    })
}
