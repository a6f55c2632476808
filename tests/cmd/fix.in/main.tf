resource "aws_ecs_task_definition" "app" {
  family       = "app"
  network_mode = "awsvpc"
  pid_mode     = "host" # as before

  container_definitions = jsonencode([{
    name       = "app"
    image      = "app:1"
    privileged = var.privileged
  }])
}

variable "privileged" {
  type    = bool
  default = true
}
