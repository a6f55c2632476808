locals {
  # ECS Exec's agent writes to these two, which a read-only root filesystem would forbid.
  exec_paths = var.enable_execute_command ? ["/var/lib/amazon/ssm", "/var/log/amazon"] : []

  # Volume names hold no `/`: `/var/log/amazon` becomes `var-log-amazon`.
  writable_volumes = {
    for path in setunion(var.writable_paths, local.exec_paths) : replace(trim(path, "/"), "/[^a-zA-Z0-9]+/", "-") => path
  }

  container = {
    name                   = var.name
    image                  = var.image
    essential              = true
    user                   = var.user
    privileged             = false
    readonlyRootFilesystem = true
    command                = var.command
    versionConsistency     = "enabled"

    environment = [for name, value in var.environment : { name = name, value = value }]
    secrets     = [for name, arn in merge(var.parameters, var.secrets) : { name = name, valueFrom = arn }]

    portMappings = var.port == null ? [] : [{ name = var.name, containerPort = var.port, protocol = "tcp" }]

    healthCheck = var.health_check_command == null ? null : {
      command     = concat(["CMD"], var.health_check_command)
      interval    = 30
      timeout     = 5
      retries     = 3
      startPeriod = 10
    }

    mountPoints = concat(
      [for name, path in local.writable_volumes : { sourceVolume = name, containerPath = path, readOnly = false }],
      [for name, volume in var.efs_volumes : { sourceVolume = name, containerPath = volume.container_path, readOnly = volume.read_only }],
    )

    linuxParameters = {
      initProcessEnabled = true
      capabilities       = { drop = ["ALL"] }
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = merge(
        {
          awslogs-group         = aws_cloudwatch_log_group.this.name
          awslogs-region        = var.region
          awslogs-stream-prefix = var.name
          mode                  = var.log_mode
        },
        var.log_mode == "non-blocking" ? { max-buffer-size = "25m" } : {},
      )
    }
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.cluster.name}-${var.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  task_role_arn            = local.task_role_arn
  execution_role_arn       = local.execution_role_arn
  tags                     = var.tags

  # What is null is left out: the API takes absence, not null.
  container_definitions = jsonencode([{ for key, value in local.container : key => value if value != null }])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }

  dynamic "volume" {
    for_each = local.writable_volumes

    content {
      name = volume.key
    }
  }

  dynamic "volume" {
    for_each = var.efs_volumes

    content {
      name = volume.key

      efs_volume_configuration {
        file_system_id     = volume.value.file_system_id
        transit_encryption = "ENABLED"

        authorization_config {
          access_point_id = volume.value.access_point_id
          iam             = "ENABLED"
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = local.task_role_arn != local.execution_role_arn
      error_message = "The task role and the task execution role must be two roles: code that runs must not have the rights of what starts it."
    }

    precondition {
      condition     = var.port != null || length(var.target_group_arns) + length(var.ingress_security_group_ids) == 0
      error_message = "A service that something connects to needs a `port`."
    }
  }
}

resource "aws_ecs_service" "this" {
  name                   = var.name
  cluster                = var.cluster.arn
  task_definition        = aws_ecs_task_definition.this.arn
  desired_count          = var.desired_count
  launch_type            = "FARGATE"
  platform_version       = var.platform_version
  enable_execute_command = var.enable_execute_command

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  health_check_grace_period_seconds  = length(var.target_group_arns) == 0 ? null : var.health_check_grace_period_seconds

  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"
  tags                    = var.tags

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  dynamic "alarms" {
    for_each = length(var.rollback_alarm_names) == 0 ? [] : [var.rollback_alarm_names]

    content {
      alarm_names = alarms.value
      enable      = true
      rollback    = true
    }
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.this.id]
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = var.target_group_arns

    content {
      target_group_arn = load_balancer.value
      container_name   = var.name
      container_port   = var.port
    }
  }

  # Scaling changes the number of tasks, and a deployment must not change it back.
  lifecycle {
    ignore_changes = [desired_count]
  }

  # Tasks that start before their role has its rights fail to pull and to log.
  depends_on = [aws_iam_role_policy.task, aws_iam_role_policy.execution]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/${var.cluster.name}/${var.name}"
  kms_key_id        = var.cluster.kms_key_arn
  retention_in_days = var.log_retention_days
  tags              = var.tags
}
