//! What is said of a task definition's volumes on EFS, taken together.

use crate::ecs::inventory::{TaskDefinition, Volume};
use crate::verdict::Verdict;

/// Judges each volume that is, or may be, on EFS, and gives the worst of it.
pub(super) fn of_volumes(
    task: &TaskDefinition,
    judge: impl Fn(&Volume) -> Option<Verdict>,
) -> Verdict {
    let mut parts: Vec<Verdict> = task.volumes.iter().filter_map(judge).collect();
    let origin = &task.subject.origin;
    if let Some(why) = &task.volumes_uncertain {
        let message = "whether there are further volumes on EFS is not known";
        parts.push(Verdict::unknown(message, why.to_string(), origin));
    }
    Verdict::worst(parts)
        .unwrap_or_else(|| Verdict::not_applicable("it has no volume on EFS", origin))
}
