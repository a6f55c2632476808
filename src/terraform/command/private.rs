//! The private directory: where a plan lives for as long as it takes to read it.
//!
//! Its owner removes it, however the run ends. Where the process is killed and cannot, a guardian does:
//! a shell that waits for the end of its input, which comes when the process is gone.

use std::fs;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::process::Guardian;
use super::signals::Hold;

/// A directory that only its owner can look into, and that is gone when this is dropped.
pub(super) struct PrivateDirectory {
    path: PathBuf,
    guardian: Option<Guardian>,
    _hold: Hold,
}

impl PrivateDirectory {
    /// Makes the directory in the one for temporary files.
    pub(super) fn new() -> Result<Self> {
        Self::new_in(&std::path::absolute(std::env::temp_dir())?)
    }

    /// Makes the directory in another.
    pub(super) fn new_in(parent: &Path) -> Result<Self> {
        let hold = Hold::new().context("cannot handle signals")?;
        let path = make_in(parent)
            .with_context(|| format!("cannot make a private directory in {}", parent.display()))?;
        let guardian = Guardian::of(&path);
        Ok(PrivateDirectory {
            path,
            guardian,
            _hold: hold,
        })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Who cleans up where this process cannot.
    pub(super) fn guardian(&mut self) -> Option<&mut Guardian> {
        self.guardian.as_mut()
    }
}

impl Drop for PrivateDirectory {
    fn drop(&mut self) {
        // What a killed provider still writes can make a directory not empty between two steps.
        for _ in 0..3 {
            match fs::remove_dir_all(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {}
                _ => break,
            }
        }
    }
}

fn make_in(parent: &Path) -> io::Result<PathBuf> {
    let mut tries = 0_u32;
    loop {
        let random = RandomState::new().hash_one(tries);
        let path = parent.join(format!("ecs-audit-{random:016x}"));
        match make(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < 16 => tries += 1,
            made => return made.map(|()| path),
        }
    }
}

#[cfg(unix)]
fn make(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn nobody_else_can_look_into_it_and_it_goes_with_its_owner() {
        let directory = PrivateDirectory::new().unwrap();
        let path = directory.path().to_owned();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o700
        );
        fs::create_dir(path.join("in")).unwrap();
        fs::write(path.join("in/secret"), "x").unwrap();
        drop(directory);
        assert!(!path.exists());
    }

    #[test]
    fn it_goes_when_its_owner_panics() {
        let path = std::thread::spawn(|| {
            let directory = PrivateDirectory::new().unwrap();
            std::panic::panic_any(directory.path().to_owned());
        })
        .join()
        .unwrap_err()
        .downcast::<PathBuf>()
        .unwrap();
        assert!(!path.exists());
    }
}
