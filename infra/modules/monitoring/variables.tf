variable "name" {
  description = "Prefix of the names of the alarms and of their topic."
  type        = string
  nullable    = false
}

variable "account_id" {
  description = "Account whose alarms may write to the topic."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "The account id must be twelve digits."
  }
}

variable "cluster_name" {
  description = "Cluster of the services. Its Container Insights must be on for the alarm on missing tasks."
  type        = string
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key that encrypts the topic. Its policy must let `cloudwatch.amazonaws.com` use it."
  type        = string
  nullable    = false
}

variable "services" {
  description = "Services to watch, by a name of the caller's choice: the service's name and what is out of the ordinary."
  type = map(object({
    service_name           = string
    max_cpu_percent        = optional(number, 85)
    max_memory_percent     = optional(number, 85)
    min_running_task_count = optional(number, 1)
  }))
  nullable = false

  validation {
    condition = alltrue([
      for service in values(var.services) :
      service.max_cpu_percent > 0 && service.max_cpu_percent <= 100 && service.max_memory_percent > 0 && service.max_memory_percent <= 100
    ])
    error_message = "The limits must be percentages above 0 and up to 100."
  }
}

variable "subscriber_emails" {
  description = "Addresses that get a mail for each alarm."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "tags" {
  description = "Tags of everything that the module makes."
  type        = map(string)
  default     = {}
  nullable    = false
}
