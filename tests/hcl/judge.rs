//! Terraform as the judge of what is its language: `terraform fmt` refuses what it cannot parse.

use std::collections::HashSet;
use std::process::Command;

use crate::terraform;

/// Says of each text whether Terraform can parse it; `None` where there is no Terraform.
pub(crate) fn accepted_by_terraform(texts: &[String]) -> Option<Vec<bool>> {
    terraform::version()?;
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let name = |index: usize| format!("t{index}.tf");
    let mut refused = HashSet::new();
    for (first, chunk) in texts.chunks(1000).enumerate() {
        let names = (0..chunk.len()).map(|index| name(first * 1000 + index));
        let names: Vec<String> = names.collect();
        for (name, text) in names.iter().zip(chunk) {
            std::fs::write(directory.path().join(name), text).expect("a file can be written");
        }
        let mut command = Command::new("terraform");
        command
            .args(["fmt", "-check", "-write=false", "-list=false", "-no-color"])
            .args(&names);
        let output = command
            .current_dir(directory.path())
            .output()
            .expect("terraform runs");
        // A diagnostic names its place: `on t12.tf line 3, in …:`.
        let errors = String::from_utf8_lossy(&output.stderr);
        for line in errors.lines() {
            let place = line.trim_start_matches(['│', ' ']).strip_prefix("on ");
            refused.extend(
                place
                    .and_then(|place| place.split(' ').next())
                    .map(str::to_owned),
            );
        }
    }
    Some(
        (0..texts.len())
            .map(|index| !refused.contains(&name(index)))
            .collect(),
    )
}

#[test]
fn terraform_refuses_and_accepts() {
    let texts = ["a = 1\n".to_owned(), "a = \n".to_owned(), "\"".to_owned()];
    if let Some(accepted) = accepted_by_terraform(&texts) {
        assert_eq!(accepted, [true, false, false]);
    }
}
