//! Expressions that nobody would write: made from the functions' signatures and from every construct of the
//! language, by a seed.

use std::fmt::Write as _;

use crate::signature::{Shape, Signature, signatures};

/// How long an expression may become before only literals are added to it.
const LONGEST: usize = 160;

/// What the functions in this list give hangs on more than their arguments.
const WITHOUT: [&str; 17] = [
    "abspath",
    "base64gzip",
    "bcrypt",
    "can",
    "file",
    "filebase64",
    "fileset",
    "log",
    "pathexpand",
    "plantimestamp",
    "rsadecrypt",
    "templatefile",
    "templatestring",
    "timestamp",
    "try",
    "uuid",
    "textencodebase64",
];

const TEXTS: [&str; 38] = [
    "",
    "a",
    "b",
    "ab",
    "abc",
    "A-b_C",
    "é",
    "e\u{301}",
    "😀",
    "🇩🇪",
    "0",
    "1",
    "-1",
    "1.5",
    "0x1f",
    "1e3",
    "true",
    "false",
    "null",
    " a ",
    "a,b",
    "a,b,,c",
    "a b",
    "a\\nb",
    "a\\n",
    "\\t",
    "%",
    "$",
    "$${a}",
    "%%{a}",
    "\\\"",
    "\\\\",
    "[1]",
    "{\\\"a\\\":1}",
    "x: 1",
    "aGk=",
    "ß",
    "ﬁ",
];
const NUMBERS: [&str; 16] = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "10",
    "1.5",
    "-2.5",
    "0.1",
    "1e3",
    "1e-3",
    "9007199254740993",
    "255",
    "100",
    "12345678901234567890",
    "0.30000000000000004",
];
const NAMES: [&str; 5] = ["a", "b", "c", "x", "k"];

