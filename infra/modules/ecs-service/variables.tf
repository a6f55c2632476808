variable "name" {
  description = "Name of the service and of its container. Its family, roles and log group have the cluster's name before it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_-]{0,47}$", var.name))
    error_message = "The name must begin with a letter and hold at most 48 letters, digits, `-` and `_`."
  }
}

variable "account_id" {
  description = "Account that the service is in. Only ECS of this account may assume the roles."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "The account id must be twelve digits."
  }
}

variable "region" {
  description = "Region that the service is in."
  type        = string
  nullable    = false
}

variable "partition" {
  description = "Partition that the account is in."
  type        = string
  default     = "aws"
  nullable    = false

  validation {
    condition     = contains(["aws", "aws-cn", "aws-us-gov"], var.partition)
    error_message = "The partition must be `aws`, `aws-cn` or `aws-us-gov`."
  }
}

variable "cluster" {
  description = "Cluster that runs the service: what the module `ecs-cluster` gives."
  type = object({
    arn                = string
    name               = string
    kms_key_arn        = string
    exec_log_group_arn = string
  })
  nullable = false
}

# --- Container ------------------------------------------------------------------------------------

variable "image" {
  description = "Image with its tag or digest. Its repository should not let tags move."
  type        = string
  nullable    = false

  validation {
    condition     = !endswith(var.image, ":latest")
    error_message = "The image must not be `latest`: tasks of one revision would run different code."
  }
}

variable "ecr_repository_arns" {
  description = "Private ECR repositories that the task execution role may pull from."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "cpu" {
  description = "CPU units of the task; 1024 are one vCPU."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.cpu)
    error_message = "Fargate offers 256, 512, 1024, 2048, 4096, 8192 and 16384 CPU units."
  }
}

variable "memory" {
  description = "Memory of the task in MiB. Fargate offers certain amounts for each number of CPU units."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = var.memory >= 512 && var.memory <= 122880
    error_message = "Fargate offers 512 MiB to 120 GiB."
  }
}

variable "cpu_architecture" {
  description = "Architecture that the image is built for."
  type        = string
  default     = "ARM64"
  nullable    = false

  validation {
    condition     = contains(["ARM64", "X86_64"], var.cpu_architecture)
    error_message = "The architecture must be `ARM64` or `X86_64`."
  }
}

variable "user" {
  description = "User, and group after a colon, that the container runs as. The default is `nonroot` of distroless images."
  type        = string
  default     = "65532:65532"
  nullable    = false

  validation {
    condition     = !contains(["", "root", "0"], split(":", var.user)[0])
    error_message = "The container must not run as root."
  }
}

variable "command" {
  description = "Command that replaces the image's own; null keeps it."
  type        = list(string)
  default     = null
}

variable "port" {
  description = "Port that the container listens on; null for a service that nothing connects to."
  type        = number
  default     = null

  validation {
    condition     = var.port == null ? true : var.port >= 1024 && var.port <= 65535
    error_message = "The port must be between 1024 and 65535: lower ones need root."
  }
}

variable "health_check_command" {
  description = "Command that tells whether the container is healthy, in `exec` form without `CMD`; null for none."
  type        = list(string)
  default     = null
}

variable "environment" {
  description = "Environment variables that are no secrets."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for name in keys(var.environment) : !can(regex("(?i)(PASSWORD|PASSWD|SECRET|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|TOKEN)$", name))
    ])
    error_message = "Secrets belong in `secrets` or `parameters`: the environment is readable to whoever may describe the task definition."
  }
}

variable "secrets" {
  description = "Environment variables from Secrets Manager: their names and the secrets' ARNs (a JSON key may follow)."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:[^:]+:secretsmanager:", arn))])
    error_message = "Each secret must be the ARN of a Secrets Manager secret."
  }
}

variable "parameters" {
  description = "Environment variables from Parameter Store: their names and the parameters' ARNs."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for arn in values(var.parameters) : can(regex("^arn:[^:]+:ssm:", arn))])
    error_message = "Each parameter must be the ARN of a Parameter Store parameter."
  }
}

variable "secret_key_arns" {
  description = "Customer-managed keys that the secrets and parameters are encrypted with."
  type        = set(string)
  default     = []
  nullable    = false
}

# --- Files ----------------------------------------------------------------------------------------

variable "writable_paths" {
  description = <<-EOT
    Directories that the container may write to, each an empty volume that lasts as long as the task.
    The root filesystem is read-only. A directory takes its owner from the image: make it there, owned by `user`,
    and declare it as a `VOLUME`.
  EOT
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for path in var.writable_paths : can(regex("^/[a-z0-9]", path))])
    error_message = "Each writable path must be absolute and must not be `/`."
  }
}

