use crate::ecs::inventory::{Container, Form, Setting, System, TaskDefinition};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a container does not set `readonlyRootFilesystem`, or sets it to false. Containers on
    /// Windows have no such setting.
    ///
    /// # Why it matters
    ///
    /// Who breaks into a container with a read-only root filesystem can change neither its program nor its
    /// configuration, and cannot leave tools behind. What must be written goes to a volume.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:006]: container `app` can write to its root filesystem
    ///  --> main.tf:3:39
    ///   |
    /// 3 |   container_definitions = jsonencode([{
    ///   |                                       ^ no `readonlyRootFilesystem`
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:006`, `writable-root-filesystem`, is required and `deny` by default
    ///   = help: write `readonlyRootFilesystem = true`, and mount volumes where the container has to write
    /// help: make the root filesystem read-only
    ///   |
    /// 4 ~     name                   = "app"
    /// 5 ~     image                  = "app:1.0.0"
    /// 6 +     readonlyRootFilesystem = true
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name                   = "app"
    ///     image                  = "app:1.0.0"
    ///     readonlyRootFilesystem = true
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.5](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-5)
    /// - [ECS Exec and read-only root filesystems](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-considerations)
    pub(super) static WRITABLE_ROOT_FILESYSTEM = {
        id: "ECS:006",
        name: "writable-root-filesystem",
        group: Group::Required,
        severity: Severity::High,
        also_known_as: &["Security Hub ECS.5", "AWS Config ecs-containers-readonly-access", "Control Tower CT.ECS.PR.6", "Checkov CKV_AWS_336"],
        options: &[],
        check: Check::Container(check),
    }
}

fn check(context: &Context<'_>, task: &TaskDefinition, container: &Container) -> Verdict {
    let name = container.display_name();
    let read_only = &container.read_only_root;
    let undecided = |why: String| {
        let message =
            format!("whether container {name} can write to its root filesystem is not known");
        Verdict::unknown(message, why, &read_only.origin)
    };
    let title = "make the root filesystem read-only";
    let verdict = match (&read_only.setting, &task.system.setting) {
        (_, Setting::Set(System::Windows)) => {
            return Verdict::not_applicable(
                "Windows has no read-only root filesystem",
                &container.subject.origin,
            );
        }
        (Setting::Set(true), _) => {
            let message = format!("container {name} cannot write to its root filesystem");
            Verdict::pass(message, &read_only.origin)
        }
        (Setting::Unknown(why), _) | (_, Setting::Unknown(why)) => {
            return undecided(why.to_string());
        }
        (Setting::Set(false), _) => fail(container).label("not read-only").fix(Fix::replace(
            title,
            &read_only.origin,
            "true",
        )),
        (Setting::Unset, _) if container.form == Form::Express => fail(container)
            .label("an Express gateway service cannot set it")
            .help("run the container in an `aws_ecs_service` of its own"),
        (Setting::Unset, _) => {
            let argument = container.form.name("readonlyRootFilesystem");
            fail(container).label(format!("no `{argument}`")).fix(
                Fix::set(title, &read_only.origin, argument, "true").beside(&container.name.origin),
            )
        }
    };
    let mut runners = task
        .runners
        .iter()
        .map(|&runner| &context.inventory.runners[runner]);
    let executes = runners.any(|runner| runner.enable_exec.set() == Some(&true));
    if !executes || has_room_for_the_agent(container) {
        return verdict;
    }
    // Alone, the fix would take Exec away.
    verdict.fix_is_maybe_incorrect().note(
        "a service that runs it enables ECS Exec, which does not work with a read-only root \
         filesystem unless the agent's directories (`/var/lib/amazon` and `/var/log/amazon`) are \
         writable mounts",
    )
}

/// Whether what the agent of ECS Exec writes to is mounted, and writable.
fn has_room_for_the_agent(container: &Container) -> bool {
    AGENTS_DIRECTORIES.iter().all(|directory| {
        container.mount_points.items.iter().any(|mount| {
            let path = mount.container_path.text().unwrap_or_default();
            let path = path.trim_end_matches('/');
            let is_in = |inner: &str, outer: &str| {
                inner
                    .strip_prefix(outer)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            // The agent's own directory below one of these will do.
            let below = path
                .strip_prefix(directory)
                .is_some_and(|rest| rest == "/ssm");
            !path.is_empty()
                && (is_in(directory, path) || below)
                && mount.read_only.set() != Some(&true)
        })
    })
}

/// What the agent of ECS Exec writes to.
const AGENTS_DIRECTORIES: [&str; 2] = ["/var/lib/amazon", "/var/log/amazon"];

fn fail(container: &Container) -> Verdict {
    let name = container.display_name();
    let origin = &container.read_only_root.origin;
    Verdict::fail(
        format!("container {name} can write to its root filesystem"),
        origin,
    )
    .help(format!(
        "write `{} = true`, and mount volumes where the container has to write",
        container.form.name("readonlyRootFilesystem"),
    ))
}
