#= fail: nothing is said
resource "aws_cloudwatch_log_group" "app" {
  name = "/ecs/app"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name             = "app"
    image            = "app:1"
    logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = aws_cloudwatch_log_group.app.name } }
  }])
}
#= fail: kept for ever by name
resource "aws_cloudwatch_log_group" "app" {
  name              = "/ecs/app"
  retention_in_days = 0
  kms_key_id        = "arn:aws:kms:eu-west-1:1:key/1"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name             = "app"
    image            = "app:1"
    logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = "/ecs/app" } }
  }])
}
#= fail: no key
resource "aws_cloudwatch_log_group" "app" {
  name_prefix       = "app"
  retention_in_days = 30
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name             = "app"
    image            = "app:1"
    logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = aws_cloudwatch_log_group.app.name } }
  }])
}
#= pass: a time and a key
resource "aws_kms_key" "logs" {}
resource "aws_cloudwatch_log_group" "app" {
  name_prefix       = "app"
  retention_in_days = 30
  kms_key_id        = aws_kms_key.logs.arn
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name             = "app"
    image            = "app:1"
    logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = aws_cloudwatch_log_group.app.name } }
  }])
}
#= unknown: a time that is not known
variable "days" {
  type = number
}
resource "aws_cloudwatch_log_group" "app" {
  name              = "app"
  retention_in_days = var.days
  kms_key_id        = "arn:aws:kms:eu-west-1:1:key/1"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name             = "app"
    image            = "app:1"
    logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = aws_cloudwatch_log_group.app.name } }
  }])
}
#= fail: by FireLens
resource "aws_cloudwatch_log_group" "app" {
  name = "app"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name             = "app"
    image            = "app:1"
    logConfiguration = { logDriver = "awsfirelens", options = { "log_group_name" = aws_cloudwatch_log_group.app.name } }
  }])
}
#= : no container writes to it
resource "aws_cloudwatch_log_group" "app" {
  name = "app"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name             = "app"
    image            = "app:1"
    logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = "/ecs/app" } }
  }])
}
#= pass: the key of what ECS Exec writes to is told of by ECS:011
resource "aws_cloudwatch_log_group" "app" {
  name              = "app"
  retention_in_days = 30
}
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      log_configuration {
        cloud_watch_log_group_name = aws_cloudwatch_log_group.app.name
      }
    }
  }
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name             = "app"
    image            = "app:1"
    logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = aws_cloudwatch_log_group.app.name } }
  }])
}
#= fail: one unknown name for the group and for the container
variable "name" {}
resource "aws_cloudwatch_log_group" "app" {
  name = "/ecs/${var.name}"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name             = "app"
    image            = "app:1"
    logConfiguration = { logDriver = "awslogs", options = { "awslogs-group" = "/ecs/${var.name}" } }
  }])
}
