#= fail: written true
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", privileged = true }])
}
#= pass: written false
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", privileged = false }])
}
#= pass: not written
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: null
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", privileged = null }])
}
#= unknown: a variable without a value
variable "privileged" {
  type = bool
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", privileged = var.privileged }])
}
#= fail: beside an image that is not known
resource "aws_ecr_repository" "app" {
  name = "app"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1", privileged = true }])
}
#= fail pass: container by container
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([
    { name = "agent", image = "a:1", privileged = true },
    { name = "app", image = "a:1" },
  ])
}
#= fail: a heredoc
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = <<JSON
[{ "name": "app", "image": "a:1", "privileged": true }]
JSON
}
#= fail: a heredoc around an image that is not known
resource "aws_ecr_repository" "app" {
  name = "app"
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = <<-JSON
    [{ "name": "app", "image": "${aws_ecr_repository.app.repository_url}:1", "privileged": true }]
  JSON
}
#= fail: in another case, which the provider accepts
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", Privileged = true }])
}
#= unknown: a wrong type
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", privileged = "yes" }])
}
#= unknown: definitions that are not known at all
variable "definitions" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = var.definitions
}
#= unknown: definitions that are no JSON
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = "[{"
}
#= fail unknown: a known container beside unknown ones
variable "sidecars" {
  type = any
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode(concat([{ name = "app", image = "a:1", privileged = true }], var.sidecars))
}
#= fail: by for, merge and jsonencode
locals {
  defaults   = { essential = true, privileged = true }
  containers = { app = { image = "a:1" } }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([for name, one in local.containers : merge(local.defaults, one, { name = name })])
}
#= fail pass: a daemon
resource "aws_ecs_daemon_task_definition" "agent" {
  family = "agent"
  container_definition {
    name       = "a"
    image      = "a:1"
    privileged = true
  }
  container_definition {
    name  = "b"
    image = "a:1"
  }
}
