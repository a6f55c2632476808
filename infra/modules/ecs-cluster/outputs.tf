output "arn" {
  description = "ARN of the cluster."
  value       = aws_ecs_cluster.this.arn
}

output "name" {
  description = "Name of the cluster."
  value       = aws_ecs_cluster.this.name
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts the cluster's sessions, logs, alarms and ephemeral storage."
  value       = local.kms_key_arn
}

output "exec_log_group_arn" {
  description = "ARN of the log group that ECS Exec sessions are written to."
  value       = aws_cloudwatch_log_group.exec.arn
}
