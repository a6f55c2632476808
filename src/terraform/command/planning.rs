//! A plan made for the audit: `init` where it is needed, `plan`, and `show` where the plan file is not one
//! that is read directly.

use std::cell::Cell;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use xshell::{Cmd, Shell};

use super::binary::Binary;
use super::failure::TerraformFailed;
use super::plugin_cache;
use super::private::PrivateDirectory;
use super::process::{Output, Stdout, run};
use crate::phases::Phases;
use crate::terraform::evaluate::Assignment;
use crate::terraform::plan::Facts;

/// A Terraform and the root module that it is run in.
pub(super) struct Run<'a> {
    pub binary: Binary,
    pub root: &'a Path,
    pub assignments: &'a [Assignment],
    pub workspace: Option<&'a str>,
    pub deadline: Option<Instant>,
    /// How long others were waited for, by which the deadline is later.
    pub waited: Cell<Duration>,
    /// Where to tell what is being done.
    pub phases: Option<&'a Phases>,
}

impl Run<'_> {
    /// Makes a plan and gives what it says. Nothing of it is left when this returns.
    pub(super) fn plan(&self) -> Result<Facts> {
        let mut private = PrivateDirectory::new()?;
        let initialised = self.is_initialised();
        if !initialised {
            self.init(&mut private)?;
        }
        match self.make_plan(&mut private) {
            Err(error) if initialised && asks_for_init(&error) => {
                self.init(&mut private)?;
                self.make_plan(&mut private)?;
            }
            planned => planned?,
        }
        let file = plan_file(&private);
        let name = &self.binary.name;
        self.tell("read");
        let written = fs::read(&file).context("there is no plan file");
        // `show` starts every provider again, only to print.
        match written.and_then(|bytes| Facts::read_file(bytes, &format!("of `{name}`"))) {
            Ok(facts) => Ok(facts.made_here()),
            Err(_) => {
                let json = self.show(&file, Some(&mut private))?;
                Facts::read(json, &format!("that `{name} show` printed")).map(Facts::made_here)
            }
        }
    }

    fn init(&self, private: &mut PrivateDirectory) -> Result<()> {
        self.init_with(private, |command| command)
    }

    /// Runs `init` with what else it is given.
    pub(super) fn init_with(
        &self,
        private: &mut PrivateDirectory,
        with: impl FnOnce(Cmd<'_>) -> Cmd<'_>,
    ) -> Result<()> {
        let asked = Instant::now();
        self.tell("wait for init");
        let _turn = plugin_cache::turn();
        self.waited.set(self.waited.get() + asked.elapsed());
        let shell = self.shell()?;
        let mut command = self
            .command(&shell, "init", Some(private))
            .arg("-input=false");
        if self.root.join(".terraform.lock.hcl").exists() {
            command = command.arg("-lockfile=readonly");
        }
        self.finish(with(command), "init", Stdout::Dropped, Some(private))
            .map(drop)
    }

    fn make_plan(&self, private: &mut PrivateDirectory) -> Result<()> {
        let shell = self.shell()?;
        let file = plan_file(private);
        let mut command = self
            .command(&shell, "plan", Some(private))
            .args(["-input=false", "-lock=false", "-detailed-exitcode=false"])
            // What the user's own arguments say here is of another plan than the one of what is written.
            .args(["-destroy=false", "-refresh-only=false"])
            .arg(joined("-out=", &file));
        if !self.assignments.is_empty() {
            // Variables can be secret, and everybody can read a command line.
            command = command.env(
                "TF_CLI_ARGS_plan",
                self.variable_arguments(env::var_os("TF_CLI_ARGS_plan").unwrap_or_default())?,
            );
        }
        self.finish(command, "plan", Stdout::Dropped, Some(private))
            .map(drop)
    }

    /// Gives the JSON of a plan file.
    pub(super) fn show(
        &self,
        file: &Path,
        private: Option<&mut PrivateDirectory>,
    ) -> Result<Vec<u8>> {
        let shell = self.shell()?;
        let command = self
            .command(&shell, "show", private.as_deref())
            .arg("-json")
            .arg(file);
        let command = command
            .env_remove("TF_CLI_ARGS")
            .env_remove("TF_CLI_ARGS_show");
        let printed = self.finish(command, "show", Stdout::Kept, private)?.stdout;
        Ok(plan_in(printed))
    }

    pub(super) fn finish(
        &self,
        command: Cmd<'_>,
        name: &'static str,
        stdout: Stdout,
        private: Option<&mut PrivateDirectory>,
    ) -> Result<Output> {
        let output = self.run(command, name, stdout, private)?;
        if output.status.success() {
            return Ok(output);
        }
        let name = format!("{} {name}", self.binary.name);
        let said = match killed_by(output.status) {
            Some(signal) => format!("{}\nit was ended by signal {signal}", output.stderr),
            None => output.stderr,
        };
        Err(TerraformFailed::new(name, said.trim_start()).into())
    }

    /// Runs a command to its end, whatever it comes to.
    pub(super) fn run(
        &self,
        command: Cmd<'_>,
        name: &'static str,
        stdout: Stdout,
        private: Option<&mut PrivateDirectory>,
    ) -> Result<Output> {
        self.tell(name);
        let deadline = self.deadline;
        let deadline = deadline.and_then(|deadline| deadline.checked_add(self.waited.get()));
        let guardian = private.and_then(PrivateDirectory::guardian);
        run(command, stdout, deadline, guardian)
            .with_context(|| format!("`{} {name}` did not end", self.binary.name))
    }

    fn tell(&self, phase: &'static str) {
        if let Some(phases) = self.phases {
            phases.begin(phase);
        }
    }

    pub(super) fn shell(&self) -> Result<Shell> {
        let shell = Shell::new()?;
        shell.change_dir(std::path::absolute(self.root)?);
        Ok(shell)
    }

    pub(super) fn command<'a>(
        &self,
        shell: &'a Shell,
        name: &str,
        private: Option<&PrivateDirectory>,
    ) -> Cmd<'a> {
        let mut command = shell.cmd(&self.binary.path).arg(name).arg("-no-color");
        for (name, value) in [
            ("TF_IN_AUTOMATION", "1"),
            ("TF_INPUT", "0"),
            ("CHECKPOINT_DISABLE", "1"),
            ("GIT_TERMINAL_PROMPT", "0"),
        ] {
            command = command.env(name, value);
        }
        // A log on standard error would drown the message, and can have secrets in it.
        if env::var_os("TF_LOG_PATH").is_none() {
            for name in ["TF_LOG", "TF_LOG_CORE", "TF_LOG_PROVIDER"] {
                command = command.env_remove(name);
            }
        }
        if let Some(workspace) = self.workspace {
            command = command.env("TF_WORKSPACE", workspace);
        }
        if let Some(private) = private
            && private.path().as_os_str().len() <= LONGEST_FOR_SOCKETS
        {
            command = command.env("TMPDIR", private.path());
        }
        command
    }

    /// Whether `init` was run here: its directory is there.
    pub(super) fn is_initialised(&self) -> bool {
        let directory = env::var_os("TF_DATA_DIR").filter(|directory| !directory.is_empty());
        self.root
            .join(directory.unwrap_or_else(|| OsString::from(".terraform")))
            .is_dir()
    }

    /// The user's own arguments, and the variables after them.
    pub(super) fn variable_arguments(&self, mut arguments: OsString) -> Result<OsString> {
        for assignment in self.assignments {
            let argument = match assignment {
                Assignment::Variable(name, value) => format!("-var={name}={value}").into(),
                Assignment::File(path) => joined("-var-file=", &std::path::absolute(path)?),
            };
            arguments.push(" ");
            arguments.push(quoted(&argument)?);
        }
        Ok(arguments)
    }
}

