mock_provider "aws" {}

variables {
  name               = "orders"
  account_id         = "111122223333"
  region             = "eu-central-1"
  vpc_id             = "vpc-0a1b2c3d4e5f60718"
  client_cidr_blocks = ["10.20.0.0/20", "10.20.16.0/20"]
  subnet_ids         = ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]
  route_table_ids    = ["rtb-0a1b2c3d4e5f60718"]
}

run "has_what_fargate_tasks_need" {
  command = plan

  assert {
    condition     = keys(aws_vpc_endpoint.interface) == ["ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "ssm", "ssmmessages"]
    error_message = "Each service that a task on Fargate needs must have an endpoint."
  }

  assert {
    condition = alltrue([
      for name, endpoint in aws_vpc_endpoint.interface :
      endpoint.vpc_endpoint_type == "Interface" && endpoint.private_dns_enabled && endpoint.service_name == "com.amazonaws.eu-central-1.${name}"
    ])
    error_message = "The services' own names must resolve to the endpoints."
  }

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3.service_name == "com.amazonaws.eu-central-1.s3"
    error_message = "The layers of images come from S3."
  }

  assert {
    condition = alltrue([
      for endpoint in aws_vpc_endpoint.interface :
      jsondecode(endpoint.policy).Statement[0].Condition.StringEquals["aws:PrincipalAccount"] == "111122223333"
    ])
    error_message = "Only principals of the account may use the endpoints."
  }

  assert {
    condition = alltrue([
      for rule in aws_vpc_security_group_ingress_rule.https : rule.from_port == 443 && rule.to_port == 443 && contains(var.client_cidr_blocks, rule.cidr_ipv4)
    ])
    error_message = "Only the tasks' subnets may connect, and only over HTTPS."
  }
}

run "has_what_container_instances_need_where_there_are_some" {
  command = plan

  variables {
    runs_container_instances = true
    additional_services      = ["sqs"]
  }

  assert {
    condition     = length(setsubtract(["ecs", "ecs-agent", "ecs-telemetry", "sqs"], keys(aws_vpc_endpoint.interface))) == 0
    error_message = "The agent's endpoints and the additional ones must be there."
  }
}

run "refuses_every_address" {
  command = plan

  variables {
    client_cidr_blocks = ["0.0.0.0/0"]
  }

  expect_failures = [var.client_cidr_blocks]
}
