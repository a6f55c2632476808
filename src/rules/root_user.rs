use crate::ecs::inventory::{Container, Setting, System, TaskDefinition, Text};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a container does not name a user other than root: no `user`, `root` or `0` with any group; on Windows,
    /// none or `ContainerAdministrator`. Without a `user` the image decides, and an image that says nothing is root.
    /// On a host's network `ECS:002` says it, and this rule does not.
    ///
    /// # Why it matters
    ///
    /// Root in a container is root to the kernel: one hole in what keeps it in, and it is root on the host. It may also
    /// change whatever is in the image, so that an intruder stays.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     user  = "root"
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:016]: container `app` runs as root
    ///  --> main.tf:6:13
    ///   |
    /// 6 |     user  = "root"
    ///   |             ^^^^^^ this is root
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:016`, `root-user`, is recommended and `warn` by default
    ///   = help: give the container a `user` other than root
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
    ///     user  = "10001"
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.20](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-20)
    /// - [Security Hub ECS.21](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-21)
    pub(super) static ROOT_USER = {
        id: "ECS:016",
        name: "root-user",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &["Security Hub ECS.20", "Security Hub ECS.21"],
        options: &[],
        check: Check::Container(check),
    }
}

fn check(_: &Context<'_>, task: &TaskDefinition, container: &Container) -> Verdict {
    let name = container.display_name();
    let origin = &container.user.origin;
    if is_judged_on_the_network(task, container) {
        let reason = "`ECS:002` judges the user of a container on its host's network";
        return Verdict::not_applicable(reason, origin);
    }
    let (linux, windows) = (container.runs_as_root(), runs_as_administrator(container));
    let root = match &task.system.setting {
        Setting::Set(System::Windows) => windows,
        Setting::Set(System::Linux) | Setting::Unset => linux,
        Setting::Unknown(_) if linux == windows => linux,
        Setting::Unknown(why) => Setting::Unknown(why.clone()),
    };
    let (label, message) = match root {
        Setting::Set(false) => {
            let message = format!("container {name} runs as a user of its own");
            return Verdict::pass(message, origin);
        }
        Setting::Unknown(why) => {
            let message = format!("whether container {name} runs as root is not known");
            return Verdict::unknown(message, why.to_string(), origin);
        }
        _ if container.user.text().is_some_and(|user| !user.is_empty()) => {
            let label = match task.system.set() {
                Some(System::Windows) => "this is the administrator",
                _ => "this is root",
            };
            (label, format!("container {name} runs as root"))
        }
        _ => (
            "no `user`: the image decides, and most are root",
            format!("container {name} names no user to run as"),
        ),
    };
    let verdict = Verdict::fail(message, origin).label(label);
    if task.system.set() == Some(&System::Windows) {
        return verdict.help("give the container the `user` `ContainerUser`");
    }
    let verdict = verdict.help("give the container a `user` other than root");
    match container.firelens.is_present() {
        true => verdict.note("older agents of ECS start a FireLens router as root alone"),
        false => verdict,
    }
}

/// Whether `ECS:002` fails, or cannot tell, because of the user.
fn is_judged_on_the_network(task: &TaskDefinition, container: &Container) -> bool {
    task.network_mode.text() == Some("host")
        && container.privileged.set() != Some(&true)
        && container.runs_as_root() != Setting::Set(false)
}

fn runs_as_administrator(container: &Container) -> Setting<bool> {
    let user: &Text = match &container.user.setting {
        Setting::Unset => return Setting::Set(true),
        Setting::Unknown(why) => return Setting::Unknown(why.clone()),
        Setting::Set(user) => user,
    };
    match (user.known(), user.unknown_part()) {
        (_, Some(why)) => Setting::Unknown(why.clone()),
        (user, None) => {
            let user = user.unwrap_or_default();
            Setting::Set(user.is_empty() || user.eq_ignore_ascii_case("ContainerAdministrator"))
        }
    }
}
