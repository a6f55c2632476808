resource "aws_ecs_task_definition" "app" {
  family       = "app"
  network_mode = "awsvpc"
  pid_mode     = "task" # as before

  container_definitions = jsonencode([{
    name                   = "app"
    image                  = "app:1"
    privileged             = var.privileged
    readonlyRootFilesystem = true
  }])
}

variable "privileged" {
  type    = bool
  default = false
}
