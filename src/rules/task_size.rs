//! How large tasks and their containers may be: the knowledge behind ECS:030.

use super::definition::Look;
use crate::ecs::inventory::{
    Container, Field, Form, Platform, Setting, System, TaskDefinition, Text,
};

/// A size of Fargate: CPU units, then the least and the most MiB of memory, and the step between.
struct Size(i64, i64, i64, i64);

/// The sizes that Fargate offers, as `RegisterTaskDefinition` has them.
const SIZES: [Size; 7] = [
    Size(256, 512, 2048, 512),
    Size(512, 1024, 4096, 1024),
    Size(1024, 2048, 8192, 1024),
    Size(2048, 4096, 16_384, 1024),
    Size(4096, 8192, 30_720, 1024),
    Size(8192, 16_384, 61_440, 4096),
    Size(16_384, 32_768, 122_880, 8192),
];

/// The least and the most CPU units of Windows on Fargate.
const WINDOWS: (i64, i64) = (1024, 4096);

impl Size {
    fn offers(&self, memory: i64) -> bool {
        let Size(cpu, least, most, step) = *self;
        // The smallest has no third step of its own.
        let between = memory >= least && memory <= most && (memory - least) % step == 0;
        between && (cpu != 256 || memory != 1536)
    }

    fn memory(&self) -> String {
        let Size(cpu, least, most, step) = *self;
        match cpu {
            256 => "512, 1024 or 2048 MiB".to_owned(),
            _ => format!("{least} to {most} MiB in steps of {step}"),
        }
    }
}

/// Looks at the sizes of a task and of its containers together.
pub(super) fn look(look: &mut Look, task: &TaskDefinition) {
    let declared = match &task.requires_compatibilities.setting {
        Setting::Set(all) => all.iter().any(|one| one.known() == Some("FARGATE")),
        Setting::Unset | Setting::Unknown(_) => false,
    };
    if declared || task.platforms.includes(Platform::Fargate) {
        of_fargate(look, task);
    }
    if task.system.set() != Some(&System::Windows) {
        sums(look, task);
    }
}

fn of_fargate(look: &mut Look, task: &TaskDefinition) {
    let sizes_itself = &*task.resource_type == "aws_ecs_express_gateway_service";
    if sizes_itself && !(task.cpu.is_present() && task.memory.is_present()) {
        return;
    }
    let mut missing = false;
    for (name, field) in [("cpu", &task.cpu), ("memory", &task.memory)] {
        if !field.is_present() {
            missing = true;
            look.fault(
                format!("no `{name}`, which Fargate wants"),
                format!("no `{name}`"),
                &field.origin,
            );
        }
    }
    if missing {
        return;
    }
    let (cpu, memory) = (
        units(look, "cpu", &task.cpu),
        units(look, "memory", &task.memory),
    );
    let (Some(cpu), Some(memory)) = (cpu, memory) else {
        return;
    };
    let windows = task.system.set() == Some(&System::Windows);
    let fits_system = |size: &&Size| !windows || (WINDOWS.0..=WINDOWS.1).contains(&size.0);
    let offered = SIZES.iter().filter(fits_system).find(|size| size.0 == cpu);
    let place = if windows {
        "Fargate for Windows"
    } else {
        "Fargate"
    };
    match offered {
        None => {
            let offered: Vec<_> = SIZES
                .iter()
                .filter(fits_system)
                .map(|size| size.0.to_string())
                .collect();
            let what = format!("{place} does not offer {cpu} CPU units");
            look.fault(
                what,
                format!("not among {}", offered.join(", ")),
                &task.cpu.origin,
            );
        }
        Some(size) if !size.offers(memory) => {
            let what = format!("{place} does not offer {memory} MiB with {cpu} CPU units");
            look.fault(
                what,
                format!("with {cpu} CPU units: {}", size.memory()),
                &task.memory.origin,
            );
        }
        Some(_) => {}
    }
}

/// A size of a task in CPU units or in MiB; what cannot be read is told.
fn units(look: &mut Look, name: &str, field: &Field<Text>) -> Option<i64> {
    if let Some(why) = field.partly_unknown() {
        look.unknown(format!("`{name}` is not known"), &why, &field.origin);
        return None;
    }
    let read = field.text().and_then(|text| size(text, name));
    if read.is_none() && field.is_present() {
        let what = format!("`{name}` is no size that ECS reads");
        let example = if name == "cpu" {
            "`256` or `.25 vCPU`"
        } else {
            "`512` or `0.5 GB`"
        };
        look.fault(what, format!("write it like {example}"), &field.origin);
    }
    read
}

/// Reads `256`, `.25 vCPU` or `0.5 GB`.
fn size(text: &str, name: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(units) = text.parse() {
        return Some(units);
    }
    let unit = if name == "cpu" { "vcpu" } else { "gb" };
    let lower = text.to_ascii_lowercase();
    let number = lower.strip_suffix(unit)?.trim_end();
    let plain = number
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: f64 = number.parse().ok().filter(|_| plain && number.len() < 12)?;
    #[allow(clippy::cast_possible_truncation, reason = "it has few digits")]
    let units = (number * 1024.0).round() as i64;
    Some(units)
}

