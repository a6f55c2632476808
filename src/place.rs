//! From an origin to the places that a person should see: where to change something, and the way that
//! the value took from there.

use crate::ecs::Origin;
use crate::hcl::Span;
use crate::report::{Location, SharedText};
use crate::source::{Place, SourceMap};
use crate::terraform::value::{StepKind, TraceStep};
use crate::verdict::{Label, Name};

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
    /// Whether the place is where the value was written, and not only where it was last seen.
    pub(crate) is_written: bool,
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

/// Finds the way back from an origin. Nobody edits an installed module: where the way ends in one, the module call
/// in the user's own tree is the place to change.
pub(crate) fn route(origin: &Origin, source: &SourceMap) -> Route {
    installed(origin, way_back(origin, None, source), source)
}

/// The same for what is called by a name that somebody wrote: a secret is to be taken out where it is
/// given that name.
fn route_of_named(origin: &Origin, name: &Name, source: &SourceMap) -> Route {
    installed(origin, way_back(origin, Some(name), source), source)
}

fn installed(origin: &Origin, mut route: Route, source: &SourceMap) -> Route {
    let Some(place) = route.place.filter(|&place| is_installed(place, source)) else {
        return route;
    };
    let mut current = Some(origin);
    for _ in 0..STEPS_READ {
        let Some(origin) = current else { break };
        let own = origin
            .calls()
            .iter()
            .find(|&&call| !is_installed(call, source));
        if let Some(&call) = own {
            route
                .steps
                .insert(0, (place, "in the installed module, here".to_owned()));
            route.place = Some(call);
            break;
        }
        current = origin.within();
    }
    route
}

/// Whether a place is in a module that `terraform init` installed.
fn is_installed(place: Place, source: &SourceMap) -> bool {
    source
        .file(place.file)
        .name
        .split('/')
        .any(|part| part == ".terraform")
}

fn way_back(origin: &Origin, name: Option<&Name>, source: &SourceMap) -> Route {
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
        if let Some(trace) = origin.trace()
            && origin.is_written()
            && trace.steps.is_some()
        {
            let steps: Vec<&TraceStep> = trace.iter().take(STEPS_READ).collect();
            let end = match trace.taint {
                Some(_) => End::Secret(name),
                None => End::Made,
            };
            let mut route = along(&steps, end, source);
            route.place = header(&steps).or(route.place);
            return route;
        }
        current = origin.within();
    }
    Route::default()
}

/// Finds the way back from the origin of a value, a nested block or an object to where the whole of it was
/// written.
pub(crate) fn value_route(origin: &Origin, source: &SourceMap) -> Option<Route> {
    let trace = origin.trace()?;
    let steps: Vec<&TraceStep> = trace.iter().take(STEPS_READ).collect();
    (!steps.is_empty()).then(|| along(&steps, End::Made, source))
}

/// The header of a nested block, where the steps are of one: it begins where the block does, and a key of
/// an object never stands where its value does.
fn header(steps: &[&TraceStep]) -> Option<Place> {
    let (written, before) = steps.split_last()?;
    let key = before.last()?;
    let is_header = key.kind == StepKind::Key
        && key.place.file == written.place.file
        && key.place.span.start == written.place.span.start;
    is_header.then_some(key.place)
}

/// Which step of a value's way is the one to change.
#[derive(Clone, Copy)]
enum End<'a> {
    /// The oldest place where the value was written.
    Made,
    /// Of a secret the place where it is referred to, and not where it is made: the one next to the name
    /// that it is given, if there is one, else the oldest.
    Secret(Option<&'a Name>),
}

