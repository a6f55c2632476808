#= pass: written true
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", readonlyRootFilesystem = true }])
}
#= fail: written false
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", readonlyRootFilesystem = false }])
}
#= fail: not written
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: on Windows
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a system that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: read-only on a system that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", readonlyRootFilesystem = true }])
}
#= unknown: a variable without a value
variable "p" {
  type = bool
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", readonlyRootFilesystem = var.p }])
}
#= fail: a container that is not essential
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", essential = false }])
}
#= pass: in another case
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", readOnlyRootFilesystem = true }])
}
#= fail pass: a daemon, whose containers are blocks
resource "aws_ecs_daemon_task_definition" "agent" {
  family = "agent"
  container_definition {
    name  = "a"
    image = "a:1"
  }
  container_definition {
    name                     = "b"
    image                    = "a:1"
    readonly_root_filesystem = "true"
  }
}
#= fail unknown: the containers of a daemon that are not known
variable "v" {
  type = list(string)
}
resource "aws_ecs_daemon_task_definition" "agent" {
  family = "agent"
  dynamic "container_definition" {
    for_each = var.v
    content {
      image = container_definition.value
    }
  }
}
#= fail: an Express gateway service, which cannot set it
resource "aws_ecs_express_gateway_service" "app" {
  execution_role_arn      = "arn:aws:iam::111122223333:role/a"
  infrastructure_role_arn = "arn:aws:iam::111122223333:role/b"
  primary_container {
    image = "a:1"
  }
}
