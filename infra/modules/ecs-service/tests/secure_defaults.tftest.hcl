mock_provider "aws" {}

variables {
  name       = "api"
  account_id = "111122223333"
  region     = "eu-central-1"
  image      = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/orders/api:1.4.2"
  vpc_id     = "vpc-0a1b2c3d4e5f60718"
  subnet_ids = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]

  cluster = {
    arn                = "arn:aws:ecs:eu-central-1:111122223333:cluster/orders"
    name               = "orders"
    kms_key_arn        = "arn:aws:kms:eu-central-1:111122223333:key/0f6d7a52-3f0e-4c56-9a3e-6b1d2f6c9a10"
    exec_log_group_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/orders/exec"
  }
}

run "confines_the_container_by_default" {
  command = plan

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].readonlyRootFilesystem
    error_message = "The root filesystem must be read-only."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].privileged == false
    error_message = "The container must not be privileged."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].user == "65532:65532"
    error_message = "The container must run as a user that is not root."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].linuxParameters.capabilities.drop == ["ALL"]
    error_message = "The container must have no capability."
  }

  assert {
    condition     = aws_ecs_task_definition.this.network_mode == "awsvpc"
    error_message = "Each task must have a network interface of its own."
  }

  assert {
    condition     = aws_ecs_task_definition.this.pid_mode == null && aws_ecs_task_definition.this.ipc_mode == null
    error_message = "Containers must not share process or IPC namespaces."
  }

  assert {
    condition     = length(aws_ecs_task_definition.this.volume) == 0
    error_message = "Nothing is writable unless it is asked for."
  }
}

run "logs_to_an_encrypted_group_of_its_own" {
  command = plan

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.logDriver == "awslogs"
    error_message = "The container must log through awslogs."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.options["awslogs-group"] == aws_cloudwatch_log_group.this.name
    error_message = "The container must log to the group that is made here."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.options.mode == "non-blocking"
    error_message = "The mode must be written: its default has changed before."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/ecs/orders/api" && aws_cloudwatch_log_group.this.kms_key_id == var.cluster.kms_key_arn
    error_message = "The log group must be under the cluster's, and encrypted with its key."
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.retention_in_days == 365
    error_message = "Logs must be kept for a year."
  }
}

run "keeps_the_service_private_and_rolls_back" {
  command = plan

  assert {
    condition     = aws_ecs_service.this.network_configuration[0].assign_public_ip == false
    error_message = "Tasks must not get a public address."
  }

  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "A deployment that fails must be rolled back."
  }

  assert {
    condition     = aws_ecs_service.this.platform_version == "LATEST"
    error_message = "Tasks must run on the newest platform version."
  }

  assert {
    condition     = aws_ecs_service.this.enable_execute_command == false
    error_message = "ECS Exec must be off unless it is asked for."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.this) + length(aws_vpc_security_group_egress_rule.this) == 0
    error_message = "Tasks reach nothing, and nothing reaches them, unless it is asked for."
  }
}

run "makes_two_roles_that_only_ecs_of_this_account_may_assume" {
  command = plan

  assert {
    condition     = aws_iam_role.task[0].name == "orders-api-task" && aws_iam_role.execution[0].name == "orders-api-execution"
    error_message = "The task role and the task execution role must be two roles."
  }

  assert {
    condition = alltrue([
      for role in [aws_iam_role.task[0], aws_iam_role.execution[0]] :
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "111122223333" &&
      jsondecode(role.assume_role_policy).Statement[0].Condition.ArnLike["aws:SourceArn"] == "arn:aws:ecs:eu-central-1:111122223333:*"
    ])
    error_message = "Only ECS tasks of this account and region may assume the roles."
  }

  assert {
    condition     = length(aws_iam_role_policy.task) == 0
    error_message = "The running code may do nothing unless it is asked for."
  }
}

