provider "aws" {}

resource "aws_ecs_task_definition" "api" {
  family       = "api"
  network_mode = "bridge"
  container_definitions = jsonencode([
    { name = "api", image = "api:1", readonlyRootFilesystem = true, privileged = true },
    { name = "proxy", image = "proxy:1", readonlyRootFilesystem = true, privileged = true },
  ])
}

resource "aws_ecs_service" "api" {
  name             = "api"
  task_definition  = aws_ecs_task_definition.api.arn
  platform_version = "1.3.0"
  launch_type      = "FARGATE"
}

resource "aws_ecs_task_definition" "jobs" {
  family                = "jobs"
  network_mode          = "host"
  container_definitions = jsonencode([{ name = "jobs-nightly", image = "jobs:1" }])
}
