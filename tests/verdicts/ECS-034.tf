#= fail: nothing
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
}
#= pass: a check of its own
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", healthCheck = { command = ["CMD", "/app", "health"] } }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
}
#= fail: a check that is none
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", healthCheck = { command = ["NONE"] } }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
}
#= pass: a load balancer
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/1"
    container_name   = "app"
    container_port   = 8080
  }
}
#= fail: a load balancer of another container
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/1"
    container_name   = "web"
    container_port   = 8080
  }
}
#= not-applicable: not essential
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", essential = false }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
}
#= unknown: essential or not
variable "v" {
  type = bool
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", essential = var.v }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
}
#= not-applicable: no service runs it
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a check that is not known
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", healthCheck = var.v }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
}
#= unknown: a load balancer of a container that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/1"
    container_name   = var.v
    container_port   = 8080
  }
}
#= unknown: a load balancer that may be there
variable "v" {
  type = list(string)
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  dynamic "load_balancer" {
    for_each = var.v
    content {
      target_group_arn = load_balancer.value
      container_name   = "app"
      container_port   = 8080
    }
  }
}
#= fail: one service without a load balancer
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/1"
    container_name   = "app"
    container_port   = 8080
  }
}
resource "aws_ecs_service" "other" {
  name            = "other"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
}
#= unknown: definitions that are not known
variable "definitions" {}
resource "aws_ecs_task_definition" "app" {
  family                = "a"
  container_definitions = var.definitions
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/1"
    container_name   = "app"
    container_port   = 8080
  }
}
