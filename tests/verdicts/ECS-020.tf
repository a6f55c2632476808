#= fail: no tag
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "nginx" }])
}
#= fail: latest
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "nginx:latest" }])
}
#= fail: a branch
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "registry.example.com/app:main" }])
}
#= fail: an environment
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "registry.example.com/app:prod" }])
}
#= fail: in upper case
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:LATEST" }])
}
#= fail: the latest of one kind
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "datadog/agent:latest-jmx" }])
}
#= fail: one kind of the latest
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:arm64-latest" }])
}
#= fail: a channel and a variant
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "nginx:stable-alpine" }])
}
#= fail: a variant alone
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "golang:alpine" }])
}
#= pass: a version
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.27.3" }])
}
#= pass: a version that is short
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "postgres:16" }])
}
#= pass: a branch and a revision
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:main-3f2c1ab" }])
}
#= pass: a revision
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:3f2c1ab9" }])
}
#= pass: a digest
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "nginx@sha256:9ae97d36d26566ff84e8893c64a6dc4fe8ca6d1144bf5b87b2b85a32def253c7" }])
}
#= pass: a digest, whatever the tag
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "nginx:latest@sha256:9ae97d36d26566ff84e8893c64a6dc4fe8ca6d1144bf5b87b2b85a32def253c7" }])
}
#= fail: a port is no tag
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "localhost:5000/app" }])
}
#= pass: a port and a tag
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "localhost:5000/app:7" }])
}
#= fail: latest of a repository that is made here
resource "aws_ecr_repository" "r" {
  name                 = "r"
  image_tag_mutability = "IMMUTABLE"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.r.repository_url}:latest" }])
}
#= pass: a version of a repository that is made here
resource "aws_ecr_repository" "r" {
  name                 = "r"
  image_tag_mutability = "IMMUTABLE"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.r.repository_url}:1.0.0" }])
}
#= fail: a repository that is made here, without a tag
resource "aws_ecr_repository" "r" {
  name                 = "r"
  image_tag_mutability = "IMMUTABLE"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = aws_ecr_repository.r.repository_url }])
}
#= unknown: a repository that is made here, with a tag that is not known
resource "aws_ecr_repository" "r" {
  name                 = "r"
  image_tag_mutability = "IMMUTABLE"
}
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.r.repository_url}:${var.v}" }])
}
#= pass: a version of which a part is not known
resource "aws_ecr_repository" "r" {
  name                 = "r"
  image_tag_mutability = "IMMUTABLE"
}
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.r.repository_url}:v${var.v}" }])
}
#= unknown: an environment of which a part is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:st${var.v}e" }])
}
#= fail: latest of something that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:${var.v}-latest" }])
}
#= pass: a digest that is not known
resource "aws_ecr_repository" "r" {
  name                 = "r"
  image_tag_mutability = "IMMUTABLE"
}
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "${aws_ecr_repository.r.repository_url}@${var.v}" }])
}
#= pass: an image that was looked up
data "aws_ecr_image" "i" {
  repository_name = "r"
  image_tag       = "latest"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = data.aws_ecr_image.i.image_uri }])
}
#= fail: a registry that is not known, and no tag
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "${var.v}/app" }])
}
#= unknown: an image that is not known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = var.v }])
}
#= unknown: an image of which only the beginning is known
variable "v" {
  type = string
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "registry.example.com/${var.v}" }])
}
#= fail: a tag by a variable
variable "v" {
  default = "latest"
}
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "app:${var.v}" }])
}
#= not-applicable: no image
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app" }])
}
#= unknown: a placeholder
resource "aws_ecs_task_definition" "app" {
  family = "app"
  container_definitions = jsonencode([{ name = "app", image = "<IMAGE1_NAME>" }])
}
#= unknown: definitions that are not known
variable "definitions" {}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  container_definitions = var.definitions
}
