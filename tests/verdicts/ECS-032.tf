#= pass: enabled
resource "aws_ecs_capacity_provider" "p" {
  name = "p"
  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/p"
    managed_termination_protection = "ENABLED"
  }
}
#= fail: disabled
resource "aws_ecs_capacity_provider" "p" {
  name = "p"
  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/p"
    managed_termination_protection = "DISABLED"
  }
}
#= fail: not written
resource "aws_ecs_capacity_provider" "p" {
  name = "p"
  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/p"
  }
}
#= fail: null
resource "aws_ecs_capacity_provider" "p" {
  name = "p"
  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/p"
    managed_termination_protection = null
  }
}
#= unknown: not known
variable "v" {}
resource "aws_ecs_capacity_provider" "p" {
  name = "p"
  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/p"
    managed_termination_protection = var.v
  }
}
#= unknown: a group that may be there
variable "v" {
  type = list(string)
}
resource "aws_ecs_capacity_provider" "p" {
  name = "p"
  dynamic "auto_scaling_group_provider" {
    for_each = var.v
    content {
      auto_scaling_group_arn = auto_scaling_group_provider.value
    }
  }
}
#= not-applicable: managed instances
resource "aws_ecs_capacity_provider" "p" {
  name = "p"
  cluster = "main"
  managed_instances_provider {
    infrastructure_role_arn = "arn:aws:iam::111122223333:role/infrastructure"
  }
}
#= pass fail: by `count`, twice
resource "aws_ecs_capacity_provider" "p" {
  count = 2
  name  = "p${count.index}"
  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:1:autoScalingGroupName/p"
    managed_termination_protection = count.index == 0 ? "ENABLED" : "DISABLED"
  }
}
