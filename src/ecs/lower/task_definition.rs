//! Task definitions, their volumes and their containers.

use std::sync::Arc;

use super::parts;
use super::read::{self, Object};
use super::schema;
use super::text;
use super::why;
use crate::ecs::Origin;
use crate::ecs::inventory::{
    Container, EfsVolume, Field, Form, Invalid, LogConfiguration, Setting, Subject, System,
    TaskDefinition, Text, TextPart, Variable, Volume, Why,
};
use crate::terraform::{Instance, Value};

/// Reads `aws_ecs_task_definition`.
pub(super) fn task_definition(instance: &Instance) -> TaskDefinition {
    let object = Object::instance(instance, &Origin::default());
    let mut task = task(instance, &object);
    containers(&mut task, &object);
    task
}

/// Reads what stands around the containers.
pub(super) fn task(instance: &Instance, object: &Object<'_>) -> TaskDefinition {
    let mut task = TaskDefinition {
        subject: subject(&instance.address, object),
        resource_type: instance.ty.clone(),
        provider: instance.provider.clone(),
        region: object.text("region"),
        family: object.text("family"),
        network_mode: object.text("network_mode"),
        pid_mode: object.text("pid_mode"),
        ipc_mode: object.text("ipc_mode"),
        fault_injection: object.flag("enable_fault_injection"),
        requires_compatibilities: object.texts("requires_compatibilities"),
        system: system(object),
        cpu: object.text("cpu"),
        memory: object.text("memory"),
        task_role: object.text("task_role_arn"),
        execution_role: object.text("execution_role_arn"),
        ..TaskDefinition::default()
    };
    let volumes = object.blocks("volume");
    task.volumes = volumes.items.iter().map(volume).collect();
    task.volumes_uncertain = volumes.uncertain;
    task
}

/// The subject that a resource is.
pub(super) fn subject(address: &Arc<str>, object: &Object<'_>) -> Subject {
    Subject {
        address: address.clone(),
        container: None,
        origin: object.origin.clone(),
        maybe: object.maybe.clone(),
    }
}

fn system(task: &Object<'_>) -> Field<System> {
    let (platform, uncertain) = task.block("runtime_platform");
    let Some(platform) = platform else {
        let setting = uncertain.map_or(Setting::Unset, Setting::Unknown);
        return Field {
            setting,
            origin: Origin::missing(&task.origin).named("runtime_platform"),
        };
    };
    let family = platform.text("operating_system_family");
    let setting = match &family.setting {
        Setting::Unset => Setting::Unset,
        Setting::Unknown(why) => Setting::Unknown(why.clone()),
        Setting::Set(text) if text.prefix().to_ascii_uppercase().starts_with("WINDOWS") => {
            Setting::Set(System::Windows)
        }
        Setting::Set(text) => match text.unknown_part() {
            Some(why) => Setting::Unknown(why.clone()),
            None => Setting::Set(System::Linux),
        },
    };
    Field {
        setting,
        origin: family.origin,
    }
}

fn volume(object: &Object<'_>) -> Volume {
    let (efs, efs_uncertain) = object.block("efs_volume_configuration");
    let (docker, docker_uncertain) = object.block("docker_volume_configuration");
    let options = docker
        .map(|docker| docker.table("driver_opts"))
        .unwrap_or_default();
    Volume {
        origin: object.origin.clone(),
        name: object.text("name"),
        maybe: object.maybe.clone(),
        host_path: object.text("host_path"),
        efs: efs.as_ref().map(efs_volume),
        driver_options: options.entries,
        uncertain: efs_uncertain.or(docker_uncertain).or(options.uncertain),
    }
}

fn efs_volume(object: &Object<'_>) -> EfsVolume {
    let (authorization, uncertain) = object.block("authorization_config");
    let missing = || Field {
        setting: uncertain.clone().map_or(Setting::Unset, Setting::Unknown),
        origin: Origin::missing(&object.origin).named("authorization_config"),
    };
    let read = |name| {
        let mut field = authorization
            .as_ref()
            .map_or_else(missing, |block| block.text(name));
        if let Some(why) = authorization.as_ref().and_then(|block| block.maybe.clone()) {
            field.setting = Setting::Unknown(why);
        }
        field
    };
    EfsVolume {
        origin: object.origin.clone(),
        file_system_id: object.text("file_system_id"),
        transit_encryption: object.text("transit_encryption"),
        authorization: authorization.as_ref().map_or_else(
            || Origin::missing(&object.origin).named("authorization_config"),
            |block| block.origin.clone(),
        ),
        iam: read("iam"),
        access_point_id: read("access_point_id"),
    }
}

