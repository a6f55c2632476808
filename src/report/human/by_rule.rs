//! How many verdicts of each kind there are, rule by rule.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::report::{Report, Tally};

/// One line for each rule that says anything: `ECS:006  41 pass  3 fail  1 unknown`.
pub(super) fn by_rule(text: &mut String, report: &Report) {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for judged in report.roots.iter().flat_map(|root| &root.verdicts) {
        tallies.entry(judged.rule.id).or_default().count(judged);
    }
    for (id, tally) in tallies {
        let _ = write!(text, "{id}");
        for (count, what) in tally.parts() {
            if count > 0 {
                let _ = write!(text, "  {count} {what}");
            }
        }
        text.push('\n');
    }
}
