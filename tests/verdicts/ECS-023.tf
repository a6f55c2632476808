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
#= fail: neither
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: IAM
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      authorization_config {
        iam = "ENABLED"
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: IAM disabled
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      authorization_config {
        iam = "DISABLED"
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: an access point
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = "fsap-1"
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: an access point, IAM disabled
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = "fsap-1"
        iam             = "DISABLED"
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: an access point whose id is not known
resource "aws_efs_access_point" "a" {
  file_system_id = "fs-1"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = aws_efs_access_point.a.id
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: an access point that is null
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = null
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: an access point that is empty
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = ""
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: IAM that is not known
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      authorization_config {
        iam = var.v
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: an access point, whatever IAM is
variable "v" {}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = "fsap-1"
        iam             = var.v
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: an authorization that may be there
variable "v" {
  type = list(string)
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id     = "fs-1"
      transit_encryption = "ENABLED"
      dynamic "authorization_config" {
        for_each = var.v
        content {
          iam = "ENABLED"
        }
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: one of two
resource "aws_ecs_task_definition" "app" {
  family = "app"
  volume {
    name = "a"
    efs_volume_configuration {
      file_system_id = "fs-1"
      authorization_config {
        iam = "ENABLED"
      }
    }
  }
  volume {
    name = "b"
    efs_volume_configuration {
      file_system_id = "fs-1"
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: volumes that may be there
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
        }
      }
    }
  }
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
