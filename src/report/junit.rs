//! The report as JUnit XML: a suite per root module, a case per rule and subject.
//!
//! A case that is neither passed nor failed is skipped, with its reason: nothing is green that was not found to
//! be right.

use std::collections::HashMap;

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::human::diagnostic_of;
use super::standing::Standing;
use super::{Judged, Location, Rendering, Report, RootReport, terminal};
use crate::policy::Level;
use crate::waiver::Waived;

/// Renders the report; the text ends with a line break.
#[must_use]
pub fn junit(report: &Report, rendering: &Rendering) -> String {
    let mut suites = quick_junit::Report::new("cargo-ecs-audit");
    for root in &report.roots {
        suites.add_test_suite(suite(report, root, rendering));
    }
    // A text in memory can be written to.
    suites.to_string().unwrap_or_default()
}

fn suite(report: &Report, root: &RootReport, rendering: &Rendering) -> TestSuite {
    let path = terminal::line(&root.path);
    let mut suite = TestSuite::new(&*path);
    suite.add_property(Property::new("basis", root.basis.name()));
    if let Some(terraform) = &root.terraform {
        let version = format!("{} {}", terraform.binary, terraform.version);
        suite.add_property(Property::new("terraform", &*terminal::line(&version)));
    }
    let mut names = HashMap::new();
    let mut add = |name: String, status| {
        let times = names.entry(name.clone()).or_insert(0_usize);
        *times += 1;
        let name = match *times {
            1 => name,
            times => format!("{name} ({times})"),
        };
        let mut case = TestCase::new(name, status);
        case.set_classname(&*path);
        suite.add_test_case(case);
    };
    if let Some(failure) = &root.failure {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message("could not be audited");
        status.set_description(&*terminal::block(failure));
        add("the audit".to_owned(), status);
    }
    for unread in &root.unread {
        let status = undone(
            unread.level,
            &unread.reason,
            &placed(unread.location.as_ref()),
        );
        add(format!("reading {}", terminal::line(&unread.part)), status);
    }
    for judged in &root.verdicts {
        if let Some(status) = status(report, root, judged, rendering) {
            add(name(judged), status);
        }
    }
    let notes: Vec<String> = root
        .notes
        .iter()
        .map(|note| placed(note.location.as_ref()) + &terminal::block(&note.message))
        .collect();
    if !notes.is_empty() {
        suite.set_system_out(notes.join("\n"));
    }
    suite
}

/// "ECS:004 privileged-container: aws_ecs_task_definition.app, app".
fn name(judged: &Judged) -> String {
    let Judged { rule, address, .. } = judged;
    let subject = match &judged.container {
        Some(container) => format!("{address}, {container}"),
        None => address.to_string(),
    };
    format!("{} {}: {}", rule.id, rule.name, terminal::line(&subject))
}

fn placed(location: Option<&Location>) -> String {
    location.map_or_else(String::new, |Location { file, start, .. }| {
        format!("{}:{}:{}: ", terminal::line(file), start.line, start.column)
    })
}

fn status(
    report: &Report,
    root: &RootReport,
    judged: &Judged,
    rendering: &Rendering,
) -> Option<TestCaseStatus> {
    let rendered = || diagnostic_of(report, root, judged);
    let reason = judged.reason.as_deref().unwrap_or(&judged.message);
    Some(match judged.standing() {
        Standing::Passes => TestCaseStatus::success(),
        Standing::Fails(level) => undone(level, &judged.message, &rendered()),
        Standing::Undecided(level) => {
            let message = format!("{}; undecided: {reason}", judged.message);
            undone(level, &message, &rendered())
        }
        Standing::Waived(Waived { terms, by }) => {
            let until = terms.until;
            let until = until.map_or_else(String::new, |until| format!(" until {until}"));
            let message = format!("waived{until} by {}: {}", by.name(), terms.reason);
            skipped(&message, &rendered())
        }
        Standing::NotApplicable if rendering.passes => {
            skipped(&format!("not applicable: {reason}"), "")
        }
        Standing::NotApplicable => return None,
    })
}

/// What is denied fails; what is only warned of, or allowed, is not passed all the same.
fn undone(level: Level, message: &str, rendered: &str) -> TestCaseStatus {
    match level {
        Level::Deny => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(&*terminal::line(message));
            status.set_type("deny");
            status.set_description(rendered);
            status
        }
        Level::Warn => skipped(&format!("warned of: {message}"), rendered),
        Level::Allow => skipped(&format!("allowed: {message}"), rendered),
    }
}

fn skipped(message: &str, rendered: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(&*terminal::line(message));
    if !rendered.is_empty() {
        status.set_description(rendered);
    }
    status
}
