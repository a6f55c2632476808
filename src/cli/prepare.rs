//! What a run starts from: the command line, the manifest and the directories.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use super::arguments::{AuditArgs, Cli, assignments, cargo_options, level_flags};
use super::arguments::{meant, rules_named};
use super::output::Stopped;
use super::{baseline, scope};
use crate::audit::{PlanSource, Request};
use crate::config::{Config, ConfigError};
use crate::console::Console;
use crate::did_you_mean::did_you_mean;
use crate::exit::Exit;
use crate::policy::LevelSource;
use crate::remembered::Memory;
use crate::report::{self};
use crate::roots::{self, Found};
use crate::selection;
use crate::since;
use crate::source::Library;
use crate::terraform::evaluate::EditedTexts;
use crate::waiver::{self, Baseline};
use crate::workspace::{Search, Workspace};

/// What a run starts from, read from the command line, the manifest and the directories.
pub(crate) struct Prepared {
    /// The workspace, and how it was found.
    pub(crate) workspace: Workspace,
    pub(crate) search: Search,
    /// The directory that paths are relative to.
    pub(crate) current: PathBuf,
    /// The root modules.
    pub(crate) found: Found,
    /// What is to be audited, and how.
    pub(crate) request: Request,
}

/// Reads what a run with these arguments, the program's name among them, starts from.
pub(crate) fn prepare_from(
    arguments: &[OsString],
    console: &Console<'_>,
) -> Result<Prepared, Stopped> {
    let parsed = Cli::command()
        .try_get_matches_from(arguments)
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = parsed.map_err(|error| Stopped {
        exit: Exit::Usage,
        message: error.to_string(),
    })?;
    prepare(&cli.audit, &matches, console)
}

/// Reads what a run starts from.
pub(super) fn prepare(
    args: &AuditArgs,
    matches: &ArgMatches,
    console: &Console<'_>,
) -> Result<Prepared, Stopped> {
    let wrong = |error: anyhow::Error| Stopped::usage(&error);
    let current = std::env::current_dir()
        .context("there is no current directory")
        .map_err(|error| Stopped::unfinished(&error))?;
    let search = Search {
        manifest_path: args.manifest_path.clone(),
        cargo_options: cargo_options(args),
    };
    let workspace = Workspace::find(&current, &search).map_err(wrong)?;
    let colour = console.messages.colour;
    let misconfigured = |errors: Vec<ConfigError>| {
        let file = workspace
            .manifest
            .strip_prefix(&current)
            .unwrap_or(&workspace.manifest);
        let file = file.display().to_string();
        let message = report::config_errors(&file, &workspace.text, &errors, colour);
        Stopped {
            exit: Exit::Usage,
            message,
        }
    };
    let config = workspace.config().map_err(misconfigured)?;
    let library = Arc::new(Library::default());
    let found = if brings_source(args, &current) {
        roots::planned(&workspace.root, &current, &args.roots, &config, &library)
            .map_err(misconfigured)?
    } else if args.roots.is_empty() {
        roots::configured(&workspace.root, &config, &library).map_err(misconfigured)?
    } else {
        roots::named(&workspace.root, &current, &args.roots, &config)
            .map_err(|error| wrong(subcommand_meant(&args.roots, &current).unwrap_or(error)))?
    };
    let mut request =
        request(args, matches, &config, &workspace, &current, library).map_err(wrong)?;
    if !args.packages.is_empty() {
        let packages = scope::packages(&workspace, &search, &current, colour)?;
        let scope = scope::wanted(packages, &args.packages).map_err(wrong)?;
        request.scope = Some(Arc::new(scope));
    }
    let mut found = found;
    if let Some(revision) = &args.since {
        let modules = std::mem::take(&mut found.modules);
        (found.modules, found.unchanged) =
            since::changed(modules, &request, revision).map_err(wrong)?;
    }
    let one_plan = matches!(
        request.plan,
        PlanSource::File(_) | PlanSource::StandardInput
    );
    if one_plan && found.modules.len() > 1 {
        let names: Vec<String> = found
            .modules
            .iter()
            .map(|module| format!("`{}`", module.name))
            .collect();
        return Err(wrong(anyhow::anyhow!(
            "a plan is of one root module, and there are {}: {}; name the one that it is of",
            names.len(),
            names.join(", ")
        )));
    }
    Ok(Prepared {
        workspace,
        search,
        current,
        found,
        request,
    })
}