# Unknown values have to become known before the whole policy can be read.
run "gives_the_execution_role_only_what_the_task_needs" {
  command = apply

  variables {
    ecr_repository_arns = ["arn:aws:ecr:eu-central-1:111122223333:repository/orders/api"]
    secrets             = { DATABASE_URL = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-a1b2c3:url::" }
    parameters          = { RUST_LOG = "arn:aws:ssm:eu-central-1:111122223333:parameter/orders/log-filter" }
  }

  override_resource {
    target = aws_iam_role.task
    values = { arn = "arn:aws:iam::111122223333:role/orders-api-task" }
  }

  override_resource {
    target = aws_iam_role.execution
    values = { arn = "arn:aws:iam::111122223333:role/orders-api-execution" }
  }

  override_resource {
    target = aws_cloudwatch_log_group.this
    values = { arn = "arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/orders/api" }
  }

  assert {
    condition = jsondecode(aws_iam_role_policy.execution[0].policy).Statement[*].Sid == [
      "WriteLogs", "LogInToEcr", "PullImages", "ReadSecrets", "ReadParameters",
    ]
    error_message = "The task execution role must have these rights and no others."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.execution[0].policy).Statement :
      statement.Resource != ["*"] || statement.Action == ["ecr:GetAuthorizationToken"]
    ])
    error_message = "Only logging in to ECR, which has no resource, may be allowed on everything."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.execution[0].policy).Statement : statement.Resource if statement.Sid == "ReadSecrets"
    ]) == ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:orders-a1b2c3"]
    error_message = "The right must be on the secret, without the JSON key that the container reads."
  }

  assert {
    condition = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets[*].name == ["DATABASE_URL", "RUST_LOG"] && (
      jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment == []
    )
    error_message = "Secrets and parameters must be given as secrets, not as environment."
  }

  assert {
    condition     = aws_ecs_task_definition.this.task_role_arn != aws_ecs_task_definition.this.execution_role_arn
    error_message = "The task must have two roles."
  }
}

run "mounts_files_encrypted_and_by_the_task_role" {
  command = plan

  variables {
    efs_volumes = {
      exports = {
        container_path   = "/srv/exports"
        file_system_id   = "fs-0a1b2c3d4e5f60718"
        file_system_arn  = "arn:aws:elasticfilesystem:eu-central-1:111122223333:file-system/fs-0a1b2c3d4e5f60718"
        access_point_id  = "fsap-0a1b2c3d4e5f60718"
        access_point_arn = "arn:aws:elasticfilesystem:eu-central-1:111122223333:access-point/fsap-0a1b2c3d4e5f60718"
      }
    }
  }

  assert {
    condition     = one(aws_ecs_task_definition.this.volume).efs_volume_configuration[0].transit_encryption == "ENABLED"
    error_message = "Files must be encrypted in transit."
  }

  assert {
    condition     = one(aws_ecs_task_definition.this.volume).efs_volume_configuration[0].authorization_config[0].iam == "ENABLED"
    error_message = "Access to files must go through the task role."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].mountPoints[0].readOnly
    error_message = "Files must be read-only unless it is asked for otherwise."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.task[0].policy).Statement[0].Action == ["elasticfilesystem:ClientMount"]
    error_message = "The task role must not be able to write files that are mounted read-only."
  }
}

run "gives_the_agent_of_ecs_exec_its_two_directories" {
  command = plan

  variables {
    enable_execute_command = true
    writable_paths         = ["/tmp"]
  }

  assert {
    condition = toset(jsondecode(aws_ecs_task_definition.this.container_definitions)[0].mountPoints[*].containerPath) == toset(
      ["/tmp", "/var/lib/amazon/ssm", "/var/log/amazon"]
    )
    error_message = "The agent's directories and those asked for must be writable, and no others."
  }

  assert {
    condition     = toset(aws_ecs_task_definition.this.volume[*].name) == toset(["tmp", "var-lib-amazon-ssm", "var-log-amazon"])
    error_message = "Each writable directory must have a volume."
  }
}

run "uses_the_callers_roles" {
  command = plan

  variables {
    task_role      = { arn = "arn:aws:iam::111122223333:role/code" }
    execution_role = { arn = "arn:aws:iam::111122223333:role/start" }
  }

  assert {
    condition     = length(aws_iam_role.task) + length(aws_iam_role.execution) == 0
    error_message = "No role is made where one is given."
  }
}

run "refuses_one_role_for_both" {
  command = plan

  variables {
    task_role      = { arn = "arn:aws:iam::111122223333:role/orders" }
    execution_role = { arn = "arn:aws:iam::111122223333:role/orders" }
  }

  expect_failures = [aws_ecs_task_definition.this]
}

run "refuses_root" {
  command = plan

  variables {
    user = "0:65532"
  }

  expect_failures = [var.user]
}

run "refuses_secrets_in_the_environment" {
  command = plan

  variables {
    environment = { DB_PASSWORD = "not a real one" }
  }

  expect_failures = [var.environment]
}

run "refuses_an_image_that_moves" {
  command = plan

  variables {
    image = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/orders/api:latest"
  }

  expect_failures = [var.image]
}

run "refuses_rights_on_everything" {
  command = plan

  variables {
    task_permissions = { Everything = { actions = ["s3:*"], resources = ["*"] } }
  }

  expect_failures = [var.task_permissions]
}

run "refuses_an_old_platform" {
  command = plan

  variables {
    platform_version = "1.3.0"
  }

  expect_failures = [var.platform_version]
}
