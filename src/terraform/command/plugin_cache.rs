//! The cache of providers that a user shares among root modules: Terraform does not guard it against two
//! `init` at once, so here they wait for each other.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static TURN: Mutex<()> = Mutex::new(());

/// The largest settings that are read, in bytes.
const LARGEST_FILE: u64 = 1 << 20;

/// The turn to run `init`, where there is a shared cache; it ends when this is dropped.
pub(super) fn turn() -> Option<MutexGuard<'static, ()>> {
    is_shared().then(|| TURN.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Whether root modules share their providers.
pub(crate) fn is_shared() -> bool {
    let set = env::var_os("TF_PLUGIN_CACHE_DIR").is_some_and(|directory| !directory.is_empty());
    set || settings().iter().any(|file| names_a_cache(file))
}

/// The files that Terraform and OpenTofu read their settings from.
fn settings() -> Vec<PathBuf> {
    let given = ["TF_CLI_CONFIG_FILE", "TERRAFORM_CONFIG"]
        .iter()
        .filter_map(env::var_os)
        .find(|file| !file.is_empty());
    if let Some(file) = given {
        return vec![PathBuf::from(file)];
    }
    if cfg!(windows) {
        let home = env::var_os("APPDATA").map(PathBuf::from);
        return ["terraform.rc", "tofu.rc"]
            .iter()
            .filter_map(|name| home.as_ref().map(|home| home.join(name)))
            .collect();
    }
    let home = env::var_os("HOME").map(PathBuf::from);
    let config = env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    let config = config.or_else(|| home.as_ref().map(|home| home.join(".config")));
    let at_home = [".terraformrc", ".tofurc"].iter();
    let at_home = at_home.filter_map(|name| home.as_ref().map(|home| home.join(name)));
    at_home
        .chain(config.map(|config| config.join("opentofu/tofurc")))
        .collect()
}

/// Whether settings name a cache: the word is enough, since to wait for nothing does no harm.
fn names_a_cache(file: &Path) -> bool {
    let small = fs::metadata(file).is_ok_and(|metadata| metadata.len() < LARGEST_FILE);
    small && fs::read_to_string(file).is_ok_and(|text| text.contains("plugin_cache_dir"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_name_a_cache_are_known_by_the_word() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("terraformrc");
        assert!(!names_a_cache(&file));
        fs::write(&file, "disable_checkpoint = true\n").unwrap();
        assert!(!names_a_cache(&file));
        fs::write(&file, "plugin_cache_dir = \"/cache\"\n").unwrap();
        assert!(names_a_cache(&file));
    }
}
