//! From an origin to the places that a person should see: where to change something, and the way that
//! the value took from there.

use crate::ecs::Origin;
use crate::hcl::Span;
use crate::report::{Location, SharedText};
use crate::source::{Place, SourceMap};
use crate::terraform::value::{StepKind, TraceStep};
use crate::verdict::Label;

/// How many steps of a value's way are shown at most; those nearest to its use come first.
const STEPS_SHOWN: usize = 8;

/// How many steps of a trace are looked at.
const STEPS_READ: usize = 256;

/// Where an origin leads.
#[derive(Debug, Default)]
pub(crate) struct Route {
    /// Where to change it.
    pub(crate) place: Option<Place>,
    /// What else is to be said of that place: "the default of `var.user`".
    pub(crate) remark: Option<String>,
    /// What it passed through on its way, from its use back to its place.
    pub(crate) steps: Vec<(Place, String)>,
}

impl Route {
    /// Whether the place is where the value is used, and not at the far end of a variable or a module
    /// call.
    pub(crate) fn is_direct(&self) -> bool {
        self.steps.is_empty() && self.remark.is_none()
    }
}

/// Finds the way back from an origin.
pub(crate) fn route(origin: &Origin) -> Route {
    let mut current = Some(origin);
    // Inventories nest a dozen levels at most; the bound is against a cycle that nobody intends.
    for _ in 0..STEPS_READ {
        let Some(origin) = current else { break };
        if let Some(place) = origin.header() {
            return Route {
                place: Some(place),
                ..Route::default()
            };
        }
        let steps = origin.trace().and_then(|trace| trace.steps.as_deref());
        if let Some(step) = steps
            && origin.is_written()
        {
            return along(step);
        }
        current = origin.within();
    }
    Route::default()
}

/// Finds the way back from the origin of a value, a nested block or an object to where the whole of it was
/// written.
pub(crate) fn value_route(origin: &Origin) -> Option<Route> {
    let step = origin.trace()?.steps.as_deref()?;
    Some(back(step).1)
}

/// The way back along a trace; a nested block is pointed at by its header.
fn along(latest: &TraceStep) -> Route {
    let (header, mut route) = back(latest);
    if header.is_some() {
        route.place = header;
    }
    route
}

/// The header, where the trace is a nested block's, and the way back: the oldest place where the value was written is
/// the one to change.
fn back(latest: &TraceStep) -> (Option<Place>, Route) {
    let mut steps = Vec::new();
    let mut next = Some(latest);
    while let Some(step) = next
        && steps.len() < STEPS_READ
    {
        steps.push(step);
        next = step.before.as_deref();
    }
    let made = |step: &&TraceStep| {
        matches!(
            step.kind,
            StepKind::Written | StepKind::Default(_) | StepKind::VariableFile(_)
        )
    };
    let end = steps
        .iter()
        .rposition(made)
        .unwrap_or(steps.len().saturating_sub(1));
    let Some(place) = steps.get(end).map(|step| step.place) else {
        return (None, Route::default());
    };
    // A block's header begins where the block does; a key of an object never stands where its value does.
    let header = steps[..end]
        .last()
        .filter(|step| step.kind == StepKind::Key && step.place.file == place.file)
        .filter(|step| step.place.span.start == place.span.start)
        .map(|step| step.place);
    let mut route = Route {
        place: Some(place),
        ..Route::default()
    };
    let mut references = 0;
    for step in &steps[..=end] {
        let text = match &step.kind {
            StepKind::Written | StepKind::Key => continue,
            StepKind::Default(name) => {
                route.remark = Some(format!("the default of `var.{name}`"));
                continue;
            }
            StepKind::VariableFile(name) => {
                route.remark = Some(format!("set for `var.{name}` here"));
                continue;
            }
            StepKind::Argument(name) => format!("passed as `{name}` here"),
            StepKind::Local(name) => format!("passed through `local.{name}` here"),
            StepKind::Output(name) => format!("passed through output `{name}` here"),
            StepKind::Reference(_) => {
                references += 1;
                if references == 1 {
                    "used here".to_owned()
                } else {
                    "passed on here".to_owned()
                }
            }
        };
        if overlaps(step.place, place) || route.steps.len() == STEPS_SHOWN {
            continue;
        }
        // An argument and the expression in it are one step to a person.
        match route.steps.last_mut() {
            Some((last, said)) if overlaps(*last, step.place) => {
                if matches!(step.kind, StepKind::Argument(_)) {
                    *said = text;
                }
            }
            _ => route.steps.push((step.place, text)),
        }
    }
    (header, route)
}

fn overlaps(left: Place, right: Place) -> bool {
    left.file == right.file && left.span.start < right.span.end && right.span.start < left.span.end
}

/// The locations of a verdict, the primary one first, none twice.
pub(crate) fn locate(source: &SourceMap, primary: &Label, secondary: &[Label]) -> Vec<Location> {
    let mut found: Vec<(Place, String, bool)> = Vec::new();
    let labels = std::iter::once((primary, true));
    for (label, is_primary) in labels.chain(secondary.iter().map(|label| (label, false))) {
        let route = route(&label.origin);
        let Some(place) = route.place else { continue };
        let text = match (label.text.as_str(), route.remark) {
            (text, None) => text.to_owned(),
            ("", Some(remark)) => remark,
            (text, Some(remark)) => format!("{text}; {remark}"),
        };
        let steps = route
            .steps
            .into_iter()
            .map(|(place, text)| (place, text, false));
        for entry in std::iter::once((place, text, is_primary && found.is_empty())).chain(steps) {
            let same = |(place, text, _): &(Place, String, bool)| {
                *place == entry.0 && (*text == entry.1 || entry.1.is_empty())
            };
            if !found.iter().any(same) {
                found.push(entry);
            }
        }
    }
    found
        .into_iter()
        .map(|(place, label, primary)| location(source, place, label, primary))
        .collect()
}

/// The location of one place. What spans lines is pointed at where it begins: its first line.
pub(crate) fn location(source: &SourceMap, place: Place, label: String, primary: bool) -> Location {
    let file = source.file(place.file);
    let span = first_line(&file.text, place.span);
    Location {
        file: file.name.clone(),
        text: SharedText(file.text.clone()),
        span,
        start: file.position(span.start),
        end: file.position(span.end),
        primary,
        label,
    }
}

/// Cuts a span to its first line, without what is blank at its end, and to whole characters.
fn first_line(text: &str, span: Span) -> Span {
    let whole = |offset: u32| {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let (start, end) = (whole(span.start), whole(span.end.max(span.start)));
    let first = match text[start..end].split_once('\n') {
        Some((first, _)) => first.trim_end(),
        None => &text[start..end],
    };
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span {
        start: offset(start),
        end: offset(start + first.len()),
    }
}
