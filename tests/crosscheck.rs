//! Source, mocked plan and plan of a root module agree, with the real Terraform.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod terraform;

use std::fs;
use std::path::Path;

use ecs_audit::crosscheck;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let to = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            if name != ".terraform" && name != "target" {
                copy(&entry.path(), &to);
            }
        } else if name != ".terraform.lock.hcl" {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn the_fixture_s_root_modules_agree_on_every_basis() {
    let fixture = Path::new("tests/fixtures/monorepo");
    let directory = tempfile::tempdir().unwrap();
    copy(fixture, directory.path());
    let checked = crosscheck::find(directory.path()).unwrap();
    let names: Vec<_> = checked
        .modules
        .iter()
        .map(|module| module.name.as_str())
        .collect();
    assert_eq!(names, ["infra/envs/prod", "infra/envs/staging"]);
    if terraform::version().is_none() {
        return;
    }
    // One of them is enough to wait for.
    let found = checked.crosscheck(&checked.modules[1]);
    assert_eq!(found.missing, [""; 0]);
    assert_eq!(found.disagreements, [""; 0]);
    assert!(
        found.instances >= 20 && found.attributes >= 100,
        "{found:?}"
    );
}

#[test]
fn a_directory_that_is_not_there_is_said_to_be_that() {
    let error = crosscheck::find(Path::new("nowhere/at-all")).unwrap_err();
    assert!(error.to_string().contains("nowhere/at-all"), "{error}");
}
