//! Reports in which every text is as nasty as it can be.

use std::sync::Arc;

use ecs_audit::checklist::{Digest, Provenance, Provider, Revision, RootProvenance};
use ecs_audit::fix::Applicability;
use ecs_audit::hcl::Span;
use ecs_audit::policy::{Level, LevelSource};
use ecs_audit::report::{
    Basis, Judged, Location, NotAudited, Report, ResolvedEdit, ResolvedFix, RootNote, RootReport,
    SharedText, TerraformBinary, Unread,
};
use ecs_audit::rules::RULES;
use ecs_audit::source::{Place, SourceMap};
use ecs_audit::verdict::Outcome;
use ecs_audit::waiver::{Date, Terms, Waived, WaivedBy};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// What means something to somebody who reads a report.
const PIECES: &[&str] = &[
    "a",
    "é",
    "😀",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\0",
    "\u{7}",
    "\u{1b}[31m",
    "\u{1b}]8;;x\u{7}",
    "\u{9b}2J",
    "\u{85}",
    "\u{7f}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{e0041}",
    "\u{1a}",
    "::error::",
    "::add-mask::a",
    "\n::stop-commands::x\n",
    "##[group]",
    "##[",
    "##vso[task.setvariable variable=a]b",
    "%0A",
    "%25",
    "%",
    ":",
    ",",
    "=",
    "::",
    "]]>",
    "<![CDATA[",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "<?xml",
    "</testsuite>",
    "&amp;",
    "&#10;",
    "&",
    "\"",
    "'",
    "<",
    ">",
    "`",
    "``",
    "```\n",
    "*b*",
    "_i_",
    "# h",
    "\n# h\n",
    "- l",
    "1. l",
    "|",
    "\\",
    "\\|",
    "~~s~~",
    "[l](javascript:alert(1))",
    "](http://evil.example)",
    "[",
    "]",
    "(",
    ")",
    "![p](http://evil.example/p.png)",
    "http://evil.example/?q=1",
    "www.evil.example",
    "@somebody",
    "#1",
    ":smile:",
    "{0}",
    "{",
    "}",
    "${a}",
    "$(a)",
    "<details>",
    "</details>",
    "$a^2$",
    "\n\n",
    "\n    code\n",
    "---",
    "../",
    "/",
    "//",
    "C:\\a",
    "file:///etc",
];

fn text() -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..6).prop_map(|pieces| pieces.concat())
}

/// A text that is not blank, as names and messages are.
fn name() -> impl Strategy<Value = String> {
    text().prop_map(|text| format!("n{text}"))
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let all = [
        Outcome::Fail,
        Outcome::Unknown,
        Outcome::Pass,
        Outcome::NotApplicable,
    ];
    select(all.to_vec())
}

fn level() -> impl Strategy<Value = Level> {
    select(Level::ALL.to_vec())
}

/// A place in a text: where it begins and ends, as parts of what there is.
fn location() -> impl Strategy<Value = Location> {
    (name(), text(), 0.0..1.0, 0.0..1.0, text(), any::<bool>()).prop_map(
        |(file, text, start, length, label, step)| {
            let (text, span) = (Arc::<str>::from(text), (start, length));
            let span = within(&text, span, true);
            let mut source = SourceMap::default();
            let id = source.add(file.clone().into(), Arc::from(&*file), text.clone());
            let (start, end) = source.positions(Place::new(id, span));
            Location {
                file: Arc::from(file),
                text: SharedText(text),
                span,
                start,
                end,
                primary: !step,
                label,
                step,
            }
        },
    )
}

