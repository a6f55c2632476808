//! What there is to see of a verdict beside its message: why, where, the way of the value, what to write instead.

use std::fmt::Write as _;

use super::text::{Block, Prose, Shown, Text};
use crate::fix::Applicability;
use crate::policy::LevelSource;
use crate::report::change::hunks;
use crate::report::excerpt::{Line, excerpt};
use crate::report::rank::waived_word;
use crate::report::{Judged, Location, ResolvedFix};
use crate::verdict::Outcome;

/// How many places of one verdict are shown.
const MOST_PLACES: usize = 24;

/// Writes the details of a verdict.
pub(super) fn details(page: &mut String, judged: &Judged) {
    if let Some(waived) = &judged.waived {
        let until = match waived.terms.until {
            Some(until) => format!(" until {until}"),
            None => String::new(),
        };
        let (word, by) = (waived_word(waived.by), waived.by.name());
        let reason = Prose(&waived.terms.reason);
        let _ = writeln!(page, "<p><b>{word}{until}</b> by {by}: {reason}</p>");
    }
    if let (Outcome::Unknown, Some(reason)) = (judged.outcome, &judged.reason) {
        let _ = writeln!(page, "<p><b>undecided</b>: {}</p>", Prose(reason));
    }
    places(page, &judged.locations);
    if let Some(help) = &judged.help {
        let _ = writeln!(page, "<p><b>help</b> {}</p>", Prose(help));
    }
    for note in &judged.notes {
        let _ = writeln!(page, "<p><b>note</b> {}</p>", Prose(note));
    }
    if let Some(fix) = &judged.fix {
        change(page, fix);
    }
    if judged.is_told() {
        level(page, judged);
    }
}

/// The places, the one to change first, then what the value passed through.
fn places(page: &mut String, locations: &[Location]) {
    if locations.is_empty() {
        return;
    }
    page.push_str("<ol class=\"places\">\n");
    for location in locations.iter().take(MOST_PLACES) {
        page.push_str("<li>");
        place(page, location);
        page.push_str("</li>\n");
    }
    page.push_str("</ol>\n");
    let more = locations.len().saturating_sub(MOST_PLACES);
    if more > 0 {
        let _ = writeln!(page, "<p class=\"quiet\">and {more} more places</p>");
    }
}

/// A place: its name, what is to be said there, and the line with its mark.
pub(super) fn place(page: &mut String, location: &Location) {
    let Location {
        file,
        start,
        label,
        primary,
        ..
    } = location;
    let (line, column) = (start.line, start.column);
    let _ = write!(
        page,
        "<code class=\"at\">{}:{line}:{column}</code>",
        Text(file)
    );
    if !label.is_empty() {
        let _ = write!(page, " {}", Prose(label));
    }
    let around = if *primary { 2 } else { 0 };
    page.push_str("<pre class=\"source\">");
    for Line { number, text, mark } in excerpt(location, around) {
        let _ = write!(page, "<i>{number}</i>");
        match mark {
            None => {
                let _ = write!(page, "{}", Shown(&text));
            }
            Some(mark) => {
                let (before, after) = (&text[..mark.start], &text[mark.end..]);
                let class = if *primary { "" } else { " class=\"by\"" };
                let (before, after) = (Shown(before), Shown(after));
                let marked = Shown(&text[mark]);
                let _ = write!(page, "{before}<mark{class}>{marked}</mark>{after}");
            }
        }
        page.push('\n');
    }
    page.push_str("</pre>");
}

/// What a fix changes.
fn change(page: &mut String, fix: &ResolvedFix) {
    let sure = match fix.applicability {
        Applicability::MachineApplicable => "",
        Applicability::MaybeIncorrect => " (look at it first: it may be wrong)",
    };
    let _ = writeln!(page, "<p><b>fix</b> {}{sure}</p>", Prose(&fix.title));
    let Some(hunks) = hunks(fix) else {
        return;
    };
    page.push_str("<pre class=\"diff\">");
    for hunk in hunks {
        let _ = writeln!(page, "<b>{}:{}</b>", Text(hunk.file), hunk.line);
        for line in hunk.lines {
            let (sign, text) = (line.sign, Block(&line.text));
            let _ = match sign {
                '-' => writeln!(page, "<del>- {text}</del>"),
                '+' => writeln!(page, "<ins>+ {text}</ins>"),
                _ => writeln!(page, "  {text}"),
            };
        }
    }
    page.push_str("</pre>\n");
}

/// Why the level is what it is.
fn level(page: &mut String, judged: &Judged) {
    let level = judged.level;
    let by = match &judged.level_source {
        LevelSource::Default => "default".to_owned(),
        LevelSource::Flag(by) | LevelSource::Configuration(by) => {
            format!("<code>{}</code>", Text(by))
        }
    };
    let fingerprint = Text(&judged.fingerprint);
    let _ = writeln!(
        page,
        "<p class=\"quiet\"><code>{level}</code> by {by} · \
         <a href=\"#v-{fingerprint}\">link to this verdict</a></p>"
    );
}
