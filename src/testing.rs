//! The audit as tests, for `cargo test` and `cargo nextest run`.
//!
//! A test target with `harness = false` and nothing in it but [`harness!`](crate::harness) has one test for
//! each rule and root module. The audit runs once, when the first test needs it: once in a process, and
//! where nextest starts a process for each test, once in a run.

mod arguments;
mod states;

pub(crate) use self::states::states;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use libtest_mimic::{Completion, Failed, FormatSetting, Trial};

use self::arguments::Asked;
use self::states::{States, WHOLE};
use crate::audit::{self, PlanSource, Request};
use crate::cli::{self, Prepared};
use crate::console::{Console, Stream};
use crate::policy::Level;
use crate::remembered::{Run, Told};
use crate::report::{self, Rendering};
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
/// something is undecided is ignored, with the reason, and not passed.
///
/// Listing never runs Terraform: what is listed as ignored is what the source, and a plan where one is
/// remembered, leave undecided. nextest, which runs each test alone, has no other way to hear of it; a test
/// that turns out to be undecided only when it runs alone fails and says so.
#[must_use]
pub fn harness(directory: impl AsRef<Path>) -> ExitCode {
    let asked = arguments::read();
    let mut trials = match prepare(directory.as_ref(), &asked) {
        Ok(Prepared { found, request, .. }) if !found.modules.is_empty() => {
            trials(found.modules, request, &asked)
        }
        Ok(_) => vec![failing("root_modules", "there is no root module to audit")],
        Err(message) => vec![failing("configuration", &message)],
    };
    for name in asked.missing(&trials) {
        trials.push(failing(&name, "there is no such test any more"));
    }
    let arguments = asked.selecting(&trials);
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Audits the root modules at and under a directory, and panics with the report where the audit would not
/// end with exit code 0. What is undecided and not denied is told on standard error, whatever captures the
/// output of tests.
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
    } = match prepare(&start, &Asked::default()) {
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
    let options = Rendering::default();
    if report.exit() != crate::Exit::Clean {
        panic!("{}", report::human(&report, &options));
    }
    let summary = report.summary();
    if summary.verdicts.unknown + summary.unread > 0 {
        // Where nobody can be told, nothing is denied all the same.
        let _ = Console::standard()
            .messages
            .write(&report::human(&report, &options));
    }
}

/// What the workspace of a directory is configured to have audited.
fn prepare(directory: &Path, asked: &Asked) -> Result<Prepared, String> {
    // Whose the package is nextest knows; Cargo would be asked again for each test.
    let workspace = std::env::var_os("NEXTEST_WORKSPACE_ROOT").map(PathBuf::from);
    let workspace = workspace.filter(|root| asked.alone && directory.starts_with(root));
    let manifest = workspace.as_deref().unwrap_or(directory).join("Cargo.toml");
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

/// The name of the test that a whole root module can be read.
const IS_READ: &str = "is_read";

/// What is said of a test that is undecided and runs alone.
const TOO_LATE: &str = "this is undecided, and a test that runs alone cannot be reported as ignored any more: \
                        it is, while the plan of this run is remembered, and once `terraform init` has \
                        installed the modules";

fn trials(modules: Vec<RootModule>, request: Request, asked: &Asked) -> Vec<Trial> {
    let rules = RULES.iter().filter(|rule| {
        let (level, _) = request.levels.of(rule, Outcome::Fail);
        level != Level::Allow && is_wanted(rule, &request)
    });
    let mut tests: Vec<(&'static str, String)> = vec![(WHOLE, IS_READ.to_owned())];
    tests.extend(rules.map(|rule| (rule.id, test_name(rule))));
    let named = modules.iter().map(|module| {
        let names = tests.iter();
        names
            .map(|(id, test)| (*id, format!("{}::{test}", module.name)))
            .collect::<Vec<_>>()
    });
    let named: Vec<Vec<(&str, String)>> = named.collect();
    let wanted = named
        .iter()
        .map(|tests| tests.iter().any(|(_, name)| asked.wants(name)));
    let audit = Arc::new(Audit {
        wanted: wanted.collect(),
        modules,
        request,
        states: OnceLock::new(),
    });
    let flags = flags(&audit, asked);
    let alone = asked.alone;
    let mut trials = Vec::new();
    for (index, tests) in named.into_iter().enumerate() {
        for (id, name) in tests {
            let ignored = match &flags {
                Flags::Each(states) => {
                    matches!(told(states, index, id), Some(Told::Undecided(_)))
                }
                Flags::All(ignored) => *ignored,
            };
            let audit = Arc::clone(&audit);
            let trial =
                Trial::ignorable_test(name, move || match told(audit.states(), index, id) {
                    None | Some(Told::Passes) => Ok(Completion::Completed),
                    Some(Told::Undecided(why)) if alone => {
                        Err(Failed::from(format!("{}\n\n{TOO_LATE}", why.trim_end())))
                    }
                    Some(Told::Undecided(why)) => Ok(Completion::ignored_with(why.trim_end())),
                    Some(Told::Fails(why)) => Err(Failed::from(why)),
                });
            trials.push(trial.with_ignored_flag(ignored));
        }
    }
    trials
}

fn told<'a>(states: &'a [Option<States>], index: usize, id: &str) -> Option<&'a Told> {
    states.get(index)?.as_ref()?.get(id)
}

