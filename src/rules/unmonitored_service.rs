use crate::ecs::inventory::{Alarm, Dimensions, Field, Link, Runner, Setting, Text, Why};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when the configuration has no alarm on a service: neither an `aws_cloudwatch_metric_alarm` on a metric with the
    /// dimensions `ClusterName` and `ServiceName` of the service, by itself or in a `metric_query`, nor an `alarms` block of
    /// the service.
    ///
    /// # Why it matters
    ///
    /// A service that restarts its tasks for ever, or has none left, looks well in the console of whoever does not look.
    /// Somebody has to be told.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_cluster" "main" {
    ///   name = "main"
    /// }
    ///
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = aws_ecs_cluster.main.arn
    ///   task_definition = "app:1"
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:022]: no alarm watches service `app`
    ///  --> main.tf:5:1
    ///   |
    /// 5 | resource "aws_ecs_service" "app" {
    ///   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ nobody is told when it fails
    ///   |
    ///   = note: in `aws_ecs_service.app`
    ///   = note: `ECS:022`, `unmonitored-service`, is recommended and `warn` by default
    ///   = help: make an `aws_cloudwatch_metric_alarm` with its `ClusterName` and `ServiceName` as dimensions, on `CPUUtilization`, `MemoryUtilization` or `RunningTaskCount`
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_cluster" "main" {
    ///   name = "main"
    /// }
    ///
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = aws_ecs_cluster.main.arn
    ///   task_definition = "app:1"
    /// }
    ///
    /// resource "aws_cloudwatch_metric_alarm" "app_cpu" {
    ///   alarm_name          = "app-cpu"
    ///   namespace           = "AWS/ECS"
    ///   metric_name         = "CPUUtilization"
    ///   statistic           = "Average"
    ///   comparison_operator = "GreaterThanThreshold"
    ///   threshold           = 90
    ///   period              = 60
    ///   evaluation_periods  = 5
    ///   alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:on-call"]
    ///
    ///   dimensions = {
    ///     ClusterName = aws_ecs_cluster.main.name
    ///     ServiceName = aws_ecs_service.app.name
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Amazon ECS CloudWatch metrics](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html)
    /// - [Deployment alarms](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html)
    pub(super) static UNMONITORED_SERVICE = {
        id: "ECS:022",
        name: "unmonitored-service",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &[],
        options: &[],
        check: Check::Service(check),
    }
}

fn check(context: &Context<'_>, runner: &Runner) -> Verdict {
    let origin = &runner.subject.origin;
    let name = match runner.name.text() {
        Some(name) if runner.name.shown() == name => format!("service `{name}`"),
        _ => format!("`{}`", runner.subject.address),
    };
    let inventory = context.inventory;
    let mut open: Option<Why> = None;
    match &runner.service.alarms.enable.setting {
        Setting::Set(true) => {
            return Verdict::pass(format!("{name} has alarms"), &runner.service.alarms.origin);
        }
        Setting::Unknown(why) => open = Some(why.clone()),
        Setting::Set(false) | Setting::Unset => {}
    }
    let cluster = match runner.cluster {
        Link::To(index) => inventory.clusters.get(index),
        Link::None | Link::External(_) => None,
    };
    let service = Named {
        name: &runner.name,
        address: Some(&runner.subject.address),
    };
    let cluster = Named {
        name: cluster.map_or(&runner.cluster_name, |cluster| &cluster.name),
        address: cluster.map(|cluster| &*cluster.subject.address),
    };
    for alarm in &inventory.alarms {
        match watches(alarm, &service, &cluster) {
            Some(Ok(())) => {
                let message = format!("`{}` watches {name}", alarm.subject.address);
                return Verdict::pass(message, origin);
            }
            Some(Err(why)) => open = open.or(Some(why)),
            None => {}
        }
    }
    match open.or_else(|| inventory.incomplete.clone()) {
        Some(why) => {
            Verdict::unknown(format!("whether an alarm watches {name} is not known"), why.to_string(), origin)
        }
        None => Verdict::fail(format!("no alarm watches {name}"), origin)
            .label("nobody is told when it fails")
            .help(
                "make an `aws_cloudwatch_metric_alarm` with its `ClusterName` and `ServiceName` as dimensions, \
                 on `CPUUtilization`, `MemoryUtilization` or `RunningTaskCount`",
            ),
    }
}

/// What a dimension is compared with.
struct Named<'a> {
    name: &'a Field<Text>,
    address: Option<&'a str>,
}

/// Whether an alarm looks at a metric of the service, or why that is not known.
fn watches(alarm: &Alarm, service: &Named<'_>, cluster: &Named<'_>) -> Option<Result<(), Why>> {
    let mut open = alarm.uncertain.clone();
    for Dimensions {
        cluster: of_cluster,
        service: of_service,
    } in &alarm.metrics
    {
        match (service.is(of_service), cluster.is(of_cluster)) {
            (Ok(false), _) | (_, Ok(false)) => {}
            (Ok(true), Ok(true)) => return Some(Ok(())),
            // A cluster that is named in another way, as by its ARN, is taken for the service's own.
            (Ok(true), Err(_)) if of_cluster.is_present() => return Some(Ok(())),
            (Err(why), _) | (_, Err(why)) => open = open.or(Some(why)),
        }
    }
    open.map(Err)
}

impl Named<'_> {
    /// Whether a dimension has this name.
    fn is(&self, dimension: &Field<Text>) -> Result<bool, Why> {
        let text = match &dimension.setting {
            Setting::Unset => return Ok(false),
            Setting::Unknown(why) => return Err(why.clone()),
            Setting::Set(text) => text,
        };
        if let (Some(reference), Some(address)) = (text.reference(), self.address)
            && &*reference.address == address
        {
            return Ok(true);
        }
        let Some(name) = self.name.set() else {
            let why = self.name.unknown().cloned();
            return Err(why.unwrap_or_else(|| Why("the name of the cluster".into())));
        };
        if name.is_resolved() && name.parts == text.parts {
            return Ok(true);
        }
        match (text.known(), name.known()) {
            (Some(text), Some(name)) => Ok(last(text) == last(name)),
            // What cannot be the same is not.
            _ if apart(text, name) => Ok(false),
            _ => Err(text
                .unknown_part()
                .or(name.unknown_part())
                .cloned()
                .unwrap_or_default()),
        }
    }
}

/// The name in an ARN, or the name.
fn last(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, last)| last)
}

/// Whether two texts begin or end differently, or are names of two resources.
fn apart(one: &Text, other: &Text) -> bool {
    if let (Some(one), Some(other)) = (one.reference(), other.reference()) {
        let is_name = |path: &str| matches!(path, ".name" | ".id" | ".arn");
        return one.address != other.address && is_name(&one.path) && is_name(&other.path);
    }
    let begins = |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
    let ends = |one: &str, other: &str| one.ends_with(other) || other.ends_with(one);
    let is_arn = |text: &Text| text.prefix().starts_with("arn:");
    !is_arn(one)
        && !is_arn(other)
        && (!begins(one.prefix(), other.prefix()) || !ends(one.suffix(), other.suffix()))
}
