//! The ECS that the Terraform here would make: one test for each rule and root module.

ecs_audit::harness!();
