output "security_group_id" {
  description = "Security group of the interface endpoints, for the egress of tasks."
  value       = aws_security_group.this.id
}

output "s3_prefix_list_id" {
  description = "Prefix list of S3, for the egress of tasks that pull images."
  value       = aws_vpc_endpoint.s3.prefix_list_id
}

output "interface_services" {
  description = "Services that have an interface endpoint."
  value       = keys(aws_vpc_endpoint.interface)
}
