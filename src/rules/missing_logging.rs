use crate::ecs::inventory::{
    Container, Field, LogConfiguration, Platform, Setting, TaskDefinition, Text,
};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a container has no log configuration, no log driver, or one that its platform does not have
    /// (Fargate takes `awslogs`, `splunk` and `awsfirelens`). `awslogs` needs a group and a region, `awsfirelens` a
    /// container with a `firelensConfiguration` beside it.
    ///
    /// # Why it matters
    ///
    /// What a container prints is gone with it, unless a log driver takes it away. Without its log nobody can say
    /// what happened.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:008]: container `app` has no log configuration
    ///  --> main.tf:3:39
    ///   |
    /// 3 |   container_definitions = jsonencode([{
    ///   |                                       ^ no `logConfiguration`
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:008`, `missing-logging`, is required and `deny` by default
    ///   = help: write a `logConfiguration` with `logDriver = "awslogs"`, a group and a region
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     logConfiguration = {
    ///       logDriver = "awslogs"
    ///       options = {
    ///         awslogs-group         = "/ecs/app"
    ///         awslogs-region        = "eu-west-1"
    ///         awslogs-stream-prefix = "app"
    ///       }
    ///     }
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Security Hub ECS.9](https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-9)
    /// - [`LogConfiguration`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html)
    pub(super) static MISSING_LOGGING = {
        id: "ECS:008",
        name: "missing-logging",
        group: Group::Required,
        severity: Severity::High,
        also_known_as: &["Security Hub ECS.9", "AWS Config ecs-task-definition-log-configuration", "Control Tower CT.ECS.PR.5"],
        options: &[],
        check: Check::Container(check),
    }
}

/// The drivers of Fargate, then those of every platform, as the API's `LogConfiguration` has them.
const FARGATE_DRIVERS: [&str; 3] = ["awslogs", "splunk", "awsfirelens"];
const DRIVERS: [&str; 8] = [
    "awslogs",
    "splunk",
    "awsfirelens",
    "fluentd",
    "gelf",
    "journald",
    "json-file",
    "syslog",
];

const HELP: &str =
    "write a `logConfiguration` with `logDriver = \"awslogs\"`, a group and a region";

fn check(_: &Context<'_>, task: &TaskDefinition, container: &Container) -> Verdict {
    let name = container.display_name();
    let log = match &container.log.setting {
        Setting::Set(log) => log,
        Setting::Unset => {
            let message = format!("container {name} has no log configuration");
            return Verdict::fail(message, &container.log.origin)
                .label("no `logConfiguration`")
                .help(HELP);
        }
        Setting::Unknown(why) => return unknown(&name, why.to_string(), container),
    };
    let driver = match (log.driver.text(), log.driver.partly_unknown()) {
        (_, Some(why)) => return unknown(&name, why.to_string(), container),
        (Some("") | None, None) => {
            let message = format!("the log configuration of container {name} has no driver");
            return Verdict::fail(message, &log.driver.origin)
                .label("no `logDriver`")
                .help(HELP);
        }
        (Some(driver), None) => driver,
    };
    let shown = log.driver.shown();
    let refuses = |drivers: &[&str], platform: &str| {
        (!drivers.contains(&driver)).then(|| {
            let message =
                format!("{platform} has no log driver `{shown}`, which container {name} uses");
            let known = drivers.join("`, `");
            Verdict::fail(message, &log.driver.origin)
                .label("nothing takes the log")
                .help(format!("write one of `{known}`"))
        })
    };
    let fargate = task.platforms.includes(Platform::Fargate);
    let refused = refuses(&DRIVERS, "ECS").or_else(|| {
        fargate
            .then(|| refuses(&FARGATE_DRIVERS, "Fargate"))
            .flatten()
    });
    if let Some(refused) = refused {
        return refused;
    }
    match driver {
        "awslogs" => awslogs(&name, container, log),
        "awsfirelens" => firelens(&name, task, container, log),
        _ => Verdict::pass(
            format!("container {name} logs with `{shown}`"),
            &log.driver.origin,
        ),
    }
}

fn unknown(name: &str, why: String, container: &Container) -> Verdict {
    Verdict::unknown(
        format!("how container {name} logs is not known"),
        why,
        &container.log.origin,
    )
}

fn awslogs(name: &str, container: &Container, log: &LogConfiguration) -> Verdict {
    let given = |field: &Field<Text>| match field.text() {
        Some(text) => !text.is_empty(),
        None => field.is_present(),
    };
    let has = |option: &str| {
        log.options
            .iter()
            .any(|(name, field)| &**name == option && given(field))
    };
    let needed = ["awslogs-group", "awslogs-region"];
    let missing: Vec<_> = needed.into_iter().filter(|option| !has(option)).collect();
    if missing.is_empty() {
        return Verdict::pass(
            format!("container {name} logs with `awslogs`"),
            &log.driver.origin,
        );
    }
    if let Some(why) = &log.options_uncertain {
        return unknown(name, why.to_string(), container);
    }
    let missing = missing.join("` and no `");
    Verdict::fail(
        format!("container {name} logs with `awslogs` to nowhere"),
        &log.options_origin,
    )
    .label(format!("no `{missing}`"))
    .help("give `awslogs-group` and `awslogs-region` in `options`")
}

fn firelens(
    name: &str,
    task: &TaskDefinition,
    container: &Container,
    log: &LogConfiguration,
) -> Verdict {
    let routers = || task.containers.iter().map(|container| &container.firelens);
    if routers().any(|router| router.set().is_some()) {
        let message = format!("container {name} logs with `awsfirelens`");
        return Verdict::pass(message, &log.driver.origin);
    }
    let maybe = routers().find_map(|router| router.unknown());
    if let Some(why) = maybe.or(task.containers_uncertain.as_ref()) {
        return unknown(name, why.to_string(), container);
    }
    let message = format!("container {name} logs with `awsfirelens`, but nothing routes its log");
    Verdict::fail(message, &log.driver.origin)
        .label("no container has a `firelensConfiguration`")
        .help("add a container with a `firelensConfiguration` to the task definition")
}
