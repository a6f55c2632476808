//! What must not be shown: secrets in the texts that reports quote are masked before any report sees them.

mod censor;
mod literals;
mod variable_file;

pub(crate) use self::variable_file::mask_values;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use self::censor::Censor;
use self::literals::masked_text;
use crate::ecs::{Architecture, Origin};
use crate::links::Linked;
use crate::report::{RootReport, SharedText};
use crate::rules::Judgement;
use crate::source::{Place, SourceMap};
use crate::terraform::Instance;
use crate::terraform::value::{SecretTexts, StepKind};

/// What must not be shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    /// Ranges to mask, by the name of the text.
    ranges: BTreeMap<Arc<str>, Vec<Range<usize>>>,
    /// Texts to take out of everything.
    texts: SecretTexts,
}

/// What stands for each byte that must not be seen, so that places stay where they are. What shows a text shows
/// as many of them as there are by one mask, since a length can tell something too.
pub(crate) const MASK: u8 = 0x1a;

/// Finds secrets in texts.
pub(crate) struct Finder(Censor);

impl Finder {
    /// Whether there is one in a text.
    pub(crate) fn finds(&self, text: &str) -> bool {
        self.0.ranges(text).next().is_some()
    }
}

/// How many steps of a value's way are looked at.
const STEPS_READ: usize = 256;

impl Secrets {
    /// Begins with the secrets that were met on the way to instances and in them.
    pub(crate) fn of(met: SecretTexts, instances: &[Instance]) -> Self {
        let mut texts = met;
        for instance in instances {
            for value in instance.attributes.entries.values() {
                texts.gather(value);
            }
        }
        Secrets {
            texts,
            ..Secrets::default()
        }
    }

    /// Takes the secrets out of what a verdict is called by, so that not even a hash is made of them.
    pub(crate) fn rename(&self, judgements: &mut [Judgement]) {
        let censor = Censor::new(&self.texts);
        for Judgement { subject, .. } in judgements {
            if let Cow::Owned(safe) = censor.address(&subject.address) {
                subject.address = Arc::from(safe);
            }
            if let Some(container) = &mut subject.container
                && let Cow::Owned(safe) = censor.censored(container)
            {
                *container = Arc::from(safe);
            }
        }
    }

    /// The same for a picture, so that what is in it is called as the verdicts call it.
    pub(crate) fn rename_nodes(&self, architecture: &mut Architecture) {
        let censor = Censor::new(&self.texts);
        for node in &mut architecture.nodes {
            if let Cow::Owned(safe) = censor.address(&node.address) {
                node.address = Arc::from(safe);
            }
            if let Some(container) = &mut node.container
                && let Cow::Owned(safe) = censor.censored(container)
            {
                *container = Arc::from(safe);
            }
        }
    }

    /// The same for containers that packages are linked to.
    pub(crate) fn rename_linked(&self, linked: &mut [Linked]) {
        if linked.is_empty() {
            return;
        }
        let censor = Censor::new(&self.texts);
        for Linked {
            address, container, ..
        } in linked
        {
            if let Cow::Owned(safe) = censor.address(address) {
                *address = Arc::from(safe);
            }
            if let Cow::Owned(safe) = censor.censored(container) {
                *container = Arc::from(safe);
            }
        }
    }

    /// Collects what verdicts say is secret, and every value that came from a secret source and that some
    /// verdict points at.
    pub(crate) fn gather(&mut self, judgements: &[Judgement], source: &SourceMap) {
        for Judgement { verdict, .. } in judgements {
            for origin in &verdict.secrets {
                self.add(origin, source);
            }
            let labels = std::iter::once(&verdict.primary).chain(&verdict.secondary);
            for label in labels {
                let tainted = label
                    .origin
                    .trace()
                    .is_some_and(|trace| trace.sensitive || trace.taint.is_some());
                if tainted {
                    self.add(&label.origin, source);
                }
            }
        }
    }

    /// Finds what is secret in texts: what is known to be, and what else is given.
    pub(crate) fn finder(&self, more: &[Arc<str>]) -> Finder {
        let mut texts = self.texts.clone();
        more.iter().for_each(|text| texts.insert(text));
        Finder(Censor::new(&texts))
    }

    /// Adds what others collected.
    pub(crate) fn merge(&mut self, other: Secrets) {
        for (name, ranges) in other.ranges {
            self.ranges.entry(name).or_default().extend(ranges);
        }
        self.texts.extend(&other.texts);
    }

