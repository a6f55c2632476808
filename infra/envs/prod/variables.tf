variable "account_id" {
  description = "Account that this environment is in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "The account id must be twelve digits."
  }
}

variable "region" {
  description = "Region that this environment is in."
  type        = string
  default     = "eu-central-1"
  nullable    = false
}

variable "availability_zones" {
  description = "Availability zones to spread over. The zones of the region, named rather than asked for, so that a new zone moves nothing."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.availability_zones) >= 2
    error_message = "At least two zones are needed, so that the loss of one is survived."
  }
}

variable "vpc_cidr_block" {
  description = "Address range of the VPC. Each zone's subnet gets a sixteenth of it."
  type        = string
  default     = "10.20.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrsubnet(var.vpc_cidr_block, 4, 15))
    error_message = "The address range must be one of IPv4 that can be divided by sixteen."
  }
}

variable "release" {
  description = "Release to run: the tag of every image, which never moves."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]+\\.[0-9]+\\.[0-9]+", var.release))
    error_message = "The release must be a version such as `1.4.2`."
  }
}

variable "certificate_arn" {
  description = "ACM certificate of the internal load balancer."
  type        = string
  nullable    = false
}

variable "alarm_emails" {
  description = "Addresses that get a mail for each alarm."
  type        = set(string)
  default     = []
  nullable    = false
}
