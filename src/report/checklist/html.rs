//! The checklist as a page of its own, to be read, printed and signed.

use std::fmt::Write as _;

use super::{loud_and_quiet, revision};
use crate::checklist::{Checklist, Digest, Evidence, Item, RootProvenance, State};
use crate::report::RootReport;
use crate::report::html::text::{Prose, Text};
use crate::report::html::{Document, document};
use crate::report::rank::Rank;

pub(super) fn html(checklist: &Checklist<'_>) -> String {
    let mut main = String::new();
    for root in &checklist.report.roots {
        if let Some(failure) = &root.failure {
            let (path, failure) = (Text(&root.path), Prose(failure));
            let _ = writeln!(main, "<p><code>{path}</code>: {failure}</p>");
        }
    }
    for (heading, id, required) in [
        ("Requirements", "requirements", true),
        ("Best practices", "practices", false),
    ] {
        let mut items = checklist.items(required).peekable();
        if items.peek().is_none() {
            continue;
        }
        let _ = writeln!(
            main,
            "<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{heading}</h2>"
        );
        for item in items {
            requirement(&mut main, item);
        }
        main.push_str("</section>\n");
    }
    audited(&mut main, checklist);
    main.push_str(
        "<section aria-labelledby=\"signed\"><h2 id=\"signed\">Signed</h2>\n<table class=\"sheet sign\">\
         <thead><tr><td></td><th scope=\"col\">name</th><th scope=\"col\">date</th>\
         <th scope=\"col\">signature</th></tr></thead>\n<tbody>",
    );
    for role in ["audited", "approved"] {
        let _ = write!(
            main,
            "<tr><th scope=\"row\">{role}</th><td></td><td></td><td></td></tr>"
        );
    }
    main.push_str("</tbody></table></section>\n");
    document(&Document {
        title: "Release checklist",
        outcome: &super::outcome(checklist),
        parts: &[
            ("requirements", "Requirements"),
            ("audited", "What was audited"),
            ("signed", "Signed"),
        ],
        skip: ("requirements", "Requirements"),
        main: &main,
        script: "",
    })
}

fn requirement(page: &mut String, item: &Item<'_>) {
    let (class, state) = match item.state {
        State::Fails => ("denied", "✕ fails"),
        State::Undecided => ("unknown", "? undecided"),
        State::Waived => ("waived", "~ met, but for what is waived"),
        State::Passes => ("pass", "✓ met"),
        State::NotApplicable => ("na", "– not applicable"),
    };
    let (id, name) = (item.rule.id, item.rule.name);
    let counts = super::counts(item);
    let open = if item.state.is_met() { "" } else { " open" };
    let _ = writeln!(
        page,
        "<details class=\"rule\"{open}><summary><span class=\"tag {class}\">{state}</span> <b>{id}</b> {name} \
         <span class=\"quiet\">{counts}</span></summary>\n<div class=\"more\">"
    );
    let (loud, quiet) = loud_and_quiet(item);
    if loud.is_empty() && quiet.is_empty() {
        page.push_str("<p class=\"quiet\">There is nothing that it is about.</p>\n");
    }
    table(page, "To be looked at", &loud);
    table(page, "Evidence", &quiet);
    page.push_str("</div></details>\n");
}

fn table(page: &mut String, caption: &str, evidence: &[&Evidence<'_>]) {
    if evidence.is_empty() {
        return;
    }
    let _ = writeln!(
        page,
        "<table class=\"sheet\"><caption>{caption}</caption><thead><tr><th scope=\"col\">verdict</th>\
         <th scope=\"col\">of</th><th scope=\"col\">what is so</th><th scope=\"col\">where</th>\
         <th scope=\"col\">from</th></tr></thead><tbody>"
    );
    for evidence in evidence {
        let Evidence { root, judged } = evidence;
        let rank = Rank::of(judged);
        let (class, word) = (rank.class(), rank.word());
        let _ = write!(
            page,
            "<tr><td><span class=\"tag {class}\">{} {word}</span></td><td><code>{}</code>",
            rank.sign(),
            Text(&judged.address)
        );
        if let Some(container) = &judged.container {
            let _ = write!(page, " <small>container {}</small>", Text(container));
        }
        page.push_str("</td><td>");
        for sentence in super::sentences(evidence) {
            let _ = write!(page, "<p>{}</p>", Prose(&sentence));
        }
        page.push_str("</td><td>");
        if let Some(location) = judged.locations.first() {
            let (file, line) = (Text(&location.file), location.start.line);
            let _ = write!(page, "<code>{file}:{line}</code>");
        }
        let (path, basis) = (Text(&root.path), super::basis(root.basis));
        let _ = writeln!(page, "</td><td><code>{path}</code>, {basis}</td></tr>");
    }
    page.push_str("</tbody></table>\n");
}

fn audited(page: &mut String, checklist: &Checklist<'_>) {
    let provenance = checklist.provenance;
    page.push_str(
        "<section aria-labelledby=\"audited\"><h2 id=\"audited\">What was audited</h2>\n<ul>\n",
    );
    let _ = writeln!(
        page,
        "<li>Git revision: {}</li>",
        Prose(&revision(provenance))
    );
    if let Some(plan) = &provenance.plan_file {
        let _ = writeln!(page, "<li>Plan file: {}</li>", digest(plan));
    }
    let _ = writeln!(
        page,
        "<li><code>cargo-ecs-audit</code> {}</li>\n</ul>",
        env!("CARGO_PKG_VERSION")
    );
    page.push_str(
        "<table class=\"sheet audited\"><thead><tr><th scope=\"col\">root module</th><th scope=\"col\">from</th>\
         <th scope=\"col\">Terraform</th><th scope=\"col\">providers</th><th scope=\"col\">lock file</th></tr>\
         </thead><tbody>\n",
    );
    for (root, known) in checklist.report.roots.iter().zip(&provenance.roots) {
        root_row(page, root, known);
    }
    page.push_str("</tbody></table>\n<ul>\n");
    for (what, why) in super::left_out(checklist) {
        let _ = writeln!(page, "<li>{}: {}</li>", Prose(&what), Prose(&why));
    }
    page.push_str("</ul></section>\n");
}

fn root_row(page: &mut String, root: &RootReport, known: &RootProvenance) {
    let terraform = root.terraform.as_ref().map_or_else(String::new, |binary| {
        let (name, version) = (Text(&binary.binary), Text(&binary.version));
        format!("<code>{name}</code> {version}")
    });
    let providers = known.providers.iter();
    let providers: Vec<String> = providers
        .map(|provider| {
            let (source, version) = (Text(&provider.source), Text(&provider.version));
            format!("<code>{source}</code> {version}")
        })
        .collect();
    let lock_file = known.lock_file.as_ref().map_or("none".to_owned(), digest);
    let (path, from) = (Text(&root.path), super::from(root));
    let providers = providers.join("<br>");
    let _ = writeln!(
        page,
        "<tr><td><code>{path}</code></td><td>{from}</td><td>{terraform}</td><td>{providers}</td>\
         <td>{lock_file}</td></tr>"
    );
}

fn digest(digest: &Digest) -> String {
    let (path, sha256) = (Text(&digest.path), Text(&digest.sha256));
    format!("<code>{path}</code>, SHA-256 <code>{sha256}</code>")
}
