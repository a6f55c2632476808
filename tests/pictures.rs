//! The picture of the README is what the command prints: `cargo xtask pictures` draws it again.

#![allow(clippy::unwrap_used)]

use std::process::Command;

use anstyle_svg::Term;
use snapbox::{Data, assert_data_eq};

/// What is shown, in the workspace that the tests audit.
const COMMAND: &str = "cargo ecs-audit infra/envs/prod --plan never --only ECS:004";

#[test]
fn the_picture_of_the_terminal_is_what_the_command_prints() {
    let mut words = COMMAND.split(' ').skip(1);
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-ecs-audit"))
        .args(&mut words)
        .env("CLICOLOR_FORCE", "1")
        .env_remove("NO_COLOR")
        .env("CI", "true")
        .env("SOURCE_DATE_EPOCH", "1780272000")
        .current_dir(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/monorepo"
        ))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(100), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains('\u{1b}'), "it is coloured");
    let drawn = Term::new().render_svg(&format!("$ {COMMAND}\n{printed}"));
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/terminal.svg");
    let kept = Data::read_from(
        std::path::Path::new(kept),
        Some(snapbox::data::DataFormat::Text),
    );
    assert_data_eq!(Data::text(drawn), kept);
}
