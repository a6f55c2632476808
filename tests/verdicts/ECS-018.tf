#= pass: nothing
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: dropped
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { drop = ["ALL"] } } }])
}
#= fail: added
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = ["NET_ADMIN"] } } }])
}
#= fail: everything
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = ["ALL"] } } }])
}
#= fail: in lower case, with the kernel's prefix
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = ["cap_sys_admin"] } } }])
}
#= pass: only tracing
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = ["SYS_PTRACE"] } } }])
}
#= fail: tracing and more
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = ["SYS_PTRACE", "SYS_TIME"] } } }])
}
#= pass: an empty list
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = [] }, devices = [] } }])
}
#= unknown: a capability that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = [var.v] } } }])
}
#= fail: one that is known beside one that is not
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = [var.v, "SYS_ADMIN"] } } }])
}
#= unknown: a list that is not known
variable "v" {
  type = list(string)
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = var.v } } }])
}
#= unknown: parameters that are not known
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = var.v }])
}
#= unknown: a list of a wrong type
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = "ALL" } } }])
}
#= fail: a device
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { devices = [{ hostPath = "/dev/fuse" }] } }])
}
#= fail: keys in another case
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", LinuxParameters = { Capabilities = { Add = ["SYS_ADMIN"] } } }])
}
#= fail: seccomp off
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", dockerSecurityOptions = ["seccomp:unconfined"] }])
}
#= fail: AppArmor off
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", dockerSecurityOptions = ["apparmor=unconfined"] }])
}
#= fail: SELinux off
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", dockerSecurityOptions = ["label:disable"] }])
}
#= pass: options that turn nothing off
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", dockerSecurityOptions = ["no-new-privileges", "apparmor:ours", "label:type:ours_t"] }])
}
#= unknown: options that are not known
variable "v" {
  type = list(string)
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", dockerSecurityOptions = var.v }])
}
#= not-applicable: Windows
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = ["ALL"] } } }])
}
#= unknown: a system that is not known, and something added
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", linuxParameters = { capabilities = { add = ["ALL"] } } }])
}
#= pass: a system that is not known, and nothing added
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  runtime_platform {
    operating_system_family = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail pass: one of two containers
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([
    { name = "a", image = "a:1", linuxParameters = { capabilities = { add = ["SYS_ADMIN"] } } },
    { name = "b", image = "b:1" },
  ])
}
#= unknown: definitions that are not known
variable "definitions" {}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  container_definitions = var.definitions
}
#= not-applicable: definitions that are not known, on Windows
variable "definitions" {}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
  container_definitions = var.definitions
}