/// Reads `container_definitions` into the task definition.
fn containers(task: &mut TaskDefinition, object: &Object<'_>) {
    let Some(value) = object.get("container_definitions") else {
        task.definitions = Origin::missing(&object.origin).named("container_definitions");
        task.containers_uncertain = Some(Why(Arc::from("`container_definitions` is not written")));
        return;
    };
    task.definitions = Origin::value(&value.trace, &object.origin).named("container_definitions");
    if let crate::terraform::Kind::Unknown(unknown) = &value.kind {
        task.containers_uncertain = Some(why::why(unknown));
        return;
    }
    let decoded = match read::decode(value) {
        Ok(decoded) => decoded,
        Err(failure) => {
            let message = failure.message;
            let partly = text::text(value).and_then(|text| text.unknown_part().cloned());
            let why = format!("`container_definitions` cannot be read as JSON: {message}");
            task.containers_uncertain = Some(partly.clone().unwrap_or(Why(Arc::from(why))));
            if partly.is_none() {
                let origin = match failure.place {
                    Some(place) => Origin::block(Some(place), None, &task.definitions),
                    None => task.definitions.clone(),
                };
                task.invalid = Some(Invalid { message, origin });
            }
            return;
        }
    };
    let definitions = match &decoded.kind {
        crate::terraform::Kind::Unknown(unknown) => {
            task.containers_uncertain = Some(why::why(unknown));
            return;
        }
        _ => read::json_objects(&decoded, &task.definitions),
    };
    let has_null = |items: &[Value]| items.iter().any(Value::is_null);
    if definitions.malformed || decoded.elements().is_some_and(has_null) {
        let message = "it is not a list of objects";
        task.invalid = Some(Invalid {
            message: message.to_owned(),
            origin: task.definitions.clone(),
        });
        let why = format!("`container_definitions`: {message}");
        task.containers_uncertain = Some(Why(Arc::from(why)));
    }
    let named = |(index, object): (usize, &Object<'_>)| Container {
        schema_faults: schema::faults(object.map(), &object.origin),
        ..container(&task.subject.address, index, object)
    };
    let containers = definitions.items.iter().enumerate().map(named).collect();
    task.containers_uncertain = task.containers_uncertain.take().or(definitions.uncertain);
    task.containers = containers;
    for container in &mut task.containers {
        let maybe = container.subject.maybe.take();
        container.subject.maybe = maybe.or_else(|| task.subject.maybe.clone());
    }
}

/// Reads a container definition; `index` names it where its name is not known.
pub(super) fn container(address: &Arc<str>, index: usize, object: &Object<'_>) -> Container {
    let name = object.text("name");
    let image = object.text("image");
    let (environment, environment_uncertain) = variables(object, "environment", "value");
    let (secrets, secrets_uncertain) = variables(object, "secrets", "valueFrom");
    let log = object.object("logConfiguration");
    let mut other_texts = Vec::new();
    list_texts(object, "", "command", &mut other_texts);
    list_texts(object, "", "entryPoint", &mut other_texts);
    table_texts(object, "", "dockerLabels", &mut other_texts);
    if let Setting::Set(check) = &object.object("healthCheck").setting {
        list_texts(check, "healthCheck.", "command", &mut other_texts);
    }
    if let Setting::Set(log) = &log.setting {
        table_texts(log, "logConfiguration.", "options", &mut other_texts);
    }
    if let Setting::Set(firelens) = &object.object("firelensConfiguration").setting {
        table_texts(
            firelens,
            "firelensConfiguration.",
            "options",
            &mut other_texts,
        );
    }
    Container {
        subject: Subject {
            address: address.clone(),
            container: Some(container_name(&name, index)),
            origin: object.origin.clone(),
            maybe: object.maybe.clone(),
        },
        repository: None,
        image_in_private_ecr: in_private_ecr(&image),
        name,
        image,
        essential: object.flag("essential"),
        privileged: object.flag("privileged"),
        read_only_root: object.flag("readonlyRootFilesystem"),
        user: object.text("user"),
        environment,
        environment_uncertain,
        environment_files: object.presence("environmentFiles"),
        secrets,
        secrets_uncertain,
        other_texts,
        log: log_configuration(log),
        firelens: object.presence("firelensConfiguration"),
        cpu: object.integer("cpu"),
        memory: object.integer("memory"),
        memory_reservation: object.integer("memoryReservation"),
        port_mappings: parts::port_mappings(object),
        mount_points: parts::mount_points(object),
        volumes_from: parts::volumes_from(object),
        depends_on: parts::dependencies(object),
        health_check: parts::health_check(object),
        ulimits: parts::ulimits(object),
        form: Form::Json,
        schema_faults: Vec::new(),
        keys_uncertain: object.uncertain(),
        added_capabilities: parts::added_capabilities(object),
        devices: parts::devices(object),
        security_options: object.listed_texts("dockerSecurityOptions"),
    }
}

