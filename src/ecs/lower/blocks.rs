//! Task definitions that are written in blocks: those of daemons, and Express gateway services, each of which is its
//! own.

use std::sync::Arc;

use super::read::Object;
use super::task_definition::{container, task};
use crate::ecs::Origin;
use crate::ecs::inventory::{
    Container, Field, Form, LogConfiguration, Setting, TaskDefinition, Text, TextPart, Why,
};
use crate::terraform::Instance;

/// What an Express gateway service calls the block of its container.
const PRIMARY: &str = "primary_container";

/// Reads `aws_ecs_daemon_task_definition`.
pub(super) fn daemon(instance: &Instance) -> TaskDefinition {
    let object = Object::instance(instance, &Origin::default());
    let mut task = task(instance, &object);
    let definitions = object.blocks("container_definition");
    task.definitions = object.origin.clone();
    task.containers_uncertain = definitions.uncertain;
    let blocks = definitions.items.into_iter().map(Object::by_blocks);
    task.containers = blocks
        .enumerate()
        .map(|(index, block)| Container {
            form: Form::Blocks,
            ..container(&instance.address, index, &block)
        })
        .map(|container| hanging_on(container, &task))
        .collect();
    task
}

/// Reads `aws_ecs_express_gateway_service` as the task definition that it makes.
pub(super) fn express(instance: &Instance) -> TaskDefinition {
    let object = Object::instance(instance, &Origin::default());
    let mut task = task(instance, &object);
    // Its tasks are on Fargate, which has no other.
    task.network_mode = Field {
        setting: Setting::Set(Text::of("awsvpc")),
        origin: Origin::missing(&object.origin),
    };
    task.definitions = object.origin.clone();
    let definitions = object.blocks(PRIMARY);
    task.containers_uncertain = definitions.uncertain;
    let block = definitions.items.into_iter().next().map(Object::by_blocks);
    task.containers = block
        .iter()
        .map(|block| primary(instance, block))
        .map(|container| hanging_on(container, &task))
        .collect();
    task
}

fn primary(instance: &Instance, block: &Object<'_>) -> Container {
    let mut container = Container {
        form: Form::Express,
        log: log(block),
        ..container(&instance.address, 0, block)
    };
    container.subject.container = Some(Arc::from(PRIMARY));
    container
}

/// The log of an Express gateway service, which goes to CloudWatch whatever is written.
fn log(block: &Object<'_>) -> Field<LogConfiguration> {
    let written = block.object("awsLogsConfiguration");
    let given = |text: Text| Field {
        setting: Setting::Set(text),
        origin: written.origin.clone(),
    };
    let made = |what: &str| Text {
        parts: vec![TextPart::Unknown {
            reference: None,
            why: Why(Arc::from(what)),
        }],
        secret: None,
    };
    let group = match &written.setting {
        Setting::Set(block) => block.text("logGroup"),
        Setting::Unset | Setting::Unknown(_) => {
            given(made("the log group that an Express gateway service makes"))
        }
    };
    let options = vec![
        (Arc::from("awslogs-group"), group),
        (
            Arc::from("awslogs-region"),
            given(made("the region of the service")),
        ),
    ];
    let why = Why(Arc::from(
        "an Express gateway service sets the other options",
    ));
    Field {
        setting: Setting::Set(LogConfiguration {
            driver: given(Text::of("awslogs")),
            options,
            options_uncertain: Some(why),
            options_origin: written.origin.clone(),
        }),
        origin: written.origin.clone(),
    }
}

/// A container is there only where its task definition is.
fn hanging_on(mut container: Container, task: &TaskDefinition) -> Container {
    let maybe = container.subject.maybe.take();
    container.subject.maybe = maybe.or_else(|| task.subject.maybe.clone());
    container
}
