//! Waivers that are about nothing.

use std::path::PathBuf;
use std::sync::Arc;

use crate::place;
use crate::report::{RootNote, RootReport};
use crate::source::{Place, SourceMap};
use crate::waiver::{self, BASELINE, Baseline, Use};

/// Says which waivers are about nothing, where all that they could be about was audited.
pub(super) fn unused(settings: &waiver::Settings, used: Use, reports: &mut [RootReport]) {
    let whole = settings.all_audited
        && reports
            .iter()
            .all(|root| root.failure.is_none() && root.unread.is_empty());
    let Some(first) = reports.first_mut().filter(|_| whole) else {
        return;
    };
    let comments = used.comments.into_values();
    let comments = comments.filter_map(|(location, used)| (!used).then_some(Some(location)));
    let listed = settings.manifest.iter().enumerate();
    let listed = listed.filter(|(index, _)| !used.manifest.contains(index));
    let listed = listed.map(|(_, waiver)| {
        let place = waiver.span.zip(settings.file.clone());
        place.map(|(span, (name, text))| {
            let mut source = SourceMap::default();
            let file = source.add(PathBuf::from(&*name), name, text);
            place::location(&source, Place::new(file, span), String::new(), true)
        })
    });
    for location in comments.chain(listed) {
        first.notes.push(RootNote {
            message: "this waiver is about nothing that is there; it can go".to_owned(),
            location,
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
