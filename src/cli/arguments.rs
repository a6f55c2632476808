//! What can be written on the command line.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::{ArgMatches, Args, ColorChoice, Parser, Subcommand};

use crate::config::PlanMode;
use crate::did_you_mean::did_you_mean;
use crate::policy::Level;
use crate::report::Format;
use crate::rules::{RULES, Rule};
use crate::selection;
use crate::terraform::evaluate::Assignment;
use crate::waiver::Date;

/// Audits the AWS ECS that this workspace's Terraform would make
#[derive(Debug, Parser)]
#[command(
    name = "cargo ecs-audit",
    bin_name = "cargo ecs-audit",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Exit codes: 0 nothing denied, 2 wrong usage or configuration, 4 nothing to audit, \
                  100 something denied, 101 could not finish"
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) audit: AuditArgs,
    /// Whether to colour: auto, always or never
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        hide_possible_values = true
    )]
    pub(super) color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show a rule's page, or a table of the rules
    Explain {
        /// The rule's id or name, or what another catalogue calls it; a group or a catalogue (security-hub, aws-config,
        /// control-tower, checkov, trivy, kics) for a table
        rule: Option<String>,
    },
    /// Write what the rules propose, from the source alone where `--plan` does not say otherwise
    Fix(Box<FixArgs>),
    /// Set the workspace up: alias, package, root modules, test target, CI job, ignored files
    Init(InitArgs),
    /// Run the workspace's tests and the audit side by side
    Test(Box<TestArgs>),
    /// Show which packages are linked to which containers
    Map(Box<AuditArgs>),
    /// Write the release checklist: every requirement with its verdict, its evidence, and what was audited
    Checklist(Box<ChecklistArgs>),
    /// Write a waiver into the workspace's manifest
    Waive(WaiveArgs),
    /// Record what fails today in a file, so that only what is new is denied
    Baseline(Box<BaselineArgs>),
}

#[derive(Debug, Args)]
pub(super) struct TestArgs {
    #[command(flatten)]
    pub(super) audit: AuditArgs,
    /// What is passed on to `cargo test`, or to `cargo nextest run` where the workspace configures it
    #[arg(last = true, value_name = "ARGS")]
    pub(super) arguments: Vec<OsString>,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The root modules' directories; those that are found where there is none
    #[arg(value_name = "ROOT")]
    pub(super) roots: Vec<PathBuf>,
    /// Show what would be written, and write nothing
    #[arg(long, conflicts_with = "yes")]
    pub(super) dry_run: bool,
    /// Ask nothing; an alias that runs something else is overwritten
    #[arg(short, long)]
    pub(super) yes: bool,
    /// The manifest of the workspace or of a package in it
    #[arg(long, value_name = "PATH", help_heading = "Manifest")]
    pub(super) manifest_path: Option<PathBuf>,
    /// Passed on to Cargo; `Cargo.lock` stays as it is
    #[arg(long, help_heading = "Manifest")]
    pub(super) locked: bool,
    /// Passed on to Cargo
    #[arg(long, help_heading = "Manifest")]
    pub(super) offline: bool,
    /// Passed on to Cargo; `Cargo.lock` stays as it is
    #[arg(long, help_heading = "Manifest")]
    pub(super) frozen: bool,
}

#[derive(Debug, Args)]
pub(super) struct WaiveArgs {
    /// The rule's id or name
    pub(super) rule: String,
    /// The address of the resource instances; `*` stands for any text
    pub(super) address: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
    /// The last day on which it holds
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_date)]
    pub(super) until: Option<Date>,
    /// The container, where it is one container's; `*` stands for any text
    #[arg(long, value_name = "NAME")]
    pub(super) container: Option<String>,
    /// The root module, where it is one's, relative to the workspace root; `*` stands for any text
    #[arg(long, value_name = "ROOT")]
    pub(super) root: Option<String>,
    /// The manifest of the workspace or of a package in it
    #[arg(long, value_name = "PATH")]
    pub(super) manifest_path: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ChecklistArgs {
    #[command(flatten)]
    pub(super) audit: AuditArgs,
    /// Certify nothing that was audited without a plan
    #[arg(long)]
    pub(super) require_plan: bool,
}

#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    #[command(flatten)]
    pub(super) audit: AuditArgs,
    /// Take out what does not fail any more, and add nothing
    #[arg(long)]
    pub(super) prune: bool,
}