/// Providers make their sockets in the directory for temporary files; a socket's path cannot be long.
const LONGEST_FOR_SOCKETS: usize = 70;

pub(super) fn asks_for_init(error: &anyhow::Error) -> bool {
    error
        .downcast_ref()
        .is_some_and(TerraformFailed::asks_for_init)
}

/// The plan in what was printed, where a wrapper printed lines of its own around it: Terraform prints its
/// JSON as one line.
fn plan_in(printed: Vec<u8>) -> Vec<u8> {
    const START: &[u8] = b"{\"format_version\"";
    let lines = || printed.split(|byte| *byte == b'\n');
    let around = lines().any(|line| !line.trim_ascii().is_empty() && !line.starts_with(START));
    match lines().find(|line| line.starts_with(START)) {
        Some(line) if around => line.to_vec(),
        _ => printed,
    }
}

#[cfg(unix)]
fn killed_by(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn killed_by(_status: ExitStatus) -> Option<i32> {
    None
}

fn plan_file(private: &PrivateDirectory) -> PathBuf {
    private.path().join("plan")
}

fn joined(option: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(option);
    argument.push(path);
    argument
}

/// Quotes an argument as Terraform reads `TF_CLI_ARGS`: nothing has a meaning between single quotes.
fn quoted(argument: &OsString) -> Result<String> {
    let argument = argument
        .to_str()
        .context("a path to a variable file is not text")?;
    Ok(format!("'{}'", argument.replace('\'', r"'\''")))
}
