#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a binary for people"
)]
//! This repository's development commands.
//!
//! `cargo ecs-audit` runs the audit through here, as it would in any workspace that has an xtask of its
//! own; everything else is for those who work on the auditor itself.

use std::process::ExitCode;

use ecs_audit::Console;

mod bench;
mod bless;
mod crosscheck;
mod dist;
mod generate;
mod numbers;
mod pictures;
mod secrets;
mod shapes;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os();
    match arguments.nth(1).as_ref().and_then(|name| name.to_str()) {
        Some("ecs-audit") => ecs_audit::run(std::env::args_os(), &mut Console::standard()).into(),
        Some("bench") => bench::bench(),
        Some("bless") => ended(bless::bless(arguments)),
        Some("crosscheck") => crosscheck::crosscheck(arguments),
        Some("dist") => dist::dist(arguments),
        Some("generate") => generate::generate(arguments),
        Some("numbers") => ended(numbers::numbers(arguments)),
        Some("pictures") => ended(pictures::pictures()),
        Some("secrets") => ended(secrets::secrets(arguments)),
        Some("shapes") => ended(shapes::shapes(arguments)),
        _ => {
            eprintln!(
                "usage: cargo xtask ecs-audit|bench|bless|crosscheck|dist|generate|numbers|pictures|secrets|shapes"
            );
            ExitCode::from(2)
        }
    }
}

fn ended(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