/// That what stands where a root module could was meant as a subcommand.
fn subcommand_meant(roots: &[PathBuf], current: &Path) -> Option<anyhow::Error> {
    let name = roots.first()?.to_str()?;
    if current.join(name).exists() || name.contains(['/', '\\', '.']) {
        return None;
    }
    let cli = Cli::command();
    let names = cli.get_subcommands().map(clap::Command::get_name);
    let meant = did_you_mean(name, names.chain(["help"]))?;
    Some(anyhow::anyhow!(
        "there is no root module `{name}`; did you mean the subcommand `{meant}`?"
    ))
}

/// Whether a plan is given that has the configuration with it that it was made of: the plan file itself.
fn brings_source(args: &AuditArgs, current: &Path) -> bool {
    const START: &[u8] = b"PK\x03\x04";
    match &args.plan_file {
        None => false,
        // What is looked at stays there to be read.
        Some(file) if file.as_os_str() == "-" => std::io::stdin()
            .lock()
            .fill_buf()
            .is_ok_and(|start| start.starts_with(START)),
        Some(file) => {
            let mut start = [0; START.len()];
            File::open(current.join(file))
                .is_ok_and(|mut file| file.read_exact(&mut start).is_ok() && start == START)
        }
    }
}

fn request(
    args: &AuditArgs,
    matches: &ArgMatches,
    config: &Config,
    workspace: &Workspace,
    current: &Path,
    library: Arc<Library>,
) -> Result<Request> {
    let mut levels = config.levels.clone();
    for (flag, name, level) in level_flags(matches) {
        let targets = selection::find_targets(&name);
        if targets.is_empty() {
            bail!(
                "unknown rule or group `{name}`{}",
                meant(&name, selection::target_names())
            );
        }
        for target in targets {
            levels.set(target, level, LevelSource::Flag(format!("{flag} {name}")));
        }
    }
    let mut only = Vec::new();
    for name in &args.only {
        only.extend(rules_named(name)?);
    }
    let plan = match (&args.plan_file, args.plan) {
        (Some(file), _) if file.as_os_str() == "-" => PlanSource::StandardInput,
        (Some(file), _) => PlanSource::File(current.join(file)),
        (None, Some(mode)) => PlanSource::Run(mode),
        (None, None) => PlanSource::Run(config.plan.unwrap_or_default()),
    };
    // A name without a separator is looked up in `PATH`; a path in the manifest starts from there.
    let configured = config
        .terraform_bin
        .as_ref()
        .map(|path| match path.components().count() {
            1 => path.clone(),
            _ => workspace.root.join(path),
        });
    let baseline = if args.no_waivers {
        Baseline::default()
    } else {
        baseline::read(&workspace.root)?
    };
    Ok(Request {
        workspace: workspace.root.clone(),
        plan,
        terraform_bin: args.terraform_bin.clone().or(configured),
        assignments: assignments(matches, current)?,
        environment: environment(),
        terraform_workspace: args.workspace.clone(),
        timeout: args
            .timeout
            .map(|seconds| Duration::from_secs(seconds.get() as u64))
            .or(config.timeout),
        only,
        levels,
        options: config.options.clone(),
        waivers: (!args.no_waivers).then(|| waiver::Settings {
            manifest: config.waivers.clone(),
            rejected: config.rejected_waivers.clone(),
            baseline,
            most_days: config.max_waiver_days.unwrap_or(waiver::MOST_DAYS),
            file: Some((Arc::from("Cargo.toml"), workspace.text.clone())),
            all_audited: args.roots.is_empty()
                && args.only.is_empty()
                && args.packages.is_empty()
                && args.since.is_none(),
            ..waiver::Settings::default()
        }),
        edited: EditedTexts::new(),
        library,
        jobs: args.jobs,
        scope: None,
        memory: Some(Memory {
            target: workspace.target(current),
            fresh: args.fresh,
        }),
    })
}

/// The `TF_VAR_` variables of the environment, without the prefix, in the order of their names.
fn environment() -> Vec<(String, String)> {
    let mut variables: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter_map(|(name, value)| Some((name.strip_prefix("TF_VAR_")?.to_owned(), value)))
        .collect();
    variables.sort();
    variables
}
