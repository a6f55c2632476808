//! Hand-written texts, each with what Terraform says of it.

use ecs_audit::hcl;

use crate::judge::accepted_by_terraform;

/// The texts of `probes.txt`, and whether Terraform accepts them.
pub(crate) fn probes() -> Vec<(String, bool)> {
    let lines = include_str!("probes.txt").lines();
    let probe = |line: &str| {
        let (expected, text) = line.split_at_checked(2)?;
        let text = text
            .replace('¶', "\n")
            .replace('␍', "\r")
            .replace('␉', "\t");
        let text = text.replace('⌂', "\u{feff}").replace('␀', "\0");
        match expected {
            "+ " => Some((text, true)),
            "- " => Some((text, false)),
            _ => None,
        }
    };
    lines.filter_map(probe).collect()
}

#[test]
fn what_terraform_accepts_is_accepted_and_nothing_else() {
    let probes = probes();
    assert!(probes.len() > 600);
    let wrong = probes.iter().filter_map(|(text, accepted)| {
        let errors = hcl::parse(text).errors;
        (errors.is_empty() != *accepted).then(|| format!("{text:?} {errors:?}\n"))
    });
    let wrong: String = wrong.collect();
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn terraform_says_the_same_of_the_probes() {
    let (texts, expected): (Vec<String>, Vec<bool>) = probes().into_iter().unzip();
    let Some(accepted) = accepted_by_terraform(&texts) else {
        return;
    };
    let wrong = (0..texts.len()).filter(|&i| accepted[i] != expected[i]);
    let wrong: String = wrong
        .map(|i| format!("{} {:?}\n", if accepted[i] { '+' } else { '-' }, texts[i]))
        .collect();
    assert!(wrong.is_empty(), "{wrong}");
}
