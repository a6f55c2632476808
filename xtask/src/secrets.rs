//! The list of the AWS provider's attributes that are secret sources, made from the provider's schema.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context as _, Result};
use serde_json::Value;

const USAGE: &str = "usage: cargo xtask secrets SCHEMA VERSION\n\n\
     SCHEMA is what `terraform providers schema -json` prints where hashicorp/aws of that version is \
     installed";
const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";
const LIST: &str = "src/terraform/evaluate/sensitive_attributes.txt";

/// What begins the part of the list that is written by hand.
const BY_HAND: &str = "\n# What its schema does not mark";

/// What stands before the types of each kind of schema.
const KINDS: [(&str, &str); 3] = [
    ("resource_schemas", ""),
    ("data_source_schemas", "data "),
    ("ephemeral_resource_schemas", "ephemeral "),
];

type Types = BTreeMap<String, BTreeSet<String>>;

/// Writes the list anew; what is written by hand stays.
pub(crate) fn secrets(mut arguments: impl Iterator<Item = OsString>) -> Result<()> {
    let schema = arguments.next().context(USAGE)?;
    let version = arguments.next().context(USAGE)?;
    let schema: Value = serde_json::from_str(&fs::read_to_string(schema)?)?;
    let provider = &schema["provider_schemas"][PROVIDER];
    let mut list = format!(
        "# Attributes that are secret sources, by resource type: `data` and `ephemeral` before the types of\n\
         # data sources and ephemeral resources, attribute paths after the type.\n#\n\
         # The first part is what the schema of hashicorp/aws {} marks sensitive or write-only, nested ones with\n\
         # the names around them, written by `cargo xtask secrets`.\n",
        version.display()
    );
    for (kind, prefix) in KINDS {
        let mut types = Types::new();
        for (ty, schema) in provider[kind].as_object().context("no such provider")? {
            block(&schema["block"], &mut Vec::new(), &mut |path| {
                types.entry(ty.clone()).or_default().insert(path);
            });
        }
        for (ty, paths) in types {
            let paths: Vec<_> = paths.into_iter().collect();
            let _ = writeln!(list, "{prefix}{ty} {}", paths.join(" "));
        }
    }
    let old = fs::read_to_string(LIST)?;
    let at = old.find(BY_HAND).context("the part by hand is lost")?;
    list.push_str(&old[at..]);
    fs::write(LIST, list)?;
    eprintln!("wrote {LIST}");
    Ok(())
}

/// Finds the marked attributes of a block.
fn block(block: &Value, path: &mut Vec<String>, give: &mut dyn FnMut(String)) {
    for (name, attribute) in block["attributes"].as_object().into_iter().flatten() {
        path.push(name.clone());
        if attribute["sensitive"] == true || attribute["write_only"] == true {
            give(path.join("."));
        } else if let Some(nested) = attribute.get("nested_type") {
            self::block(nested, path, give);
        }
        path.pop();
    }
    for (name, nested) in block["block_types"].as_object().into_iter().flatten() {
        path.push(name.clone());
        self::block(&nested["block"], path, give);
        path.pop();
    }
}
