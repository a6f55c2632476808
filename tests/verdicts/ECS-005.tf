#= pass: enabled
resource "aws_ecs_cluster" "main" {
  name = "main"
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}
#= pass: enhanced
resource "aws_ecs_cluster" "main" {
  name = "main"
  setting {
    name  = "containerInsights"
    value = "enhanced"
  }
}
#= fail: disabled
resource "aws_ecs_cluster" "main" {
  name = "main"
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}
#= fail: another value
resource "aws_ecs_cluster" "main" {
  name = "main"
  setting {
    name  = "containerInsights"
    value = "on"
  }
}
#= fail: no setting
resource "aws_ecs_cluster" "main" {
  name = "main"
}
#= unknown: a value that is not known
variable "v" {
  type = string
}
resource "aws_ecs_cluster" "main" {
  name = "main"
  setting {
    name  = "containerInsights"
    value = var.v
  }
}
#= pass: the account's default
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_account_setting_default" "i" {
  name  = "containerInsights"
  value = "enabled"
}
#= fail: the account's default is off
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_account_setting_default" "i" {
  name  = "containerInsights"
  value = "disabled"
}
#= fail: the account's default of another provider
provider "aws" {
  alias  = "other"
  region = "us-east-1"
}
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_account_setting_default" "i" {
  name  = "containerInsights"
  value = "enabled"
  provider = aws.other
}
#= fail: written off against the account's default
resource "aws_ecs_cluster" "main" {
  name = "main"
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}
resource "aws_ecs_account_setting_default" "i" {
  name  = "containerInsights"
  value = "enabled"
}
#= pass: a dynamic block
resource "aws_ecs_cluster" "main" {
  name = "main"
  dynamic "setting" {
    for_each = { containerInsights = "enabled" }
    content {
      name  = setting.key
      value = setting.value
    }
  }
}
#= fail: a dynamic block of nothing
resource "aws_ecs_cluster" "main" {
  name = "main"
  dynamic "setting" {
    for_each = {}
    content {
      name  = setting.key
      value = setting.value
    }
  }
}
#= unknown: dynamic blocks that are not known
variable "m" {
  type = map(string)
}
resource "aws_ecs_cluster" "main" {
  name = "main"
  dynamic "setting" {
    for_each = var.m
    content {
      name  = setting.key
      value = setting.value
    }
  }
}
#= unknown: a module that is not installed may turn it on for the account
resource "aws_ecs_cluster" "main" {
  name = "main"
}
module "other" {
  source = "example/other/aws"
}
#= fail: a module that is not installed does not change what is written
resource "aws_ecs_cluster" "main" {
  name = "main"
  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}
module "other" {
  source = "example/other/aws"
}
#= pass: the account's default in the cluster's own region
resource "aws_ecs_cluster" "main" {
  name   = "main"
  region = "eu-west-1"
}
resource "aws_ecs_account_setting_default" "insights" {
  region = "eu-west-1"
  name   = "containerInsights"
  value  = "enabled"
}
#= fail: the account's default in another region
resource "aws_ecs_cluster" "main" {
  name   = "main"
  region = "eu-west-1"
}
resource "aws_ecs_account_setting_default" "insights" {
  region = "us-east-1"
  name   = "containerInsights"
  value  = "enabled"
}
#= unknown: the account's default in the provider's region, whichever that is
resource "aws_ecs_cluster" "main" {
  name   = "main"
  region = "eu-west-1"
}
resource "aws_ecs_account_setting_default" "insights" {
  name  = "containerInsights"
  value = "enabled"
}
