//! Whole configurations from a seed: modules in modules, in either syntax, with everything that gives
//! values to variables and everything that repeats.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use crate::expressions::{Names, expression, fallback};
use crate::random::Random;
use crate::shape::{Literal, Shape};

/// Files by their path, and what is given on the command line and in the environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    /// The root module's directory.
    pub(crate) root: String,
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
}

/// A block at the top of a file.
#[derive(Clone, Debug)]
struct Item {
    keyword: &'static str,
    labels: Vec<String>,
    body: Vec<(String, Content)>,
}

#[derive(Clone, Debug)]
enum Content {
    Expression(String),
    /// What JSON does not read as a template.
    Literal(Literal),
    /// A type, which JSON has as text.
    Type(String),
}

/// What a module takes and gives.
struct Interface {
    variables: Vec<Variable>,
    outputs: Vec<(String, Shape, bool)>,
}

struct Variable {
    name: String,
    shape: Shape,
    is_required: bool,
    /// Whether it is always given something known.
    is_known: bool,
}

/// A configuration; the same for a seed everywhere.
pub(crate) fn configuration(seed: u64) -> Files {
    let mut random = Random::new(seed);
    let mut files = Files::default();
    let root = module(&mut random, &mut files, "", 3);
    give(&mut random, &mut files, &root.variables);
    files
}

/// Writes a module's files below a directory.
fn module(random: &mut Random, files: &mut Files, directory: &str, depth: usize) -> Interface {
    let mut items = Vec::new();
    let mut names = Names::default();
    let variables = variables(random, &mut items, &mut names);
    items.push(resource("u", Vec::new()));
    names.unknown = Some("terraform_data.u.id".to_owned());
    if random.one_in(2) {
        names.templates.push("some.tftpl".to_owned());
        let template = *random.pick(&TEMPLATES);
        files
            .files
            .insert(format!("{directory}some.tftpl"), template.to_owned());
    }
    for at in 0..2 + random.below(4) {
        match random.below(if depth > 0 { 6 } else { 4 }) {
            0 | 1 => local(random, &mut items, &mut names, at),
            2 => repeated(random, &mut items, &mut names, at),
            3 => single(random, &mut items, &mut names, at),
            _ => called(
                random,
                files,
                &mut items,
                &mut names,
                at,
                (directory, depth),
            ),
        }
    }
    let mut outputs = Vec::new();
    for at in 0..1 + random.below(3) {
        let known = random.one_in(2);
        let shape = Shape::any(random, 2);
        let value = expression(random, &names, &shape, known, 2);
        let name = format!("out{at}");
        items.push(item("output", &[&name], vec![("value", value.clone())]));
        // The same once more, where its leaves can be compared.
        items.push(resource(
            &format!("probe{at}"),
            vec![("input", value.clone())],
        ));
        outputs.push((name, shape, known));
    }
    write(random, files, directory, items);
    Interface { variables, outputs }
}

const TEMPLATES: [&str; 3] = [
    "<${t}>%{ for i in l }${i},%{ endfor }",
    "%{ for n, i in l ~}\n  ${n}: ${jsonencode(i)}\n%{ endfor ~}\n%{ if t == \"\" }none%{ else }${upper(t)}%{ endif }\n",
    "{\"list\": ${jsonencode([for i in l : { v = i, t = t }])}, \"$${t}\": \"%%{x}\"}",
];

fn item(keyword: &'static str, labels: &[&str], body: Vec<(&str, String)>) -> Item {
    let body = body.into_iter();
    Item {
        keyword,
        labels: labels.iter().map(|&label| label.to_owned()).collect(),
        body: body
            .map(|(key, value)| (key.to_owned(), Content::Expression(value)))
            .collect(),
    }
}

fn resource(name: &str, body: Vec<(&str, String)>) -> Item {
    item("resource", &["terraform_data", name], body)
}

