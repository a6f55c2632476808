locals {
  name = "orders-dev"

  services = {
    api    = { port = 8080, environment = { LISTEN_ADDRESS = "0.0.0.0:8080" } }
    worker = { port = null, environment = {} }
  }
}

module "cluster" {
  source = "../../modules/ecs-cluster"

  name               = local.name
  account_id         = var.account_id
  region             = var.region
  log_retention_days = 90
}

resource "aws_ecr_repository" "this" {
  for_each = local.services

  name                 = "orders/${each.key}"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = module.cluster.kms_key_arn
  }
}

resource "aws_secretsmanager_secret" "database_url" {
  name                    = "orders/dev/database-url"
  description             = "Connection string of the orders database. Its value is set by who runs the database."
  kms_key_id              = module.cluster.kms_key_arn
  recovery_window_in_days = 7
}

module "service" {
  source   = "../../modules/ecs-service"
  for_each = local.services

  name       = each.key
  account_id = var.account_id
  region     = var.region
  cluster    = module.cluster

  image               = "${aws_ecr_repository.this[each.key].repository_url}:${var.release}"
  ecr_repository_arns = [aws_ecr_repository.this[each.key].arn]
  port                = each.value.port
  environment         = merge({ RUST_LOG = "debug" }, each.value.environment)
  secrets             = { DATABASE_URL = aws_secretsmanager_secret.database_url.arn }
  secret_key_arns     = [module.cluster.kms_key_arn]

  # No load balancer asks them how they are: they tell it themselves.
  health_check_command = ["/usr/local/bin/${each.key}", "health"]

  vpc_id     = aws_vpc.this.id
  subnet_ids = values(aws_subnet.private)[*].id
  egress = {
    endpoints = { security_group_id = module.endpoints.security_group_id }
    s3        = { prefix_list_id = module.endpoints.s3_prefix_list_id }
  }

  log_retention_days     = 30
  desired_count          = 1
  enable_execute_command = true
}

module "monitoring" {
  source = "../../modules/monitoring"

  name         = local.name
  account_id   = var.account_id
  cluster_name = module.cluster.name
  kms_key_arn  = module.cluster.kms_key_arn
  services     = { for name, service in module.service : name => { service_name = service.name } }

  subscriber_emails = var.alarm_emails
}
