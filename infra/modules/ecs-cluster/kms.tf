resource "aws_kms_key" "this" {
  count = var.customer_key == null ? 1 : 0

  description             = "Sessions, logs, alarms and ephemeral storage of the ECS cluster ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = var.tags
}

resource "aws_kms_alias" "this" {
  count = var.customer_key == null ? 1 : 0

  name          = "alias/ecs/${var.name}"
  target_key_id = aws_kms_key.this[0].key_id
}

resource "aws_kms_key_policy" "this" {
  count = var.customer_key == null ? 1 : 0

  key_id = aws_kms_key.this[0].key_id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:${var.partition}:iam::${var.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.region}.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:/ecs/${var.name}/*"
          }
        }
      },
      {
        Sid       = "EphemeralStorageDataKeys"
        Effect    = "Allow"
        Principal = { Service = "fargate.amazonaws.com" }
        Action    = "kms:GenerateDataKeyWithoutPlaintext"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:EncryptionContext:aws:ecs:clusterAccount" = var.account_id
            "kms:EncryptionContext:aws:ecs:clusterName"    = var.name
          }
        }
      },
      {
        Sid       = "EphemeralStorageGrants"
        Effect    = "Allow"
        Principal = { Service = "fargate.amazonaws.com" }
        Action    = "kms:CreateGrant"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "kms:EncryptionContext:aws:ecs:clusterAccount" = var.account_id
            "kms:EncryptionContext:aws:ecs:clusterName"    = var.name
          }
          "ForAllValues:StringEquals" = {
            "kms:GrantOperations" = ["Decrypt"]
          }
        }
      },
      {
        Sid       = "Alarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.account_id }
        }
      },
    ]
  })
}
