#= fail: written true
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  network_configuration {
    subnets          = ["subnet-1"]
    assign_public_ip = true
  }
}
#= fail: written as a text
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  network_configuration {
    subnets          = ["subnet-1"]
    assign_public_ip = "true"
  }
}
#= pass: written false
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  network_configuration {
    subnets          = ["subnet-1"]
    assign_public_ip = false
  }
}
#= pass: not written
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  network_configuration {
    subnets          = ["subnet-1"]
  }
}
#= pass: no network configuration
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
}
#= unknown: a variable without a value
variable "p" {
  type = bool
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  network_configuration {
    subnets          = ["subnet-1"]
    assign_public_ip = var.p
  }
}
#= fail: on EC2
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = "main"
  task_definition = "app:1"
  launch_type = "EC2"
  network_configuration {
    subnets          = ["subnet-1"]
    assign_public_ip = true
  }
}
#= fail: a task set
resource "aws_ecs_task_set" "app" {
  service         = "app"
  cluster         = "main"
  task_definition = "app:1"
  network_configuration {
    subnets          = ["subnet-1"]
    assign_public_ip = true
  }
}
#= fail: an event target
resource "aws_cloudwatch_event_target" "job" {
  rule = "nightly"
  arn  = "arn:aws:ecs:eu-west-1:111122223333:cluster/main"
  ecs_target {
    task_definition_arn = "job:1"
    network_configuration {
      subnets          = ["subnet-1"]
      assign_public_ip = true
    }
  }
}
#= fail: a schedule
resource "aws_scheduler_schedule" "job" {
  schedule_expression = "rate(1 hour)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = "arn:aws:ecs:eu-west-1:111122223333:cluster/main"
    role_arn = "arn:aws:iam::111122223333:role/x"
    ecs_parameters {
      task_definition_arn = "job:1"
      network_configuration {
        subnets          = ["subnet-1"]
        assign_public_ip = true
      }
    }
  }
}
#= fail: a pipe
resource "aws_pipes_pipe" "job" {
  role_arn = "arn:aws:iam::111122223333:role/x"
  source   = "arn:aws:sqs:eu-west-1:111122223333:q"
  target   = "arn:aws:ecs:eu-west-1:111122223333:cluster/main"
  target_parameters {
    ecs_task_parameters {
      task_definition_arn = "job:1"
      network_configuration {
        aws_vpc_configuration {
          subnets          = ["subnet-1"]
          assign_public_ip = "ENABLED"
        }
      }
    }
  }
}
#= : an event target of something else
resource "aws_cloudwatch_event_target" "job" {
  rule = "nightly"
  arn  = "arn:aws:sqs:eu-west-1:111122223333:q"
}
#= unknown: an Express gateway service, which decides it by its subnets
resource "aws_ecs_express_gateway_service" "app" {
  primary_container {
    image = "a:1"
  }
}
