provider "aws" {}

variable "mode" {}

resource "aws_ecs_task_definition" "app" {
  family       = "app"
  network_mode = "awsvpc"
  pid_mode     = var.mode
  container_definitions = jsonencode([{
    name       = "app"
    image      = "app:1.0.0"
    privileged = true
  }])
}
