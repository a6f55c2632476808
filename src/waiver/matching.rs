//! Which waiver is about which verdict.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::comment::{self, Allowed, Comment};
use super::{Baseline, Date, ManifestWaiver, Settings, Terms, Waived, WaivedBy, is_like};
use crate::ecs::inventory::Subject;
use crate::place;
use crate::report::Location;
use crate::rules::Rule;
use crate::source::{FileId, Place, SourceMap};

/// The waivers that can be about one root module.
#[derive(Debug, Default)]
pub(crate) struct Waivers<'a> {
    today: Option<Date>,
    manifest: &'a [ManifestWaiver],
    baseline: Option<&'a Baseline>,
    comments: Vec<(FileId, Comment)>,
    used: RefCell<BTreeSet<(usize, &'static str)>>,
    known: RefCell<BTreeSet<String>>,
}

/// What waivers say of a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is waived.
    Waived(Waived),
    /// It was, and the waiver ended.
    Lapsed(Waived),
}

/// A waiver that does not hold, because something is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejected {
    /// What is wrong.
    pub(crate) message: String,
    /// Where.
    pub(crate) place: Place,
}

/// Where a comment is shown, and of each rule that it names whether it was about a verdict.
pub(crate) type UsedComment = (Location, BTreeMap<&'static str, bool>);

/// Which waivers were about some verdict of a root module, and which could have been.
#[derive(Debug, Default)]
pub(crate) struct Use {
    /// Comments, by their text's name and where they begin.
    pub(crate) comments: BTreeMap<(Arc<str>, u32), UsedComment>,
    /// Those of the manifest that were, by their place in the list.
    pub(crate) manifest: BTreeSet<usize>,
    /// The entries of the baseline that were, by fingerprint.
    pub(crate) baseline: BTreeSet<String>,
}

impl Use {
    /// Takes in what was used in another root module.
    pub(crate) fn merge(&mut self, other: Use) {
        for (comment, (location, rules)) in other.comments {
            let entry = self.comments.entry(comment);
            let (_, known) = entry.or_insert((location, BTreeMap::new()));
            for (rule, used) in rules {
                *known.entry(rule).or_default() |= used;
            }
        }
        self.manifest.extend(other.manifest);
        self.baseline.extend(other.baseline);
    }
}

impl<'a> Waivers<'a> {
    /// Collects the waivers of the manifest and of the texts that were read.
    pub(crate) fn gather(settings: &'a Settings, source: &SourceMap) -> Self {
        let mut comments = Vec::new();
        for (id, file) in source.files() {
            if file.name.ends_with(".json") {
                continue;
            }
            for comment in comment::comments(&file.text, settings.today, settings.most_days) {
                comments.push((id, comment));
            }
        }
        Waivers {
            today: Some(settings.today),
            manifest: &settings.manifest,
            baseline: Some(&settings.baseline),
            comments,
            used: RefCell::default(),
            known: RefCell::default(),
        }
    }

    /// The comments that are meant as waivers and are none.
    pub(crate) fn rejected(&self) -> impl Iterator<Item = Rejected> {
        self.comments.iter().filter_map(|(file, comment)| {
            let message = comment.said.as_ref().err()?;
            Some(Rejected {
                message: format!("this waiver does not hold: {message}"),
                place: Place::new(*file, comment.span),
            })
        })
    }

    /// What waivers say of a verdict: one that holds comes before one that lapsed.
    pub(crate) fn find(
        &self,
        rule: &'static Rule,
        root: &str,
        subject: &Subject,
        locations: &[Location],
        source: &SourceMap,
    ) -> Option<Found> {
        let mut lapsed = None;
        for (index, (file, comment)) in self.comments.iter().enumerate() {
            let Ok(allowed) = &comment.said else { continue };
            if allowed.rules.iter().any(|one| one.id == rule.id)
                && is_about(*file, allowed, subject, locations, source)
            {
                self.used.borrow_mut().insert((index, rule.id));
                match self.judge(&allowed.terms, WaivedBy::Comment) {
                    found @ Found::Waived(_) => return Some(found),
                    found @ Found::Lapsed(_) => lapsed = Some(found),
                }
            }
        }
        for (index, waiver) in self.manifest.iter().enumerate() {
            let container = subject.container.as_deref().unwrap_or_default();
            let is_about = waiver.rule.id == rule.id
                && is_like(&subject.address, &waiver.address)
                && waiver.root.as_ref().is_none_or(|like| is_like(root, like))
                && waiver
                    .container
                    .as_ref()
                    .is_none_or(|like| is_like(container, like));
            if is_about {
                self.used
                    .borrow_mut()
                    .insert((self.comments.len() + index, rule.id));
                match self.judge(&waiver.terms, WaivedBy::Manifest) {
                    found @ Found::Waived(_) => return Some(found),
                    found @ Found::Lapsed(_) => lapsed = Some(found),
                }
            }
        }
        lapsed
    }

    /// Which of them were about some verdict.
    pub(crate) fn used(&self, source: &SourceMap) -> Use {
        let used = self.used.borrow();
        Use {
            comments: self
                .comments
                .iter()
                .enumerate()
                .filter_map(|(index, (file, comment))| {
                    let allowed = comment.said.as_ref().ok()?;
                    let rules = allowed.rules.iter();
                    let rules = rules.map(|rule| (rule.id, used.contains(&(index, rule.id))));
                    let place = Place::new(*file, comment.span);
                    let location = place::location(source, place, String::new(), true);
                    let key = (location.file.clone(), comment.span.start);
                    Some((key, (location, rules.collect())))
                })
                .collect(),
            manifest: used
                .iter()
                .filter_map(|(at, _)| at.checked_sub(self.comments.len()))
                .collect(),
            baseline: self.known.borrow().clone(),
        }
    }

    /// Whether a verdict is in the baseline.
    pub(crate) fn known(&self, fingerprint: &str) -> Option<Waived> {
        let baseline = self.baseline?;
        let (fingerprint, _) = baseline.known.get_key_value(fingerprint)?;
        self.known.borrow_mut().insert(fingerprint.clone());
        Some(Waived {
            terms: Terms {
                reason: Arc::from("it failed when the baseline was made"),
                until: None,
            },
            by: WaivedBy::Baseline,
        })
    }

    fn judge(&self, terms: &Terms, by: WaivedBy) -> Found {
        let waived = Waived {
            terms: terms.clone(),
            by,
        };
        match terms.until {
            Some(until) if self.today.is_some_and(|today| until < today) => Found::Lapsed(waived),
            _ => Found::Waived(waived),
        }
    }
}

/// How many steps of a value's way are looked at.
const STEPS_READ: usize = 256;

/// Whether a comment is about a verdict: it covers the resource's block, a module call that leads to it,
/// where the container is written, or a place that the verdict points at.
fn is_about(
    file: FileId,
    allowed: &Allowed,
    subject: &Subject,
    locations: &[Location],
    source: &SourceMap,
) -> bool {
    let covers = |place: &Place| {
        place.file == file
            && allowed.covers.start <= place.span.start
            && place.span.end <= allowed.covers.end
    };
    let mut within = Some(&subject.origin);
    while let Some(origin) = within {
        let written = origin.trace().into_iter().flat_map(|trace| trace.iter());
        let mut places = written.take(STEPS_READ).map(|step| step.place);
        if origin.header().as_ref().is_some_and(covers)
            || origin.calls().iter().any(covers)
            || places.any(|place| covers(&place))
        {
            return true;
        }
        within = origin.within();
    }
    let name = &source.file(file).name;
    locations.iter().any(|location| {
        location.file == *name
            && allowed.covers.start <= location.span.start
            && location.span.end <= allowed.covers.end
    })
}
