//! The `cargo-ecs-audit` binary.

fn main() {}
