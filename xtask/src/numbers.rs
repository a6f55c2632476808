//! The list of the AWS provider's attributes that are numbers, made from the provider's schema.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context as _, Result};
use serde_json::Value;

const USAGE: &str = "usage: cargo xtask numbers SCHEMA VERSION\n\n\
     SCHEMA is what `terraform providers schema -json` prints where hashicorp/aws of that version is \
     installed";
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";
const LIST: &str = "src/terraform/plan/file/numbers.txt";

/// The longest path that is listed: deeper there are dashboards and firewall rules by the thousand.
const DEEPEST: usize = 3;

/// Writes the list.
pub(crate) fn numbers(mut arguments: impl Iterator<Item = OsString>) -> Result<()> {
    let schema = arguments.next().context(USAGE)?;
    let version = arguments.next().context(USAGE)?;
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema)?)?;
    let provider = &schema["provider_schemas"][PROVIDER];
    let mut found = Found::default();
    for (kind, prefix) in [("resource_schemas", ""), ("data_source_schemas", "data.")] {
        for (ty, schema) in provider[kind].as_object().context("no such provider")? {
            found.block(&schema["block"], &format!("{prefix}{ty}"), &mut Vec::new());
        }
    }
    fs::write(LIST, found.list(&version.display().to_string()))?;
    eprintln!("wrote {LIST}");
    Ok(())
}

#[derive(Default)]
struct Found {
    /// The names of attributes that are no numbers.
    others: BTreeSet<String>,
    /// The paths to numbers, by type.
    numbers: BTreeMap<String, BTreeSet<Vec<String>>>,
    /// The names of maps.
    maps: BTreeSet<String>,
}

impl Found {
    fn block(&mut self, block: &Value, ty: &str, path: &mut Vec<String>) {
        for (name, attribute) in block["attributes"].as_object().into_iter().flatten() {
            path.push(name.clone());
            match attribute.get("nested_type") {
                Some(nested) => self.block(nested, ty, path),
                None => self.attribute(&attribute["type"], ty, path),
            }
            path.pop();
        }
        for (name, nested) in block["block_types"].as_object().into_iter().flatten() {
            path.push(name.clone());
            self.block(&nested["block"], ty, path);
            path.pop();
        }
    }

    fn attribute(&mut self, attribute: &Value, ty: &str, path: &mut Vec<String>) {
        let name = || path.last().cloned().unwrap_or_default();
        match (attribute.as_str(), attribute[0].as_str()) {
            (Some("number"), _) => {
                let paths = self.numbers.entry(ty.to_owned()).or_default();
                paths.insert(path.clone());
            }
            (_, Some("list" | "set")) => self.attribute(&attribute[1], ty, path),
            (_, Some("map")) => {
                self.maps.insert(name());
                path.push("*".into());
                self.attribute(&attribute[1], ty, path);
                path.pop();
            }
            (_, Some("object")) => {
                for (name, attribute) in attribute[1].as_object().into_iter().flatten() {
                    path.push(name.clone());
                    self.attribute(attribute, ty, path);
                    path.pop();
                }
            }
            _ => drop(self.others.insert(name())),
        }
    }

    fn list(&self, version: &str) -> String {
        let mut list = format!(
            "# The attributes of hashicorp/aws {version} that are numbers, written by `cargo xtask numbers`: names \
             that\n# only numbers have; with `.*`, names of maps, in which keys are the user's own; and by type the \
             paths\n# to numbers whose names others have as well.\n"
        );
        let mut names = BTreeSet::new();
        let mut paths: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (ty, found) in &self.numbers {
            for path in found {
                let name = path.last().map_or("", String::as_str);
                let in_map = path.iter().any(|name| self.maps.contains(name));
                if in_map || self.others.contains(name) {
                    if path.len() > DEEPEST {
                        continue;
                    }
                    paths.entry(ty).or_default().push(path.join("."));
                } else {
                    names.insert(name);
                }
            }
        }
        for name in names {
            let _ = writeln!(list, "{name}");
        }
        for map in &self.maps {
            let _ = writeln!(list, "{map}.*");
        }
        for (ty, paths) in paths {
            let _ = writeln!(list, "{ty} {}", paths.join(" "));
        }
        list
    }
}
