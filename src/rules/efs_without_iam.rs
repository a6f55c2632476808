use crate::ecs::inventory::{EfsVolume, Field, Setting, TaskDefinition, Text, Volume};
use crate::fix::Fix;
use crate::rules::efs_volumes::of_volumes;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a volume on EFS is mounted neither with IAM authorization nor through an access point.
    ///
    /// # Why it matters
    ///
    /// Without either, whoever reaches the file system's mount target mounts all of it: a security group is all that
    /// stands between two services' files. With IAM the task role decides; an access point shows one directory, as one
    /// user.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family                = "app"
    ///   container_definitions = jsonencode([{ name = "app", image = "app:1.0.0" }])
    ///
    ///   volume {
    ///     name = "files"
    ///
    ///     efs_volume_configuration {
    ///       file_system_id     = "fs-0123456789abcdef0"
    ///       transit_encryption = "ENABLED"
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:023]: volume `files` is mounted by whoever reaches its file system
    ///   --> main.tf:8:5
    ///    |
    ///  8 |     efs_volume_configuration {
    ///    |     ^^^^^^^^^^^^^^^^^^^^^^^^ volume `files`: neither IAM nor an access point
    ///    |
    ///    = note: in `aws_ecs_task_definition.app`
    ///    = note: `ECS:023`, `efs-without-iam`, is recommended and `warn` by default
    ///    = help: write an `authorization_config` with `iam = "ENABLED"`, or with an access point
    /// help: let IAM decide who mounts volume `files`
    ///    |
    /// 10 ~       transit_encryption = "ENABLED"
    /// 11 +
    /// 12 +       authorization_config {
    /// 13 +         iam = "ENABLED"
    /// 14 +       }
    ///    |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family                = "app"
    ///   container_definitions = jsonencode([{ name = "app", image = "app:1.0.0" }])
    ///
    ///   volume {
    ///     name = "files"
    ///
    ///     efs_volume_configuration {
    ///       file_system_id     = "fs-0123456789abcdef0"
    ///       transit_encryption = "ENABLED"
    ///
    ///       authorization_config {
    ///         iam = "ENABLED"
    ///       }
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [EFS volumes of a task definition](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-efs-config.html)
    /// - [Who may mount a file system](https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html)
    pub(super) static EFS_WITHOUT_IAM = {
        id: "ECS:023",
        name: "efs-without-iam",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &[],
        options: &[],
        check: Check::TaskDefinition(check),
    }
}

fn check(_: &Context<'_>, task: &TaskDefinition) -> Verdict {
    of_volumes(task, volume)
}

fn volume(volume: &Volume) -> Option<Verdict> {
    let name = format!("`{}`", volume.name.shown());
    let Some(efs) = &volume.efs else {
        return volume.uncertain.as_ref().map(|why| {
            let message = format!("whether volume {name} is on EFS is not known");
            Verdict::unknown(message, why.to_string(), &volume.origin)
        });
    };
    let verdict = authorized(&name, efs);
    Some(match &volume.maybe {
        Some(why) => verdict.note(format!("whether volume {name} is there hangs on {why}")),
        None => verdict,
    })
}

fn authorized(name: &str, efs: &EfsVolume) -> Verdict {
    if is_given(&efs.access_point_id) == Setting::Set(true) {
        let message = format!("volume {name} is mounted through an access point");
        return Verdict::pass(message, &efs.access_point_id.origin);
    }
    if efs.iam.text() == Some("ENABLED") {
        let message = format!("IAM decides who mounts volume {name}");
        return Verdict::pass(message, &efs.iam.origin);
    }
    let point = match is_given(&efs.access_point_id) {
        Setting::Unknown(why) => Some(why),
        _ => None,
    };
    if let Some(why) = efs.iam.partly_unknown().or(point) {
        let message = format!("whether IAM decides who mounts volume {name} is not known");
        return Verdict::unknown(message, why.to_string(), &efs.iam.origin);
    }
    let verdict = Verdict::fail(
        format!("volume {name} is mounted by whoever reaches its file system"),
        &efs.iam.origin,
    )
    .label(format!("volume {name}: neither IAM nor an access point"))
    .help("write an `authorization_config` with `iam = \"ENABLED\"`, or with an access point");
    // IAM authorization without encryption in transit is refused.
    if efs.transit_encryption.text() != Some("ENABLED") {
        return verdict.note("IAM authorization needs `transit_encryption = \"ENABLED\"`");
    }
    let title = format!("let IAM decide who mounts volume {name}");
    let fix = if efs.iam.is_present() {
        Fix::replace(title, &efs.iam.origin, "\"ENABLED\"")
    } else if efs.authorization.is_written() {
        Fix::set(title, &efs.iam.origin, "iam", "\"ENABLED\"")
    } else {
        let block = "authorization_config {\n  iam = \"ENABLED\"\n}";
        Fix::insert_block(title, &efs.origin, block)
    };
    // The task role has to be allowed to mount.
    verdict.fix(fix.maybe_incorrect())
}

/// Whether an access point is written; one whose id is not known is.
fn is_given(id: &Field<Text>) -> Setting<bool> {
    match &id.setting {
        Setting::Set(text) => Setting::Set(text.known() != Some("")),
        Setting::Unset => Setting::Set(false),
        Setting::Unknown(why) => Setting::Unknown(why.clone()),
    }
}
