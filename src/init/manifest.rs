//! The workspace's manifest: its members, its dependencies, and the root modules.

use toml_edit::{DocumentMut, Item, Key, Table, TableLike, Value, value};

use super::layout::{as_before, list, plain, push};
use super::origin::PACKAGE;
use super::site::{Refusal, document};
use crate::config;

const FILE: &str = "Cargo.toml";

/// What the manifest is to say.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted<'a> {
    /// The directory of a new package.
    pub(super) member: Option<&'a str>,
    /// The directories that are not the workspace's.
    pub(super) excluded: Vec<&'a str>,
    /// A directory that is made and is no package.
    pub(super) made: Option<&'a str>,
    /// What packages inherit that depend on the audit, where dependencies are inherited.
    pub(super) dependency: Option<Value>,
    /// The root modules.
    pub(super) roots: &'a [String],
    /// The binary that `cargo run` runs.
    pub(super) default_run: Option<&'a str>,
}

/// The manifest with what is wanted and not there, and everything else as it was.
pub(super) fn edited(original: &str, wanted: &Wanted<'_>) -> Result<String, Refusal> {
    let before = plain(original);
    let mut document = document(FILE, &before)?;
    let mut changed = false;
    if wanted.member.is_some() || !wanted.excluded.is_empty() {
        changed |= belongs(&mut document, wanted)?;
    }
    if let Some(made) = wanted.made
        && let Some(workspace) = document
            .get_mut("workspace")
            .and_then(Item::as_table_like_mut)
        && lists(workspace, "members", made)
        && !lists(workspace, "exclude", made)
    {
        // Cargo wants a manifest in every directory that a pattern covers.
        add(workspace, "exclude", &[made])?;
        changed = true;
    }
    if let Some(dependency) = &wanted.dependency {
        let path = ["workspace", "dependencies"];
        let dependency = Item::Value(dependency.clone());
        changed |= depend(&mut document, &path, FILE, dependency)?;
    }
    if let Some(binary) = wanted.default_run {
        table(&mut document, &["package"], FILE)?.insert("default-run", value(binary));
        changed = true;
    }
    let is_configured =
        config::read(&document.to_string()).is_ok_and(|config| !config.roots.is_empty());
    if !is_configured && !wanted.roots.is_empty() {
        let owner = owner(&document);
        let configured = table(&mut document, &[owner, "metadata", "ecs-audit"], FILE)?;
        configured.insert("roots", Item::Value(Value::Array(list(wanted.roots))));
        changed = true;
    }
    if !changed {
        return Ok(original.to_owned());
    }
    let after = document.to_string();
    check(&before, &after, wanted)?;
    Ok(as_before(original, &after))
}

fn owner(document: &DocumentMut) -> &'static str {
    if document.contains_key("workspace") {
        "workspace"
    } else {
        "package"
    }
}

/// Makes the new package a member, of a workspace that may not be one yet, and keeps others out.
fn belongs(document: &mut DocumentMut, wanted: &Wanted<'_>) -> Result<bool, Refusal> {
    let is_new = !document.contains_key("workspace");
    if is_new {
        let mut workspace = Table::new();
        // Past everything that is there.
        workspace.set_position(Some(isize::MAX));
        document.insert("workspace", Item::Table(workspace));
        move_configuration(document);
    }
    let workspace = table(document, &["workspace"], FILE)?;
    let mut changed = is_new;
    if let Some(member) = wanted.member
        && !lists(workspace, "members", member)
    {
        add(workspace, "members", &[member])?;
        changed = true;
    }
    let excluded = wanted.excluded.iter().copied();
    let excluded: Vec<&str> = excluded
        .filter(|directory| !lists(workspace, "exclude", directory))
        .collect();
    if !excluded.is_empty() {
        add(workspace, "exclude", &excluded)?;
        changed = true;
    }
    Ok(changed)
}

/// What a single package configured is the workspace's from now on; what links the package stays its own.
fn move_configuration(document: &mut DocumentMut) {
    let metadata = document
        .get_mut("package")
        .and_then(|package| package.get_mut("metadata"))
        .and_then(Item::as_table_like_mut);
    let Some(metadata) = metadata else { return };
    let Some(there) = metadata.get_mut("ecs-audit") else {
        return;
    };
    let keys = there.as_table_like().into_iter();
    let keys: Vec<String> = keys
        .flat_map(|table| table.iter().map(|(key, _)| key.to_owned()))
        .collect();
    let links = keys.iter().any(|key| config::is_link_key(key));
    let moved = if links {
        let mut moved = Table::new();
        for key in keys.iter().filter(|key| !config::is_link_key(key)) {
            match &mut *there {
                Item::Table(table) => {
                    if let Some((key, item)) = table.remove_entry(key) {
                        moved.insert_formatted(&key, item);
                    }
                }
                other => {
                    let item = other
                        .as_table_like_mut()
                        .and_then(|table| table.remove(key));
                    moved.insert(key, item.unwrap_or_default());
                }
            }
        }
        Some(Item::Table(moved)).filter(|_| keys.iter().any(|key| !config::is_link_key(key)))
    } else {
        metadata.remove("ecs-audit")
    };
    let Some(moved) = moved else { return };
    if let Some(metadata) = item(document, &["workspace", "metadata"]) {
        if let Item::Table(metadata) = metadata {
            metadata.set_implicit(true);
        }
        if let Some(metadata) = metadata.as_table_like_mut() {
            metadata.insert("ecs-audit", moved);
        }
    }
}