/// The way back along steps, the last first.
fn along(steps: &[&TraceStep], end: End<'_>, source: &SourceMap) -> Route {
    let is_made = |step: &&TraceStep| {
        matches!(
            step.kind,
            StepKind::Written | StepKind::Default(_) | StepKind::VariableFile(_)
        )
    };
    let is_reference = |step: &&TraceStep| matches!(step.kind, StepKind::Reference(_));
    let referred = match end {
        End::Made => None,
        End::Secret(name) => name
            .and_then(|name| beside(steps, name, source))
            .or_else(|| steps.iter().rposition(is_reference)),
    };
    let is_secret = matches!(end, End::Secret(_));
    let end = referred
        .or_else(|| steps.iter().rposition(is_made))
        .unwrap_or(steps.len().saturating_sub(1));
    let mut route = Route {
        place: steps.get(end).map(|step| step.place),
        is_written: steps.get(end).is_some_and(is_made),
        ..Route::default()
    };
    let mut referred = false;
    for (index, step) in steps.iter().enumerate() {
        let text = match &step.kind {
            StepKind::Written | StepKind::Key | StepKind::Again => continue,
            StepKind::Default(name) => format!("the default of `var.{name}`"),
            StepKind::VariableFile(name) => format!("set for `var.{name}` here"),
            StepKind::Argument(name) => format!("passed as `{name}` here"),
            StepKind::Local(name) => format!("passed through `local.{name}` here"),
            StepKind::Output(name) => format!("passed through output `{name}` here"),
            StepKind::Reference(_) if referred => "passed on here".to_owned(),
            StepKind::Reference(_) => {
                referred = true;
                "used here".to_owned()
            }
        };
        if index <= end && is_made(step) {
            route.remark = Some(text);
        } else if index <= end || is_secret || is_made(step) {
            route.pass(step.place, text, source);
        }
    }
    route
}

/// The reference that a name is given to: the value of a key of that name, else the one in the name's file
/// that stands nearest to it.
fn beside(steps: &[&TraceStep], name: &Name, source: &SourceMap) -> Option<usize> {
    let is_reference = |step: &&TraceStep| matches!(step.kind, StepKind::Reference(_));
    let is_key = |step: &&TraceStep| {
        step.kind == StepKind::Key && source.text(step.place).trim_matches('"') == name.text
    };
    if let Some(key) = steps.iter().position(is_key) {
        let value = steps[key..].iter().position(is_reference)?;
        return Some(key + value);
    }
    let name = way_back(&name.origin, None, source).place?;
    let (near, _) = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| is_reference(step) && step.place.file == name.file)
        .min_by_key(|(_, step)| step.place.span.start.abs_diff(name.span.start))?;
    Some(near)
}

impl Route {
    /// Adds a step, unless it stands where another does: an argument and the expression in it are one step
    /// to a person, shown as the argument where that is one line, else as the expression.
    fn pass(&mut self, place: Place, text: String, source: &SourceMap) {
        if self.place.is_some_and(|end| overlaps(end, place)) {
            return;
        }
        if let Some((last, said)) = self.steps.last_mut()
            && overlaps(*last, place)
        {
            let wider = place.span.end - place.span.start > last.span.end - last.span.start;
            if wider && !source.text(place).contains('\n') {
                (*last, *said) = (place, text);
            } else if !wider && source.text(*last).contains('\n') {
                *last = place;
            }
        } else if self.steps.len() < STEPS_SHOWN {
            self.steps.push((place, text));
        }
    }
}

fn overlaps(left: Place, right: Place) -> bool {
    left.file == right.file && left.span.start < right.span.end && right.span.start < left.span.end
}

/// The locations of a verdict, the primary one first, none twice.
pub(crate) fn locate(source: &SourceMap, primary: &Label, secondary: &[Label]) -> Vec<Location> {
    let mut found: Vec<Found> = Vec::new();
    let labels = std::iter::once((primary, true));
    for (label, is_primary) in labels.chain(secondary.iter().map(|label| (label, false))) {
        let route = match &label.name {
            Some(name) => route_of_named(&label.origin, name, source),
            None => route(&label.origin, source),
        };
        let Some(place) = route.place else { continue };
        let text = match (label.text.as_str(), route.remark) {
            (text, None) => text.to_owned(),
            ("", Some(remark)) => remark,
            (text, Some(remark)) => format!("{text}; {remark}"),
        };
        let end = Found {
            place,
            text,
            primary: is_primary && found.is_empty(),
            step: false,
        };
        let steps = route.steps.into_iter().map(|(place, text)| Found {
            place,
            text,
            primary: false,
            step: true,
        });
        for entry in std::iter::once(end).chain(steps) {
            let same = |other: &Found| {
                other.place == entry.place && (other.text == entry.text || entry.text.is_empty())
            };
            if !found.iter().any(same) {
                found.push(entry);
            }
        }
    }
    found
        .into_iter()
        .map(|found| Location {
            step: found.step,
            ..location(source, found.place, found.text, found.primary)
        })
        .collect()
}

