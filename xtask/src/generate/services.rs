//! The source of a root module with many services.

/// A root module of many services, each with its own task definition.
pub(super) fn services(count: usize) -> String {
    let mut text = String::from(
        r#"terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "release" {
  type    = string
  default = "1.4.2"
}

locals {
  registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
  common = {
    RUST_LOG = "info"
    REGION   = "eu-west-1"
  }
}

resource "aws_ecs_cluster" "main" {
  name = "main"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}
"#,
    );
    for index in 0..count {
        text.push_str(&SERVICE.replace("NAME", &format!("service_{index:03}")));
    }
    text
}

const SERVICE: &str = r#"
resource "aws_ecr_repository" "NAME" {
  name                 = "NAME"
  image_tag_mutability = "IMMUTABLE"
}

resource "aws_cloudwatch_log_group" "NAME" {
  name              = "/ecs/NAME"
  retention_in_days = 90
}

# What the service needs to know, and what it must not tell.
resource "aws_secretsmanager_secret" "NAME" {
  name = "NAME/database"
}

resource "aws_ecs_task_definition" "NAME" {
  family                   = "NAME"
  cpu                      = 512
  memory                   = 1024
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = "arn:aws:iam::123456789012:role/NAME-execution"
  task_role_arn            = "arn:aws:iam::123456789012:role/NAME-task"

  container_definitions = jsonencode([
    {
      name                   = "app"
      image                  = "${aws_ecr_repository.NAME.repository_url}:${var.release}"
      essential              = true
      readonlyRootFilesystem = true
      user                   = "1000:1000"
      portMappings           = [{ containerPort = 8080, protocol = "tcp" }]
      environment = [
        for key, value in merge(local.common, { SERVICE = "NAME" }) : {
          name  = key
          value = value
        }
      ]
      secrets = [
        { name = "DATABASE_URL", valueFrom = aws_secretsmanager_secret.NAME.arn },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.NAME.name
          awslogs-region        = "eu-west-1"
          awslogs-stream-prefix = "app"
        }
      }
    },
    {
      name       = "proxy"
      image      = "${local.registry}/envoy:1.31.0"
      essential  = false
      privileged = false
      command    = ["envoy", "--config-path", "/etc/envoy/NAME.yaml"]
    },
  ])
}

resource "aws_ecs_service" "NAME" {
  name             = "NAME"
  cluster          = aws_ecs_cluster.main.id
  task_definition  = aws_ecs_task_definition.NAME.arn
  desired_count    = 2
  launch_type      = "FARGATE"
  platform_version = "LATEST"

  network_configuration {
    subnets          = ["subnet-0a", "subnet-0b"]
    security_groups  = ["sg-NAME"]
    assign_public_ip = false
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}
"#;
