locals {
  task_role_arn      = var.task_role == null ? aws_iam_role.task[0].arn : var.task_role.arn
  execution_role_arn = var.execution_role == null ? aws_iam_role.execution[0].arn : var.execution_role.arn

  # ECS tasks of this account and region only: without the conditions, another account's ECS could be
  # talked into using the role.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:ecs:${var.region}:${var.account_id}:*" }
      }
    }]
  })

  # A secret's ARN has seven parts; a JSON key, a stage and a version may follow, which IAM does not know.
  secret_arns = [for arn in values(var.secrets) : join(":", slice(split(":", arn), 0, 7))]

  execution_statements = concat(
    [{
      Sid      = "WriteLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.this.arn}:*"]
    }],
    length(var.ecr_repository_arns) == 0 ? [] : [
      {
        Sid      = "LogInToEcr"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = ["*"]
      },
      {
        Sid      = "PullImages"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = tolist(var.ecr_repository_arns)
      },
    ],
    length(var.secrets) == 0 ? [] : [{
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = local.secret_arns
    }],
    length(var.parameters) == 0 ? [] : [{
      Sid      = "ReadParameters"
      Effect   = "Allow"
      Action   = ["ssm:GetParameters"]
      Resource = values(var.parameters)
    }],
    length(var.secret_key_arns) == 0 ? [] : [{
      Sid      = "DecryptSecrets"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = tolist(var.secret_key_arns)
    }],
  )

  exec_statements = [
    {
      Sid    = "OpenExecChannels"
      Effect = "Allow"
      Action = [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ]
      Resource = ["*"]
    },
    {
      Sid      = "FindExecLogGroup"
      Effect   = "Allow"
      Action   = ["logs:DescribeLogGroups"]
      Resource = ["*"]
    },
    {
      Sid      = "WriteExecLogs"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = ["${var.cluster.exec_log_group_arn}:*"]
    },
    {
      Sid      = "DecryptExecSessions"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = [var.cluster.kms_key_arn]
    },
  ]

  efs_statements = [
    for name, volume in var.efs_volumes : {
      Sid      = "Mount${replace(title(replace(name, "/[^a-zA-Z0-9]+/", " ")), " ", "")}"
      Effect   = "Allow"
      Action   = volume.read_only ? ["elasticfilesystem:ClientMount"] : ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource = [volume.file_system_arn]
      Condition = {
        StringEquals = { "elasticfilesystem:AccessPointArn" = volume.access_point_arn }
      }
    }
  ]

  task_statements = concat(
    [for sid, permission in var.task_permissions : {
      Sid      = sid
      Effect   = "Allow"
      Action   = tolist(permission.actions)
      Resource = tolist(permission.resources)
    }],
    local.efs_statements,
    var.enable_execute_command ? local.exec_statements : [],
  )
}

resource "aws_iam_role" "task" {
  count = var.task_role == null ? 1 : 0

  name                 = "${var.cluster.name}-${var.name}-task"
  description          = "What the code of ${var.name} may do"
  assume_role_policy   = local.assume_role_policy
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy" "task" {
  count = var.task_role == null && length(local.task_statements) > 0 ? 1 : 0

  name   = "task"
  role   = aws_iam_role.task[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.task_statements })
}

resource "aws_iam_role" "execution" {
  count = var.execution_role == null ? 1 : 0

  name                 = "${var.cluster.name}-${var.name}-execution"
  description          = "What ECS may do to start the tasks of ${var.name}"
  assume_role_policy   = local.assume_role_policy
  permissions_boundary = var.permissions_boundary_arn
  tags                 = var.tags
}

resource "aws_iam_role_policy" "execution" {
  count = var.execution_role == null ? 1 : 0

  name   = "execution"
  role   = aws_iam_role.execution[0].name
  policy = jsonencode({ Version = "2012-10-17", Statement = local.execution_statements })
}
