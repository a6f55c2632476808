//! The shapes of a container definition, made from the model of the ECS API.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;
use xshell::{Shell, cmd};

const USAGE: &str = "usage: cargo xtask shapes WHEEL\n\n\
     WHEEL is what `pip download --no-deps botocore` gives: botocore-VERSION-py3-none-any.whl";
const MODEL: &str = "botocore/data/ecs/2014-11-13/service-2.json.gz";
const LIST: &str = "src/ecs/lower/shapes.txt";
const ROOT: &str = "ContainerDefinition";

/// Writes the list.
pub(crate) fn shapes(mut arguments: impl Iterator<Item = OsString>) -> Result<()> {
    let wheel = arguments.next().context(USAGE)?;
    let wheel = Path::new(&wheel);
    let name = wheel
        .file_name()
        .and_then(|name| name.to_str())
        .context(USAGE)?;
    let version = name.split('-').nth(1).context(USAGE)?;
    let shell = Shell::new()?;
    let packed = cmd!(shell, "unzip -p {wheel} {MODEL}").output()?.stdout;
    let model = cmd!(shell, "gzip -dc").stdin(&packed).read()?;
    let model: Value = serde_json::from_str(&model).context("the model is no JSON")?;
    let mut found = BTreeMap::new();
    structure(&model["shapes"], ROOT, &mut found)?;
    let mut list = format!(
        "# The shapes of a container definition in the API of ECS of 2014-11-13, as botocore {version} has it, \
         written by\n# `cargo xtask shapes`: a structure and its members, `!` after those that must be there, then \
         the type:\n# `text`, `integer`, `boolean`, a structure, `[…]` for a list, `{{…}}` for a map of texts, `=` \
         before the texts\n# that are taken.\n"
    );
    for (name, members) in found {
        let _ = writeln!(list, "{name} {}", members.join(" "));
    }
    fs::write(LIST, list)?;
    eprintln!("wrote {LIST}");
    Ok(())
}

/// Adds a structure, and those that its members are made of.
fn structure(shapes: &Value, name: &str, found: &mut BTreeMap<String, Vec<String>>) -> Result<()> {
    if found.contains_key(name) {
        return Ok(());
    }
    found.insert(name.to_owned(), Vec::new());
    let required = shapes[name]["required"].as_array();
    let required = |member: &str| required.is_some_and(|all| all.iter().any(|one| one == member));
    let mut members = Vec::new();
    for (member, of) in shapes[name]["members"]
        .as_object()
        .with_context(|| format!("`{name}` is no structure"))?
    {
        let mark = if required(member) { "!" } else { "" };
        let of = of["shape"].as_str().unwrap_or_default();
        members.push(format!("{member}{mark}:{}", kind(shapes, of, found)?));
    }
    members.sort();
    found.insert(name.to_owned(), members);
    Ok(())
}

fn kind(shapes: &Value, name: &str, found: &mut BTreeMap<String, Vec<String>>) -> Result<String> {
    let shape = &shapes[name];
    let inner = |key: &str| shape[key]["shape"].as_str().unwrap_or_default();
    Ok(match shape["type"].as_str() {
        Some("string") => match shape["enum"].as_array() {
            Some(all) => {
                let all: Vec<_> = all.iter().filter_map(Value::as_str).collect();
                format!("={}", all.join("|"))
            }
            None => "text".to_owned(),
        },
        Some("integer" | "long") => "integer".to_owned(),
        Some("boolean") => "boolean".to_owned(),
        Some("list") => format!("[{}]", kind(shapes, inner("member"), found)?),
        Some("map") => format!("{{{}}}", kind(shapes, inner("value"), found)?),
        Some("structure") => {
            structure(shapes, name, found)?;
            name.to_owned()
        }
        other => anyhow::bail!("`{name}` is of the type {other:?}, which nothing here knows"),
    })
}