    /// Masks the texts that a report quotes, and takes the secrets out of what it says itself.
    pub(crate) fn mask(&self, roots: &mut [RootReport]) {
        let censor = Censor::new(&self.texts);
        self.mask_texts(&censor, roots);
        for root in roots {
            root.failure
                .iter_mut()
                .for_each(|text| censor.message(text));
            for note in &mut root.notes {
                censor.message(&mut note.message);
                let labels = note.location.iter_mut().map(|location| &mut location.label);
                labels.for_each(|label| censor.message(label));
            }
            for resource in &mut root.not_audited {
                censor.message(&mut resource.reason);
                if let Cow::Owned(safe) = censor.address(&resource.address) {
                    resource.address = Arc::from(safe);
                }
            }
            for unread in &mut root.unread {
                censor.message(&mut unread.reason);
                if let Cow::Owned(safe) = censor.address(&unread.part) {
                    unread.part = Arc::from(safe);
                }
            }
            for node in &mut root.architecture.nodes {
                censor.message(&mut node.name);
                censor.message(&mut node.remark);
                // Of what is made elsewhere this is no address, but a text of the configuration.
                if !node.made
                    && let Cow::Owned(safe) = censor.censored(&node.address)
                {
                    node.address = Arc::from(safe);
                }
            }
            for judged in &mut root.verdicts {
                judged.fix.take_if(|fix| {
                    let mut edits = fix.edits.iter();
                    edits.any(|edit| censor.ranges(&edit.replacement).next().is_some())
                });
                let title = judged.fix.iter_mut().map(|fix| &mut fix.title);
                let labels = judged
                    .locations
                    .iter_mut()
                    .map(|location| &mut location.label);
                std::iter::once(&mut judged.message)
                    .chain(&mut judged.reason)
                    .chain(&mut judged.help)
                    .chain(&mut judged.notes)
                    .chain(title)
                    .chain(labels)
                    .for_each(|text| censor.message(text));
            }
        }
    }

    /// Takes the secrets out of messages, and what else is given.
    pub(crate) fn mask_messages<'a>(
        &self,
        more: &[Arc<str>],
        messages: impl IntoIterator<Item = &'a mut String>,
    ) {
        let finder = self.finder(more);
        messages.into_iter().for_each(|text| finder.0.message(text));
    }

    fn mask_texts(&self, censor: &Censor, roots: &mut [RootReport]) {
        let mut masked: BTreeMap<Arc<str>, (SharedText, SharedText)> = BTreeMap::new();
        let mut mask = |name: &Arc<str>, text: &mut SharedText| match masked.get(name) {
            Some((original, safe)) if original == text => *text = safe.clone(),
            _ => {
                let ranges = self.ranges.get(name).map_or(&[][..], Vec::as_slice);
                let safe = masked_text(&text.0, ranges, censor.ranges(&text.0));
                let safe = match safe {
                    Some(safe) => SharedText(Arc::from(safe)),
                    None => text.clone(),
                };
                masked.insert(name.clone(), (text.clone(), safe.clone()));
                *text = safe;
            }
        };
        for root in roots {
            let noted = root
                .notes
                .iter_mut()
                .filter_map(|note| note.location.as_mut())
                .chain(
                    root.unread
                        .iter_mut()
                        .filter_map(|part| part.location.as_mut()),
                );
            let judged = &mut root.verdicts;
            for location in noted {
                mask(&location.file, &mut location.text);
            }
            for judged in judged {
                for location in &mut judged.locations {
                    mask(&location.file, &mut location.text);
                }
                for edit in judged.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
                    mask(&edit.file, &mut edit.text);
                }
            }
        }
    }

    /// A text without its secrets.
    pub(crate) fn masked(&self, name: &str, text: &str) -> String {
        let ranges = self.ranges.get(name).map_or(&[][..], Vec::as_slice);
        let censor = Censor::new(&self.texts);
        let masked = masked_text(text, ranges, censor.ranges(text));
        masked.unwrap_or_else(|| text.to_owned())
    }

    fn add(&mut self, origin: &Origin, source: &SourceMap) {
        let steps = origin.trace().and_then(|trace| trace.steps.as_deref());
        let steps = std::iter::successors(steps, |step| step.before.as_deref());
        for step in steps
            .take(STEPS_READ)
            .filter(|step| step.kind == StepKind::Written)
        {
            let Place { file, span } = step.place;
            let file = source.file(file);
            let range = span.start as usize..span.end as usize;
            if file.text.get(range.clone()).is_some() {
                let ranges = self.ranges.entry(file.name.clone()).or_default();
                ranges.push(range);
            }
        }
    }
}
