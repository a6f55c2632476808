variable "privileged" {
  type    = bool
  default = false
}

resource "aws_ecs_task_definition" "app" {
  family = "app-${terraform.workspace}"
  container_definitions = jsonencode([{
    name        = "app-${terraform.workspace}"
    image       = "app:1.0.0"
    privileged  = var.privileged
    environment = [{ name = "API_TOKEN", value = "a1b2c3d4" }]
  }])
}
