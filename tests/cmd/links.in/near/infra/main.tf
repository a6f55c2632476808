provider "aws" {}

resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "billing-api", image = "a:1" }])
}