/// What the containers want together must be in the task.
fn sums(look: &mut Look, task: &TaskDefinition) {
    type Of = fn(&Container) -> &Field<i64>;
    let known = |field: &Field<Text>, name: &str| field.text().and_then(|text| size(text, name));
    let checks: [(_, _, _, Of); 2] = [
        ("cpu", "CPU units", &task.cpu, |container| &container.cpu),
        ("memory", "MiB", &task.memory, reserved),
    ];
    for (name, unit, field, of) in checks {
        let Some(all) = known(field, name) else {
            continue;
        };
        let wanted = task
            .containers
            .iter()
            .filter(|one| one.subject.maybe.is_none());
        let wanted = wanted.filter_map(|one| of(one).set());
        let sum = wanted.fold(0_i64, |sum, one| sum.saturating_add((*one).max(0)));
        if sum > all {
            look.fault(
                format!("the containers want {sum} {unit}, and the task has {all}"),
                format!("less than its containers want: {sum}"),
                &field.origin,
            );
        }
    }
}

/// The memory that is kept for a container.
fn reserved(container: &Container) -> &Field<i64> {
    match container.memory_reservation.set() {
        Some(reserved) if *reserved > 0 => &container.memory_reservation,
        _ => &container.memory,
    }
}

/// Looks at the memory of one container.
pub(super) fn memory(look: &mut Look, task: &TaskDefinition, container: &Container) {
    const LEAST: i64 = 4;
    let positive = |field: &Field<i64>| field.set().copied().filter(|&memory| memory != 0);
    let hard = positive(&container.memory);
    let soft = positive(&container.memory_reservation);
    if let (Some(hard), Some(soft)) = (hard, soft)
        && hard < soft
    {
        look.fault(
            format!(
                "its `memory` of {hard} MiB is less than its `memoryReservation` of {soft} MiB"
            ),
            format!("less than {soft}"),
            &container.memory.origin,
        );
    }
    for (name, field) in [
        ("memory", &container.memory),
        ("memoryReservation", &container.memory_reservation),
    ] {
        if positive(field).is_some_and(|memory| memory < LEAST) {
            let what = format!("its `{name}` is below {LEAST} MiB, which no container gets");
            look.fault(what, "too little", &field.origin);
        }
    }
    let all = task.memory.text().and_then(|text| size(text, "memory"));
    let windows = task.system.set() == Some(&System::Windows);
    if let (Some(hard), Some(all), false) = (hard, all, windows)
        && hard > all
    {
        look.fault(
            format!("its `memory` of {hard} MiB is more than the task's {all} MiB"),
            "more than the task has",
            &container.memory.origin,
        );
    }
    let unset = |field: &Field<i64>| !field.is_present() || field.set() == Some(&0);
    let none = unset(&container.memory) && unset(&container.memory_reservation);
    // Fargate wants the task's own, which is told of the task; of what runs elsewhere, only what is certain to.
    let in_json = container.form == Form::Json;
    let elsewhere =
        task.platforms.undetermined.is_none() && !task.platforms.includes(Platform::Fargate);
    if none && in_json && !task.memory.is_present() && elsewhere {
        look.fault(
            "it has neither `memory` nor `memoryReservation`, and its task has no `memory`",
            "no `memory`",
            &container.memory.origin,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_the_api_reads_them() {
        for (text, units) in [
            ("256", Some(256)),
            ("1 vCPU", Some(1024)),
            ("1vcpu", Some(1024)),
            (".25 vCPU", Some(256)),
            ("0.5 vCPU", Some(512)),
            ("16 vCPU", Some(16_384)),
            ("0.5", None),
            ("half", None),
            ("1e3 vCPU", None),
            ("-1 vCPU", None),
            ("vCPU", None),
        ] {
            assert_eq!(size(text, "cpu"), units, "{text}");
        }
        assert_eq!(size("2 GB", "memory"), Some(2048));
        assert_eq!(size("0.5GB", "memory"), Some(512));
        assert_eq!(size("2 GiB", "memory"), None);
    }

    #[test]
    fn fargate_offers_what_its_table_has() {
        let offers = |cpu: i64, memory| {
            let size = SIZES.iter().find(|size| size.0 == cpu);
            size.is_some_and(|size| size.offers(memory))
        };
        for (cpu, memory) in [
            (256, 512),
            (256, 1024),
            (256, 2048),
            (512, 3072),
            (1024, 8192),
            (4096, 30_720),
            (8192, 20_480),
            (16_384, 122_880),
        ] {
            assert!(offers(cpu, memory), "{cpu} {memory}");
        }
        for (cpu, memory) in [
            (256, 1536),
            (256, 4096),
            (512, 512),
            (1024, 1024),
            (2048, 4097),
            (8192, 17_408),
            (16_384, 36_864),
            (300, 512),
        ] {
            assert!(!offers(cpu, memory), "{cpu} {memory}");
        }
    }
}
