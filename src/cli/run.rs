//! From the command line to an exit code.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{ArgMatches, ColorChoice, CommandFactory as _, FromArgMatches as _};

use super::arguments::{
    AuditArgs, Cli, Command, Format, FormatKind, assignments, cargo_options, level_flags,
};
use super::{baseline, fix, progress, waive};
use crate::audit::{PlanSource, Request};
use crate::config::{Config, ConfigError};
use crate::console::{Console, Stream};
use crate::did_you_mean::did_you_mean;
use crate::exit::Exit;
use crate::policy::{self, LevelSource};
use crate::remembered::Memory;
use crate::report::{self, Detail, Human, Report};
use crate::roots::{self, Found};
use crate::rules::{RULES, Rule};
use crate::since;
use crate::source::Library;
use crate::terraform::evaluate::EditedTexts;
use crate::waiver::{self, Baseline};
use crate::workspace::{Search, Workspace};

/// Runs the command line, and gives the exit code that the process should end with.
///
/// The first argument is the program; a second one that is `ecs-audit` is Cargo's way to call a
/// subcommand and is passed over.
pub fn run(arguments: impl IntoIterator<Item = OsString>, console: &mut Console<'_>) -> Exit {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments
        .get(1)
        .is_some_and(|argument| argument == "ecs-audit")
    {
        arguments.remove(1);
    }
    let matches = match Cli::command().try_get_matches_from(&arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(&error, console),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, console),
    };
    for stream in [&mut console.output, &mut console.messages] {
        stream.colour = match cli.color {
            ColorChoice::Always => true,
            ColorChoice::Auto => stream.colour,
            ColorChoice::Never => false,
        };
    }
    let ended = match &cli.command {
        Some(Command::Explain { rule }) => explain(rule.as_deref(), console),
        Some(Command::Fix(args)) => {
            let matches = matches.subcommand_matches("fix").unwrap_or(&matches);
            fix::fix(args, matches, console)
        }
        Some(Command::Waive(args)) => waive::waive(args, console),
        Some(Command::Baseline(args)) => {
            let matches = matches.subcommand_matches("baseline").unwrap_or(&matches);
            baseline::baseline(args, matches, console)
        }
        None => audit(&cli.audit, &matches, console),
    };
    ended.unwrap_or_else(|Stopped { exit, message }| {
        let text = format!("{}{exit}\n", message);
        // Where nothing more can be written, the exit code is all that is left to say.
        let _ = console.messages.write(&text);
        exit
    })
}

/// Why a run ends before there is a report: what to print before the last line.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Stopped {
    pub(super) fn usage(error: &anyhow::Error) -> Self {
        Stopped {
            exit: Exit::Usage,
            message: format!("error: {}\n", safe(&format!("{error:#}"))),
        }
    }

    pub(super) fn unfinished(error: &anyhow::Error) -> Self {
        Stopped {
            exit: Exit::Unfinished,
            ..Stopped::usage(error)
        }
    }
}

pub(super) fn safe(text: &str) -> String {
    report::safe_for_terminal(text)
}

fn usage(error: &clap::Error, console: &mut Console<'_>) -> Exit {
    let stream = if error.use_stderr() {
        &mut console.messages
    } else {
        &mut console.output
    };
    let rendered = error.render();
    let text = if stream.colour {
        rendered.ansi().to_string()
    } else {
        safe(&rendered.to_string())
    };
    let exit = if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Clean
    };
    let _ = stream.write(&text);
    if exit != Exit::Clean {
        let _ = stream.write(&format!("\n{exit}\n"));
    }
    exit
}

fn explain(rule: Option<&str>, console: &mut Console<'_>) -> Result<Exit, Stopped> {
    let colour = console.output.colour;
    let text = match rule {
        Some(name) => report::explain(rule_named(name).map_err(|e| Stopped::usage(&e))?, colour),
        None => report::list(colour),
    };
    print(&mut console.output, &text)?;
    Ok(Exit::Clean)
}

pub(super) fn print(stream: &mut Stream<'_>, text: &str) -> Result<(), Stopped> {
    stream
        .write(text)
        .context("cannot write")
        .map_err(|error| Stopped::unfinished(&error))
}

pub(super) fn rule_named(name: &str) -> Result<&'static Rule> {
    if let Some(rule) = policy::find_rule(name) {
        return Ok(rule);
    }
    let names = RULES.iter().flat_map(|rule| [rule.id, rule.name]);
    bail!("unknown rule `{name}`{}", meant(name, names))
}

fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match did_you_mean(name, known) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None => "; `cargo ecs-audit explain` lists the rules".to_owned(),
    }
}

/// What a run starts from, read from the command line, the manifest and the directories.
pub(crate) struct Prepared {
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
        roots::named(&workspace.root, &current, &args.roots, &config).map_err(wrong)?
    };
    let request = request(args, matches, &config, &workspace, &current, library).map_err(wrong)?;
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
        current,
        found,
        request,
    })
}

