//! Expressions of a wanted type over the names that are in scope.

use crate::random::Random;
use crate::shape::{Literal, NAMES, Shape};

/// Something that an expression may refer to.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) text: String,
    pub(crate) shape: Shape,
    /// Whether all of it is known before anything is applied.
    pub(crate) known: bool,
}

/// What is in scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    pub(crate) named: Vec<Named>,
    /// What may give an unknown, as text.
    pub(crate) unknown: Option<String>,
    /// The template files that can be rendered, each with the variables `t` (a text) and `l` (a list).
    pub(crate) templates: Vec<String>,
}

impl Names {
    pub(crate) fn add(&mut self, text: impl Into<String>, shape: Shape, known: bool) {
        self.named.push(Named {
            text: text.into(),
            shape,
            known,
        });
    }

    fn with(&self, text: &str, shape: &Shape, known: bool) -> Names {
        let mut names = self.clone();
        // What is bound last is met most.
        for _ in 0..3 {
            names.add(text, shape.clone(), known);
        }
        names
    }

    /// References that give a value of a type.
    fn references(&self, wanted: &Shape, known: bool) -> Vec<String> {
        let mut found = Vec::new();
        for named in self.named.iter().filter(|named| named.known || !known) {
            paths(&named.text, &named.shape, wanted, 2, &mut found);
        }
        found
    }
}

fn paths(text: &str, shape: &Shape, wanted: &Shape, depth: usize, found: &mut Vec<String>) {
    if shape == wanted {
        found.push(text.to_owned());
    }
    if depth == 0 {
        return;
    }
    match shape {
        Shape::Object(attributes) => {
            for (name, shape) in attributes {
                paths(&format!("{text}.{name}"), shape, wanted, depth - 1, found);
                // What is in a whole resource or module cannot be indexed.
                if text.contains(['(', '[', ' ']) || text.matches('.').count() != 1 {
                    paths(&format!("{text}[\"{name}\"]"), shape, wanted, 0, found);
                }
            }
            if let Shape::Text = wanted {
                found.push(format!("join(\",\", keys({text}))"));
            }
        }
        Shape::List(of) => {
            if of.as_ref() == wanted {
                let fallback = fallback(wanted);
                found.push(format!("try({text}[0], {fallback})"));
                found.push(format!("element(concat({text}, [{fallback}]), 1)"));
                found.push(format!("one(slice({text}, 0, min(1, length({text}))))"));
            }
            if let (Shape::Object(attributes), Shape::List(inner)) = (of.as_ref(), wanted) {
                for (name, shape) in attributes {
                    if shape == inner.as_ref() {
                        found.push(format!("{text}[*].{name}"));
                        found.push(format!("{text}.*.{name}"));
                    }
                }
            }
        }
        Shape::Map(of) if of.as_ref() == wanted => {
            let fallback = fallback(wanted);
            found.push(format!("lookup({text}, \"k\", {fallback})"));
            found.push(format!("try({text}[\"a\"], {text}.k, {fallback})"));
        }
        _ => {}
    }
}

pub(crate) fn fallback(shape: &Shape) -> String {
    Literal::of(shape, &mut Random::new(7), 0).native()
}

/// An expression of a type; a known one where that is wanted.
pub(crate) fn expression(
    random: &mut Random,
    names: &Names,
    shape: &Shape,
    known: bool,
    depth: usize,
) -> String {
    if depth == 0 || random.one_in(6) {
        return simple(random, names, shape, known);
    }
    let mut again = |shape: &Shape| expression(random, names, shape, known, depth - 1);
    let (one, another) = (again(shape), again(shape));
    let condition = again(&Shape::Truth);
    match random.below(14) {
        0 => return format!("({condition} ? {one} : {another})"),
        1 => return format!("try({one}, {another})"),
        2 => return format!("({one})"),
        3 => {
            let at = random.pick(&NAMES);
            return format!("{{ {at} = {one}, other = {another} }}.{at}");
        }
        4 => return format!("[{one}, {another}][{}]", random.below(2)),
        5 => {
            // What Terraform cannot do with the value at hand is left to `try`.
            return format!("try(({one}).missing, {another})");
        }
        _ => {}
    }
    match shape {
        Shape::Text => text(random, names, known, depth),
        Shape::Number => number(random, names, known, depth),
        Shape::Truth => truth(random, names, known, depth),
        Shape::List(of) => list(random, names, of, known, depth),
        Shape::Set(of) => {
            let of = Shape::List(of.clone());
            let inner = expression(random, names, &of, true, depth - 1);
            match random.below(3) {
                0 => format!("toset({inner})"),
                1 => format!("setunion({inner}, [\"z\"])"),
                _ => format!("toset([for i in {inner} : i])"),
            }
        }
        Shape::Map(of) => map(random, names, of, known, depth),
        Shape::Object(attributes) => {
            let mut entries = Vec::new();
            for (name, shape) in attributes {
                let value = expression(random, names, shape, known, depth - 1);
                let separator = *random.pick(&[" = ", " : ", "="]);
                let key = match random.below(5) {
                    0 => format!("\"{name}\""),
                    1 => format!("(\"{name}\")"),
                    _ => name.clone(),
                };
                entries.push(format!("{key}{separator}{value}"));
            }
            let whole = format!("{{ {} }}", entries.join(", "));
            match random.below(4) {
                0 => format!("merge({whole}, {{}})"),
                1 => format!("jsondecode(jsonencode({whole}))"),
                _ => whole,
            }
        }
    }
}