/// Arguments that a function can do something with, by its name and their place.
fn apt(name: &str, index: usize) -> &'static [&'static str] {
    match (name, index) {
        ("cidrhost" | "cidrnetmask" | "cidrsubnet" | "cidrsubnets", 0) => &[
            "\"10.0.0.0/8\"",
            "\"10.1.2.3/16\"",
            "\"2001:db8::/32\"",
            "\"10.0.0.0\"",
            "\"0.0.0.0/0\"",
        ],
        ("cidrhost" | "cidrsubnet" | "cidrsubnets", _) => &["1", "4", "8", "-1", "0", "300", "33"],
        ("formatdate", 0) => &[
            "\"YYYY-MM-DD\"",
            "\"hh:mm:ss ZZZ\"",
            "\"EEE, D MMM 'x'\"",
            "\"Q\"",
            "\"'a\"",
        ],
        ("formatdate", _) | ("timeadd" | "timecmp", 0) | ("timecmp", 1) => &[
            "\"2024-02-29T23:59:59Z\"",
            "\"2024-01-01T00:00:00+05:30\"",
            "\"2024-13-01T00:00:00Z\"",
            "\"2024-01-01\"",
        ],
        ("timeadd", 1) => &["\"1h\"", "\"-24h30m\"", "\"1.5s\"", "\"1d\"", "\"10ms\""],
        ("parseint", 0) => &["\"ff\"", "\"-77\"", "\"1010\"", "\"zZ\"", "12"],
        ("parseint", 1) => &["16", "8", "2", "62", "10", "1"],
        ("format" | "formatlist", 0) => &[
            "\"%s\"",
            "\"%s-%s\"",
            "\"%d\"",
            "\"%5.1f|%-5s|\"",
            "\"%v %v\"",
            "\"%q\"",
            "\"%t\"",
            "\"%#v\"",
            "\"%05d\"",
            "\"%[2]s%[1]s\"",
            "\"%%\"",
            "\"%x\"",
            "\"%e\"",
            "\"%z\"",
            "\"%b %o\"",
            "\"%+d\"",
            "\"%*d\"",
            "\"%.2s\"",
        ],
        ("regex" | "regexall", 0) => &[
            "\"[a-z]+\"",
            "\"(a)(b)?\"",
            "\"(?P<x>.)\"",
            "\"^$\"",
            "\"(\"",
            "\"a|b\"",
            "\"(?i)AB\"",
            "\"\\\\d\"",
        ],
        ("replace", 1) => &[
            "\"a\"",
            "\"/[ab]+/\"",
            "\"/(a)/\"",
            "\"\"",
            "\"/(?P<x>.)/\"",
        ],
        ("replace", 2) => &["\"z\"", "\"$1\"", "\"$${x}\"", "\"\"", "\"[$0]\""],
        ("jsondecode", 0) => &[
            "\"{\\\"a\\\":[1,null,\\\"b\\\"]}\"",
            "\"[]\"",
            "\"1.50\"",
            "\"null\"",
            "\"[1,\"",
            "\"{\\\"a\\\":{\\\"b\\\":true}}\"",
        ],
        ("yamldecode", 0) => &[
            "\"a: 1\"",
            "\"- a\\n- [b, c]\"",
            "\"a: &x 1\\nb: *x\"",
            "\"{a: yes}\"",
            "\"~\"",
            "\"a: [\"",
        ],
        ("csvdecode", 0) => &["\"a,b\\n1,2\"", "\"a,b\\n1\"", "\"a,a\\n1,2\"", "\"a\""],
        ("base64decode" | "textdecodebase64", 0) => &["\"aGk=\"", "\"w6k=\"", "\"a\"", "\"/w==\""],
        ("textdecodebase64", 1) => &["\"UTF-8\"", "\"UTF-16LE\""],
        ("uuidv5", 0) => &[
            "\"dns\"",
            "\"url\"",
            "\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\"",
            "\"x\"",
        ],
        ("range", _) => &["0", "3", "-2", "5", "0.5"],
        // The last bit of others hangs on the library that computes them.
        ("pow", 1) => &["2", "0", "-1", "0.5", "10"],
        ("log", 1) => &["2", "10"],
        ("indent" | "chunklist", _) if index == usize::from(name == "chunklist") => {
            &["0", "1", "2", "3"]
        }
        // Newer versions of Terraform take a negative one.
        ("element", 1) => &["0", "1", "2", "5"],
        // They look for null, too.
        ("contains", 1) => &["\"a\"", "1", "true", "[]", "terraform_data.x.id"],
        ("substr", 1 | 2) | ("slice", 1 | 2) => &["0", "1", "2", "-1", "5"],
        (
            "filebase64sha256" | "filebase64sha512" | "filemd5" | "filesha1" | "filesha256"
            | "filesha512" | "fileexists",
            0,
        ) => &["\"hello.txt\"", "\"nothing\""],
        ("lookup", 1) => &["\"a\"", "\"b\"", "\"nope\""],
        ("split" | "join", 0) => &["\",\"", "\"\"", "\"-\""],
        _ => &[],
    }
}

/// Numbers that are the same for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % count.max(1) as u64).unwrap()
    }

    /// Whether something that comes so many times in a hundred comes now.
    fn percent(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    fn pick<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        &several[self.below(several.len())]
    }
}

/// Makes the expression of a seed.
pub(crate) fn generated(seed: u64, signatures: &[Signature]) -> String {
    let mut maker = Maker {
        random: Random(seed),
        signatures,
        names: Vec::new(),
        length: 0,
    };
    let shape = maker.shape(2);
    let depth = 2 + maker.random.below(3);
    maker.expression(&shape, depth)
}

/// The functions that expressions are made of.
pub(crate) fn usable() -> Vec<Signature> {
    let mut all = signatures();
    all.retain(|signature| !WITHOUT.contains(&signature.name.as_str()));
    all
}

struct Maker<'s> {
    random: Random,
    signatures: &'s [Signature],
    /// The names that `for` gave, and what they stand for.
    names: Vec<(String, Shape)>,
    /// How much was made.
    length: usize,
}

