//! What `terraform test -json -verbose` prints: a message a line.

use std::borrow::Cow;
use std::collections::BTreeSet;

use anyhow::{Result, anyhow};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::failure::TerraformFailed;
use super::cast::Want;
use super::test_file::{Lessons, is_identifier, type_key};
use crate::terraform::evaluate::Outline;

/// The most errors that are named in a reason.
const NAMED: usize = 2;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default, rename = "@testfile")]
    file: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    test_plan: Option<&'a RawValue>,
    #[serde(default)]
    diagnostic: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Plan<'a> {
    #[serde(borrow)]
    plan_format_version: &'a RawValue,
    #[serde(borrow, default)]
    resource_changes: Option<&'a RawValue>,
}

/// What Terraform objected to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Diagnostic {
    severity: String,
    summary: String,
    detail: String,
    address: Option<String>,
    range: Option<Range>,
    snippet: Option<Snippet>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Range {
    filename: String,
    start: Position,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Position {
    line: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Snippet {
    context: Option<String>,
    code: String,
    values: Vec<Operand>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Operand {
    traversal: String,
    statement: String,
}

/// What a run of the tests came to.
#[derive(Debug, Default)]
pub(super) struct Messages {
    /// The plans' JSON, by the name of the test file.
    pub plans: Vec<(String, Vec<u8>)>,
    /// What Terraform objected to.
    pub errors: Vec<Diagnostic>,
}

impl Messages {
    /// Reads what was printed. Lines that are no messages are passed over, such as what a wrapper prints.
    pub(super) fn read(printed: &[u8], version: &str) -> Result<Self> {
        let mut messages = Messages::default();
        for line in printed.split(|byte| *byte == b'\n') {
            if !line.starts_with(b"{") {
                continue;
            }
            let Ok(message) = serde_json::from_slice::<Message<'_>>(line) else {
                continue;
            };
            if let Some(plan) = message.test_plan {
                let plan: Plan<'_> = serde_json::from_str(plan.get())
                    .map_err(|_| anyhow!("`terraform test` printed a plan that cannot be read"))?;
                let file = message.file.unwrap_or_default().into_owned();
                messages.plans.push((file, whole_plan(&plan, version)?));
            }
            if let Some(diagnostic) = message.diagnostic
                && diagnostic.severity == "error"
            {
                messages.errors.push(diagnostic);
            }
        }
        Ok(messages)
    }

    /// What the errors teach; whether it is more than was known before.
    pub(super) fn teach(&self, lessons: &mut Lessons, outline: &Outline) -> bool {
        let before = lessons.clone();
        for error in &self.errors {
            error.teach(lessons, outline);
        }
        *lessons != before
    }

    /// Whether `init` could help.
    pub(super) fn asks_for_init(&self) -> bool {
        let says = |error: &Diagnostic| {
            let said = format!("{} {}", error.summary, error.detail);
            TerraformFailed::new(String::new(), &said).asks_for_init()
        };
        self.errors.iter().any(says)
    }

    /// Why there is no plan, for a person.
    pub(super) fn reason(&self) -> String {
        let mut reasons: Vec<String> = Vec::new();
        for error in &self.errors {
            let reason = error.reason();
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        let more = reasons.len().saturating_sub(NAMED);
        if reasons.is_empty() {
            return "`terraform test` did not say why".into();
        }
        reasons.truncate(NAMED);
        let reasons = reasons.join("; ");
        match more {
            0 => reasons,
            1 => format!("{reasons}; and 1 more error"),
            _ => format!("{reasons}; and {more} more errors"),
        }
    }
}

/// A plan in the form in which `terraform show -json` has it.
fn whole_plan(plan: &Plan<'_>, version: &str) -> Result<Vec<u8>> {
    let changes = plan.resource_changes.map_or("[]", RawValue::get);
    let version = serde_json::to_string(version)?;
    let format = plan.plan_format_version.get();
    let plan = format!(
        "{{\"format_version\":{format},\"terraform_version\":{version},\
         \"resource_changes\":{changes}}}"
    );
    Ok(plan.into_bytes())
}

impl Diagnostic {
    fn teach(&self, lessons: &mut Lessons, outline: &Outline) {
        let Some(snippet) = &self.snippet else {
            return;
        };
        let context = snippet.context.as_deref().unwrap_or_default();
        if self.summary == "Check block assertion failed"
            && let Some(name) = context.strip_prefix("check \"")
            && let Some((name, _)) = name.split_once('"')
            && is_identifier(name)
        {
            lessons.checks.insert(name.to_owned());
            return;
        }
        for operand in &snippet.values {
            let empty = operand.statement.starts_with("is empty")
                && operand.statement.ends_with("of string");
            if empty && let Some((ty, data, attribute)) = attribute(&operand.traversal, outline) {
                lessons
                    .attributes
                    .insert((type_key(ty, data), attribute), Want::Names);
            }
        }
        let said = format!("{} {}", self.summary, self.detail);
        let says = |word: &str| said.contains(word);
        if says("\"jsondecode\"") {
            self.teach_document(lessons, outline, &snippet.code);
            return;
        }
        let want = if says("container_definitions") {
            Want::Containers
        } else if says("ARN") || says("arn:") {
            Want::Arn
        } else if says("JSON") {
            Want::Json
        } else if says("CIDR") {
            Want::Network
        } else {
            return;
        };
        let mut code = snippet.code.as_str();
        while let Some((traversal, rest)) = next_traversal(code) {
            if let Some((ty, data, attribute)) = attribute(traversal, outline) {
                lessons
                    .attributes
                    .insert((type_key(ty, data), attribute), want.clone());
            }
            code = rest;
        }
    }

    /// Learns which attributes are read as JSON, and what is taken from it.
    fn teach_document(&self, lessons: &mut Lessons, outline: &Outline, code: &str) {
        for (at, call) in code.match_indices("jsondecode(") {
            let Some((traversal, rest)) = next_traversal(&code[at + call.len()..]) else {
                continue;
            };
            let Some((ty, data, attribute)) = attribute(traversal, outline) else {
                continue;
            };
            let key = (type_key(ty, data), attribute);
            let mut keys = match lessons.attributes.remove(&key) {
                Some(Want::Document(keys)) => keys,
                _ => BTreeSet::new(),
            };
            let taken = rest.trim_start().strip_prefix(')').unwrap_or_default();
            let name = match taken.strip_prefix("[\"") {
                Some(quoted) => quoted.split('"').next(),
                None => taken
                    .strip_prefix('.')
                    .and_then(|name| name.split(|c| !is_part_of_name(c)).next()),
            };
            let name = name.filter(|name| is_identifier(name));
            keys.extend(name.map(str::to_owned));
            lessons.attributes.insert(key, Want::Document(keys));
        }
    }

    fn reason(&self) -> String {
        let mut reason = in_one_line(&self.summary);
        // What the author of the configuration wrote as the reason says most.
        let authored = ["Invalid value for variable", "Check block assertion failed"]
            .iter()
            .chain(&[
                "Resource precondition failed",
                "Resource postcondition failed",
            ])
            .chain(&["Module output value precondition failed"])
            .any(|summary| reason == **summary);
        if authored && let Some(line) = self.detail.lines().next() {
            reason = format!("{reason}: {}", in_one_line(line));
        }
        if let Some(address) = &self.address {
            return format!("{reason} (`{}`)", in_one_line(address));
        }
        match &self.range {
            Some(range) if range.filename.ends_with(".tftest.hcl") => {
                let code = self.snippet.as_ref().map_or("", |snippet| &snippet.code);
                match code.split_once('=') {
                    Some((name, _)) if is_identifier(name.trim()) => {
                        format!("{reason} (`var.{}`)", name.trim())
                    }
                    _ => reason,
                }
            }
            Some(range) => {
                let file = in_one_line(&range.filename);
                format!("{reason} ({file}:{})", range.start.line)
            }
            None => reason,
        }
    }
}

fn is_part_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-')
}

/// The first traversal in a piece of code, and what follows it.
fn next_traversal(code: &str) -> Option<(&str, &str)> {
    let start = code.find(|c: char| c.is_alphabetic() || c == '_')?;
    let rest = &code[start..];
    let part = |c: char| is_part_of_name(c) || matches!(c, '.' | '[' | ']');
    let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
    Some(rest.split_at(length))
}

/// The type, whether it is a data source, and the attribute of a traversal such as `aws_lb.main[0].arn`.
fn attribute<'a>(traversal: &'a str, outline: &Outline) -> Option<(&'a str, bool, String)> {
    let mut steps = traversal.split('.');
    let first = steps.next()?;
    let data = first == "data";
    let ty = if data { steps.next()? } else { first };
    steps.next()?;
    let attribute = steps.next()?.split('[').next()?;
    let known = outline
        .blocks
        .iter()
        .any(|block| block.data == data && *block.ty == *ty);
    (known && is_identifier(attribute)).then(|| (ty, data, attribute.to_owned()))
}

/// A text without control characters, no longer than a message can have it.
fn in_one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut line: String = words
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    if line.len() < words.len() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::terraform::evaluate::Block;

    fn outlined() -> Outline {
        let block = |ty: &str, data| Block {
            address: Arc::from(format!("{ty}.x")),
            data,
            ty: ty.into(),
            outputs: Default::default(),
        };
        Outline {
            blocks: vec![block("aws_kms_key", false), block("aws_subnets", true)],
            ..Outline::default()
        }
    }

    fn read(lines: &str) -> Messages {
        Messages::read(lines.as_bytes(), "1.11.4").unwrap()
    }

    #[test]
    fn the_plans_are_read_among_what_else_is_printed() {
        let messages = read(
            "[command]terraform test\n{\"type\":\"version\"}\n{\"@testfile\":\"a\",\"test_plan\":\
             {\"plan_format_version\":\"1.2\",\"resource_changes\":[],\"x\":1}}\nnot json\n",
        );
        let expected =
            r#"{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[]}"#;
        assert_eq!(messages.plans, [("a".into(), expected.into())]);
        assert_eq!(messages.reason(), "`terraform test` did not say why");
    }

    #[test]
    fn an_error_says_which_attribute_wants_a_shape() {
        let messages = read(
            r#"{"diagnostic":{"severity":"error","summary":"\"x\" (kms) is an invalid ARN: arn: no","snippet":{"code":"  kms = aws_kms_key.k[0].key_arn"}}}
{"diagnostic":{"severity":"error","summary":"Invalid index","address":"aws_lb.x","snippet":{"code":"x","values":[{"traversal":"data.aws_subnets.all.ids","statement":"is empty list of string"}]}}}
{"diagnostic":{"severity":"error","summary":"Check block assertion failed","detail":"no","snippet":{"context":"check \"c\"","code":""}}}
{"diagnostic":{"severity":"error","summary":"Error in function call","detail":"Call to function \"jsondecode\" failed: no","snippet":{"code":"x = jsondecode(data.aws_subnets.p[0].value)[\"id\"]"}}}
{"diagnostic":{"severity":"warning","summary":"ARN","snippet":{"code":"aws_kms_key.k.w"}}}"#,
        );
        let mut lessons = Lessons::default();
        assert!(messages.teach(&mut lessons, &outlined()));
        assert!(!messages.teach(&mut lessons, &outlined()), "nothing is new");
        let learnt: Vec<_> = lessons
            .attributes
            .iter()
            .map(|((ty, name), want)| (ty.as_str(), name.as_str(), want.clone()))
            .collect();
        assert_eq!(
            learnt,
            [
                ("aws_kms_key", "key_arn", Want::Arn),
                ("data.aws_subnets", "ids", Want::Names),
                (
                    "data.aws_subnets",
                    "value",
                    Want::Document(["id".to_owned()].into())
                )
            ]
        );
        assert!(lessons.checks.contains("c"));
        assert_eq!(
            messages.reason(),
            "\"x\" (kms) is an invalid ARN: arn: no; Invalid index (`aws_lb.x`); and 2 more errors"
        );
    }

    #[test]
    fn what_an_author_refuses_is_said_with_the_name_of_it() {
        let messages = read(
            r#"{"diagnostic":{"severity":"error","summary":"Invalid value for variable","detail":"Too short.\n\nThis was checked","range":{"filename":".terraform/x/a.tftest.hcl","start":{"line":9}},"snippet":{"context":"variables","code":"  v = \"z\""}}}"#,
        );
        assert_eq!(
            messages.reason(),
            "Invalid value for variable: Too short. (`var.v`)"
        );
    }
}
