locals {
  kms_key_arn    = var.customer_key == null ? aws_kms_key.this[0].arn : var.customer_key.arn
  exec_log_group = "/ecs/${var.name}/exec"
}

resource "aws_ecs_cluster" "this" {
  name = var.name
  tags = var.tags

  setting {
    name  = "containerInsights"
    value = var.container_insights
  }

  configuration {
    execute_command_configuration {
      kms_key_id = local.kms_key_arn
      logging    = "OVERRIDE"

      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.exec.name
      }
    }

    managed_storage_configuration {
      fargate_ephemeral_storage_kms_key_id = local.kms_key_arn
    }
  }

  # The key's policy must be there before ECS first asks for a grant on it.
  depends_on = [aws_kms_key_policy.this]
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = keys(var.capacity_provider_strategy)

  dynamic "default_capacity_provider_strategy" {
    for_each = var.capacity_provider_strategy

    content {
      capacity_provider = default_capacity_provider_strategy.key
      base              = default_capacity_provider_strategy.value.base
      weight            = default_capacity_provider_strategy.value.weight
    }
  }
}

resource "aws_cloudwatch_log_group" "exec" {
  name              = local.exec_log_group
  kms_key_id        = local.kms_key_arn
  retention_in_days = var.log_retention_days
  tags              = var.tags

  depends_on = [aws_kms_key_policy.this]
}