fn parse_date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "expected a day, as 2027-01-31".to_owned())
}

#[derive(Debug, Args)]
pub(super) struct FixArgs {
    #[command(flatten)]
    pub(super) audit: AuditArgs,
    /// Print what would be written, as a unified diff, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Apply the fixes too that a person should look at first
    #[arg(long)]
    pub(super) maybe_incorrect: bool,
    /// Write though there are uncommitted changes
    #[arg(long)]
    pub(super) allow_dirty: bool,
    /// Write though there are staged changes
    #[arg(long)]
    pub(super) allow_staged: bool,
    /// Write though the workspace is in no repository
    #[arg(long)]
    pub(super) allow_no_vcs: bool,
}

#[derive(Clone, Debug, Args)]
pub(super) struct AuditArgs {
    /// The root modules' directories; all of the workspace where there is none
    #[arg(value_name = "ROOT")]
    pub(super) roots: Vec<PathBuf>,
    /// Audit only what is linked to a package: its containers, their task definitions, and what runs them
    #[arg(short, long = "package", value_name = "PACKAGE")]
    pub(super) packages: Vec<String>,
    /// Audit only root modules that changed since a Git revision, uncommitted changes included
    #[arg(long, value_name = "REV")]
    pub(super) since: Option<String>,
    /// Where facts beside the source come from
    #[arg(long, value_name = "MODE", value_enum)]
    pub(super) plan: Option<PlanMode>,
    /// A plan that someone made: binary, or as `terraform show -json` prints it; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    pub(super) plan_file: Option<PathBuf>,
    /// Plan again, though nothing changed since a plan of the last 15 minutes
    #[arg(long)]
    pub(super) fresh: bool,
    /// The Terraform or OpenTofu to run
    #[arg(long, value_name = "PATH")]
    pub(super) terraform_bin: Option<PathBuf>,
    /// How long Terraform may take in one root module
    #[arg(long, value_name = "SECONDS")]
    pub(super) timeout: Option<NonZeroUsize>,
    /// Set a variable of the root module
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub(super) vars: Vec<String>,
    /// Set variables of the root module from a file
    #[arg(long = "var-file", value_name = "FILE")]
    pub(super) var_files: Vec<PathBuf>,
    /// The Terraform workspace; the selected one where it is not given
    #[arg(long, value_name = "NAME")]
    pub(super) workspace: Option<String>,
    /// Allow a rule, a group of rules, or what is `undecided`
    #[arg(
        short = 'A',
        long = "allow",
        value_name = "RULE",
        help_heading = "Levels"
    )]
    pub(super) allow: Vec<String>,
    /// Warn of a rule, a group of rules, or what is `undecided`
    #[arg(
        short = 'W',
        long = "warn",
        value_name = "RULE",
        help_heading = "Levels"
    )]
    pub(super) warn: Vec<String>,
    /// Deny a rule, a group of rules, or what is `undecided`
    #[arg(
        short = 'D',
        long = "deny",
        value_name = "RULE",
        help_heading = "Levels"
    )]
    pub(super) deny: Vec<String>,
    /// Apply these rules alone; a group or a catalogue stands for its rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Levels"
    )]
    pub(super) only: Vec<String>,
    /// Waive nothing: show what is behind every waiver
    #[arg(long, help_heading = "Levels")]
    pub(super) no_waivers: bool,
    #[arg(
        long = "format",
        value_name = "FORMAT[=FILE]",
        value_parser = parse_sink,
        help = formats()
    )]
    pub(super) sinks: Vec<Sink>,
    /// List passes too, in every format
    #[arg(long)]
    pub(super) show_passes: bool,
    /// How many root modules to audit at once
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// The manifest of the workspace or of a package in it
    #[arg(long, value_name = "PATH", help_heading = "Manifest")]
    pub(super) manifest_path: Option<PathBuf>,
    /// Passed on to Cargo, where it is asked for the workspace
    #[arg(long, help_heading = "Manifest")]
    pub(super) locked: bool,
    /// Passed on to Cargo, where it is asked for the workspace
    #[arg(long, help_heading = "Manifest")]
    pub(super) offline: bool,
    /// Passed on to Cargo, where it is asked for the workspace
    #[arg(long, help_heading = "Manifest")]
    pub(super) frozen: bool,
    /// Show what is denied and the last line alone
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Show passes, all that is not audited, and how long it took
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// A way to report, and where to: standard output where there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sink {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

