#= fail: NONE
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "NONE"
    }
  }
}
#= fail: OVERRIDE to nowhere
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
    }
  }
}
#= pass: OVERRIDE to a log group
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      log_configuration {
        cloud_watch_log_group_name = "g"
      }
    }
  }
}
#= pass: OVERRIDE to a bucket
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      log_configuration {
        s3_bucket_name = "b"
      }
    }
  }
}
#= pass: DEFAULT without a service
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "DEFAULT"
    }
  }
}
#= not-applicable: unset without a service
resource "aws_ecs_cluster" "main" {
  name = "main"
}
#= pass: unset, and every container uses awslogs
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  enable_execute_command = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "g", awslogs-region = "eu-west-1" } } }])
}
#= fail: unset, and a container does not use awslogs
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  enable_execute_command = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: DEFAULT, and a container does not use awslogs
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "DEFAULT"
    }
  }
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  enable_execute_command = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: unset, and the service does not enable it
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  enable_execute_command = false
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a task definition from elsewhere
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
  enable_execute_command = true
}
#= unknown: logging that is not known
variable "v" {
  type = string
}
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = var.v
    }
  }
}
#= unknown: a driver that is not known
variable "v" {
  type = string
}
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  enable_execute_command = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = var.v, options = { awslogs-group = "g", awslogs-region = "eu-west-1" } } }])
}
#= unknown: a service of a module that is not installed may enable Exec
resource "aws_ecs_cluster" "main" {
  name = "main"
}
module "other" {
  source = "example/other/aws"
}
#= pass: where sessions are logged does not hang on a module that is not installed
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      log_configuration {
        s3_bucket_name = "sessions"
      }
    }
  }
}
module "other" {
  source = "example/other/aws"
}
