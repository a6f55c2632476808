module "app" {
  source     = "./app"
  privileged = true
}

# ecs-audit: allow(ECS:015) reason = "moves to `awsvpc` with the next host" until = "2026-12-31"
resource "aws_ecs_task_definition" "worker" {
  family       = "worker"
  network_mode = "bridge"
  pid_mode     = var.pid_mode
  container_definitions = jsonencode([{
    name  = "worker"
    image = "worker:1.0.0"
  }])
}

variable "pid_mode" {
  type = string
}
