locals {
  task_services = [
    "ecr.api",        # what the image is
    "ecr.dkr",        # its manifest
    "kms",            # customer keys of sessions and secrets
    "logs",           # the `awslogs` driver
    "secretsmanager", # `secrets` from Secrets Manager
    "ssm",            # `secrets` from Parameter Store
    "ssmmessages",    # ECS Exec
  ]
  agent_services = var.runs_container_instances ? ["ecs", "ecs-agent", "ecs-telemetry"] : []

  interface_services = setunion(local.task_services, local.agent_services, var.additional_services)
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.interface_services

  vpc_id              = var.vpc_id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.this.id]
  private_dns_enabled = true
  tags                = merge(var.tags, { Name = "${var.name}-${each.key}" })

  # What reaches the endpoint acts as this account or not at all.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "*"
      Resource  = "*"
      Condition = {
        StringEquals = { "aws:PrincipalAccount" = var.account_id }
      }
    }]
  })
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = var.vpc_id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = var.route_table_ids
  tags              = merge(var.tags, { Name = "${var.name}-s3" })

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OwnAccount"
        Effect    = "Allow"
        Principal = "*"
        Action    = "*"
        Resource  = "*"
        Condition = {
          StringEquals = {
            "aws:PrincipalAccount" = var.account_id
            "aws:ResourceAccount"  = var.account_id
          }
        }
      },
      {
        # ECR keeps the layers of images in a bucket of its own, and reads them for the caller.
        Sid       = "ImageLayers"
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:GetObject"
        Resource  = "arn:${var.partition}:s3:::prod-${var.region}-starport-layer-bucket/*"
      },
    ]
  })
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-endpoints-"
  description = "Endpoints of AWS services"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-endpoints" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  for_each = var.client_cidr_blocks

  security_group_id = aws_security_group.this.id
  description       = "HTTPS from tasks"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  tags              = var.tags
}
