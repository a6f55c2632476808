//! One cause is told once: a configuration with many faults, all rules on, and every verdict that is told.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::fs;

use ecs_audit::audit::{self, PlanSource, Request};
use ecs_audit::config::PlanMode;
use ecs_audit::policy::Levels;
use ecs_audit::roots::RootModule;
use ecs_audit::rules::Options;

#[test]
fn every_cause_is_told_once() {
    let configuration = fs::read_to_string("tests/told_once/main.tf").unwrap();
    let expected = fs::read_to_string("tests/told_once/told.txt").unwrap();
    let told = told(&configuration);
    if std::env::var_os("ECS_AUDIT_BLESS").is_some() && told != expected {
        fs::write("tests/told_once/told.txt", &told).unwrap();
        return;
    }
    assert_eq!(told, expected, "`ECS_AUDIT_BLESS=1` takes what is told");
    for advice in told.lines().filter(|line| line.contains("help:")) {
        assert!(!advice.contains("privileged = true"), "{advice}");
    }
}

/// A line for each verdict that is told: rule, outcome, address, container, message, and what is advised.
fn told(configuration: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = fs::canonicalize(directory.path()).unwrap();
    fs::write(path.join("main.tf"), configuration).unwrap();
    let module = RootModule {
        path: path.clone(),
        name: "example".to_owned(),
        ..RootModule::default()
    };
    let report = audit::audit(
        &[module],
        &Request {
            workspace: path,
            plan: PlanSource::Run(PlanMode::Never),
            terraform_bin: None,
            assignments: Vec::new(),
            environment: Vec::new(),
            terraform_workspace: None,
            timeout: None,
            only: Vec::new(),
            levels: Levels::default(),
            options: Options::default(),
            waivers: None,
            edited: Default::default(),
            library: Default::default(),
            jobs: None,
            scope: None,
            memory: None,
        },
    );
    let verdicts = report.roots.iter().flat_map(|root| &root.verdicts);
    let mut text = String::new();
    for judged in verdicts.filter(|judged| judged.is_told()) {
        let container = judged.container.as_deref().unwrap_or("-");
        text.push_str(&format!(
            "{} {:?} {} {container}: {}\n",
            judged.rule.id, judged.outcome, judged.address, judged.message
        ));
        if let Some(help) = &judged.help {
            text.push_str(&format!("  help: {help}\n"));
        }
        for note in &judged.notes {
            text.push_str(&format!("  note: {note}\n"));
        }
    }
    text
}
