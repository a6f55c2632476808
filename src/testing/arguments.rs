//! The command line of `cargo test` and `cargo nextest run`.

use std::ffi::OsString;

use libtest_mimic::{Arguments, Trial};

/// What a process of tests is asked to do.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) arguments: Arguments,
    /// Every filter: a test is wanted that any of them fits.
    filters: Vec<String>,
    /// Whether the process is there for one test, as nextest starts one for each.
    pub(super) alone: bool,
}

/// Options that take the next argument as their value, where it does not stand after `=`.
const WITH_VALUE: [&str; 7] = [
    "--color",
    "--format",
    "--logfile",
    "--shuffle-seed",
    "--skip",
    "--test-threads",
    "-Z",
];

/// Options of `cargo test` that mean nothing here: the audit's tests have no time, no order and no output
/// of their own.
const WITHOUT_MEANING: [&str; 7] = [
    "--ensure-time",
    "--exclude-should-panic",
    "--force-run-in-process",
    "--no-capture",
    "--report-time",
    "--shuffle",
    "--shuffle-seed",
];

/// Reads the process's command line.
pub(super) fn read() -> Asked {
    let is_set = |name: &str| std::env::var_os(name).is_some();
    let mut asked = split(std::env::args_os());
    asked.alone = is_set("NEXTEST") && asked.arguments.exact && !asked.arguments.list;
    let arguments = &mut asked.arguments;
    if arguments.test_threads.is_none() {
        let threads = std::env::var("RUST_TEST_THREADS").unwrap_or_default();
        arguments.test_threads = threads.parse().ok().filter(|threads| *threads > 0);
    }
    asked
}

/// Takes the filters out of a command line, of which `cargo test` may have several.
fn split(given: impl IntoIterator<Item = OsString>) -> Asked {
    let mut given = given.into_iter();
    let mut passed: Vec<OsString> = given.next().into_iter().collect();
    let mut filters = Vec::new();
    let mut only_filters = false;
    while let Some(argument) = given.next() {
        let text = argument.to_string_lossy().into_owned();
        let name = text.split('=').next().unwrap_or_default();
        if only_filters || !text.starts_with('-') {
            filters.push(text);
            continue;
        }
        let value = (WITH_VALUE.contains(&name) && name == text).then(|| given.next());
        if text == "--" {
            only_filters = true;
        } else if !WITHOUT_MEANING.contains(&name) {
            passed.push(argument);
            passed.extend(value.flatten());
        }
    }
    Asked {
        arguments: Arguments::from_iter(passed),
        filters,
        alone: false,
    }
}

impl Asked {
    /// Whether a test is wanted by its name.
    pub(super) fn wants(&self, name: &str) -> bool {
        let fits = |filter: &String| {
            if self.arguments.exact {
                name == filter
            } else {
                name.contains(filter.as_str())
            }
        };
        let named = self.filters.is_empty() || self.filters.iter().any(fits);
        named && !self.arguments.skip.iter().any(fits)
    }

    /// The tests that are asked for by name and are not there.
    pub(super) fn missing(&self, trials: &[Trial]) -> Vec<String> {
        if !self.alone {
            return Vec::new();
        }
        let is_there = |name: &&String| trials.iter().any(|trial| trial.name() == name.as_str());
        let missing = self.filters.iter().filter(|name| !is_there(name));
        missing.cloned().collect()
    }

    /// The arguments by which exactly the wanted tests are run, and the others are counted.
    pub(super) fn selecting(self, trials: &[Trial]) -> Arguments {
        if self.filters.len() < 2 {
            return Arguments {
                filter: self.filters.into_iter().next(),
                ..self.arguments
            };
        }
        let unwanted = trials.iter().filter(|trial| !self.wants(trial.name()));
        let skip = unwanted.map(|trial| trial.name().to_owned()).collect();
        Arguments {
            exact: true,
            skip,
            ..self.arguments
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> Asked {
        split(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn a_test_is_wanted_that_any_filter_fits_and_none_skips() {
        let asked = asked("infra prod staging --skip ecs_004 --test-threads 2 --no-capture");
        let wanted =
            ["prod::ecs_001", "staging::ecs_004", "dev::ecs_001"].map(|name| asked.wants(name));
        assert_eq!(wanted, [true, false, false]);
        assert_eq!(asked.arguments.test_threads, Some(2));
    }

    #[test]
    fn an_exact_name_is_no_part_of_one() {
        let asked = asked("infra --exact prod::ecs_001 --nocapture --shuffle-seed 7 --format=json");
        assert!(asked.wants("prod::ecs_001") && !asked.wants("prod::ecs_0011"));
        assert_eq!(asked.filters, ["prod::ecs_001"]);
    }

    #[test]
    fn what_stands_after_two_dashes_is_a_filter() {
        assert_eq!(asked("infra -- --list").filters, ["--list"]);
    }

    #[test]
    fn those_that_are_not_wanted_are_counted() {
        let trials = ["a", "ab", "b"].map(|name| Trial::test(name, || Ok(())));
        let conclusion = {
            let asked = asked("infra a ab --skip ab -q");
            let arguments = asked.selecting(&trials);
            libtest_mimic::run(&arguments, trials.into())
        };
        assert_eq!((conclusion.num_passed, conclusion.num_filtered_out), (1, 2));
    }
}
