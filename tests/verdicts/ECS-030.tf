#= pass: nothing is wrong
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", Privileged = false, readOnlyRootFilesystem = true }])
}
#= fail: a key that the API does not have
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", priviledged = true }])
}
#= pass: a key that the API does not have, and null, which changes nothing
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", priviledged = null }])
}
#= pass: a comment by its key
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", _comment = "the app", "$schema" = "a" }])
}
#= fail: a wrong type
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", cpu = "256" }])
}
#= fail: a repeated key in JSON
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = <<-JSON
    [{ "name": "app", "image": "a:1", "privileged": true, "privileged": false }]
  JSON
}
#= fail: a repeated key in an object
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", user = "1", user = "0" }])
}
#= fail: the same key in two cases
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", Privileged = true, privileged = false }])
}
#= pass: what was repeated elsewhere is not repeated here
locals {
  base = { name = "app", image = "a:1", user = "1", user = "2" }
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = local.base.name, image = local.base.image, user = local.base.user }])
}
#= fail: invalid JSON
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = "[{\"name\": \"app\" \"image\": \"a:1\"}]"
}
#= fail: no list
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode({ name = "app", image = "a:1" })
}
#= fail: an element that is null
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = "[null]"
}
#= fail: no container
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = "[]"
}
#= unknown: definitions that are not known
variable "definitions" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = var.definitions
}
#= fail: no essential container
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", essential = "false" }])
}
#= pass fail: no essential container, told of the task
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", essential = false }])
}
#= pass unknown: whether a container is essential is not known
variable "essential" {
  type = bool
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", essential = var.essential }])
}
#= fail: no image
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app" }])
}
#= fail: no name
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "", image = "a:1" }])
}
#= fail: a name that is none
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "my app", image = "a:1" }])
}
#= pass fail: a name twice
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1" }, { name = "app", image = "b:1" }])
}
#= fail: a variable twice
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "A", value = "1" }, { name = "A", value = "2" }] }])
}
#= fail: a variable that is a secret too
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "A", value = "1" }], secrets = [{ name = "A", valueFrom = "/a" }] }])
}
#= pass: what secrets may come from
data "aws_caller_identity" "me" {}
resource "aws_secretsmanager_secret" "a" {
  name = "a"
}
resource "aws_ssm_parameter" "a" {
  name  = "/a"
  type  = "SecureString"
  value = "x"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", secrets = [
    { name = "A", valueFrom = aws_secretsmanager_secret.a.arn },
    { name = "B", valueFrom = "${aws_secretsmanager_secret.a.arn}:key::" },
    { name = "C", valueFrom = aws_ssm_parameter.a.name },
    { name = "D", valueFrom = aws_ssm_parameter.a.arn },
    { name = "E", valueFrom = "arn:aws:ssm:eu-west-1:${data.aws_caller_identity.me.account_id}:parameter/a" },
    { name = "F", valueFrom = "/app/db-password" },
    { name = "G", valueFrom = "db_password.1" },
  ] }])
}
#= fail: a secret that is no place of one
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", secrets = [{ name = "A", valueFrom = "correct horse" }] }])
}
#= fail: a secret's name is a parameter's
resource "aws_secretsmanager_secret" "a" {
  name_prefix = "a"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", secrets = [{ name = "A", valueFrom = aws_secretsmanager_secret.a.name }] }])
}
#= fail: a bucket's ARN
resource "aws_ecs_task_definition" "app" {
  family = "app"
  memory = 512
  container_definitions = jsonencode([{ name = "app", image = "a:1", secrets = [{ name = "A", valueFrom = "arn:aws:s3:::a" }] }])
}
#= pass: a pair that Fargate offers, in words
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  cpu                      = "0.5 vCPU"
  memory                   = "2 GB"
  container_definitions    = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass fail: a pair that Fargate does not offer
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 4096
  container_definitions    = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass fail: CPU units that Fargate does not offer
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 300
  memory                   = 512
  container_definitions    = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass fail: no size on Fargate
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  container_definitions    = jsonencode([{ name = "app", image = "a:1", memory = 512 }])
}
#= pass fail: a size that a service runs on Fargate
resource "aws_ecs_service" "app" {
  name            = "app"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.app.arn
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  cpu                   = 1024
  memory                = 1024
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass fail: too little for Windows on Fargate
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 512
  memory                   = 2048
  container_definitions    = jsonencode([{ name = "app", image = "a:1" }])
  runtime_platform {
    operating_system_family = "WINDOWS_SERVER_2022_CORE"
  }
}
#= pass unknown: a size that is not known
variable "cpu" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  cpu                      = var.cpu
  memory                   = 512
  container_definitions    = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass pass fail: more CPU units than the task has
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512
  container_definitions    = jsonencode([{ name = "a", image = "a:1", cpu = 200 }, { name = "b", image = "a:1", cpu = 100 }])
}
#= fail fail: more memory than the task has
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = "0.5 GB"
  container_definitions = jsonencode([{ name = "a", image = "a:1", memory = 1024 }])
}
#= fail: memory below its reservation
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "a", image = "a:1", memory = 128, memoryReservation = 256 }])
}
#= fail: no memory anywhere, on EC2
resource "aws_ecs_task_definition" "app" {
  family                   = "app"
  requires_compatibilities = ["EC2"]
  container_definitions    = jsonencode([{ name = "a", image = "a:1" }])
}
#= pass: no memory, and nobody knows what it would run on
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "a", image = "a:1" }])
}
#= pass: ports that awsvpc takes
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  network_mode          = "awsvpc"
  container_definitions = jsonencode([{ name = "a", image = "a:1", portMappings = [{ containerPort = 80, hostPort = 80 }, { containerPort = 81 }, { containerPort = 80, protocol = "udp" }, { containerPortRange = "8000-8010" }] }])
}
#= fail: a host port of its own under awsvpc
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  network_mode          = "awsvpc"
  container_definitions = jsonencode([{ name = "a", image = "a:1", portMappings = [{ containerPort = 80, hostPort = 8080 }] }])
}
#= pass: a host port of its own under bridge
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", portMappings = [{ containerPort = 80, hostPort = 8080 }, { containerPort = 81, hostPort = 0 }, { containerPort = 82, hostPort = 0 }] }])
}
#= pass fail: one port for two containers
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  network_mode          = "awsvpc"
  container_definitions = jsonencode([{ name = "a", image = "a:1", portMappings = [{ containerPort = 80 }] }, { name = "b", image = "a:1", portMappings = [{ containerPort = 80 }] }])
}
#= fail: no port
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", portMappings = [{ containerPort = 80000 }] }])
}
#= unknown: a host port that is not known
variable "port" {
  type = number
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  network_mode          = "awsvpc"
  container_definitions = jsonencode([{ name = "a", image = "a:1", portMappings = [{ containerPort = 80, hostPort = var.port }] }])
}
#= pass: a port that is not known, and the same
variable "port" {
  type = number
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  network_mode          = "awsvpc"
  container_definitions = jsonencode([{ name = "a", image = "a:1", portMappings = [{ containerPort = var.port, hostPort = var.port }] }])
}
#= fail: a soft limit above the hard one
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", ulimits = [{ name = "nofile", softLimit = 2, hardLimit = 1 }] }])
}
#= fail: a limit that is none
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", ulimits = [{ name = "files", softLimit = 1, hardLimit = 1 }] }])
}
#= pass: a health check
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", healthCheck = { command = ["CMD-SHELL", "true"], interval = 5, timeout = 60, retries = 10, startPeriod = 0 } }])
}
#= fail: a health check that is a line for a shell
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", healthCheck = { command = ["curl -f localhost || exit 1"] } }])
}
#= fail: a health check with nothing to run
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", healthCheck = { command = ["CMD-SHELL"] } }])
}
#= pass: a health check that is a program
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", healthCheck = { command = ["/healthcheck"] } }])
}
#= fail: a health check out of range
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", healthCheck = { command = ["CMD", "true"], interval = 3 } }])
}
#= fail: a health check without a command
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", healthCheck = { interval = 5 } }])
}
#= pass pass: what another waits for
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", dependsOn = [{ containerName = "b", condition = "SUCCESS" }] }, { name = "b", image = "a:1", essential = false }])
}
#= fail pass: a container that is not there
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", dependsOn = [{ containerName = "c", condition = "START" }] }, { name = "b", image = "a:1" }])
}
#= fail pass: healthy without a health check
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", dependsOn = [{ containerName = "b", condition = "HEALTHY" }] }, { name = "b", image = "a:1" }])
}
#= fail pass: the end of an essential container
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", dependsOn = [{ containerName = "b", condition = "COMPLETE" }] }, { name = "b", image = "a:1" }])
}
#= fail fail: a circle
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", dependsOn = [{ containerName = "b", condition = "START" }] }, { name = "b", image = "a:1", dependsOn = [{ containerName = "a", condition = "START" }] }])
}
#= fail: itself
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", dependsOn = [{ containerName = "a", condition = "START" }] }])
}
#= unknown pass: a container whose name is not known may be meant
variable "name" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", dependsOn = [{ containerName = "c", condition = "START" }] }, { name = var.name, image = "a:1" }])
}
#= pass: a volume that is there
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/v" }] }])
  volume {
    name = "v"
  }
}
#= fail: a volume that is not there
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([{ name = "a", image = "a:1", mountPoints = [{ sourceVolume = "v", containerPath = "/v" }] }])
}
#= unknown: further keys
variable "more" {
  type = any
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  memory                = 512
  container_definitions = jsonencode([merge({ name = "a", image = "a:1" }, var.more)])
}
#= pass fail: a daemon whose secret has no place
resource "aws_ecs_daemon_task_definition" "agent" {
  family = "agent"
  container_definition {
    name  = "a"
    image = "a:1"
    depends_on {
      container_name = "b"
      condition      = "HEALTHY"
    }
  }
  container_definition {
    name  = "b"
    image = "a:1"
    health_check {
      command = ["CMD", "true"]
    }
    secret {
      name       = "A"
      value_from = "no place"
    }
  }
}
#= pass: an Express gateway service
resource "aws_ecs_express_gateway_service" "app" {
  primary_container {
    image = "a:1"
  }
}
#= pass fail: a size that Fargate does not offer to an Express gateway service
resource "aws_ecs_express_gateway_service" "app" {
  cpu    = "256"
  memory = "8192"
  primary_container {
    image = "a:1"
  }
}
