#= not-applicable: no volume
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: a volume without a path of the host
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "v"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= not-applicable: an empty path
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = ""
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: the socket
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/var/run/docker.sock"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: the socket of containerd
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/run/containerd/containerd.sock"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: the directory of the socket
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/var/run/"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: the root
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: under `/etc`
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/etc/ssl"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: `/proc`
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/proc"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: under `/sys`, with a slash too many
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/sys//fs/cgroup/"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: under `/var/lib`
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/var/lib/docker/volumes"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: `/etc`, by a detour
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/opt/../etc"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: what `/var/lib` is in
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/var"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= pass: only the beginning is the same
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/etcetera"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= pass: a directory of its own
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/srv/data"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: read-only
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/proc"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x", readOnly = true }] }])
}
#= pass: no container mounts it
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/etc"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "other", containerPath = "/x" }] }])
}
#= unknown: a path that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = var.v
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: under `/etc`, whatever follows
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/etc/${var.v}"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= pass: a directory of its own, whatever follows
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/srv/${var.v}"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= unknown: in a directory that something sensitive is in
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/var/${var.v}"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= unknown: a beginning that leaves it open
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/etc${var.v}"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= unknown: a mount of a volume that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/etc"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = var.v, containerPath = "/x" }] }])
}
#= fail: a name that is not known, and is the same
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = var.v
    host_path = "/etc"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = var.v, containerPath = "/x" }] }])
}
#= pass: a mount of a volume that is not known, and a path of its own
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "/srv/data"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = var.v, containerPath = "/x" }] }])
}
#= unknown: definitions that are not known
variable "definitions" {}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  volume {
    name      = "v"
    host_path = "/etc"
  }
  container_definitions = var.definitions
}
#= unknown: volumes that are not known
variable "l" {
  type = list(any)
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  dynamic "volume" {
    for_each = var.l
    content {
      name      = volume.value.name
      host_path = volume.value.path
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: one of two volumes, the home of the host's own root
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "a"
    host_path = "/srv/a"
  }
  volume {
    name      = "b"
    host_path = "/root"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "a", containerPath = "/a" }, { sourceVolume = "b", containerPath = "/b" }] }])
}
#= fail: the pipe of the engine on Windows
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "\\\\.\\pipe\\docker_engine"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
#= fail: the pipe, with slashes
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name      = "v"
    host_path = "//./pipe/docker_engine"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/x" }] }])
}
