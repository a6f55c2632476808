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
