//! The types that generated expressions have, and literal values of them.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::random::Random;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Text,
    Number,
    Truth,
    List(Box<Shape>),
    Set(Box<Shape>),
    Map(Box<Shape>),
    Object(Vec<(String, Shape)>),
}

/// Attribute names and keys; few, so that they meet.
pub(crate) const NAMES: [&str; 5] = ["a", "b", "c", "name", "port"];

impl Shape {
    pub(crate) fn list(of: Shape) -> Shape {
        Shape::List(Box::new(of))
    }

    pub(crate) fn any(random: &mut Random, depth: usize) -> Shape {
        let kinds = if depth == 0 { 4 } else { 9 };
        match random.below(kinds) {
            0 | 1 => Shape::Text,
            2 => Shape::Number,
            3 => Shape::Truth,
            4 => Shape::list(Shape::any(random, depth - 1)),
            5 => Shape::Set(Box::new(Shape::Text)),
            6 => Shape::Map(Box::new(Shape::any(random, depth - 1))),
            _ => {
                let names = NAMES.iter().filter(|_| random.below(2) == 0);
                let names: Vec<&str> = names.copied().collect();
                let attributes = names.into_iter();
                let attributes =
                    attributes.map(|name| (name.to_owned(), Shape::any(random, depth - 1)));
                Shape::Object(attributes.collect())
            }
        }
    }

    /// A type constraint that values of this type meet. Attributes are optional now and then.
    pub(crate) fn constraint(&self, random: &mut Random) -> String {
        match self {
            Shape::Text => "string".to_owned(),
            Shape::Number => "number".to_owned(),
            Shape::Truth => "bool".to_owned(),
            _ if random.one_in(12) => "any".to_owned(),
            Shape::List(of) => format!("list({})", of.constraint(random)),
            Shape::Set(of) => format!("set({})", of.constraint(random)),
            Shape::Map(of) => format!("map({})", of.constraint(random)),
            Shape::Object(attributes) => {
                let mut text = "object({".to_owned();
                for (at, (name, shape)) in attributes.iter().enumerate() {
                    let comma = if at == 0 { " " } else { ", " };
                    let constraint = shape.constraint(random);
                    let _ = match random.below(4) {
                        0 => {
                            let default = Literal::of(shape, random, 2).native();
                            write!(text, "{comma}{name} = optional({constraint}, {default})")
                        }
                        1 if random.one_in(4) => {
                            write!(text, "{comma}{name} = optional({constraint})")
                        }
                        _ => write!(text, "{comma}{name} = {constraint}"),
                    };
                }
                text + " })"
            }
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Literal {
    Null,
    Truth(bool),
    Number(&'static str),
    Text(String),
    Tuple(Vec<Literal>),
    Object(Vec<(String, Literal)>),
}

impl Literal {
    pub(crate) fn of(shape: &Shape, random: &mut Random, depth: usize) -> Literal {
        match shape {
            Shape::Truth => Literal::Truth(random.one_in(2)),
            Shape::Number => Literal::Number(random.pick::<&str>(&[
                "0",
                "1",
                "2",
                "3",
                "0.1",
                "0.2",
                "80",
                "-1",
                "1024",
                "9007199254740993",
                "1.50",
            ])),
            Shape::Text => Literal::Text(
                (*random.pick(&[
                    "", "x", "y-z", "12", "true", "0.50", "ünï", "a b", "a,b,c", "$${x}", "%%{y}",
                    "\"q\"", "l\nm", "<&>", "$", "$$", "e\u{301}",
                ]))
                .to_owned(),
            ),
            Shape::List(of) | Shape::Set(of) => {
                let count = random.below(4);
                let items = (0..count).map(|_| Literal::of(of, random, depth.saturating_sub(1)));
                Literal::Tuple(items.collect())
            }
            Shape::Map(of) => {
                let keys = ["k", "l m", "a", "7", "ü"];
                let mut entries = Vec::new();
                for key in keys {
                    if random.one_in(2) {
                        entries.push((key.to_owned(), Literal::of(of, random, depth)));
                    }
                }
                Literal::Object(entries)
            }
            Shape::Object(attributes) => {
                let entries = attributes.iter();
                let entries =
                    entries.map(|(name, shape)| (name.clone(), Literal::of(shape, random, depth)));
                Literal::Object(entries.collect())
            }
        }
    }

    /// The literal in the native syntax.
    pub(crate) fn native(&self) -> String {
        match self {
            Literal::Null => "null".to_owned(),
            Literal::Truth(truth) => truth.to_string(),
            Literal::Number(number) => (*number).to_owned(),
            Literal::Text(text) => quoted(text),
            Literal::Tuple(items) => {
                let items: Vec<String> = items.iter().map(Literal::native).collect();
                format!("[{}]", items.join(", "))
            }
            Literal::Object(entries) => {
                let entries = entries.iter();
                let entries =
                    entries.map(|(key, value)| format!("{} = {}", quoted(key), value.native()));
                format!("{{ {} }}", entries.collect::<Vec<String>>().join(", "))
            }
        }
    }

    /// The literal where JSON is not read as a template.
    pub(crate) fn json(&self) -> Json {
        match self {
            Literal::Null => Json::Null,
            Literal::Truth(truth) => json!(truth),
            Literal::Number(number) => serde_json::from_str(number).unwrap(),
            Literal::Text(text) => json!(text),
            Literal::Tuple(items) => items.iter().map(Literal::json).collect(),
            Literal::Object(entries) => {
                let entries = entries.iter();
                Json::Object(entries.map(|(k, v)| (k.clone(), v.json())).collect())
            }
        }
    }
}

/// A text in quotes; what begins an interpolation in it stays as it is.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}
