#= pass: named actions on named resources
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_sqs_queue" "q" {}
resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id
  policy = jsonencode({
    Statement = { Effect = "Allow", Action = ["sqs:SendMessage", "kms:Decrypt"], Resource = aws_sqs_queue.q.arn }
  })
}
#= fail: an action of everything, in a list, on one resource
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["*"], Resource = "arn:aws:s3:::b" }] })
}
#= fail: all of a service, by a heredoc, with the role's name written
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  execution_role_arn    = "arn:aws:iam::111122223333:role/service/app"
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  path               = "/service/"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = "app"
  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": { "Effect": "Allow", "Action": "Logs:*", "Resource": "arn:aws:logs:eu-west-1:1:log-group:x:*" }
    }
  JSON
}
#= fail: everything but what is named
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
  inline_policy {
    name   = "most"
    policy = jsonencode({ Statement = [{ Effect = "Allow", NotAction = "iam:*", Resource = "*" }] })
  }
}
#= pass: everything but everything, and a denial
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
  inline_policy {
    name = "none"
    policy = jsonencode({ Statement = [
      { Effect = "Allow", NotAction = "*", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "arn:aws:s3:::b" },
    ] })
  }
}
#= fail: a policy of administrators, in a partition that is not known
data "aws_partition" "current" {}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AdministratorAccess"
}
#= fail: a policy of all of a service, among the role's own
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name                = "app"
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSQSFullAccess"]
}
#= pass: what AWS made for the purpose
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  execution_role_arn    = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "app" {
  for_each = toset([
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "service-role/AmazonEC2ContainerServiceforEC2Role",
  ])
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}
#= pass: what AWS made for the purpose, looked up
data "aws_iam_policy" "execution" {
  name = "AmazonECSTaskExecutionRolePolicy"
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  execution_role_arn    = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_policy_attachment" "app" {
  name       = "app"
  roles      = [aws_iam_role.app.name]
  policy_arn = data.aws_iam_policy.execution.arn
}
#= fail: decryption with every key, by a data source and a policy of its own
data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = ["*"]
  }
}
resource "aws_iam_policy" "app" {
  name   = "app"
  policy = data.aws_iam_policy_document.app.json
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  execution_role_arn    = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.app.arn
}
#= pass: decryption with every key, as one service asks for it
data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["secretsmanager.eu-west-1.amazonaws.com"]
    }
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  execution_role_arn    = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.app.json
}
#= fail: decryption with every key, over an encrypted line
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  execution_role_arn    = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.name
  policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Action    = ["ssm:GetParameters"]
    Resource  = ["arn:aws:s3:::b", "*"]
    Condition = { Bool = { "aws:SecureTransport" = "true" } }
  }] })
}
#= pass: logging in to ECR
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  execution_role_arn    = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.name
  policy = jsonencode({ Statement = [{
    Effect   = "Allow"
    Action   = ["ecr:GetAuthorizationToken", "ssmmessages:CreateDataChannel", "ecr:BatchGetImage"]
    Resource = "*"
  }] })
}
#= pass: what is taken back
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.name
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = ["sts:AssumeRole"], Resource = "*" },
    { Effect = "Deny", Action = ["sts:*"], Resource = "*" },
  ] })
}
#= fail: what one document takes from others, the last of one name
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "One"
    actions   = ["s3:*"]
    resources = ["*"]
  }
  statement {
    sid       = "Two"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "over" {
  statement {
    sid       = "Two"
    actions   = ["secretsmanager:Get*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "app" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [data.aws_iam_policy_document.over.json]
  statement {
    sid       = "One"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.app.json
}
#= pass: what one document takes from others, all overridden
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "One"
    actions   = ["s3:*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "app" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    sid       = "One"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.app.json
}
#= fail: dynamic statements
variable "services" {
  default = ["sqs", "sns"]
}
data "aws_iam_policy_document" "app" {
  dynamic "statement" {
    for_each = var.services
    content {
      actions   = ["${statement.value}:*"]
      resources = ["*"]
    }
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.app.json
}
#= unknown: actions that are not known
variable "actions" {
  type = list(string)
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = var.actions, Resource = "*" }] })
}
#= fail: a star beside what is not known
variable "action" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = [var.action, "*"], Resource = "*" }] })
}
#= unknown: a sensitive action on what is not known
variable "keys" {
  type = list(string)
}
data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["kms:Decrypt"]
    resources = var.keys
  }
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.app.json
}
#= pass: an action that is not sensitive on what is not known
variable "bucket" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.name
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = var.bucket },
    { Effect = "Allow", Action = "ssm:GetParameters", Resource = "arn:aws:ssm:*:*:parameter/${var.bucket}/*" },
  ] })
}
#= unknown: a policy that somebody else keeps
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::111122223333:policy/ours"
}
#= unknown: a policy of which it is not known whose it is
variable "role" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "app" {
  role       = var.role
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
#= pass: a policy of another role
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role" "other" {
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.other.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
#= unknown: a module that is not installed
module "more" {
  source = "terraform-aws-modules/iam/aws//modules/iam-role"
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
#= unknown: a policy that is not known
variable "policy" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = var.policy
}
#= fail pass: two roles of a task
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.a.arn
  execution_role_arn    = aws_iam_role.b.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_iam_role" "a" {
  assume_role_policy = "{}"
}
resource "aws_iam_role" "b" {
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachments_exclusive" "a" {
  role_name   = aws_iam_role.a.name
  policy_arns = ["arn:aws:iam::aws:policy/PowerUserAccess"]
}
#= : a role that no task uses
resource "aws_iam_role" "a" {
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::aws:policy/PowerUserAccess"]
}
#= pass: what is made of the ARNs of resources
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  task_role_arn         = aws_iam_role.app.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1" }])
}
resource "aws_secretsmanager_secret" "one" {}
resource "aws_secretsmanager_secret" "two" {}
resource "aws_iam_role" "app" {
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.name
  policy = jsonencode({ Statement = [{
    Effect   = "Allow"
    Action   = "secretsmanager:GetSecretValue"
    Resource = [for arn in [aws_secretsmanager_secret.one.arn, aws_secretsmanager_secret.two.arn] : replace(arn, "/-.{6}$/", "")]
  }] })
}
