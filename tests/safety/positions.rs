//! The places that something reads, or that a message could quote; `@` stands for the secret's expression.

/// A place.
pub(crate) struct Position {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Further files of the root module.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

fn position(name: impl Into<String>, text: impl Into<String>) -> Position {
    Position {
        name: name.into(),
        text: text.into(),
        files: &[],
    }
}

/// Arguments of a container definition.
const CONTAINER: &[&str] = &[
    "name = @",
    "image = @",
    "cpu = @",
    "memory = @",
    "essential = @",
    "privileged = @",
    "readonlyRootFilesystem = @",
    "user = @",
    "user = \"root:${@}\"",
    "command = [@]",
    "command = [\"sh\", \"-c\", \"run --token=${@}\"]",
    "command = @",
    "entryPoint = [@, \"x\"]",
    "entryPoint = @",
    "environment = [{ name = \"DB_PASSWORD\", value = @ }]",
    "environment = [{ name = \"INNOCENT\", value = @ }]",
    "environment = [{ name = \"URL\", value = \"https://u:${@}@host/x\" }]",
    "environment = [{ name = @, value = \"x\" }]",
    "environment = [{ name = \"SECRET_${@}\", value = \"literal-Value-1\" }]",
    "environment = [{ Name = \"A\", Value = @ }]",
    "environment = { TOKEN = @ }",
    "environment = { (@) = \"x\" }",
    "environment = @",
    "environment = [@]",
    "environment = [for k, v in { A = @ } : { name = k, value = v }]",
    "environment = [{ name = \"A\", value = [@] }]",
    "environment = [{ name = \"A\", value = { k = @ } }]",
    "environment = [{ name = \"A\", (@) = \"x\" }]",
    "environmentFiles = [{ type = \"s3\", value = @ }]",
    "secrets = [{ name = @, valueFrom = \"arn:aws:ssm:eu-west-1:123456789012:parameter/x\" }]",
    "secrets = [{ name = \"A\", valueFrom = @ }]",
    "secrets = @",
    "secrets = { A = @ }",
    "dockerLabels = { label = @ }",
    "dockerLabels = { (@) = \"x\" }",
    "dockerLabels = @",
    "dockerLabels = [@]",
    "healthCheck = { command = [\"CMD-SHELL\", @] }",
    "healthCheck = { command = @ }",
    "healthCheck = { interval = @ }",
    "healthCheck = @",
    "logConfiguration = { logDriver = @ }",
    "logConfiguration = { logDriver = \"awslogs\", options = { \"awslogs-group\" = @ } }",
    "logConfiguration = { logDriver = \"awslogs\", options = { \"awslogs-group\" = @, \"awslogs-region\" = @ } }",
    "logConfiguration = { logDriver = \"splunk\", options = { \"splunk-token\" = @ } }",
    "logConfiguration = { logDriver = \"awslogs\", options = { (@) = \"x\" } }",
    "logConfiguration = { logDriver = \"awslogs\", options = @ }",
    "logConfiguration = { logDriver = \"awsfirelens\", options = { apikey = @ }, secretOptions = [{ name = @, valueFrom = @ }] }",
    "logConfiguration = @",
    "firelensConfiguration = { type = @ }",
    "firelensConfiguration = { type = \"fluentbit\", options = { x = @ } }",
    "firelensConfiguration = @",
    "portMappings = [{ name = @, containerPort = @ }]",
    "linuxParameters = { capabilities = { add = [@] } }",
    "linuxParameters = @",
    "dockerSecurityOptions = [@]",
    "mountPoints = [{ sourceVolume = @, containerPath = @ }]",
    "volumesFrom = [{ sourceContainer = @ }]",
    "dependsOn = [{ containerName = @, condition = @ }]",
    "hostname = @",
    "workingDirectory = @",
    "repositoryCredentials = { credentialsParameter = @ }",
    "ulimits = [{ name = @ }]",
    "(@) = 1",
    "priviledged = @",
];

/// Arguments and blocks of a task definition beside one container.
const TASK: &[&str] = &[
    "family = @",
    "network_mode = @",
    "pid_mode = @",
    "ipc_mode = @",
    "requires_compatibilities = [@]",
    "requires_compatibilities = @",
    "cpu = @",
    "memory = @",
    "task_role_arn = @",
    "execution_role_arn = @\n  task_role_arn = @",
    "execution_role_arn = \"arn:aws:iam::123456789012:role/${@}\"\n  task_role_arn = \"arn:aws:iam::123456789012:role/${@}\"",
    "execution_role_arn = \"arn:aws:iam::123456789012:role/a\"\n  task_role_arn = @",
    "enable_fault_injection = @",
    "tags = { Name = @ }",
    "runtime_platform {\n    operating_system_family = @\n    cpu_architecture = @\n  }",
    "volume {\n    name = @\n    efs_volume_configuration {\n      file_system_id = \"fs-1\"\n    }\n  }",
    "volume {\n    name = \"v\"\n    efs_volume_configuration {\n      file_system_id = @\n    }\n  }",
    "volume {\n    name = \"v\"\n    efs_volume_configuration {\n      file_system_id = \"fs-1\"\n      transit_encryption = @\n    }\n  }",
    "volume {\n    name = \"v\"\n    efs_volume_configuration {\n      file_system_id = \"fs-1\"\n      root_directory = @\n      transit_encryption_port = @\n      authorization_config {\n        iam = @\n        access_point_id = @\n      }\n    }\n  }",
    "volume {\n    name = @\n    host_path = @\n  }",
    "volume {\n    name = \"v\"\n    docker_volume_configuration {\n      driver = @\n      driver_opts = { type = \"nfs\", o = \"addr=fs-1.efs.eu-west-1.amazonaws.com,${@}\", device = @ }\n    }\n  }",
    "volume {\n    name = \"v\"\n    docker_volume_configuration {\n      driver_opts = { type = \"nfs\", o = \"addr=${@}.efs.eu-west-1.amazonaws.com\", device = \":/\" }\n    }\n  }",
    "volume {\n    name = \"v\"\n    docker_volume_configuration {\n      driver_opts = { (@) = \"nfs\" }\n    }\n  }",
    "volume {\n    name = \"v\"\n    docker_volume_configuration {\n      driver_opts = @\n    }\n  }",
    "volume = @",
    "dynamic \"volume\" {\n    for_each = { (@) = @ }\n    content {\n      name = volume.key\n      efs_volume_configuration {\n        file_system_id = volume.value\n      }\n    }\n  }",
    "dynamic \"volume\" {\n    for_each = @\n    content {\n      name = volume.value\n    }\n  }",
    "lifecycle {\n    precondition {\n      condition = @ == \"x\"\n      error_message = \"it is ${@}\"\n    }\n  }",
    "count = @",
    "for_each = toset([@])",
    "for_each = toset([nonsensitive(@)])",
    "for_each = { (nonsensitive(@)) = 1 }",
    "for_each = { a = @ }\n  family = each.value",
    "for_each = @",
    "provider = aws.missing",
    "no_such_argument = @",
];

/// What `container_definitions` is.
const DEFINITIONS: &[&str] = &[
    "@",
    "\"[${@}]\"",
    "\"[{\\\"name\\\": \\\"${@}\\\"\"",
    "\"[{\\\"name\\\": \\\"a\\\", \\\"image\\\": ${@}}]\"",
    "\"{\\\"name\\\": \\\"${@}\\\"}\"",
    "jsonencode(@)",
    "jsonencode([@])",
    "jsonencode([[@]])",
    "jsonencode({ (@) = 1 })",
    "jsonencode({ name = @, image = \"x\" })",
    "jsonencode([{ name = @ }, { name = @ }])",
    "jsonencode([{ name = \"a\", image = \"x\" }, @])",
    "jsonencode([for n in [@, \"b\"] : { name = n, image = \"x\" }])",
    "jsonencode([for n in toset([@]) : { name = n, image = \"x\" } if n != \"\"])",
    "<<EOT\n[{\"name\": \"a\", \"image\": \"x\", \"command\": [\"${@}\"], \"environment\": [{\"name\": \"DB_PASSWORD\", \"value\": \"${@}\"}]}]\nEOT\n",
    "<<EOT\n[{\"name\": \"${@}\", \"image\": \"x\", \"environment\": ${jsonencode([{ name = \"A\", value = @ }])} }]\nEOT\n",
    "templatefile(\"${path.module}/t.tpl\", { s = @ })",
    "templatefile(\"${path.module}/wrong.tpl\", { s = @ })",
    "templatefile(\"${path.module}/absent.tpl\", { s = @ })",
    "templatefile(@, {})",
    "templatefile(\"${path.module}/${@}/x.tpl\", {})",
    "templatefile(\"${path.module}/t.tpl\", @)",
    "file(@)",
    "file(\"${path.module}/${@}.json\")",
    "yamldecode(@)",
    "jsonencode(yamldecode(\"- name: ${@}\\n  image: [x\"))",
    "replace(jsonencode([{ name = \"a\", image = \"x\", command = [\"MARK\"] }]), \"MARK\", @)",
    "format(\"[{\\\"name\\\":\\\"a\\\",\\\"image\\\":\\\"%s\\\"}]\", @)",
];

/// Files beside those.
const FILES: &[(&str, &str)] = &[
    (
        "t.tpl",
        "[{\"name\": \"a\", \"image\": \"${s}\", \"user\": \"${s}\", \"command\": [\"${s}\"]}]",
    ),
    (
        "wrong.tpl",
        "[{\"name\": \"${s.x}\", \"image\": \"${tonumber(s)}\", ${s}]",
    ),
    (
        "inner/t.tpl",
        "[{\"name\": \"a\", \"image\": \"${s}\", \"user\": \"${s}\", \"command\": [\"${s}\"]}]",
    ),
    (
        "inner/wrong.tpl",
        "[{\"name\": \"${s.x}\", \"image\": \"${tonumber(s)}\", ${s}]",
    ),
];

const SERVICE: &[&str] = &[
    "name = @",
    "cluster = @",
    "cluster = \"arn:aws:ecs:eu-west-1:123456789012:cluster/${@}\"",
    "task_definition = @",
    "task_definition = \"${@}:1\"",
    "launch_type = @",
    "launch_type = \"FARGATE\"\n  platform_version = @",
    "launch_type = \"FARGATE\"\n  platform_version = \"1.${@}\"",
    "desired_count = @",
    "enable_execute_command = @",
    "scheduling_strategy = @",
    "launch_type = \"EC2\"\n  network_configuration {\n    subnets = [@]\n    security_groups = [@]\n    assign_public_ip = true\n  }",
    "network_configuration {\n    subnets = @\n  }",
    "network_configuration {\n    subnets = [\"subnet-1\"]\n    assign_public_ip = @\n  }",
    "network_configuration {\n    subnets = [for x in [@] : \"subnet-${x}\"]\n  }",
    "capacity_provider_strategy {\n    capacity_provider = @\n    weight = @\n  }\n  platform_version = \"1.3.0\"",
    "deployment_controller {\n    type = @\n  }",
    "load_balancer {\n    container_name = @\n    container_port = @\n    target_group_arn = @\n  }",
    "service_registries {\n    registry_arn = @\n    container_name = @\n  }",
    "alarms {\n    alarm_names = [@]\n    enable = @\n    rollback = @\n  }",
    "deployment_circuit_breaker {\n    enable = @\n    rollback = @\n  }",
    "service_connect_configuration {\n    enabled = true\n    namespace = @\n    service {\n      port_name = @\n    }\n  }",
    "count = @",
    "for_each = { (nonsensitive(@)) = @ }\n  name = each.key\n  cluster = each.value\n  network_configuration {\n    subnets = []\n    assign_public_ip = true\n  }",
    "for_each = toset([nonsensitive(@)])\n  name = each.key\n  network_configuration {\n    subnets = []\n    assign_public_ip = each.value\n  }",
];

const CLUSTER: &[&str] = &[
    "name = @",
    "setting {\n    name = @\n    value = \"enabled\"\n  }",
    "setting {\n    name = \"containerInsights\"\n    value = @\n  }",
    "setting = @",
    "configuration {\n    execute_command_configuration {\n      logging = @\n      kms_key_id = @\n    }\n  }",
    "configuration {\n    execute_command_configuration {\n      logging = \"OVERRIDE\"\n      kms_key_id = \"alias/aws/${@}\"\n      log_configuration {\n        cloud_watch_log_group_name = @\n        cloud_watch_encryption_enabled = @\n        s3_bucket_name = @\n        s3_bucket_encryption_enabled = @\n      }\n    }\n  }",
    "configuration {\n    execute_command_configuration {\n      logging = \"OVERRIDE\"\n      log_configuration {\n        cloud_watch_log_group_name = @\n      }\n    }\n  }",
    "for_each = toset([nonsensitive(@)])\n  name = each.key",
];

/// Whole pieces of configuration.
const WHOLE: &[(&str, &str)] = &[
    (
        "an account's setting",
        "resource \"aws_ecs_account_setting_default\" \"t\" {\n  name = \"containerInsights\"\n  value = @\n}\nresource \"aws_ecs_cluster\" \"c\" {\n  name = \"c\"\n}\n",
    ),
    (
        "a capacity provider",
        "resource \"aws_ecs_cluster_capacity_providers\" \"t\" {\n  cluster_name = @\n  capacity_providers = [@]\n  default_capacity_provider_strategy {\n    capacity_provider = @\n  }\n}\nresource \"aws_ecs_capacity_provider\" \"t\" {\n  name = @\n}\n",
    ),
    (
        "a task set",
        "resource \"aws_ecs_task_set\" \"t\" {\n  service = @\n  cluster = @\n  task_definition = @\n  launch_type = \"FARGATE\"\n  platform_version = @\n  network_configuration {\n    subnets = [@]\n    assign_public_ip = @\n  }\n}\n",
    ),
    (
        "an event's target",
        "resource \"aws_cloudwatch_event_target\" \"t\" {\n  arn = @\n  rule = @\n  input = @\n  ecs_target {\n    task_definition_arn = @\n    launch_type = \"FARGATE\"\n    platform_version = @\n    network_configuration {\n      subnets = [@]\n      assign_public_ip = true\n    }\n  }\n}\n",
    ),
    (
        "an event's overrides",
        "resource \"aws_cloudwatch_event_target\" \"t\" {\n  arn = \"c\"\n  rule = \"r\"\n  input = jsonencode({ containerOverrides = [{ name = @, command = [@], environment = [{ name = \"DB_PASSWORD\", value = @ }, { name = @, value = @ }] }] })\n  ecs_target {\n    task_definition_arn = \"t\"\n  }\n}\n",
    ),
    (
        "an event's overrides that are no JSON",
        "resource \"aws_cloudwatch_event_target\" \"t\" {\n  arn = \"c\"\n  rule = \"r\"\n  input = \"{\\\"containerOverrides\\\": [${@}\"\n  ecs_target {\n    task_definition_arn = \"t\"\n  }\n}\n",
    ),
    (
        "a schedule",
        "resource \"aws_scheduler_schedule\" \"t\" {\n  schedule_expression = @\n  target {\n    arn = @\n    role_arn = @\n    input = jsonencode({ containerOverrides = [{ name = \"a\", environment = [{ name = \"A\", value = @ }] }] })\n    ecs_parameters {\n      task_definition_arn = @\n      launch_type = @\n      platform_version = @\n      network_configuration {\n        subnets = @\n        assign_public_ip = @\n      }\n    }\n  }\n}\n",
    ),
    (
        "a pipe",
        "resource \"aws_pipes_pipe\" \"t\" {\n  source = @\n  target = @\n  target_parameters {\n    ecs_task_parameters {\n      task_definition_arn = @\n      launch_type = @\n      platform_version = @\n      overrides {\n        container_override {\n          name = @\n          command = [@]\n          environment {\n            name = @\n            value = @\n          }\n        }\n      }\n    }\n  }\n}\n",
    ),
    (
        "what no rule reads",
        "resource \"aws_ecs_none_such\" \"t\" {\n  for_each = toset([nonsensitive(@)])\n  name = @\n}\n",
    ),
    (
        "a network",
        "resource \"aws_vpc\" \"v\" {\n  cidr_block = @\n}\nresource \"aws_subnet\" \"s\" {\n  vpc_id = aws_vpc.v.id\n  cidr_block = @\n  availability_zone = @\n}\nresource \"aws_vpc_endpoint\" \"e\" {\n  vpc_id = aws_vpc.v.id\n  service_name = \"com.amazonaws.${@}.ecr.api\"\n  vpc_endpoint_type = @\n  private_dns_enabled = @\n  subnet_ids = [@]\n}\nresource \"aws_vpc_endpoint\" \"f\" {\n  vpc_id = @\n  service_name = @\n}\nresource \"aws_vpc_endpoint\" \"g\" {\n  vpc_id = aws_vpc.v.id\n  service_name = \"com.amazonaws.eu-west-1.${@}\"\n}\nresource \"aws_route_table\" \"r\" {\n  vpc_id = aws_vpc.v.id\n  route {\n    cidr_block = @\n    gateway_id = @\n    nat_gateway_id = @\n  }\n}\nresource \"aws_route\" \"r\" {\n  route_table_id = @\n  gateway_id = @\n  destination_cidr_block = @\n}\nresource \"aws_route_table_association\" \"a\" {\n  subnet_id = @\n  route_table_id = @\n}\nresource \"aws_ecs_task_definition\" \"t\" {\n  family = \"f\"\n  network_mode = \"awsvpc\"\n  execution_role_arn = \"r\"\n  container_definitions = jsonencode([{ name = \"a\", image = \"123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:${@}\", secrets = [{ name = \"x\", valueFrom = \"arn:aws:secretsmanager:eu-west-1:123456789012:secret:${@}\" }] }])\n}\nresource \"aws_ecs_service\" \"s\" {\n  name = \"s\"\n  launch_type = \"FARGATE\"\n  enable_execute_command = true\n  task_definition = aws_ecs_task_definition.t.arn\n  network_configuration {\n    subnets = [aws_subnet.s.id]\n  }\n}\n",
    ),
    (
        "a network of many",
        "resource \"aws_vpc\" \"v\" {\n  for_each = toset([nonsensitive(@)])\n  cidr_block = \"10.0.0.0/16\"\n}\nresource \"aws_subnet\" \"s\" {\n  for_each = toset([nonsensitive(@)])\n  vpc_id = aws_vpc.v[each.key].id\n}\nresource \"aws_ecs_task_definition\" \"t\" {\n  family = \"f\"\n  container_definitions = jsonencode([{ name = \"a\", image = \"123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1\" }])\n}\nresource \"aws_ecs_service\" \"s\" {\n  for_each = aws_subnet.s\n  name = \"s\"\n  launch_type = \"FARGATE\"\n  task_definition = aws_ecs_task_definition.t.arn\n  network_configuration {\n    subnets = [each.value.id]\n  }\n}\n",
    ),
    (
        "a network from elsewhere",
        "data \"aws_vpc\" \"v\" {\n  for_each = toset([nonsensitive(@)])\n  tags = { Name = @ }\n}\ndata \"aws_subnets\" \"s\" {\n  for_each = data.aws_vpc.v\n  filter {\n    name = \"vpc-id\"\n    values = [each.value.id]\n  }\n}\nresource \"aws_ecs_service\" \"s\" {\n  name = \"s\"\n  launch_type = \"FARGATE\"\n  network_configuration {\n    subnets = data.aws_subnets.s[nonsensitive(@)].ids\n  }\n}\n",
    ),
    (
        "a referred-to instance",
        "resource \"aws_iam_role\" \"r\" {\n  for_each = toset([nonsensitive(@)])\n  name = each.key\n}\nresource \"aws_ecs_task_definition\" \"t\" {\n  family = \"f\"\n  network_mode = aws_iam_role.r[nonsensitive(@)].unique_id\n  pid_mode = aws_iam_role.r[@].unique_id\n  task_role_arn = aws_iam_role.r[@].arn\n  execution_role_arn = aws_iam_role.r[nonsensitive(@)].arn\n  container_definitions = aws_iam_role.r[nonsensitive(@)].description\n}\nresource \"aws_ecs_service\" \"s\" {\n  name = \"s\"\n  launch_type = aws_iam_role.r[@].unique_id\n  platform_version = \"1.${aws_iam_role.r[@].unique_id}\"\n  network_configuration {\n    assign_public_ip = aws_iam_role.r[nonsensitive(@)].tags[@]\n    subnets = [for k, v in aws_iam_role.r : v.tags[k]]\n  }\n}\n",
    ),
    (
        "an instance that is not there",
        "resource \"aws_iam_role\" \"r\" {\n  for_each = toset([\"a\"])\n}\nresource \"aws_ecs_task_definition\" \"t\" {\n  family = \"f\"\n  pid_mode = aws_iam_role.r[@].arn\n  network_mode = aws_iam_role.r[nonsensitive(@)].arn\n  task_role_arn = data.aws_x.y[@].z\n  ipc_mode = terraform.workspace == @ ? \"a\" : path.module[@]\n  container_definitions = jsonencode([{ name = \"a\", image = module.none[@].x }])\n}\n",
    ),
    (
        "a module's key",
        "module \"n\" {\n  source = \"./n\"\n  for_each = toset([nonsensitive(@)])\n  key = each.key\n}\nresource \"aws_ecs_service\" \"s\" {\n  name = \"s\"\n  launch_type = module.n[@].unknown\n  cluster = module.n[nonsensitive(@)].arn\n  network_configuration {\n    subnets = []\n    assign_public_ip = module.n[nonsensitive(@)].unknown\n  }\n}\n",
    ),
    (
        "a module's number",
        "module \"n\" {\n  source = \"./n\"\n  count = @\n  key = @\n}\n",
    ),
    (
        "a module's arguments",
        "module \"n\" {\n  source = \"./n\"\n  key = @\n  number = @\n  flag = @\n  object = { a = @, (@) = 1 }\n  validated = @\n  (@) = 1\n  none_such = @\n}\n",
    ),
    (
        "a module's object",
        "module \"n\" {\n  source = \"./n\"\n  object = @\n  list = @\n  map = { (@) = @, b = [@] }\n}\n",
    ),
    (
        "a module's source",
        "module \"n\" {\n  source = \"./${@}\"\n}\nmodule \"o\" {\n  source = @\n  version = @\n}\n",
    ),
    (
        "a provider",
        "provider \"aws\" {\n  region = @\n  access_key = @\n  default_tags {\n    tags = { a = @ }\n  }\n}\nresource \"aws_ecs_service\" \"s\" {\n  provider = aws.other\n  name = @\n}\n",
    ),
    (
        "a backend",
        "terraform {\n  backend \"s3\" {\n    bucket = @\n    secret_key = @\n  }\n}\n",
    ),
    (
        "an output",
        "output \"o\" {\n  value = tonumber(@)\n  precondition {\n    condition = @ == 1\n    error_message = @\n  }\n}\ncheck \"c\" {\n  assert {\n    condition = tobool(@)\n    error_message = \"${@}\"\n  }\n}\n",
    ),
    (
        "blocks of moves",
        "moved {\n  from = aws_ecs_service.x[@]\n  to = aws_ecs_service.y\n}\nimport {\n  to = aws_ecs_service.y\n  id = @\n}\nremoved {\n  from = aws_ecs_service.z\n}\n",
    ),
    (
        "a local value",
        "locals {\n  a = tonumber(@)\n  b = { for v in [@, @] : v => 1 }\n  c = local.b[@].d\n  (@) = 1\n}\nresource \"aws_ecs_service\" \"s\" {\n  name = local.a\n  cluster = local.b\n  launch_type = local.c\n  count = local.a\n}\n",
    ),
    (
        "a broken line after it",
        "locals {\n  a = \"${@}\" )\n  b = [@\n}\nresource \"aws_ecs_cluster\" \"c\" {\n  name = @ @\n}\n",
    ),
    (
        "a broken file",
        "resource \"aws_ecs_cluster\" \"c\" {\n  name = \"${@\n}\n",
    ),
];

/// The module that some of those call.
const MODULE: &str = "variable \"key\" {\n  default = null\n}\nvariable \"number\" {\n  type = number\n  default = 1\n}\nvariable \"flag\" {\n  type = bool\n  default = true\n}\nvariable \"object\" {\n  type = object({ a = number, b = optional(list(string), [\"x\"]) })\n  default = { a = 1 }\n}\nvariable \"list\" {\n  type = list(object({ x = string }))\n  default = []\n}\nvariable \"map\" {\n  type = map(string)\n  default = {}\n}\nvariable \"validated\" {\n  default = \"x\"\n  validation {\n    condition = length(var.validated) > 100\n    error_message = \"it is ${var.validated}\"\n  }\n}\noutput \"arn\" {\n  value = aws_ecs_cluster.c.arn\n}\noutput \"unknown\" {\n  value = aws_ecs_cluster.c.tags_all[var.key]\n}\nresource \"aws_ecs_cluster\" \"c\" {\n  name = var.key\n}\nresource \"aws_ecs_service\" \"s\" {\n  for_each = var.map\n  name = each.key\n  cluster = each.value\n  platform_version = var.validated\n  launch_type = \"FARGATE\"\n  desired_count = var.number\n  enable_execute_command = var.flag\n}\n";

/// Expressions that Terraform refuses, or that a message could quote.
const EXPRESSIONS: &[&str] = &[
    "tonumber(@)",
    "tobool(@)",
    "tolist(@)",
    "toset(@)",
    "tomap(@)",
    "tostring([@])",
    "jsondecode(@)",
    "yamldecode(@)",
    "yamldecode(\"a: [${@}\")",
    "jsondecode(\"{\\\"a\\\": ${@}}\")",
    "csvdecode(@)",
    "csvdecode(\"a,a\\n${@},2\")",
    "csvdecode(\"a,b\\n${@}\\n1,2,3\")",
    "base64decode(@)",
    "base64gzip(@)",
    "textdecodebase64(@, \"UTF-8\")",
    "textencodebase64(@, @)",
    "urlencode(@)",
    "parseint(@, 10)",
    "parseint(\"x\", @)",
    "regex(@, \"x\")",
    "regex(\"x\", @)",
    "regex(\"(${@}\", \"x\")",
    "regexall(\"[\", @)",
    "replace(@, \"/(/\", \"\")",
    "replace(\"a\", \"/${@}(/\", \"\")",
    "file(@)",
    "filebase64(@)",
    "filesha256(@)",
    "fileexists(@)",
    "fileset(@, \"*\")",
    "fileset(\".\", @)",
    "file(\"${path.module}/${@}\")",
    "pathexpand(@)",
    "abspath(@)",
    "dirname(@)",
    "basename(@)",
    "templatefile(@, {})",
    "templatefile(\"${path.module}/t.tpl\", { s = [@] })",
    "templatefile(\"${path.module}/wrong.tpl\", { s = @ })",
    "templatestring(@, {})",
    "templatestring(\"${@}\", { a = 1 })",
    "templatestring(\"$${a.${@}}\", { a = {} })",
    "lookup({}, @)",
    "lookup(@, \"a\")",
    "lookup({ a = @ }, \"b\")",
    "element([], @)",
    "element([1], @)",
    "index([\"a\"], @)",
    "index([@], \"b\")",
    "contains(@, 1)",
    "one([@, @])",
    "one(@)",
    "format(@)",
    "format(@, 1)",
    "format(\"%d\", @)",
    "format(\"%s %s\", @)",
    "format(\"%z\", @)",
    "formatlist(\"%d\", [@])",
    "formatlist(@, [1], [2, 3])",
    "formatdate(@, timestamp())",
    "formatdate(\"YYYY\", @)",
    "formatdate(@, \"2020-01-01T00:00:00Z\")",
    "timeadd(@, \"1h\")",
    "timeadd(\"2020-01-01T00:00:00Z\", @)",
    "timecmp(@, @)",
    "cidrsubnet(@, 1, 1)",
    "cidrsubnet(\"10.0.0.0/8\", @, 1)",
    "cidrsubnets(@, 1)",
    "cidrhost(@, 1)",
    "cidrnetmask(@)",
    "cidrhost(\"10.0.0.0/30\", @)",
    "range(@)",
    "range(1, @)",
    "slice([1, 2], 0, @)",
    "slice(@, 0, 1)",
    "substr(@, \"x\", 1)",
    "substr(@, -100, 1)",
    "zipmap([@, @], [1])",
    "zipmap([@], @)",
    "setproduct(@)",
    "setproduct([@], @)",
    "merge(@)",
    "merge({ a = 1 }, @)",
    "concat(@)",
    "concat([1], @)",
    "keys(@)",
    "values(@)",
    "keys({ (@) = 1 })[5]",
    "flatten(@)",
    "distinct(@)",
    "compact([@, {}])",
    "compact(@)",
    "coalesce(null, [@], 1)",
    "coalescelist([], @)",
    "chunklist([1], @)",
    "transpose(@)",
    "transpose({ a = @ })",
    "matchkeys([@], [1], [2, 3])",
    "sort([@, {}])",
    "reverse(@)",
    "split(1, [@])",
    "join(@, @)",
    "join(\",\", [[@]])",
    "strrev([@])",
    "title(@)",
    "upper(@)",
    "trim(@)",
    "trimprefix(@, [@])",
    "indent(@, \"x\")",
    "chomp({ a = @ })",
    "startswith(@)",
    "strcontains(@, [])",
    "length(1 + @)",
    "length(tonumber(@))",
    "uuidv5(@, @)",
    "uuidv5(\"dns\", @)",
    "bcrypt(@, @)",
    "rsadecrypt(@, @)",
    "abs(@)",
    "ceil(@)",
    "log(@, @)",
    "pow(@, 2)",
    "signum(@)",
    "min(@, 1)",
    "max([@]...)",
    "max(@...)",
    "sum([@])",
    "sum(@)",
    "alltrue([@])",
    "anytrue(@)",
    "try(tonumber(@), jsondecode(@))",
    "can(tonumber(@)) ? 1 : tonumber(@)",
    "sensitive(tonumber(@))",
    "nonsensitive(tonumber(@))",
    "issensitive(@.x)",
    "type(@)",
    "provider::aws::arn_parse(@)",
    "core::tonumber(@)",
    "none_such(@)",
    "terraform.applying(@)",
    "@ + 1",
    "-@",
    "!@",
    "@ && true",
    "@ > 1",
    "@ ? 1 : 2",
    "@ == 1 ? tonumber(@) : tobool(@)",
    "@.attribute",
    "@[0]",
    "@[\"key\"]",
    "@[*].x",
    "@.*.x.y[0]",
    "{ a = 1 }[@]",
    "{ a = 1 }[@].b.c",
    "[1, 2][@]",
    "local.none[@]",
    "path[@]",
    "terraform[@]",
    "each.value[@]",
    "self[@]",
    "{ (@) = 1 }.b",
    "{ \"${@}\" = 1 }[\"b\"]",
    "{ (@) = 1, (@) = 2 }[\"b\"]",
    "{ ([@]) = 1 }",
    "{ for k, v in @ : k => v }",
    "[for v in @ : v]",
    "{ for v in [@, @] : v => 1 }",
    "{ for v in [@, @] : [v] => 1 }",
    "[for v in [@] : tonumber(v)]",
    "[for v in [@] : v if v]",
    "[for v in { (@) = @ } : v.x]",
    "{ for v in [@] : v => v... }.x",
    "{ for v in [@] : v => 1 }[\"b\"]",
    "\"${@.foo}\"",
    "\"%{ if @ }x%{ endif }\"",
    "\"%{ for x in @ }x%{ endfor }\"",
    "\"%{ for x in [@] }${x.y}%{ endfor }\"",
    "true ? [@] : { a = @ }",
    "false ? tonumber(@) : @ + 1",
    "\"${[@]}\"",
    "\"a${[@]}\"",
    "\"a${{ k = @ }}\"",
    "<<-EOT\n    ${tonumber(@)}\n  EOT\n",
    "var.none[@]",
    "local.cycle[@]",
    "data.x.y[@].z",
    "module.none[@].z",
    "aws_vpc.none[@].id",
    "aws_vpc.none[\"${@}\"].id",
];

/// All places.
pub(crate) fn positions() -> Vec<Position> {
    let mut all = Vec::new();
    let task = |arguments: &str, container: &str| {
        format!(
            "resource \"aws_ecs_task_definition\" \"t\" {{\n  {arguments}\n  container_definitions = {container}\n}}\nresource \"aws_ecs_service\" \"run\" {{\n  name = \"run\"\n  launch_type = \"FARGATE\"\n  enable_execute_command = true\n  task_definition = aws_ecs_task_definition.t.arn\n}}\n"
        )
    };
    for argument in CONTAINER {
        let named = |name: &str| argument.starts_with(&format!("{name} ="));
        let own = [("name", "name = \"app\""), ("image", "image = \"nginx\"")];
        let own = own.iter().filter(|(name, _)| !named(name));
        let mut lines: Vec<&str> = own.map(|(_, line)| *line).collect();
        lines.push(argument);
        let container = format!("jsonencode([{{\n    {}\n  }}])", lines.join("\n    "));
        all.push(position(
            format!("container: {argument}"),
            task("family = \"f\"", &container),
        ));
        let container = format!("jsonencode([{{ {} }}])", lines.join(", "));
        all.push(position(
            format!("container in a line: {argument}"),
            task(
                "family = \"f\"\n  network_mode = \"host\"\n  requires_compatibilities = [\"EC2\"]",
                &container,
            ),
        ));
    }
    for argument in TASK {
        let container = "jsonencode([{ name = \"a\", image = \"x\" }])";
        all.push(position(
            format!("task: {argument}"),
            task(argument, container),
        ));
    }
    for definitions in DEFINITIONS {
        all.push(Position {
            files: FILES,
            ..position(
                format!("definitions: {definitions}"),
                task("family = \"f\"", definitions),
            )
        });
    }
    for (kind, list) in [("service", SERVICE), ("cluster", CLUSTER)] {
        for argument in list {
            let text = format!(
                "resource \"aws_ecs_{kind}\" \"t\" {{\n  {argument}\n}}\nresource \"aws_ecs_service\" \"of\" {{\n  name = \"of\"\n  cluster = aws_ecs_{kind}.t.id\n  enable_execute_command = true\n}}\n"
            );
            all.push(position(format!("{kind}: {argument}"), text));
        }
    }
    for (name, text) in WHOLE {
        all.push(Position {
            files: &[("n/main.tf", MODULE), ("inner/n/main.tf", MODULE)],
            ..position(*name, *text)
        });
    }
    for expression in EXPRESSIONS {
        let container = format!(
            "jsonencode([{{ name = \"a\", image = {expression}, environment = [{{ name = \"A\", value = \"${{{expression}}}\" }}] }}])"
        );
        all.push(Position {
            files: FILES,
            ..position(
                format!("expression: {expression}"),
                format!("{}resource \"aws_ecs_service\" \"s\" {{\n  launch_type = {expression}\n  count = {expression}\n}}\nlocals {{\n  cycle = local.cycle\n}}\n", task(&format!("family = \"f\"\n  network_mode = {expression}"), &container)),
            )
        });
    }
    all
}