fn audit(
    args: &AuditArgs,
    matches: &ArgMatches,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let sinks = sinks(&args.formats).map_err(|error| Stopped::usage(&error))?;
    let Prepared {
        current,
        found,
        request,
    } = prepare(args, matches, console)?;
    let detail = detail(args);
    if found.modules.is_empty() {
        print(&mut console.messages, &nothing_found(&found))?;
        return tell(&of_none(&found), &sinks, detail, &current, console);
    }
    let report = progress::audit(&found.modules, &request, args.quiet, console)?;
    let report = Report {
        unchanged: of_none(&found).unchanged,
        ..report
    };
    tell(&report, &sinks, detail, &current, console)
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

/// The report where no root module is audited.
pub(super) fn of_none(found: &Found) -> Report {
    let names = found.unchanged.iter().map(|module| module.name.as_str());
    Report {
        unchanged: names.map(Arc::from).collect(),
        ..Report::default()
    }
}

/// How much of the report is shown.
pub(super) fn detail(args: &AuditArgs) -> Detail {
    match (args.quiet, args.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Usual,
    }
}

/// What was looked at, where there is no root module.
pub(super) fn nothing_found(found: &Found) -> String {
    let Found {
        searched,
        directories,
        unchanged,
        ..
    } = found;
    if !unchanged.is_empty() {
        return String::new();
    }
    let what = match directories {
        0 => format!("there are no Terraform files in {searched}"),
        1 => format!(
            "in {searched} there is one directory with Terraform files, and it is no root module"
        ),
        count => format!(
            "in {searched} there are {count} directories with Terraform files, and none is a root module"
        ),
    };
    format!(
        "error: {}; name the root modules on the command line, or as `roots` in \
         `[workspace.metadata.ecs-audit]`\n",
        safe(&what)
    )
}

/// Which reports go where. Standard output takes one; the report for a person gives way to one for
/// machines and goes to standard error.
pub(super) fn sinks(formats: &[Format]) -> Result<Vec<Format>> {
    let to_output = formats
        .iter()
        .filter(|format| format.file.is_none() && format.kind != FormatKind::Human)
        .count();
    if to_output > 1 {
        bail!(
            "`--format json` is given twice for standard output; write `--format json=FILE` for one"
        );
    }
    let human = Format {
        kind: FormatKind::Human,
        file: None,
    };
    // A report that goes to a file alone leaves the person who waits without one.
    if formats.iter().all(|format| format.file.is_some()) {
        return Ok(formats.iter().cloned().chain([human]).collect());
    }
    Ok(formats.to_vec())
}

pub(super) fn tell(
    report: &Report,
    sinks: &[Format],
    detail: Detail,
    current: &Path,
    console: &mut Console<'_>,
) -> Result<Exit, Stopped> {
    let taken = sinks
        .iter()
        .any(|sink| sink.file.is_none() && sink.kind != FormatKind::Human);
    let mut told = false;
    for Format { kind, file } in sinks {
        let to_stream = if taken {
            &mut console.messages
        } else {
            &mut console.output
        };
        match (kind, file) {
            (FormatKind::Human, None) => {
                let options = Human {
                    colour: to_stream.colour,
                    detail,
                };
                print(to_stream, &report::human(report, &options))?;
                told = true;
            }
            (FormatKind::Human, Some(file)) => {
                let options = Human {
                    colour: false,
                    detail,
                };
                write_file(&current.join(file), &report::human(report, &options))?;
            }
            (FormatKind::Json, None) => print(&mut console.output, &report::json(report))?,
            (FormatKind::Json, Some(file)) => {
                write_file(&current.join(file), &report::json(report))?;
            }
        }
    }
    if !told {
        print(&mut console.messages, &report::last_line(report))?;
    }
    Ok(report.exit())
}

fn write_file(path: &Path, text: &str) -> Result<(), Stopped> {
    std::fs::write(path, text)
        .with_context(|| format!("cannot write the report to `{}`", path.display()))
        .map_err(|error| Stopped::unfinished(&error))
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
        let Some(target) = policy::find_target(&name) else {
            bail!(
                "unknown rule or group `{name}`{}",
                meant(&name, policy::target_names())
            );
        };
        levels.set(target, level, LevelSource::Flag(format!("{flag} {name}")));
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
        only: args
            .only
            .iter()
            .map(|name| rule_named(name))
            .collect::<Result<_>>()?,
        levels,
        options: config.options.clone(),
        waivers: (!args.no_waivers).then(|| waiver::Settings {
            manifest: config.waivers.clone(),
            baseline,
            most_days: config.max_waiver_days.unwrap_or(waiver::MOST_DAYS),
            file: Some((Arc::from("Cargo.toml"), workspace.text.clone())),
            all_audited: args.roots.is_empty() && args.only.is_empty() && args.since.is_none(),
            ..waiver::Settings::default()
        }),
        edited: EditedTexts::new(),
        library,
        jobs: args.jobs,
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
