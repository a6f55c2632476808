variable "name" {
  type = string
}

variable "insights" {
  type    = string
  default = "enabled"
}

resource "aws_ecs_cluster" "main" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = var.insights
  }
}
