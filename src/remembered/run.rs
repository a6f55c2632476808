//! What the processes of one run of tests share: nextest runs each test in a process of its own, and one
//! audit is enough for all of them.
//!
//! The first that needs it audits, under a lock that the system takes back from a process that dies; the
//! others wait for it and read what came of it. It holds what is printed, and so no secret; and it is of
//! one run, so that nothing is taken for true that changed since. What failed in it is in it too.

use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::{MOST_BYTES, Memory, make_private, write};

/// The variable that tells the tests which `cargo ecs-audit test` starts where its audit is.
pub(crate) const VARIABLE: &str = "ECS_AUDIT_RUN";

/// How long what is shared in a run is left for it.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Told {
    /// Nothing is to be said.
    Passes,
    /// The diagnostics of what is undecided.
    Undecided(String),
    /// The diagnostics of what is denied.
    Fails(String),
}

/// What the processes of one run of tests share.
#[derive(Debug)]
pub(crate) struct Run {
    file: PathBuf,
    /// Whether it goes with this process.
    owned: bool,
}

/// The turn to audit; it ends when this is dropped, or the process ends.
#[derive(Debug)]
pub(crate) struct Turn(#[expect(dead_code, reason = "it is held")] File);

#[derive(Serialize, Deserialize)]
struct Shared<T> {
    version: String,
    made: T,
}

impl Run {
    /// A run that this process begins.
    pub(crate) fn begin(memory: &Memory) -> Self {
        let random = RandomState::new().hash_one(std::process::id());
        let mut run = Run::named(memory, &format!("{random:016x}"));
        run.owned = true;
        run
    }

    /// The run that this process is one of: of `cargo ecs-audit test`, or of nextest.
    pub(crate) fn of_this_process(memory: &Memory) -> Option<Self> {
        if let Some(file) = std::env::var_os(VARIABLE).filter(|file| !file.is_empty()) {
            let file = PathBuf::from(file);
            return file.is_absolute().then_some(Run { file, owned: false });
        }
        let id = std::env::var("NEXTEST_RUN_ID").ok()?;
        let attempt = std::env::var("NEXTEST_ATTEMPT").unwrap_or_default();
        let name = format!("{id}-{attempt}");
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (name.len() < 100 && name.bytes().all(plain)).then(|| Run::named(memory, &name))
    }

    fn named(memory: &Memory, name: &str) -> Self {
        Run {
            file: memory
                .target
                .join("ecs-audit")
                .join(format!("run-{name}.json")),
            owned: false,
        }
    }

    /// Where what is shared is.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// What another process of the run made and is fit for this one; else makes it, while the others wait.
    pub(crate) fn share<T: Serialize + for<'a> Deserialize<'a>>(
        &self,
        fits: impl Fn(&T) -> bool,
        make: impl FnOnce() -> T,
    ) -> T {
        let read = || self.read().filter(&fits);
        if let Some(made) = read() {
            return made;
        }
        // Where nothing can be locked, each makes its own.
        let turn = self.turn();
        if turn.is_some()
            && let Some(made) = read()
        {
            return made;
        }
        let made = make();
        self.tell(&made);
        made
    }

    /// The turn to audit, when the others have had theirs.
    pub(crate) fn turn(&self) -> Option<Turn> {
        let directory = self.file.parent()?;
        make_private(directory).ok()?;
        sweep(directory);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.lock_file())
            .ok()?;
        lock.lock().ok()?;
        Some(Turn(lock))
    }

    /// Tells the others what was made.
    pub(crate) fn tell<T: Serialize>(&self, made: &T) {
        let shared = Shared {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made,
        };
        if let Ok(text) = serde_json::to_string(&shared) {
            // Who finds nothing makes it again.
            let _ = write(&self.file, &text);
        }
    }

    fn read<T: for<'a> Deserialize<'a>>(&self) -> Option<T> {
        if fs::metadata(&self.file).ok()?.len() > MOST_BYTES {
            return None;
        }
        let text = fs::read_to_string(&self.file).ok()?;
        let shared: Shared<T> = serde_json::from_str(&text).ok()?;
        (shared.version == env!("CARGO_PKG_VERSION")).then_some(shared.made)
    }

    fn lock_file(&self) -> PathBuf {
        self.file.with_extension("lock")
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.owned {
            // What is left is swept away later.
            let _ = fs::remove_file(&self.file);
            let _ = fs::remove_file(self.lock_file());
        }
    }
}

/// Removes what runs left that ended long ago.
fn sweep(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let is_of_run = entry.file_name().to_string_lossy().starts_with("run-");
        let written = entry.metadata().and_then(|metadata| metadata.modified());
        let age = written
            .ok()
            .and_then(|written| SystemTime::now().duration_since(written).ok());
        if is_of_run && age.is_some_and(|age| age > LONGEST) {
            // Another process may have been faster.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    fn memory(directory: &Path) -> Memory {
        Memory {
            target: directory.to_path_buf(),
            fresh: false,
        }
    }

    #[test]
    fn what_many_want_at_once_is_made_once() {
        let directory = tempfile::tempdir().unwrap();
        let memory = memory(directory.path());
        let made = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let run = Run::named(&memory, "a");
                    let told = run.share(
                        |_| true,
                        || {
                            made.fetch_add(1, Ordering::SeqCst);
                            vec![Told::Undecided("why".to_owned())]
                        },
                    );
                    assert_eq!(told, [Told::Undecided("why".to_owned())]);
                });
            }
        });
        assert_eq!(made.into_inner(), 1);
    }

    #[test]
    fn what_does_not_fit_or_is_broken_is_made_again() {
        let directory = tempfile::tempdir().unwrap();
        let run = Run::named(&memory(directory.path()), "a");
        assert_eq!(run.share(|_| true, || 1), 1);
        assert_eq!(run.share(|made| *made == 2, || 2), 2);
        fs::write(run.file(), "{\"version\":").unwrap();
        assert_eq!(run.share(|_| true, || 3), 3);
    }

    #[test]
    fn who_dies_in_its_turn_leaves_it_to_the_next() {
        let directory = tempfile::tempdir().unwrap();
        let memory = memory(directory.path());
        let run = Run::begin(&memory);
        let fault = std::panic::catch_unwind(|| {
            run.share(|_: &usize| true, || std::panic::resume_unwind(Box::new(())))
        });
        assert!(fault.is_err());
        assert_eq!(run.share(|_| true, || 4), 4);
        let file = run.file().to_path_buf();
        assert!(file.exists());
        drop(run);
        assert!(!file.exists() && !file.with_extension("lock").exists());
    }
}
