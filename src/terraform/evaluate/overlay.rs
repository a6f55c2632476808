//! The configuration that a plan was made of, where it is not the one that is here.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file_system::{FileSystem, clean};
use super::notes::Notes;
use crate::terraform::plan::{Module, Snapshot};

/// The texts of a module's configuration files, by name.
type Texts = BTreeMap<String, Arc<str>>;

/// The modules of a plan's configuration whose directories are not here, or have something else in them.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    modules: HashMap<PathBuf, Texts>,
}

impl Overlay {
    /// Finds out which modules are not here as they are in a plan.
    pub(super) fn of(snapshot: &Snapshot, files: &FileSystem<'_>, notes: &Notes) -> Self {
        let mut overlay = Overlay::default();
        for module in &snapshot.modules {
            let directory = clean(&files.root().join(&module.directory));
            let name = match files.name(&directory) {
                here if here.is_empty() => ".".to_owned(),
                name => name,
            };
            match here(module, &directory, files) {
                Here::Same => continue,
                Here::Absent if module.key.is_empty() => {
                    notes.add(
                        format!(
                            "the configuration is not in `{name}`: it is read from the plan, which \
                             has no other files"
                        ),
                        None,
                    );
                }
                Here::Absent => {}
                Here::Different => {
                    notes.add(
                        format!(
                            "the plan was not made of the configuration in `{name}`: what the plan \
                             was made of is audited"
                        ),
                        None,
                    );
                }
            }
            overlay.modules.insert(directory, module.files.clone());
        }
        overlay
    }

    /// The texts of the module in a directory, where the plan's are to be read.
    pub(super) fn module(&self, directory: &Path) -> Option<&Texts> {
        self.modules.get(directory)
    }
}

/// What is in a directory, beside what a plan was made of.
enum Here {
    Same,
    Different,
    Absent,
}

fn here(module: &Module, directory: &Path, files: &FileSystem<'_>) -> Here {
    // Of what is elsewhere the plan knows best.
    if !files.is_inner(directory) {
        return Here::Absent;
    }
    let names = files.configuration_files(directory, &Notes::default());
    let Some(names) = names.filter(|names| !names.is_empty()) else {
        return Here::Absent;
    };
    let same = |name: &String| {
        let (path, text) = (directory.join(name), module.files.get(name));
        text.is_some_and(|text| {
            let length = fs::metadata(&path).map(|metadata| metadata.len());
            length.is_ok_and(|length| length == text.len() as u64)
                && fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes())
        })
    };
    if names.len() == module.files.len() && names.iter().all(same) {
        Here::Same
    } else {
        Here::Different
    }
}