fn variables(random: &mut Random, items: &mut Vec<Item>, names: &mut Names) -> Vec<Variable> {
    let mut variables = Vec::new();
    for at in 0..1 + random.below(4) {
        let name = format!("v{at}");
        let shape = Shape::any(random, 2);
        let mut body = Vec::new();
        if !random.one_in(8) {
            let constraint = shape.constraint(random);
            body.push(("type".to_owned(), Content::Type(constraint)));
        }
        let is_required = random.one_in(3);
        if !is_required {
            let default = Literal::of(&shape, random, 2);
            body.push(("default".to_owned(), Content::Literal(default)));
        }
        if random.one_in(4) {
            let nullable = Literal::Truth(random.one_in(3));
            body.push(("nullable".to_owned(), Content::Literal(nullable)));
        }
        items.push(Item {
            keyword: "variable",
            labels: vec![name.clone()],
            body,
        });
        let is_known = !random.one_in(3);
        names.add(format!("var.{name}"), shape.clone(), is_known);
        variables.push(Variable {
            name,
            shape,
            is_required,
            is_known,
        });
    }
    variables
}

fn local(random: &mut Random, items: &mut Vec<Item>, names: &mut Names, at: usize) {
    let known = !random.one_in(3);
    let shape = Shape::any(random, 2);
    let name = format!("l{at}");
    let value = expression(random, names, &shape, known, 3);
    items.push(item("locals", &[], vec![(&name, value)]));
    names.add(format!("local.{name}"), shape, known);
}

fn single(random: &mut Random, items: &mut Vec<Item>, names: &mut Names, at: usize) {
    let known = !random.one_in(3);
    let shape = Shape::any(random, 2);
    let name = format!("s{at}");
    let value = expression(random, names, &shape, known, 3);
    let mut body = vec![("input", value)];
    if random.one_in(3) {
        let other = Shape::any(random, 1);
        let trigger = expression(random, names, &other, false, 2);
        body.push(("triggers_replace", format!("sensitive({trigger})")));
    }
    items.push(resource(&name, body));
    let address = format!("terraform_data.{name}");
    names.add(format!("{address}.input"), shape.clone(), known);
    names.add(
        format!("{address}[*].input"),
        Shape::list(shape.clone()),
        known,
    );
    names.add(format!("{address}.output"), shape.clone(), false);
    let attributes = vec![
        ("id".to_owned(), Shape::Text),
        ("input".to_owned(), shape.clone()),
        ("output".to_owned(), shape),
    ];
    names.add(address, Shape::Object(attributes), false);
}

/// What an argument that repeats says: its name, itself, and what the instances are to others.
fn repetition(random: &mut Random, names: &Names) -> (&'static str, String, Names) {
    let mut inner = names.clone();
    if random.one_in(2) {
        inner.add("count.index", Shape::Number, true);
        let count = match random.below(4) {
            0 => random.below(4).to_string(),
            1 => format!(
                "length({})",
                known(random, names, &Shape::list(Shape::Text))
            ),
            2 => format!("{} ? 1 : 0", known(random, names, &Shape::Truth)),
            _ => format!("min(3, length({}))", known(random, names, &Shape::Text)),
        };
        return ("count", count, inner);
    }
    inner.add("each.key", Shape::Text, true);
    inner.add("each.key", Shape::Text, true);
    let each = match random.below(5) {
        0 | 1 => {
            inner.add("each.value", Shape::Text, true);
            let keys = known(random, names, &Shape::Set(Box::new(Shape::Text)));
            format!("toset({keys})")
        }
        2 => {
            let shape = Shape::any(random, 1);
            inner.add("each.value", shape.clone(), true);
            let all = known(random, names, &Shape::Map(Box::new(shape)));
            format!("{{ for k, v in {all} : k => v if v != null }}")
        }
        3 => {
            let shape = Shape::any(random, 1);
            inner.add("each.value", shape.clone(), true);
            known(random, names, &Shape::Map(Box::new(shape)))
        }
        _ => {
            let shape = Shape::any(random, 1);
            inner.add("each.value", shape.clone(), false);
            let value = expression(random, names, &shape, false, 2);
            let keys = known(random, names, &Shape::Set(Box::new(Shape::Text)));
            format!("{{ for k in {keys} : \"key-${{k}}\" => {value} }}")
        }
    };
    ("for_each", each, inner)
}

fn known(random: &mut Random, names: &Names, shape: &Shape) -> String {
    expression(random, names, shape, true, 2)
}

