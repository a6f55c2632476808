resource "aws_ecs_task_definition" "app" {
  family       = "app"
  network_mode = "awsvpc"
  pid_mode     = var.pid_mode
  container_definitions = jsonencode([{
    name       = "app"
    image      = "app:1.0.0"
    privileged = true
  }])
}

variable "pid_mode" {
  type = string
}
