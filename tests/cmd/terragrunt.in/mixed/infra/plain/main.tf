resource "aws_ecs_cluster" "main" {
  name = "plain"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}
