#= pass: nothing is ignored
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = "app:1"
}
#= pass: the number of tasks
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = "app:1"
  lifecycle {
    ignore_changes = [desired_count]
  }
}
#= fail: what a pipeline deploys
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = "app:1"
  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }
}
#= fail: everything
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = "app:1"
  lifecycle {
    ignore_changes = all
  }
}
#= pass: a part that no rule reads
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = "app:1"
  lifecycle {
    ignore_changes = [network_configuration[0].security_groups, tags]
  }
}
#= fail: a part that a rule reads
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = "app:1"
  lifecycle {
    ignore_changes = [network_configuration[0].assign_public_ip]
  }
}
#= fail: the whole of which a rule reads a part
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = "app:1"
  lifecycle {
    ignore_changes = [network_configuration]
  }
}
#= fail: the containers
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
  lifecycle {
    ignore_changes = [container_definitions]
  }
}
#= fail: as old texts have it
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
  lifecycle {
    ignore_changes = ["container_definitions"]
  }
}
#= pass: tags of a task definition
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
  lifecycle {
    ignore_changes = [tags["a"], skip_destroy]
  }
}
#= fail pass: one of two
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
  lifecycle {
    ignore_changes = [cpu]
  }
}
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = "app:1"
  lifecycle {
    ignore_changes = [desired_count]
  }
}
#= unknown: what is no path
resource "aws_ecs_service" "app" {
  name            = "app"
  task_definition = "app:1"
  lifecycle {
    ignore_changes = concat(["desired_count"], ["tags"])
  }
}
