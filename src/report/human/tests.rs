use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use super::*;
use crate::ecs::Origin;
use crate::ecs::inventory::Subject;
use crate::fix::Fix;
use crate::hcl::Span;
use crate::policy::{Levels, judge};
use crate::report::{RootNote, RootReport};
use crate::rules::{Judgement, RULES};
use crate::source::{FileId, Place, SourceMap};
use crate::terraform::Trace;
use crate::terraform::value::{StepKind, TraceStep};
use crate::verdict::Verdict;
use crate::waiver::Waivers;

const MODULE: &str = "\
resource \"aws_ecs_task_definition\" \"this\" {
  container_definitions = jsonencode([{
    name       = \"app\"
    privileged = var.privileged
  }])
}
";

struct Texts(SourceMap);

impl Texts {
    fn file(&mut self, name: &str, text: &str) -> FileId {
        self.0
            .add(PathBuf::from(name), Arc::from(name), Arc::from(text))
    }

    fn place(&self, file: FileId, text: &str) -> Place {
        let start = self.0.file(file).text.find(text).unwrap();
        let offset = |offset: usize| u32::try_from(offset).unwrap();
        Place::new(
            file,
            Span {
                start: offset(start),
                end: offset(start + text.len()),
            },
        )
    }
}

/// An origin with these steps, the last first.
fn origin(steps: &[(StepKind, Place)]) -> Origin {
    let steps = steps.iter().rev().fold(None, |before, (kind, place)| {
        Some(Arc::new(TraceStep {
            kind: kind.clone(),
            place: *place,
            before,
        }))
    });
    Origin::value(
        &Trace {
            steps,
            ..Trace::default()
        },
        &Origin::default(),
    )
}

fn privileged(address: &str, origin: &Origin) -> Judgement {
    Judgement {
        rule: RULES.iter().find(|rule| rule.id == "ECS:004").unwrap(),
        subject: Subject {
            address: Arc::from(address),
            container: Some(Arc::from("app")),
            ..Subject::default()
        },
        verdict: Verdict::fail("container `app` is privileged", origin)
            .label("every capability of the host")
            .help("write `privileged = false`, or leave it out")
            .fix(Fix::replace(
                "make the container unprivileged",
                origin,
                "false",
            )),
    }
}

fn report(judgements: Vec<Judgement>, texts: &Texts) -> Report {
    let verdicts = judge(
        "infra",
        judgements,
        &Levels::default(),
        &Waivers::default(),
        &texts.0,
    );
    let root = RootReport {
        verdicts,
        instances: 1,
        ..RootReport::of_path("infra")
    };
    Report {
        roots: vec![root],
        ..Report::default()
    }
}

