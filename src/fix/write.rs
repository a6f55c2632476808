//! Writing a user's file: all of it or nothing.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// Replaces what a file says, where it still says what is expected. Nobody ever sees half of it: it is
/// written beside the file, with the file's permissions, and then moved to its place.
///
/// # Errors
/// The file says something else by now, or it cannot be written.
pub(crate) fn replace(path: &Path, before: &str, after: &str) -> Result<()> {
    let name = path.display();
    // What a link leads to is replaced, and not the link.
    let path = fs::canonicalize(path).with_context(|| format!("cannot find `{name}`"))?;
    let now = fs::read(&path).with_context(|| format!("cannot read `{name}`"))?;
    if now != before.as_bytes() {
        bail!("`{name}` was changed by somebody else meanwhile, and is left as it is");
    }
    let permissions = fs::metadata(&path)
        .with_context(|| format!("cannot read `{name}`"))?
        .permissions();
    if permissions.readonly() {
        bail!("cannot write `{name}`: it is read-only");
    }
    let beside = beside(&path);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&beside)
        .and_then(|mut file| {
            file.write_all(after.as_bytes())?;
            file.set_permissions(permissions)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // Where it was not made there is nothing to remove.
        let _ = fs::remove_file(&beside);
    }
    written.with_context(|| format!("cannot write `{name}`"))
}

/// Makes a file, where there is none and nothing is expected, or replaces what it says.
///
/// # Errors
/// The file says something else by now, or it cannot be written.
pub(crate) fn write(path: &Path, before: &str, after: &str) -> Result<()> {
    if !before.is_empty() || path.exists() {
        return replace(path, before, after);
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .and_then(|mut file| file.write_all(after.as_bytes()))
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// A name in the same directory that Terraform does not read.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}~", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_keeps_its_permissions() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("main.tf");
        fs::write(&path, "a = 1\n").unwrap();
        replace(&path, "a = 1\n", "a = 2\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a = 2\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
            replace(&path, "a = 2\n", "a = 3\n").unwrap();
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o640);
        }
    }

    #[test]
    fn what_somebody_else_changed_is_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("main.tf");
        fs::write(&path, "a = 2\n").unwrap();
        let error = replace(&path, "a = 1\n", "a = 3\n").unwrap_err();
        assert!(format!("{error:#}").contains("was changed by somebody else"));
        assert_eq!(fs::read_to_string(&path).unwrap(), "a = 2\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
