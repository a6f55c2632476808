//! The report as Markdown, for a pull request, a wiki or the summary of a job: what it comes to and a table are seen at
//! once, the rest is folded. It is never longer than what it is for takes.

mod details;
mod picture;
pub(super) mod text;

use std::cmp::Reverse;
use std::fmt::Write as _;

use self::details::{Entry, entries, link};
use self::picture::{Picture, picture};
use self::text::{Code, Plain, Prose};
use super::rank::Rank;
use super::{Basis, Rendering, Report, RootReport, Tally, last_line};
use crate::exit::Exit;
use crate::policy::Level;

/// How many bytes GitHub takes as a comment.
pub const COMMENT: usize = 65_536;

/// How many bytes GitHub takes as the summary of a job's step.
pub const STEP_SUMMARY: usize = 1 << 20;

/// Room that is kept for what closes a part and says how much is left out.
const CLOSING: usize = 200;

/// What a root module needs at least to be worth a part of its own.
const LEAST: usize = 1200;

/// How many rows a table has.
const MOST_ROWS: usize = 100;

/// How many root modules are named that did not change.
const MOST_UNCHANGED: usize = 20;

/// How many entries of each kind are given in full.
const MOST_ENTRIES: usize = 1000;

/// Renders the report in no more bytes than `limit` (but for the heading); the text ends with a line break.
#[must_use]
pub fn markdown(report: &Report, rendering: &Rendering, limit: usize) -> String {
    let mut text = heading(report, limit);
    let order = worst_first(report);
    let mut listed = 0;
    if !order.is_empty() {
        text.push_str(
            "| Root module | From | Fail | Undecided | Waived | Pass |\n|---|---|--:|--:|--:|--:|\n",
        );
    }
    for root in &order {
        let row = overview(root);
        if listed > 0 && text.len() + row.len() > limit / 4 {
            break;
        }
        text.push_str(&row);
        listed += 1;
    }
    let more = order.len() - listed;
    if more > 0 {
        let _ = writeln!(text, "\nand {more} more root modules");
    }
    text.push('\n');
    let mut left: Vec<&RootReport> = Vec::new();
    left.extend(order.iter().filter(|root| is_worth_a_part(root, rendering)));
    let mut rest = left.as_slice();
    while let [root, others @ ..] = rest {
        let room = limit.saturating_sub(text.len() + CLOSING);
        // Where there are many, the worst have enough room each.
        let share = (room / rest.len()).max(LEAST).min(room);
        let part = part(root, rendering, share, report.roots.len() == 1);
        if share < LEAST || part.len() > room {
            let count = rest.len();
            let _ = writeln!(text, "There is no room for {count} more root modules.");
            break;
        }
        text.push_str(&part);
        rest = others;
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// What it comes to, in a line of its own and in words.
fn heading(report: &Report, limit: usize) -> String {
    let outcome = match report.exit() {
        Exit::Denied => "❌ ECS audit: something is denied",
        Exit::Unfinished => "🛑 ECS audit: it could not finish",
        Exit::Nothing => "➖ ECS audit: there is nothing to audit",
        Exit::Clean => "✅ ECS audit: nothing is denied",
        Exit::Usage => "🛑 ECS audit: wrong usage",
    };
    let mut text = format!(
        "## {outcome}\n\n{}\n\n",
        Prose(last_line(report).trim_end())
    );
    if !report.unchanged.is_empty() {
        text.push_str("Unchanged, and not audited: ");
        let mut named = 0;
        for name in report.unchanged.iter().take(MOST_UNCHANGED) {
            if named > 0 && text.len() > limit / 8 {
                break;
            }
            let apart = if named == 0 { "" } else { ", " };
            let _ = write!(text, "{apart}{}", Code(name));
            named += 1;
        }
        let more = report.unchanged.len() - named;
        if more > 0 {
            let _ = write!(text, " and {more} more");
        }
        text.push_str("\n\n");
    }
    text
}

/// The root modules, the worst first.
fn worst_first(report: &Report) -> Vec<&RootReport> {
    let mut order: Vec<&RootReport> = report.roots.iter().collect();
    order.sort_by_cached_key(|root| {
        let ranks = root.verdicts.iter().map(Rank::of);
        let worst = ranks.clone().min();
        let count = ranks.filter(|rank| Some(*rank) == worst).count();
        (
            root.failure.is_none(),
            worst.is_none(),
            worst,
            Reverse(count),
        )
    });
    order
}

fn tally(root: &RootReport) -> Tally {
    let mut tally = Tally::default();
    root.verdicts.iter().for_each(|judged| tally.count(judged));
    tally
}

fn sign(root: &RootReport) -> &'static str {
    let worst = root.verdicts.iter().map(Rank::of).min();
    match worst.map(Rank::class) {
        _ if root.failure.is_some() => "🛑",
        Some("denied") => "❌",
        Some("fail") => "⚠️",
        Some("unknown") => "❔",
        None | Some("na") => "➖",
        Some(_) => "✅",
    }
}

/// A root module's row in the table of all.
fn overview(root: &RootReport) -> String {
    let basis = match root.basis {
        _ if root.skipped => "not audited",
        Basis::Plan => "source and plan",
        Basis::Mock => "source and mocked plan",
        Basis::PlanFile => "source and plan file",
        Basis::Source => "source",
    };
    let Tally {
        pass,
        fail,
        unknown,
        waived,
        ..
    } = tally(root);
    let (sign, path) = (sign(root), Code(&root.path));
    format!("| {sign} {path} | {basis} | {fail} | {unknown} | {waived} | {pass} |\n")
}

fn is_worth_a_part(root: &RootReport, rendering: &Rendering) -> bool {
    rendering.passes
        || root.failure.is_some()
        || !root.unread.is_empty()
        || !root.notes.is_empty()
        || !root.not_audited.is_empty()
        || !root.architecture.nodes.is_empty()
        || root
            .verdicts
            .iter()
            .any(|judged| judged.is_told() || judged.waived.is_some())
}

/// A root module in no more than so many bytes.
fn part(root: &RootReport, rendering: &Rendering, room: usize, alone: bool) -> String {
    let told = entries(root, |judged| {
        judged.is_told() && judged.level != Level::Allow
    });
    let waived = entries(root, |judged| judged.waived.is_some());
    let mut part = Part {
        text: format!("### {} {}\n\n", sign(root), Code(&root.path)),
        room,
    };
    if let Some(failure) = &root.failure {
        let first = failure.trim().lines().next().unwrap_or_default();
        part.add(&format!("It could not be audited: {}\n\n", Prose(first)));
    }
    table(&mut part, &told, room * 2 / 5);
    match picture(root) {
        Picture::Nothing => {}
        Picture::Drawn(picture) => {
            let open = if alone { " open" } else { "" };
            let folded = format!(
                "<details{open}><summary>What it would make, by the worst verdict</summary>\n\n\
                 ```mermaid\n{picture}```\n\n</details>\n\n"
            );
            if part.text.len() + folded.len() > room * 7 / 10 {
                part.add("There is no room here for the picture of what it would make.\n\n");
            } else {
                part.add(&folded);
            }
        }
        Picture::TooLarge => {
            part.add("There is more in it than a picture can show; `--format html` draws it.\n\n");
        }
    }
    let full = |entries: &[Entry<'_>]| -> Vec<String> {
        let entries = entries.iter().take(MOST_ENTRIES);
        entries.map(Entry::text).collect()
    };
    part.fold("Details", full(&told), told.len());
    part.fold("Waived", full(&waived), waived.len());
    let unread = root.unread.iter().map(|unread| {
        let level = unread.level;
        let place = unread
            .location
            .as_ref()
            .map(|place| format!("{}: ", link(place)));
        let place = place.unwrap_or_default();
        format!("- **{level}** {place}{}\n", Prose(&unread.reason))
    });
    part.list("Not read, so that nothing in it is decided", unread);
    let notes = root.notes.iter().map(|note| {
        let place = note
            .location
            .as_ref()
            .map(|place| format!("{}: ", link(place)));
        let place = place.unwrap_or_default();
        format!("- **note** {place}{}\n", Prose(&note.message))
    });
    part.list("Notes on how it was audited", notes);
    let resources = root.not_audited.iter();
    let resources = resources.map(|resource| {
        format!(
            "- {}: {}\n",
            Code(&resource.address),
            Prose(&resource.reason)
        )
    });
    part.list("Not audited", resources);
    if rendering.passes {
        let passes = entries(root, |judged| !judged.is_told() && judged.waived.is_none());
        let rows = passes.iter().take(MOST_ENTRIES).map(|entry| {
            let judged = entry.judged;
            let (verdict, id) = (details::verdict(judged), judged.rule.id);
            let (message, address) = (Prose(&judged.message), Code(&judged.address));
            format!("- {verdict} `{id}` {message}: {address}\n")
        });
        part.fold(
            "Passes and what rules have nothing to say of",
            rows.collect(),
            passes.len(),
        );
    }
    part.text
}

fn table(part: &mut Part, told: &[Entry<'_>], room: usize) {
    if told.is_empty() {
        return;
    }
    part.text
        .push_str("| | Rule | What is so, and of what | Where |\n|---|---|---|---|\n");
    let mut listed = 0;
    for entry in told.iter().take(MOST_ROWS) {
        let row = entry.row();
        if part.text.len() + row.len() + CLOSING > room {
            break;
        }
        part.text.push_str(&row);
        listed += 1;
    }
    let more = told.len() - listed;
    if more > 0 {
        let _ = writeln!(part.text, "\nand {more} more");
    }
    part.text.push('\n');
}

/// A text that must not grow past its room.
struct Part {
    text: String,
    room: usize,
}

impl Part {
    /// Adds what there is room for.
    fn add(&mut self, text: &str) {
        if self.text.len() + text.len() <= self.room {
            self.text.push_str(text);
        }
    }

    fn list(&mut self, title: &str, items: impl ExactSizeIterator<Item = String>) {
        let count = items.len();
        self.fold(title, items.take(MOST_ENTRIES).collect(), count);
    }

    /// Adds pieces, folded, as far as there is room, and how many more there are.
    fn fold(&mut self, title: &str, pieces: Vec<String>, count: usize) {
        if count == 0 || self.text.len() + 2 * CLOSING > self.room {
            return;
        }
        let title = Plain(title);
        let _ = write!(
            self.text,
            "<details><summary>{title} ({count})</summary>\n\n"
        );
        let mut added = 0;
        for piece in &pieces {
            if self.text.len() + piece.len() + CLOSING > self.room {
                break;
            }
            self.text.push_str(piece);
            added += 1;
        }
        let more = count - added;
        if more > 0 {
            let _ = writeln!(self.text, "\nand {more} more\n");
        }
        self.text.push_str("\n</details>\n\n");
    }
}

#[cfg(test)]
mod tests;
