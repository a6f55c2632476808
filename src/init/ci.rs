//! The job of a CI: a workflow of GitHub, or a job in GitLab's pipeline.

use saphyr_parser::{Event, Parser};

use super::layout::{as_before, plain};
use super::site::{Refusal, Workflows};
use crate::hcl::Span;

/// GitLab's file.
pub(super) const PIPELINE: &str = ".gitlab-ci.yml";

/// What a job that audits is recognised by.
pub(super) const CALL: &str = "ecs-audit";

/// The stages that an audit goes into, the first one that is there.
const STAGES: [&str; 8] = [
    "audit", "lint", "check", "checks", "validate", "verify", "security", "test",
];

/// A workflow of its own, which needs no credentials, and no permission but to read.
pub(super) fn workflow(workflows: &Workflows) -> String {
    let submodules = match workflows.submodules {
        Some(which) => format!("          submodules: {which}\n"),
        None => String::new(),
    };
    format!(
        "name: ecs-audit\n\non:\n  pull_request:\n  push:\n    branches: [main, master]\n\n\
         permissions:\n  contents: read\n\njobs:\n  ecs-audit:\n    runs-on: ubuntu-latest\n    \
         timeout-minutes: 30\n    steps:\n      - uses: actions/checkout@v5\n        with:\n          \
         persist-credentials: false\n{submodules}      # From source alone: without Terraform, and without \
         credentials.\n      - run: cargo ecs-audit --plan never\n"
    )
}

/// GitLab's pipeline with a job; none where it is laid out so that a text at its end is no job.
pub(super) fn pipeline(original: &str) -> Result<Option<String>, Refusal> {
    let before = plain(original);
    let read = read(&before).map_err(|(offset, message)| {
        let at = u32::try_from(offset).unwrap_or(u32::MAX);
        let span = Span {
            start: at,
            end: at.saturating_add(1),
        };
        Refusal::at(
            PIPELINE,
            original,
            Some(span),
            format!("`{PIPELINE}` is not valid YAML"),
            message,
        )
    })?;
    let stage = match &read.stages[..] {
        [] => "test",
        stages => STAGES
            .into_iter()
            .find(|stage| stages.iter().any(|there| there == stage))
            .unwrap_or(&stages[0]),
    };
    let job = format!(
        "ecs-audit:\n  stage: {}\n  image: rust:1\n  # From source alone: without Terraform, and without \
         credentials.\n  script:\n    - cargo ecs-audit --plan never\n",
        written(stage)
    );
    let blank = if before.trim().is_empty() { "" } else { "\n\n" };
    let after = format!("{}{blank}{job}", before.trim_end());
    let mut wanted = read.keys;
    wanted.push("ecs-audit".to_owned());
    let is_added = self::read(&after).is_ok_and(|read| read.keys == wanted);
    Ok(is_added.then(|| as_before(original, &after)))
}

/// A name, quoted where it has to be.
fn written(name: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./".contains(letter);
    if name.chars().all(plain) && name.starts_with(char::is_alphabetic) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "''"))
    }
}

/// What a pipeline has at its top.
#[derive(Debug, Default)]
struct Top {
    keys: Vec<String>,
    stages: Vec<String>,
}

/// Reads the keys of the last document; else where it is no YAML, as an offset, and why.
fn read(text: &str) -> Result<Top, (usize, String)> {
    let mut top = Top::default();
    let mut depth = 0_usize;
    let mut in_mapping = false;
    let mut is_key = true;
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| {
            let letters = error.marker().index();
            let offset = text
                .char_indices()
                .nth(letters)
                .map_or(text.len(), |(at, _)| at);
            (offset, error.info().to_owned())
        })?;
        match event {
            Event::DocumentStart(_) => top = Top::default(),
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                if depth == 0 {
                    in_mapping = matches!(event, Event::MappingStart(..));
                    is_key = true;
                } else if depth == 1 && is_key {
                    // A key that is no text is no job's name.
                    top.keys.push(String::new());
                }
                depth += 1;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                depth = depth.saturating_sub(1);
                if depth == 1 {
                    is_key = !is_key;
                }
            }
            Event::Scalar(text, ..) => match depth {
                1 if in_mapping => {
                    if is_key {
                        top.keys.push(text.into_owned());
                    }
                    is_key = !is_key;
                }
                2 if !is_key && top.keys.last().is_some_and(|key| key == "stages") => {
                    top.stages.push(text.into_owned());
                }
                _ => {}
            },
            Event::Alias(_) if depth == 1 => is_key = !is_key,
            _ => {}
        }
    }
    Ok(top)
}

#[cfg(test)]
pub(super) fn is_yaml(text: &str) -> bool {
    read(text).is_ok_and(|top| !top.keys.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(text: &str) -> String {
        let after = pipeline(text).unwrap().unwrap();
        let added = after.strip_prefix(text.trim_end()).unwrap();
        added.to_owned()
    }

    #[test]
    fn a_job_goes_into_a_stage_that_is_there() {
        let stage = |text: &str| {
            let added = added(text);
            let line = added.lines().find(|line| line.contains("stage:")).unwrap();
            line.trim().to_owned()
        };
        assert_eq!(stage("stages:\n  - build\n  - test\n"), "stage: test");
        assert_eq!(stage("stages: [build, lint, test]\n"), "stage: lint");
        assert_eq!(stage("stages:\n- 'on: push'\n"), "stage: 'on: push'");
        assert_eq!(
            stage("build:\n  script: [a]\n  stages: [x]\n"),
            "stage: test"
        );
        assert_eq!(stage("# nothing\n"), "stage: test");
        assert_eq!(
            stage("spec:\n  inputs: {}\n---\nstages: &s [check]\nx: *s\n"),
            "stage: check"
        );
    }

    #[test]
    fn a_job_stands_at_the_end_with_the_line_ends_of_the_file() {
        let after = pipeline("build:\r\n  script: a").unwrap().unwrap();
        assert!(
            after.starts_with("build:\r\n  script: a\r\n\r\necs-audit:\r\n"),
            "{after:?}"
        );
        assert!(after.ends_with("--plan never"), "{after:?}");
    }

    #[test]
    fn what_is_laid_out_otherwise_is_left_alone() {
        assert_eq!(pipeline("{build: {script: a}}\n").ok().flatten(), None);
        assert_eq!(pipeline("  build:\n    script: a\n").ok().flatten(), None);
        let refusal = pipeline("build: [\n").unwrap_err();
        assert!(
            refusal.place.is_some() && refusal.error.span.is_some(),
            "{refusal:?}"
        );
    }
}
