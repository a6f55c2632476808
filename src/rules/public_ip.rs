use crate::ecs::inventory::{Inventory, Platform, Runner, Setting};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a service, task set or scheduled target gives its tasks public IP addresses.
    ///
    /// # Why it matters
    ///
    /// A task with a public IP address can be reached from the internet wherever a security group lets it. A
    /// load balancer in front, and a NAT gateway or VPC endpoints for the way out, do without one.
    ///
    /// A task in a subnet that has an internet gateway and no NAT gateway gets to its image through that address
    /// alone. So the fix is sure where every subnet is seen to have another way out, and on EC2, where the API
    /// rejects the address; anywhere else a person decides, and `fix` writes it with `--maybe-incorrect`.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = "app:1"
    ///   launch_type     = "FARGATE"
    ///   network_configuration {
    ///     subnets          = ["subnet-1"]
    ///     assign_public_ip = true
    ///   }
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:003]: tasks get public IP addresses
    ///  --> main.tf:8:24
    ///   |
    /// 8 |     assign_public_ip = true
    ///   |                        ^^^^ reachable from the internet
    ///   |
    ///   = note: in `aws_ecs_service.app`
    ///   = note: `ECS:003`, `public-ip`, is required and `deny` by default
    ///   = help: write `assign_public_ip = false`, or leave it out; images are pulled through a NAT gateway or VPC endpoints then
    /// help: give tasks no public IP address
    ///   |
    /// 8 -     assign_public_ip = true
    /// 8 +     assign_public_ip = false
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = "app:1"
    ///   launch_type     = "FARGATE"
    ///   network_configuration {
    ///     subnets          = ["subnet-1"]
    ///     assign_public_ip = false
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.2](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-2)
    /// - [Security Hub ECS.16](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-16)
    pub(super) static PUBLIC_IP = {
        id: "ECS:003",
        name: "public-ip",
        group: Group::Required,
        severity: Severity::High,
        also_known_as: &["Security Hub ECS.2", "Security Hub ECS.16", "Control Tower CT.ECS.PR.9", "Checkov CKV_AWS_333", "KICS bafe7989"],
        options: &[],
        check: Check::Runner(check),
    }
}

fn check(context: &Context<'_>, runner: &Runner) -> Verdict {
    let public = &runner.assign_public_ip;
    match &public.setting {
        Setting::Set(true) => {
            let off = match &*runner.resource_type {
                "aws_pipes_pipe" => "\"DISABLED\"",
                _ => "false",
            };
            let message = match runner.platforms.is_only(Platform::Ec2) {
                true => "tasks get public IP addresses, which the API rejects on EC2",
                false => "tasks get public IP addresses",
            };
            let fix = Fix::replace("give tasks no public IP address", &public.origin, off);
            let fix = match needs_none(context.inventory, runner) {
                true => fix,
                false => fix.maybe_incorrect(),
            };
            Verdict::fail(message, &public.origin)
                .label("reachable from the internet")
                .help(format!(
                    "write `assign_public_ip = {off}`, or leave it out; images are pulled through a NAT \
                     gateway or VPC endpoints then"
                ))
                .fix(fix)
        }
        Setting::Set(false) | Setting::Unset => {
            Verdict::pass("tasks get no public IP address", &public.origin)
        }
        Setting::Unknown(why) => Verdict::unknown(
            "whether tasks get public IP addresses is not known",
            why.to_string(),
            &public.origin,
        ),
    }
}

/// Whether tasks are known to get by without a public IP address.
fn needs_none(inventory: &Inventory, runner: &Runner) -> bool {
    let is_of = |index: &usize| std::ptr::eq(&inventory.runners[*index], runner);
    let mut vpcs = inventory
        .vpcs
        .iter()
        .filter(|vpc| vpc.runners.iter().any(is_of))
        .peekable();
    let leads_out = vpcs.peek().is_some()
        && runner.subnets_uncertain.is_none()
        && vpcs.all(|vpc| vpc.is_private);
    leads_out || runner.platforms.is_only(Platform::Ec2)
}