/// A place that a person should see, and what is to be said there.
struct Found {
    place: Place,
    text: String,
    primary: bool,
    step: bool,
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
        step: false,
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::*;
    use crate::terraform::value::Taint;

    #[test]
    fn a_secret_is_taken_out_where_it_is_given_its_name() {
        let mut source = SourceMap::default();
        let module = "e = [for k, v in var.env : {}]";
        let text =
            "env = { DB_PASSWORD = local.db }\ndb = aws_db.d.password\nn = \"DB_PASSWORD\"\n";
        let module = source.add(PathBuf::from("m"), Arc::from("m"), Arc::from(module));
        let file = source.add(PathBuf::from("f"), Arc::from("f"), Arc::from(text));
        let at = |file, start: usize, length: usize| {
            let start = u32::try_from(start).unwrap();
            let end = start + u32::try_from(length).unwrap();
            Place::new(file, Span { start, end })
        };
        let of = |piece: &str| at(file, text.find(piece).unwrap(), piece.len());
        let reference = |name: &str| StepKind::Reference(Arc::from(name));
        let mut keyed = vec![
            (reference("aws_db.d.password"), of("aws_db.d.password")),
            (reference("local.db"), of("local.db")),
            (StepKind::Key, of("DB_PASSWORD")),
            (reference("var.env"), at(module, 18, 7)),
        ];
        let trace = |steps: &[(StepKind, Place)]| {
            let mut trace = crate::terraform::Trace::default();
            for (kind, place) in steps {
                let before = trace.steps.take();
                let (kind, place) = (kind.clone(), *place);
                trace.steps = Some(Arc::new(TraceStep {
                    kind,
                    place,
                    before,
                }));
            }
            let source = Arc::from("`aws_db.d.password`");
            trace.taint = Some(Arc::new(Taint {
                source,
                place: None,
                is_bared: false,
            }));
            Origin::value(&trace, &Origin::default())
        };
        let name = Name {
            origin: trace(&[(StepKind::Written, of("\"DB_PASSWORD\""))]),
            text: "DB_PASSWORD".to_owned(),
        };
        let way = route_of_named(&trace(&keyed), &name, &source);
        assert_eq!(way.place, Some(of("local.db")));
        keyed.remove(2);
        let way = route_of_named(&trace(&keyed), &name, &source);
        assert_eq!(way.place, Some(of("aws_db.d.password")));
        assert_eq!(
            route(&trace(&keyed), &source).place,
            Some(of("aws_db.d.password"))
        );
    }

    #[test]
    fn what_is_in_an_installed_module_is_changed_at_its_call() {
        let mut source = SourceMap::default();
        let mut place = |name: &str, text: &str, end: u32| {
            let file = source.add(PathBuf::from(name), Arc::from(name), Arc::from(text));
            Place::new(file, Span { start: 0, end })
        };
        let inner = place(
            ".terraform/modules/m/sub/main.tf",
            "resource \"a\" \"b\" {\n}\n",
            16,
        );
        let between = place(".terraform/modules/m/main.tf", "module \"sub\" {\n}\n", 12);
        let own = place("main.tf", "module \"m\" {\n}\n", 10);
        let origin = Origin::resource(Some(inner), None, &[between, own], &Origin::default());
        let missing = Origin::missing(&origin);
        for origin in [&origin, &missing] {
            let route = route(origin, &source);
            assert_eq!(route.place, Some(own));
            assert_eq!(
                route.steps,
                [(inner, "in the installed module, here".to_owned())]
            );
        }
        let origin = Origin::resource(Some(inner), None, &[], &Origin::default());
        assert_eq!(route(&origin, &source).place, Some(inner));
    }
}
