mock_provider "aws" {}

variables {
  name       = "orders"
  account_id = "111122223333"
  region     = "eu-central-1"
}

run "watches_and_logs_by_default" {
  command = plan

  assert {
    condition     = [for setting in aws_ecs_cluster.this.setting : setting.value if setting.name == "containerInsights"] == ["enhanced"]
    error_message = "Container Insights must be enhanced."
  }

  assert {
    condition     = aws_ecs_cluster.this.configuration[0].execute_command_configuration[0].logging == "OVERRIDE"
    error_message = "ECS Exec sessions must be logged to a destination of their own."
  }

  assert {
    condition     = aws_ecs_cluster.this.configuration[0].execute_command_configuration[0].log_configuration[0].cloud_watch_encryption_enabled
    error_message = "The log of ECS Exec sessions must be encrypted."
  }

  assert {
    condition     = aws_ecs_cluster.this.configuration[0].execute_command_configuration[0].log_configuration[0].cloud_watch_log_group_name == aws_cloudwatch_log_group.exec.name
    error_message = "ECS Exec sessions must be logged to the cluster's own log group."
  }

  assert {
    condition     = aws_cloudwatch_log_group.exec.retention_in_days == 365
    error_message = "The log of ECS Exec sessions must be kept for a year."
  }

  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation
    error_message = "The cluster's key must rotate."
  }
}

run "uses_the_callers_key_everywhere" {
  command = plan

  variables {
    customer_key = { arn = "arn:aws:kms:eu-central-1:111122223333:key/0f6d7a52-3f0e-4c56-9a3e-6b1d2f6c9a10" }
  }

  assert {
    condition     = length(aws_kms_key.this) == 0
    error_message = "No key is made where one is given."
  }

  assert {
    condition     = aws_ecs_cluster.this.configuration[0].execute_command_configuration[0].kms_key_id == var.customer_key.arn
    error_message = "ECS Exec sessions must be encrypted with the given key."
  }

  assert {
    condition     = aws_ecs_cluster.this.configuration[0].managed_storage_configuration[0].fargate_ephemeral_storage_kms_key_id == var.customer_key.arn
    error_message = "Ephemeral storage must be encrypted with the given key."
  }

  assert {
    condition     = aws_cloudwatch_log_group.exec.kms_key_id == var.customer_key.arn
    error_message = "The log of ECS Exec sessions must be encrypted with the given key."
  }
}

run "refuses_a_cluster_that_cannot_be_watched" {
  command = plan

  variables {
    container_insights = "disabled"
  }

  expect_failures = [var.container_insights]
}

run "refuses_logs_that_are_kept_too_short" {
  command = plan

  variables {
    log_retention_days = 7
  }

  expect_failures = [var.log_retention_days]
}

run "refuses_capacity_that_is_not_fargate" {
  command = plan

  variables {
    capacity_provider_strategy = { my-instances = { weight = 1 } }
  }

  expect_failures = [var.capacity_provider_strategy]
}
