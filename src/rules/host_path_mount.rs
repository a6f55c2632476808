use crate::ecs::inventory::{
    Container, Field, MountPoint, Platform, Setting, TaskDefinition, Text, Volume, Why,
};
use crate::rules::rule::rule;
use crate::rules::{Check, Context, Group, Severity};
use crate::verdict::Verdict;

rule! {
    /// # What it does
    ///
    /// Fails when a container mounts what its host is run by: the socket of the container engine, `/`, `/etc`, `/proc`,
    /// `/sys`, `/var/lib`, `/root`, anything under them, or a directory that they or the socket are in. Read-only mounts
    /// weigh less, except of the socket, which takes requests all the same.
    ///
    /// # Why it matters
    ///
    /// Whoever can talk to the engine, or write to its files, starts a container that is root on the host. `/var/lib` holds
    /// the files of every other container and the agent's credentials.
    ///
    /// # Example
    ///
    /// ```hcl
    /// resource "aws_ecs_task_definition" "app" {
    ///   family = "app"
    ///   container_definitions = jsonencode([{
    ///     name        = "app"
    ///     image       = "app:1.0.0"
    ///     mountPoints = [{ sourceVolume = "engine", containerPath = "/var/run/docker.sock" }]
    ///   }])
    ///
    ///   volume {
    ///     name      = "engine"
    ///     host_path = "/var/run/docker.sock"
    ///   }
    /// }
    /// ```
    ///
    /// ```text
    /// warning[ECS:019]: container `app` mounts the container engine's socket, `/var/run/docker.sock`, of its host
    ///   --> main.tf:11:17
    ///    |
    ///  6 |     mountPoints = [{ sourceVolume = "engine", containerPath = "/var/run/docker.sock" }]
    ///    |                    ------------------------------------------------------------------- mounted here
    /// ...
    /// 11 |     host_path = "/var/run/docker.sock"
    ///    |                 ^^^^^^^^^^^^^^^^^^^^^^ whoever talks to it is root on the host
    ///    |
    ///    = note: in `aws_ecs_task_definition.app`
    ///    = note: `ECS:019`, `host-path-mount`, is recommended and `warn` by default
    ///    = help: mount a directory that is there for this task alone
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
    ///     mountPoints = [{ sourceVolume = "work", containerPath = "/srv/work" }]
    ///   }])
    ///
    ///   volume {
    ///     name      = "work"
    ///     host_path = "/srv/work"
    ///   }
    /// }
    /// ```
    ///
    /// # References
    ///
    /// - [Bind mounts](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html)
    /// - [Security of tasks and containers](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html)
    pub(super) static HOST_PATH_MOUNT = {
        id: "ECS:019",
        name: "host-path-mount",
        group: Group::Recommended,
        severity: Severity::High,
        also_known_as: &[],
        options: &[],
        check: Check::TaskDefinition(check),
    }
}

/// The sockets of container engines, and the named pipe of Docker on Windows.
const SOCKETS: [&str; 9] = [
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/var/run/containerd/containerd.sock",
    "/run/containerd/containerd.sock",
    "/var/run/podman/podman.sock",
    "/run/podman/podman.sock",
    "/var/run/crio/crio.sock",
    "/run/crio/crio.sock",
    "/./pipe/docker_engine",
];

/// What a host is run by.
const DIRECTORIES: [&str; 5] = ["/etc", "/proc", "/sys", "/var/lib", "/root"];

/// What a path of the host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    /// The socket of the container engine.
    Socket,
    /// A part of what the host is run by, or what it is in.
    Host,
    /// Neither.
    Other,
}

fn check(_: &Context<'_>, task: &TaskDefinition) -> Verdict {
    let mut parts: Vec<Verdict> = task
        .volumes
        .iter()
        .filter_map(|one| volume(task, one))
        .collect();
    if let Some(why) = &task.volumes_uncertain {
        let message = "whether there are further volumes of the host is not known";
        parts.push(Verdict::unknown(
            message,
            why.to_string(),
            &task.subject.origin,
        ));
    }
    Verdict::worst(parts).unwrap_or_else(|| {
        Verdict::not_applicable("it mounts nothing of its host", &task.subject.origin)
    })
}