impl Maker<'_> {
    /// Some type.
    fn shape(&mut self, depth: usize) -> Shape {
        let kinds = if depth == 0 { 4 } else { 10 };
        let inner = |maker: &mut Self| Box::new(maker.shape(depth - 1));
        match self.random.below(kinds) {
            0 => Shape::Bool,
            1 => Shape::Number,
            2 | 3 => Shape::String,
            4 => Shape::List(inner(self)),
            5 => Shape::Set(inner(self)),
            6 => Shape::Map(inner(self)),
            7 => {
                let count = self.random.below(4);
                Shape::Tuple((0..count).map(|_| *inner(self)).collect())
            }
            8 => {
                let count = self.random.below(3);
                Shape::Object((0..count).map(|at| (NAMES[at], *inner(self))).collect())
            }
            _ => Shape::Any,
        }
    }

    /// An expression that mostly gives what is asked for.
    fn expression(&mut self, shape: &Shape, depth: usize) -> String {
        let text = self.made(shape, depth);
        self.length += text.len();
        text
    }

    fn made(&mut self, shape: &Shape, depth: usize) -> String {
        if self.length > LONGEST {
            return self.literal(shape, 0);
        }
        if self.random.percent(4) {
            let other = self.shape(1);
            return self.literal(&other, 1);
        }
        if self.random.percent(4) {
            return self.null(shape);
        }
        if self.random.percent(7) {
            return self.unknown(shape);
        }
        let fitting: Vec<String> = self
            .names
            .iter()
            .filter(|(_, other)| other == shape || *shape == Shape::Any || *other == Shape::Any)
            .map(|(name, _)| name.clone())
            .collect();
        if !fitting.is_empty() && self.random.percent(45) {
            return self.random.pick(&fitting).clone();
        }
        if depth == 0 {
            return self.literal(shape, 0);
        }
        let depth = depth - 1;
        match self.random.below(100) {
            0..15 => self.literal(shape, depth),
            15..20 => format!("sensitive({})", self.expression(shape, depth)),
            20..30 => self.conditional(shape, depth),
            30..68 => self.call(shape, depth),
            68..76 => self.operation(shape, depth),
            76..84 => self.iteration(shape, depth),
            84..90 => self.access(shape, depth),
            90..92 => format!("({})", self.expression(shape, depth)),
            92..94 => {
                let (first, second) =
                    (self.expression(shape, depth), self.expression(shape, depth));
                format!("try({first}, {second})")
            }
            94..96 => self.splat(depth),
            _ => self.template(depth),
        }
    }

    fn null(&mut self, shape: &Shape) -> String {
        let converted = match shape {
            Shape::Bool => "tobool(null)",
            Shape::Number => "tonumber(null)",
            Shape::String => "tostring(null)",
            Shape::List(_) => "tolist(null)",
            Shape::Set(_) => "toset(null)",
            Shape::Map(_) => "tomap(null)",
            _ => "null",
        };
        if self.random.percent(50) {
            converted
        } else {
            "null"
        }
        .to_owned()
    }

    fn unknown(&mut self, shape: &Shape) -> String {
        let converted = match shape {
            Shape::String => "terraform_data.x.id",
            Shape::Bool => "tobool(terraform_data.x.output)",
            Shape::Number => "tonumber(terraform_data.x.output)",
            Shape::List(_) => "tolist(terraform_data.x.output)",
            Shape::Set(_) => "toset([terraform_data.x.id])",
            Shape::Map(_) => "tomap({ a = terraform_data.x.id })",
            Shape::Tuple(_) => "[terraform_data.x.id]",
            Shape::Object(_) => "{ a = terraform_data.x.id }",
            Shape::Any => "terraform_data.x.output",
        };
        if self.random.percent(75) {
            converted
        } else {
            "terraform_data.x.output"
        }
        .to_owned()
    }

    fn literal(&mut self, shape: &Shape, depth: usize) -> String {
        let several = |maker: &mut Self, element: &Shape| {
            let count = maker.random.below(4);
            let elements: Vec<String> = (0..count)
                .map(|_| maker.expression(element, depth))
                .collect();
            elements.join(", ")
        };
        match shape {
            Shape::Any => {
                let shape = self.shape(depth.min(2));
                let shape = if shape == Shape::Any {
                    Shape::String
                } else {
                    shape
                };
                self.literal(&shape, depth)
            }
            Shape::Bool => if self.random.percent(50) {
                "true"
            } else {
                "false"
            }
            .to_owned(),
            Shape::Number => (*self.random.pick(&NUMBERS)).to_owned(),
            Shape::String => format!("\"{}\"", self.random.pick(&TEXTS)),
            Shape::List(element) => format!("tolist([{}])", several(self, element)),
            Shape::Set(element) => format!("toset([{}])", several(self, element)),
            Shape::Map(element) => {
                let count = self.random.below(3);
                let entries: Vec<String> = (0..count)
                    .map(|at| format!("{} = {}", NAMES[at], self.expression(element, depth)))
                    .collect();
                format!("tomap({{ {} }})", entries.join(", "))
            }
            Shape::Tuple(elements) => {
                let elements: Vec<String> = elements
                    .iter()
                    .map(|element| self.expression(element, depth))
                    .collect();
                format!("[{}]", elements.join(", "))
            }
            Shape::Object(attributes) => {
                let attributes: Vec<String> = attributes
                    .iter()
                    .map(|(name, shape)| {
                        let value = self.expression(shape, depth);
                        match self.random.below(10) {
                            0 => format!("\"{name}\" : {value}"),
                            1 => format!("({}) = {value}", self.expression(&Shape::String, 0)),
                            _ => format!("{name} = {value}"),
                        }
                    })
                    .collect();
                format!("{{ {} }}", attributes.join(", "))
            }
        }
    }

    fn conditional(&mut self, shape: &Shape, depth: usize) -> String {
        let condition = self.expression(&Shape::Bool, depth);
        let then = self.expression(shape, depth);
        let other = if self.random.percent(20) {
            self.shape(1)
        } else {
            shape.clone()
        };
        let otherwise = self.expression(&other, depth);
        format!("({condition} ? {then} : {otherwise})")
    }

    /// A call of a function that may give what is asked for.
    fn call(&mut self, shape: &Shape, depth: usize) -> String {
        let of_shape = |result: &Shape| match (result, shape) {
            (Shape::List(_), Shape::List(_))
            | (Shape::Set(_), Shape::Set(_))
            | (Shape::Map(_), Shape::Map(_)) => true,
            (Shape::Any, _) => true,
            (result, shape) => result == shape || *shape == Shape::Any,
        };
        let fitting: Vec<&Signature> = self
            .signatures
            .iter()
            .filter(|signature| of_shape(&signature.result))
            .collect();
        let signature = match fitting.as_slice() {
            [] => self.random.pick(self.signatures),
            fitting => self.random.pick(fitting),
        };
        let mut count = signature.parameters.len();
        if signature.variadic.is_some() {
            count += self.random.below(4);
        }
        if self.random.percent(2) {
            count = self.random.below(4);
        }
        let mut arguments = Vec::new();
        for index in 0..count {
            let wanted = signature
                .parameters
                .get(index)
                .or(signature.variadic.as_ref());
            let apt = apt(&signature.name, index);
            let always = matches!(&*signature.name, "element" | "contains" | "pow");
            if !apt.is_empty() && (always || self.random.percent(70)) {
                arguments.push((*self.random.pick(apt)).to_owned());
                continue;
            }
            let wanted = match (wanted, &*signature.name) {
                (Some(Shape::Any) | None, name) => self.wanted(name, index, shape),
                (Some(wanted), _) => self.filled(wanted),
            };
            arguments.push(self.expression(&wanted, depth));
        }
        if count > 0 && self.random.percent(4) {
            let list = self.shape(1);
            let list = self.expression(&Shape::List(Box::new(list)), depth);
            arguments.pop();
            arguments.push(format!("{list}..."));
        }
        let space = if self.random.percent(3) { "core::" } else { "" };
        format!("{space}{}({})", signature.name, arguments.join(", "))
    }

    /// What an argument of a function that takes anything is to be.
    fn wanted(&mut self, name: &str, index: usize, result: &Shape) -> Shape {
        let inner = Box::new(self.shape(1));
        let sequence = |maker: &mut Self, inner: Box<Shape>| match maker.random.below(4) {
            0 => Shape::Set(inner),
            1 => Shape::Tuple(vec![*inner; 2]),
            2 => Shape::Tuple(vec![*inner.clone(), maker.shape(1)]),
            _ => Shape::List(inner),
        };
        match (name, index) {
            ("keys" | "values", _) | ("lookup", 0) | ("merge", _) => match self.random.below(3) {
                0 => Shape::Map(inner),
                _ => Shape::Object(vec![("a", *inner), ("b", self.shape(1))]),
            },
            (
                "contains" | "element" | "index" | "reverse" | "slice" | "one" | "length" | "sum",
                0,
            )
            | ("concat" | "coalescelist" | "setproduct", _)
            | ("zipmap", 1) => sequence(self, inner),
            ("flatten", 0) => {
                let inner = Box::new(sequence(self, inner));
                sequence(self, inner)
            }
            ("coalesce" | "sensitive" | "nonsensitive", _) => result.clone(),
            ("tolist" | "toset", _) => sequence(self, inner),
            ("format" | "formatlist", _) if self.random.percent(60) => {
                if self.random.percent(50) {
                    Shape::String
                } else {
                    Shape::Number
                }
            }
            _ => self.shape(2),
        }
    }

    /// A parameter's type with something in the place of what is open in it.
    fn filled(&mut self, shape: &Shape) -> Shape {
        match shape {
            Shape::Any => self.shape(1),
            Shape::List(inner) => {
                let inner = Box::new(self.filled(inner));
                match self.random.below(4) {
                    0 => Shape::Set(inner),
                    1 => Shape::Tuple(vec![*inner; 2]),
                    _ => Shape::List(inner),
                }
            }
            Shape::Set(inner) => Shape::Set(Box::new(self.filled(inner))),
            Shape::Map(inner) => Shape::Map(Box::new(self.filled(inner))),
            other => other.clone(),
        }
    }

    fn operation(&mut self, shape: &Shape, depth: usize) -> String {
        let operand = match shape {
            Shape::Bool => match self.random.below(4) {
                0 => return format!("!{}", self.expression(&Shape::Bool, depth)),
                1 => {
                    let operator = *self.random.pick(&["&&", "||"]);
                    return self.binary(operator, &Shape::Bool, &Shape::Bool, depth);
                }
                2 => {
                    let operator = *self.random.pick(&["<", "<=", ">", ">="]);
                    return self.binary(operator, &Shape::Number, &Shape::Number, depth);
                }
                _ => self.shape(1),
            },
            Shape::Number => {
                if self.random.percent(20) {
                    return format!("-{}", self.expression(&Shape::Number, depth));
                }
                let operator = *self.random.pick(&["+", "-", "*", "/", "%"]);
                return self.binary(operator, &Shape::Number, &Shape::Number, depth);
            }
            _ => return self.literal(shape, depth),
        };
        let other = if self.random.percent(70) {
            operand.clone()
        } else {
            self.shape(1)
        };
        let operator = *self.random.pick(&["==", "!="]);
        self.binary(operator, &operand, &other, depth)
    }

    fn binary(&mut self, operator: &str, left: &Shape, right: &Shape, depth: usize) -> String {
        let (left, right) = (self.expression(left, depth), self.expression(right, depth));
        format!("({left} {operator} {right})")
    }

    /// A `for` expression, or what one can be turned into.
    fn iteration(&mut self, shape: &Shape, depth: usize) -> String {
        let (element, collection) = self.collection();
        let over = self.expression(&collection, depth);
        let name = format!("v{}", self.names.len());
        let key = format!("k{}", self.names.len());
        let known = self.names.len();
        let with_key = self.random.percent(40);
        let heads = if with_key {
            let shape = match collection {
                Shape::List(_) | Shape::Tuple(_) => Shape::Number,
                Shape::Set(_) => element.clone(),
                _ => Shape::String,
            };
            self.names.push((key.clone(), shape));
            format!("{key}, {name}")
        } else {
            name.clone()
        };
        self.names.push((name, element));
        let filter = if self.random.percent(30) {
            format!(" if {}", self.expression(&Shape::Bool, depth))
        } else {
            String::new()
        };
        let inner = match shape {
            Shape::List(inner) | Shape::Set(inner) | Shape::Map(inner) => (**inner).clone(),
            _ => self.shape(1),
        };
        let made = if matches!(shape, Shape::Map(_) | Shape::Object(_)) {
            let entry_key = self.expression(&Shape::String, depth);
            let value = self.expression(&inner, depth);
            let grouped = if self.random.percent(30) { "..." } else { "" };
            format!("{{ for {heads} in {over} : {entry_key} => {value}{grouped}{filter} }}")
        } else {
            format!(
                "[for {heads} in {over} : {}{filter}]",
                self.expression(&inner, depth)
            )
        };
        self.names.truncate(known);
        match shape {
            Shape::List(_) => format!("tolist({made})"),
            Shape::Set(_) => format!("toset({made})"),
            Shape::Map(_) if self.random.percent(50) => format!("tomap({made})"),
            _ => made,
        }
    }

    /// A type that can be gone through, and what is in it.
    fn collection(&mut self) -> (Shape, Shape) {
        let element = self.shape(1);
        let inner = Box::new(element.clone());
        let collection = match self.random.below(6) {
            0 => Shape::Set(inner),
            1 => Shape::Map(inner),
            2 => Shape::Object(vec![("a", element.clone()), ("b", element.clone())]),
            3 => Shape::List(inner),
            _ => Shape::Tuple(vec![element.clone(); 2]),
        };
        (element, collection)
    }

    fn access(&mut self, shape: &Shape, depth: usize) -> String {
        let inner = Box::new(shape.clone());
        match self.random.below(5) {
            0 => {
                let object = Shape::Object(vec![("a", shape.clone()), ("b", self.shape(0))]);
                format!("{}.a", self.expression(&object, depth))
            }
            1 => {
                let map = self.expression(&Shape::Map(inner), depth);
                let key = self.random.pick(&["\"a\"", "\"b\"", "1", "null"]);
                format!("{map}[{key}]")
            }
            2 => {
                let list = self.expression(&Shape::List(inner), depth);
                let index = self.expression(&Shape::Number, 0);
                format!("{list}[{index}]")
            }
            3 => {
                let tuple = Shape::Tuple(vec![shape.clone(), self.shape(1)]);
                let index = self.random.pick(&["0", "1", "-1", "\"0\"", "\"a\"", "2"]);
                format!("{}[{index}]", self.expression(&tuple, depth))
            }
            _ => {
                let list = self.expression(&Shape::Tuple(vec![shape.clone(); 2]), depth);
                format!("{list}[{}]", self.random.pick(&["0", "1"]))
            }
        }
    }

    fn splat(&mut self, depth: usize) -> String {
        let object = Shape::Object(vec![("a", self.shape(1)), ("b", self.shape(0))]);
        let base = match self.random.below(4) {
            0 => object,
            1 => Shape::List(Box::new(object)),
            2 => self.shape(1),
            _ => Shape::Tuple(vec![object; 2]),
        };
        let base = self.expression(&base, depth);
        let tail = self
            .random
            .pick(&["[*]", "[*].a", ".*.a", "[*].b", "[*][0]", ".*"]);
        format!("{base}{tail}")
    }

    fn template(&mut self, depth: usize) -> String {
        let mut body = String::new();
        let heredoc = self.random.percent(25);
        let plain = ["a", " ", "-", "é", "x y", "$", "%"];
        for _ in 0..1 + self.random.below(3) {
            match self.random.below(6) {
                0..3 => {
                    let shape = if self.random.percent(80) {
                        Shape::String
                    } else {
                        self.shape(1)
                    };
                    let inner = self.expression(&shape, depth);
                    let (open, close) =
                        *self
                            .random
                            .pick(&[("${", "}"), ("${ ", " }"), ("${~ ", " ~}")]);
                    let _ = write!(body, "{open}{inner}{close}");
                }
                3 => {
                    let condition = self.expression(&Shape::Bool, depth);
                    let (then, otherwise) = (*self.random.pick(&plain), *self.random.pick(&plain));
                    let _ = write!(
                        body,
                        "%{{ if {condition} ~}} {then} %{{ else }}{otherwise} %{{~ endif }}"
                    );
                }
                4 => {
                    let (_, collection) = self.collection();
                    let over = self.expression(&collection, depth);
                    let _ = write!(
                        body,
                        "%{{ for v in {over} }}${{jsonencode(v)}},%{{ endfor ~}} "
                    );
                }
                _ => body.push_str(plain[self.random.below(plain.len())]),
            }
            if heredoc && self.random.percent(60) {
                body.push('\n');
                let indents = ["", "  ", "    ", "\t"];
                body.push_str(indents[self.random.below(indents.len())]);
            }
        }
        if !heredoc || body.contains("<<") || self.length > LONGEST {
            let body = body.replace('\n', "\\n").replace('\t', "\\t");
            return format!("\"{body}\"");
        }
        let dash = if self.random.percent(60) { "-" } else { "" };
        format!("(<<{dash}EOT\n  {body}\n  EOT\n)")
    }
}
