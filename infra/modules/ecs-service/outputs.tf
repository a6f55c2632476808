output "name" {
  description = "Name of the service."
  value       = aws_ecs_service.this.name
}

output "task_definition_arn" {
  description = "ARN of the task definition's newest revision."
  value       = aws_ecs_task_definition.this.arn
}

output "security_group_id" {
  description = "Security group of the tasks, for what they connect to."
  value       = aws_security_group.this.id
}

output "task_role_arn" {
  description = "ARN of the role of the running code."
  value       = local.task_role_arn
}

output "log_group_name" {
  description = "Log group that the container writes to."
  value       = aws_cloudwatch_log_group.this.name
}
