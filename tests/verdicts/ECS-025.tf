#= fail: nothing is said
resource "aws_ecr_repository" "app" {
  name = "app"
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1" }])
}
#= pass: all is said
resource "aws_ecr_repository" "app" {
  name                 = "app"
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "KMS"
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1" }])
}
#= pass: the newer words, and a registry that scans
resource "aws_ecr_registry_scanning_configuration" "all" {
  scan_type = "ENHANCED"
  rule {
    scan_frequency = "CONTINUOUS_SCAN"
    repository_filter {
      filter      = "team/*"
      filter_type = "WILDCARD"
    }
  }
}
resource "aws_ecr_repository" "app" {
  name                 = "team/app"
  image_tag_mutability = "IMMUTABLE_WITH_EXCLUSION"
  encryption_configuration {
    encryption_type = "KMS_DSSE"
  }
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name  = "app"
    image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app:1"
  }])
}
#= fail: a registry that scans others
resource "aws_ecr_registry_scanning_configuration" "all" {
  scan_type = "BASIC"
  rule {
    scan_frequency = "SCAN_ON_PUSH"
    repository_filter {
      filter      = "team/*"
      filter_type = "WILDCARD"
    }
  }
}
resource "aws_ecr_repository" "app" {
  name                 = "app"
  image_tag_mutability = "IMMUTABLE"
  encryption_configuration {
    encryption_type = "KMS"
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}@sha256:00" }])
}
#= fail: tags that can be moved by exception
resource "aws_ecr_repository" "app" {
  name                 = "app"
  image_tag_mutability = "MUTABLE_WITH_EXCLUSION"
  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "KMS"
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1" }])
}
#= fail: a repository that is looked up in its own configuration
data "aws_ecr_repository" "app" {
  name = "app"
}
resource "aws_ecr_repository" "app" {
  name = "app"
  encryption_configuration {
    encryption_type = "AES256"
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "${data.aws_ecr_repository.app.repository_url}:1" }])
}
#= : no image comes from it
resource "aws_ecr_repository" "app" {
  name = "app"
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
#= unknown: words that are not known
variable "mutability" {
  type = string
}
resource "aws_ecr_repository" "app" {
  name                 = "app"
  image_tag_mutability = var.mutability
  image_scanning_configuration {
    scan_on_push = true
  }
  encryption_configuration {
    encryption_type = "KMS"
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1" }])
}
#= unknown: a registry that may scan it
variable "filters" {
  type = list(string)
}
resource "aws_ecr_registry_scanning_configuration" "all" {
  scan_type = "BASIC"
  rule {
    scan_frequency = "SCAN_ON_PUSH"
    dynamic "repository_filter" {
      for_each = var.filters
      content {
        filter      = repository_filter.value
        filter_type = "WILDCARD"
      }
    }
  }
}
resource "aws_ecr_repository" "app" {
  name                 = "app"
  image_tag_mutability = "IMMUTABLE"
  encryption_configuration {
    encryption_type = "KMS"
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1" }])
}
#= unknown: something that is not read may scan it
module "registry" {
  source = "terraform-aws-modules/ecr/aws"
}
resource "aws_ecr_repository" "app" {
  name                 = "app"
  image_tag_mutability = "IMMUTABLE"
  encryption_configuration {
    encryption_type = "KMS"
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.app.repository_url}:1" }])
}
