//! Signals that end a run: noted while something private exists, obeyed at once otherwise.

use std::io;

/// Kept while there is something to clean up before the process may end.
pub(super) struct Hold(());

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, OnceLock, PoisonError};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;

    /// What the handlers of the process share with it.
    struct Handlers {
        /// How many [`super::Hold`]s there are; the handlers do what a signal does by default when there
        /// is none.
        holds: Mutex<usize>,
        idle: Arc<AtomicBool>,
        /// The signal that came since that was last looked at, 0 for none.
        came: Arc<AtomicUsize>,
        /// The last signal that was seen, 0 for none.
        last: AtomicUsize,
        /// How often one was seen.
        seen: AtomicUsize,
    }

    static HANDLERS: OnceLock<Result<Handlers, String>> = OnceLock::new();

    fn install() -> Result<Handlers, String> {
        let idle = Arc::new(AtomicBool::new(true));
        let came = Arc::new(AtomicUsize::new(0));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let number = usize::try_from(signal).unwrap_or_default();
            flag::register_conditional_default(signal, Arc::clone(&idle))
                .and_then(|_| flag::register_usize(signal, Arc::clone(&came), number))
                .map_err(|error| error.to_string())?;
        }
        Ok(Handlers {
            holds: Mutex::new(0),
            idle,
            came,
            last: AtomicUsize::new(0),
            seen: AtomicUsize::new(0),
        })
    }

    fn change(by: impl Fn(usize) -> usize) -> io::Result<()> {
        let handlers = HANDLERS
            .get_or_init(install)
            .as_ref()
            .map_err(|why| io::Error::other(why.as_str()))?;
        let mut holds = handlers
            .holds
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *holds = by(*holds);
        handlers.idle.store(*holds == 0, Ordering::SeqCst);
        Ok(())
    }

    pub(super) fn hold() -> io::Result<()> {
        change(|holds| holds + 1)
    }

    pub(super) fn release() {
        // It was held, so the handlers are there.
        let _ = change(|holds| holds.saturating_sub(1));
    }

    /// The last signal that came, 0 for none, and how many came.
    pub(super) fn came() -> (i32, usize) {
        let Some(Ok(handlers)) = HANDLERS.get() else {
            return (0, 0);
        };
        let new = handlers.came.swap(0, Ordering::SeqCst);
        if new != 0 {
            handlers.last.store(new, Ordering::SeqCst);
            handlers.seen.fetch_add(1, Ordering::SeqCst);
        }
        let last = i32::try_from(handlers.last.load(Ordering::SeqCst)).unwrap_or_default();
        (last, handlers.seen.load(Ordering::SeqCst))
    }
}

/// Without signals there is nothing to note: the operating system ends the process.
#[cfg(not(unix))]
mod unix {
    pub(super) fn hold() -> std::io::Result<()> {
        Ok(())
    }

    pub(super) fn release() {}

    pub(super) fn came() -> (i32, usize) {
        (0, 0)
    }
}

impl Hold {
    /// Starts to note signals.
    pub(super) fn new() -> io::Result<Self> {
        unix::hold()?;
        Ok(Hold(()))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        unix::release();
    }
}

/// The signal that came while something was held.
pub(super) fn came() -> Option<i32> {
    let (signal, _) = unix::came();
    (signal != 0).then_some(signal)
}

/// Whether another one came after it: who sends it waits for nothing more.
pub(super) fn came_again() -> bool {
    unix::came().1 > 1
}