fn simple(random: &mut Random, names: &Names, shape: &Shape, known: bool) -> String {
    if let (false, Some(unknown)) = (known, &names.unknown)
        && random.one_in(5)
    {
        let unknown = match shape {
            Shape::Text => Some(unknown.clone()),
            Shape::Number => Some(format!("length({unknown})")),
            Shape::Truth => Some(format!("{unknown} == \"x\"")),
            Shape::List(of) if **of == Shape::Text => Some(format!("split(\"-\", {unknown})")),
            _ => None,
        };
        if let Some(unknown) = unknown {
            return unknown;
        }
    }
    let references = names.references(shape, known);
    if !references.is_empty() && !random.one_in(5) {
        return random.pick(&references).clone();
    }
    Literal::of(shape, random, 2).native()
}

fn text(random: &mut Random, names: &Names, known: bool, depth: usize) -> String {
    let kind = random.below(15);
    let mut again = |shape: &Shape| expression(random, names, shape, known, depth - 1);
    let one = again(&Shape::Text);
    let texts = || Shape::list(Shape::Text);
    match kind {
        0 => format!("\"${{{one}}}:v-${{{}}}\"", again(&Shape::Number)),
        1 => format!("join(\"-\", {})", again(&texts())),
        2 => format!("format(\"%s/%v\", {one}, {})", again(&Shape::Truth)),
        3 => format!("upper({one})"),
        4 => {
            let inner = Shape::any(random, 2);
            let inner = expression(random, names, &inner, known, depth - 1);
            format!("jsonencode({inner})")
        }
        5 => format!("replace({one}, \"/[aeiou]/\", \"<$0>\")"),
        6 => format!(
            "\"%{{ for i, n in {} ~}} ${{i}}=${{n}};%{{ endfor }}\"",
            again(&texts())
        ),
        7 => format!(
            "\"%{{ if {} }}${{{one}}}%{{ else }}no%{{ endif }}\"",
            again(&Shape::Truth)
        ),
        8 => format!("coalesce({one}, \"fallback\")"),
        9 if !names.templates.is_empty() => {
            let list = again(&texts());
            let path = random.pick(&names.templates);
            format!("templatefile(\"${{path.module}}/{path}\", {{ t = {one}, l = {list} }})")
        }
        10 => random
            .pick(&["path.module", "terraform.workspace", "path.root"])
            .to_string(),
        11 => format!("tostring({})", again(&Shape::Number)),
        12 => format!("trimspace(\" ${{{one}}} \")"),
        13 => format!(
            "try(keys({})[0], {one})",
            again(&Shape::Map(Box::new(Shape::Number)))
        ),
        _ => format!("substr({one}, 0, 2)"),
    }
}

fn number(random: &mut Random, names: &Names, known: bool, depth: usize) -> String {
    let kind = random.below(9);
    let mut again = |shape: &Shape| expression(random, names, shape, known, depth - 1);
    let one = again(&Shape::Number);
    match kind {
        0 => format!("length({})", again(&Shape::list(Shape::Text))),
        1 => format!("({one} + {})", again(&Shape::Number)),
        2 => format!("({one} * 3)"),
        3 => format!("max({one}, 2)"),
        4 => format!("(-{one})"),
        5 => format!("try(tonumber({}), 7)", again(&Shape::Text)),
        6 => format!("length({})", again(&Shape::Text)),
        7 => format!("sum(concat([0], {}))", again(&Shape::list(Shape::Number))),
        _ => format!("(({one} - 1) / 4)"),
    }
}

