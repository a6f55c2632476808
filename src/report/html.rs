//! The report as one page for a browser, which loads nothing and runs nothing but its own script.

mod details;
mod document;
mod layout;
mod picture;
mod roots;
mod rows;
mod rules;
pub(super) mod text;

use std::fmt::Write as _;

pub(super) use self::document::{Document, document};
use self::picture::Rows;
use self::rows::{Row, rows, table};
use self::text::Text;
use super::rank::Rank;
use super::{Rendering, Report, last_line};
use crate::policy::Level;

const SCRIPT: &str = include_str!("html/script.js");

/// Renders the report as a page; the text ends with a line break.
#[must_use]
pub fn html(report: &Report, rendering: &Rendering) -> String {
    let (rows, left_out) = rows(report, rendering);
    let order = roots::worst_first(report);
    let mut page = String::new();
    summary(&mut page, report);
    if !report.unchanged.is_empty() {
        let names = report.unchanged.iter();
        let names = names.map(|name| format!("<code>{}</code>", Text(name)));
        let names: Vec<String> = names.collect();
        let _ = writeln!(
            page,
            "<p>Unchanged, and not audited: {}</p>",
            names.join(", ")
        );
    }
    if !report.roots.is_empty() {
        page.push_str("<section aria-labelledby=\"roots\"><h2 id=\"roots\">Architecture</h2>\n");
        page.push_str(
            "<p class=\"quiet\">What each root module would make, coloured by the worst verdict. \
             What has verdicts below leads to them.</p>\n",
        );
        roots::roots(&mut page, report, &order, &by_subject(report, &rows));
        page.push_str("</section>\n");
    }
    page.push_str("<section aria-labelledby=\"list\"><h2 id=\"list\">Verdicts</h2>\n");
    verdicts(&mut page, report, rendering, &rows, left_out);
    page.push_str("</section>\n");
    page.push_str("<section aria-labelledby=\"pages\"><h2 id=\"pages\">Rules</h2>\n");
    rules::rules(&mut page, report);
    page.push_str("</section>\n");
    let title = match report.roots.as_slice() {
        [root] => format!("ECS audit of {}", root.path),
        roots => format!("ECS audit of {} root modules", roots.len()),
    };
    let list = ("list", "Verdicts");
    document(&Document {
        title: &title,
        outcome: last_line(report).trim_end(),
        parts: &[("roots", "Architecture"), list, ("pages", "Rules")],
        skip: list,
        main: &page,
        script: SCRIPT,
    })
}

/// What it all comes to: how many verdicts there are of each kind, and the shares as a bar.
fn summary(page: &mut String, report: &Report) {
    let summary = report.summary();
    let mut denied = 0;
    let mut fail = 0;
    for judged in report.roots.iter().flat_map(|root| &root.verdicts) {
        match Rank::of(judged).class() {
            "denied" => denied += 1,
            "fail" => fail += 1,
            _ => {}
        }
    }
    let counts = [
        (
            denied,
            "denied",
            "fail, denied",
            "verdict=fail&amp;level=deny",
        ),
        (fail, "fail", "fail, not denied", "verdict=fail"),
        (
            summary.verdicts.unknown,
            "unknown",
            "undecided",
            "verdict=undecided",
        ),
        (
            summary.verdicts.waived,
            "waived",
            "waived or known",
            "verdict=waived",
        ),
        (summary.verdicts.pass, "pass", "pass", ""),
        (summary.verdicts.not_applicable, "na", "not applicable", ""),
    ];
    let all: usize = counts.iter().map(|(count, ..)| count).sum();
    page.push_str("<section class=\"summary\" aria-label=\"Summary\">\n<ul>\n");
    for (count, class, word, filter) in counts {
        let (open, close) = match (count, filter) {
            (0, _) | (_, "") => ("<span>".to_owned(), "</span>"),
            _ => (
                format!("<a href=\"#list\" data-filter=\"{filter}\">"),
                "</a>",
            ),
        };
        let zero = if count == 0 { " zero" } else { "" };
        let _ = writeln!(
            page,
            "<li class=\"{class}{zero}\">{open}<strong>{count}</strong> {word}{close}</li>"
        );
    }
    if summary.unread > 0 {
        let _ = writeln!(
            page,
            "<li class=\"unknown\"><a href=\"#roots\"><strong>{}</strong> not read</a></li>",
            summary.unread
        );
    }
    page.push_str("</ul>\n");
    if all > 0 {
        page.push_str(
            "<svg class=\"bar\" viewBox=\"0 0 1000 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">",
        );
        let mut x = 0;
        for (count, class, ..) in counts {
            let next = x + count;
            let at = |count: usize| count * 1000 / all;
            let (left, width) = (at(x), at(next) - at(x));
            if width > 0 {
                let _ = write!(
                    page,
                    "<rect class=\"{class}\" x=\"{left}\" width=\"{width}\" height=\"8\"/>"
                );
            }
            x = next;
        }
        page.push_str("</svg>\n");
    }
    page.push_str("</section>\n");
}

