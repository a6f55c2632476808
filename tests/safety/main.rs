//! Secrets appear nowhere: a canary comes in through every door of a configuration, is put in every place
//! that something reads, and must be in nothing that is printed.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod canary;
mod doors;
mod plans;
mod positions;
mod scene;

use canary::Canary;
use doors::{Door, doors};
use positions::{Position, positions};
use scene::Scene;

/// How the secret stands in the place: alone, in a text, taken out of something, in a heredoc.
const FORMS: [&str; 5] = [
    "@",
    "\"pre-${@}-post\"",
    "jsondecode(jsonencode({ k = [@] })).k[0]",
    "nonsensitive(@)",
    "join(\"/\", [\"a\", @])",
];

fn audited(door: &Door, position: &Position, form: &str, canary: &Canary) -> Vec<String> {
    let mut scene = Scene::new(canary);
    let secret = form.replace('@', door.expression);
    door.open(&mut scene);
    match door.module {
        true => scene.write("main/inner/main.tf", &position.text.replace('@', &secret)),
        false => scene.write("main/position.tf", &position.text.replace('@', &secret)),
    }
    for (name, text) in position.files {
        scene.write(&format!("main/{name}"), text);
    }
    scene.leaks()
}

/// Every door with every position, in forms that take turns; where the whole of it is not asked for, each
/// position with some doors and each door with some positions.
#[test]
fn a_secret_from_any_door_in_any_place_is_printed_nowhere() {
    let canary = Canary::new();
    let (doors, positions) = (doors(), positions());
    let every = std::env::var_os("ECS_AUDIT_EVERY_PLACE").is_some();
    let only = std::env::var("ECS_AUDIT_ONLY_PLACE").ok();
    let mut told = Vec::new();
    let mut audits = 0;
    for (row, position) in positions.iter().enumerate() {
        for (column, door) in doors.iter().enumerate() {
            if !every && only.is_none() && (row + column) % doors.len() > 0 {
                continue;
            }
            if only.as_ref().is_some_and(|only| *only != position.name) {
                continue;
            }
            for (turn, form) in FORMS.iter().enumerate() {
                if only.is_none() && (row / 2 + column) % FORMS.len() != turn {
                    continue;
                }
                audits += 1;
                for leak in audited(door, position, form, &canary) {
                    told.push(format!(
                        "{} at {} as {form}: {leak}",
                        door.name, position.name
                    ));
                }
            }
        }
    }
    println!("{audits} audits, {} leaks", told.len());
    assert!(told.is_empty(), "{}", told.join("\n"));
}
