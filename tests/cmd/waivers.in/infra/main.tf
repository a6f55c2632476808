# ecs-audit: allow(ECS:006) reason = "it writes its cache" until = "2027-01-31"
module "api" {
  source = "./modules/service"
}

module "worker" {
  source = "./modules/service"
}

resource "aws_ecs_task_definition" "agent" {
  family       = "agent"
  network_mode = "host" # ecs-audit: allow(not-awsvpc) reason = "it watches the host" until = "2026-05-31"

  # ecs-audit: allow(ECS:04) reason = "mistyped"
  container_definitions = jsonencode([
    # ecs-audit: allow(ECS:008, ECS:006) reason = "it is the log driver"
    { name = "agent", image = "agent:1", user = "1000" },
  ])
}