/// Which tests are marked as ignored before they run.
enum Flags {
    Each(Vec<Option<States>>),
    All(bool),
}

/// Marks those tests that have to be: which of them are listed, and which of them `--ignored` asks for. One
/// that runs is not marked, so that it can say why it is ignored; one that runs alone was listed as what it
/// is asked for as.
fn flags(audit: &Audit, asked: &Asked) -> Flags {
    let arguments = &asked.arguments;
    if asked.alone {
        Flags::All(arguments.ignored)
    } else if arguments.list && (arguments.ignored || arguments.format == Some(FormatSetting::Json))
    {
        Flags::Each(audit.without_terraform())
    } else if !arguments.list && arguments.ignored {
        Flags::Each(audit.states().to_vec())
    } else {
        Flags::All(false)
    }
}

/// The audit that all tests of a process stand on.
struct Audit {
    modules: Vec<RootModule>,
    /// Of which of them a test is wanted.
    wanted: Vec<bool>,
    request: Request,
    states: OnceLock<Vec<Option<States>>>,
}

impl Audit {
    /// How every rule does in every root module of which a test is wanted.
    fn states(&self) -> &[Option<States>] {
        self.states.get_or_init(|| {
            let memory = self.request.memory.as_ref();
            let Some(run) = memory.and_then(Run::of_this_process) else {
                return self.of_wanted(&self.request);
            };
            // Other processes of the run want the others.
            let names = || self.modules.iter().map(|module| module.name.as_str());
            let fits = |told: &Vec<(String, States)>| {
                names().eq(told.iter().map(|(name, _)| name.as_str()))
            };
            let told = run.share(fits, || states(&audit::audit(&self.modules, &self.request)));
            told.into_iter().map(|(_, states)| Some(states)).collect()
        })
    }

    /// The same as far as it is known without running Terraform.
    fn without_terraform(&self) -> Vec<Option<States>> {
        let plan = match &self.request.plan {
            PlanSource::Run(mode) => PlanSource::Remembered(*mode),
            other => other.clone(),
        };
        self.of_wanted(&Request {
            plan,
            ..self.request.clone()
        })
    }

    fn of_wanted(&self, request: &Request) -> Vec<Option<States>> {
        let modules = self.modules.iter().zip(&self.wanted);
        let modules = modules.filter(|(_, wanted)| **wanted);
        let modules: Vec<RootModule> = modules.map(|(module, _)| module.clone()).collect();
        let mut told = states(&audit::audit(&modules, request)).into_iter();
        let wanted = self.wanted.iter();
        wanted
            .map(|wanted| {
                wanted
                    .then(|| told.next().map(|(_, states)| states))
                    .flatten()
            })
            .collect()
    }
}

fn is_wanted(rule: &Rule, request: &Request) -> bool {
    request.only.is_empty() || request.only.iter().any(|only| only.id == rule.id)
}

/// `ecs_004_privileged_container`.
fn test_name(rule: &Rule) -> String {
    let name = format!("{}_{}", rule.id, rule.name);
    name.to_lowercase().replace([':', '-'], "_")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// The names of the tests, which of them are listed as ignored, and how they do.
    fn audited(manifest: &str, source: &str) -> (Vec<Trial>, States) {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("Cargo.toml"), manifest).unwrap();
        fs::write(directory.path().join("main.tf"), source).unwrap();
        let mut asked = Asked::default();
        let Prepared { found, request, .. } = prepare(directory.path(), &asked).unwrap();
        let report = audit::audit(&found.modules, &request);
        let (_, states) = states(&report).remove(0);
        asked.arguments.list = true;
        asked.arguments.ignored = true;
        (trials(found.modules, request, &asked), states)
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
        let (trials, states) = audited(manifest, SOURCE);
        let Some(Told::Fails(why)) = states.get("ECS:015") else {
            panic!("{states:?}");
        };
        assert!(why.contains("main.tf:5:35"), "{why}");
        let Some(Told::Undecided(why)) = states.get("ECS:007") else {
            panic!("{states:?}");
        };
        assert!(why.contains("undecided: `var.pid_mode`"), "{why}");
        assert!(matches!(states.get(""), Some(Told::Passes)));
        assert!(!states.contains_key("ECS:012"), "{states:?}");
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
        let (trials, _) = audited(manifest, SOURCE);
        assert!(!trials.iter().any(|trial| trial.name().contains("ecs_015")));
        assert!(trials.iter().any(|trial| trial.name().contains("ecs_014")));
    }

    #[test]
    fn what_cannot_be_read_is_not_passed() {
        let manifest = "[workspace.metadata.ecs-audit]\nplan = \"never\"\n[workspace]\n";
        let source = format!("{SOURCE}\nmodule \"m\" {{ source = \"a/b/c\" }}\n");
        let (_, states) = audited(manifest, &source);
        assert!(
            matches!(states.get(""), Some(Told::Undecided(_))),
            "{states:?}"
        );
    }

    #[test]
    fn a_configuration_with_a_mistake_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let manifest = "[workspace.metadata.ecs-audit]\nplans = \"never\"\n";
        fs::write(directory.path().join("Cargo.toml"), manifest).unwrap();
        let message = prepare(directory.path(), &Asked::default()).err();
        let message = message.unwrap_or_default();
        assert!(message.contains("did you mean `plan`?"), "{message}");
    }
}
