#= fail: no mode
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "r" } } }])
}
#= pass: non-blocking
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "r", mode = "non-blocking" } } }])
}
#= pass: blocking
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "r", mode = "blocking" } } }])
}
#= pass: a mode that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "r", mode = var.v } } }])
}
#= fail: a mode that is null
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "r", mode = null } } }])
}
#= fail: no options
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs" } }])
}
#= not-applicable: another driver
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "syslog" } }])
}
#= not-applicable: no log
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a driver that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = var.v } }])
}
#= unknown: options that are not known
variable "v" {
  type = map(string)
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = var.v } }])
}
#= unknown: a configuration that is not known
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = var.v }])
}
#= pass: the account says it
resource "aws_ecs_account_setting_default" "m" {
  name  = "defaultLogDriverMode"
  value = "blocking"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "r" } } }])
}
#= fail: the account says something else
resource "aws_ecs_account_setting_default" "m" {
  name  = "containerInsights"
  value = "enabled"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "r" } } }])
}
#= fail: another account says it
provider "aws" {
  alias = "other"
}
resource "aws_ecs_account_setting_default" "m" {
  provider = aws.other
  name  = "defaultLogDriverMode"
  value = "blocking"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "r" } } }])
}
#= unknown: definitions that are not known
variable "definitions" {}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  container_definitions = var.definitions
}
