use crate::ecs::inventory::{Cluster, ClusterSetting, Field, Setting, Text, Why};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when nothing turns Container Insights on for a cluster: neither a `setting` of its own with the
    /// value `enabled` or `enhanced`, nor an account's default for the same provider configuration.
    ///
    /// # Why it matters
    ///
    /// Without Container Insights there are no metrics of tasks and containers, and none from before an
    /// incident once it has happened.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_cluster" "main" {
    ///   name = "main"
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:005]: nothing turns Container Insights on
    ///  --> main.tf:1:1
    ///   |
    /// 1 | resource "aws_ecs_cluster" "main" {
    ///   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no `setting` for it
    ///   |
    ///   = note: in `aws_ecs_cluster.main`
    ///   = note: `ECS:005`, `container-insights-disabled`, is required and `deny` by default
    ///   = help: write a `setting` block with the name `containerInsights` and the value `enabled`
    /// help: turn Container Insights on
    ///   |
    /// 2 ~   name = "main"
    /// 3 +
    /// 4 +   setting {
    /// 5 +     name  = "containerInsights"
    /// 6 +     value = "enabled"
    /// 7 +   }
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_cluster" "main" {
    ///   name = "main"
    ///
    ///   setting {
    ///     name  = "containerInsights"
    ///     value = "enabled"
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.12](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-12)
    /// - [Container Insights](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html)
    pub(super) static CONTAINER_INSIGHTS_DISABLED = {
        id: "ECS:005",
        name: "container-insights-disabled",
        group: Group::Required,
        severity: Severity::Medium,
        also_known_as: &["Security Hub ECS.12", "AWS Config ecs-container-insights-enabled", "Control Tower CT.ECS.PR.2", "Checkov CKV_AWS_65", "Trivy AWS-0034", "KICS 97cb0688"],
        options: &[],
        check: Check::Cluster(check),
    }
}

fn check(context: &Context<'_>, cluster: &Cluster) -> Verdict {
    let mut undecided: Option<Why> = None;
    let mut off: Option<&ClusterSetting> = None;
    for setting in &cluster.settings {
        let named = setting.name.partly_unknown();
        if named.is_none() && setting.name.text() != Some("containerInsights") {
            continue;
        }
        match named.map_or_else(|| enabled(&setting.value), Setting::Unknown) {
            Setting::Set(true) => match &setting.maybe {
                None => return Verdict::pass("Container Insights is on", &setting.value.origin),
                Some(why) => undecided = Some(why.clone()),
            },
            Setting::Set(false) | Setting::Unset => off = Some(setting),
            Setting::Unknown(why) => undecided = Some(why),
        }
    }
    if let Some(why) = undecided.or_else(|| cluster.settings_uncertain.clone()) {
        return unknown(cluster, &why);
    }
    if let Some(setting) = off {
        return Verdict::fail("Container Insights is off", &setting.value.origin)
            .label("no metrics of tasks and containers")
            .help("write `value = \"enabled\"`, or `\"enhanced\"`")
            .fix(Fix::replace(
                "turn Container Insights on",
                &setting.value.origin,
                "\"enabled\"",
            ));
    }
    for setting in &context.inventory.insights_settings {
        let elsewhere = match setting.is_for(&cluster.provider, &cluster.region) {
            Setting::Set(false) | Setting::Unset => continue,
            Setting::Set(true) => None,
            Setting::Unknown(why) => Some(why),
        };
        let maybe = setting.subject.maybe.clone().or(elsewhere);
        match (enabled(&setting.value), maybe) {
            (Setting::Set(true), None) => {
                let message = "Container Insights is on by the account's default";
                return Verdict::pass(message, &setting.value.origin);
            }
            (Setting::Set(true), Some(why)) | (Setting::Unknown(why), _) => {
                return unknown(cluster, &why);
            }
            (Setting::Set(false) | Setting::Unset, _) => {}
        }
    }
    if let Some(why) = &context.inventory.incomplete {
        return unknown(cluster, why);
    }
    let block = "setting {\n  name  = \"containerInsights\"\n  value = \"enabled\"\n}";
    Verdict::fail(
        "nothing turns Container Insights on",
        &cluster.subject.origin,
    )
    .label("no `setting` for it")
    .help("write a `setting` block with the name `containerInsights` and the value `enabled`")
    .fix(Fix::insert_block(
        "turn Container Insights on",
        &cluster.subject.origin,
        block,
    ))
}

fn unknown(cluster: &Cluster, why: &Why) -> Verdict {
    let message = "whether Container Insights is on is not known";
    Verdict::unknown(message, why.to_string(), &cluster.subject.origin)
}

fn enabled(value: &Field<Text>) -> Setting<bool> {
    match (value.text(), value.partly_unknown()) {
        (_, Some(why)) => Setting::Unknown(why),
        (text, None) => Setting::Set(matches!(text, Some("enabled" | "enhanced"))),
    }
}
