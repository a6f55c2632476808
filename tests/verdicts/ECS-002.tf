#= not-applicable: another mode
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: no mode
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: no user
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: root
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "root" }])
}
#= fail: zero
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "0" }])
}
#= fail: root with a group
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "root:1000" }])
}
#= fail: zero with a group
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "0:0" }])
}
#= pass: a user
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "1000" }])
}
#= pass: a user with a group of root
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "1000:0" }])
}
#= pass: privileged
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", privileged = true }])
}
#= unknown: a mode that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = var.v
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a user that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = var.v }])
}
#= pass: a user of whom only the group is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "1000:${var.v}" }])
}
#= unknown: privileged that is not known, and root
variable "p" {
  type = bool
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", privileged = var.p }])
}
#= pass: a user, whatever privileged is
variable "p" {
  type = bool
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "app", privileged = var.p }])
}
#= not-applicable: definitions that are not known, under a mode that is not `host`
variable "definitions" {}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  network_mode          = "awsvpc"
  container_definitions = var.definitions
}
#= unknown: definitions that are not known, under `host`
variable "definitions" {}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  network_mode          = "host"
  container_definitions = var.definitions
}
