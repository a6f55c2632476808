//! Running the tests: `init` where it is needed, the test twice, and once more with what was learnt.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::super::failure::TerraformFailed;
use super::super::planning::{Run, asks_for_init};
use super::super::private::PrivateDirectory;
use super::super::process::Stdout;
use super::cast::{CASTS, Cast};
use super::messages::Messages;
use super::test_file::{Lessons, Told, is_identifier, test_file, variables};
use crate::source::SourceMap;
use crate::terraform::evaluate::{self, Assignment, Inputs, Outline, outline};
use crate::terraform::plan::Facts;

/// The first version that gives made-up values while planning.
const FIRST: (u32, u32) = (1, 11);
/// How often Terraform is asked, the first time included.
const TRIES: usize = 3;
/// The test files, one for each cast.
const FILES: [&str; 2] = ["first.tftest.hcl", "second.tftest.hcl"];
/// How many zones that the source names are taken over.
const ZONES: usize = 32;
/// What stands in for variables, for the evaluator; not a name that Terraform looks for.
const VARIABLES: &str = "variables";

/// What an attempt at a mocked plan came to.
pub(in crate::terraform::command) enum Mocked {
    /// A plan.
    Plan {
        facts: Box<Facts>,
        version: String,
        /// What was made up, for a person.
        note: String,
    },
    /// None, for this reason.
    Refused { why: String },
}

impl Run<'_> {
    /// Plans with mocked providers. Nothing of it is left when this returns.
    pub(in crate::terraform::command) fn mock(&self) -> Result<Mocked> {
        let mut private = PrivateDirectory::new()?;
        let version = match self.version(&mut private)? {
            Ok(version) => version,
            Err(why) => return Ok(Mocked::Refused { why }),
        };
        let initialised = self.is_initialised();
        let directory = TestDirectory::new(self.root)?;
        if !initialised {
            self.init_without_backend(&directory, &mut private)?;
        }
        match self.tested(&directory, &version, &mut private) {
            Err(error) if initialised && asks_for_init(&error) => {
                self.init_without_backend(&directory, &mut private)?;
                self.tested(&directory, &version, &mut private)
            }
            tested => tested,
        }
    }

    /// The version, or why it cannot do this.
    fn version(&self, private: &mut PrivateDirectory) -> Result<Result<String, String>> {
        let shell = self.shell()?;
        let command = shell
            .cmd(&self.binary.path)
            .arg("version")
            .env("CHECKPOINT_DISABLE", "1")
            .env_remove("TF_CLI_ARGS")
            .env_remove("TF_CLI_ARGS_version");
        let output = self.finish(command, "version", Stdout::Kept, Some(private))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let first = said.lines().find(|line| line.contains(" v"));
        let (product, version) = first
            .and_then(|line| line.split_once(" v"))
            .unwrap_or_default();
        let mut numbers = version
            .split(['.', '-'])
            .map(|part| part.parse::<u32>().ok());
        let found = numbers.next().flatten().zip(numbers.next().flatten());
        Ok(match found {
            _ if product == "OpenTofu" => Err(format!(
                "OpenTofu {version} gives no made-up values while planning, which Terraform 1.11 and \
                 later do"
            )),
            Some(found) if found >= FIRST => Ok(version.trim().to_owned()),
            Some(_) => Err(format!(
                "Terraform {version} gives no made-up values while planning: 1.11 or later is needed"
            )),
            None => Err(format!(
                "`{} version` does not say which Terraform it is",
                self.binary.name
            )),
        })
    }

    fn init_without_backend(
        &self,
        directory: &TestDirectory,
        private: &mut PrivateDirectory,
    ) -> Result<()> {
        self.init_with(private, |command| {
            command
                .arg("-backend=false")
                .arg(format!("-test-directory={}", directory.name))
                // `init` makes a workspace that is not there, in the user's tree.
                .env_remove("TF_WORKSPACE")
        })
    }

    /// Runs the tests until there are plans or nothing more to learn.
    fn tested(
        &self,
        directory: &TestDirectory,
        version: &str,
        private: &mut PrivateDirectory,
    ) -> Result<Mocked> {
        let outline = self.with_inputs(self.assignments, outline);
        let told = [
            self.told(directory, &outline, &CASTS[0])?,
            self.told(directory, &outline, &CASTS[1])?,
        ];
        let mut lessons = Lessons::default();
        let mut tries = TRIES;
        loop {
            tries -= 1;
            for ((cast, file), told) in CASTS.iter().zip(FILES).zip(&told) {
                let text = test_file(&outline, cast, &lessons, told);
                directory.write(file, &text)?;
            }
            let messages = self.test(directory, version, private)?;
            let plan = |file: &str| {
                let mut plans = messages.plans.iter();
                plans.find(|(name, _)| name.replace('\\', "/").ends_with(file))
            };
            if let (Some((_, first)), Some((_, second))) = (plan(FILES[0]), plan(FILES[1])) {
                let name = "of `terraform test`";
                let first = Facts::read(first.clone(), name)?;
                let second = Facts::read(second.clone(), name)?;
                return Ok(Mocked::Plan {
                    facts: Box::new(Facts::mocked(first, second)),
                    version: version.to_owned(),
                    note: made_up(&outline),
                });
            }
            if tries == 0 || !messages.teach(&mut lessons, &outline) {
                return Ok(Mocked::Refused {
                    why: format!(
                        "`{} test` with mocked providers failed: {}",
                        self.binary.name,
                        messages.reason()
                    ),
                });
            }
        }
    }

    /// What the source tells with a cast's values.
    fn told(&self, directory: &TestDirectory, outline: &Outline, cast: &Cast) -> Result<Told> {
        let mut assignments = self.assignments.to_vec();
        if !outline.variables.is_empty() {
            let file = directory.write(VARIABLES, &variables(outline, cast))?;
            assignments.push(Assignment::File(file));
        }
        let configuration = self.with_inputs(&assignments, |inputs| {
            evaluate::evaluate(inputs, &mut SourceMap::default())
        });
        let mut told = Told::default();
        for instance in configuration.instances {
            let zone = instance.attributes.entries.get("availability_zone");
            if let Some(zone) = zone.and_then(|zone| zone.as_str())
                && told.zones.len() < ZONES
                && is_identifier(&zone)
            {
                told.zones.insert(zone.into_owned());
            }
            told.instances.push(instance.address);
        }
        Ok(told)
    }

    /// Has the evaluator look at the root module.
    fn with_inputs<T>(&self, assignments: &[Assignment], look: impl FnOnce(&Inputs<'_>) -> T) -> T {
        let variable = |(name, value): (OsString, OsString)| {
            let name = name.to_str()?.strip_prefix("TF_VAR_")?.to_owned();
            Some((name, value.into_string().ok()?))
        };
        let environment: Vec<_> = env::vars_os().filter_map(variable).collect();
        look(&Inputs {
            root: self.root,
            workspace: self.root,
            environment: &environment,
            assignments,
            terraform_workspace: self.workspace,
            facts: &Facts::default(),
            edited: None,
            terragrunt: &[],
        })
    }

    fn test(
        &self,
        directory: &TestDirectory,
        version: &str,
        private: &mut PrivateDirectory,
    ) -> Result<Messages> {
        let shell = self.shell()?;
        let mut command = self
            .command(&shell, "test", Some(private))
            .args(["-json", "-verbose"])
            .arg(format!("-test-directory={}", directory.name))
            .env_remove("TF_CLI_ARGS")
            .env_remove("TF_CLI_ARGS_test");
        for file in FILES {
            // The user's own tests may lie in the root module itself.
            command = command.arg(format!("-filter={}/{file}", directory.name));
        }
        if !self.assignments.is_empty() {
            // Variables can be secret, and everybody can read a command line.
            command = command.env("TF_CLI_ARGS_test", self.variable_arguments("".into())?);
        }
        let output = self.run(command, "test", Stdout::Kept, Some(private))?;
        let messages = Messages::read(&output.stdout, version)?;
        if messages.plans.is_empty() {
            let name = format!("{} test", self.binary.name);
            let failed = TerraformFailed::new(name, &output.stderr);
            let wants_init = failed.asks_for_init();
            if wants_init || messages.errors.is_empty() {
                return Err(failed.into());
            }
            if messages.asks_for_init() {
                return Err(TerraformFailed::new(failed.command, "run `terraform init`").into());
            }
        }
        Ok(messages)
    }
}

