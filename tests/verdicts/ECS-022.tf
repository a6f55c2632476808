#= fail: no alarm
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
#= pass: an alarm by reference
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  dimensions = {
    ClusterName = aws_ecs_cluster.main.name
    ServiceName = aws_ecs_service.app.name
  }
}
#= pass: an alarm by name
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  dimensions = {
    ClusterName = "main"
    ServiceName = "app"
  }
}
#= fail: an alarm on another service
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  dimensions = {
    ClusterName = "main"
    ServiceName = "other"
  }
}
#= fail: an alarm on another cluster
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  dimensions = {
    ClusterName = "other"
    ServiceName = "app"
  }
}
#= fail: an alarm on the cluster alone
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  dimensions = { ClusterName = aws_ecs_cluster.main.name }
}
#= unknown: an alarm on what is not known
variable "service" {
  type = string
}
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  dimensions = {
    ClusterName = "main"
    ServiceName = var.service
  }
}
#= pass: a cluster by its ARN, that is not known
variable "cluster" {
  type = string
}
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = var.cluster
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  dimensions = {
    ClusterName = "main"
    ServiceName = aws_ecs_service.app.name
  }
}
#= pass: a metric in a query
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  metric_query {
    id = "m"
    metric {
      namespace   = "AWS/ECS"
      metric_name = "CPUUtilization"
      period      = 60
      stat        = "Average"
      dimensions  = { ClusterName = "main", ServiceName = "app" }
    }
  }
}
#= unknown: a query that searches
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  metric_query {
    id         = "m"
    expression = "SELECT MAX(CPUUtilization) FROM SCHEMA(\"AWS/ECS\", ClusterName,ServiceName)"
  }
}
#= pass: its own alarms
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
  alarms {
    alarm_names = ["app"]
    enable      = true
    rollback    = true
  }
}
#= fail: its own alarms, not enabled
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
  alarms {
    alarm_names = ["app"]
    enable      = false
    rollback    = true
  }
}
#= pass pass: one alarm for each of two
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  for_each = toset(["a", "b"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
resource "aws_cloudwatch_metric_alarm" "app" {
  alarm_name = "app"
  dimensions = {
    ClusterName = "main"
    ServiceName = each.value.name
  }
  for_each = aws_ecs_service.app
}
#= unknown: a module that is not installed
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_service" "app" {
  name            = "app"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = "app:1"
}
module "alarms" {
  source = "terraform-aws-modules/cloudwatch/aws//modules/metric-alarm"
}
#= : a task that a schedule runs
resource "aws_cloudwatch_event_target" "app" {
  rule     = "r"
  arn      = "arn:aws:ecs:eu-west-1:1:cluster/main"
  role_arn = "arn:aws:iam::1:role/events"
  ecs_target {
    task_definition_arn = "arn:aws:ecs:eu-west-1:1:task-definition/app:1"
  }
}
