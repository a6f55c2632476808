//! What a mistyped name was probably meant to be.

/// A name that begins with this many letters of another is taken for it.
const BEGINNING: usize = 4;

/// The name that was probably meant.
#[must_use]
pub(crate) fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written_lower = written.to_lowercase();
    let allowed = (written.chars().count() / 3).max(1);
    let mut begun = None;
    let mut nearest: Option<(usize, &str)> = None;
    for candidate in candidates {
        let away = distance(written, candidate, allowed);
        if away <= allowed && nearest.is_none_or(|(least, _)| away < least) {
            nearest = Some((away, candidate));
        }
        let begins = candidate.to_lowercase().starts_with(&written_lower);
        if begun.is_none() && begins && written.chars().count() >= BEGINNING {
            begun = Some(candidate);
        }
    }
    nearest.map(|(_, candidate)| candidate).or(begun)
}

/// Whether no more than a slip of the hand parts a name from another: a letter or two, not counting case, `_` and `-`.
#[must_use]
pub(crate) fn is_slip(written: &str, meant: &str) -> bool {
    const SLIP: usize = 2;
    let letters = |name: &str| name.replace(['_', '-'], "");
    let (written, meant) = (letters(written), letters(meant));
    let allowed = (meant.chars().count() / 3).min(SLIP);
    distance(&written, &meant, allowed) <= allowed
}

/// How many letters have to be put in, taken out, replaced or swapped with their neighbour; past `bound`
/// only that it is more.
fn distance(left: &str, right: &str, bound: usize) -> usize {
    let left: Vec<char> = left.to_lowercase().chars().take(128).collect();
    let right: Vec<char> = right.to_lowercase().chars().take(128).collect();
    if left.len().abs_diff(right.len()) > bound {
        return bound + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, &a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &b) in right.iter().enumerate() {
            let mut best = (above[j] + usize::from(a != b))
                .min(above[j + 1] + 1)
                .min(row[j] + 1);
            let swapped = i > 0 && j > 0 && a == right[j - 1] && left[i - 1] == b;
            if swapped && let Some(cost) = before.get(j - 1) {
                best = best.min(cost + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(bound + 1)
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, is_slip};

    #[test]
    fn a_slip_is_a_letter_or_two() {
        assert!(is_slip("readonlyRootFileSytem", "readonlyRootFilesystem"));
        assert!(is_slip("log_configuration", "logConfiguration"));
        assert!(is_slip("cpus", "cpu") && !is_slip("cp", "cpu2x"));
        assert!(!is_slip("volumes", "volumesFrom"));
    }

    #[test]
    fn a_near_name_is_found_and_a_far_one_is_not() {
        let names = ["privileged-container", "public-ip", "required"];
        assert_eq!(
            did_you_mean("priviledged-container", names),
            Some("privileged-container")
        );
        assert_eq!(did_you_mean("Required", names), Some("required"));
        assert_eq!(did_you_mean("pubilc-ip", names), Some("public-ip"));
        assert_eq!(
            did_you_mean("privileged", names),
            Some("privileged-container")
        );
        assert_eq!(did_you_mean("shared-role", names), None);
        assert_eq!(did_you_mean("", names), None);
    }

    #[test]
    fn of_two_names_the_nearer_is_taken() {
        assert_eq!(
            did_you_mean("ECS:04", ["ECS:014", "ECS:004", "ECS:04x"]),
            Some("ECS:014")
        );
    }
}
