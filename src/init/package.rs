//! The package that the alias runs and that has the test target: a new one, or the one that is there.

use std::fmt::Write as _;

use toml_edit::{ArrayOfTables, InlineTable, Item, Table, Value, value};

use super::layout::{as_before, plain};
use super::manifest::{depend, table};
use super::plan::Files;
use super::site::{Member, Refusal, Site, TargetKind, document};

/// The names that the test target may have, in this order.
pub(super) const TESTS: [&str; 3] = ["ecs", "ecs_audit", "ecs_infrastructure"];
/// The name of the example that runs the audit in a package that is there.
pub(super) const EXAMPLE: &str = "ecs-audit";

/// What the audit needs of Rust.
const RUST: (u64, u64) = version(env!("CARGO_PKG_RUST_VERSION"));

/// What a new package has in common with the others.
#[derive(Clone, Debug, Default)]
pub(super) struct Common {
    /// The keys that `[workspace.package]` has.
    pub(super) inherited: Vec<String>,
    /// `[workspace.package]`'s `rust-version`.
    pub(super) rust_version: Option<(u64, u64)>,
    /// Whether dependencies are those of `[workspace.dependencies]`.
    pub(super) dependencies: bool,
    /// Whether members inherit lints.
    pub(super) lints: bool,
}

/// What is not there yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lacks {
    /// Something that the alias runs.
    pub(super) runner: bool,
    /// A test target.
    pub(super) tests: bool,
}

/// Plans a new package, and says what the alias runs.
pub(super) fn new(
    site: &Site,
    common: &Common,
    name: &str,
    lacks: Lacks,
    files: &mut Files,
) -> String {
    let manifest = manifest(site, common, name, lacks);
    files.put(&format!("{name}/Cargo.toml"), None, manifest);
    let main = "//! This workspace's own commands; `cargo ecs-audit` runs the audit.\n\n\
                fn main() -> ecs_audit::Exit {\n    \
                ecs_audit::run(std::env::args_os(), &mut ecs_audit::Console::standard())\n}\n";
    files.put(&format!("{name}/src/main.rs"), None, main.to_owned());
    if lacks.tests {
        let file = format!("{name}/tests/{}.rs", TESTS[0]);
        files.put(&file, None, tests("ecs_audit", false));
    }
    format!("run --quiet --package {name} -- ecs-audit")
}

fn manifest(site: &Site, common: &Common, name: &str, lacks: Lacks) -> String {
    let mut text = format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\n");
    let inherits = |key: &str| common.inherited.iter().any(|inherited| inherited == key);
    if inherits("edition") {
        text.push_str("edition.workspace = true\n");
    } else {
        let _ = writeln!(text, "edition = \"{}\"", edition(&site.members));
    }
    // Where the others ask for less than the audit needs, this one asks for what it needs.
    let declared = common.rust_version.filter(|_| inherits("rust-version"));
    match declared {
        Some(version) if version >= RUST => text.push_str("rust-version.workspace = true\n"),
        _ => {
            let members = site.members.iter().filter_map(|member| member.rust_version);
            if let Some((major, minor)) = members.chain(declared).max() {
                let (major, minor) = RUST.max((major, minor));
                let _ = writeln!(text, "rust-version = \"{major}.{minor}\"");
            }
        }
    }
    if inherits("license") {
        text.push_str("license.workspace = true\n");
    }
    text.push_str("publish = false\n\n[dependencies]\n");
    let package = super::origin::PACKAGE;
    if common.dependencies {
        let _ = writeln!(text, "{package}.workspace = true");
    } else {
        let _ = writeln!(text, "{package} = {}", site.origin.dependency(name));
    }
    if lacks.tests {
        let _ = write!(
            text,
            "\n[[test]]\nname = \"{}\"\nharness = false\n",
            TESTS[0]
        );
    }
    if common.lints {
        text.push_str("\n[lints]\nworkspace = true\n");
    }
    text
}

/// The edition that most members have, from 2018 on: a later one would ask for another resolver.
fn edition(members: &[Member]) -> &str {
    let count = |edition: &str| {
        members
            .iter()
            .filter(|member| member.edition == edition)
            .count()
    };
    let editions = members.iter().map(|member| member.edition.as_str());
    editions
        .filter(|edition| *edition >= "2018")
        .max_by_key(|edition| (count(edition), *edition))
        .unwrap_or(if members.is_empty() { "2021" } else { "2018" })
}

