//! What a mistyped name was probably meant to be.

/// The name that was probably meant.
#[must_use]
pub(crate) fn did_you_mean<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let allowed = (written.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(written, candidate, allowed), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
    use super::did_you_mean;

    #[test]
    fn a_near_name_is_found_and_a_far_one_is_not() {
        let names = ["privileged-container", "public-ip", "required"];
        assert_eq!(
            did_you_mean("priviledged-container", names),
            Some("privileged-container")
        );
        assert_eq!(did_you_mean("Required", names), Some("required"));
        assert_eq!(did_you_mean("pubilc-ip", names), Some("public-ip"));
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
