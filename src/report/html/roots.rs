//! The root modules: what each one's verdicts stand on, what it would make, and what could not be looked at.

use std::fmt::Write as _;

use super::details::place;
use super::picture::{Rows, picture};
use super::text::{Block, Prose, Text};
use crate::report::rank::Rank;
use crate::report::{Basis, Judged, Report, RootReport, Tally};

/// How much is listed of what is not audited or noted in one root module.
const MOST_LISTED: usize = 200;

/// How many bytes all pictures together may have.
const MOST_DRAWN: usize = 8 << 20;

/// The indices of the root modules, the worst first.
pub(super) fn worst_first(report: &Report) -> Vec<usize> {
    let mut order: Vec<usize> = (0..report.roots.len()).collect();
    order.sort_by_key(|&index| {
        let root = &report.roots[index];
        let mut told: Vec<Rank> = root.verdicts.iter().map(Rank::of).collect();
        told.sort_unstable();
        // The worst verdict decides, then how many there are of it.
        let worst = told.first().copied();
        let count = told.iter().filter(|rank| Some(**rank) == worst).count();
        let nothing = worst.is_none();
        let failed = root.failure.is_none();
        (failed, nothing, worst, std::cmp::Reverse(count), index)
    });
    order
}

/// Writes the root modules, the worst first.
pub(super) fn roots(page: &mut String, report: &Report, order: &[usize], rows: &[Rows<'_>]) {
    let mut drawn = 0;
    let none = Rows::new();
    let mut empty: Vec<&RootReport> = Vec::new();
    for (place, &index) in order.iter().enumerate() {
        let Some(root) = report.roots.get(index) else {
            continue;
        };
        if has_nothing(root) && report.roots.len() > 1 {
            empty.push(root);
            continue;
        }
        let open = if place == 0 { " open" } else { "" };
        let _ = writeln!(
            page,
            "<details class=\"root\" id=\"root-{index}\"{open}><summary><h3>{}</h3> \
             <span class=\"quiet\">{}</span> {}</summary>\n<div class=\"more\">",
            Text(&root.path),
            basis(root),
            tags(root),
        );
        if let Some(failure) = &root.failure {
            let failure = Block(failure.trim_end());
            let _ = writeln!(
                page,
                "<p><b>It could not be audited.</b></p><pre class=\"source\">{failure}</pre>"
            );
        }
        unread(page, root);
        let svg = picture(root, rows.get(index).unwrap_or(&none));
        if let Some(svg) = svg {
            drawn += svg.len();
            let path = Text(&root.path);
            if drawn <= MOST_DRAWN {
                let _ = writeln!(
                    page,
                    "<div class=\"canvas\" role=\"region\" tabindex=\"0\" \
                     aria-label=\"Picture of {path}\">\n{svg}</div>"
                );
            } else {
                page.push_str("<p class=\"quiet\">There is no room for another picture.</p>\n");
            }
        }
        notes(page, root);
        not_audited(page, root);
        page.push_str("</div></details>\n");
    }
    if empty.is_empty() {
        return;
    }
    let _ = writeln!(
        page,
        "<details class=\"root\"><summary>Nothing of ECS in {} more</summary>\n<div class=\"more\"><ul>",
        empty.len()
    );
    for root in empty.iter().take(MOST_LISTED) {
        let _ = writeln!(page, "<li>{} {}</li>", Text(&root.path), basis(root));
    }
    page.push_str("</ul>\n");
    more(page, empty.len());
    page.push_str("</div></details>\n");
}

/// Whether there is nothing to say of a root module.
fn has_nothing(root: &RootReport) -> bool {
    root.verdicts.is_empty()
        && root.failure.is_none()
        && root.unread.is_empty()
        && root.notes.is_empty()
        && root.not_audited.is_empty()
        && root.architecture.nodes.is_empty()
}

/// What a root module's verdicts stand on.
fn basis(root: &RootReport) -> String {
    if root.skipped {
        return "not audited".to_owned();
    }
    let basis = match root.basis {
        Basis::Plan => "from source and plan",
        Basis::Mock => "from source and mocked plan",
        Basis::PlanFile => "from source and plan file",
        Basis::Source => "from source",
    };
    match &root.terraform {
        Some(terraform) => {
            let (binary, version) = (Text(&terraform.binary), Text(&terraform.version));
            format!("{basis} ({binary} {version})")
        }
        None => basis.to_owned(),
    }
}

fn tags(root: &RootReport) -> String {
    let mut tally = Tally::default();
    root.verdicts.iter().for_each(|judged| tally.count(judged));
    let is_denied = |judged: &&Judged| Rank::of(judged).class() == "denied";
    let denied = root.verdicts.iter().filter(is_denied).count();
    let mut tags = String::new();
    for (count, class, word) in [
        (denied, "denied", "fail, denied"),
        (tally.fail - denied, "fail", "fail"),
        (tally.unknown, "unknown", "undecided"),
        (tally.waived, "waived", "waived"),
        (tally.pass, "pass", "pass"),
    ] {
        if count > 0 {
            let _ = write!(tags, "<span class=\"tag {class}\">{count} {word}</span> ");
        }
    }
    tags
}

fn unread(page: &mut String, root: &RootReport) {
    if root.unread.is_empty() {
        return;
    }
    page.push_str("<p><b>Not read</b>, so that nothing in it is decided:</p>\n<ul>\n");
    for unread in root.unread.iter().take(MOST_LISTED) {
        let (level, reason) = (unread.level, Prose(&unread.reason));
        let _ = write!(page, "<li><code>{level}</code> {reason}");
        if let Some(location) = &unread.location {
            page.push_str("<br>");
            place(page, location);
        }
        page.push_str("</li>\n");
    }
    page.push_str("</ul>\n");
    more(page, root.unread.len());
}

fn notes(page: &mut String, root: &RootReport) {
    if root.notes.is_empty() {
        return;
    }
    let count = root.notes.len();
    let _ = writeln!(
        page,
        "<details><summary>Notes on how it was audited ({count})</summary>\n<ul>"
    );
    for note in root.notes.iter().take(MOST_LISTED) {
        let _ = write!(page, "<li>{}", Prose(&note.message));
        if let Some(location) = &note.location {
            page.push_str("<br>");
            place(page, location);
        }
        page.push_str("</li>\n");
    }
    page.push_str("</ul>\n");
    more(page, count);
    page.push_str("</details>\n");
}

fn not_audited(page: &mut String, root: &RootReport) {
    if root.not_audited.is_empty() {
        return;
    }
    let count = root.not_audited.len();
    let _ = writeln!(
        page,
        "<details><summary>Not audited ({count})</summary>\n<ul>"
    );
    for resource in root.not_audited.iter().take(MOST_LISTED) {
        let (address, reason) = (Text(&resource.address), Prose(&resource.reason));
        let _ = writeln!(page, "<li><code>{address}</code>: {reason}</li>");
    }
    page.push_str("</ul>\n");
    more(page, count);
    page.push_str("</details>\n");
}

fn more(page: &mut String, count: usize) {
    let more = count.saturating_sub(MOST_LISTED);
    if more > 0 {
        let _ = writeln!(page, "<p class=\"quiet\">and {more} more</p>");
    }
}
