#= not-applicable: nothing is named
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
}
#= pass: a container and its port
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
#= fail: no such container
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
#= fail: no such port
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
    container_port   = 80
  }
}
#= fail: no ports at all
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
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
#= pass: a port of a range
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPortRange = "8000-8100" }] }])
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
#= fail: a port out of the range
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPortRange = "8000-8010" }] }])
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
#= pass: a port that is not known, and is the same
variable "v" {
  type = number
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = var.v }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/1"
    container_name   = "app"
    container_port   = var.v
  }
}
#= unknown: a port that is not known
variable "v" {
  type = number
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
    container_name   = "app"
    container_port   = var.v
  }
}
#= unknown: a container that is not known
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
#= unknown: ports that are not known
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = var.v }])
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
#= unknown: a block that may be there, beside one that is
variable "v" {
  type = list(any)
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
    container_name   = "app"
    container_port   = 8080
  }
  dynamic "load_balancer" {
    for_each = var.v
    content {
      target_group_arn = load_balancer.value.arn
      container_name   = load_balancer.value.name
      container_port   = load_balancer.value.port
    }
  }
}
#= unknown: a task definition that is not made here
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/1"
    container_name   = "app"
    container_port   = 8080
  }
}
#= not-applicable: nothing is named, and no task definition made here
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
}
#= pass: `ip` under `awsvpc`
resource "aws_lb_target_group" "t" {
  name = "t"
  target_type = "ip"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= fail: `instance` under `awsvpc`
resource "aws_lb_target_group" "t" {
  name = "t"
  target_type = "instance"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= fail: no type under `awsvpc`
resource "aws_lb_target_group" "t" {
  name = "t"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= pass: no type under `bridge`
resource "aws_lb_target_group" "t" {
  name = "t"
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
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= fail: `ip` under `bridge`
resource "aws_lb_target_group" "t" {
  name = "t"
  target_type = "ip"
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
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= pass: `ip` on Fargate, which has no other mode
resource "aws_lb_target_group" "t" {
  name = "t"
  target_type = "ip"
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
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
  launch_type     = "FARGATE"
}
#= fail: `lambda`
resource "aws_lb_target_group" "t" {
  name = "t"
  target_type = "lambda"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= unknown: a type that is not known
resource "aws_lb_target_group" "t" {
  name = "t"
  target_type = var.v
}
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= unknown: a mode that is not known
resource "aws_lb_target_group" "t" {
  name = "t"
  target_type = "ip"
}
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = var.v
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= fail: the older name of the type of resource
resource "aws_alb_target_group" "t" {
  name = "t"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = aws_alb_target_group.t.arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= fail: a target group for several
resource "aws_lb_target_group" "t" {
  count = 2
  name = "t"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "awsvpc"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  count = 1
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  load_balancer {
    target_group_arn = aws_lb_target_group.t[count.index].arn
    container_name   = "app"
    container_port   = 8080
  }
}
#= pass: a port name
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  service_connect_configuration {
    enabled = true
    service {
      port_name = "http"
    }
  }
}
#= fail: no such port name
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  service_connect_configuration {
    enabled = true
    service {
      port_name = "grpc"
    }
  }
}
#= unknown: a port name that is not known
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
  service_connect_configuration {
    enabled = true
    service {
      port_name = var.v
    }
  }
}
#= not-applicable: Service Connect is off
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  service_connect_configuration {
    enabled = false
    service {
      port_name = "grpc"
    }
  }
}
#= pass: a registry without a container
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  service_registries {
    registry_arn = "arn:aws:servicediscovery:eu-west-1:111122223333:service/s"
  }
}
#= fail: a registry with a container that is not there
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", portMappings = [{ containerPort = 8080, name = "http" }] }])
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.app.arn
  service_registries {
    registry_arn   = "arn:aws:servicediscovery:eu-west-1:111122223333:service/s"
    container_name = "web"
    container_port = 8080
  }
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
