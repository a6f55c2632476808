use crate::ecs::inventory::{Container, Field, RunnerKind, Setting, TaskDefinition, Why};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when an essential container of a service has neither a `healthCheck` nor a load balancer that sends requests
    /// to it. A command of `NONE` is no check. It is `allow` by default: not every container can say how it is.
    ///
    /// # Why it matters
    ///
    /// A process that runs and answers nobody is replaced by nobody, and a deployment of it succeeds.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family                = "app"
    ///   container_definitions = jsonencode([{ name = "app", image = "app:1.0.0" }])
    /// }
    ///
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = aws_ecs_task_definition.app.arn
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:034]: nothing watches whether container `app` works
    ///  --> main.tf:3:39
    ///   |
    /// 3 |   container_definitions = jsonencode([{ name = "app", image = "app:1.0.0" }])
    ///   |                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no `healthCheck`
    /// ...
    /// 6 | resource "aws_ecs_service" "app" {
    ///   | -------------------------------- no load balancer sends requests to it
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:034`, `no-health-check`, is `warn` by `-W ECS:034`
    ///   = help: give the container a `healthCheck`
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name        = "app"
    ///     image       = "app:1.0.0"
    ///     healthCheck = { command = ["CMD", "/app", "health"] }
    ///   }])
    /// }
    ///
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = aws_ecs_task_definition.app.arn
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [`HealthCheck`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html)
    /// - [Whether a container is healthy](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html)
    pub(super) static NO_HEALTH_CHECK = {
        opt_in: true,
        id: "ECS:034",
        name: "no-health-check",
        group: Group::Recommended,
        severity: Severity::Low,
        also_known_as: &[],
        options: &[],
        check: Check::Container(check),
    }
}

fn check(context: &Context<'_>, task: &TaskDefinition, container: &Container) -> Verdict {
    let name = container.display_name();
    let origin = &container.health_check.origin;
    let unknown = |why: &Why| {
        let message = format!("whether anything watches container {name} is not known");
        Verdict::unknown(message, why.to_string(), origin)
    };
    let mut essential: Option<&Why> = None;
    match &container.essential.setting {
        Setting::Set(false) => {
            let reason = "the container is not essential";
            return Verdict::not_applicable(reason, &container.essential.origin);
        }
        Setting::Unknown(why) => essential = Some(why),
        Setting::Set(true) | Setting::Unset => {}
    }
    let inventory = context.inventory;
    let runners = task.runners.iter().map(|&index| &inventory.runners[index]);
    let mut services = runners
        .filter(|runner| runner.kind == RunnerKind::Service)
        .peekable();
    if services.peek().is_none() {
        return match &inventory.incomplete {
            Some(why) => unknown(why),
            None => Verdict::not_applicable("no service runs it", &container.subject.origin),
        };
    }
    match watches_itself(container) {
        Setting::Set(true) => {
            let message = format!("container {name} has a health check");
            return Verdict::pass(message, origin);
        }
        Setting::Unknown(why) => return unknown(&why),
        _ => {}
    }
    let mut undecided: Option<Why> = None;
    let mut unwatched = None;
    for service in services {
        let balancers = &service.service.load_balancers;
        let named = balancers.items.iter().map(|entry| {
            let same = entry.container.is_same(&container.name);
            // A block that may not be there may not watch.
            let same = same.filter(|same| !same || entry.maybe.is_none());
            let why = || entry.maybe.clone().or(entry.container.partly_unknown());
            match same {
                Some(same) => Setting::Set(same),
                None => Setting::Unknown(why().unwrap_or_default()),
            }
        });
        let named: Vec<Setting<bool>> = named.collect();
        if named.contains(&Setting::Set(true)) {
            continue;
        }
        let open = named.into_iter().find_map(|one| match one {
            Setting::Unknown(why) => Some(why),
            _ => None,
        });
        match open.or_else(|| balancers.uncertain.clone()) {
            Some(why) => undecided = undecided.or(Some(why)),
            None => unwatched = unwatched.or(Some(service)),
        }
    }
    match (unwatched, undecided.as_ref(), essential) {
        (None, None, _) => {
            let message = format!("a load balancer watches container {name}");
            Verdict::pass(message, &container.subject.origin)
        }
        (None, Some(why), _) | (Some(_), _, Some(why)) => unknown(why),
        (Some(service), _, None) => {
            let message = format!("nothing watches whether container {name} works");
            Verdict::fail(message, origin)
                .label("no `healthCheck`")
                .also(
                    &service.subject.origin,
                    "no load balancer sends requests to it",
                )
                .help("give the container a `healthCheck`")
        }
    }
}

/// Whether the container has a check of its own.
fn watches_itself(container: &Container) -> Setting<bool> {
    match &container.health_check.setting {
        Setting::Unset => Setting::Set(false),
        Setting::Unknown(why) => Setting::Unknown(why.clone()),
        Setting::Set(check) => {
            let first = check.command.items.first();
            match first.and_then(Field::text) {
                Some("NONE") => Setting::Set(false),
                _ => Setting::Set(true),
            }
        }
    }
}
