//! Damaged texts: Terraform and the parser must agree on each.

use std::path::Path;

use ecs_audit::hcl;

use crate::judge::accepted_by_terraform;
use crate::mutate::{Random, mutant};
use crate::probes::probes;
use crate::tiling::assert_sound;

/// How many mutants a run of the tests tries. They are the same each time.
const COUNT: usize = 600;

/// The top-level blocks of our own configuration, with the comments between them, and the probes.
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
    sources.extend(probes().into_iter().map(|(text, _)| text));
    sources
}

fn mutants(seed: u64, count: usize) -> Vec<String> {
    let sources = sources();
    let mut random = Random::new(seed);
    let mutant = |_| {
        let source = random.below(sources.len());
        mutant(&sources[source], &mut random)
    };
    (0..count).map(mutant).collect()
}

#[test]
fn mutants_are_accepted_and_refused_as_terraform_does() {
    let mutants = mutants(1, COUNT);
    mutants.iter().for_each(|text| assert_sound(text));
    let Some(accepted) = accepted_by_terraform(&mutants) else {
        return;
    };
    let refused = accepted.iter().filter(|accepted| !**accepted).count();
    assert!(refused > COUNT / 3 && refused < COUNT, "{refused} refused");
    let wrong = mutants.iter().zip(accepted).filter_map(|(text, accepted)| {
        let errors = hcl::parse(text).errors;
        (errors.is_empty() != accepted).then(|| format!("{text}\n{errors:?}\n\n"))
    });
    let wrong: String = wrong.collect();
    assert!(wrong.is_empty(), "{wrong}");
}
