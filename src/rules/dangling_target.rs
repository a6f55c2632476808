use crate::ecs::inventory::{
    Container, ContainerPort, Field, Link, Platform, PortMapping, Runner, Setting, TargetGroup,
    TaskDefinition, Text, Why,
};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a service's `load_balancer`, `service_registries` or Service Connect entry names a container, a port or a
    /// port name that its task definition does not have, or a target group whose `target_type` does not fit the network
    /// mode: `ip` for `awsvpc`, `instance` for `bridge` and `host`.
    ///
    /// # Why it matters
    ///
    /// ECS refuses such a service, and it does so during `apply`, when half of the rest is made.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name         = "app"
    ///     image        = "app:1.0.0"
    ///     portMappings = [{ containerPort = 8080 }]
    ///   }])
    /// }
    ///
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = aws_ecs_task_definition.app.arn
    ///
    ///   load_balancer {
    ///     elb_name       = "app"
    ///     container_name = "app"
    ///     container_port = 80
    ///   }
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:033]: container `app` has no port 80
    ///   --> main.tf:18:22
    ///    |
    ///  3 |   container_definitions = jsonencode([{
    ///    |                                       - it has 8080
    /// ...
    /// 18 |     container_port = 80
    ///    |                      ^^ no such port
    ///    |
    ///    = note: in `aws_ecs_service.app`
    ///    = note: `ECS:033`, `dangling-target`, is recommended and `warn` by default
    ///    = help: name a `containerPort` of the container
    /// ```
    ///
    /// # Use instead
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name         = "app"
    ///     image        = "app:1.0.0"
    ///     portMappings = [{ containerPort = 8080 }]
    ///   }])
    /// }
    ///
    /// resource "aws_ecs_service" "app" {
    ///   name            = "app"
    ///   cluster         = "main"
    ///   task_definition = aws_ecs_task_definition.app.arn
    ///
    ///   load_balancer {
    ///     elb_name       = "app"
    ///     container_name = "app"
    ///     container_port = 8080
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [`LoadBalancer`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html)
    /// - [`ServiceConnectService`](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html)
    pub(super) static DANGLING_TARGET = {
        id: "ECS:033",
        name: "dangling-target",
        group: Group::Recommended,
        severity: Severity::Medium,
        also_known_as: &[],
        options: &[],
        check: Check::Service(check),
    }
}

/// How many names a label lists.
const SHOWN: usize = 5;

fn check(context: &Context<'_>, runner: &Runner) -> Verdict {
    let service = &runner.service;
    let origin = &runner.subject.origin;
    let lists = [&service.load_balancers, &service.registries];
    let uncertain = lists
        .iter()
        .find_map(|list| list.uncertain.as_ref())
        .or(service.connected_ports.uncertain.as_ref());
    let entries = || lists.iter().flat_map(|list| &list.items);
    let names_nothing = entries().next().is_none() && service.connected_ports.items.is_empty();
    if names_nothing && uncertain.is_none() {
        return Verdict::not_applicable("it names no container and no port", origin);
    }
    let message = "whether everything that it names is there is not known";
    let unknown = |why: &Why| Verdict::unknown(message, why.to_string(), origin);
    let task = match &runner.task_definition {
        Link::To(index) => &context.inventory.task_definitions[*index],
        Link::External(why) => return unknown(why),
        Link::None => {
            let reason = "its task sets name the task definition";
            return Verdict::not_applicable(reason, origin);
        }
    };
    let mut parts: Vec<Verdict> = uncertain.map(unknown).into_iter().collect();
    for entry in entries() {
        parts.extend(container_and_port(task, entry));
        if let Link::To(index) = entry.target_group {
            let group = &context.inventory.target_groups[index];
            parts.extend(target_type(task, entry, group));
        }
    }
    let connected = service.connected_ports.items.iter();
    parts.extend(connected.filter_map(|name| port_name(task, name)));
    let verdict = Verdict::worst(parts).unwrap_or_else(|| {
        Verdict::pass("every container and port that it names is there", origin)
    });
    // Its type is not to be seen, which is not the configuration's fault.
    let elsewhere = |entry: &&ContainerPort| matches!(entry.target_group, Link::External(_));
    match entries().find(elsewhere) {
        Some(_) => {
            verdict.note("the type of a target group that is not made here is not looked at")
        }
        None => verdict,
    }
}

/// What is wrong with the container and the port that a block names.
fn container_and_port(task: &TaskDefinition, entry: &ContainerPort) -> Option<Verdict> {
    if !entry.container.is_present() {
        return None;
    }
    let name = entry.container.shown();
    let maybe = |verdict: Verdict| match &entry.maybe {
        Some(why) => verdict.note(format!("whether it is there depends on {why}")),
        None => verdict,
    };
    let container = match find(task, &entry.container) {
        Setting::Set(container) => container,
        Setting::Unknown(why) => {
            let message = format!("whether there is a container `{name}` is not known");
            let origin = &entry.container.origin;
            return Some(Verdict::unknown(message, why.to_string(), origin));
        }
        Setting::Unset => {
            let message = format!("its task definition has no container `{name}`");
            let names = task.containers.iter().map(Container::display_name);
            let there = there(names, "there is", "there is none");
            return Some(maybe(
                Verdict::fail(message, &entry.container.origin)
                    .label("no such container")
                    .also(&task.definitions, there)
                    .help("name a container of the task definition"),
            ));
        }
    };
    match exposes(container, &entry.port) {
        Setting::Set(true) | Setting::Unset => None,
        Setting::Unknown(why) => {
            let (name, port) = (container.display_name(), entry.port.shown());
            let message = format!("whether container {name} has the port {port} is not known");
            let origin = &entry.port.origin;
            Some(Verdict::unknown(message, why.to_string(), origin))
        }
        Setting::Set(false) => {
            let (name, port) = (container.display_name(), entry.port.shown());
            let ports = container.port_mappings.items.iter();
            let ports = ports.map(|mapping| mapping.port_text.shown().to_owned());
            let there = there(ports, "it has", "it has no `portMappings`");
            let message = format!("container {name} has no port {port}");
            Some(maybe(
                Verdict::fail(message, &entry.port.origin)
                    .label("no such port")
                    .also(&container.subject.origin, there)
                    .help("name a `containerPort` of the container"),
            ))
        }
    }
}