fn formats() -> String {
    let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    format!(
        "How to report, with =FILE to a file; repeatable: {}",
        names.join(", ")
    )
}

fn parse_sink(text: &str) -> Result<Sink, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(file)),
        None => (text, None),
    };
    let known = || Format::ALL.iter().map(|format| format.name());
    let Some(&format) = Format::ALL.iter().find(|format| format.name() == name) else {
        let meant = did_you_mean(name, known())
            .map_or_else(String::new, |meant| format!("did you mean `{meant}`? "));
        let known: Vec<String> = known().map(|name| format!("`{name}`")).collect();
        return Err(format!("{meant}known are {}", known.join(", ")));
    };
    match file {
        Some("") => Err("after `=` a file is expected".to_owned()),
        file => Ok(Sink {
            format,
            file: file.map(PathBuf::from),
        }),
    }
}

pub(super) fn cargo_options(args: &AuditArgs) -> Vec<String> {
    cargo_options_of(args.locked, args.offline, args.frozen)
}

pub(super) fn cargo_options_of(locked: bool, offline: bool, frozen: bool) -> Vec<String> {
    [
        (locked, "--locked"),
        (offline, "--offline"),
        (frozen, "--frozen"),
    ]
    .into_iter()
    .filter(|(given, _)| *given)
    .map(|(_, option)| option.to_owned())
    .collect()
}

/// The level flags in the order of the command line.
pub(super) fn level_flags(matches: &ArgMatches) -> Vec<(&'static str, String, Level)> {
    let mut flags = Vec::new();
    for (id, flag, level) in [
        ("allow", "-A", Level::Allow),
        ("warn", "-W", Level::Warn),
        ("deny", "-D", Level::Deny),
    ] {
        let names = matches.get_many::<String>(id).into_iter().flatten();
        let indices = matches.indices_of(id).into_iter().flatten();
        flags.extend(
            indices
                .zip(names)
                .map(|(index, name)| (index, (flag, name.clone(), level))),
        );
    }
    flags.sort_by_key(|(index, _)| *index);
    flags.into_iter().map(|(_, flag)| flag).collect()
}

/// `--var` and `--var-file` in the order of the command line.
pub(super) fn assignments(matches: &ArgMatches, current: &Path) -> Result<Vec<Assignment>> {
    let mut assignments = Vec::new();
    let vars = matches.get_many::<String>("vars").into_iter().flatten();
    for (index, var) in matches.indices_of("vars").into_iter().flatten().zip(vars) {
        // The value may be a secret and is kept out of the message.
        let Some((name, value)) = var.split_once('=') else {
            bail!("`--var` needs `NAME=VALUE`: there is no `=` in what is given");
        };
        assignments.push((
            index,
            Assignment::Variable(name.trim().to_owned(), value.to_owned()),
        ));
    }
    let files = matches
        .get_many::<PathBuf>("var_files")
        .into_iter()
        .flatten();
    for (index, file) in matches
        .indices_of("var_files")
        .into_iter()
        .flatten()
        .zip(files)
    {
        let path = current.join(file);
        if !path.is_file() {
            bail!("there is no variable file `{}`", file.display());
        }
        assignments.push((index, Assignment::File(path)));
    }
    assignments.sort_by_key(|(index, _)| *index);
    Ok(assignments
        .into_iter()
        .map(|(_, assignment)| assignment)
        .collect())
}

pub(super) fn rule_named(name: &str) -> Result<&'static Rule> {
    if let Some(rule) = selection::find_rule(name) {
        return Ok(rule);
    }
    let names = RULES.iter().flat_map(|rule| [rule.id, rule.name]);
    bail!("unknown rule `{name}`{}", meant(name, names))
}

/// The rules that a name stands for: a rule, a group, a catalogue, or another catalogue's id.
pub(super) fn rules_named(name: &str) -> Result<Vec<&'static Rule>> {
    let rules = selection::find_rules(name);
    if rules.is_empty() {
        bail!(
            "unknown rule `{name}`{}",
            meant(name, selection::rule_names())
        );
    }
    Ok(rules)
}

pub(super) fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match did_you_mean(name, known) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None => "; `cargo ecs-audit explain` lists the rules".to_owned(),
    }
}
