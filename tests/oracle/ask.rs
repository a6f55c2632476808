//! Asking Terraform.

use std::collections::BTreeMap;
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
        let block = format!(
            "{declared}output \"e{index}\" {{\n  value = {text}\n  sensitive = true\n}}\n\
             resource \"terraform_data\" \"e{index}\" {{\n  input = {text}\n}}\n"
        );
        std::fs::write(file(index), block).unwrap();
    }
    let mut answers = Answers::new();
    let refused = |expression: &Expression| {
        let of = hash(&expression.text);
        (of.clone(), serde_json::json!({ "of": of, "error": true }))
    };
    loop {
        let Some(failed) = plan(directory.path()) else {
            // Some failures, such as that of writing infinity into a plan, name nothing.
            if let [expression] = expressions {
                return Answers::from([refused(expression)]);
            }
            let (first, second) = expressions.split_at(expressions.len() / 2);
            answers = ask(first);
            answers.extend(ask(second));
            return answers;
        };
        if failed.is_empty() {
            break;
        }
        for index in failed {
            answers.extend([refused(expressions[index])]);
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

/// Plans, and gives the expressions that Terraform refuses; `None` where it does not say which.
fn plan(directory: &Path) -> Option<Vec<usize>> {
    let options = [
        "-json",
        "-input=false",
        "-refresh=false",
        "-lock=false",
        "-out=plan",
    ];
    let said = run(directory, &[&["plan"], options.as_slice()].concat());
    let mut refused = std::collections::BTreeSet::new();
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
            refused.insert(index.parse().unwrap());
        } else {
            // Some errors have no place, but name the resource.
            let address = diagnostic["address"].as_str().unwrap_or_default();
            let index = address.strip_prefix("terraform_data.e");
            refused.extend(index.map(|index| index.parse::<usize>().unwrap()));
        }
    }
    (!failed || !refused.is_empty()).then(|| refused.into_iter().collect())
}
