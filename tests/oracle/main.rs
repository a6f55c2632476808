//! Holds the evaluator against Terraform, expression by expression.
//!
//! `tests/oracle/GROUP.txt` has one expression on a line. Blank lines and lines that begin with `#` say
//! nothing; a line that begins with `#!` gives the reason why the evaluator and Terraform disagree on the
//! expression that follows, and is refused where they agree. Expressions may refer to `terraform_data.x`,
//! whose `id` is an unknown string and whose `output` is unknown altogether, and read what is in
//! `tests/oracle/files`.
//!
//! A line `variable TYPE = DEFAULT` is the value of such a variable.
//!
//! Two thousand more are made by seeds (`generate.rs`), which the group `generated` has.
//! `ECS_AUDIT_SEEDS=FROM..TO` makes others, and keeps none of the answers.
//!
//! What Terraform said is in `tests/oracle/answers/VERSION/GROUP.jsonl`, by the expression's hash, so that
//! machines without Terraform hold the evaluator against it too. Where that Terraform is there, it is
//! asked for what is missing, and the file is written again; with `ECS_AUDIT_REQUIRE_TERRAFORM=1`
//! everything is asked again. `ECS_AUDIT_ORACLE=GROUP` looks at one group alone.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

mod ask;
mod cases;
mod compare;
mod coverage;
mod generate;
mod signature;
mod soundness;
#[path = "../terraform/mod.rs"]
mod terraform;
mod types;

use std::fmt::Write as _;

use cases::{VERSION, answers, groups, hash};
use compare::verdict;

#[test]
fn the_evaluator_and_terraform_agree_on_every_expression() {
    let version = terraform::version();
    let mut report = String::new();
    let mut count = 0;
    for group in groups() {
        let answers = answers(&group, version.as_deref());
        for expression in &group.expressions {
            count += 1;
            let at = format!(
                "{}.txt:{}: {}",
                group.name, expression.line, expression.text
            );
            let Some(answer) = answers.get(&hash(&expression.text)) else {
                let _ = writeln!(
                    report,
                    "{at}\n    no answer yet: test with Terraform {VERSION}"
                );
                continue;
            };
            match (verdict(&expression.text, answer), &expression.reason) {
                (Some(found), None) => {
                    let _ = writeln!(report, "{at}\n    {found}");
                }
                (None, Some(_)) => {
                    let _ = writeln!(report, "{at}\n    agreed on: take its reason away");
                }
                _ => {}
            }
        }
    }
    assert!(report.is_empty(), "of {count} expressions:\n{report}");
}