/// A span of whole characters; places end with their line.
fn within(text: &str, (start, length): (f64, f64), one_line: bool) -> Span {
    let floor = |mut offset: usize| {
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let part = |part: f64, of: usize| (part * of as f64) as usize;
    let start = floor(part(start, text.len() + 1).min(text.len()));
    let rest = &text[start..];
    let rest = match rest.find('\n') {
        Some(end) if one_line => &rest[..end],
        _ => rest,
    };
    let end = floor(start + part(length, rest.len() + 1).min(rest.len()));
    Span {
        start: u32::try_from(start).unwrap(),
        end: u32::try_from(end.max(start)).unwrap(),
    }
}

fn fix() -> impl Strategy<Value = ResolvedFix> {
    let edit = (name(), text(), 0.0..1.0, 0.0..1.0, text());
    (text(), vec(edit, 1..3)).prop_map(|(title, edits)| ResolvedFix {
        title,
        applicability: Applicability::MachineApplicable,
        edits: edits
            .into_iter()
            .zip(0..)
            .map(|((file, text, start, length, replacement), number)| {
                let span = within(&text, (start, length), false);
                ResolvedEdit {
                    // Edits of one file lie in one text, and in order.
                    file: Arc::from(format!("{number}{file}")),
                    line: text[..span.start as usize].matches('\n').count() + 1,
                    text: SharedText(Arc::from(text)),
                    span,
                    replacement,
                }
            })
            .collect(),
    })
}

fn waived() -> impl Strategy<Value = Waived> {
    let by = select(vec![
        WaivedBy::Comment,
        WaivedBy::Manifest,
        WaivedBy::Baseline,
    ]);
    (name(), any::<bool>(), by).prop_map(|(reason, ends, by)| Waived {
        terms: Terms {
            reason: Arc::from(reason),
            until: ends.then(|| Date::at(1_800_000_000)),
        },
        by,
    })
}

fn judged() -> impl Strategy<Value = Judged> {
    let said = (
        name(),
        option::of(name()),
        option::of(text()),
        vec(text(), 0..3),
    );
    let subject = (name(), option::of(name()), 0..RULES.len(), any::<u128>());
    let decided = (outcome(), level(), option::of(fix()), option::of(waived()));
    (said, subject, decided, vec(location(), 0..4)).prop_map(
        |(said, subject, decided, locations)| {
            let (message, reason, help, notes) = said;
            let (address, container, rule, fingerprint) = subject;
            let (outcome, level, fix, waived) = decided;
            let fails = matches!(outcome, Outcome::Fail | Outcome::Unknown);
            Judged {
                rule: RULES[rule],
                outcome,
                level,
                severity: RULES[rule].severity,
                level_source: LevelSource::Default,
                address: Arc::from(address),
                container: container.map(Arc::from),
                message,
                reason: reason.filter(|_| outcome != Outcome::Fail && outcome != Outcome::Pass),
                help,
                notes,
                locations,
                unwritten: None,
                fix: fix.filter(|_| outcome == Outcome::Fail),
                waived: waived.filter(|_| fails),
                fingerprint: format!("{fingerprint:032x}"),
            }
        },
    )
}

fn root() -> impl Strategy<Value = RootReport> {
    let note = (name(), option::of(location()), any::<bool>());
    let note = note.prop_map(|(message, location, warning)| RootNote {
        message,
        location,
        warning,
    });
    let unread = (name(), name(), option::of(location()), level());
    let unread = unread.prop_map(|(part, reason, location, level)| Unread {
        part: Arc::from(part),
        reason,
        location,
        level,
        level_source: LevelSource::Default,
    });
    let terraform = (name(), name());
    let terraform = terraform.prop_map(|(binary, version)| TerraformBinary { binary, version });
    let not_audited = (name(), name()).prop_map(|(address, reason)| NotAudited {
        address: Arc::from(address),
        reason,
    });
    let about = (
        vec(note, 0..3),
        vec(unread, 0..2),
        option::of(terraform),
        vec(not_audited, 0..2),
    );
    (name(), option::of(name()), about, vec(judged(), 0..5)).prop_map(
        |(path, failure, (notes, unread, terraform, not_audited), verdicts)| RootReport {
            basis: Basis::Source,
            notes,
            unread,
            terraform,
            not_audited,
            failure,
            verdicts,
            ..RootReport::of_path(&path)
        },
    )
}

pub(crate) fn report() -> impl Strategy<Value = Report> {
    let directory = prop_oneof![Just(String::new()), name()];
    (vec(root(), 0..3), any::<bool>(), directory).prop_map(|(roots, partial, directory)| Report {
        roots,
        partial,
        directory,
        ..Report::default()
    })
}

fn digest() -> impl Strategy<Value = Digest> {
    let sha256 = "[0-9a-f]{64}";
    (name(), sha256).prop_map(|(path, sha256)| Digest { path, sha256 })
}

/// What is known of the sources of a report: a lock file can name its providers as it likes.
pub(crate) fn provenance() -> impl Strategy<Value = Provenance> {
    let provider = (name(), text()).prop_map(|(source, version)| Provider { source, version });
    let root = (option::of(digest()), vec(provider, 0..3));
    let root = root.prop_map(|(lock_file, providers)| RootProvenance {
        lock_file,
        providers,
    });
    let revision = (option::of("[0-9a-f]{40}"), 0_usize..3);
    let revision = revision.prop_map(|(commit, uncommitted)| Revision {
        commit,
        uncommitted,
    });
    let all = (option::of(revision), vec(root, 3), option::of(digest()));
    all.prop_map(|(revision, roots, plan_file)| Provenance {
        revision,
        roots,
        plan_file,
    })
}
