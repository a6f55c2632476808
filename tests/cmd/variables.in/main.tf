variable "mode" {
  type    = string
  default = "task"
}

resource "aws_ecs_task_definition" "app" {
  family                = "app-${terraform.workspace}"
  pid_mode              = var.mode
  container_definitions = "[]"
}
