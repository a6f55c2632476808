#= pass: no environment
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: an innocent variable
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "LOG_LEVEL", value = "info" }] }])
}
#= fail: named: a literal password
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DB_PASSWORD", value = "hunter2" }] }])
}
#= fail: named: camel case
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "dbPassword", value = "hunter2" }] }])
}
#= fail: named: with dashes
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "api-key", value = "abcdef" }] }])
}
#= pass: named: an exempt ending
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DB_PASSWORD_ARN", value = "hunter2" }] }])
}
#= pass: named: empty
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DB_PASSWORD", value = "" }] }])
}
#= pass: named: a truth value
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "REQUIRE_PASSWORD", value = "true" }] }])
}
#= pass: named: a number
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "TOKEN_COUNT", value = "42" }] }])
}
#= pass: named: an ARN
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DB_SECRET", value = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db" }] }])
}
#= pass: named: a path
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "API_TOKEN", value = "/run/secrets/token" }] }])
}
#= pass: named: a URL without user info
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "TOKEN", value = "https://example.com/token" }] }])
}
#= pass: named: a reference that something resolves
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "TOKEN", value = "{{resolve:ssm:token}}" }] }])
}
#= pass: named: a placeholder
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "TOKEN", value = "$${TOKEN}" }] }])
}
#= unknown: named: a value that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DB_PASSWORD", value = var.v }] }])
}
#= pass: an innocent name, a value that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DB_HOST", value = var.v }] }])
}
#= fail: an AWS key's name, a value that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "AWS_SECRET_ACCESS_KEY", value = var.v }] }])
}
#= fail: an AWS key's name, an empty value
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "AWS_ACCESS_KEY_ID", value = "" }] }])
}
#= fail: recognised: an access key under an innocent name
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = "AKIAABCDEFGHIJ234567" }] }])
}
#= fail: recognised: a URL with a password
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DATABASE_URL", value = "postgres://app:hunter2@db/app" }] }])
}
#= pass: a URL whose password is put in elsewhere
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DATABASE_URL", value = "postgres://app:$${PASSWORD}@db/app" }] }])
}
#= fail: proven: a sensitive variable that has no value
variable "s" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = var.s }] }])
}
#= fail: proven: through a template
variable "s" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = "x-${var.s}-y" }] }])
}
#= fail: proven: through nonsensitive
variable "s" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = nonsensitive(var.s) }] }])
}
#= fail: proven: through base64encode and a local
variable "s" {
  type      = string
  sensitive = true
}
locals {
  encoded = base64encode(var.s)
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = local.encoded }] }])
}
#= fail: proven: an inner jsonencode
variable "s" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = jsonencode({ password = var.s }) }] }])
}
#= pass: a hash of a secret
variable "s" {
  type      = string
  sensitive = true
  default   = "hunter2"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = sha256(var.s) }] }])
}
#= pass: a condition on a secret
variable "s" {
  type      = string
  sensitive = true
  default   = "hunter2"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = var.s == "" ? "no" : "yes" }] }])
}
#= fail: proven: a generated password
resource "random_password" "db" {
  length = 20
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = random_password.db.result }] }])
}
#= pass: the length of a generated password
resource "random_password" "db" {
  length = 20
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = tostring(random_password.db.length) }] }])
}
#= fail: proven: a secret's value
data "aws_secretsmanager_secret_version" "db" {
  secret_id = "db"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = data.aws_secretsmanager_secret_version.db.secret_string }] }])
}
#= fail: proven: a field of a secret's value
data "aws_secretsmanager_secret_version" "db" {
  secret_id = "db"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = jsondecode(data.aws_secretsmanager_secret_version.db.secret_string).password }] }])
}
#= pass: a secret's ARN
resource "aws_secretsmanager_secret" "db" {
  name = "db"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DB_SECRET_ARN", value = aws_secretsmanager_secret.db.arn }] }])
}
#= fail: proven: a parameter that may be a SecureString
data "aws_ssm_parameter" "db" {
  name = "db"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = data.aws_ssm_parameter.db.value }] }])
}
#= pass: a parameter of another type
resource "aws_ssm_parameter" "db" {
  name  = "db"
  type  = "String"
  value = "plain"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = aws_ssm_parameter.db.value }] }])
}
#= fail: proven: a database's password
resource "aws_db_instance" "db" {
  instance_class = "db.t3.micro"
  password       = "hunter2"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = aws_db_instance.db.password }] }])
}
#= pass: a database's address
resource "aws_db_instance" "db" {
  instance_class = "db.t3.micro"
  password       = "hunter2"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DB_HOST", value = aws_db_instance.db.address }] }])
}
#= fail: proven: in the command
variable "s" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", command = ["app", "--password", var.s] }])
}
#= fail: proven: in a label
variable "s" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", dockerLabels = { token = var.s } }])
}
#= fail: recognised: in the entry point
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", entryPoint = ["app", "AKIAABCDEFGHIJ234567"] }])
}
#= fail: proven: in a log option
variable "s" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "splunk", options = { "splunk-token" = var.s } } }])
}
#= fail: proven: in a health check
variable "s" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", healthCheck = { command = ["CMD-SHELL", "curl -u x:${var.s} localhost"] } }])
}
#= pass: named only counts in the environment
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", dockerLabels = { password = "hunter2" } }])
}
#= pass: in secrets
variable "s" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", secrets = [{ name = "DB_PASSWORD", valueFrom = "/app/db" }] }])
}
#= unknown: an environment of which a part is not known
variable "more" {
  type = list(object({ name = string, value = string }))
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = concat([{ name = "A", value = "b" }], var.more) }])
}
#= fail: a literal beside an environment that is not known
variable "more" {
  type = list(object({ name = string, value = string }))
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = concat([{ name = "DB_PASSWORD", value = "hunter2" }], var.more) }])
}
#= fail: a map turned into a list
locals {
  env = { DB_PASSWORD = "hunter2" }
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [for name, value in local.env : { name = name, value = value }] }])
}
#= fail: a target's override
resource "aws_cloudwatch_event_target" "job" {
  rule = "nightly"
  arn  = "arn:aws:ecs:eu-west-1:111122223333:cluster/main"
  ecs_target {
    task_definition_arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/job:1"
  }
  input = jsonencode({ containerOverrides = [{ name = "job", environment = [{ name = "DB_PASSWORD", value = "hunter2" }] }] })
}
#= pass: a credential's name over an ARN that is not known
resource "aws_secretsmanager_secret" "db" {
  name = "db"
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "DB_SECRET", value = aws_secretsmanager_secret.db.arn }] }])
}
#= fail: proven: one arm of a conditional that is not decided
variable "s" {
  type      = string
  sensitive = true
}
variable "b" {
  type = bool
}
variable "m" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = var.b ? var.s : "y" }] }])
}
#= fail: proven: one arm within a template
variable "s" {
  type      = string
  sensitive = true
}
variable "b" {
  type = bool
}
variable "m" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = "x${var.b ? var.s : "y"}" }] }])
}
#= fail: proven: coalesce
variable "s" {
  type      = string
  sensitive = true
}
variable "b" {
  type = bool
}
variable "m" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = coalesce(var.m, var.s) }] }])
}
#= fail: proven: an element that is not decided
variable "s" {
  type      = string
  sensitive = true
}
variable "b" {
  type = bool
}
variable "m" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = { a = var.s, b = "c" }[var.m] }] }])
}
#= fail: proven: a directive that is not decided
variable "s" {
  type      = string
  sensitive = true
}
variable "b" {
  type = bool
}
variable "m" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "FOO", value = "%{ if var.b }${var.s}%{ endif }" }] }])
}
#= fail: named: the known end of a name
variable "s" {
  type      = string
  sensitive = true
}
variable "b" {
  type = bool
}
variable "m" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "${var.m}_PASSWORD", value = "hunter2abc" }] }])
}
#= unknown: a literal under a name that is not known
variable "s" {
  type      = string
  sensitive = true
}
variable "b" {
  type = bool
}
variable "m" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = var.m, value = "hunter2abc" }] }])
}
#= unknown: an environment that is no list
variable "s" {
  type      = string
  sensitive = true
}
variable "b" {
  type = bool
}
variable "m" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = { DB_PASSWORD = "hunter2abc" } }])
}
#= fail: named: a plural
variable "s" {
  type      = string
  sensitive = true
}
variable "b" {
  type = bool
}
variable "m" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family                = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "API_KEYS", value = "hunter2abc" }] }])
}
#= fail: proven: through `terraform_data`
variable "token" {
  sensitive = true
}
resource "terraform_data" "kept" {
  input = var.token
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "VALUE", value = terraform_data.kept.output }] }])
}
#= pass: what stands beside a secret in `terraform_data` is none
variable "token" {
  sensitive = true
}
resource "terraform_data" "kept" {
  input = { token = var.token, name = "app" }
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "VALUE", value = terraform_data.kept.output.name }] }])
}
#= fail: proven: through an attribute of `terraform_data`
variable "token" {
  sensitive = true
}
resource "terraform_data" "kept" {
  input = { token = var.token, name = "app" }
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "VALUE", value = "x${terraform_data.kept.output.token}" }] }])
}
#= fail: proven: through a provider's function
variable "v" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "X", value = provider::a::b(var.v) }] }])
}
#= fail: proven: an ephemeral resource
ephemeral "aws_secretsmanager_secret_version" "v" {
  secret_id = "a"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "X", value = ephemeral.aws_secretsmanager_secret_version.v.secret_string }] }])
}
#= fail: proven: a write-only argument that is not marked sensitive
resource "aws_docdb_cluster" "c" {
  master_password_wo = var.v
}
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "X", value = aws_docdb_cluster.c.master_password_wo }] }])
}
#= fail: proven: for, one, merge, try and a splat
variable "v" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", environment = [{ name = "X", value = one([for x in [merge({}, { y = try(var.v, "") })][*].y : x]) }] }])
}
#= fail: proven: FireLens options
variable "v" {
  type      = string
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", firelensConfiguration = { type = "fluentbit", options = { key = var.v } } }])
}
#= pass: options of a log that come from secrets
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1", logConfiguration = { logDriver = "splunk", secretOptions = [{ name = "splunk-token", valueFrom = "/splunk-token" }] } }])
}
#= fail fail pass: the environment, the log options and the secrets of a daemon
variable "v" {
  type      = string
  sensitive = true
}
resource "aws_ecs_daemon_task_definition" "agent" {
  family = "agent"
  container_definition {
    name  = "a"
    image = "a:1"
    environment {
      name  = "X"
      value = var.v
    }
  }
  container_definition {
    name  = "b"
    image = "a:1"
    log_configuration {
      log_driver = "splunk"
      options    = { token = var.v }
    }
  }
  container_definition {
    name  = "c"
    image = "a:1"
    secret {
      name       = "PASSWORD"
      value_from = "/a"
    }
  }
}
#= fail: an Express gateway service
resource "aws_ecs_express_gateway_service" "app" {
  primary_container {
    image = "a:1"
    environment {
      name  = "DB_PASSWORD"
      value = "hunter2"
    }
    secret {
      name       = "TOKEN"
      value_from = "/a"
    }
  }
}
#= fail: what is taken out of a secret that nobody knows
data "aws_secretsmanager_secret_version" "db" {
  secret_id = "db"
}
locals {
  db = jsondecode(data.aws_secretsmanager_secret_version.db.secret_string)
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name  = "app"
    image = "app:1"
    environment = [
      { name = "A", value = element(local.db.users, 0) },
    ]
  }])
}
#= fail: a list of a secret's parts, in another order
variable "users" {
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name        = "app"
    image       = "app:1"
    environment = [{ name = "A", value = reverse(distinct(compact(split(":", var.users))))[0] }]
  }])
}
#= fail: the only one, or the values, of a secret
variable "users" {
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name        = "app"
    image       = "app:1"
    environment = [{ name = "A", value = values(jsondecode(one(split(":", var.users))))[0] }]
  }])
}
#= pass: how many parts of a secret there are, and what stands beside it
variable "users" {
  sensitive = true
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{
    name  = "app"
    image = "app:1"
    environment = [
      { name = "A", value = tostring(length(split(":", var.users))) },
      { name = "B", value = tostring(contains(split(":", var.users), "root")) },
      { name = "C", value = element([var.users, "x"], 1) },
    ]
  }])
}
