#= pass: awsvpc
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: bridge
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "bridge"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: host
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: none
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "none"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: not written
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = var.v
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: on ECS Anywhere
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "bridge"
  requires_compatibilities = ["EXTERNAL"]
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: a computed reference is not written by leaving it out
resource "aws_ecs_task_definition" "app" {
  family = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a module that is not installed may run it elsewhere than on ECS Anywhere
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "bridge"
  requires_compatibilities = ["EXTERNAL"]
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
module "other" {
  source = "example/other/aws"
}
#= fail: a module that is not installed makes no other network mode right
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "bridge"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
module "other" {
  source = "example/other/aws"
}
#= not-applicable: a daemon
resource "aws_ecs_daemon_task_definition" "agent" {
  family = "agent"
  container_definition {
    image = "a:1"
  }
}
#= pass: an Express gateway service
resource "aws_ecs_express_gateway_service" "app" {
  primary_container {
    image = "a:1"
  }
}
