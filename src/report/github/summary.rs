//! The summary of a job, as Markdown.

use std::fmt::Write as _;

use super::worst_first;
use crate::policy::Level;
use crate::report::markdown_text::{code, inline};
use crate::report::standing::Standing;
use crate::report::{Judged, Location, Rendering, Report, Tally};

/// What is kept for the lines that say how much is left out.
const KEPT: usize = 512;

/// Renders a summary of at most so many bytes; what does not fit is counted.
#[must_use]
pub fn summary(report: &Report, rendering: &Rendering, most: usize) -> String {
    let exit = report.exit();
    let mut page = Page {
        text: format!("### cargo ecs-audit: {}\n\n", exit.meaning()),
        most: most.saturating_sub(KEPT),
    };
    page.text
        .push_str("| root module | from | pass | fail | unknown | waived | not applicable |\n");
    page.text.push_str("|---|---|--:|--:|--:|--:|--:|\n");
    page.rows(report.roots.iter().map(|root| {
        let mut tally = Tally::default();
        for judged in &root.verdicts {
            tally.count(judged);
        }
        let counts = tally.parts().map(|(count, _)| count.to_string());
        format!(
            "| {} | {} | {} |\n",
            code(&root.path),
            root.basis.name(),
            counts.join(" | ")
        )
    }));
    for root in &report.roots {
        let unread = root
            .unread
            .iter()
            .filter(|unread| unread.level != Level::Allow);
        let lines = root
            .failure
            .iter()
            .chain(unread.map(|unread| &unread.reason));
        for line in lines {
            page.line(&format!(
                "\n{}: {}\n",
                code(&root.path),
                inline(line.trim_end())
            ));
        }
    }
    let told = worst_first(report);
    if !told.is_empty() {
        page.line("\n| | rule | what is so | where |\n|---|---|---|---|\n");
        page.rows(told.iter().map(|told| {
            let judged = told.judged;
            let level = match (judged.standing(), judged.level) {
                (Standing::Undecided(_), Level::Deny) => "undecided, denied",
                (Standing::Undecided(_), _) => "undecided",
                (_, Level::Deny) => "denied",
                _ => "warned of",
            };
            let mut message = inline(&judged.message);
            if let Some(reason) = &judged.reason {
                let _ = write!(message, "; undecided: {}", inline(reason));
            }
            format!(
                "| {level} | {} {} | {message} | {} |\n",
                judged.rule.id,
                judged.rule.name,
                place(report, judged)
            )
        }));
    }
    if rendering.passes {
        page.line("\n<details><summary>passes</summary>\n\n| | rule | what is so | where |\n|---|---|---|---|\n");
        let verdicts = report.roots.iter().flat_map(|root| &root.verdicts);
        page.rows(verdicts.filter_map(|judged| {
            let kind = match judged.standing() {
                Standing::Passes => "pass",
                Standing::NotApplicable => "not applicable",
                Standing::Waived(_) => "waived",
                Standing::Fails(_) | Standing::Undecided(_) => return None,
            };
            let message = inline(&judged.message);
            let (id, place) = (judged.rule.id, place(report, judged));
            Some(format!(
                "| {kind} | {id} {} | {message} | {place} |\n",
                judged.rule.name
            ))
        }));
        page.text.push_str("\n</details>\n");
    }
    page.text.push('\n');
    page.text
}

fn place(report: &Report, judged: &Judged) -> String {
    let address = code(&judged.address);
    match judged.locations.first() {
        Some(Location { file, start, .. }) => {
            let place = format!("{}:{}", report.in_repository(file), start.line);
            format!("{}, {address}", code(&place))
        }
        None => address,
    }
}

/// A text that grows no longer than it may.
struct Page {
    text: String,
    most: usize,
}

impl Page {
    fn line(&mut self, line: &str) -> bool {
        let fits = self.text.len() + line.len() <= self.most;
        if fits {
            self.text.push_str(line);
        }
        fits
    }

    /// Adds rows as long as they fit, and says how many do not.
    fn rows(&mut self, rows: impl Iterator<Item = String>) {
        let mut left_out = 0;
        for row in rows {
            if left_out > 0 || !self.line(&row) {
                left_out += 1;
            }
        }
        if left_out > 0 {
            let _ = writeln!(self.text, "\n… and {left_out} more");
        }
    }
}
