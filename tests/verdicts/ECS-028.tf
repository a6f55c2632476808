#= fail: neither
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
}
#= pass: a circuit breaker
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}
#= fail: a circuit breaker that does not roll back
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }
}
#= fail: a circuit breaker that is off
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_circuit_breaker {
    enable   = false
    rollback = true
  }
}
#= pass: alarms
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  alarms {
    alarm_names = ["a"]
    enable      = true
    rollback    = true
  }
}
#= fail: alarms that do not roll back
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  alarms {
    alarm_names = ["a"]
    enable      = true
    rollback    = false
  }
}
#= pass: alarms beside a circuit breaker that does not roll back
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }
  alarms {
    alarm_names = ["a"]
    enable      = true
    rollback    = true
  }
}
#= fail: one of each half
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_circuit_breaker {
    enable   = true
    rollback = false
  }
  alarms {
    alarm_names = ["a"]
    enable      = false
    rollback    = true
  }
}
#= unknown: a circuit breaker that is not known
variable "v" {}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_circuit_breaker {
    enable   = true
    rollback = var.v
  }
}
#= pass: alarms, whatever the circuit breaker is
variable "v" {}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_circuit_breaker {
    enable   = true
    rollback = var.v
  }
  alarms {
    alarm_names = ["a"]
    enable      = true
    rollback    = true
  }
}
#= fail: off, whatever else
variable "v" {}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_circuit_breaker {
    enable   = false
    rollback = var.v
  }
}
#= unknown: a circuit breaker that may be there
variable "v" {
  type = list(string)
}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  dynamic "deployment_circuit_breaker" {
    for_each = var.v
    content {
      enable   = true
      rollback = true
    }
  }
}
#= not-applicable: CodeDeploy
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_controller {
    type = "CODE_DEPLOY"
  }
}
#= not-applicable: another controller
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_controller {
    type = "EXTERNAL"
  }
}
#= fail: ECS by name
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_controller {
    type = "ECS"
  }
}
#= unknown: a controller that is not known
variable "v" {}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_controller {
    type = var.v
  }
}
#= pass: whatever the controller is
variable "v" {}
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_controller {
    type = var.v
  }
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}
#= pass: a service, and its task set is none
resource "aws_ecs_service" "s" {
  name            = "s"
  cluster         = "main"
  task_definition = "app:1"
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}
resource "aws_ecs_task_set" "t" {
  service         = aws_ecs_service.s.id
  cluster         = "main"
  task_definition = "app:1"
}
