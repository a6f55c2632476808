use crate::ecs::inventory::{Cluster, Field, Link, Setting, Text, Why};
use crate::rules::rule::{OptionDefault, RuleOption, rule};
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Looks at how a cluster logs what people do in ECS Exec sessions. `NONE` fails, and so does `OVERRIDE`
    /// with neither a log group nor a bucket. `DEFAULT` and unset send a session to the task's own `awslogs` driver,
    /// so they pass where every container of every service on the cluster that enables ECS Exec has it, and fail
    /// where one does not. With `strict`, unset fails as soon as a service enables ECS Exec.
    ///
    /// # Why it matters
    ///
    /// An ECS Exec session is a shell in production. Without a log nobody can say who did what there.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_cluster" "main" {
    ///   name = "main"
    ///   configuration {
    ///     execute_command_configuration {
    ///       logging = "NONE"
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// ```text
    /// error[ECS:010]: ECS Exec sessions are not logged
    ///  --> main.tf:5:17
    ///   |
    /// 5 |       logging = "NONE"
    ///   |                 ^^^^^^ no log of what is done in a session
    ///   |
    ///   = note: in `aws_ecs_cluster.main`
    ///   = note: `ECS:010`, `exec-not-logged`, is required and `deny` by default
    ///   = help: write `logging = "OVERRIDE"` with a `log_configuration` that names a log group or a bucket
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_cluster" "main" {
    ///   name = "main"
    ///   configuration {
    ///     execute_command_configuration {
    ///       logging = "OVERRIDE"
    ///       log_configuration {
    ///         cloud_watch_log_group_name = "/ecs/exec"
    ///       }
    ///     }
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Logging ECS Exec sessions](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-logging)
    pub(super) static EXEC_NOT_LOGGED = {
        id: "ECS:010",
        name: "exec-not-logged",
        group: Group::Required,
        severity: Severity::Medium,
        also_known_as: &["Checkov CKV_AWS_223"],
        options: &[RuleOption {
            name: "strict",
            default: OptionDefault::Flag(false),
            doc: "whether an unset `logging` fails as soon as a service enables ECS Exec",
        }],
        check: Check::Cluster(check),
    }
}

const HELP: &str =
    "write `logging = \"OVERRIDE\"` with a `log_configuration` that names a log group or a bucket";

fn check(context: &Context<'_>, cluster: &Cluster) -> Verdict {
    let Some(exec) = &cluster.exec else {
        return match &cluster.exec_uncertain {
            Some(why) => unknown(cluster, why),
            None => by_default(context, cluster, None),
        };
    };
    if let Some(why) = exec.logging.partly_unknown() {
        return unknown(cluster, &why);
    }
    match exec.logging.text() {
        Some("NONE") => Verdict::fail("ECS Exec sessions are not logged", &exec.logging.origin)
            .label("no log of what is done in a session")
            .help(HELP),
        Some("OVERRIDE") => {
            let destinations = [&exec.log_group, &exec.bucket];
            let given = |field: &&Field<Text>| match field.text() {
                Some(text) => !text.is_empty(),
                None => field.set().is_some(),
            };
            if destinations.into_iter().any(|field| given(&field)) {
                return Verdict::pass("ECS Exec sessions are logged", &exec.logging.origin);
            }
            if let Some(why) = destinations.into_iter().find_map(|field| field.unknown()) {
                return unknown(cluster, why);
            }
            Verdict::fail(
                "ECS Exec sessions are logged to nowhere",
                &exec.logging.origin,
            )
            .label("neither a log group nor a bucket")
            .help(HELP)
        }
        _ => by_default(
            context,
            cluster,
            exec.logging.is_present().then_some(&exec.logging),
        ),
    }
}

fn unknown(cluster: &Cluster, why: &Why) -> Verdict {
    let message = "whether ECS Exec sessions are logged is not known";
    Verdict::unknown(message, why.to_string(), &cluster.subject.origin)
}

/// Sessions go to the `awslogs` driver of the task: every container has to have it.
fn by_default(context: &Context<'_>, cluster: &Cluster, written: Option<&Field<Text>>) -> Verdict {
    let inventory = context.inventory;
    let origin = written.map_or(&cluster.subject.origin, |logging| &logging.origin);
    let mut enabled = false;
    let mut undecided: Option<Why> = None;
    for runner in cluster
        .runners
        .iter()
        .map(|&index| &inventory.runners[index])
    {
        match &runner.enable_exec.setting {
            Setting::Set(true) => enabled = true,
            Setting::Set(false) | Setting::Unset => continue,
            Setting::Unknown(why) => {
                undecided = Some(why.clone());
                continue;
            }
        }
        if written.is_none() && context.flag("strict") {
            return Verdict::fail(
                "ECS Exec is enabled, and its logging is not written",
                origin,
            )
            .also(&runner.enable_exec.origin, "enabled here")
            .help(HELP);
        }
        let task = match &runner.task_definition {
            Link::To(task) => &inventory.task_definitions[*task],
            Link::External(why) => {
                undecided = Some(why.clone());
                continue;
            }
            Link::None => continue,
        };
        undecided = undecided.or_else(|| task.containers_uncertain.clone());
        for container in &task.containers {
            match container.uses_awslogs() {
                Setting::Set(true) => continue,
                Setting::Unknown(why) => undecided = Some(why),
                Setting::Set(false) | Setting::Unset => {
                    let name = container.display_name();
                    let message = format!("ECS Exec sessions in container {name} are not logged");
                    return Verdict::fail(message, origin)
                        .label("sessions go to the `awslogs` driver of the container")
                        .also(&container.log.origin, "not `awslogs`")
                        .also(&runner.enable_exec.origin, "enabled here")
                        .help(HELP);
                }
            }
        }
    }
    // A service that is not read may run on the cluster and enable it.
    match (
        undecided.or_else(|| inventory.incomplete.clone()),
        enabled,
        written,
    ) {
        (Some(why), ..) => unknown(cluster, &why),
        (None, true, _) => Verdict::pass("ECS Exec sessions go to the `awslogs` drivers", origin),
        (None, false, Some(_)) => Verdict::pass("no service enables ECS Exec", origin),
        (None, false, None) => {
            Verdict::not_applicable("no service in the configuration enables ECS Exec", origin)
        }
    }
}
