//! The modules that `terraform init` installed.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

/// The largest manifest that is read, in bytes.
const LARGEST_MANIFEST: u64 = 16 << 20;

/// Where each installed module is, by its path of names (`vpc.subnets`).
#[derive(Debug, Default)]
pub(super) struct Installed {
    directories: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "Modules", default)]
    modules: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "Key", default)]
    key: String,
    #[serde(rename = "Dir", default)]
    directory: String,
}

impl Installed {
    /// Reads `.terraform/modules/modules.json` of a root module; nothing where there is none.
    pub(super) fn read(root: &Path) -> Self {
        let manifest = root.join(".terraform/modules/modules.json");
        let text = match std::fs::metadata(&manifest) {
            Ok(metadata) if metadata.is_file() && metadata.len() < LARGEST_MANIFEST => {
                std::fs::read(manifest).unwrap_or_default()
            }
            _ => return Installed::default(),
        };
        let modules = serde_json::from_slice::<Manifest>(&text)
            .map(|manifest| manifest.modules)
            .unwrap_or_default();
        Installed {
            directories: modules
                .into_iter()
                .map(|entry| (entry.key, entry.directory))
                .collect(),
        }
    }

    /// The directory of a module, relative to the root module.
    pub(super) fn directory(&self, path: &str) -> Option<&str> {
        self.directories.get(path).map(String::as_str)
    }
}
