//! What a person sees while root modules are audited: a line for each that is worked on, or, where nobody can
//! watch lines change, a plain one now and then.

use std::panic;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::output::{Stopped, print, safe};
use crate::audit::{self, Request};
use crate::console::Console;
use crate::phases::Phases;
use crate::report::Report;
use crate::roots::RootModule;

/// How often what is shown is brought up to date.
const TICK: Duration = Duration::from_millis(100);
/// What is over sooner is not worth a look.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often a plain line is printed.
const PLAIN: Duration = Duration::from_secs(10);
/// How many root modules a plain line names.
const NAMED: usize = 5;

/// Audits root modules, and shows how far it is.
pub(super) fn audit(
    modules: &[RootModule],
    request: &Request,
    quiet: bool,
    console: &mut Console<'_>,
) -> Result<Report, Stopped> {
    if quiet {
        return Ok(audit::audit(modules, request));
    }
    let phases: Vec<Phases> = modules.iter().map(|_| Phases::default()).collect();
    let mut shown = Shown::new(modules, &phases, console.messages.terminal && !in_ci());
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        let phases = &phases;
        let work = move || {
            let report = audit::watched(modules, request, phases);
            // Who waits for it is still there: it ends after this.
            let _ = sender.send(report);
        };
        let Ok(worker) = thread::Builder::new().spawn_scoped(scope, work) else {
            return Ok(audit::audit(modules, request));
        };
        loop {
            match receiver.recv_timeout(TICK) {
                Ok(report) => {
                    shown.clear();
                    return Ok(report);
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(line) = shown.update() {
                        print(&mut console.messages, &safe(&line))?;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    shown.clear();
                    if let Err(fault) = worker.join() {
                        panic::resume_unwind(fault);
                    }
                    return Ok(Report::default());
                }
            }
        }
    })
}

/// Whether the run is one of a CI, whose log is no terminal even where it says so.
pub(super) fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|set| !set.is_empty() && set != "false")
}

/// What is shown of every root module.
struct Shown<'a> {
    modules: &'a [RootModule],
    phases: &'a [Phases],
    started: Instant,
    /// When the last plain line was printed.
    printed: Instant,
    bars: Option<Bars>,
}

/// The lines on a terminal, drawn where its messages go.
struct Bars {
    all: MultiProgress,
    style: ProgressStyle,
    lines: Vec<Option<ProgressBar>>,
}

impl<'a> Shown<'a> {
    fn new(modules: &'a [RootModule], phases: &'a [Phases], terminal: bool) -> Self {
        let now = Instant::now();
        let bars = terminal.then(|| Bars {
            all: MultiProgress::new(),
            style: ProgressStyle::with_template("    {wide_msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
            lines: modules.iter().map(|_| None).collect(),
        });
        Shown {
            modules,
            phases,
            started: now,
            printed: now,
            bars,
        }
    }

    /// Brings the lines on a terminal up to date, or gives the plain line to print.
    fn update(&mut self) -> Option<String> {
        if let Some(bars) = &mut self.bars {
            if self.started.elapsed() > PATIENCE {
                bars.update(self.modules, self.phases);
            }
            return None;
        }
        if self.printed.elapsed() < PLAIN {
            return None;
        }
        self.printed = Instant::now();
        Some(line(self.modules, self.phases, self.started.elapsed()))
    }

    fn clear(&mut self) {
        if let Some(bars) = &mut self.bars {
            bars.lines.clear();
            // Where the terminal is gone there is nothing to clear.
            let _ = bars.all.clear();
        }
    }
}

impl Bars {
    fn update(&mut self, modules: &[RootModule], phases: &[Phases]) {
        for ((module, phases), bar) in modules.iter().zip(phases).zip(&mut self.lines) {
            match (phases.now(), &bar) {
                (None, None) => {}
                (None, Some(done)) => {
                    done.finish_and_clear();
                    self.all.remove(done);
                    *bar = None;
                }
                (Some((phase, since)), _) => {
                    let bar = bar.get_or_insert_with(|| {
                        self.all
                            .add(ProgressBar::new_spinner().with_style(self.style.clone()))
                    });
                    let name = safe(&module.name).replace(['\n', '\t'], " ");
                    bar.set_message(format!("{name}: {phase}, {} s", since.as_secs()));
                }
            }
        }
    }
}

/// How far it is, in a line: "20 s: 3 of 12 audited; infra/a: plan, 8 s".
fn line(modules: &[RootModule], phases: &[Phases], elapsed: Duration) -> String {
    let done = phases.iter().filter(|phases| phases.has_ended()).count();
    let running = modules.iter().zip(phases).filter_map(|(module, phases)| {
        let (phase, since) = phases.now()?;
        Some(format!("; {}: {phase}, {} s", module.name, since.as_secs()))
    });
    let running: String = running.take(NAMED).collect();
    format!(
        "    {} s: {done} of {} audited{running}\n",
        elapsed.as_secs(),
        modules.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_line_says_what_is_done_and_what_goes_on() {
        let module = |name: &str| RootModule {
            name: name.to_owned(),
            ..RootModule::default()
        };
        let modules = [module("infra/a"), module("infra/b"), module("infra/c")];
        let phases: Vec<Phases> = modules.iter().map(|_| Phases::default()).collect();
        phases[0].begin("plan");
        phases[0].end();
        phases[1].begin("init");
        assert_eq!(
            line(&modules, &phases, Duration::from_secs(20)),
            "    20 s: 1 of 3 audited; infra/b: init, 0 s\n"
        );
    }
}
