#= fail: no user
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: root
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "root" }])
}
#= fail: zero
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "0" }])
}
#= fail: root with a group
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "root:1000" }])
}
#= fail: zero with a group
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "0:0" }])
}
#= fail: empty
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "" }])
}
#= fail: null
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = null }])
}
#= pass: a number
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "10001" }])
}
#= pass: a name with a group
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "app:app" }])
}
#= pass: the group of root
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "10001:0" }])
}
#= unknown: not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = var.v }])
}
#= fail: root, whatever the group
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "0:${var.v}" }])
}
#= pass: a user, whatever the group
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "app:${var.v}" }])
}
#= fail: Windows without a user
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: the administrator of Windows
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "ContainerAdministrator" }])
}
#= pass: a user of Windows
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "ContainerUser" }])
}
#= pass: root means nothing on Windows
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "root" }])
}
#= unknown: a user of Windows that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = var.v }])
}
#= fail: a system that is not known, and no user
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: a system that is not known, and a user
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "app" }])
}
#= unknown: a system that is not known, and root of one
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "root" }])
}
#= not-applicable: root on the network of its host, which another rule judges
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: a user that is not known on the network of its host
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = var.v }])
}
#= pass: a user on the network of its host
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "app" }])
}
#= fail: privileged root on the network of its host, which the other rule lets pass
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = "host"
  container_definitions = jsonencode([{ name = "app", image = "a:1", privileged = true }])
}
#= fail: root under a mode that is not known
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  network_mode = var.v
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: a FireLens router
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "0", firelensConfiguration = { type = "fluentbit" } }])
}
#= fail pass: one of two containers
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([
    { name = "a", image = "a:1", essential = false },
    { name = "b", image = "b:1", user = "b" },
  ])
}
#= unknown: definitions that are not known
variable "definitions" {}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  container_definitions = var.definitions
}
#= not-applicable: definitions that are not known, under `host`
variable "definitions" {}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  network_mode = "host"
  container_definitions = var.definitions
}
