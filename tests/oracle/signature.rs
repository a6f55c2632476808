//! What Terraform says that its functions take and give.

use crate::cases::folder;

/// A type, as far as it matters for making an expression of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Any,
    Bool,
    Number,
    String,
    List(Box<Shape>),
    Set(Box<Shape>),
    Map(Box<Shape>),
    Tuple(Vec<Shape>),
    Object(Vec<(&'static str, Shape)>),
}

/// A function's name, what it takes and what it gives.
#[derive(Debug)]
pub(crate) struct Signature {
    pub(crate) name: String,
    pub(crate) parameters: Vec<Shape>,
    /// What it takes any number of after the others.
    pub(crate) variadic: Option<Shape>,
    pub(crate) result: Shape,
}

/// The functions that this version of Terraform has: `terraform metadata functions -json`, a line each.
pub(crate) fn signatures() -> Vec<Signature> {
    let list = std::fs::read_to_string(folder().join("functions.list")).unwrap();
    list.lines().map(signature).collect()
}

fn signature(line: &str) -> Signature {
    let (head, result) = line.rsplit_once(' ').unwrap();
    let (name, parameters) = head.split_once('(').unwrap();
    let parameters = parameters.strip_suffix(')').unwrap();
    let mut signature = Signature {
        name: name.to_owned(),
        parameters: Vec::new(),
        variadic: None,
        result: shape(result),
    };
    for parameter in parameters
        .split(", ")
        .filter(|parameter| !parameter.is_empty())
    {
        match parameter.strip_suffix("...") {
            Some(several) => signature.variadic = Some(shape(several)),
            None => signature.parameters.push(shape(parameter)),
        }
    }
    signature
}

fn shape(text: &str) -> Shape {
    let text = text.trim_end_matches('?');
    if let Some((name, element)) = text.split_once('(') {
        let element = Box::new(shape(element.strip_suffix(')').unwrap()));
        return match name {
            "list" => Shape::List(element),
            "set" => Shape::Set(element),
            _ => Shape::Map(element),
        };
    }
    match text {
        "bool" => Shape::Bool,
        "number" => Shape::Number,
        "string" => Shape::String,
        _ => Shape::Any,
    }
}