fn truth(random: &mut Random, names: &Names, known: bool, depth: usize) -> String {
    let kind = random.below(10);
    let other = Shape::any(random, 1);
    let mut again = |shape: &Shape| expression(random, names, shape, known, depth - 1);
    match kind {
        0 => format!("({} == {})", again(&other), again(&other)),
        1 => format!("({} != null)", again(&other)),
        2 => format!("!({})", again(&Shape::Truth)),
        3 => format!("({} && {})", again(&Shape::Truth), again(&Shape::Truth)),
        4 => format!("({} || {})", again(&Shape::Truth), again(&Shape::Truth)),
        5 => format!("can(({}).x)", again(&other)),
        6 => format!("contains({}, \"x\")", again(&Shape::list(Shape::Text))),
        7 => format!("({} > 1)", again(&Shape::Number)),
        8 => format!("startswith({}, \"x\")", again(&Shape::Text)),
        _ => format!(
            "alltrue([for i in {} : i != \"x\"])",
            again(&Shape::list(Shape::Text))
        ),
    }
}

fn list(random: &mut Random, names: &Names, of: &Shape, known: bool, depth: usize) -> String {
    let kind = random.below(13);
    let from = Shape::any(random, 1);
    let same = Shape::list(of.clone());
    let mut again = |shape: &Shape| expression(random, names, shape, known, depth - 1);
    match kind {
        0 => format!("concat({}, {})", again(&same), again(&same)),
        1 => format!("flatten([{}, [{}]])", again(&same), again(&same)),
        2 => format!("reverse({})", again(&same)),
        3 => format!("distinct({})", again(&same)),
        4 => format!("values({})", again(&Shape::Map(Box::new(of.clone())))),
        5 | 6 => {
            let collection = again(&Shape::list(from.clone()));
            let inner = names.with("x", &from, known);
            let value = expression(random, &inner, of, known, depth - 1);
            let filter = match random.below(3) {
                0 => {
                    let condition = expression(random, &inner, &Shape::Truth, known, depth - 1);
                    format!(" if {condition}")
                }
                1 => " if x != null".to_owned(),
                _ => String::new(),
            };
            format!("[for x in {collection} : {value}{filter}]")
        }
        7 => {
            let collection = again(&Shape::Map(Box::new(from.clone())));
            let inner = names.with("k", &Shape::Text, true).with("v", &from, known);
            let value = expression(random, &inner, of, known, depth - 1);
            format!("[for k, v in {collection} : {value}]")
        }
        8 => format!("tolist({})", again(&same)),
        9 if *of == Shape::Text => format!("compact({})", again(&same)),
        10 if *of == Shape::Text => format!("keys({})", again(&Shape::Map(Box::new(from)))),
        11 => format!("{}[*]", again(of)),
        _ => {
            let items: Vec<String> = (0..random.below(4))
                .map(|_| expression(random, names, of, known, depth - 1))
                .collect();
            format!("[{}]", items.join(", "))
        }
    }
}

fn map(random: &mut Random, names: &Names, of: &Shape, known: bool, depth: usize) -> String {
    let kind = random.below(8);
    let from = Shape::any(random, 1);
    let same = Shape::Map(Box::new(of.clone()));
    let mut again = |shape: &Shape| expression(random, names, shape, known, depth - 1);
    match kind {
        0 => format!("merge({}, {})", again(&same), again(&same)),
        1 => format!("tomap({})", again(&same)),
        2 | 3 => {
            let collection = again(&Shape::Map(Box::new(from.clone())));
            let inner = names.with("k", &Shape::Text, true).with("v", &from, known);
            let value = expression(random, &inner, of, known, depth - 1);
            let filter = *random.pick(&["", " if k != \"a\"", " if v != null"]);
            format!("{{ for k, v in {collection} : k => {value}{filter} }}")
        }
        4 => {
            let keys = expression(random, names, &Shape::list(Shape::Text), true, depth - 1);
            let inner = names.with("k", &Shape::Text, true);
            let value = expression(random, &inner, of, known, depth - 1);
            format!("{{ for i, k in {keys} : \"${{i}}${{k}}\" => {value} }}")
        }
        5 => {
            let keys = expression(random, names, &Shape::list(Shape::Text), true, depth - 1);
            let value = expression(random, names, of, known, depth - 1);
            format!("{{ for k in toset({keys}) : k => {value} }}")
        }
        _ => {
            let value = expression(random, names, of, known, depth - 1);
            let other = expression(random, names, of, known, depth - 1);
            format!("{{ k = {value}, \"l m\" = {other} }}")
        }
    }
}
