//! Holding a container definition against the schema of the API.
//!
//! The provider decodes the JSON into the types of the API: it takes keys in any case, drops those that it does not
//! know, and refuses a value of another type than the key's.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::did_you_mean::{did_you_mean, is_slip};
use crate::ecs::Origin;
use crate::ecs::inventory::{MeantKey, SchemaFault, SchemaFaultKind};
use crate::terraform::value::Map;
use crate::terraform::{Kind, Value};

static LIST: &str = include_str!("shapes.txt");

/// What a container definition is made of.
const ROOT: &str = "ContainerDefinition";

/// The most faults of one container that are told.
const MOST_FAULTS: usize = 32;

/// What is judged elsewhere: ECS:008 looks at the log driver.
const ELSEWHERE: [&str; 1] = ["logDriver"];

/// The members of a structure.
type Structure = Vec<Member>;

#[derive(Debug)]
struct Member {
    key: &'static str,
    is_required: bool,
    shape: Shape,
}

/// What a value of the API may be.
#[derive(Debug)]
enum Shape {
    Text,
    Integer,
    Boolean,
    /// One of these texts.
    OneOf(Vec<&'static str>),
    List(Box<Shape>),
    /// A map of texts.
    Texts,
    Structure(&'static str),
}

/// What does not fit in a container definition.
pub(super) fn faults(definition: &Map, origin: &Origin) -> Vec<SchemaFault> {
    let mut faults = Faults::default();
    faults.structure(definition, ROOT, "", origin);
    faults.0
}

#[derive(Default)]
struct Faults(Vec<SchemaFault>);

impl Faults {
    fn structure(&mut self, map: &Map, name: &str, path: &str, origin: &Origin) {
        let Some(members) = structures().get(name) else {
            return;
        };
        let find = |key: &str| members.iter().find(|one| one.key.eq_ignore_ascii_case(key));
        let mut taken: HashMap<&str, &Value> = HashMap::new();
        for (key, value) in &map.entries {
            if self.0.len() >= MOST_FAULTS {
                return;
            }
            let at = join(path, key);
            let member = find(key);
            let before = member.and_then(|member| taken.insert(member.key, value));
            if value.trace.repeated().is_some() || before.is_some() {
                self.add(
                    &at,
                    key_origin(value, key, origin),
                    SchemaFaultKind::RepeatedKey,
                );
            }
            let Some(member) = member else {
                // Null has no effect, and what is marked as a comment is meant to have none.
                if value.is_null() || key.starts_with(['_', '$', '/', '#']) {
                    continue;
                }
                let origin = key_origin(value, key, origin);
                let meant = meant(key, value, members, map);
                let written = key.clone();
                self.add(&at, origin, SchemaFaultKind::UnknownKey { written, meant });
                continue;
            };
            let value_origin = Origin::value(&value.trace, origin).named(key);
            self.value(value, &member.shape, &at, &value_origin, member.key);
        }
        // What is not there is only known where nothing else can be.
        if map.rest.is_some() {
            return;
        }
        let is_written = |member: &Member| {
            let mut entries = map.entries.iter();
            entries.any(|(key, value)| member.key.eq_ignore_ascii_case(key) && !value.is_null())
        };
        for member in members {
            let judged = member.is_required && !ELSEWHERE.contains(&member.key);
            if judged && !is_written(member) {
                let kind = SchemaFaultKind::MissingKey(member.key);
                self.add(path, origin.clone(), kind);
            }
        }
    }

    fn value(
        &mut self,
        value: &Value,
        shape: &'static Shape,
        path: &str,
        origin: &Origin,
        key: &str,
    ) {
        let expected = match (shape, &value.kind) {
            (_, Kind::Null(_) | Kind::Unknown(_)) => return,
            (Shape::Text, Kind::String(_) | Kind::Json(_)) => return,
            (Shape::Boolean, Kind::Bool(_)) => return,
            (Shape::Integer, Kind::Number(number)) => match number.to_string().parse::<i32>() {
                Ok(_) => return,
                Err(_) => "a whole number of 32 bits",
            },
            (Shape::OneOf(texts), Kind::String(_) | Kind::Json(_)) => {
                self.one_of(value, texts, path, origin, key);
                return;
            }
            (Shape::List(item), Kind::List(_, items)) => {
                for (index, value) in items.iter().enumerate() {
                    if self.0.len() >= MOST_FAULTS {
                        return;
                    }
                    let name = format!("[{index}]");
                    let within = Origin::value(&value.trace, origin).named(&name);
                    self.value(value, item, &format!("{path}{name}"), &within, key);
                }
                return;
            }
            (Shape::Texts, Kind::Object(_, map)) => {
                for (name, value) in &map.entries {
                    if self.0.len() >= MOST_FAULTS {
                        return;
                    }
                    let at = Origin::value(&value.trace, origin).named(name);
                    if value.trace.repeated().is_some() {
                        let key = key_origin(value, name, origin);
                        self.add(&join(path, name), key, SchemaFaultKind::RepeatedKey);
                    }
                    self.value(value, &Shape::Text, &join(path, name), &at, name);
                }
                return;
            }
            (Shape::Structure(name), Kind::Object(_, map)) => {
                self.structure(map, name, path, origin);
                return;
            }
            (Shape::Text | Shape::OneOf(_), _) => "a text",
            (Shape::Integer, _) => "a number",
            (Shape::Boolean, _) => "a truth value",
            (Shape::List(_), _) => "a list",
            (Shape::Texts | Shape::Structure(_), _) => "an object",
        };
        let found = kind(value);
        self.add(
            path,
            origin.clone(),
            SchemaFaultKind::WrongType { expected, found },
        );
    }

    fn one_of(
        &mut self,
        value: &Value,
        texts: &'static [&str],
        path: &str,
        origin: &Origin,
        key: &str,
    ) {
        // The provider sends no text that is empty, and how strictly the API takes the case is not told.
        let fits =
            |text: &str| text.is_empty() || texts.iter().any(|one| one.eq_ignore_ascii_case(text));
        if value.as_str().is_some_and(|text| !fits(&text)) && !ELSEWHERE.contains(&key) {
            self.add(path, origin.clone(), SchemaFaultKind::NotAmong(texts));
        }
    }

    fn add(&mut self, path: &str, origin: Origin, kind: SchemaFaultKind) {
        if self.0.len() < MOST_FAULTS {
            let path = Arc::from(path);
            self.0.push(SchemaFault { path, origin, kind });
        }
    }
}

/// The key that an unknown one was probably meant to be.
fn meant(written: &str, value: &Value, members: &'static Structure, map: &Map) -> Option<MeantKey> {
    let keys = || members.iter().map(|member| member.key);
    let key = did_you_mean(written, keys())?;
    let member = members.iter().find(|member| member.key == key)?;
    let alone = keys().filter(|key| is_slip(written, key)).count() == 1;
    let free = !map
        .entries
        .keys()
        .any(|other| other.eq_ignore_ascii_case(key));
    let mut trial = Faults::default();
    trial.value(value, &member.shape, "", &Origin::default(), key);
    Some(MeantKey {
        key,
        is_sure: is_slip(written, key) && alone && free && trial.0.is_empty(),
    })
}

/// The place of a key, else of what it is in.
fn key_origin(value: &Value, key: &str, within: &Origin) -> Origin {
    Origin::key(&value.trace, within).named(key)
}

fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        _ => format!("{path}.{key}"),
    }
}

