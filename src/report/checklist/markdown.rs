//! The checklist as Markdown, as GitHub and GitLab show it.

use std::fmt::Write as _;

use super::{basis, counts, from, left_out, loud_and_quiet, outcome, revision, sentences};
use crate::checklist::{Checklist, Digest, Evidence, Item, State};
use crate::report::markdown::text::{Code, Prose, Text};
use crate::report::rank::Rank;

pub(super) fn markdown(checklist: &Checklist<'_>) -> String {
    let mut page = format!("# Release checklist\n\n{}\n\n", outcome(checklist));
    let failures = checklist.report.roots.iter();
    let failures = failures.filter_map(|root| Some((&root.path, root.failure.as_ref()?)));
    for (path, failure) in failures {
        let _ = writeln!(page, "- {}: {}\n", Code(path), Prose(failure));
    }
    for (heading, required) in [("Requirements", true), ("Best practices", false)] {
        let mut items = checklist.items(required).peekable();
        if items.peek().is_none() {
            continue;
        }
        let _ = writeln!(page, "## {heading}\n");
        for item in items {
            requirement(&mut page, item);
        }
    }
    audited(&mut page, checklist);
    page.push_str(
        "## Signed\n\n| | name | date | signature |\n|---|---|---|---|\n| audited | | | |\n\
         | approved | | | |\n",
    );
    page
}

fn requirement(page: &mut String, item: &Item<'_>) {
    let (mark, state) = match item.state {
        State::Fails => (" ", "**fails**"),
        State::Undecided => (" ", "**undecided**"),
        State::Waived => ("x", "met, but for what is waived"),
        State::Passes => ("x", "met"),
        State::NotApplicable => ("x", "not applicable"),
    };
    let counts = match counts(item) {
        counts if counts.is_empty() => counts,
        counts => format!(" ({counts})"),
    };
    let (id, name) = (item.rule.id, item.rule.name);
    let _ = writeln!(page, "- [{mark}] **{id}** `{name}`: {state}{counts}\n");
    let (loud, quiet) = loud_and_quiet(item);
    table(page, &loud);
    if !quiet.is_empty() {
        page.push_str("  <details><summary>Evidence</summary>\n\n");
        table(page, &quiet);
        page.push_str("  </details>\n\n");
    }
}

fn table(page: &mut String, evidence: &[&Evidence<'_>]) {
    if evidence.is_empty() {
        return;
    }
    page.push_str("  | verdict | of | what is so | where | from |\n  |---|---|---|---|---|\n");
    for evidence in evidence {
        let Evidence { root, judged } = evidence;
        let _ = write!(
            page,
            "  | {} | {}",
            Rank::of(judged).word(),
            Code(&judged.address)
        );
        if let Some(container) = &judged.container {
            let _ = write!(page, " · {}", Code(container));
        }
        page.push_str(" | ");
        for (number, sentence) in sentences(evidence).iter().enumerate() {
            let apart = if number == 0 { "" } else { "; " };
            let _ = write!(page, "{apart}{}", Prose(sentence));
        }
        page.push_str(" | ");
        if let Some(location) = judged.locations.first() {
            let place = format!("{}:{}", location.file, location.start.line);
            let _ = write!(page, "{}", Code(&place));
        }
        let _ = writeln!(page, " | {}, {} |", Code(&root.path), basis(root.basis));
    }
    page.push('\n');
}

fn audited(page: &mut String, checklist: &Checklist<'_>) {
    let provenance = checklist.provenance;
    page.push_str("## What was audited\n\n");
    let _ = writeln!(page, "- Git revision: {}", Prose(&revision(provenance)));
    if let Some(plan) = &provenance.plan_file {
        let _ = writeln!(page, "- Plan file: {}", digest(plan));
    }
    let version = env!("CARGO_PKG_VERSION");
    let _ = writeln!(page, "- `cargo-ecs-audit` {version}\n");
    page.push_str("| root module | from | Terraform | providers | lock file |\n");
    page.push_str("|---|---|---|---|---|\n");
    for (root, known) in checklist.report.roots.iter().zip(&provenance.roots) {
        let terraform = root.terraform.as_ref().map_or_else(String::new, |binary| {
            format!("{} {}", Code(&binary.binary), Text(&binary.version))
        });
        let providers = known.providers.iter();
        let providers: Vec<String> = providers
            .map(|provider| format!("{} {}", Code(&provider.source), Text(&provider.version)))
            .collect();
        let lock_file = known.lock_file.as_ref().map_or("none".to_owned(), digest);
        let (path, from, providers) = (Code(&root.path), from(root), providers.join(", "));
        let _ = writeln!(
            page,
            "| {path} | {from} | {terraform} | {providers} | {lock_file} |"
        );
    }
    page.push('\n');
    let left_out = left_out(checklist);
    for (what, why) in &left_out {
        let _ = writeln!(page, "- {}: {}", Prose(what), Prose(why));
    }
    if !left_out.is_empty() {
        page.push('\n');
    }
}

fn digest(digest: &Digest) -> String {
    format!("{}, SHA-256 {}", Code(&digest.path), Code(&digest.sha256))
}
