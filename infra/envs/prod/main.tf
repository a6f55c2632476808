locals {
  name = "orders-prod"

  # What every task connects to.
  aws_egress = {
    endpoints = { security_group_id = module.endpoints.security_group_id }
    s3        = { prefix_list_id = module.endpoints.s3_prefix_list_id }
  }
}

module "cluster" {
  source = "../../modules/ecs-cluster"

  name       = local.name
  account_id = var.account_id
  region     = var.region
}

resource "aws_ecr_repository" "this" {
  for_each = toset(["api", "worker"])

  name                 = "orders/${each.key}"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = module.cluster.kms_key_arn
  }
}

resource "aws_secretsmanager_secret" "database_url" {
  name        = "orders/prod/database-url"
  description = "Connection string of the orders database. Its value is set by who runs the database."
  kms_key_id  = module.cluster.kms_key_arn
}

resource "aws_ssm_parameter" "log_filter" {
  name        = "/orders/prod/log-filter"
  description = "Filter of the services' own log lines. Changed by hand while something is looked into."
  type        = "String"
  value       = "info"

  lifecycle {
    ignore_changes = [value]
  }
}

resource "aws_sqs_queue" "jobs" {
  name              = "${local.name}-jobs"
  kms_master_key_id = module.cluster.kms_key_arn
}

module "api" {
  source = "../../modules/ecs-service"

  name       = "api"
  account_id = var.account_id
  region     = var.region
  cluster    = module.cluster

  image               = "${aws_ecr_repository.this["api"].repository_url}:${var.release}"
  ecr_repository_arns = [aws_ecr_repository.this["api"].arn]
  cpu                 = 512
  memory              = 1024
  port                = 8080

  environment = {
    JOBS_QUEUE_URL = aws_sqs_queue.jobs.url
    LISTEN_ADDRESS = "0.0.0.0:8080"
  }
  secrets         = { DATABASE_URL = aws_secretsmanager_secret.database_url.arn }
  parameters      = { RUST_LOG = aws_ssm_parameter.log_filter.arn }
  secret_key_arns = [module.cluster.kms_key_arn]

  task_permissions = {
    SendJobs = { actions = ["sqs:SendMessage"], resources = [aws_sqs_queue.jobs.arn] }
    SealJobs = { actions = ["kms:Decrypt", "kms:GenerateDataKey"], resources = [module.cluster.kms_key_arn] }
  }

  vpc_id                     = aws_vpc.this.id
  subnet_ids                 = values(aws_subnet.private)[*].id
  ingress_security_group_ids = { load-balancer = aws_security_group.load_balancer.id }
  egress                     = local.aws_egress
  target_group_arns          = [aws_lb_target_group.api.arn]

  desired_count        = 3
  scaling              = { min_tasks = 3, max_tasks = 12 }
  rollback_alarm_names = [module.monitoring.cpu_alarm_names["api"]]

  # ECS refuses a service whose target group no listener uses yet.
  depends_on = [aws_lb_listener.https]
}

module "worker" {
  source = "../../modules/ecs-service"

  name       = "worker"
  account_id = var.account_id
  region     = var.region
  cluster    = module.cluster

  image               = "${aws_ecr_repository.this["worker"].repository_url}:${var.release}"
  ecr_repository_arns = [aws_ecr_repository.this["worker"].arn]
  cpu                 = 256
  memory              = 512

  environment     = { JOBS_QUEUE_URL = aws_sqs_queue.jobs.url }
  secrets         = { DATABASE_URL = aws_secretsmanager_secret.database_url.arn }
  secret_key_arns = [module.cluster.kms_key_arn]

  task_permissions = {
    TakeJobs = { actions = ["sqs:DeleteMessage", "sqs:ReceiveMessage"], resources = [aws_sqs_queue.jobs.arn] }
    OpenJobs = { actions = ["kms:Decrypt"], resources = [module.cluster.kms_key_arn] }
  }

  writable_paths = ["/tmp"]
  efs_volumes = {
    exports = {
      container_path   = "/srv/exports"
      file_system_id   = aws_efs_file_system.exports.id
      file_system_arn  = aws_efs_file_system.exports.arn
      access_point_id  = aws_efs_access_point.exports.id
      access_point_arn = aws_efs_access_point.exports.arn
      read_only        = false
    }
  }

  # The health check asks the worker itself: nothing connects to it.
  health_check_command = ["/usr/local/bin/worker", "health"]

  vpc_id     = aws_vpc.this.id
  subnet_ids = values(aws_subnet.private)[*].id
  egress     = merge(local.aws_egress, { exports = { port = 2049, security_group_id = aws_security_group.exports.id } })
}

module "monitoring" {
  source = "../../modules/monitoring"

  name         = local.name
  account_id   = var.account_id
  cluster_name = module.cluster.name
  kms_key_arn  = module.cluster.kms_key_arn

  # By name, not by reference: the api's deployments roll back on an alarm from here, which must exist before it.
  services = {
    api    = { service_name = "api", min_running_task_count = 2 }
    worker = { service_name = "worker" }
  }

  subscriber_emails = var.alarm_emails
}
