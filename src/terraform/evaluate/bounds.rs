//! Bounds on an evaluation, which no honest configuration meets.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::terraform::value::Value;

/// How deep evaluation may nest: expressions in expressions, and references in them.
const DEPTH: u32 = 2_000;
/// How many expressions may be evaluated, counted each time.
const STEPS: u64 = 10_000_000;
/// How many values functions and operators may look at, counted each time.
const WORK: u64 = 200_000_000;
/// How much may be produced, in values and in 64 bytes of text: some 250 MB.
const PRODUCED: u64 = 1_000_000;
/// How long evaluation may take by the clock. The steps are to end it long before, since they are the same
/// on every machine and under every load.
const TIME: Duration = Duration::from_secs(120);
/// How many steps go by between two looks at the clock.
const STEPS_PER_LOOK: u64 = 1024;
/// How many instances one resource or module call may have.
pub(super) const INSTANCES_OF_ONE: usize = 10_000;
/// How many instances there may be in all.
const INSTANCES: usize = 20_000;

/// What has been used up.
#[derive(Debug)]
pub(super) struct Bounds {
    depth: Cell<u32>,
    steps: Cell<u64>,
    work: Cell<u64>,
    produced: Cell<u64>,
    instances: Cell<usize>,
    started: Instant,
    met: Cell<Option<&'static str>>,
}

impl Bounds {
    /// Nothing is used up yet.
    pub(super) fn new() -> Self {
        Bounds {
            depth: Cell::new(0),
            steps: Cell::new(0),
            work: Cell::new(0),
            produced: Cell::new(0),
            instances: Cell::new(0),
            started: Instant::now(),
            met: Cell::new(None),
        }
    }

    /// Takes a step one level deeper, which [`Bounds::leave`] ends.
    ///
    /// # Errors
    /// The bound that is met.
    pub(super) fn enter(&self) -> Result<(), &'static str> {
        self.depth.set(self.depth.get() + 1);
        self.spend(1)?;
        if self.depth.get() > DEPTH {
            return Err("the evaluation nests too deep");
        }
        Ok(())
    }

    /// Ends the level that [`Bounds::enter`] began, met or not.
    pub(super) fn leave(&self) {
        self.depth.set(self.depth.get() - 1);
    }

    /// Takes steps.
    ///
    /// # Errors
    /// The bound that is met, now or before: what was used up stays so.
    pub(super) fn spend(&self, steps: u64) -> Result<(), &'static str> {
        if let Some(met) = self.met.get() {
            return Err(met);
        }
        let before = self.steps.get();
        let after = before + steps;
        self.steps.set(after);
        if after > STEPS {
            self.met.set(Some("the evaluation takes too many steps"));
        } else if before / STEPS_PER_LOOK != after / STEPS_PER_LOOK && self.started.elapsed() > TIME
        {
            self.met.set(Some("the evaluation takes too long"));
        }
        self.met.get().map_or(Ok(()), Err)
    }

    /// Accounts for what a function or an operator may look at.
    ///
    /// # Errors
    /// The bound that is met, now or before.
    pub(super) fn work<'v>(
        &self,
        values: impl IntoIterator<Item = &'v Value>,
    ) -> Result<(), &'static str> {
        let weight: usize = values.into_iter().map(Value::weight).sum();
        self.work.set(self.work.get() + (weight / 64) as u64);
        if self.work.get() > WORK && self.met.get().is_none() {
            self.met.set(Some("the evaluation takes too many steps"));
        }
        self.met.get().map_or(Ok(()), Err)
    }

    /// Accounts for a value that was made: its elements, or its bytes in 64s.
    ///
    /// # Errors
    /// The bound that is met, now or before.
    pub(super) fn produce(&self, amount: usize) -> Result<(), &'static str> {
        self.produced.set(self.produced.get() + amount as u64);
        if self.produced.get() > PRODUCED && self.met.get().is_none() {
            self.met.set(Some("the values become too large"));
        }
        self.met.get().map_or(Ok(()), Err)
    }

    /// How many of so many more instances there may be, and the bound that is met where there may not be
    /// as many.
    pub(super) fn instances(&self, wanted: usize) -> (usize, Option<String>) {
        let left = INSTANCES.saturating_sub(self.instances.get());
        let granted = wanted.min(left).min(INSTANCES_OF_ONE);
        self.instances.set(self.instances.get() + granted);
        let met = match granted {
            _ if granted == wanted => None,
            INSTANCES_OF_ONE => Some(format!("there are more than {INSTANCES_OF_ONE} instances")),
            _ => Some(format!("there are more than {INSTANCES} instances in all")),
        };
        (granted, met)
    }
}
