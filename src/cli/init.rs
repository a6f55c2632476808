//! `cargo ecs-audit init`: sets the workspace up.

use std::io::{BufRead, IsTerminal as _};
use std::path::Path;

use anyhow::{Context as _, anyhow};

use super::arguments::{InitArgs, cargo_options_of};
use super::output::{Stopped, nothing_found, print, safe};
use crate::cargo;
use crate::console::Console;
use crate::exit::Exit;
use crate::init::{self, Plan, Refusal};
use crate::report;
use crate::roots::{self, Found};
use crate::source::Library;
use crate::workspace::{Search, Workspace};

/// Shows what is missing, asks, and writes it.
pub(super) fn init(args: &InitArgs, console: &mut Console<'_>) -> Result<Exit, Stopped> {
    let wrong = |error: anyhow::Error| Stopped::usage(&error);
    let current = std::env::current_dir()
        .context("there is no current directory")
        .map_err(|error| Stopped::unfinished(&error))?;
    let search = Search {
        manifest_path: args.manifest_path.clone(),
        cargo_options: cargo_options_of(args.locked, args.offline, args.frozen),
    };
    let workspace = Workspace::find(&current, &search).map_err(wrong)?;
    let roots = root_modules(args, &workspace, &current, console)?;
    let site = init::look(&workspace, roots, &search).map_err(wrong)?;
    let colour = console.messages.colour;
    let plan = init::plan(&site).map_err(|refusal| refused(&refusal, colour))?;
    let Plan { edits, notes, .. } = &plan;
    if edits.is_empty() {
        let text = "nothing is to be done: the workspace is set up\n";
        print(&mut console.messages, &with_notes(text, notes))?;
        return Ok(Exit::Clean);
    }
    init::stays_inside(&workspace.root, edits).map_err(wrong)?;
    let diff = init::diff(edits, console.output.colour);
    print(&mut console.output, &diff)?;
    if args.dry_run {
        return Ok(Exit::Clean);
    }
    if !args.yes {
        let stdin = std::io::stdin();
        if !(console.messages.terminal && stdin.is_terminal()) {
            return Err(wrong(anyhow!(
                "nothing is written: there is no terminal to ask on; `--yes` writes it without a question"
            )));
        }
        print(&mut console.messages, &question(&plan))?;
        if !is_yes(&mut stdin.lock()) {
            print(&mut console.messages, "nothing is written\n")?;
            return Ok(Exit::Clean);
        }
    }
    init::write(&workspace.root, edits).map_err(|error| Stopped::unfinished(&error))?;
    for edit in edits {
        let done = if edit.before.is_some() {
            "Edited"
        } else {
            "Created"
        };
        print(
            &mut console.messages,
            &safe(&format!("{done:>12} {}\n", edit.file)),
        )?;
    }
    let text = if args.locked || args.frozen {
        "note: `Cargo.lock` is left as it is, and has to be updated: `cargo update --workspace`\n"
            .to_owned()
    } else {
        match cargo::update_lock(&workspace.root, &search.cargo_options) {
            Ok(()) => "     Updated Cargo.lock\n".to_owned(),
            Err(error) => {
                format!("warning: `Cargo.lock` has to be updated, and could not be: {error:#}\n")
            }
        }
    };
    print(&mut console.messages, &safe(&text))?;
    print(&mut console.messages, &next(&plan))?;
    Ok(Exit::Clean)
}

/// The root modules that are to be audited from now on.
fn root_modules(
    args: &InitArgs,
    workspace: &Workspace,
    current: &Path,
    console: &mut Console<'_>,
) -> Result<Vec<String>, Stopped> {
    let misconfigured = |errors: Vec<crate::config::ConfigError>| {
        let colour = console.messages.colour;
        Stopped {
            exit: Exit::Usage,
            message: report::config_errors("Cargo.toml", &workspace.text, &errors, colour),
        }
    };
    let config = workspace.config().map_err(misconfigured)?;
    let found = if args.roots.is_empty() {
        roots::configured(&workspace.root, &config, &Library::default()).map_err(misconfigured)?
    } else {
        roots::named(&workspace.root, current, &args.roots, &config)
            .map_err(|error| Stopped::usage(&error))?
    };
    if found.modules.is_empty() {
        return Err(Stopped {
            exit: Exit::Nothing,
            message: nothing_found(&found),
        });
    }
    Ok(found
        .modules
        .into_iter()
        .map(|module| module.name)
        .collect())
}

