//! Which part of its audit a root module is in, and how long each part took: told by who does the work, read
//! by who shows it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The parts of one root module's audit, as they come.
#[derive(Debug, Default)]
pub struct Phases(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    now: Option<(&'static str, Instant)>,
    laps: Vec<(&'static str, Duration)>,
    ended: bool,
}

impl Phases {
    /// Begins a part, and ends the one before it.
    pub fn begin(&self, name: &'static str) {
        let mut state = self.state();
        state.lap();
        state.now = Some((name, Instant::now()));
    }

    /// Ends the last part: there is nothing more to do.
    pub fn end(&self) {
        let mut state = self.state();
        state.lap();
        state.ended = true;
    }

    /// The part that it is in, and for how long.
    #[must_use]
    pub fn now(&self) -> Option<(&'static str, Duration)> {
        let state = self.state();
        state.now.map(|(name, since)| (name, since.elapsed()))
    }

    /// Whether there is nothing more to do.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.state().ended
    }

    /// How long each part took, in the order in which they were first begun.
    #[must_use]
    pub fn laps(&self) -> Vec<(&'static str, Duration)> {
        self.state().laps.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn lap(&mut self) {
        let Some((name, since)) = self.now.take() else {
            return;
        };
        match self.laps.iter_mut().find(|(known, _)| *known == name) {
            Some((_, lap)) => *lap += since.elapsed(),
            None => self.laps.push((name, since.elapsed())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_comes_again_is_counted_once() {
        let phases = Phases::default();
        assert!(phases.now().is_none() && !phases.has_ended());
        for name in ["init", "plan", "init"] {
            phases.begin(name);
            assert_eq!(phases.now().map(|(name, _)| name), Some(name));
        }
        phases.end();
        assert!(phases.now().is_none() && phases.has_ended());
        let names: Vec<_> = phases.laps().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["init", "plan"]);
    }
}
