//! The audit as tests, for `cargo test` and `cargo nextest run`.
//!
//! A test target with `harness = false` and nothing in it but [`harness!`](crate::harness) has one test for
//! each rule and root module. The audit runs once in a process, when the first test needs it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::audit::{self, PlanSource, Request};
use crate::cli::{self, Prepared};
use crate::config::PlanMode;
use crate::console::{Console, Stream};
use crate::policy::Level;
use crate::report::{self, Detail, Judged, Rendering, Report, RootReport};
use crate::roots::RootModule;
use crate::rules::{RULES, Rule};
use crate::verdict::Outcome;

/// Makes a test target of the audit: the whole file of a `[[test]]` with `harness = false`.
///
/// ```no_run
/// ecs_audit::harness!();
/// ```
#[macro_export]
macro_rules! harness {
    () => {
        fn main() -> ::std::process::ExitCode {
            $crate::testing::harness(::core::env!("CARGO_MANIFEST_DIR"))
        }
    };
}

/// Runs the audit of the workspace that a directory is in as tests, with the command line of `cargo test`.
///
/// There is a test for each rule that is not allowed and each root module, and one that each root module
/// can be read. A test fails where something is denied, and prints what the audit prints. One of which
/// something is undecided is ignored, with the reason, and not passed. Where tests are listed, and under
/// nextest, which lists them and runs each alone, what is undecided is what the source alone leaves so:
/// listing never runs Terraform.
#[must_use]
pub fn harness(directory: impl AsRef<Path>) -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match prepare(directory.as_ref()) {
        Ok(Prepared { found, request, .. }) if !found.modules.is_empty() => {
            let from_source = arguments.list || std::env::var_os("NEXTEST").is_some();
            trials(found.modules, request, from_source)
        }
        Ok(_) => vec![failing("root_modules", "there is no root module to audit")],
        Err(message) => vec![failing("configuration", &message)],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Audits the root modules at and under a directory, and panics with the report where the audit would not
/// end with exit code 0.
///
/// # Panics
/// Something is denied, nothing is there to audit, or it cannot be audited.
#[allow(clippy::panic, reason = "a test fails by panicking")]
pub fn assert_clean(directory: impl AsRef<Path>) {
    let directory = directory.as_ref();
    let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR");
    let start = manifest_dir.map_or_else(|| Path::new(".").to_owned(), Into::into);
    let Prepared {
        mut found, request, ..
    } = match prepare(&start) {
        Ok(prepared) => prepared,
        Err(message) => panic!("{message}"),
    };
    let under = request.workspace.join(directory);
    let under = std::fs::canonicalize(&under).unwrap_or(under);
    found
        .modules
        .retain(|module| module.path.starts_with(&under));
    if found.modules.is_empty() {
        panic!("there is no root module in `{}`", directory.display());
    }
    let report = audit::audit(&found.modules, &request);
    if report.exit() != crate::Exit::Clean {
        panic!("{}", report::human(&report, &Rendering::default()));
    }
}

/// What the workspace of a directory is configured to have audited.
fn prepare(directory: &Path) -> Result<Prepared, String> {
    let manifest = directory.join("Cargo.toml");
    let arguments = [
        OsString::from("cargo-ecs-audit"),
        OsString::from("--manifest-path"),
        manifest.into_os_string(),
    ];
    let console = Console {
        output: Stream::plain(std::io::sink()),
        messages: Stream::plain(std::io::sink()),
    };
    cli::prepare_from(&arguments, &console).map_err(|stopped| stopped.message)
}

fn failing(name: &str, message: &str) -> Trial {
    let failed = Failed::from(message.trim_end().to_owned());
    Trial::test(name, || Err(failed))
}

/// How a rule does in a root module.
#[derive(Clone, Debug)]
enum State {
    Passes,
    /// The diagnostics of what is undecided.
    Undecided(String),
    /// The diagnostics of what is denied.
    Fails(String),
}

/// By the root module's place in the list and the rule's id; what is of the whole root module has no rule.
type States = BTreeMap<(usize, &'static str), State>;

/// The name of the test that a whole root module can be read.
const IS_READ: (&str, &str) = ("", "is_read");

fn trials(modules: Vec<RootModule>, request: Request, from_source: bool) -> Vec<Trial> {
    let rules = RULES.iter().filter(|rule| {
        let (level, _) = request.levels.of(rule, Outcome::Fail);
        level != Level::Allow && is_wanted(rule, &request)
    });
    let mut tests: Vec<(&'static str, String)> = vec![(IS_READ.0, IS_READ.1.to_owned())];
    tests.extend(rules.map(|rule| (rule.id, test_name(rule))));
    let ignored = if from_source {
        let request = Request {
            plan: PlanSource::Run(PlanMode::Never),
            ..request.clone()
        };
        states(&audit::audit(&modules, &request))
    } else {
        States::new()
    };
    let names: Vec<String> = modules.iter().map(|module| module.name.clone()).collect();
    let audited: Arc<OnceLock<States>> = Arc::default();
    let input = Arc::new((modules, request));
    let mut trials = Vec::new();
    for (index, root) in names.iter().enumerate() {
        for (id, test) in &tests {
            let key = (index, *id);
            let (audited, input) = (audited.clone(), input.clone());
            let trial = Trial::ignorable_test(format!("{root}::{test}"), move || {
                let (modules, request) = &*input;
                let states = audited.get_or_init(|| states(&audit::audit(modules, request)));
                match states.get(&key) {
                    None | Some(State::Passes) => Ok(Completion::Completed),
                    Some(State::Undecided(why)) => Ok(Completion::ignored_with(why)),
                    Some(State::Fails(why)) => Err(Failed::from(why)),
                }
            });
            let is_ignored = matches!(ignored.get(&key), Some(State::Undecided(_)));
            trials.push(trial.with_ignored_flag(is_ignored));
        }
    }
    trials
}

fn is_wanted(rule: &Rule, request: &Request) -> bool {
    request.only.is_empty() || request.only.iter().any(|only| only.id == rule.id)
}

/// `ecs_004_privileged_container`.
fn test_name(rule: &Rule) -> String {
    let name = format!("{}_{}", rule.id, rule.name);
    name.to_lowercase().replace([':', '-'], "_")
}

/// How every rule does in every root module of a report. A rule of which nothing is said is not in it: it
/// has nothing to say.
fn states(report: &Report) -> States {
    let mut states = States::new();
    for (index, root) in report.roots.iter().enumerate() {
        let unread = root.unread.iter();
        let reasons = |level| -> Vec<String> {
            let those = unread.clone().filter(|unread| unread.level == level);
            those
                .map(|unread| format!("`{}` is not read: {}", unread.part, unread.reason))
                .collect()
        };
        let (denied, warned) = (reasons(Level::Deny), reasons(Level::Warn));
        let whole = match &root.failure {
            Some(failure) => State::Fails(failure.clone()),
            None if !denied.is_empty() => State::Fails(denied.join("\n")),
            None if !warned.is_empty() => State::Undecided(warned.join("\n")),
            None => State::Passes,
        };
        let mut by_rule: BTreeMap<&'static str, Vec<&Judged>> = BTreeMap::new();
        if root.failure.is_some() || root.skipped {
            for rule in RULES {
                states.insert((index, rule.id), whole.clone());
            }
        }
        states.insert((index, IS_READ.0), whole);
        for judged in root.verdicts.iter().filter(|judged| judged.is_told()) {
            by_rule.entry(judged.rule.id).or_default().push(judged);
        }
        for (id, verdicts) in by_rule {
            states.insert((index, id), state(root, &verdicts));
        }
    }
    states
}

fn state(root: &RootReport, verdicts: &[&Judged]) -> State {
    let denied = verdicts.iter().any(|judged| judged.level == Level::Deny);
    let undecided = verdicts
        .iter()
        .any(|judged| judged.outcome == Outcome::Unknown && judged.level != Level::Allow);
    if !denied && !undecided {
        return State::Passes;
    }
    let report = Report {
        roots: vec![RootReport {
            path: root.path.clone(),
            basis: root.basis,
            terraform: root.terraform.clone(),
            notes: Vec::new(),
            not_audited: Vec::new(),
            unread: Vec::new(),
            skipped: false,
            verdicts: verdicts.iter().map(|&judged| judged.clone()).collect(),
            failure: None,
            instances: root.instances,
            timing: Vec::new(),
        }],
        ..Report::default()
    };
    let options = Rendering {
        detail: if denied { Detail::Quiet } else { Detail::Usual },
        ..Rendering::default()
    };
    let text = report::diagnostics(&report, &options);
    if denied {
        State::Fails(text)
    } else {
        State::Undecided(text)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn states_of(manifest: &str, source: &str) -> (Vec<Trial>, States) {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("Cargo.toml"), manifest).unwrap();
        fs::write(directory.path().join("main.tf"), source).unwrap();
        let Prepared { found, request, .. } = prepare(directory.path()).unwrap();
        let states = states(&audit::audit(&found.modules, &request));
        (trials(found.modules, request, true), states)
    }

    const SOURCE: &str = "
        variable \"pid_mode\" {}
        resource \"aws_ecs_task_definition\" \"a\" {
          pid_mode              = var.pid_mode
          network_mode          = \"host\"
          container_definitions = \"[]\"
        }";

    #[test]
    fn what_is_denied_fails_and_what_is_undecided_is_ignored() {
        let manifest = "[workspace.metadata.ecs-audit]\nplan = \"never\"\n[workspace]\n";
        let (trials, states) = states_of(manifest, SOURCE);
        let Some(State::Fails(why)) = states.get(&(0, "ECS:015")) else {
            panic!("{states:?}");
        };
        assert!(why.contains("main.tf:5:35"), "{why}");
        let Some(State::Undecided(why)) = states.get(&(0, "ECS:007")) else {
            panic!("{states:?}");
        };
        assert!(why.contains("undecided: `var.pid_mode`"), "{why}");
        assert!(matches!(states.get(&(0, "")), Some(State::Passes)));
        assert!(!states.contains_key(&(0, "ECS:012")), "{states:?}");
        let ignored: Vec<&str> = trials
            .iter()
            .filter(|trial| trial.has_ignored_flag())
            .map(Trial::name)
            .collect();
        assert_eq!(ignored, [".::ecs_007_host_process_namespace"]);
    }

    #[test]
    fn what_is_allowed_is_no_test() {
        let manifest = "[workspace.metadata.ecs-audit]\nplan = \"never\"\nlevels.\"ECS:015\" = \"allow\"\n[workspace]\n";
        let (trials, _) = states_of(manifest, SOURCE);
        assert!(!trials.iter().any(|trial| trial.name().contains("ecs_015")));
        assert_eq!(trials.len(), RULES.len());
    }

    #[test]
    fn what_cannot_be_read_is_not_passed() {
        let manifest = "[workspace.metadata.ecs-audit]\nplan = \"never\"\n[workspace]\n";
        let source = format!("{SOURCE}\nmodule \"m\" {{ source = \"a/b/c\" }}\n");
        let (_, states) = states_of(manifest, &source);
        assert!(
            matches!(states.get(&(0, "")), Some(State::Undecided(_))),
            "{states:?}"
        );
    }

    #[test]
    fn a_configuration_with_a_mistake_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let manifest = "[workspace.metadata.ecs-audit]\nplans = \"never\"\n";
        fs::write(directory.path().join("Cargo.toml"), manifest).unwrap();
        let message = prepare(directory.path()).err().unwrap_or_default();
        assert!(message.contains("did you mean `plan`?"), "{message}");
    }
}
