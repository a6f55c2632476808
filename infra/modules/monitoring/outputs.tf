output "topic_arn" {
  description = "ARN of the topic that alarms write to."
  value       = aws_sns_topic.this.arn
}

output "cpu_alarm_names" {
  description = "Names of the alarms on CPU use, by the caller's names of the services."
  value       = { for name, alarm in aws_cloudwatch_metric_alarm.cpu : name => alarm.alarm_name }
}