/// Adds what the instances of something give to others, by one attribute of theirs.
fn add_instances(
    names: &mut Names,
    keyword: &str,
    address: &str,
    attribute: &str,
    shape: &Shape,
    known: bool,
) {
    let list = Shape::list(shape.clone());
    if keyword == "count" {
        names.add(format!("{address}[*].{attribute}"), list.clone(), known);
        names.add(format!("{address}.*.{attribute}"), list.clone(), known);
        names.add(
            format!("[for i, o in {address} : o.{attribute}]"),
            list,
            known,
        );
        names.add(format!("length({address})"), Shape::Number, true);
        let some = format!("{address}[length({address}) - 1].{attribute}");
        let instead = fallback(shape);
        names.add(
            format!("try({some}, {address}[0].{attribute}, {instead})"),
            shape.clone(),
            known,
        );
        return;
    }
    let map = Shape::Map(Box::new(shape.clone()));
    names.add(
        format!("{{ for k, o in {address} : k => o.{attribute} }}"),
        map,
        known,
    );
    names.add(
        format!("values({address})[*].{attribute}"),
        list.clone(),
        known,
    );
    names.add(format!("[for o in {address} : o.{attribute}]"), list, known);
    names.add(format!("keys({address})"), Shape::list(Shape::Text), true);
    let some = format!("{address}[\"x\"].{attribute}");
    let other = format!("{address}[keys({address})[0]].{attribute}");
    let instead = fallback(shape);
    names.add(
        format!("try({some}, {other}, {instead})"),
        shape.clone(),
        known,
    );
}

fn repeated(random: &mut Random, items: &mut Vec<Item>, names: &mut Names, at: usize) {
    let (keyword, argument, inner) = repetition(random, names);
    let known = !random.one_in(3);
    let shape = Shape::any(random, 2);
    let name = format!("r{at}");
    let value = expression(random, &inner, &shape, known, 2);
    items.push(resource(&name, vec![(keyword, argument), ("input", value)]));
    let address = format!("terraform_data.{name}");
    add_instances(names, keyword, &address, "input", &shape, known);
    add_instances(names, keyword, &address, "id", &Shape::Text, false);
}

fn called(
    random: &mut Random,
    files: &mut Files,
    items: &mut Vec<Item>,
    names: &mut Names,
    at: usize,
    (directory, depth): (&str, usize),
) {
    let name = format!("m{at}");
    let interface = module(random, files, &format!("{directory}{name}/"), depth - 1);
    let (keyword, argument, inner) = repetition(random, names);
    let is_repeated = !random.one_in(3);
    let scope = if is_repeated { &inner } else { &*names };
    let mut body = Vec::new();
    for variable in &interface.variables {
        if !variable.is_required && random.one_in(2) {
            continue;
        }
        let known = variable.is_known;
        let value = match random.below(10) {
            0 => "null".to_owned(),
            _ => expression(random, scope, &variable.shape, known, 2),
        };
        body.push((variable.name.as_str(), value));
    }
    let mut call = item("module", &[&name], body);
    let source = Literal::Text(format!("./{name}"));
    call.body
        .push(("source".to_owned(), Content::Literal(source)));
    let address = format!("module.{name}");
    if is_repeated {
        call.body
            .push((keyword.to_owned(), Content::Expression(argument)));
    }
    items.push(call);
    for (output, shape, known) in &interface.outputs {
        let known = *known;
        if is_repeated {
            add_instances(names, keyword, &address, output, shape, known);
        } else {
            names.add(format!("{address}.{output}"), shape.clone(), known);
            names.add(
                format!("{address}[*].{output}"),
                Shape::list(shape.clone()),
                known,
            );
        }
    }
    if !is_repeated {
        let attributes = interface.outputs.iter();
        let attributes = attributes.map(|(name, shape, _)| (name.clone(), shape.clone()));
        names.add(address, Shape::Object(attributes.collect()), false);
    }
}

/// Spreads items over files of both syntaxes; some are overridden.
fn write(random: &mut Random, files: &mut Files, directory: &str, mut items: Vec<Item>) {
    random.shuffle(&mut items);
    let mut native: BTreeMap<&str, String> = BTreeMap::new();
    let mut json: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    let mut overrides = Vec::new();
    for item in &mut items {
        if random.one_in(6)
            && let Some(over) = overridden(random, item)
        {
            overrides.push(over);
        }
    }
    let names = ["main.tf", "other.tf", "more.tf.json"];
    let over = ["override.tf", "z_override.tf", "a_override.tf.json"];
    let each = items.into_iter().map(|item| (item, names));
    let each = each.chain(overrides.into_iter().map(|item| (item, over)));
    for (item, names) in each.collect::<Vec<_>>() {
        match *random.pick(&names) {
            name if name.ends_with("json") => json.entry(name).or_default().push(item),
            name => native.entry(name).or_default().push_str(&item.native()),
        }
    }
    for (name, text) in native {
        files.files.insert(format!("{directory}{name}"), text);
    }
    for (name, items) in json {
        let items: Vec<Json> = items.iter().map(Item::json).collect();
        let text = serde_json::to_string_pretty(&items).unwrap();
        files.files.insert(format!("{directory}{name}"), text);
    }
}