/// The filter and the table.
fn verdicts(
    page: &mut String,
    report: &Report,
    rendering: &Rendering,
    rows: &[Row<'_>],
    left_out: usize,
) {
    let summary = report.summary().verdicts;
    let quiet = summary.pass + summary.not_applicable;
    if !rendering.passes && quiet > 0 {
        let _ = writeln!(
            page,
            "<p class=\"quiet\">What passes and what a rule has nothing to say of ({quiet}) is counted here; \
             <code>--show-passes</code> lists it.</p>"
        );
    }
    if left_out > 0 {
        let _ = writeln!(
            page,
            "<p>There is room for the {} worst; {left_out} more are left out. \
             <code>--format json</code> has all of them.</p>",
            rows.len()
        );
    }
    if rows.is_empty() {
        page.push_str("<p>There is nothing to list.</p>\n");
        return;
    }
    form(page, report, rows);
    let count = rows.len();
    let _ = writeln!(
        page,
        "<p class=\"count\"><output id=\"count\" role=\"status\" aria-live=\"polite\">{count} verdicts</output></p>"
    );
    table(page, report, rows);
    page.push_str("<p id=\"nothing\" hidden>No verdict is like that.</p>\n");
}

/// What the table can be filtered by. It is shown where the script runs.
fn form(page: &mut String, report: &Report, rows: &[Row<'_>]) {
    let mut words: Vec<&str> = Vec::new();
    let mut rules: Vec<(&str, &str)> = Vec::new();
    let mut roots: Vec<usize> = Vec::new();
    for Row { root, judged, .. } in rows {
        let word = match &judged.waived {
            Some(waived) => super::rank::waived_word(waived.by),
            None => Rank::of(judged).word(),
        };
        if !words.contains(&word) {
            words.push(word);
        }
        rules.push((judged.rule.id, judged.rule.name));
        roots.push(*root);
    }
    rules.sort_unstable();
    rules.dedup();
    roots.sort_unstable();
    roots.dedup();
    page.push_str(
        "<form id=\"filter\" role=\"search\" aria-label=\"Filter the verdicts\" hidden>\n\
         <label>Text <input type=\"search\" name=\"q\" autocomplete=\"off\" spellcheck=\"false\"></label>\n",
    );
    select(
        page,
        "verdict",
        "Verdict",
        words
            .iter()
            .map(|word| ((*word).to_owned(), (*word).to_owned())),
    );
    let levels = [Level::Deny, Level::Warn, Level::Allow].map(Level::name);
    select(
        page,
        "level",
        "Level",
        levels
            .iter()
            .map(|level| ((*level).to_owned(), (*level).to_owned())),
    );
    select(
        page,
        "rule",
        "Rule",
        rules
            .iter()
            .map(|(id, name)| ((*id).to_owned(), format!("{id} {name}"))),
    );
    if roots.len() > 1 {
        let paths = roots.iter().map(|&index| {
            let path = report.roots.get(index).map_or("", |root| &*root.path);
            (index.to_string(), Text(path).to_string())
        });
        select(page, "root", "Root module", paths);
    }
    page.push_str(
        "<button type=\"button\" id=\"subject\" hidden></button>\n\
         <button type=\"reset\">Show all</button>\n</form>\n",
    );
}

/// Writes a choice; its texts are escaped already.
fn select(
    page: &mut String,
    name: &str,
    label: &str,
    options: impl Iterator<Item = (String, String)>,
) {
    let _ = write!(
        page,
        "<label>{label} <select name=\"{name}\"><option value=\"\">all</option>"
    );
    for (value, text) in options {
        let _ = write!(page, "<option value=\"{value}\">{text}</option>");
    }
    page.push_str("</select></label>\n");
}

/// The first row of each subject, root module by root module.
fn by_subject<'a>(report: &Report, rows: &[Row<'a>]) -> Vec<Rows<'a>> {
    let mut subjects: Vec<Rows<'a>> = report.roots.iter().map(|_| Rows::new()).collect();
    for row in rows {
        let judged = row.judged;
        let subject = (&*judged.address, judged.container.as_deref());
        if let Some(rows) = subjects.get_mut(row.root) {
            rows.entry(subject)
                .or_insert((&judged.fingerprint, row.subject));
        }
    }
    subjects
}

#[cfg(test)]
mod tests;