#[test]
fn a_value_that_went_through_a_module_call_is_shown_at_both_ends() {
    let mut texts = Texts(SourceMap::default());
    let module = texts.file("infra/modules/service/main.tf", MODULE);
    let root = texts.file(
        "infra/main.tf",
        "module \"api\" {\n  source     = \"./modules/service\"\n  privileged = true\n}\n",
    );
    let value = texts.place(root, "true");
    let origin = origin(&[
        (
            StepKind::Reference(Arc::from("var.privileged")),
            texts.place(module, "var.privileged"),
        ),
        (StepKind::Argument(Arc::from("privileged")), value),
        (StepKind::Written, value),
    ]);
    let report = report(
        vec![privileged(
            "module.api.aws_ecs_task_definition.this",
            &origin,
        )],
        &texts,
    );
    assert_data_eq!(
        human(&report, &Rendering::default()),
        str![[r#"
error[ECS:004]: container `app` is privileged
 --> infra/main.tf:3:16
  |
3 |   privileged = true
  |                ^^^^ every capability of the host
  |
 ::: infra/modules/service/main.tf:4:18
  |
4 |     privileged = var.privileged
  |                  -------------- used here
  |
  = note: in `module.api.aws_ecs_task_definition.this`
  = note: `ECS:004`, `privileged-container`, is required and `deny` by default
  = help: write `privileged = false`, or leave it out
help: make the container unprivileged
  |
3 -   privileged = true
3 +   privileged = false
  |

audited `infra` from source
exit code 100: something is denied; 1 denied, 0 passed

"#]]
    );
}

#[test]
fn equal_diagnostics_of_several_instances_are_shown_once() {
    let mut texts = Texts(SourceMap::default());
    let file = texts.file("infra/main.tf", &MODULE.replace("var.privileged", "true"));
    let origin = origin(&[(StepKind::Written, texts.place(file, "true"))]);
    let judgements = ["a", "b", "c"]
        .map(|key| privileged(&format!("aws_ecs_task_definition.this[\"{key}\"]"), &origin));
    let report = report(judgements.to_vec(), &texts);
    assert_data_eq!(
        human(&report, &Rendering::default()),
        str![[r#"
error[ECS:004]: container `app` is privileged
 --> infra/main.tf:4:18
  |
4 |     privileged = true
  |                  ^^^^ every capability of the host
  |
  = note: in `aws_ecs_task_definition.this["a"]`, and in 2 other instances: `aws_ecs_task_definition.this["b"]`, `aws_ecs_task_definition.this["c"]`
  = note: `ECS:004`, `privileged-container`, is required and `deny` by default
  = help: write `privileged = false`, or leave it out
help: make the container unprivileged
  |
4 -     privileged = true
4 +     privileged = false
  |

audited `infra` from source
exit code 100: something is denied; 3 denied, 0 passed

"#]]
    );
}

#[test]
fn of_many_notes_those_that_read_the_same_are_told_once() {
    let mut report = report(Vec::new(), &Texts(SourceMap::default()));
    for message in ["a", "b"].into_iter().chain(["a"; SHOWN]) {
        report.roots[0].notes.push(RootNote {
            message: message.to_owned(),
            location: None,
            warning: true,
        });
    }
    let told = |report: &Report, detail| {
        let colour = false;
        human(
            report,
            &Rendering {
                colour,
                detail,
                ..Rendering::default()
            },
        )
        .lines()
        .filter_map(|line| line.strip_prefix("warning: ").map(str::to_owned))
        .collect::<Vec<_>>()
    };
    assert_eq!(
        told(&report, Detail::Usual),
        ["a (and in 10 more places)", "b"]
    );
    assert_eq!(told(&report, Detail::Verbose).len(), SHOWN + 2);
    report.roots[0].notes.truncate(3);
    let told = human(&report, &Rendering::default());
    assert_eq!(told.matches("warning: a\n").count(), 2);
}

#[test]
fn a_line_that_is_too_long_is_cut_to_what_is_pointed_at() {
    let mut texts = Texts(SourceMap::default());
    let padding = "\"x\", ".repeat(2000);
    let line = format!("  a = [{padding}true, {padding}]\n");
    let file = texts.file("infra/main.tf", &format!("locals {{\n{line}}}\n"));
    let origin = origin(&[(StepKind::Written, texts.place(file, "true"))]);
    let report = report(
        vec![privileged("aws_ecs_task_definition.this", &origin)],
        &texts,
    );
    assert_data_eq!(
        human(&report, &Rendering::default()),
        str![[r#"
error[ECS:004]: container `app` is privileged
 --> infra/main.tf:2:10008
  |
2 | …"x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", true, "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x", "...
  |                                                              ^^^^ every capability of the host
  |
  = note: in `aws_ecs_task_definition.this`
  = note: `ECS:004`, `privileged-container`, is required and `deny` by default
  = help: write `privileged = false`, or leave it out

audited `infra` from source
exit code 100: something is denied; 1 denied, 0 passed

"#]]
    );
}

#[test]
fn nothing_from_input_acts_on_the_terminal() {
    let mut texts = Texts(SourceMap::default());
    let text = MODULE
        .replace("\"app\"", "\"\u{1b}[2J\u{202e}\"")
        .replace("var.privileged", "true");
    let file = texts.file("infra/\u{1b}]0;x\u{7}.tf", &text);
    let origin = origin(&[(StepKind::Written, texts.place(file, "true"))]);
    let mut judgement = privileged("a[\"\u{1b}[31m\"]", &origin);
    judgement.verdict.message.push('\u{9b}');
    judgement.verdict.notes.push("a\u{8}b\r\n\u{2066}".into());
    let report = report(vec![judgement], &texts);
    let text = human(&report, &Rendering::default());
    let acts = |c: &char| c.is_control() && *c != '\n' || ('\u{2000}'..='\u{206f}').contains(c);
    assert_eq!(text.chars().find(|c| acts(c) && *c != '…'), None, "{text}");
}

#[test]
fn colours_change_nothing_but_escape_sequences() {
    let mut texts = Texts(SourceMap::default());
    let file = texts.file("infra/main.tf", &MODULE.replace("var.privileged", "true"));
    let origin = origin(&[(StepKind::Written, texts.place(file, "true"))]);
    let report = report(
        vec![privileged("aws_ecs_task_definition.this", &origin)],
        &texts,
    );
    let plain = human(&report, &Rendering::default());
    let coloured = human(
        &report,
        &Rendering {
            colour: true,
            ..Rendering::default()
        },
    );
    assert_ne!(plain, coloured);
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn a_place_within_a_line_break_is_laid_out() {
    let mut texts = Texts(SourceMap::default());
    let file = texts.file("main.tf", "a = 1\r\n");
    let place = Place::new(file, Span { start: 6, end: 6 });
    let origin = origin(&[(StepKind::Written, place)]);
    let text = human(
        &report(vec![privileged("a.b", &origin)], &texts),
        &Rendering::default(),
    );
    assert!(text.contains("1 | a = 1\n"), "{text}");
}

/// How many cases are tried; `PROPTEST_CASES` sets it for a larger campaign.
fn cases() -> u32 {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    wanted.and_then(|cases| cases.parse().ok()).unwrap_or(48)
}

/// Texts with what is hard to lay out: wide, combining and turning characters, tabs, returns, long lines.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z \"={}]{0,12}",
        2 => Just("\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("\t".to_owned()),
        1 => Just("\u{1b}[31m\u{202e}\u{9b}".to_owned()),
        1 => Just("日本語é\u{301}\u{200d}👩‍👩‍👧".to_owned()),
        1 => "[x ]{380,900}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn any_text_with_any_places_is_laid_out(
        text in text(),
        other in text(),
        places in proptest::collection::vec((any::<bool>(), any::<u16>(), 0_u32..600), 1..5),
        replacement in "[a-z\n]{0,6}",
    ) {
        let mut texts = Texts(SourceMap::default());
        let files = [texts.file("a.tf", &text), texts.file("b.tf", &other)];
        let mut judgements = Vec::new();
        for (first, start, length) in places {
            let file = files[usize::from(first)];
            let all = u32::try_from(texts.0.file(file).text.len()).unwrap();
            let start = u32::from(start) % (all + 1);
            let place = Place::new(file, Span { start, end: (start + length).min(all) });
            let origin = origin(&[(StepKind::Written, place)]);
            let mut judgement = privileged("a.b", &origin);
            judgement.verdict = judgement.verdict.also(&Origin::default(), "nowhere");
            judgement.verdict.fix = Some(Fix::replace("t", &origin, replacement.clone()));
            judgements.push(judgement);
        }
        let mut all = judgements[0].clone();
        for other in &judgements[1..] {
            all.verdict = all.verdict.also(&other.verdict.primary.origin, "another");
        }
        judgements.push(all);
        let text = human(&report(judgements, &texts), &Rendering::default());
        prop_assert!(text.chars().all(|c| !c.is_control() || c == '\n'), "{text}");
    }
}
