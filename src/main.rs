//! The binary `cargo-ecs-audit`, which Cargo runs for `cargo ecs-audit`.

use ecs_audit::{Console, Exit};

fn main() -> Exit {
    ecs_audit::run(std::env::args_os(), &mut Console::standard())
}
