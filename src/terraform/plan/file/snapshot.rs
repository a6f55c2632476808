//! The configuration that a plan was made of, as its plan file keeps it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::archive::Archive;

/// The configuration that a plan was made of: every file of every module.
#[derive(Debug, Default)]
pub struct Snapshot {
    /// The modules, the root module among them.
    pub modules: Vec<Module>,
}

/// A module of a snapshot.
#[derive(Debug)]
pub struct Module {
    /// The names of the calls that lead to it, with dots; empty for the root module.
    pub key: String,
    /// Its directory, relative to the root module's.
    pub directory: String,
    /// The texts of its configuration files, by name.
    pub files: BTreeMap<String, Arc<str>>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "Key", default)]
    key: String,
    #[serde(rename = "Dir", default)]
    directory: String,
}

impl Snapshot {
    /// Reads the configuration in an archive; `None` where it has none or one that is damaged.
    pub(in crate::terraform::plan) fn read(archive: &Archive) -> Option<Self> {
        let manifest = archive.file("tfconfig/modules.json").ok()??;
        let entries: Vec<Entry> = serde_json::from_slice(&manifest).ok()?;
        let mut modules: BTreeMap<String, Module> = BTreeMap::new();
        for Entry { key, directory } in entries {
            let module = Module {
                key: key.clone(),
                directory,
                files: BTreeMap::new(),
            };
            modules.insert(key, module);
        }
        for path in archive.names() {
            let Some((key, name)) = path
                .strip_prefix("tfconfig/m-")
                .and_then(|rest| rest.split_once('/'))
            else {
                continue;
            };
            let module = modules.get_mut(key)?;
            let text = String::from_utf8(archive.file(path).ok()??).ok()?;
            module.files.insert(name.to_owned(), text.into());
        }
        let modules: Vec<Module> = modules.into_values().collect();
        Some(Snapshot { modules })
    }

    /// The root module.
    #[must_use]
    pub fn root(&self) -> Option<&Module> {
        self.modules.iter().find(|module| module.key.is_empty())
    }
}
