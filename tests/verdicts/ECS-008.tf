#= pass: awslogs
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "eu-west-1" } } }])
}
#= fail: not written
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: null
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = null }])
}
#= fail: no driver
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { options = {} } }])
}
#= fail: an empty driver
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "", options = { awslogs-group = "g", awslogs-region = "eu-west-1" } } }])
}
#= unknown: a driver that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = var.v, options = { awslogs-group = "g", awslogs-region = "eu-west-1" } } }])
}
#= fail: awslogs without a group
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-region = "eu-west-1" } } }])
}
#= fail: awslogs without a region
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g" } } }])
}
#= fail: awslogs without options
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs" } }])
}
#= pass: awslogs with a group that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = var.v, awslogs-region = "eu-west-1" } } }])
}
#= pass: syslog on EC2
resource "aws_ecs_task_definition" "app" {
  family = "app"
  requires_compatibilities = ["EC2"]
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "syslog", options = {  } } }])
}
#= fail: syslog on Fargate
resource "aws_ecs_task_definition" "app" {
  family = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "syslog", options = {  } } }])
}
#= fail: syslog where a Fargate service runs it
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "syslog", options = {  } } }])
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  launch_type = "FARGATE"
}
#= pass: syslog on an undetermined platform
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "syslog", options = {  } } }])
}
#= fail: a driver that ECS does not have
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "printer", options = {  } } }])
}
#= pass: splunk on Fargate
resource "aws_ecs_task_definition" "app" {
  family = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "splunk", options = {  } } }])
}
#= fail: FireLens without a router
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awsfirelens", options = {  } } }])
}
#= pass fail: FireLens with a router
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awsfirelens", options = {  } } }, { name = "router", image = "r:1", firelensConfiguration = { type = "fluentbit" } }])
}
#= unknown unknown: FireLens with containers that are not known
variable "more" {
  type = any
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode(concat([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awsfirelens", options = {  } } }], var.more))
}
#= pass fail: a daemon
resource "aws_ecs_daemon_task_definition" "agent" {
  family = "agent"
  container_definition {
    name  = "a"
    image = "a:1"
    log_configuration {
      log_driver = "awslogs"
      options    = { awslogs-group = "g", awslogs-region = "eu-west-1" }
    }
  }
  container_definition {
    name  = "b"
    image = "a:1"
  }
}
#= pass: an Express gateway service logs to CloudWatch whatever is written
resource "aws_ecs_express_gateway_service" "app" {
  primary_container {
    image = "a:1"
  }
}
