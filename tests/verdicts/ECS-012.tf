#= not-applicable: no volume
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: another volume
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: not written
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id = "fs-1"
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: disabled
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id = "fs-1"
      transit_encryption = "DISABLED"
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: enabled
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id = "fs-1"
      transit_encryption = "ENABLED"
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id = "fs-1"
      transit_encryption = var.v
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: one of two
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id = "fs-1"
      transit_encryption = "ENABLED"
    }
  }
  volume {
    name = "more"
    efs_volume_configuration {
      file_system_id = "fs-1"
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: a dynamic volume
resource "aws_ecs_task_definition" "app" {
  family = "app"
  dynamic "volume" {
    for_each = toset(["a"])
    content {
      name = volume.value
      efs_volume_configuration {
        file_system_id = "fs-1"
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: NFS to EFS
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    docker_volume_configuration {
      driver = "local"
      driver_opts = {
        type   = "nfs"
        device = "fs-1.efs.eu-west-1.amazonaws.com:/"
        o      = "addr=fs-1.efs.eu-west-1.amazonaws.com"
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= not-applicable: NFS to something else
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    docker_volume_configuration {
      driver = "local"
      driver_opts = {
        type   = "nfs"
        device = ":/export"
        o      = "addr=nas.internal"
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
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
      name = volume.value.name
      dynamic "efs_volume_configuration" {
        for_each = volume.value.efs
        content {
          file_system_id = efs_volume_configuration.value.id
          transit_encryption = efs_volume_configuration.value.te
        }
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: NFS to a file system of the configuration
resource "aws_efs_file_system" "f" {
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
  volume {
    name = "data"
    docker_volume_configuration {
      driver = "local"
      driver_opts = {
        type   = "nfs"
        device = ":/"
        o      = "addr=${aws_efs_file_system.f.dns_name},nolock"
      }
    }
  }
}
#= unknown: NFS to a host that is not known
variable "h" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
  volume {
    name = "data"
    docker_volume_configuration {
      driver = "local"
      driver_opts = {
        type   = "nfs"
        device = ":/"
        o      = "addr=${var.h},nolock"
      }
    }
  }
}
