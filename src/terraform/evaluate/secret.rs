//! Which attributes of resources are secret sources.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::directory::Mode;
use crate::source::Place;
use crate::terraform::types::Type;
use crate::terraform::value::{Kind, Marks, Taint, Unknown, Value};

static LIST: &str = include_str!("sensitive_attributes.txt");

type Paths = Vec<Vec<&'static str>>;

/// A resource instance, as a secret source.
pub(super) struct Source<'a> {
    /// Whether it is a resource, a data source or ephemeral.
    pub(super) mode: Mode,
    /// Its type.
    pub(super) ty: &'a str,
    /// Its address.
    pub(super) address: &'a str,
    /// Where it is declared.
    pub(super) header: Place,
}

/// The attributes of a type that are secret sources, or have some in them.
pub(super) fn attributes(mode: Mode, ty: &str) -> impl Iterator<Item = &'static str> {
    let paths = paths(mode, ty).map_or(&[][..], Vec::as_slice);
    paths
        .iter()
        .filter(|path| path.len() == 1)
        .map(|path| path[0])
}

/// The paths to attributes of a resource that are secret sources.
pub(in crate::terraform) fn managed(ty: &str) -> &'static [Vec<&'static str>] {
    paths(Mode::Managed, ty).map_or(&[], Vec::as_slice)
}

/// Taints what is a secret source in an attribute; `other` gives another attribute of the instance.
pub(super) fn taint(
    value: Value,
    source: &Source<'_>,
    name: &str,
    other: &dyn Fn(&str) -> Option<Value>,
) -> Value {
    if source.mode == Mode::Ephemeral {
        return value.with_marks(&marks(source, &[name]));
    }
    let Some(paths) = paths(source.mode, source.ty) else {
        return value;
    };
    let mut value = value;
    for path in paths.iter().filter(|path| path[0] == name) {
        let mut marks = marks(source, path);
        if source.ty == "aws_ssm_parameter" && is_no_secret(other("type")) {
            marks.taint = None;
        }
        value = taint_within(value, &path[1..], &marks);
    }
    value
}

/// An attribute that nobody wrote, with the type that all providers give to its name.
pub(super) fn typed(unknown: Unknown, name: &str) -> Unknown {
    match name {
        "id" | "arn" => unknown.with_type(Type::String),
        _ => unknown,
    }
}

/// Whether a parameter's type is known, and not the one for secrets.
fn is_no_secret(ty: Option<Value>) -> bool {
    ty.is_some_and(|ty| ty.as_str().is_some_and(|ty| ty != "SecureString"))
}

fn marks(source: &Source<'_>, path: &[&str]) -> Marks {
    Marks {
        taint: Some(Arc::new(Taint {
            source: Arc::from(format!("`{}.{}`", source.address, path.join("."))),
            place: Some(source.header),
            is_bared: false,
        })),
        sensitive: true,
    }
}

/// Taints what is at a path in a value, in every element of lists on the way.
fn taint_within(mut value: Value, path: &[&str], marks: &Marks) -> Value {
    let Some((first, rest)) = path.split_first() else {
        // A plan marks the same, and knows no place.
        if let (Some(taint), Some(_)) = (&value.trace.taint, &marks.taint)
            && taint.place.is_none()
        {
            value.trace.taint = None;
        }
        return value.with_marks(marks);
    };
    let trace = std::mem::take(&mut value.trace);
    let tainted = match value.kind {
        Kind::List(sequence, elements) => {
            let elements = elements.iter().cloned();
            let elements = elements.map(|element| taint_within(element, path, marks));
            Value::sequence(sequence, elements.collect())
        }
        Kind::Object(mapping, map) if map.entries.contains_key(*first) => {
            let mut map = map.take();
            if let Some(entry) = map.entries.get_mut(*first) {
                *entry = taint_within(std::mem::take(entry), rest, marks);
            }
            Value::mapping(mapping, map)
        }
        kind => Value::of(kind),
    };
    tainted.with_trace(trace)
}

fn paths(mode: Mode, ty: &str) -> Option<&'static Paths> {
    static PARSED: OnceLock<HashMap<Mode, HashMap<&'static str, Paths>>> = OnceLock::new();
    PARSED.get_or_init(parse).get(&mode)?.get(ty)
}

fn parse() -> HashMap<Mode, HashMap<&'static str, Paths>> {
    let mut sources: HashMap<Mode, HashMap<&'static str, Paths>> = HashMap::new();
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ').peekable();
        let mode = match words.peek() {
            Some(&"data") => Mode::Data,
            Some(&"ephemeral") => Mode::Ephemeral,
            _ => Mode::Managed,
        };
        if mode != Mode::Managed {
            words.next();
        }
        let Some(ty) = words.next().filter(|ty| !ty.is_empty()) else {
            continue;
        };
        let paths = words.map(|path| path.split('.').collect());
        let types = sources.entry(mode).or_default();
        types.entry(ty).or_default().extend(paths);
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_as_it_is_written() {
        let of = |mode, ty| attributes(mode, ty).collect::<Vec<_>>();
        assert_eq!(
            of(Mode::Managed, "aws_db_instance"),
            ["password", "password_wo"]
        );
        assert_eq!(of(Mode::Data, "aws_ssm_parameter"), ["value"]);
        assert_eq!(of(Mode::Ephemeral, "aws_eks_cluster_auth"), ["token"]);
        let generated = LIST.split("\n\n").next().unwrap_or_default();
        for mode in ["data ", "ephemeral ", "aws_"] {
            let lines = generated.lines().filter(|line| line.starts_with(mode));
            let types: Vec<_> = lines.collect();
            assert!(types.len() > 5 && types.is_sorted(), "{mode}");
        }
    }
}
