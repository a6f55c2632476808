//! What every file is to hold. Nothing here reads or writes one.

use toml_edit::{DocumentMut, Item};

use super::manifest::{self, Wanted, covers};
use super::package::{self, Common, Lacks};
use super::site::{Member, Refusal, Site, TargetKind};
use super::{alias, ci, ignored};

/// A file and what it is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Its path, relative to the workspace root, with `/`.
    pub(crate) file: String,
    /// What it holds; nothing where it is not there.
    pub(crate) before: Option<String>,
    /// What it is to hold.
    pub(crate) after: String,
}

/// What is to be written, and what to say of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// The files that change, in the order of their names.
    pub(crate) edits: Vec<Edit>,
    /// The alias that another one takes the place of.
    pub(crate) overwritten: Option<String>,
    /// The package with the test target.
    pub(crate) package: String,
    /// Whether `cargo test` at the workspace root runs that package's tests.
    pub(crate) tested_from_root: bool,
    /// What remains for a person to do or to know.
    pub(crate) notes: Vec<String>,
}

/// The files as far as they are planned.
#[derive(Clone, Debug, Default)]
pub(super) struct Files(Vec<Edit>);

impl Files {
    /// Plans what a file is to hold; the same as before is nothing to plan.
    pub(super) fn put(&mut self, file: &str, before: Option<String>, after: String) {
        if before.as_ref() != Some(&after) {
            self.0.push(Edit {
                file: file.to_owned(),
                before,
                after,
            });
        }
    }
}

/// The directories that a new package may be in, which is also its name.
pub(super) const PACKAGES: [&str; 2] = ["xtask", "xtask-ecs-audit"];

/// Plans everything that is not there.
///
/// # Errors
/// A file cannot be read, or is laid out so that what it needs cannot be added with certainty.
pub(crate) fn plan(site: &Site) -> Result<Plan, Refusal> {
    let mut files = Files::default();
    let mut notes = Vec::new();
    let root = super::site::document("Cargo.toml", &super::layout::plain(&site.manifest))?;
    let cargo_text = site.cargo.text.as_deref().unwrap_or_default();
    let cargo = super::site::document(&site.cargo.name, &super::layout::plain(cargo_text))?;
    let common = common(&root, &site.members);
    let there = alias::words(&cargo, alias::NAME);
    let host = host(site, &cargo, there.as_deref());
    let tester = site
        .members
        .iter()
        .find(|member| member.targets.iter().any(|target| target.tests_audit));
    // An alias that runs a package with the audit is as good as any.
    let ran = there.as_deref().and_then(alias::package);
    let is_run =
        ran.is_some_and(|name| host.is_some_and(|host| host.audit.is_some() && host.name == name));
    let mut wanted = Wanted {
        roots: &site.roots,
        ..Wanted::default()
    };
    let lacks = Lacks {
        runner: !is_run,
        tests: tester.is_none(),
    };
    let (package, run) = match host {
        Some(host) if is_run && tester.is_some() => (host.name.clone(), None),
        Some(host) => {
            let run = package::existing(site, &common, host, lacks, &mut files)?;
            let inherits = host.audit.is_none() && common.dependencies;
            wanted.dependency = inherits.then(|| site.origin.dependency(""));
            (host.name.clone(), Some(run))
        }
        None => {
            let name = free_directory(site)?;
            notes.extend(image_notes(&site.images, name));
            let run = package::new(site, &common, name, lacks, &mut files);
            wanted.member = Some(name);
            wanted.excluded = site.nested.iter().map(String::as_str).collect();
            wanted.dependency = common.dependencies.then(|| site.origin.dependency(""));
            (name.to_owned(), Some(run))
        }
    };
    if run.is_some()
        && host.is_none_or(|host| host.audit.is_none())
        && let Some(checkout) = site.origin.inside()
        && site
            .members
            .iter()
            .all(|member| member.directory != checkout)
    {
        // It is a workspace itself, and one cannot be in another.
        wanted.excluded.push(checkout);
    }
    let mut overwritten = None;
    if let Some(run) = run.filter(|_| !is_run) {
        let (after, was) = alias::edited(&site.cargo, &run)?;
        files.put(&site.cargo.name, site.cargo.text.clone(), after);
        wanted.made = site.cargo.text.is_none().then_some(".cargo");
        overwritten = was;
    }
    let is_default = is_default(&root, host, &package);
    if host.is_none() && is_default {
        keep_run(site, &mut wanted, &mut files)?;
    }
    let manifest = manifest::edited(&site.manifest, &wanted)?;
    files.put("Cargo.toml", Some(site.manifest.clone()), manifest);
    if let Some(checkout) = site.origin.of_this_machine()
        && host.is_none_or(|host| host.audit.is_none())
    {
        notes.push(format!(
            "`{package}` depends on `{checkout}`, which only this machine has: others, and a CI, need a version or a \
             Git repository there"
        ));
    }
    plan_ci(site, &mut files, &mut notes)?;
    if let Some(directory) = &site.around {
        notes.push(format!(
            "the CI of the repository is outside of the workspace, and is left alone: it has to run \
             `cargo ecs-audit --plan never` in `{directory}`"
        ));
    }
    if let Some(after) = ignored::edited(site.ignore.as_deref(), &site.unignored) {
        files.put(ignored::FILE, site.ignore.clone(), after);
    }
    let mut edits = files.0;
    edits.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(Plan {
        edits,
        overwritten,
        tested_from_root: match tester {
            Some(tester) => self::is_default(&root, Some(tester), &tester.name),
            None => is_default,
        },
        package: tester.map_or(package, |tester| tester.name.clone()),
        notes,
    })
}

