use std::sync::Arc;

use crate::ecs::inventory::{EfsVolume, Field, TaskDefinition, Text, TextPart, Volume};
use crate::fix::Fix;
use crate::rules::efs_volumes::of_volumes;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a volume on EFS does not encrypt what goes to and from it: `transit_encryption` is `DISABLED`
    /// where nobody writes it. A docker volume that mounts an EFS host name by NFS fails as well: nothing encrypts
    /// it.
    ///
    /// # Why it matters
    ///
    /// Without encryption in transit, who can listen in the VPC reads and changes the files.
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
    ///   volume {
    ///     name = "data"
    ///     efs_volume_configuration {
    ///       file_system_id = "fs-12345678"
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:012]: volume `data` does not encrypt what is in transit to EFS
    ///   --> main.tf:9:5
    ///    |
    ///  9 |     efs_volume_configuration {
    ///    |     ^^^^^^^^^^^^^^^^^^^^^^^^ volume `data`: no `transit_encryption`: it is `DISABLED`
    ///    |
    ///    = note: in `aws_ecs_task_definition.app`
    ///    = note: `ECS:012`, `efs-unencrypted-transit`, is required and `deny` by default
    ///    = help: write `transit_encryption = "ENABLED"`
    /// help: encrypt what is in transit to volume `data`
    ///    |
    /// 10 ~       file_system_id     = "fs-12345678"
    /// 11 +       transit_encryption = "ENABLED"
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
    ///   }])
    ///   volume {
    ///     name = "data"
    ///     efs_volume_configuration {
    ///       file_system_id     = "fs-12345678"
    ///       transit_encryption = "ENABLED"
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.18](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-18)
    /// - [`EFSVolumeConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html)
    pub(super) static EFS_UNENCRYPTED_TRANSIT = {
        id: "ECS:012",
        name: "efs-unencrypted-transit",
        group: Group::Required,
        severity: Severity::High,
        also_known_as: &["Security Hub ECS.18", "AWS Config ecs-task-definition-efs-encryption-enabled", "Checkov CKV_AWS_97", "Trivy AWS-0035", "KICS 4d46ff3b"],
        options: &[],
        check: Check::TaskDefinition(check),
    }
}

fn check(_: &Context<'_>, task: &TaskDefinition) -> Verdict {
    of_volumes(task, volume)
}

fn volume(volume: &Volume) -> Option<Verdict> {
    let name = format!("`{}`", volume.name.shown());
    if let Some(efs) = &volume.efs {
        let verdict = transit(&name, efs);
        return Some(match &volume.maybe {
            Some(why) => verdict.note(format!("whether volume {name} is there hangs on {why}")),
            None => verdict,
        });
    }
    let nfs = volume.driver_options.iter().find(|(_, option)| {
        let parts = option.set().into_iter().flat_map(|text| text.known_parts());
        let mut parts = parts.map(str::to_ascii_lowercase);
        parts.any(|part| part.contains(".efs.") || part.contains("amazonaws.com:/"))
            || option.set().is_some_and(names_efs)
    });
    if let Some((_, option)) = nfs {
        let message = format!("volume {name} mounts EFS by NFS, which nothing encrypts");
        return Some(
            Verdict::fail(message, &option.origin)
                .label(format!("volume {name}: unencrypted NFS"))
                .help(
                    "write an `efs_volume_configuration` with `transit_encryption = \"ENABLED\"`",
                ),
        );
    }
    let of_nfs = |(name, option): &(Arc<str>, Field<Text>)| {
        &**name == "type"
            && option
                .set()
                .is_some_and(|text| text.prefix().starts_with("nfs"))
    };
    let host = volume
        .driver_options
        .iter()
        .find_map(|(_, option)| option.partly_unknown());
    let host = host.filter(|_| volume.driver_options.iter().any(of_nfs));
    volume.uncertain.as_ref().or(host.as_ref()).map(|why| {
        let message = format!("whether volume {name} is on EFS is not known");
        Verdict::unknown(message, why.to_string(), &volume.origin)
    })
}

/// Whether a text refers to a file system of EFS.
fn names_efs(text: &Text) -> bool {
    text.parts.iter().any(|part| match part {
        TextPart::Unknown {
            reference: Some(reference),
            ..
        } => reference.resource_type.starts_with("aws_efs_"),
        _ => false,
    })
}

fn transit(name: &str, efs: &EfsVolume) -> Verdict {
    let encryption = &efs.transit_encryption;
    if let Some(why) = encryption.partly_unknown() {
        let message = format!("whether volume {name} encrypts what is in transit is not known");
        return Verdict::unknown(message, why.to_string(), &encryption.origin);
    }
    if encryption.text() == Some("ENABLED") {
        let message = format!("volume {name} encrypts what is in transit");
        return Verdict::pass(message, &encryption.origin);
    }
    let title = format!("encrypt what is in transit to volume {name}");
    let (label, fix) = if encryption.is_present() {
        (
            "not encrypted",
            Fix::replace(title, &encryption.origin, "\"ENABLED\""),
        )
    } else {
        let fix = Fix::set(
            title,
            &encryption.origin,
            "transit_encryption",
            "\"ENABLED\"",
        );
        ("no `transit_encryption`: it is `DISABLED`", fix)
    };
    let message = format!("volume {name} does not encrypt what is in transit to EFS");
    Verdict::fail(message, &encryption.origin)
        .label(format!("volume {name}: {label}"))
        .help("write `transit_encryption = \"ENABLED\"`")
        .fix(fix)
}
