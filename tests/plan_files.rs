//! A plan file that is read directly gives what `terraform show -json` prints of it.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ecs_audit::terraform::plan::Facts;

/// Where two texts part, in two lines.
fn apart(json: &str, file: &str) -> String {
    let same = json
        .chars()
        .zip(file.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let rest = |text: &str| {
        text.chars()
            .skip(same.saturating_sub(60))
            .take(240)
            .collect::<String>()
    };
    format!("\n  JSON …{}\n  file …{}", rest(json), rest(file))
}

/// Everything that the facts of two plans have and that is not the same.
fn differences(json: &Facts, file: &Facts, variables: &[String]) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |what: &str, json: String, file: String| {
        if json != file {
            differences.push(format!("{what}{}", apart(&json, &file)));
        }
    };
    let text = |facts: &Facts| {
        let version = facts.terraform_version().map(str::to_owned);
        let complete = facts.is_complete();
        format!(
            "{version:?} {complete} {:?} {:?}",
            facts.timestamp(),
            facts.notes()
        )
    };
    compare("plan", text(json), text(file));
    let addresses = |facts: &Facts| {
        let instances = facts.instances().map(|instance| format!("{instance:?}"));
        instances.collect::<BTreeSet<_>>()
    };
    let (of_json, of_file) = (addresses(json), addresses(file));
    for missing in of_json.symmetric_difference(&of_file) {
        compare(
            missing,
            of_json.contains(missing).to_string(),
            of_file.contains(missing).to_string(),
        );
    }
    for instance in json.instances() {
        let address = &instance.address;
        let attributes = |facts: &Facts| format!("{:?}", facts.attributes(address));
        let whole = |facts: &Facts| {
            facts
                .instance(address)
                .map_or_else(String::new, |instance| {
                    format!("{} {:?}", instance.provider, instance.computed)
                })
        };
        compare(address, attributes(json), attributes(file));
        compare(address, whole(json), whole(file));
    }
    for name in variables {
        let value = |facts: &Facts| format!("{:?}", facts.variable(name));
        compare(name, value(json), value(file));
    }
    differences
}

fn variables(json: &[u8]) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_slice(json).unwrap();
    let variables = json["variables"].as_object();
    variables.map_or_else(Vec::new, |variables| variables.keys().cloned().collect())
}

/// Compares the two ways for `NAME.tfplan` and `NAME.json`.
fn assert_same(file: &Path, json: &Path) -> usize {
    let name = file.display().to_string();
    let json = fs::read(json).unwrap();
    let variables = variables(&json);
    let json = Facts::read(json, &name).unwrap();
    let file = Facts::read_file(fs::read(file).unwrap(), &name).unwrap();
    let differences = differences(&json, &file, &variables);
    for difference in &differences {
        println!("{name}: {difference}");
    }
    differences.len()
}

#[test]
fn plans_beside_their_json_give_the_same() {
    let Some(corpus) = std::env::var_os("ECS_AUDIT_PLANS") else {
        return;
    };
    let mut count = 0;
    let mut pairs = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        let json = path.with_extension("json");
        if path
            .extension()
            .is_some_and(|extension| extension == "tfplan")
            && json.exists()
        {
            pairs += 1;
            count += assert_same(&path, &json);
        }
    }
    println!("{pairs} pairs, {count} differences");
    assert_eq!(count, 0);
}