/// The package that runs the audit or is for the workspace's own commands.
fn host<'a>(site: &'a Site, cargo: &DocumentMut, there: Option<&[String]>) -> Option<&'a Member> {
    let named = |name: &str| site.members.iter().find(|member| member.name == name);
    let run = there.and_then(alias::package).and_then(named);
    let own = alias::words(cargo, "xtask");
    let own = own.as_deref().and_then(alias::package).and_then(named);
    let runs = site.members.iter().find(|member| {
        let mut targets = member.targets.iter();
        targets.any(|target| target.runs_audit && target.kind != TargetKind::Other)
    });
    run.filter(|member| member.audit.is_some())
        .or(runs)
        .or_else(|| named(PACKAGES[0]))
        .or(own)
}

fn common(root: &DocumentMut, members: &[Member]) -> Common {
    let workspace = |key: &str| {
        root.get("workspace")
            .and_then(|workspace| workspace.get(key))
    };
    let inherited = workspace("package").and_then(Item::as_table_like);
    let keys = inherited.map(|table| table.iter().map(|(key, _)| key.to_owned()).collect());
    let rust_version = inherited.and_then(|table| table.get("rust-version")?.as_str());
    let inherits = |member: &Member| {
        let document = super::layout::plain(&member.manifest)
            .parse::<DocumentMut>()
            .ok();
        let lints = document
            .as_ref()
            .and_then(|document| document.get("lints")?.get("workspace"));
        lints.and_then(Item::as_bool) == Some(true)
    };
    let dependencies = workspace("dependencies").and_then(Item::as_table_like);
    Common {
        inherited: keys.unwrap_or_default(),
        rust_version: rust_version.and_then(|text| {
            let (major, rest) = text.split_once('.')?;
            let minor = rest.split('.').next()?;
            Some((major.parse().ok()?, minor.parse().ok()?))
        }),
        dependencies: dependencies.is_some_and(|dependencies| !dependencies.is_empty()),
        lints: workspace("lints").is_some() && members.iter().any(inherits),
    }
}

/// The directory of a new package.
fn free_directory(site: &Site) -> Result<&'static str, Refusal> {
    let mut names = PACKAGES.into_iter();
    names
        .find(|name| {
            let member = site.members.iter().any(|member| member.name == **name);
            !member && !site.taken.iter().any(|taken| taken == name)
        })
        .ok_or_else(|| {
            let [first, second] = PACKAGES;
            Refusal::new(format!(
                "`{first}` and `{second}` are there and no packages of this workspace"
            ))
        })
}

