variable "name" {
  description = "Prefix of the names of the endpoints and of their security group."
  type        = string
  nullable    = false
}

variable "account_id" {
  description = "Account whose principals may use the endpoints."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "The account id must be twelve digits."
  }
}

variable "region" {
  description = "Region that the VPC is in."
  type        = string
  nullable    = false
}

variable "partition" {
  description = "Partition that the account is in."
  type        = string
  default     = "aws"
  nullable    = false
}

variable "vpc_id" {
  description = "VPC that gets the endpoints. Its DNS support and DNS host names must be on."
  type        = string
  nullable    = false
}

variable "client_cidr_blocks" {
  description = "Address ranges that may connect to the endpoints: those of the subnets with tasks."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.client_cidr_blocks) > 0 && !contains(var.client_cidr_blocks, "0.0.0.0/0")
    error_message = "Name the tasks' address ranges; every address is too many."
  }
}

variable "subnet_ids" {
  description = "Private subnets that the interface endpoints get an address in, one for each availability zone."
  type        = list(string)
  nullable    = false
}

variable "route_table_ids" {
  description = "Route tables of the subnets with tasks, which get a route to S3."
  type        = list(string)
  nullable    = false
}

variable "runs_container_instances" {
  description = "Whether some tasks run on EC2. The ECS agent there needs three more endpoints, Fargate does not."
  type        = bool
  default     = false
  nullable    = false
}

variable "additional_services" {
  description = "More interface endpoints: last parts of their service names, such as `sqs`."
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
