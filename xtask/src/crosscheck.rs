//! Source, mocked plan and plan of whole directories, held against each other.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use ecs_audit::crosscheck::{Crosschecked, find};
use ecs_audit::{Console, report};

/// Prints what disagrees in the root modules of directories, and fails where anything does.
pub(crate) fn crosscheck(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let directories: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    if directories.is_empty() {
        eprintln!(
            "usage: cargo xtask crosscheck DIR…\n\n\
             A directory is a workspace, a root module, or has root modules below it. What is read, \
             planned with mocked\nproviders and planned in earnest has to agree; nothing is applied."
        );
        return ExitCode::from(2);
    }
    match check(&directories) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether everything agrees.
fn check(directories: &[PathBuf]) -> Result<bool> {
    let mut console = Console::standard();
    let mut roots = 0;
    let mut total = Crosschecked::default();
    for directory in directories {
        let checked = find(directory)?;
        if checked.modules.is_empty() {
            bail!("there is no root module in `{}`", directory.display());
        }
        for module in &checked.modules {
            let found = checked.crosscheck(module);
            console.output.write(&told(&module.path, &found))?;
            roots += 1;
            total.add(found);
        }
    }
    console.output.write(&format!(
        "total: {}, {}, {}\n",
        counted(roots, "root module"),
        compared(&total),
        counted(total.disagreements.len(), "disagreement")
    ))?;
    Ok(total.disagreements.is_empty())
}

fn told(path: &Path, found: &Crosschecked) -> String {
    let mut text = format!("{}: {}\n", path.display(), compared(found));
    for (name, lines) in [
        ("not there", &found.missing),
        ("disagreement", &found.disagreements),
        ("verdict", &found.differences),
    ] {
        for line in lines {
            text.push_str(&format!("  {name}: {}\n", line.replace('\n', "\n    ")));
        }
    }
    report::safe_for_terminal(&text)
}

fn compared(found: &Crosschecked) -> String {
    format!(
        "{} and {} compared",
        counted(found.instances, "instance"),
        counted(found.attributes, "attribute")
    )
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
