//! What Terraform makes of a configuration.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};

use crate::generate::Files;

/// What Terraform said, in a form that can be kept:
/// `{"refused": message}`, or `{"instances": {address: {attribute: …}}, "outputs": {name: type}}`.
///
/// Of an attribute, `value`, `unknown` and `sensitive` are what the plan says, and `applied` is what
/// it came to where the configuration could be applied.
pub(crate) fn ask(directory: &Path, files: &Files) -> Json {
    let directory = &*directory.join(&files.root);
    let has_manifest = directory.join(".terraform").exists();
    let needs_providers = files.files.values().any(|text| text.contains("hashicorp/"));
    if needs_providers {
        let (_, said, is_done) = run(directory, files, &["init", "-input=false"]);
        assert!(is_done, "{said}");
    } else if !has_manifest {
        let (_, said, is_done) = run(directory, files, &["get"]);
        if !is_done {
            return json!({ "refused": said });
        }
    }
    let mut plan = vec![
        "plan",
        "-input=false",
        "-lock=false",
        "-no-color",
        "-out=plan",
    ];
    plan.extend(files.arguments.iter().map(String::as_str));
    let (_, said, is_done) = run(directory, files, &plan);
    if !is_done {
        return json!({ "refused": said });
    }
    let shown = shown(directory, files, &["show", "-json", "plan"]);
    let mut instances = BTreeMap::new();
    for change in shown["resource_changes"].as_array().into_iter().flatten() {
        let attributes = planned(&change["change"]);
        instances.insert(change["address"].as_str().unwrap().to_owned(), attributes);
    }
    let mut outputs = BTreeMap::new();
    let planned = shown["planned_values"]["outputs"].as_object();
    for (name, output) in planned.into_iter().flatten() {
        if !output["type"].is_null() {
            outputs.insert(name.clone(), output["type"].clone());
        }
    }
    apply(directory, files, &mut instances);
    json!({ "instances": instances, "outputs": outputs })
}

/// The attributes of an instance as they are planned.
fn planned(change: &Json) -> BTreeMap<String, Json> {
    let mut attributes = BTreeMap::new();
    let (after, unknown) = (&change["after"], &change["after_unknown"]);
    let names = [after, unknown].into_iter().filter_map(Json::as_object);
    for name in names.flat_map(|object| object.keys()) {
        let sensitive = &change["after_sensitive"][name];
        let attribute =
            json!({ "value": after[name], "unknown": unknown[name], "sensitive": sensitive });
        attributes.insert(name.clone(), attribute);
    }
    attributes
}

/// Applies a plan of `terraform_data` alone, which makes nothing but a state, for what is known then.
fn apply(
    directory: &Path,
    files: &Files,
    instances: &mut BTreeMap<String, BTreeMap<String, Json>>,
) {
    let is_ours = |address: &String| address.contains("terraform_data.");
    if !instances.keys().all(is_ours) {
        return;
    }
    let (_, _, is_done) = run(
        directory,
        files,
        &["apply", "-input=false", "-lock=false", "plan"],
    );
    if !is_done {
        return;
    }
    let state = shown(directory, files, &["show", "-json"]);
    let mut pending = vec![&state["values"]["root_module"]];
    while let Some(module) = pending.pop() {
        pending.extend(module["child_modules"].as_array().into_iter().flatten());
        for resource in module["resources"].as_array().into_iter().flatten() {
            let address = resource["address"].as_str().unwrap();
            let Some(attributes) = instances.get_mut(address) else {
                continue;
            };
            for (name, attribute) in attributes {
                attribute["applied"] = resource["values"][name].clone();
            }
        }
    }
}

fn shown(directory: &Path, files: &Files, arguments: &[&str]) -> Json {
    let (shown, said, _) = run(directory, files, arguments);
    serde_json::from_slice(&shown).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// Runs Terraform: what it printed, what it complained of, and whether it succeeded.
fn run(directory: &Path, files: &Files, arguments: &[&str]) -> (Vec<u8>, String, bool) {
    let environment = files.environment.iter();
    let output = Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .env("CHECKPOINT_DISABLE", "1")
        .envs(environment.map(|(name, value)| (format!("TF_VAR_{name}"), value)))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.stdout, said, output.status.success())
}