/// Plans what a package that is there gets, and says what the alias runs.
pub(super) fn existing(
    site: &Site,
    common: &Common,
    member: &Member,
    lacks: Lacks,
    files: &mut Files,
) -> Result<String, Refusal> {
    let file = member.file("Cargo.toml");
    let before = plain(&member.manifest);
    let mut document = document(&file, &before)?;
    let mut changed = false;
    let name = &member.name;
    let audit = member.audit.as_deref().unwrap_or("ecs_audit");
    let old = member.edition == "2015";
    if member.audit.is_none() {
        let dependency = if common.dependencies {
            let mut table = InlineTable::new();
            table.insert("workspace", true.into());
            Value::InlineTable(table)
        } else {
            site.origin.dependency(&member.directory)
        };
        // What examples and tests need does not slow down the package's own commands.
        let path = ["dev-dependencies"];
        changed |= depend(&mut document, &path, &file, Item::Value(dependency))?;
    }
    let runs = |kind| member.targets(kind).find(|target| target.runs_audit);
    let alias = if let Some(binary) = runs(TargetKind::Binary) {
        let other = member.targets(TargetKind::Binary).count() > 1
            && member.default_run.as_ref() != Some(&binary.name);
        let which = if other {
            format!(" --bin {}", binary.name)
        } else {
            String::new()
        };
        format!("run --quiet --package {name}{which} -- ecs-audit")
    } else if let Some(example) = runs(TargetKind::Example) {
        by_example(name, &example.name)
    } else if lacks.runner {
        // An example needs no line in the package's own `main`, and is no second binary for `cargo run`.
        let (example, path) = free(member, TargetKind::Example, "examples", &[EXAMPLE])?;
        let package = document.get("package");
        let found = package.and_then(|package| package.get("autoexamples"));
        if old || found.and_then(Item::as_bool) == Some(false) {
            target(&mut document, "example", &example, None, old, &file)?;
            changed = true;
        }
        files.put(&member.file(&path), None, runner(audit, old));
        by_example(name, &example)
    } else {
        String::new()
    };
    if lacks.tests {
        let (test, path) = free(member, TargetKind::Test, "tests", &TESTS)?;
        target(&mut document, "test", &test, Some(false), old, &file)?;
        changed = true;
        files.put(&member.file(&path), None, tests(audit, old));
    }
    if changed {
        let after = as_before(&member.manifest, &document.to_string());
        files.put(&file, Some(member.manifest.clone()), after);
    }
    Ok(alias)
}

fn by_example(package: &str, example: &str) -> String {
    format!("run --quiet --package {package} --example {example} --")
}

/// A name for a target that is not taken, and its file.
fn free(
    member: &Member,
    kind: TargetKind,
    directory: &str,
    names: &[&str],
) -> Result<(String, String), Refusal> {
    names
        .iter()
        .map(|name| (*name, format!("{directory}/{name}.rs")))
        .find(|(name, path)| {
            !member.files.contains(path) && member.targets(kind).all(|target| target.name != *name)
        })
        .map(|(name, path)| (name.to_owned(), path))
        .ok_or_else(|| {
            let path = member.file(&format!("{directory}/{}.rs", names[0]));
            Refusal::new(format!(
                "`{path}` is there and does not run the audit; move it, or run the audit in it"
            ))
        })
}

/// Adds a target to a manifest. In the first edition one that is written down hides those that are found.
fn target(
    document: &mut toml_edit::DocumentMut,
    kind: &str,
    name: &str,
    harness: Option<bool>,
    old: bool,
    file: &str,
) -> Result<(), Refusal> {
    let has_some = document.contains_key(kind);
    let mut added = Table::new();
    added.insert("name", value(name));
    if let Some(harness) = harness {
        added.insert("harness", value(harness));
    }
    match document
        .entry(kind)
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
    {
        Item::ArrayOfTables(targets) => targets.push(added),
        Item::Value(Value::Array(targets)) => {
            targets.push(added.into_inline_table());
        }
        _ => return Err(Refusal::by_hand(file, &format!("`[[{kind}]]`"))),
    }
    if old && !has_some {
        let package = table(document, &["package"], file)?;
        let key = format!("auto{kind}s");
        if !package.contains_key(&key) {
            package.insert(&key, value(true));
        }
    }
    Ok(())
}

fn runner(audit: &str, old: bool) -> String {
    format!(
        "//! `cargo ecs-audit`.\n\n{}fn main() -> {audit}::Exit {{\n    \
         {audit}::run(std::env::args_os(), &mut {audit}::Console::standard())\n}}\n",
        imported(audit, old)
    )
}

fn tests(audit: &str, old: bool) -> String {
    format!(
        "//! The ECS that the Terraform here would make: one test for each rule and root module.\n\n{}{audit}::harness!();\n",
        imported(audit, old)
    )
}

fn imported(audit: &str, old: bool) -> String {
    if old {
        format!("extern crate {audit};\n\n")
    } else {
        String::new()
    }
}

/// The first two numbers of a version.
const fn version(text: &str) -> (u64, u64) {
    let bytes = text.as_bytes();
    let mut numbers = [0, 0];
    let (mut at, mut which) = (0, 0);
    while at < bytes.len() && which < 2 {
        match bytes[at] {
            digit @ b'0'..=b'9' => numbers[which] = numbers[which] * 10 + (digit - b'0') as u64,
            _ => which += 1,
        }
        at += 1;
    }
    (numbers[0], numbers[1])
}

/// The Rust that a toolchain file asks for, where the audit needs a later one.
pub(super) fn too_old(toolchain: &str) -> Option<String> {
    let document = toolchain.parse::<toml_edit::DocumentMut>().ok();
    let channel = document.as_ref().and_then(|document| {
        let toolchain = document.get("toolchain")?;
        toolchain.get("channel")?.as_str()
    });
    let channel = channel.unwrap_or(toolchain).trim();
    let numbers = channel.split_once('.')?;
    let major = numbers.0.parse().ok()?;
    let minor = numbers.1.split(['.', '-']).next()?.parse().ok()?;
    ((major, minor) < RUST).then(|| channel.to_owned())
}

/// The Rust that the audit needs.
pub(super) fn needed() -> String {
    format!("{}.{}", RUST.0, RUST.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_that_is_too_old_is_seen() {
        let file = |channel: &str| format!("[toolchain]\nchannel = \"{channel}\"\n");
        assert_eq!(too_old(&file("1.70.0")).as_deref(), Some("1.70.0"));
        assert_eq!(too_old("1.70\n").as_deref(), Some("1.70"));
        for newer in ["1.95", "2.0.1", "stable", "nightly-2026-01-01"] {
            assert_eq!(too_old(&file(newer)), None, "{newer}");
        }
        assert_eq!(version("1.88.3"), (1, 88));
    }
}
