//! What a plan said, remembered for a while: a root module of which nothing changed is not planned again.
//!
//! Nothing secret is remembered: what a plan marks sensitive, and every text that is known to be secret, is
//! unknown there. So facts are remembered only where the report that stands on them is the same.

mod inputs;
mod run;

pub(crate) use self::run::{Run, Told, VARIABLE};

use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use crate::config::PlanMode;
use crate::terraform::command::{Basis, Planned, Terraform};
use crate::terraform::evaluate::Assignment;
use crate::terraform::plan::Facts;

/// How long a plan is remembered: the world changes under it.
pub const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The most bytes that are remembered of a plan.
const MOST_BYTES: u64 = 64 << 20;

/// Where plans are remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The directory that Cargo builds in.
    pub target: PathBuf,
    /// Whether what is remembered there is passed over.
    pub fresh: bool,
}

/// What a plan is asked for with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) root: &'a Path,
    pub(crate) mode: PlanMode,
    pub(crate) binary: Option<&'a Path>,
    pub(crate) workspace: Option<&'a str>,
    pub(crate) assignments: &'a [Assignment],
}

/// The file of what is remembered of a root module.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    /// The version of this program: another one may read plans otherwise.
    version: String,
    /// Seconds since 1970.
    made: u64,
    salt: String,
    inputs: String,
    directories: Vec<PathBuf>,
    files: Vec<PathBuf>,
    binary: String,
    terraform: String,
    #[serde(borrow)]
    plan: &'a RawValue,
}

impl Memory {
    /// What is remembered of a plan, where it is young enough and nothing that went into it changed. What
    /// cannot be read is nothing.
    pub(crate) fn recall(&self, asked: &Asked<'_>) -> Option<Planned> {
        if self.fresh {
            return None;
        }
        let path = self.file(asked)?;
        if fs::metadata(&path).ok()?.len() > MOST_BYTES {
            return None;
        }
        let text = fs::read_to_string(path).ok()?;
        let record: Record<'_> = serde_json::from_str(&text).ok()?;
        let age = now()?.checked_sub(Duration::from_secs(record.made))?;
        if record.version != env!("CARGO_PKG_VERSION") || age >= LONGEST {
            return None;
        }
        let Record {
            salt,
            directories,
            files,
            ..
        } = &record;
        if inputs::hash(asked, salt, directories, files, None)? != record.inputs {
            return None;
        }
        let facts = Facts::read(record.plan.get().into(), "that is remembered").ok()?;
        Some(Planned {
            facts: facts.made_here(),
            basis: Basis::Plan,
            terraform: Some(Terraform {
                binary: record.binary,
                version: record.terraform,
            }),
            notes: vec![format!(
                "the plan is one of {} ago: nothing that went into it has changed since; `--fresh` \
                 makes a new one",
                in_words(age)
            )],
        })
    }

    /// Remembers a plan that was begun at a time, and that a configuration in these files was read beside.
    /// Where that cannot be done nothing is remembered, which is no fault.
    pub(crate) fn keep(
        &self,
        asked: &Asked<'_>,
        terraform: &Terraform,
        plan: &str,
        read: &[PathBuf],
        begun: SystemTime,
    ) -> Option<()> {
        let (directories, files) = places(asked.root, read);
        let salt = format!("{:016x}", RandomState::new().hash_one(begun));
        let record = Record {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made: begun.duration_since(UNIX_EPOCH).ok()?.as_secs(),
            inputs: inputs::hash(asked, &salt, &directories, &files, Some(begun))?,
            salt,
            directories,
            files,
            binary: terraform.binary.clone(),
            terraform: terraform.version.clone(),
            plan: serde_json::from_str(plan).ok()?,
        };
        let text = serde_json::to_string(&record).ok()?;
        if text.len() as u64 > MOST_BYTES {
            return None;
        }
        write(&self.file(asked)?, &text).ok()
    }

    /// Forgets what is remembered of a root module.
    pub(crate) fn forget(&self, asked: &Asked<'_>) {
        if let Some(path) = self.file(asked) {
            // Mostly there is nothing, and what cannot be removed is not taken for true later.
            let _ = fs::remove_file(path);
        }
    }

    fn file(&self, asked: &Asked<'_>) -> Option<PathBuf> {
        let mut hash = Sha256::new();
        hash.update(asked.root.to_str()?);
        hash.update([0]);
        hash.update(asked.workspace.unwrap_or_default());
        let mut name = String::new();
        for byte in &hash.finalize()[..16] {
            name.push_str(&format!("{byte:02x}"));
        }
        Some(self.target.join("ecs-audit").join(format!("{name}.json")))
    }
}

/// The directories whose content goes into a plan, and the files beside them.
fn places(root: &Path, read: &[PathBuf]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let is_source = |path: &&PathBuf| {
        let name = path.to_string_lossy();
        [".tf", ".tf.json", ".tofu", ".tofu.json"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    let modules = read.iter().filter(is_source);
    let mut directories: Vec<PathBuf> = modules
        .filter_map(|path| path.parent().map(Path::to_path_buf))
        .chain([root.to_path_buf()])
        .collect();
    directories.sort();
    directories.dedup();
    let mut files: Vec<PathBuf> = read
        .iter()
        .filter(|path| {
            !directories
                .iter()
                .any(|directory| path.parent() == Some(directory))
        })
        .cloned()
        .collect();
    files.sort();
    files.dedup();
    (directories, files)
}

fn now() -> Option<Duration> {
    SystemTime::now().duration_since(UNIX_EPOCH).ok()
}

fn in_words(age: Duration) -> String {
    match (age.as_secs(), age.as_secs() / 60) {
        (1, _) => "a second".to_owned(),
        (seconds, 0) => format!("{seconds} seconds"),
        (_, 1) => "a minute".to_owned(),
        (_, minutes) => format!("{minutes} minutes"),
    }
}

/// Writes a file as a whole, for nobody else to read: who reads it meanwhile sees the old or the new one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let directory = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    make_private(directory)?;
    let random = RandomState::new().hash_one(text.len());
    let temporary = directory.join(format!(".{random:016x}.{}", std::process::id()));
    let written = make_file(&temporary)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // What is left of it would never be looked at.
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(unix)]
fn make_private(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    if let Some(target) = directory.parent()
        && !target.exists()
    {
        fs::create_dir_all(target)?;
        mark_as_cache(target)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::set_permissions(directory, fs::Permissions::from_mode(0o700))
        }
        made => made,
    }
}

#[cfg(not(unix))]
fn make_private(directory: &Path) -> io::Result<()> {
    if let Some(target) = directory.parent()
        && !target.exists()
    {
        fs::create_dir_all(target)?;
        mark_as_cache(target)?;
    }
    fs::create_dir_all(directory)
}

/// Marks a target directory as Cargo does, so that backups pass it over.
fn mark_as_cache(target: &Path) -> io::Result<()> {
    let tag = "Signature: 8a477f597d28d172789f06886806bc55\n\
               # This file is a cache directory tag created by cargo.\n\
               # For information about cache directory tags see https://bford.info/cachedir/\n";
    fs::write(target.join("CACHEDIR.TAG"), tag)
}

#[cfg(unix)]
fn make_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

#[cfg(not(unix))]
fn make_file(path: &Path) -> io::Result<File> {
    File::options().write(true).create_new(true).open(path)
}
