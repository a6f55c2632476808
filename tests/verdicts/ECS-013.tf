#= fail: the same ARN
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = "arn:aws:iam::111122223333:role/a"
  task_role_arn = "arn:aws:iam::111122223333:role/a"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: two ARNs
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = "arn:aws:iam::111122223333:role/a"
  task_role_arn = "arn:aws:iam::111122223333:role/b"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: no task role
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = "arn:aws:iam::111122223333:role/a"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: no execution role
resource "aws_ecs_task_definition" "app" {
  family = "app"
  task_role_arn = "arn:aws:iam::111122223333:role/a"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: no role
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: the same role of the configuration
resource "aws_iam_role" "a" {
  assume_role_policy = "{}"
}
resource "aws_iam_role" "b" {
  assume_role_policy = "{}"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = aws_iam_role.a.arn
  task_role_arn = aws_iam_role.a.arn
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: two roles of the configuration
resource "aws_iam_role" "a" {
  assume_role_policy = "{}"
}
resource "aws_iam_role" "b" {
  assume_role_policy = "{}"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = aws_iam_role.a.arn
  task_role_arn = aws_iam_role.b.arn
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: the same role through a local
resource "aws_iam_role" "a" {
  assume_role_policy = "{}"
}
resource "aws_iam_role" "b" {
  assume_role_policy = "{}"
}
locals {
  role = aws_iam_role.a.arn
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = local.role
  task_role_arn = aws_iam_role.a.arn
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a variable against a role
variable "v" {
  type = string
}
resource "aws_iam_role" "a" {
  assume_role_policy = "{}"
}
resource "aws_iam_role" "b" {
  assume_role_policy = "{}"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = var.v
  task_role_arn = aws_iam_role.a.arn
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: the same variable twice
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = var.v
  task_role_arn = var.v
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: two variables
variable "v" {
  type = string
}
variable "w" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = var.v
  task_role_arn = var.w
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: a variable against an ARN
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = var.v
  task_role_arn = "arn:aws:iam::111122223333:role/a"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= unknown: an ARN against a role of the configuration
resource "aws_iam_role" "a" {
  assume_role_policy = "{}"
}
resource "aws_iam_role" "b" {
  assume_role_policy = "{}"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = "arn:aws:iam::111122223333:role/a"
  task_role_arn = aws_iam_role.a.arn
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= fail: the same text around the same account
data "aws_caller_identity" "me" {
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/a"
  task_role_arn = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/a"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: two names in the same account
data "aws_caller_identity" "me" {
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/a"
  task_role_arn = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:role/b"
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
#= pass: null
resource "aws_ecs_task_definition" "app" {
  family = "app"
  execution_role_arn = "arn:aws:iam::111122223333:role/a"
  task_role_arn = null
  container_definitions = jsonencode([{ name = "app", image = "a:1" }])
}