/// A container's name for people and fingerprints; its unknown parts stand as `…`.
fn container_name(name: &Field<Text>, index: usize) -> Arc<str> {
    let text = match name.set() {
        Some(text) if text.secret.is_none() && text.known_parts().any(|part| !part.is_empty()) => {
            text
        }
        _ => return Arc::from(format!("#{index}")),
    };
    match text.known() {
        Some(known) => Arc::from(known),
        None => text
            .parts
            .iter()
            .map(|part| match part {
                TextPart::Known(known) => &**known,
                TextPart::Unknown { .. } => "…",
            })
            .collect::<String>()
            .into(),
    }
}

fn variables(object: &Object<'_>, list: &str, value: &str) -> (Vec<Variable>, Option<Why>) {
    let objects = object.blocks(list);
    let variable = |item: &Object<'_>| Variable {
        origin: item.origin.clone(),
        name: item.text("name"),
        value: item.text(value),
        maybe: item.maybe.clone(),
    };
    let malformed = || Why(Arc::from(format!("`{list}` has a value of a wrong type")));
    let uncertain = objects
        .uncertain
        .or_else(|| objects.malformed.then(malformed));
    (objects.items.iter().map(variable).collect(), uncertain)
}

type PathTexts = Vec<(Arc<str>, Field<Text>)>;

fn list_texts(object: &Object<'_>, prefix: &str, name: &str, texts: &mut PathTexts) {
    let (items, _) = object.items(name);
    for (index, item) in items.into_iter().enumerate() {
        texts.push((Arc::from(format!("{prefix}{name}[{index}]")), item));
    }
}

fn table_texts(object: &Object<'_>, prefix: &str, name: &str, texts: &mut PathTexts) {
    for (key, item) in object.table(name).entries {
        texts.push((Arc::from(format!("{prefix}{name}.{key}")), item));
    }
}

fn log_configuration(log: Field<Object<'_>>) -> Field<LogConfiguration> {
    let setting = match log.setting {
        Setting::Unset => Setting::Unset,
        Setting::Unknown(why) => Setting::Unknown(why),
        Setting::Set(object) => {
            let options = object.table("options");
            Setting::Set(LogConfiguration {
                driver: object.text("logDriver"),
                options: options.entries,
                options_uncertain: options.uncertain,
                options_origin: options.origin,
            })
        }
    };
    Field {
        setting,
        origin: log.origin,
    }
}

/// Whether an image is in a private ECR repository: by its registry's host name, or by the repository
/// that its reference names.
fn in_private_ecr(image: &Field<Text>) -> Setting<bool> {
    let text = match &image.setting {
        Setting::Unset => return Setting::Set(false),
        Setting::Unknown(why) => return Setting::Unknown(why.clone()),
        Setting::Set(text) => text,
    };
    let named = text.known_parts().any(|part| part.contains(".dkr.ecr"));
    let referred = text.parts.iter().any(|part| match part {
        TextPart::Unknown {
            reference: Some(reference),
            ..
        } => reference.resource_type.starts_with("aws_ecr_"),
        _ => false,
    });
    if named || referred {
        return Setting::Set(true);
    }
    // The registry's host comes first and has no port: a known beginning past it decides.
    match text.unknown_part() {
        Some(why) if !text.prefix().contains(['/', ':']) => Setting::Unknown(why.clone()),
        _ => Setting::Set(false),
    }
}
