//! Why a run was slow, and what to do about it: one line, where it took long enough to be felt.

use std::collections::BTreeMap;
use std::time::Duration;

use super::progress::in_ci;
use crate::audit::{PlanSource, Request};
use crate::config::PlanMode;
use crate::report::{Basis, Report};
use crate::terraform::command;

/// What takes less than this is not felt as slow.
const FELT: Duration = Duration::from_secs(5);

/// Why it took so long, where it did, and what would make it faster.
pub(super) fn hint(report: &Report, request: &Request, took: Duration) -> Option<String> {
    let mut parts: BTreeMap<&str, Duration> = BTreeMap::new();
    for (part, time) in report.roots.iter().flat_map(|root| &root.timing) {
        *parts.entry(part).or_default() += *time;
    }
    let (slowest, time) = parts.into_iter().max_by_key(|(_, time)| *time)?;
    let tried = request.plan == PlanSource::Run(PlanMode::Auto);
    let run = Slow {
        took,
        slowest,
        time,
        roots: report.roots.len(),
        in_vain: tried && report.roots.iter().all(|root| root.basis == Basis::Source),
        shares_providers: command::shares_providers(),
        in_ci: in_ci(),
    };
    run.hint()
}

/// A run, and what it spent its time on.
#[derive(Clone, Copy)]
struct Slow<'a> {
    took: Duration,
    /// The part that took longest, and how long in all root modules together.
    slowest: &'a str,
    time: Duration,
    roots: usize,
    /// Whether a plan was tried, and none was made.
    in_vain: bool,
    shares_providers: bool,
    in_ci: bool,
}

impl Slow<'_> {
    fn hint(&self) -> Option<String> {
        if self.took < FELT {
            return None;
        }
        let several = self.roots > 1;
        let (what, then) = match self.slowest {
            "init" | "wait for init" | "plan" | "read" | "show" if self.in_vain => (
                "a plan that could not be made",
                "`--plan never` does not try; the note on each root module says why it failed",
            ),
            "init" | "wait for init" if !self.shares_providers => (
                "`init`",
                "set `TF_PLUGIN_CACHE_DIR`, so that providers are fetched once, or keep the \
                 directories `.terraform`",
            ),
            // Nobody waits there, and what a plan says is wanted.
            _ if self.in_ci => return None,
            "init" | "wait for init" => (
                "`init`",
                "it is not needed where the directory `.terraform` is kept",
            ),
            "plan" | "read" | "show" if several => (
                "`plan`",
                "a plan is remembered for 15 minutes while nothing changes, `--since REV` plans what \
                 changed alone, `--plan never` nothing",
            ),
            "plan" | "read" | "show" => (
                "`plan`",
                "a plan is remembered for 15 minutes while nothing changes, and `--plan never` does \
                 without",
            ),
            "test" => ("the mocked plan", "`--plan never` does without"),
            _ if several => (
                "reading and evaluating",
                "`--since REV`, or naming a root module, audits less",
            ),
            _ => (
                "reading and evaluating",
                "`-v` says how long each part took",
            ),
        };
        let (took, time) = (self.took.as_secs(), self.time.as_secs());
        let of = match self.roots {
            1 => String::new(),
            count => format!(" in {count} root modules side by side"),
        };
        Some(format!(
            "hint: of {took} s, {what} took {time} s{of}: {then}\n"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: Slow<'_> = Slow {
        took: Duration::from_secs(9),
        slowest: "plan",
        time: Duration::from_secs(8),
        roots: 1,
        in_vain: false,
        shares_providers: false,
        in_ci: false,
    };

    fn said(run: Slow<'_>) -> String {
        run.hint().unwrap_or_default()
    }

    #[test]
    fn what_took_longest_says_what_to_do() {
        let plan = said(RUN);
        assert!(
            plan.starts_with("hint: of 9 s, `plan` took 8 s: "),
            "{plan}"
        );
        assert!(!plan.contains("--since"), "{plan}");
        let several = said(Slow { roots: 3, ..RUN });
        assert!(
            several.contains("in 3 root modules side by side: "),
            "{several}"
        );
        assert!(several.contains("--since"), "{several}");
        let in_vain = said(Slow {
            in_vain: true,
            ..RUN
        });
        assert!(
            in_vain.contains("could not be made took 8 s: `--plan never`"),
            "{in_vain}"
        );
        let init = said(Slow {
            slowest: "init",
            ..RUN
        });
        assert!(init.contains("TF_PLUGIN_CACHE_DIR"), "{init}");
        assert!(
            said(Slow {
                slowest: "evaluate",
                ..RUN
            })
            .contains("`-v`")
        );
    }

    #[test]
    fn nothing_is_said_where_nothing_can_be_done_or_nobody_waits() {
        let short = Duration::from_millis(4900);
        assert_eq!(said(Slow { took: short, ..RUN }), "");
        assert_eq!(said(Slow { in_ci: true, ..RUN }), "");
        let init = Slow {
            slowest: "init",
            in_ci: true,
            ..RUN
        };
        assert!(said(init).contains("TF_PLUGIN_CACHE_DIR"));
        assert_eq!(
            said(Slow {
                shares_providers: true,
                ..init
            }),
            ""
        );
    }
}