/// A table of a document, made where it is not there.
pub(super) fn table<'a>(
    document: &'a mut DocumentMut,
    path: &[&str],
    file: &str,
) -> Result<&'a mut dyn TableLike, Refusal> {
    let wrong = || Refusal::by_hand(file, &format!("`[{}]`", path.join(".")));
    item(document, path)
        .and_then(Item::as_table_like_mut)
        .ok_or_else(wrong)
}

/// The item at a path, a table where it is not there; none where something on the way is no table.
fn item<'a>(document: &'a mut DocumentMut, path: &[&str]) -> Option<&'a mut Item> {
    let mut item: &mut Item = document.as_item_mut();
    for (depth, key) in path.iter().enumerate() {
        item = item.as_table_like_mut()?.entry(key).or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(depth + 1 < path.len());
            Item::Table(table)
        });
    }
    Some(item)
}

/// Makes a package depend on the audit, where it does not: at its place where the dependencies stand in the
/// order of their names, else at the end.
pub(super) fn depend(
    document: &mut DocumentMut,
    path: &[&str],
    file: &str,
    dependency: Item,
) -> Result<bool, Refusal> {
    let there = table(document, path, file)?;
    let names_audit = there.iter().any(|(key, item)| {
        let package = item.as_table_like().and_then(|table| table.get("package"));
        package.and_then(Item::as_str).unwrap_or(key) == PACKAGE
    });
    if names_audit {
        return Ok(false);
    }
    let Some(Item::Table(dependencies)) = item(document, path) else {
        table(document, path, file)?.insert(PACKAGE, dependency);
        return Ok(true);
    };
    let keys: Vec<String> = dependencies.iter().map(|(key, _)| key.to_owned()).collect();
    let place = if keys.is_sorted() {
        keys.partition_point(|key| key.as_str() < PACKAGE)
    } else {
        keys.len()
    };
    let later: Vec<(Key, Item)> = keys[place..]
        .iter()
        .filter_map(|key| dependencies.remove_entry(key))
        .collect();
    dependencies.insert(PACKAGE, dependency);
    for (key, item) in later {
        dependencies.insert_formatted(&key, item);
    }
    Ok(true)
}

fn add(workspace: &mut dyn TableLike, key: &str, directories: &[&str]) -> Result<(), Refusal> {
    let Some(item) = workspace.get_mut(key) else {
        let directories: Vec<String> = directories.iter().map(|&text| text.to_owned()).collect();
        workspace.insert(key, Item::Value(Value::Array(list(&directories))));
        return Ok(());
    };
    let array = item
        .as_array_mut()
        .ok_or_else(|| Refusal::by_hand(FILE, &format!("`{key}`")))?;
    for directory in directories {
        push(array, directory);
    }
    Ok(())
}

/// Whether a list of the workspace has a directory: by its name or, of members, by a pattern; excluded are
/// those below as well.
fn lists(workspace: &dyn TableLike, key: &str, directory: &str) -> bool {
    let array = workspace.get(key).and_then(Item::as_array);
    let mut texts = array.into_iter().flatten().filter_map(Value::as_str);
    texts.any(|text| {
        let text = text.trim_start_matches("./").trim_end_matches('/');
        match key {
            "exclude" => directory
                .strip_prefix(text)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            _ => covers(text, directory),
        }
    })
}

/// Whether a pattern of members covers a directory. A pattern that is not understood covers nothing, and the
/// directory is then named beside it, which does no harm.
pub(super) fn covers(pattern: &str, directory: &str) -> bool {
    let (mut patterns, mut parts) = (pattern.split('/'), directory.split('/'));
    loop {
        match (patterns.next(), parts.next()) {
            (None, None) => return true,
            (Some(pattern), Some(part)) if part_covers(pattern, part) => {}
            _ => return false,
        }
    }
}

fn part_covers(pattern: &str, part: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == part;
    };
    let Some(mut part) = part.strip_prefix(start) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match part.split_once(piece) {
            Some((_, after)) => part = after,
            None => return false,
        }
    }
    part.ends_with(end)
}

/// Whether the manifest says what it said, and what is wanted.
fn check(before: &str, after: &str, wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let document = document(FILE, after)?;
    let workspace = document.get("workspace").and_then(Item::as_table_like);
    if let (Some(member), Some(workspace)) = (wanted.member, workspace)
        && !lists(workspace, "members", member)
    {
        return Err(Refusal::by_hand(FILE, "a member"));
    }
    let is_new = document.contains_key("workspace")
        && !before
            .parse::<DocumentMut>()
            .is_ok_and(|before| before.contains_key("workspace"));
    let owner = owner(&document);
    let after = config::section(after);
    let kept = config::section(before).into_iter().all(|(key, text)| {
        let rest = key.split_once('.').map_or(key.as_str(), |(_, rest)| rest);
        let first = rest.split(['.', '[']).next().unwrap_or_default();
        let key = if is_new && !config::is_link_key(first) {
            format!("{owner}.{rest}")
        } else {
            key
        };
        after.contains(&(key, text))
    });
    let has_roots = after
        .iter()
        .any(|(key, _)| key.starts_with(&format!("{owner}.roots")));
    if kept && (has_roots || wanted.roots.is_empty()) {
        Ok(())
    } else {
        Err(Refusal::by_hand(FILE, "`[workspace.metadata.ecs-audit]`"))
    }
}
