use crate::ecs::inventory::{Rollback, Runner, Setting, Why};
use crate::fix::Fix;
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when ECS itself deploys a service, and neither a circuit breaker nor alarms make it go back to the last
    /// deployment that worked. Both need `enable` and `rollback`. A service that CodeDeploy or somebody else deploys is
    /// not judged.
    ///
    /// # Why it matters
    ///
    /// A deployment whose tasks do not start is tried again and again for as long as nobody looks.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = "app:1"
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:028]: a deployment that fails is not rolled back
    ///  --> main.tf:1:1
    ///   |
    /// 1 | resource "aws_ecs_service" "app" {
    ///   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ no `deployment_circuit_breaker`
    ///   |
    ///   = note: in `aws_ecs_service.app`
    ///   = note: `ECS:028`, `no-rollback`, is recommended and `warn` by default
    ///   = help: write a `deployment_circuit_breaker` with `enable = true` and `rollback = true`
    /// help: roll back what fails
    ///   |
    /// 4 ~   task_definition = "app:1"
    /// 5 +
    /// 6 +   deployment_circuit_breaker {
    /// 7 +     enable   = true
    /// 8 +     rollback = true
    /// 9 +   }
    ///   |
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = "app:1"
    ///
    ///   deployment_circuit_breaker {
    ///     enable   = true
    ///     rollback = true
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [How ECS detects that a deployment fails](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-failure-detection.html)
    pub(super) static NO_ROLLBACK = {
        id: "ECS:028",
        name: "no-rollback",
        group: Group::Recommended,
        severity: Severity::Low,
        also_known_as: &[],
        options: &[],
        check: Check::Service(check),
    }
}

fn check(_: &Context<'_>, runner: &Runner) -> Verdict {
    let service = &runner.service;
    let controller = &service.controller;
    let unknown = |why: &Why| {
        let message = "whether a deployment that fails is rolled back is not known";
        Verdict::unknown(message, why.to_string(), &runner.subject.origin)
    };
    let (breaker, alarms) = (
        goes_back(&service.circuit_breaker),
        goes_back(&service.alarms),
    );
    for (rollback, by) in [
        (&service.circuit_breaker, &breaker),
        (&service.alarms, &alarms),
    ] {
        if *by == Setting::Set(true) {
            let message = "a deployment that fails is rolled back";
            return Verdict::pass(message, &rollback.origin);
        }
    }
    if let Some(why) = controller.partly_unknown() {
        return unknown(&why);
    }
    if controller.text().is_some_and(|name| name != "ECS") {
        let reason = "it is not ECS that deploys the service";
        return Verdict::not_applicable(reason, &controller.origin);
    }
    for by in [&breaker, &alarms] {
        if let Setting::Unknown(why) = by {
            return unknown(why);
        }
    }
    let breaker = &service.circuit_breaker;
    let fail = Verdict::fail(
        "a deployment that fails is not rolled back",
        if breaker.origin.is_written() {
            &breaker.origin
        } else {
            &runner.subject.origin
        },
    )
    .help("write a `deployment_circuit_breaker` with `enable = true` and `rollback = true`");
    let title = "roll back what fails";
    if !breaker.origin.is_written() {
        let block = "deployment_circuit_breaker {\n  enable   = true\n  rollback = true\n}";
        let fix = Fix::insert_block(title, &runner.subject.origin, block);
        return fail.label("no `deployment_circuit_breaker`").fix(fix);
    }
    let mut fix: Option<Fix> = None;
    for (name, flag) in [("enable", &breaker.enable), ("rollback", &breaker.rollback)] {
        let one = match flag.setting {
            Setting::Set(true) => continue,
            Setting::Unset => Fix::set(title, &flag.origin, name, "true"),
            _ => Fix::replace(title, &flag.origin, "true"),
        };
        match &mut fix {
            Some(fix) => fix.edits.extend(one.edits),
            None => fix = Some(one),
        }
    }
    let fail = fail.label("it does not roll back");
    match fix {
        Some(fix) => fail.fix(fix),
        None => fail,
    }
}

/// Whether it is on and goes back.
fn goes_back(rollback: &Rollback) -> Setting<bool> {
    match (&rollback.enable.setting, &rollback.rollback.setting) {
        (Setting::Set(true), Setting::Set(true)) => Setting::Set(true),
        (Setting::Set(false) | Setting::Unset, _) | (_, Setting::Set(false) | Setting::Unset) => {
            Setting::Set(false)
        }
        (Setting::Unknown(why), _) | (_, Setting::Unknown(why)) => Setting::Unknown(why.clone()),
    }
}