/// How many root modules are named where nothing is set up.
const NAMED: usize = 3;

/// What is said after an audit where nothing is set up.
pub(super) fn first_run(found: &Found) -> String {
    let names = found
        .modules
        .iter()
        .map(|module| format!("`{}`", module.name));
    let names: Vec<String> = names.take(NAMED).collect();
    let more = match found.modules.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let modules = match found.modules.len() {
        1 => "1 root module".to_owned(),
        count => format!("{count} root modules"),
    };
    safe(&format!(
        "note: nothing is set up here; found in {}: {modules}, {}{more}\n      \
         `cargo ecs-audit init` writes that down, and adds an alias, a test target and a CI job; it shows a diff, and \
         asks\n",
        found.searched,
        names.join(", ")
    ))
}

fn refused(refusal: &Refusal, colour: bool) -> Stopped {
    let errors = std::slice::from_ref(&*refusal.error);
    match &refusal.place {
        Some((file, text)) => Stopped {
            exit: Exit::Usage,
            message: report::config_errors(file, text, errors, colour),
        },
        None => Stopped::usage(&anyhow!("{refusal}")),
    }
}

fn question(plan: &Plan) -> String {
    let overwritten = match &plan.overwritten {
        Some(alias) => format!(
            " The alias `ecs-audit`, now `{}`, is overwritten.",
            safe(alias)
        ),
        None => String::new(),
    };
    format!("Write this?{overwritten} [y/N] ")
}

fn is_yes(input: &mut impl BufRead) -> bool {
    let mut answer = String::new();
    let read = input.read_line(&mut answer).is_ok();
    read && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

/// What to do from here on.
fn next(plan: &Plan) -> String {
    let package = &plan.package;
    let tests = if plan.tested_from_root {
        "`cargo test` and `cargo nextest run` audit with the other tests".to_owned()
    } else {
        format!(
            "`cargo test --package {package}` audits as tests, and so does `cargo test --workspace`; `cargo test` \
             alone does not"
        )
    };
    let mut notes = plan.notes.clone();
    if let Some(program) = cargo::installed("cargo-ecs-audit") {
        notes.push(format!(
            "in this workspace the alias comes before the installed `{}`, and Cargo warns of it; \
             `cargo uninstall cargo-ecs-audit` ends that",
            program.display()
        ));
    }
    let text = format!(
        "`cargo ecs-audit` audits; where much fails today, `cargo ecs-audit baseline` records it, and only what is \
         new is denied\n{tests}\ncommit what was written, `Cargo.lock` with it\n"
    );
    with_notes(&text, &notes)
}

fn with_notes(text: &str, notes: &[String]) -> String {
    let notes: String = notes.iter().map(|note| format!("note: {note}\n")).collect();
    safe(&format!("{text}{notes}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_one() {
        for (answer, yes) in [
            ("y\n", true),
            ("Yes\n", true),
            ("\n", false),
            ("", false),
            ("yup\n", false),
        ] {
            assert_eq!(is_yes(&mut answer.as_bytes()), yes, "{answer:?}");
        }
    }

    #[test]
    fn who_is_asked_is_told_what_is_overwritten() {
        let plan = Plan {
            overwritten: Some("run -p tool".to_owned()),
            ..Plan::default()
        };
        assert_eq!(
            question(&plan),
            "Write this? The alias `ecs-audit`, now `run -p tool`, is overwritten. [y/N] "
        );
    }
}