fn volume(task: &TaskDefinition, volume: &Volume) -> Option<Verdict> {
    let name = format!("`{}`", volume.name.shown());
    let host_path = &volume.host_path;
    let unknown = |why: &Why| {
        let message = format!("what volume {name} mounts of its host is not known");
        Some(Verdict::unknown(
            message,
            why.to_string(),
            &host_path.origin,
        ))
    };
    let text = match &host_path.setting {
        Setting::Unset => return None,
        Setting::Set(text) if text.known() == Some("") => return None,
        Setting::Set(text) => text,
        Setting::Unknown(why) => return unknown(why),
    };
    let shown = match (text.known(), &text.secret) {
        (Some(path), None) => path.to_owned(),
        _ => format!("{}…", text.prefix()),
    };
    let path = match of_path(text) {
        Setting::Set(Path::Other) => {
            let message = format!("volume {name} is a directory of its own on the host");
            return Some(Verdict::pass(message, &host_path.origin));
        }
        path => path,
    };
    let (container, mount) = match mounted(task, volume) {
        Setting::Set(mounted) => mounted,
        Setting::Unset => {
            let message = format!("no container mounts volume {name}");
            return Some(Verdict::pass(message, &host_path.origin));
        }
        Setting::Unknown(why) => return unknown(&why),
    };
    let path = match path {
        Setting::Set(path) => path,
        Setting::Unknown(why) => return unknown(&why),
        Setting::Unset => return None,
    };
    let by = container.display_name();
    let rejected = match task.platforms.is_only(Platform::Fargate) {
        true => ", which the API rejects on Fargate",
        false => "",
    };
    let read_only = mount.read_only.set() == Some(&true);
    let message = match path {
        Path::Socket => format!(
            "container {by} mounts the container engine's socket, `{shown}`, of its host{rejected}"
        ),
        _ if read_only => format!("container {by} can read `{shown}` of its host{rejected}"),
        _ => format!("container {by} can write to `{shown}` of its host{rejected}"),
    };
    let label = match path {
        Path::Socket => "whoever talks to it is root on the host",
        _ => "what the host is run by",
    };
    let verdict = Verdict::fail(message, &host_path.origin)
        .label(label)
        .also(&mount.origin, "mounted here")
        .help("mount a directory that is there for this task alone");
    let verdict = verdict.weighs(match read_only && path != Path::Socket {
        true => Severity::Medium,
        false => Severity::High,
    });
    Some(match &volume.maybe {
        Some(why) => verdict.note(format!("whether volume {name} is there hangs on {why}")),
        None => verdict,
    })
}

/// The mount of a volume, a writable one before others.
fn mounted<'a>(
    task: &'a TaskDefinition,
    volume: &Volume,
) -> Setting<(&'a Container, &'a MountPoint)> {
    let mut found: Option<(&Container, &MountPoint)> = None;
    let mut undecided = task.containers_uncertain.clone();
    for container in &task.containers {
        for mount in &container.mount_points.items {
            let source: &Field<Text> = &mount.source_volume;
            match source.is_same(&volume.name) {
                Some(true) => {
                    let writable = mount.read_only.set() != Some(&true);
                    if found.is_none() || writable {
                        found = Some((container, mount));
                    }
                }
                Some(false) => {}
                None => {
                    let why = source.partly_unknown().or(volume.name.partly_unknown());
                    undecided = undecided.or(why);
                }
            }
        }
        undecided = undecided.or_else(|| container.mount_points.uncertain.clone());
    }
    match (found, undecided) {
        (Some(found), _) => Setting::Set(found),
        (None, Some(why)) => Setting::Unknown(why),
        (None, None) => Setting::Unset,
    }
}

/// What a path is, as far as its known beginning tells.
fn of_path(text: &Text) -> Setting<Path> {
    let Some(why) = text.unknown_part() else {
        return Setting::Set(classify(&segments(text.known().unwrap_or_default())));
    };
    // What is before the last known separator is a directory that the rest is in.
    let prefix = text.prefix();
    let directory = prefix.rfind(['/', '\\']).map_or("", |at| &prefix[..at]);
    let segments = segments(directory);
    let whole = format!("/{}", segments.join("/"));
    let within = |outer: &str| is_within(&whole, outer);
    if DIRECTORIES.iter().any(|directory| within(directory)) {
        return Setting::Set(Path::Host);
    }
    match segments.is_empty() || classify(&segments) != Path::Other {
        true => Setting::Unknown(why.clone()),
        false => Setting::Set(Path::Other),
    }
}

/// The steps of a path, without those that lead nowhere.
fn segments(path: &str) -> Vec<&str> {
    // `//./pipe/…` of Windows keeps its dot, which is the machine.
    let mut segments = Vec::new();
    let windows = path.starts_with("//./") || path.starts_with("\\\\.\\");
    for segment in path.split(['/', '\\']) {
        match segment {
            "" => {}
            "." if windows && segments.is_empty() => segments.push(segment),
            "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments
}

fn classify(segments: &[&str]) -> Path {
    let path = format!("/{}", segments.join("/"));
    if SOCKETS.contains(&path.as_str()) {
        return Path::Socket;
    }
    let holds = |inner: &&str| segments.is_empty() || is_within(inner, &path);
    let host = DIRECTORIES
        .iter()
        .any(|directory| is_within(&path, directory))
        || DIRECTORIES.iter().chain(&SOCKETS).any(holds);
    match host {
        true => Path::Host,
        false => Path::Other,
    }
}

fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
