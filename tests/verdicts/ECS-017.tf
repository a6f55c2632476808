#= pass: not written
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: null
resource "aws_ecs_task_definition" "app" {
  family = "app"
  ipc_mode = null
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: host
resource "aws_ecs_task_definition" "app" {
  family = "app"
  ipc_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: the task
resource "aws_ecs_task_definition" "app" {
  family = "app"
  ipc_mode = "task"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: none
resource "aws_ecs_task_definition" "app" {
  family = "app"
  ipc_mode = "none"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: not known
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  ipc_mode = var.v
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: Windows
resource "aws_ecs_task_definition" "app" {
  family = "app"
  ipc_mode = "host"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a system that is not known, and host
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  ipc_mode = "host"
  runtime_platform {
    operating_system_family = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: a system that is not known, and nothing shared
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: on Fargate, which rejects it
resource "aws_ecs_task_definition" "app" {
  family = "app"
  ipc_mode = "host"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: by a variable
variable "v" {
  default = "host"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  ipc_mode = var.v
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
