use crate::ecs::inventory::{CapacityProvider, Setting};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a capacity provider of an Auto Scaling group does not have `managed_termination_protection` enabled.
    ///
    /// # Why it matters
    ///
    /// When the group shrinks, it ends any instance, whatever runs on it. With the protection it only ends instances
    /// without tasks. It needs managed scaling, and an Auto Scaling group with `protect_from_scale_in`.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_capacity_provider" "app" {
    ///   name = "app"
    ///
    ///   auto_scaling_group_provider {
    ///     auto_scaling_group_arn         = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/app"
    ///     managed_termination_protection = "DISABLED"
    ///   }
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:032]: instances with tasks are not protected when their group shrinks
    ///  --> main.tf:6:38
    ///   |
    /// 6 |     managed_termination_protection = "DISABLED"
    ///   |                                      ^^^^^^^^^^ not protected
    ///   |
    ///   = note: in `aws_ecs_capacity_provider.app`
    ///   = note: `ECS:032`, `unprotected-capacity-provider`, is recommended and `warn` by default
    ///   = help: write `managed_termination_protection = "ENABLED"`, with managed scaling, and with `protect_from_scale_in` on the Auto Scaling group
    /// help: protect instances with tasks
    ///   |
    /// 6 -     managed_termination_protection = "DISABLED"
    /// 6 +     managed_termination_protection = "ENABLED"
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_capacity_provider" "app" {
    ///   name = "app"
    ///
    ///   auto_scaling_group_provider {
    ///     auto_scaling_group_arn         = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/app"
    ///     managed_termination_protection = "ENABLED"
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.19](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-19)
    /// - [Managed termination protection](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-termination-protection.html)
    pub(super) static UNPROTECTED_CAPACITY_PROVIDER = {
        id: "ECS:032",
        name: "unprotected-capacity-provider",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &["Security Hub ECS.19"],
        options: &[],
        check: Check::CapacityProvider(check),
    }
}

fn check(_: &Context<'_>, provider: &CapacityProvider) -> Verdict {
    let protection = &provider.termination_protection;
    let unknown = |why: String| {
        let message = "whether instances with tasks are protected is not known";
        Verdict::unknown(message, why, &protection.origin)
    };
    match &provider.auto_scaling_group.setting {
        Setting::Set(_) => {}
        Setting::Unknown(why) => return unknown(why.to_string()),
        Setting::Unset => {
            let reason = "it has no Auto Scaling group";
            return Verdict::not_applicable(reason, &provider.subject.origin);
        }
    }
    if let Some(why) = protection.partly_unknown() {
        return unknown(why.to_string());
    }
    if protection.text() == Some("ENABLED") {
        return Verdict::pass("instances with tasks are protected", &protection.origin);
    }
    let title = "protect instances with tasks";
    let (label, fix) = match protection.is_present() {
        true => (
            "not protected",
            Fix::replace(title, &protection.origin, "\"ENABLED\""),
        ),
        false => (
            "no `managed_termination_protection`",
            Fix::set(
                title,
                &protection.origin,
                "managed_termination_protection",
                "\"ENABLED\"",
            ),
        ),
    };
    // ECS refuses the protection of instances that their group does not protect.
    let verdict = Verdict::fail(
        "instances with tasks are not protected when their group shrinks",
        &protection.origin,
    )
    .label(label)
    .help(
        "write `managed_termination_protection = \"ENABLED\"`, with managed scaling, and with \
         `protect_from_scale_in` on the Auto Scaling group",
    )
    .fix(fix.maybe_incorrect());
    match provider.managed_scaling.text() {
        Some("DISABLED") => verdict.also(
            &provider.managed_scaling.origin,
            "the protection needs managed scaling",
        ),
        _ => verdict,
    }
}
