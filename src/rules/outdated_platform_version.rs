use std::cmp::Ordering;

use crate::ecs::inventory::{Link, Platform, Runner, Setting, System};
use crate::fix::Fix;
use crate::rules::rule::{OptionDefault, RuleOption, rule};
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a service, task set or scheduled target pins Fargate to a platform version that is not the
    /// newest. Unset and `LATEST` pass. With `strict`, every pin fails.
    ///
    /// # Why it matters
    ///
    /// A platform version is the kernel and the container runtime under a task. AWS mends the newest one; an old
    /// one keeps its faults and is retired in the end.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_service" "app" {
    ///   name             = "app"
    ///   cluster          = "main"
    ///   task_definition  = "app:1"
    ///   launch_type      = "FARGATE"
    ///   platform_version = "1.3.0"
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:009]: platform version 1.3.0 is outdated
    ///  --> main.tf:6:22
    ///   |
    /// 6 |   platform_version = "1.3.0"
    ///   |                      ^^^^^^^ the newest is 1.4.0
    ///   |
    ///   = note: in `aws_ecs_service.app`
    ///   = note: `ECS:009`, `outdated-platform-version`, is required and `deny` by default
    ///   = help: leave `platform_version` out, or write `"LATEST"`
    /// help: use the newest platform version
    ///   |
    /// 6 -   platform_version = "1.3.0"
    /// 6 +   platform_version = "LATEST"
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_service" "app" {
    ///   name             = "app"
    ///   cluster          = "main"
    ///   task_definition  = "app:1"
    ///   launch_type      = "FARGATE"
    ///   platform_version = "LATEST"
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.10](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-10)
    /// - [Fargate platform versions](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html)
    pub(super) static OUTDATED_PLATFORM_VERSION = {
        id: "ECS:009",
        name: "outdated-platform-version",
        group: Group::Required,
        severity: Severity::Medium,
        also_known_as: &["Security Hub ECS.10", "AWS Config ecs-fargate-latest-platform-version", "Control Tower CT.ECS.PR.1", "Checkov CKV_AWS_332"],
        options: &[
            RuleOption {
                name: "strict",
                default: OptionDefault::Flag(false),
                doc: "whether every pinned version fails, the newest too",
            },
            RuleOption {
                name: "latest",
                default: OptionDefault::Text("1.4.0"),
                doc: "the newest platform version for Linux",
            },
            RuleOption {
                name: "latest-windows",
                default: OptionDefault::Text("1.0.0"),
                doc: "the newest platform version for Windows",
            },
        ],
        check: Check::Runner(check),
    }
}

fn check(context: &Context<'_>, runner: &Runner) -> Verdict {
    let version = &runner.platform_version;
    let undetermined = runner.platforms.undetermined.as_ref();
    if !runner.platforms.includes(Platform::Fargate) && undetermined.is_none() {
        return Verdict::not_applicable("its tasks do not run on Fargate", &runner.subject.origin);
    }
    if let Some(why) = version.partly_unknown() {
        let message = "the platform version is not known";
        return Verdict::unknown(message, why.to_string(), &version.origin);
    }
    let pinned = match version.text() {
        None | Some("") => {
            return Verdict::pass("the newest platform version is used", &version.origin);
        }
        Some(text) if text.eq_ignore_ascii_case("LATEST") => {
            return Verdict::pass("the newest platform version is used", &version.origin);
        }
        Some(text) => text,
    };
    if let Some(why) = undetermined.filter(|_| !runner.platforms.includes(Platform::Fargate)) {
        let message = "whether the pinned platform version is used is not known";
        return Verdict::unknown(message, why.to_string(), &version.origin);
    }
    let shown = version.shown();
    let fail = |message: String, label: String| {
        Verdict::fail(message, &version.origin)
            .label(label)
            .help("leave `platform_version` out, or write `\"LATEST\"`")
            .fix(Fix::replace(
                "use the newest platform version",
                &version.origin,
                "\"LATEST\"",
            ))
    };
    if context.flag("strict") {
        return fail(
            format!("platform version {shown} is pinned"),
            "pinned".to_owned(),
        );
    }
    let newest = match system(context, runner) {
        Setting::Set(System::Windows) => context.text("latest-windows"),
        Setting::Set(System::Linux) | Setting::Unset => context.text("latest"),
        Setting::Unknown(why) if pinned == context.text("latest-windows") => {
            let message = "whether the platform version is the newest is not known";
            return Verdict::unknown(message, why.to_string(), &version.origin);
        }
        Setting::Unknown(_) => context.text("latest"),
    };
    match compare(pinned, newest) {
        Some(Ordering::Less) => fail(
            format!("platform version {shown} is outdated"),
            format!("the newest is {newest}"),
        ),
        Some(_) => Verdict::pass("the newest platform version is used", &version.origin),
        None => fail(
            format!("`{shown}` is no platform version"),
            format!("the newest is {newest}"),
        ),
    }
}

/// The operating system of the tasks.
fn system(context: &Context<'_>, runner: &Runner) -> Setting<System> {
    match &runner.task_definition {
        Link::To(task) => context.inventory.task_definitions[*task]
            .system
            .setting
            .clone(),
        Link::External(why) => Setting::Unknown(why.clone()),
        Link::None => Setting::Unset,
    }
}

fn compare(left: &str, right: &str) -> Option<Ordering> {
    let numbers = |text: &str| {
        let parsed: Option<Vec<u32>> = text.split('.').map(|part| part.parse().ok()).collect();
        parsed.map(|mut numbers| {
            while numbers.last() == Some(&0) {
                numbers.pop();
            }
            numbers
        })
    };
    Some(numbers(left)?.cmp(&numbers(right)?))
}
