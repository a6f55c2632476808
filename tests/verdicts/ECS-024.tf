#= fail: no condition, by jsonencode
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ecs-tasks.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
#= pass: the account
data "aws_caller_identity" "current" {}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Statement = {
      Effect    = "Allow"
      Principal = { Service = ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com"] }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "AWS:sourceaccount" = data.aws_caller_identity.current.account_id } }
    }
  })
}
#= fail: an account that is any
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringLike = { "aws:SourceAccount" = "*" } }
    }]
  })
}
#= pass fail: two roles by a data source, for tasks of a region and for all
data "aws_iam_policy_document" "one" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:aws:ecs:eu-west-1:111122223333:*"]
    }
  }
}
data "aws_iam_policy_document" "two" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.a.arn
  execution_role_arn    = aws_iam_role.b.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "a" {
  assume_role_policy = data.aws_iam_policy_document.one.json
}
resource "aws_iam_role" "b" {
  assume_role_policy = data.aws_iam_policy_document.two.minified_json
}
#= not-applicable: not for tasks
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  assume_role_policy = <<-JSON
    {"Statement": [
      {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
      {"Effect": "Deny", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]}
  JSON
}
#= fail: everybody
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sts:AssumeRole" }] })
}
#= unknown: services that are not known
variable "services" {
  type = list(string)
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = var.services
    }
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
#= unknown: conditions that are not known
variable "conditions" {
  type = map(string)
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    dynamic "condition" {
      for_each = var.conditions
      content {
        test     = "StringEquals"
        variable = condition.key
        values   = [condition.value]
      }
    }
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
#= unknown: a trust policy that is not known
variable "trust" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  assume_role_policy = var.trust
}
#= pass: a value that is not known
variable "account" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  assume_role_policy = <<-JSON
    {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"},
      "Action": ["sts:AssumeRole"], "Condition": {"StringEquals": {"aws:SourceAccount": ["${var.account}"]}}}]}
  JSON
}
