//! Whole configurations, held against what Terraform makes of them.
//!
//! Every instance and every attribute that both know must be the same; what is known here before
//! Terraform knows it must be what it comes to when it is applied.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod archive;
mod ask;
mod bounds;
#[path = "../soundness/covers.rs"]
mod covers;
mod expressions;
mod generate;
mod judge;
mod random;
mod shape;
#[path = "../terraform/mod.rs"]
mod terraform;
#[path = "../oracle/types.rs"]
mod types;

use std::path::Path;

use ecs_audit::terraform::instance::Instance;
use generate::Files;
use judge::Compared;

/// How many configurations are generated, where `ECS_AUDIT_SEEDS` does not say `FIRST..END`.
const SEEDS: u64 = 6;

impl Files {
    fn write(&self, directory: &Path) {
        for (name, text) in &self.files {
            let path = directory.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
}

fn seeds() -> std::ops::Range<u64> {
    let Ok(given) = std::env::var("ECS_AUDIT_SEEDS") else {
        return 0..SEEDS;
    };
    let (first, end) = given.split_once("..").unwrap();
    first.parse().unwrap()..end.parse().unwrap()
}

#[test]
fn generated_configurations_come_to_what_terraform_makes_of_them() {
    if terraform::version().is_none() {
        return;
    }
    let mut compared = Compared::default();
    let mut refused = 0;
    let mut wrong = Vec::new();
    for seed in seeds() {
        let files = generate::configuration(seed);
        let directory = tempfile::tempdir().unwrap();
        files.write(directory.path());
        if let Some(kept) = std::env::var_os("ECS_AUDIT_KEEP") {
            files.write(&Path::new(&kept).join(seed.to_string()));
        }
        let configuration = judge::evaluated(directory.path(), &files);
        let answer = ask::ask(directory.path(), &files);
        if let Some(said) = answer["refused"].as_str() {
            refused += 1;
            if std::env::var_os("ECS_AUDIT_SHOW_REFUSED").is_some() {
                let errors = said.split("Error: ").skip(1).take(1);
                println!("{seed}: {}", errors.collect::<String>());
            }
        }
        let found = judge::disagreements(&configuration, &answer, &mut compared);
        wrong.extend(found.iter().map(|what| format!("seed {seed}: {what}")));
    }
    println!(
        "{refused} refused; compared {} instances, {} leaves, {} types, {} applied; {} known here alone",
        compared.instances,
        compared.leaves,
        compared.types,
        compared.applied,
        compared.known_here_alone,
    );
    assert!(
        wrong.is_empty(),
        "{} disagreements:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn configurations_written_by_hand_come_to_what_terraform_makes_of_them() {
    let mut compared = Compared::default();
    let mut wrong = Vec::new();
    for case in archive::cases("cases") {
        let directory = tempfile::tempdir().unwrap();
        case.files.write(directory.path());
        let configuration = judge::evaluated(directory.path(), &case.files);
        let name = &case.name;
        if case.answer.get("refused").is_some() {
            wrong.push(format!("{name}: Terraform refuses it"));
        }
        let found = judge::disagreements(&configuration, &case.answer, &mut compared);
        wrong.extend(found.iter().map(|what| format!("{name}: {what}")));
    }
    println!(
        "compared {} instances, {} leaves, {} applied; {} known here alone",
        compared.instances, compared.leaves, compared.applied, compared.known_here_alone,
    );
    assert!(
        wrong.is_empty(),
        "{} disagreements:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_terraform_refuses_is_not_taken_in_silence() {
    let mut wrong = Vec::new();
    for case in archive::cases("refused") {
        let directory = tempfile::tempdir().unwrap();
        case.files.write(directory.path());
        let configuration = judge::evaluated(directory.path(), &case.files);
        let name = &case.name;
        if case.answer.get("refused").is_none() {
            wrong.push(format!("{name}: Terraform takes it"));
        }
        let is_uncertain = |instance: &Instance| !instance.presence.is_certain();
        if configuration.notes.is_empty() && !configuration.instances.iter().any(is_uncertain) {
            wrong.push(format!("{name}: taken in silence"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
