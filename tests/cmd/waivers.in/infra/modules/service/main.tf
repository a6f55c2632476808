resource "aws_ecs_task_definition" "this" {
  family = "app"

  container_definitions = jsonencode([{
    name  = "app"
    image = "app:1"

    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = "app", "awslogs-region" = "eu-west-1" }
    }
  }])
}

# ecs-audit: allow(ECS:001) reason = "stands alone"
