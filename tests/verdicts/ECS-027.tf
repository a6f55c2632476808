#= pass: not written
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: true
resource "aws_ecs_task_definition" "app" {
  family = "app"
  enable_fault_injection = true
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: false
resource "aws_ecs_task_definition" "app" {
  family = "app"
  enable_fault_injection = false
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: not known
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  enable_fault_injection = var.v
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: null
resource "aws_ecs_task_definition" "app" {
  family = "app"
  enable_fault_injection = null
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
