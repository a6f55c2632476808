# What the modules promise is asserted in their own tests; here, what this root makes of them.
mock_provider "aws" {}

run "plans_without_a_cloud" {
  command = plan

  assert {
    condition     = output.cluster_name == "orders-prod"
    error_message = "The cluster must carry the environment's name."
  }

  assert {
    condition     = length(aws_subnet.private) == 3 && alltrue([for subnet in aws_subnet.private : !subnet.map_public_ip_on_launch])
    error_message = "Each zone must have a private subnet."
  }

  assert {
    condition     = length(toset([for subnet in aws_subnet.private : subnet.cidr_block])) == 3
    error_message = "The subnets must not share addresses."
  }

  assert {
    condition = alltrue([
      for repository in aws_ecr_repository.this :
      repository.image_tag_mutability == "IMMUTABLE" && repository.image_scanning_configuration[0].scan_on_push && repository.encryption_configuration[0].encryption_type == "KMS"
    ])
    error_message = "Images must not change under their tag, and must be scanned and encrypted."
  }

  assert {
    condition     = aws_lb.this.internal && aws_lb_listener.https.protocol == "HTTPS"
    error_message = "The load balancer must be internal and encrypted."
  }

  assert {
    condition     = contains(module.endpoints.interface_services, "sqs")
    error_message = "The services reach their queue through an endpoint: there is no other way out."
  }

  assert {
    condition     = aws_efs_file_system.exports.encrypted
    error_message = "Exports must be encrypted at rest."
  }
}

run "refuses_a_tag_that_moves" {
  command = plan

  variables {
    release = "latest"
  }

  expect_failures = [var.release]
}
