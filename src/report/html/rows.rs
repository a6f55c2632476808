//! The table of verdicts, the worst first.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::details::details;
use super::text::{Prose, Text};
use crate::report::rank::{Rank, waived_word};
use crate::report::{Judged, Rendering, Report};

/// How many verdicts are listed. What is past them is counted; the reports for machines have all.
const MOST_ROWS: usize = 20_000;

/// A verdict that is listed.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// The index of its root module in the report.
    pub(super) root: usize,
    pub(super) judged: &'a Judged,
    /// What tells its subject from all others.
    pub(super) subject: usize,
}

/// The verdicts to list, the worst first, and how many there is no room for.
pub(super) fn rows<'a>(report: &'a Report, rendering: &Rendering) -> (Vec<Row<'a>>, usize) {
    let mut listed: Vec<(usize, &Judged)> = Vec::new();
    for (index, root) in report.roots.iter().enumerate() {
        let verdicts = root.verdicts.iter().filter(|judged| {
            let rank = Rank::of(judged);
            rendering.passes || matches!(rank, Rank::Told(..) | Rank::Waived)
        });
        listed.extend(verdicts.map(|judged| (index, judged)));
    }
    listed.sort_by(|left, right| order(left).cmp(&order(right)));
    let left_out = listed.len().saturating_sub(MOST_ROWS);
    listed.truncate(MOST_ROWS);
    let mut subjects = std::collections::HashMap::new();
    let rows = listed.into_iter().map(|(root, judged)| {
        let next = subjects.len();
        let subject = (root, &*judged.address, judged.container.as_deref());
        Row {
            root,
            judged,
            subject: *subjects.entry(subject).or_insert(next),
        }
    });
    (rows.collect(), left_out)
}

/// The worst first; of what is as bad, what weighs more, then by rule and place.
fn order<'a>(&(root, judged): &(usize, &'a Judged)) -> impl Ord + use<'a> {
    let place = judged.locations.first();
    let place = place.map(|place| (&*place.file, place.span.start));
    (
        Rank::of(judged),
        Reverse(judged.severity),
        judged.rule.id,
        root,
        place,
        &*judged.address,
        judged.container.as_deref(),
    )
}

/// Writes the table.
pub(super) fn table(page: &mut String, report: &Report, rows: &[Row<'_>]) {
    page.push_str(
        "<table id=\"verdicts\" role=\"table\" aria-label=\"Verdicts, the worst first\">\n\
         <thead role=\"rowgroup\"><tr role=\"row\">\
         <th role=\"columnheader\" scope=\"col\">Verdict</th>\
         <th role=\"columnheader\" scope=\"col\">Level</th>\
         <th role=\"columnheader\" scope=\"col\">Rule</th>\
         <th role=\"columnheader\" scope=\"col\">Root module</th>\
         <th role=\"columnheader\" scope=\"col\">What is so, and of what</th>\
         </tr></thead>\n<tbody role=\"rowgroup\">\n",
    );
    for row in rows {
        one(page, report, row);
    }
    page.push_str("</tbody></table>\n");
}

fn one(page: &mut String, report: &Report, row: &Row<'_>) {
    let Row {
        root,
        judged,
        subject,
    } = row;
    let rank = Rank::of(judged);
    let (class, sign) = (rank.class(), rank.sign());
    let word = match &judged.waived {
        Some(waived) => waived_word(waived.by),
        None => rank.word(),
    };
    let level = if judged.is_told() {
        judged.level.name()
    } else {
        "–"
    };
    let fingerprint = Text(&judged.fingerprint);
    let (id, name) = (judged.rule.id, judged.rule.name);
    let anchor = super::rules::anchor(judged.rule);
    let path = report.roots.get(*root).map_or("", |root| &*root.path);
    let _ = write!(
        page,
        "<tr role=\"row\" id=\"v-{fingerprint}\" data-verdict=\"{word}\" data-level=\"{level}\" \
         data-rule=\"{id}\" data-root=\"{root}\" data-subject=\"{subject}\">\
         <td role=\"cell\"><span class=\"tag {class}\"><b aria-hidden=\"true\">{sign}</b> {word}</span></td>\
         <td role=\"cell\">{level}</td>\
         <td role=\"cell\"><a href=\"#{anchor}\">{id}</a> <small>{name}</small></td>\
         <td role=\"cell\">{}</td><td role=\"cell\"><details><summary>{}",
        Text(path),
        Prose(&judged.message),
    );
    let _ = write!(
        page,
        "<span class=\"of\"><code>{}</code>",
        Text(&judged.address)
    );
    if let Some(container) = &judged.container {
        let _ = write!(page, " · container <code>{}</code>", Text(container));
    }
    if let Some(place) = judged.locations.first() {
        let (file, line, column) = (Text(&place.file), place.start.line, place.start.column);
        let _ = write!(page, " · <code>{file}:{line}:{column}</code>");
    }
    page.push_str("</span></summary>\n<div class=\"more\">\n");
    details(page, judged);
    page.push_str("</div></details></td></tr>\n");
}
