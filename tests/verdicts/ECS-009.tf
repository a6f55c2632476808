#= pass: not written
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  launch_type = "FARGATE"
}
#= pass: LATEST
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  launch_type = "FARGATE"
  platform_version = "LATEST"
}
#= pass: the newest
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  launch_type = "FARGATE"
  platform_version = "1.4.0"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: an old one
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  launch_type = "FARGATE"
  platform_version = "1.3.0"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: an old one, as a number is compared
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  launch_type = "FARGATE"
  platform_version = "1.2.0"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: on EC2
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  launch_type = "EC2"
  platform_version = "1.3.0"
}
#= unknown: pinned on an undetermined platform
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  platform_version = "1.3.0"
}
#= fail: by a strategy of Fargate Spot
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 1
  }
  platform_version = "1.3.0"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: by the cluster's default strategy
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE"]
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
  }
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.app.arn
  platform_version = "1.3.0"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: a cluster without a default strategy is EC2
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.id
  task_definition = "app:1"
  platform_version = "1.3.0"
}
#= unknown: a version that is not known
variable "v" {
  type = string
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  launch_type = "FARGATE"
  platform_version = var.v
}
#= pass: the newest for Windows
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  launch_type = "FARGATE"
  platform_version = "1.0.0"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: the newest for Windows on Linux
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  launch_type = "FARGATE"
  platform_version = "1.0.0"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a module that is not installed may give the cluster its strategy
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name             = "app"
  cluster          = aws_ecs_cluster.main.id
  task_definition  = "app:1"
  platform_version = "1.3.0"
}
module "other" {
  source = "example/other/aws"
}