/// Says what there is, and not all of what is many.
fn there(names: impl ExactSizeIterator<Item = String>, some: &str, none: &str) -> String {
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<String> = names.take(SHOWN).collect();
    match (shown.as_slice(), more) {
        ([], _) => none.to_owned(),
        (shown, 0) => format!("{some} {}", shown.join(", ")),
        (shown, more) => format!("{some} {} and {more} more", shown.join(", ")),
    }
}

/// The container of a name.
fn find<'a>(task: &'a TaskDefinition, name: &Field<Text>) -> Setting<&'a Container> {
    let mut undecided = task.containers_uncertain.clone();
    for container in &task.containers {
        match container.name.is_same(name) {
            Some(true) => return Setting::Set(container),
            Some(false) => {}
            None => {
                let why = name.partly_unknown().or(container.name.partly_unknown());
                undecided = undecided.or(why);
            }
        }
    }
    undecided.map_or(Setting::Unset, Setting::Unknown)
}

/// Whether a container has a port; unset where none is asked for.
fn exposes(container: &Container, port: &Field<Text>) -> Setting<bool> {
    if !port.is_present() {
        return Setting::Unset;
    }
    let mut undecided = container.port_mappings.uncertain.clone();
    for mapping in &container.port_mappings.items {
        match has(mapping, port) {
            Some(true) => return Setting::Set(true),
            Some(false) => {}
            None => {
                let why = port.partly_unknown().or(mapping.port_text.partly_unknown());
                let range = mapping.container_port_range.partly_unknown();
                undecided = undecided.or(why).or(range);
            }
        }
    }
    undecided.map_or(Setting::Set(false), Setting::Unknown)
}

fn has(mapping: &PortMapping, port: &Field<Text>) -> Option<bool> {
    let range = &mapping.container_port_range;
    if !range.is_present() {
        return mapping.port_text.is_same(port);
    }
    let (first, last) = range.text()?.split_once('-')?;
    let port: u32 = port.text()?.parse().ok()?;
    let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    Some((first..=last).contains(&port))
}

/// What is wrong with the name of a port.
fn port_name(task: &TaskDefinition, name: &Field<Text>) -> Option<Verdict> {
    let mut undecided = task.containers_uncertain.clone();
    for container in &task.containers {
        for mapping in &container.port_mappings.items {
            match mapping.name.is_same(name) {
                Some(true) => return None,
                Some(false) => {}
                None => {
                    let why = name.partly_unknown().or(mapping.name.partly_unknown());
                    undecided = undecided.or(why);
                }
            }
        }
        undecided = undecided.or_else(|| container.port_mappings.uncertain.clone());
    }
    let shown = name.shown();
    Some(match undecided {
        Some(why) => {
            let message = format!("whether there is a port of the name `{shown}` is not known");
            Verdict::unknown(message, why.to_string(), &name.origin)
        }
        None => {
            let message = format!("its task definition has no port of the name `{shown}`");
            Verdict::fail(message, &name.origin)
                .label("no such port")
                .also(&task.definitions, "no `portMappings` have this `name`")
                .help("name the `name` of one of the `portMappings`")
        }
    })
}

/// What is wrong with the type of a target group.
fn target_type(
    task: &TaskDefinition,
    entry: &ContainerPort,
    group: &TargetGroup,
) -> Option<Verdict> {
    let (kind, mode) = (&group.target_type, &task.network_mode);
    let unknown = |why: Why| {
        let message = "whether its target group fits the network mode is not known";
        Some(Verdict::unknown(message, why.to_string(), &kind.origin))
    };
    if let Some(why) = kind.partly_unknown() {
        return unknown(why);
    }
    let kind_name = kind.text().unwrap_or("instance");
    let never = matches!(kind_name, "lambda" | "alb");
    if let (false, Some(why)) = (never, mode.partly_unknown()) {
        return unknown(why);
    }
    // Fargate has no other mode, which another rule says where it is not written.
    let mode_name = match mode.text() {
        Some(name) => name,
        None if task.platforms.is_only(Platform::Fargate) => "awsvpc",
        None => "bridge",
    };
    let wanted = if mode_name == "awsvpc" {
        "ip"
    } else {
        "instance"
    };
    if kind_name == wanted {
        return None;
    }
    let message = format!(
        "its target group `{}` has targets of the type `{kind_name}`, and tasks in the network mode \
         `{mode_name}` are of the type `{wanted}`",
        group.subject.address
    );
    let label = match kind.is_present() {
        true => "another type".to_owned(),
        false => format!("no `target_type`: it is `{kind_name}`"),
    };
    Some(
        Verdict::fail(message, &kind.origin)
            .label(label)
            .also(&entry.origin, "its tasks are targets here")
            .help(format!("write `target_type = \"{wanted}\"`")),
    )
}