variable "efs_volumes" {
  description = "EFS access points to mount, by volume name. Transport is encrypted and access goes through the task role."
  type = map(object({
    container_path   = string
    file_system_id   = string
    file_system_arn  = string
    access_point_id  = string
    access_point_arn = string
    read_only        = optional(bool, true)
  }))
  default  = {}
  nullable = false
}

# --- Logs -----------------------------------------------------------------------------------------

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "The retention must be at least 30 days, and one of those that CloudWatch Logs offers."
  }
}

variable "log_mode" {
  description = "What happens when CloudWatch Logs cannot be reached: `non-blocking` drops the oldest lines, `blocking` halts the service."
  type        = string
  default     = "non-blocking"
  nullable    = false

  validation {
    condition     = contains(["blocking", "non-blocking"], var.log_mode)
    error_message = "The mode must be `blocking` or `non-blocking`."
  }
}

# --- Roles ----------------------------------------------------------------------------------------

variable "task_role" {
  description = <<-EOT
    Role of the running code; null makes one. It is an object, so that an ARN that is only known after apply
    still says at plan time that no role is to be made.
  EOT
  type        = object({ arn = string })
  default     = null
}

variable "execution_role" {
  description = "Role that ECS uses to pull the image, write logs and read secrets; null makes one. It must not be the task role."
  type        = object({ arn = string })
  default     = null
}

variable "task_permissions" {
  description = "What the running code may do, by statement id. Only for a task role that is made here."
  type = map(object({
    actions   = set(string)
    resources = set(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue(flatten([
      for permission in values(var.task_permissions) : [for action in permission.actions : !endswith(action, "*")]
    ]))
    error_message = "Each action must be named in full: `*` at its end allows what the code does not use."
  }

  validation {
    condition     = alltrue([for permission in values(var.task_permissions) : !contains(permission.resources, "*")])
    error_message = "Each permission must name its resources: `*` is every resource of the account."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the roles that are made here; null for none."
  type        = string
  default     = null
}

# --- Network --------------------------------------------------------------------------------------

variable "vpc_id" {
  description = "VPC that the tasks run in."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Private subnets that the tasks run in. Tasks never get a public address."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "The tasks need subnets in at least two availability zones."
  }
}

variable "ingress_security_group_ids" {
  description = "Security groups that may connect to `port`, by a name of the caller's choice."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "egress" {
  description = "What the tasks may connect to over TCP, by a name of the caller's choice: one of an address range, a prefix list and a security group each."
  type = map(object({
    port              = optional(number, 443)
    cidr_ipv4         = optional(string)
    prefix_list_id    = optional(string)
    security_group_id = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for rule in values(var.egress) : rule.cidr_ipv4 != "0.0.0.0/0" || rule.port == 443])
    error_message = "Only port 443 may be open to every address."
  }
}

variable "target_group_arns" {
  description = "Target groups that the container registers with on `port`."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "health_check_grace_period_seconds" {
  description = "Seconds for which a new task may fail the load balancer's health check."
  type        = number
  default     = 30
  nullable    = false
}

# --- Service --------------------------------------------------------------------------------------

variable "desired_count" {
  description = "Number of tasks at the start. Scaling owns it afterwards."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.desired_count >= 1
    error_message = "A service runs at least one task."
  }
}

variable "scaling" {
  description = "Bounds and the average CPU use, in percent, that the number of tasks is kept at; null keeps the number."
  type = object({
    min_tasks          = number
    max_tasks          = number
    target_cpu_percent = optional(number, 60)
  })
  default = null

  validation {
    condition     = var.scaling == null ? true : var.scaling.min_tasks >= 1 && var.scaling.min_tasks <= var.scaling.max_tasks
    error_message = "The bounds must be at least one task, the lower one first."
  }
}

variable "platform_version" {
  description = "Fargate platform version."
  type        = string
  default     = "LATEST"
  nullable    = false

  validation {
    condition     = contains(["LATEST", "1.4.0"], var.platform_version)
    error_message = "The platform version must be `LATEST` or the newest one, `1.4.0`."
  }
}

variable "enable_execute_command" {
  description = "Whether ECS Exec may open a shell in the container. It gives the container two writable directories for the agent."
  type        = bool
  default     = false
  nullable    = false
}

variable "rollback_alarm_names" {
  description = "Alarms that stop a deployment and roll it back."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "tags" {
  description = "Tags of everything that the module makes, and of its tasks."
  type        = map(string)
  default     = {}
  nullable    = false
}
