//! Waivers that are about nothing.

use std::path::PathBuf;
use std::sync::Arc;

use crate::hcl::Span;
use crate::place;
use crate::report::{Location, RootNote, RootReport};
use crate::source::{Place, SourceMap};
use crate::waiver::{self, BASELINE, Baseline, Use};

/// Says which waivers of the manifest do not hold.
pub(super) fn rejected(settings: &waiver::Settings, reports: &mut [RootReport]) {
    let Some(first) = reports.first_mut() else {
        return;
    };
    for wrong in &settings.rejected {
        first.notes.push(RootNote {
            message: format!("this waiver does not hold: {}", wrong.message),
            location: in_manifest(settings, wrong.span),
            warning: true,
        });
    }
}

fn in_manifest(settings: &waiver::Settings, span: Option<Span>) -> Option<Location> {
    let (name, text) = settings.file.clone()?;
    let mut source = SourceMap::default();
    let file = source.add(PathBuf::from(&*name), name, text);
    let place = Place::new(file, span?);
    Some(place::location(&source, place, String::new(), true))
}

/// Says which waivers are about nothing, where all that they could be about was audited.
pub(super) fn unused(settings: &waiver::Settings, used: Use, reports: &mut [RootReport]) {
    let whole = settings.all_audited
        && reports
            .iter()
            .all(|root| root.failure.is_none() && root.unread.is_empty());
    let Some(first) = reports.first_mut().filter(|_| whole) else {
        return;
    };
    let about_nothing = "this waiver is about nothing that is there; it can go";
    for (location, rules) in used.comments.into_values() {
        let idle = rules.iter().filter(|(_, used)| !**used);
        let idle: Vec<String> = idle.map(|(rule, _)| format!("`{rule}`")).collect();
        let message = match idle.len() {
            0 => continue,
            all if all == rules.len() => about_nothing.to_owned(),
            _ => format!(
                "this waiver is about nothing that is there as far as it names {}",
                idle.join(", ")
            ),
        };
        first.notes.push(RootNote {
            message,
            location: Some(location),
            warning: true,
        });
    }
    let listed = settings.manifest.iter().enumerate();
    let listed = listed.filter(|(index, _)| !used.manifest.contains(index));
    for (_, waiver) in listed {
        first.notes.push(RootNote {
            message: about_nothing.to_owned(),
            location: in_manifest(settings, waiver.span),
            warning: true,
        });
    }
    let Baseline { text, known } = &settings.baseline;
    let mended = known
        .iter()
        .filter(|(known, _)| !used.baseline.contains(*known));
    for (_, entry) in mended {
        let location = entry.span.map(|span| {
            let mut source = SourceMap::default();
            let file = source.add(PathBuf::from(BASELINE), Arc::from(BASELINE), text.clone());
            place::location(&source, Place::new(file, span), String::new(), true)
        });
        first.notes.push(RootNote {
            message: "what this was recorded for does not fail any more; \
                      `cargo ecs-audit baseline --prune` takes it out"
                .to_owned(),
            location,
            warning: true,
        });
    }
}
