//! The report for a job of GitHub Actions: annotations as workflow commands. The summary of the job is Markdown.
//!
//! GitHub shows a few annotations of a step, so the worst come first, and one says how many there are besides.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Write as _;

use super::human::{Told, gather};
use super::standing::Standing;
use super::{Detail, Location, Rendering, Report, RootReport, terminal};
use crate::policy::Level;

/// How many annotations of each kind GitHub shows of a step.
const SHOWN: usize = 10;

/// An annotation: a kind, a place, a title and a text.
struct Annotation {
    denied: bool,
    title: String,
    place: Option<(String, Option<String>)>,
    text: String,
}

/// Renders the report; the text ends with a line break.
#[must_use]
pub fn github(report: &Report, rendering: &Rendering) -> String {
    let annotations = annotations(report);
    let mut text = String::new();
    let mut left_out = 0;
    for denied in [true, false] {
        let of_kind = annotations.iter().filter(|one| one.denied == denied);
        left_out += of_kind.clone().count().saturating_sub(SHOWN);
        for annotation in of_kind.take(SHOWN) {
            command(report, annotation, &mut text);
        }
    }
    if left_out > 0 {
        let _ = writeln!(
            text,
            "::notice title=cargo ecs-audit::{left_out} more are not shown here; the job's summary has them"
        );
    }
    if rendering.passes {
        for judged in report.roots.iter().flat_map(|root| &root.verdicts) {
            let kind = match judged.standing() {
                Standing::Passes => "pass",
                Standing::NotApplicable => "not applicable",
                Standing::Waived(_) => "waived",
                Standing::Fails(_) | Standing::Undecided(_) => continue,
            };
            let message = terminal::line(&judged.message);
            let address = terminal::line(&judged.address);
            let _ = writeln!(text, "{kind}[{}]: {message} in `{address}`", judged.rule.id);
        }
    }
    if text.is_empty() {
        text.push_str("nothing is denied or warned of\n");
    }
    text
}

/// What is told of, the worst first; what reads the same of many instances once.
fn worst_first(report: &Report) -> Vec<Told<'_>> {
    let rendering = Rendering {
        detail: Detail::Usual,
        ..Rendering::default()
    };
    let mut told = gather(report, &rendering);
    told.sort_by(|left, right| {
        let weight = |told: &Told<'_>| Reverse(told.judged.weight());
        let by_weight = weight(left).cmp(&weight(right));
        by_weight.then_with(|| left.order().cmp(&right.order()))
    });
    told
}

fn annotations(report: &Report) -> Vec<Annotation> {
    let files: HashMap<&str, &str> = report
        .roots
        .iter()
        .map(|root| (&*root.path, root.first_file().unwrap_or(&root.path)))
        .collect();
    let of_root = |root: &RootReport| {
        let file = files.get(&*root.path).copied();
        file.filter(|file| *file != ".")
            .map(|file| (file.to_owned(), None))
    };
    let mut annotations = Vec::new();
    for root in &report.roots {
        if let Some(failure) = &root.failure {
            annotations.push(Annotation {
                denied: true,
                title: "could not be audited".to_owned(),
                place: of_root(root),
                text: format!("`{}` could not be audited: {failure}", root.path),
            });
        }
        for unread in root
            .unread
            .iter()
            .filter(|unread| unread.level != Level::Allow)
        {
            let own = unread.location.as_ref().map(located);
            annotations.push(Annotation {
                denied: unread.level == Level::Deny,
                title: "not audited".to_owned(),
                place: own.or_else(|| of_root(root)),
                text: unread.reason.clone(),
            });
        }
    }
    for told in worst_first(report) {
        let diagnostic = told.diagnostic(report, false);
        let mut text = diagnostic.title.to_owned();
        for note in &diagnostic.notes {
            let _ = write!(text, "\n{note}");
        }
        if let Some(help) = &diagnostic.help {
            let _ = write!(text, "\nhelp: {help}");
        }
        let rule = told.judged.rule;
        annotations.push(Annotation {
            denied: told.judged.level == Level::Deny,
            title: format!("{} {}", rule.id, rule.name),
            place: told
                .judged
                .locations
                .first()
                .map(located)
                .or_else(|| of_root(told.root())),
            text,
        });
    }
    annotations
}

/// A file, and where in it: columns are taken within one line alone.
fn located(location: &Location) -> (String, Option<String>) {
    let Location { start, end, .. } = location;
    let mut place = format!(",line={},endLine={}", start.line, end.line);
    if start.line == end.line {
        let _ = write!(place, ",col={},endColumn={}", start.column, end.column);
    }
    (location.file.to_string(), Some(place))
}

fn command(report: &Report, annotation: &Annotation, text: &mut String) {
    let kind = if annotation.denied {
        "error"
    } else {
        "warning"
    };
    let _ = write!(text, "::{kind} ");
    if let Some((file, place)) = &annotation.place {
        let file = report.in_repository(file);
        let place = place.as_deref().unwrap_or_default();
        let _ = write!(text, "file={}{place},", property(&file));
    }
    let _ = writeln!(
        text,
        "title={}::{}",
        property(&annotation.title),
        data(&terminal::block(annotation.text.trim_end()))
    );
}

/// A text as the data of a command, which ends with the line.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a command, which a comma and a colon would end.
fn property(text: &str) -> String {
    let text = data(&terminal::line(text));
    text.replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_a_command() {
        assert_eq!(data("a%0A\r\n::error::b"), "a%250A%0D%0A::error::b");
        assert_eq!(property("a,b:c\n%2C"), "a%2Cb%3Ac␊%252C");
    }
}
