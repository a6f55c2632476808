//! JSON schemas, as far as those of reports go.

use std::path::Path;

use regex_lite::Regex;
use serde_json::{Map, Value};

/// A schema, as it is published.
pub(crate) struct Schema(Value);

/// The words of a schema that say nothing of what is right.
const REMARKS: [&str; 7] = [
    "$schema",
    "id",
    "title",
    "description",
    "default",
    "definitions",
    // What the formats are asked for is held by tests of its own.
    "format",
];

impl Schema {
    pub(crate) fn read(name: &str) -> Self {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/schemas");
        let text = std::fs::read_to_string(directory.join(name)).unwrap();
        Schema(serde_json::from_str(&text).unwrap())
    }

    /// What of a value is not as the schema has it, each with its path.
    pub(crate) fn faults(&self, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(&self.0, value, "", &mut faults);
        faults
    }

    fn check(&self, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        let schema = schema.as_object().unwrap();
        for (word, asked) in schema {
            if let Some(fault) = self.fault(schema, word, asked, value, path, faults) {
                faults.push(format!("{path}: {fault}"));
            }
        }
    }

    fn fault(
        &self,
        schema: &Map<String, Value>,
        word: &str,
        asked: &Value,
        value: &Value,
        path: &str,
        faults: &mut Vec<String>,
    ) -> Option<String> {
        let not = |is: bool, what: &str| (!is).then(|| format!("{what}: {value:.80}"));
        let number = || asked.as_f64().unwrap();
        let size = || usize::try_from(asked.as_u64().unwrap()).unwrap();
        match (word, value) {
            ("$ref", _) => {
                let name = asked
                    .as_str()
                    .unwrap()
                    .strip_prefix("#/definitions/")
                    .unwrap();
                self.check(&self.0["definitions"][name], value, path, faults);
                None
            }
            ("type", _) => {
                let types: Vec<&Value> = match asked {
                    Value::Array(types) => types.iter().collect(),
                    one => vec![one],
                };
                not(types.iter().any(|name| is_of(value, name)), "another type")
            }
            ("enum", _) => not(asked.as_array().unwrap().contains(value), "none of these"),
            ("anyOf", _) => {
                let fits = asked.as_array().unwrap().iter().any(|schema| {
                    let mut faults = Vec::new();
                    self.check(schema, value, path, &mut faults);
                    faults.is_empty()
                });
                not(fits, "as none of these")
            }
            ("required", Value::Object(members)) => {
                let mut names = asked.as_array().unwrap().iter();
                let missing = names.find(|name| !members.contains_key(name.as_str().unwrap()));
                missing.map(|name| format!("no {name}"))
            }
            ("properties", Value::Object(members)) => {
                for (name, schema) in asked.as_object().unwrap() {
                    if let Some(member) = members.get(name) {
                        self.check(schema, member, &format!("{path}/{name}"), faults);
                    }
                }
                None
            }
            ("additionalProperties", Value::Object(members)) => {
                let known = schema.get("properties").and_then(Value::as_object);
                let others = members
                    .iter()
                    .filter(|(name, _)| !known.is_some_and(|known| known.contains_key(*name)));
                let others: Vec<(&String, &Value)> = others.collect();
                match asked {
                    Value::Bool(true) => None,
                    Value::Bool(false) => others.first().map(|(name, _)| format!("has {name}")),
                    schema => {
                        for (name, member) in others {
                            self.check(schema, member, &format!("{path}/{name}"), faults);
                        }
                        None
                    }
                }
            }
            ("items", Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.check(asked, item, &format!("{path}/{index}"), faults);
                }
                None
            }
            ("uniqueItems", Value::Array(items)) if *asked == Value::Bool(true) => {
                let repeated = (1..items.len()).any(|at| items[..at].contains(&items[at]));
                not(!repeated, "twice the same")
            }
            ("minItems", Value::Array(items)) => not(items.len() >= size(), "too few"),
            ("minLength", Value::String(text)) => not(text.chars().count() >= size(), "too short"),
            ("maxLength", Value::String(text)) => not(text.chars().count() <= size(), "too long"),
            ("pattern", Value::String(text)) => {
                let pattern = Regex::new(asked.as_str().unwrap()).unwrap();
                not(pattern.is_match(text), "not like the pattern")
            }
            ("minimum", Value::Number(_)) => not(value.as_f64() >= Some(number()), "too small"),
            ("maximum", Value::Number(_)) => not(value.as_f64() <= Some(number()), "too large"),
            (
                "required"
                | "properties"
                | "additionalProperties"
                | "items"
                | "uniqueItems"
                | "minItems"
                | "minLength"
                | "maxLength"
                | "pattern"
                | "minimum"
                | "maximum",
                _,
            ) => None,
            (remark, _) if REMARKS.contains(&remark) => None,
            (other, _) => panic!("`{other}` is not known"),
        }
    }
}

fn is_of(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type `{other}`"),
    }
}
