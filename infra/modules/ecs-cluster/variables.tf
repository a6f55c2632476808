variable "name" {
  description = "Name of the cluster. Log groups are made under `/ecs/<name>/`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-zA-Z][a-zA-Z0-9_-]{0,254}$", var.name))
    error_message = "The name must begin with a letter and hold only letters, digits, `-` and `_`."
  }
}

variable "account_id" {
  description = "Account that the cluster is in. It limits who may use the cluster's key."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "The account id must be twelve digits."
  }
}

variable "region" {
  description = "Region that the cluster is in."
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

variable "customer_key" {
  description = <<-EOT
    Customer-managed key for ECS Exec sessions, log groups, alarms and ephemeral storage; null makes one.
    Its policy must allow what the key made here allows. It is an object, so that an ARN that is only
    known after apply still says at plan time that no key is to be made.
  EOT
  type        = object({ arn = string })
  default     = null
}

variable "container_insights" {
  description = "Depth of Container Insights: `enhanced` adds metrics for each task and container."
  type        = string
  default     = "enhanced"
  nullable    = false

  validation {
    condition     = contains(["enabled", "enhanced"], var.container_insights)
    error_message = "Container Insights must be `enabled` or `enhanced`: a cluster without it cannot be watched."
  }
}

variable "log_retention_days" {
  description = "Days for which the logs of ECS Exec sessions are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "The retention must be at least 90 days, and one of those that CloudWatch Logs offers."
  }
}

variable "capacity_provider_strategy" {
  description = "Where services that say nothing else run: weight and base of each Fargate capacity provider."
  type = map(object({
    base   = optional(number, 0)
    weight = number
  }))
  default = {
    FARGATE = { base = 1, weight = 1 }
  }
  nullable = false

  validation {
    condition     = length(var.capacity_provider_strategy) > 0 && alltrue([for provider in keys(var.capacity_provider_strategy) : contains(["FARGATE", "FARGATE_SPOT"], provider)])
    error_message = "The capacity providers must be `FARGATE`, `FARGATE_SPOT` or both."
  }
}

variable "tags" {
  description = "Tags of everything that the module makes."
  type        = map(string)
  default     = {}
  nullable    = false
}
