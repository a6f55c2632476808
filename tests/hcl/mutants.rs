//! Damaged texts: Terraform and the parser must agree on each.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ecs_audit::hcl;

use crate::judge::accepted_by_terraform;
use crate::mutate::{Random, mutant};
use crate::probes::probes;
use crate::tiling::assert_sound;

/// How many mutants of our own configuration a run of the tests tries. They are the same each time, until
/// the configuration changes.
const COUNT: usize = 600;

/// How many thousands of mutants of probes a run tries. What Terraform says of them is kept.
const THOUSANDS: usize = 20;

/// The top-level blocks of our own configuration, with the comments between them.
fn sources() -> Vec<String> {
    let mut sources = Vec::new();
    let mut directories = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("infra")];
    while let Some(directory) = directories.pop() {
        let entries = std::fs::read_dir(&directory).expect("the configuration can be read");
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() && path.file_name().is_some_and(|name| name != ".terraform") {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tf") {
                let text = std::fs::read_to_string(&path).expect("the configuration can be read");
                assert_eq!(hcl::parse(&text).errors, [], "{}", path.display());
                sources.extend(text.split_inclusive("\n}\n").map(str::to_owned));
            }
        }
    }
    sources.retain(|source| source.len() < 3000);
    assert!(sources.len() > 50);
    sources
}

fn mutants(sources: &[String], count: usize) -> Vec<String> {
    let mut random = Random::new(1);
    let mutant = |_| {
        let source = random.below(sources.len());
        mutant(&sources[source], &mut random)
    };
    (0..count).map(mutant).collect()
}

/// Texts of one to three probes.
fn mixed_probes(count: usize) -> Vec<String> {
    let probes = probes();
    let mut random = Random::new(2);
    let mixed = |_| {
        let parts = (0..1 + random.below(3)).map(|_| probes[random.below(probes.len())].0.as_str());
        parts.collect::<Vec<_>>().join("\n")
    };
    (0..count).map(mixed).collect()
}

/// The mutants of which Terraform and the parser say different things.
fn disagreements(mutants: &[String], accepted: &[bool]) -> String {
    let wrong = mutants.iter().zip(accepted).filter_map(|(text, accepted)| {
        let errors = hcl::parse(text).errors;
        (errors.is_empty() != *accepted).then(|| format!("{text:?}\n{errors:?}\n\n"))
    });
    wrong.collect()
}

#[test]
fn mutants_are_accepted_and_refused_as_terraform_does() {
    let mutants = mutants(&sources(), COUNT);
    mutants.iter().for_each(|text| assert_sound(text));
    let Some(accepted) = accepted_by_terraform(&mutants) else {
        return;
    };
    let refused = accepted.iter().filter(|accepted| !**accepted).count();
    assert!(refused > COUNT / 3 && refused < COUNT, "{refused} refused");
    let wrong = disagreements(&mutants, &accepted);
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn thousands_of_mutants_are_accepted_and_refused_as_terraform_does() {
    let mutants = mutants(&mixed_probes(THOUSANDS * 100), THOUSANDS * 1000);
    let thousands: Vec<&[String]> = mutants.chunks(1000).collect();
    let accepted = answers(&thousands);
    mutants
        .iter()
        .step_by(10)
        .for_each(|text| assert_sound(text));
    let (first, second) = thousands.split_at(THOUSANDS / 2);
    let (first_accepted, second_accepted) = accepted.split_at(THOUSANDS / 2);
    let wrong = |thousands: &[&[String]], accepted: &[Vec<bool>]| -> String {
        let pairs = thousands.iter().zip(accepted);
        pairs
            .map(|(mutants, accepted)| disagreements(mutants, accepted))
            .collect()
    };
    let wrong = std::thread::scope(|scope| {
        let second = scope.spawn(|| wrong(second, second_accepted));
        wrong(first, first_accepted) + &second.join().unwrap()
    });
    assert!(wrong.is_empty(), "{wrong}");
}

/// What Terraform says of each thousand texts: what is kept in `answers.txt`, where they are the texts
/// that it was asked of. Else it is asked, and the file is written again; so it is where the file is gone.
fn answers(thousands: &[&[String]]) -> Vec<Vec<bool>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/hcl/answers.txt");
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let known: HashMap<&str, &str> = kept
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect();
    let mut lines = String::new();
    let mut all = Vec::new();
    for texts in thousands {
        let hash = format!("{:016x}", hash(texts));
        let accepted = match known.get(hash.as_str()) {
            Some(answers) => read(answers),
            None => accepted_by_terraform(texts)
                .expect("what is not in `answers.txt` takes Terraform to be answered"),
        };
        lines += &format!("{hash} {}\n", written(&accepted));
        all.push(accepted);
    }
    if lines != kept {
        std::fs::write(path, lines).expect("the answers can be written");
    }
    all
}

/// Yes and no in hexadecimal digits, four to each.
fn written(accepted: &[bool]) -> String {
    let digit = |four: &[bool]| {
        four.iter()
            .fold(0, |digit, yes| digit * 2 + u32::from(*yes))
    };
    let digits = accepted
        .chunks(4)
        .map(|four| char::from_digit(digit(four), 16));
    digits.flatten().collect()
}

fn read(answers: &str) -> Vec<bool> {
    let digits = answers.chars().filter_map(|digit| digit.to_digit(16));
    digits
        .flat_map(|digit| [8, 4, 2, 1].map(|bit| digit & bit != 0))
        .collect()
}

/// A hash that is the same everywhere (FNV-1a).
fn hash(texts: &[String]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
