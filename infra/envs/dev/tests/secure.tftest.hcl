# What the modules promise is asserted in their own tests; here, what this root makes of them.
mock_provider "aws" {}

run "plans_without_a_cloud" {
  command = plan

  assert {
    condition     = output.cluster_name == "orders-dev" && keys(module.service) == ["api", "worker"]
    error_message = "Both services must run in the environment's cluster."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.private : !subnet.map_public_ip_on_launch])
    error_message = "Each zone must have a private subnet."
  }

  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE"])
    error_message = "Images must not change under their tag."
  }
}