fn kind(value: &Value) -> &'static str {
    match &value.kind {
        Kind::Null(_) => "null",
        Kind::Bool(_) => "a truth value",
        Kind::Number(_) => "a number",
        Kind::String(_) | Kind::Json(_) => "a text",
        Kind::List(..) => "a list",
        Kind::Object(..) => "an object",
        Kind::Unknown(_) => "unknown",
    }
}

fn structures() -> &'static HashMap<&'static str, Structure> {
    static PARSED: OnceLock<HashMap<&'static str, Structure>> = OnceLock::new();
    PARSED.get_or_init(|| {
        let lines = LIST.lines().filter(|line| !line.starts_with('#'));
        let structures = lines.filter_map(|line| line.split_once(' '));
        structures
            .map(|(name, members)| (name, members.split(' ').filter_map(member).collect()))
            .collect()
    })
}

fn member(text: &'static str) -> Option<Member> {
    let (key, shape) = text.split_once(':')?;
    Some(Member {
        key: key.trim_end_matches('!'),
        is_required: key.ends_with('!'),
        shape: shape_of(shape),
    })
}

fn shape_of(text: &'static str) -> Shape {
    if let Some(texts) = text.strip_prefix('=') {
        return Shape::OneOf(texts.split('|').collect());
    }
    let within = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    if let Some(item) = within {
        return Shape::List(Box::new(shape_of(item)));
    }
    match text {
        "text" => Shape::Text,
        "integer" => Shape::Integer,
        "boolean" => Shape::Boolean,
        "{text}" => Shape::Texts,
        name => Shape::Structure(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terraform::json;

    #[test]
    fn the_list_is_sorted_and_names_only_what_is_in_it() {
        let lines: Vec<_> = LIST.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted());
        assert_eq!(structures().len(), lines.len());
        for line in lines {
            let members: Vec<_> = line.split(' ').skip(1).collect();
            assert!(members.is_sorted(), "{line}");
            assert!(!members.is_empty(), "{line}");
        }
        let mut waiting: Vec<&Shape> = structures()
            .values()
            .flat_map(|members| members.iter().map(|member| &member.shape))
            .collect();
        while let Some(shape) = waiting.pop() {
            match shape {
                Shape::List(item) => waiting.push(item),
                Shape::Structure(name) => {
                    assert!(structures().contains_key(name), "`{name}`");
                }
                _ => {}
            }
        }
        assert!(structures().contains_key(ROOT));
    }

    /// What does not fit in a definition, in short.
    fn found(definition: &str) -> Vec<String> {
        let value = json::parse(&definition.into()).unwrap();
        let (_, map) = value.as_mapping().unwrap();
        let faults = faults(map, &Origin::default()).into_iter();
        faults
            .map(|fault| match fault.kind {
                SchemaFaultKind::UnknownKey { meant, .. } => {
                    let meant = meant.map(|meant| format!(" {} {}", meant.key, meant.is_sure));
                    format!("{}: unknown{}", fault.path, meant.unwrap_or_default())
                }
                SchemaFaultKind::RepeatedKey => format!("{}: repeated", fault.path),
                SchemaFaultKind::WrongType { expected, found } => {
                    format!("{}: {found}, not {expected}", fault.path)
                }
                SchemaFaultKind::NotAmong(_) => format!("{}: not among", fault.path),
                SchemaFaultKind::MissingKey(key) => format!("{}: no {key}", fault.path),
            })
            .collect()
    }

    /// What provider 5.100 takes and refuses in a plan, and what of it it drops.
    #[test]
    fn what_the_provider_refuses_or_drops_does_not_fit_and_nothing_else() {
        let cases = [
            (r#"{"memory":"128"}"#, "memory: a text, not a number"),
            (
                r#"{"memory":1.5}"#,
                "memory: a number, not a whole number of 32 bits",
            ),
            (
                r#"{"memory":3000000000}"#,
                "memory: a number, not a whole number of 32 bits",
            ),
            (r#"{"memory":null}"#, ""),
            (r#"{"cpu":true}"#, "cpu: a truth value, not a number"),
            (
                r#"{"essential":"true"}"#,
                "essential: a text, not a truth value",
            ),
            (
                r#"{"essential":1}"#,
                "essential: a number, not a truth value",
            ),
            (r#"{"name":1}"#, "name: a number, not a text"),
            (r#"{"name":["a"]}"#, "name: a list, not a text"),
            (
                r#"{"priviledged":true}"#,
                "priviledged: unknown privileged true",
            ),
            (r#"{"Privileged":true,"readOnlyRootFilesystem":true}"#, ""),
            (
                r#"{"portMappings":[{"containerPort":80,"foo":1}]}"#,
                "portMappings[0].foo: unknown",
            ),
            (
                r#"{"environment":{"A":"b"}}"#,
                "environment: an object, not a list",
            ),
            (
                r#"{"environment":[{"name":"A","value":1}]}"#,
                "environment[0].value: a number, not a text",
            ),
            (r#"{"environment":[null,{"name":"A","value":null}]}"#, ""),
            (r#"{"command":"ls"}"#, "command: a text, not a list"),
            (
                r#"{"command":["a",1,null]}"#,
                "command[1]: a number, not a text",
            ),
            (
                r#"{"dockerLabels":{"a":1,"b":null}}"#,
                "dockerLabels.a: a number, not a text",
            ),
            (
                r#"{"dockerLabels":["a"]}"#,
                "dockerLabels: a list, not an object",
            ),
            (
                r#"{"logConfiguration":[]}"#,
                "logConfiguration: a list, not an object",
            ),
            (
                r#"{"portMappings":{"containerPort":80}}"#,
                "portMappings: an object, not a list",
            ),
            (
                r#"{"linuxParameters":""}"#,
                "linuxParameters: a text, not an object",
            ),
            (r#"{"linuxParameters":null}"#, ""),
            (
                r#"{"systemControls":[{"namespace":"a","value":1}]}"#,
                "systemControls[0].value: a number, not a text",
            ),
        ];
        for (definition, expected) in cases {
            assert_eq!(found(definition).join("; "), expected, "{definition}");
        }
    }

    #[test]
    fn what_only_the_api_refuses_does_not_fit_either() {
        let cases = [
            (
                r#"{"portMappings":[{"protocol":"icmp"}]}"#,
                "portMappings[0].protocol: not among",
            ),
            (
                r#"{"portMappings":[{"protocol":"TCP"},{"protocol":""}]}"#,
                "",
            ),
            (r#"{"logConfiguration":{"logDriver":"nope"}}"#, ""),
            (r#"{"secrets":[{"name":"A"}]}"#, "secrets[0]: no valueFrom"),
            (r#"{"name":"a","NAME":"b"}"#, "name: repeated"),
        ];
        for (definition, expected) in cases {
            assert_eq!(found(definition).join("; "), expected, "{definition}");
        }
    }

    #[test]
    fn a_slip_is_told_from_a_guess() {
        let cases = [
            (
                r#"{"readonlyRootFileSytem":true}"#,
                "readonlyRootFileSytem: unknown readonlyRootFilesystem true",
            ),
            (
                r#"{"readonlyRootFileSytem":"true"}"#,
                "readonlyRootFileSytem: unknown readonlyRootFilesystem false",
            ),
            (r#"{"memry":1,"memory":2}"#, "memry: unknown memory false"),
            (r#"{"volumes":[]}"#, "volumes: unknown volumesFrom false"),
            (
                r#"{"log_configuration":{}}"#,
                "log_configuration: unknown logConfiguration true",
            ),
            (r#"{"cpus":1}"#, "cpus: unknown cpu true"),
            (r#"{"taskRoleArn":"a"}"#, "taskRoleArn: unknown"),
        ];
        for (definition, expected) in cases {
            assert_eq!(found(definition).join("; "), expected, "{definition}");
        }
    }
}
