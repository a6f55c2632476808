#= fail: host
resource "aws_ecs_task_definition" "app" {
  family = "app"
  pid_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: task
resource "aws_ecs_task_definition" "app" {
  family = "app"
  pid_mode = "task"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: not written
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: on Windows
resource "aws_ecs_task_definition" "app" {
  family = "app"
  pid_mode = "host"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  pid_mode = var.v
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