/// Whether Cargo takes a package where none is named: all of a workspace without a root package, else that
/// alone, else those that the manifest says.
fn is_default(root: &DocumentMut, host: Option<&Member>, name: &str) -> bool {
    let directory = host.map_or(name, |member| member.directory.as_str());
    let workspace = root.get("workspace");
    match workspace.and_then(|workspace| workspace.get("default-members")?.as_array()) {
        None => !root.contains_key("package") || directory.is_empty(),
        Some(members) => members
            .iter()
            .filter_map(toml_edit::Value::as_str)
            .any(|member| {
                let member = member.trim_start_matches("./").trim_end_matches('/');
                covers(member, directory) || member == "." && directory.is_empty()
            }),
    }
}

/// `cargo run` takes the only binary there is; beside a second one it has to be told.
fn keep_run<'a>(site: &'a Site, wanted: &mut Wanted<'a>, files: &mut Files) -> Result<(), Refusal> {
    let mut binaries = site.members.iter().flat_map(|member| {
        member
            .targets(TargetKind::Binary)
            .map(move |target| (member, target))
    });
    let (Some((member, binary)), None) = (binaries.next(), binaries.next()) else {
        return Ok(());
    };
    // A member may lie outside of the workspace's directory, where nothing is written.
    if member.default_run.is_some() || member.directory.starts_with("..") {
        return Ok(());
    }
    if member.directory.is_empty() {
        wanted.default_run = Some(&binary.name);
        return Ok(());
    }
    let file = member.file("Cargo.toml");
    let mut document = super::site::document(&file, &super::layout::plain(&member.manifest))?;
    let package = manifest::table(&mut document, &["package"], &file)?;
    package.insert("default-run", toml_edit::value(binary.name.as_str()));
    let after = super::layout::as_before(&member.manifest, &document.to_string());
    files.put(&file, Some(member.manifest.clone()), after);
    Ok(())
}

/// An image is built from what is copied into it, and Cargo wants the manifest of every member there.
fn image_notes(images: &[(String, String)], package: &str) -> Vec<String> {
    let copies = |text: &str| {
        text.lines().map(str::trim_start).any(|line| {
            let instruction = line.split_whitespace().next().unwrap_or_default();
            let copies = ["COPY", "ADD"]
                .iter()
                .any(|name| instruction.eq_ignore_ascii_case(name));
            copies && !line.contains("--from=") && line.contains("Cargo.toml")
        })
    };
    let those = images
        .iter()
        .filter(|(_, text)| copies(text) && !text.contains(package));
    let names: Vec<String> = those.map(|(name, _)| format!("`{name}`")).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let (copies, needs) = match names.len() {
        1 => ("copies", "needs"),
        _ => ("copy", "need"),
    };
    vec![format!(
        "{} {copies} `Cargo.toml` by its name, and {needs} the new member beside it, or no image can be built: \
         `COPY {package} ./{package}`",
        names.join(", ")
    )]
}

fn plan_ci(site: &Site, files: &mut Files, notes: &mut Vec<String>) -> Result<(), Refusal> {
    if let Some(workflows) = site
        .workflows
        .as_ref()
        .filter(|workflows| !workflows.call_audit)
    {
        let file = format!(".github/workflows/ecs-audit.{}", workflows.extension);
        if workflows.taken {
            notes.push(format!(
                "`{file}` is there and does not call `cargo ecs-audit`: nothing was added"
            ));
        } else {
            files.put(&file, None, ci::workflow(workflows));
        }
    }
    if let Some(text) = site
        .pipeline
        .as_ref()
        .filter(|text| !text.contains(ci::CALL))
    {
        match ci::pipeline(text)? {
            Some(after) => files.put(ci::PIPELINE, Some(text.clone()), after),
            None => notes.push(format!(
                "`{}` is laid out so that no job can be added: add one that runs `cargo ecs-audit --plan never`",
                ci::PIPELINE
            )),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
