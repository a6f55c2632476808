//! Asking Terraform.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use crate::cases::{Answers, Expression, files, hash, variable};

/// Asks Terraform: each expression is the value of an output, which tells value and type, and the input
/// of a resource, which tells what of it is unknown and sensitive. What it refuses is taken out until
/// it plans the rest.
pub(crate) fn ask(expressions: &[&Expression]) -> Answers {
    let directory = tempfile::tempdir().unwrap();
    let file = |index: usize| directory.path().join(format!("e{index}.tf"));
    let main = "resource \"terraform_data\" \"x\" { input = jsondecode(timestamp()) }\n";
    std::fs::write(directory.path().join("main.tf"), main).unwrap();
    copy(&files(), directory.path());
    // Where the expression stands in its file, twice.
    let mut begins = Vec::new();
    for (index, expression) in expressions.iter().enumerate() {
        let text = &expression.text;
        let (declared, text) = match variable(text) {
            Some((ty, default)) => {
                let named = format!("e{index}");
                let declared =
                    format!("variable \"{named}\" {{\n  type = {ty}\n  default = {default}\n}}\n");
                (declared, format!("var.{named}"))
            }
            None => (String::new(), text.clone()),
        };
        let mut block = format!("{declared}output \"e{index}\" {{\n  value = ");
        let first = block.len();
        let _ = write!(
            block,
            "{text}\n  sensitive = true\n}}\nresource \"terraform_data\" \"e{index}\" {{\n  input = "
        );
        begins.push([first, block.len()]);
        let _ = write!(block, "{text}\n}}\n");
        std::fs::write(file(index), block).unwrap();
    }
    let mut answers = Answers::new();
    let refused = |expression: &Expression, places: &BTreeSet<(usize, usize)>| {
        let of = hash(&expression.text);
        (
            of.clone(),
            serde_json::json!({ "of": of, "error": true, "at": places }),
        )
    };
    loop {
        let Some(failed) = plan(directory.path()) else {
            // Some failures, such as that of writing infinity into a plan, name nothing.
            if let [expression] = expressions {
                return Answers::from([refused(expression, &BTreeSet::new())]);
            }
            let (first, second) = expressions.split_at(expressions.len() / 2);
            answers = ask(first);
            answers.extend(ask(second));
            return answers;
        };
        if failed.is_empty() {
            break;
        }
        for (index, places) in failed {
            let begins = begins[index];
            let within = places.into_iter().filter_map(|(start, end)| {
                let length = expressions[index].text.len();
                let begin = *begins.iter().rev().find(|&&begin| begin <= start)?;
                (end <= begin + length).then_some((start - begin, end - begin))
            });
            answers.extend([refused(expressions[index], &within.collect())]);
            std::fs::remove_file(file(index)).unwrap();
        }
    }
    let shown = run(directory.path(), &["show", "-json", "plan"]);
    let shown: Json = serde_json::from_slice(&shown).unwrap();
    let mut inputs = BTreeMap::new();
    for resource in shown["resource_changes"].as_array().unwrap() {
        inputs.insert(resource["name"].as_str().unwrap(), &resource["change"]);
    }
    for (index, expression) in expressions.iter().enumerate() {
        let name = format!("e{index}");
        let Some(change) = shown["output_changes"].get(&name) else {
            continue;
        };
        let of = hash(&expression.text);
        let ty = &shown["planned_values"]["outputs"][&name]["type"];
        let sensitive = &inputs[name.as_str()]["after_sensitive"]["input"];
        let answer = serde_json::json!({
            "of": of,
            "type": ty,
            "value": change["after"],
            "unknown": change["after_unknown"],
            "sensitive": sensitive,
        });
        answers.insert(of, answer);
    }
    answers
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn run(directory: &Path, arguments: &[&str]) -> Vec<u8> {
    Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .unwrap()
        .stdout
}

/// Where Terraform says that something is wrong, in bytes of the file of each expression.
type Refused = BTreeMap<usize, BTreeSet<(usize, usize)>>;

/// Plans, and gives the expressions that Terraform refuses; `None` where it does not say which.
fn plan(directory: &Path) -> Option<Refused> {
    let options = [
        "-json",
        "-input=false",
        "-refresh=false",
        "-lock=false",
        "-out=plan",
    ];
    let said = run(directory, &[&["plan"], options.as_slice()].concat());
    let mut refused = Refused::new();
    let mut failed = false;
    for line in String::from_utf8(said).unwrap().lines() {
        let message: Json = serde_json::from_str(line).unwrap();
        let diagnostic = &message["diagnostic"];
        if diagnostic["severity"] != "error" {
            continue;
        }
        failed = true;
        let named = diagnostic["range"]["filename"].as_str();
        let index = named.and_then(|name| name.strip_prefix('e')?.strip_suffix(".tf"));
        if let Some(index) = index {
            let places = refused.entry(index.parse().unwrap()).or_default();
            let at = |end: &str| diagnostic["range"][end]["byte"].as_u64();
            if let (Some(start), Some(end)) = (at("start"), at("end")) {
                places.insert((start.try_into().unwrap(), end.try_into().unwrap()));
            }
        } else {
            // Some errors have no place, but name the resource.
            let address = diagnostic["address"].as_str().unwrap_or_default();
            let index = address.strip_prefix("terraform_data.e");
            if let Some(index) = index {
                refused.entry(index.parse().unwrap()).or_default();
            }
        }
    }
    (!failed || !refused.is_empty()).then_some(refused)
}
