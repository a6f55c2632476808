//! Which Terraform is run.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// A Terraform, or an OpenTofu, that was found.
#[derive(Clone, Debug)]
pub(super) struct Binary {
    /// What is run.
    pub path: PathBuf,
    /// What it is called in messages: as it was asked for.
    pub name: String,
}

/// Finds the binary: the one that is asked for, else `terraform`, else `tofu`.
pub(super) fn find(asked: Option<&Path>) -> Result<Binary> {
    let Some(asked) = asked else {
        for name in ["terraform", "tofu"] {
            if let Some(path) = on_path(name) {
                return Ok(Binary {
                    path: unwrapped(path),
                    name: name.into(),
                });
            }
        }
        bail!("there is neither `terraform` nor `tofu` on the `PATH`");
    };
    let name = asked.display().to_string();
    let plain = asked.components().count() == 1 && !name.starts_with('.');
    let found = if plain {
        on_path(&name)
    } else {
        std::path::absolute(asked).ok()
    };
    match found.filter(|path| path.is_file()) {
        Some(path) => Ok(Binary { path, name }),
        None if plain => bail!("there is no `{name}` on the `PATH`"),
        None => bail!("there is no file `{name}`"),
    }
}

/// Where the binary is that would be run.
pub(crate) fn path(asked: Option<&Path>) -> Result<PathBuf> {
    find(asked).map(|binary| binary.path)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let directories = env::split_paths(&env::var_os("PATH")?).collect::<Vec<_>>();
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    let candidates = directories
        .into_iter()
        .map(|directory| directory.join(&file));
    let found = candidates.into_iter().find(|path| is_executable(path))?;
    std::path::absolute(found).ok()
}

/// The binary itself, where what was found is the wrapper script that `setup-terraform` installs: it
/// prints more than Terraform does.
fn unwrapped(path: PathBuf) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push("-bin");
    name.push(env::consts::EXE_SUFFIX);
    let beside = path.with_file_name(name);
    if is_executable(&beside) { beside } else { path }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_binary_beside_a_wrapper_is_run_instead() {
        let directory = tempfile::tempdir().unwrap();
        let wrapper = directory.path().join("terraform");
        fs::write(&wrapper, "").unwrap();
        assert_eq!(unwrapped(wrapper.clone()), wrapper);
        let binary = directory.path().join("terraform-bin");
        fs::write(&binary, "").unwrap();
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(unwrapped(wrapper), binary);
    }

    #[test]
    fn a_binary_that_is_not_there_is_named() {
        let message = |asked: &str| find(Some(Path::new(asked))).unwrap_err().to_string();
        assert_eq!(
            message("no-such-terraform"),
            "there is no `no-such-terraform` on the `PATH`"
        );
        assert_eq!(message("./terraform"), "there is no file `./terraform`");
    }
}
