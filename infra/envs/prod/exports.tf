# Files that the worker writes and that outlive its tasks.
resource "aws_efs_file_system" "exports" {
  encrypted  = true
  kms_key_id = module.cluster.kms_key_arn
  tags       = { Name = "${local.name}-exports" }
}

# Only through the access point, only by its role, and only encrypted.
resource "aws_efs_file_system_policy" "exports" {
  file_system_id = aws_efs_file_system.exports.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Worker"
        Effect    = "Allow"
        Principal = { AWS = module.worker.task_role_arn }
        Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        Resource  = aws_efs_file_system.exports.arn
        Condition = {
          StringEquals = { "elasticfilesystem:AccessPointArn" = aws_efs_access_point.exports.arn }
        }
      },
      {
        Sid       = "EncryptedOnly"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "*"
        Resource  = aws_efs_file_system.exports.arn
        Condition = {
          Bool = { "aws:SecureTransport" = "false" }
        }
      },
    ]
  })
}

resource "aws_efs_access_point" "exports" {
  file_system_id = aws_efs_file_system.exports.id

  posix_user {
    uid = 65532
    gid = 65532
  }

  root_directory {
    path = "/exports"

    creation_info {
      owner_uid   = 65532
      owner_gid   = 65532
      permissions = "0750"
    }
  }
}

resource "aws_efs_mount_target" "exports" {
  for_each = aws_subnet.private

  file_system_id  = aws_efs_file_system.exports.id
  subnet_id       = each.value.id
  security_groups = [aws_security_group.exports.id]
}

resource "aws_security_group" "exports" {
  name_prefix = "${local.name}-exports-"
  description = "File system of exports"
  vpc_id      = aws_vpc.this.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "exports" {
  security_group_id            = aws_security_group.exports.id
  description                  = "NFS from the worker"
  referenced_security_group_id = module.worker.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
}
