# A service on its host's network, as root, with one role for all; sessions of ECS Exec in a log group that has neither
# a key nor an end, which its container writes to as well.
resource "aws_cloudwatch_log_group" "all" {
  name = "/ecs/all"
}

resource "aws_ecs_cluster" "main" {
  name = "main"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }

  configuration {
    execute_command_configuration {
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/exec"
      logging    = "OVERRIDE"

      log_configuration {
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.all.name
        cloud_watch_encryption_enabled = true
      }
    }
  }
}

resource "aws_ecr_repository" "app" {
  name = "app"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_iam_role" "all" {
  name                = "all"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_ecs_task_definition" "host" {
  family             = "host"
  network_mode       = "host"
  task_role_arn      = aws_iam_role.all.arn
  execution_role_arn = aws_iam_role.all.arn

  container_definitions = jsonencode([{
    name                   = "app"
    image                  = "${aws_ecr_repository.app.repository_url}:1.0.0"
    memory                 = 512
    readonlyRootFilesystem = true
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group  = aws_cloudwatch_log_group.all.name
        awslogs-region = "eu-west-1"
        mode           = "non-blocking"
      }
    }
  }])
}

resource "aws_ecs_service" "host" {
  name                   = "host"
  cluster                = aws_ecs_cluster.main.arn
  task_definition        = aws_ecs_task_definition.host.arn
  enable_execute_command = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  lifecycle {
    ignore_changes = [task_definition]
  }
}

# A service on Fargate with what Fargate does not take, and a key that nobody knows.
resource "aws_ecs_task_definition" "fargate" {
  family                   = "fargate"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  pid_mode                 = "host"

  container_definitions = jsonencode([{
    name                   = "app"
    image                  = "public.ecr.aws/team/app:latest"
    user                   = "1000"
    privileged             = true
    readOnlyRootFileSystems = true
    linuxParameters        = { capabilities = { add = ["SYS_ADMIN"] } }
  }])
}

resource "aws_ecs_service" "fargate" {
  name             = "fargate"
  cluster          = aws_ecs_cluster.main.arn
  task_definition  = aws_ecs_task_definition.fargate.arn
  launch_type      = "FARGATE"
  platform_version = "1.3.0"
}
