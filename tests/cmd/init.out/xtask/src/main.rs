//! This workspace's own commands; `cargo ecs-audit` runs the audit.

fn main() -> ecs_audit::Exit {
    ecs_audit::run(std::env::args_os(), &mut ecs_audit::Console::standard())
}