/// What was made up, in a line.
fn made_up(outline: &Outline) -> String {
    let mut names: Vec<String> = outline
        .variables
        .iter()
        .map(|variable| format!("`var.{}`", variable.name))
        .collect();
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    if more > 0 {
        names.push(match more {
            1 => "1 more variable".into(),
            _ => format!("{more} more variables"),
        });
    }
    let names = match names.as_slice() {
        [] => String::new(),
        _ => format!("of {} and ", names.join(", ")),
    };
    format!(
        "the plan is mocked: the values {names}of what providers would give are made up, and nothing is \
         decided by them"
    )
}

/// The directory that the tests are in: a private one where Terraform keeps its own things, since it has
/// to be inside the root module.
struct TestDirectory {
    /// Its name from the root module on.
    name: String,
    private: PrivateDirectory,
    /// Goes last.
    _around: Option<GoneWhenEmpty>,
}

impl TestDirectory {
    fn new(root: &Path) -> Result<Self> {
        let around = std::path::absolute(root)?.join(".terraform");
        let made = match fs::create_dir(&around) {
            Ok(()) => Some(GoneWhenEmpty(around.clone())),
            Err(_) => None,
        };
        let private = PrivateDirectory::new_in(&around)?;
        let own = private.path().file_name().unwrap_or_default();
        Ok(TestDirectory {
            name: format!(".terraform/{}", own.to_string_lossy()),
            private,
            _around: made,
        })
    }

    /// Writes a file in it, and gives its path.
    fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.private.path().join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

/// A directory that was made for another, and goes with it where nothing else came into it.
struct GoneWhenEmpty(PathBuf);

impl Drop for GoneWhenEmpty {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}
