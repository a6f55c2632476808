mock_provider "aws" {}

variables {
  name         = "orders"
  account_id   = "111122223333"
  cluster_name = "orders"
  kms_key_arn  = "arn:aws:kms:eu-central-1:111122223333:key/0f6d7a52-3f0e-4c56-9a3e-6b1d2f6c9a10"
  services     = { api = { service_name = "shop-api" }, worker = { service_name = "shop-worker", min_running_task_count = 2 } }
}

run "watches_each_service" {
  command = plan

  assert {
    condition = alltrue([
      for alarms in [aws_cloudwatch_metric_alarm.cpu, aws_cloudwatch_metric_alarm.memory, aws_cloudwatch_metric_alarm.running_tasks] :
      alltrue([for name, alarm in alarms : alarm.dimensions == tomap({ ClusterName = "orders", ServiceName = "shop-${name}" })]) && keys(alarms) == ["api", "worker"]
    ])
    error_message = "Each service must have its alarms, on its own dimensions."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.running_tasks : alarm.treat_missing_data == "breaching"])
    error_message = "A service that reports nothing does not run."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.running_tasks["worker"].threshold == 2
    error_message = "The limits are those that the caller gives."
  }

  assert {
    condition     = aws_sns_topic.this.kms_master_key_id == var.kms_key_arn
    error_message = "The topic must be encrypted."
  }
}

run "refuses_limits_that_are_no_percentages" {
  command = plan

  variables {
    services = { api = { service_name = "api", max_cpu_percent = 850 } }
  }

  expect_failures = [var.services]
}