/// What overrides an argument of an item, which then says something else itself.
fn overridden(random: &mut Random, item: &mut Item) -> Option<Item> {
    let at = random.below(item.body.len().max(1));
    let (key, content) = item.body.get_mut(at)?;
    if matches!(&**key, "type" | "for_each" | "source") {
        return None;
    }
    let instead = match (&**key, &*content) {
        ("default", _) => content.clone(),
        ("nullable", _) => Content::Literal(Literal::Truth(true)),
        ("count", _) => Content::Literal(Literal::Number("2")),
        _ => Content::Literal(Literal::Text("overridden".to_owned())),
    };
    let over = (key.clone(), std::mem::replace(content, instead));
    Some(Item {
        body: vec![over],
        ..item.clone()
    })
}

impl Item {
    fn native(&self) -> String {
        let mut text = self.keyword.to_owned();
        for label in &self.labels {
            let _ = write!(text, " \"{label}\"");
        }
        text.push_str(" {\n");
        for (key, content) in &self.body {
            let value = match content {
                Content::Expression(text) | Content::Type(text) => text.clone(),
                Content::Literal(literal) => literal.native(),
            };
            let _ = writeln!(text, "  {key} = {value}");
        }
        text + "}\n"
    }

    fn json(&self) -> Json {
        let entries = self.body.iter().map(|(key, content)| {
            let value = match content {
                Content::Expression(text) => json!(format!("${{{text}}}")),
                Content::Literal(literal) => literal.json(),
                Content::Type(text) => json!(text),
            };
            (key.clone(), value)
        });
        let mut value = Json::Object(entries.collect());
        let labels = self.labels.iter().rev().map(String::as_str);
        for label in labels.chain([self.keyword]) {
            value = Json::Object(Map::from_iter([(label.to_owned(), value)]));
        }
        value
    }
}

/// Gives values to the variables of the root module, each in one or more of all ways.
fn give(random: &mut Random, files: &mut Files, variables: &[Variable]) {
    let mut native: BTreeMap<&str, String> = BTreeMap::new();
    let mut json: BTreeMap<&str, Map<String, Json>> = BTreeMap::new();
    for variable in variables {
        let times = usize::from(variable.is_required) + random.below(3);
        for _ in 0..times {
            let literal = match random.below(10) {
                0 if !variable.is_required => Literal::Null,
                _ => Literal::of(&variable.shape, random, 2),
            };
            let text = match &literal {
                Literal::Text(text) => text.clone(),
                other => other.native(),
            };
            let name = &variable.name;
            match random.below(8) {
                0 => files.environment.push((name.clone(), text)),
                1 => files.arguments.push(format!("-var={name}={text}")),
                2 | 3 => {
                    let file = *random.pick(&["terraform.tfvars.json", "b.auto.tfvars.json"]);
                    let values = json.entry(file).or_default();
                    values.insert(name.clone(), literal.json());
                }
                kind => {
                    let file = [
                        "terraform.tfvars",
                        "a.auto.tfvars",
                        "c.auto.tfvars",
                        "given.tfvars",
                    ];
                    let line = format!("{name} = {}\n", literal.native());
                    let text = native.entry(file[kind - 4]).or_default();
                    if !text.contains(&format!("{name} =")) {
                        text.push_str(&line);
                    }
                }
            }
        }
    }
    if native.contains_key("given.tfvars") {
        let at = random.below(files.arguments.len() + 1);
        files
            .arguments
            .insert(at, "-var-file=given.tfvars".to_owned());
    }
    let native = native
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text));
    files.files.extend(native);
    let json = json.into_iter();
    let json = json.map(|(name, values)| (name.to_owned(), Json::Object(values).to_string()));
    files.files.extend(json);
}
