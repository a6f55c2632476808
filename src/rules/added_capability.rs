use crate::ecs::inventory::{Container, Field, Platform, System, TaskDefinition, Text, Why};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a container is given more of its host's kernel than others have: `linuxParameters.capabilities.add`
    /// with more than `SYS_PTRACE`, `devices`, or `dockerSecurityOptions` that turn seccomp, AppArmor or SELinux off.
    /// `SYS_ADMIN`, `NET_ADMIN` and `ALL` weigh more than the others.
    ///
    /// # Why it matters
    ///
    /// A container is kept in by what it may not do. With `SYS_ADMIN` it can mount the host's disks, with `NET_ADMIN` it
    /// can change routes and firewalls, with a device it reads past every file permission.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name  = "app"
    ///     image = "app:1.0.0"
    ///     linuxParameters = {
    ///       capabilities = { add = ["NET_ADMIN"] }
    ///     }
    ///   }])
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:018]: container `app` adds the capability `NET_ADMIN`
    ///  --> main.tf:7:31
    ///   |
    /// 7 |       capabilities = { add = ["NET_ADMIN"] }
    ///   |                               ^^^^^^^^^^^ next to root on the host
    ///   |
    ///   = note: in `aws_ecs_task_definition.app`
    ///   = note: `ECS:018`, `added-capability`, is recommended and `warn` by default
    ///   = help: drop every capability that the container does not use, and add none
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
    ///     linuxParameters = {
    ///       capabilities = { drop = ["ALL"] }
    ///     }
    ///   }])
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [`KernelCapabilities`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html)
    /// - [`dockerSecurityOptions` of a container definition](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html#ECS-Type-ContainerDefinition-dockerSecurityOptions)
    pub(super) static ADDED_CAPABILITY = {
        id: "ECS:018",
        name: "added-capability",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &[],
        options: &[],
        check: Check::Container(check),
    }
}

/// What makes a container next to root on its host.
const HEAVY: [&str; 3] = ["SYS_ADMIN", "NET_ADMIN", "ALL"];

fn check(_: &Context<'_>, task: &TaskDefinition, container: &Container) -> Verdict {
    let name = container.display_name();
    let origin = &container.subject.origin;
    if task.system.set() == Some(&System::Windows) {
        return Verdict::not_applicable("Windows has no capabilities and devices to add", origin);
    }
    let rejected = match task.platforms.is_only(Platform::Fargate) {
        true => ", which the API rejects on Fargate",
        false => "",
    };
    let mut parts = Vec::new();
    let mut undecided: Vec<Why> = Vec::new();
    for capability in &container.added_capabilities.items {
        match capability.partly_unknown() {
            Some(why) => undecided.push(why),
            None => parts.extend(added(&name, capability, rejected)),
        }
    }
    undecided.extend(container.added_capabilities.uncertain.clone());
    if container.devices.set().is_some() {
        let message = format!("container {name} gets devices of its host{rejected}");
        let fail = Verdict::fail(message, &container.devices.origin).label("devices of the host");
        parts.push(fail.help("leave `devices` out").weighs(Severity::Medium));
    }
    undecided.extend(container.devices.unknown().cloned());
    for option in &container.security_options.items {
        match option.partly_unknown() {
            Some(why) => undecided.push(why),
            None => parts.extend(turned_off(&name, option, rejected)),
        }
    }
    undecided.extend(container.security_options.uncertain.clone());
    let unknown = |why: &Why| {
        let message = format!("what container {name} gets of its host's kernel is not known");
        Verdict::unknown(message, why.to_string(), origin)
    };
    // On Windows none of it would count.
    match (task.system.unknown(), undecided.first()) {
        (Some(why), first) if first.is_some() || !parts.is_empty() => return unknown(why),
        (_, first) => parts.extend(first.map(unknown)),
    }
    Verdict::worst(parts).unwrap_or_else(|| {
        let message = format!("container {name} gets no more of its host's kernel than others");
        Verdict::pass(message, origin)
    })
}

fn added(name: &str, capability: &Field<Text>, rejected: &str) -> Option<Verdict> {
    let written = capability.text()?.to_ascii_uppercase();
    let bare = written.strip_prefix("CAP_").unwrap_or(&written);
    if bare == "SYS_PTRACE" {
        return None;
    }
    let shown = capability.shown();
    let (label, severity) = match HEAVY.contains(&bare) {
        true => ("next to root on the host", Severity::High),
        false => ("more than other containers may", Severity::Medium),
    };
    let message = format!("container {name} adds the capability `{shown}`{rejected}");
    let verdict = Verdict::fail(message, &capability.origin)
        .label(label)
        .help("drop every capability that the container does not use, and add none");
    Some(verdict.weighs(severity))
}

fn turned_off(name: &str, option: &Field<Text>, rejected: &str) -> Option<Verdict> {
    let written = option.text()?.to_ascii_lowercase();
    let (key, value) = written.split_once([':', '='])?;
    let what = match (key, value) {
        ("seccomp", "unconfined") => "seccomp",
        ("apparmor", "unconfined") => "AppArmor",
        ("label", "disable") => "SELinux",
        _ => return None,
    };
    let message = format!("container {name} turns {what} off{rejected}");
    let verdict = Verdict::fail(message, &option.origin);
    Some(
        verdict
            .label("nothing keeps its calls to the kernel in")
            .help(format!("leave `{}` out", option.shown()))
            .weighs(Severity::Medium),
    )
}
