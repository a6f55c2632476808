//! Our own `infra/`, audited as anybody's would be.

ecs_audit::harness!();
