//! `cargo xtask dist`: completions for shells, and manual pages, under `target/dist`.
//!
//! What makes them is compiled only for this, with the feature `dist`.

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs itself again with what is needed.
#[cfg(not(feature = "dist"))]
pub(crate) fn dist(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    use xshell::{Shell, cmd};

    let run = || -> anyhow::Result<()> {
        let shell = Shell::new()?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let command = cmd!(
            shell,
            "{cargo} run --quiet --package xtask --features dist -- dist {arguments...}"
        );
        command.quiet().run()?;
        Ok(())
    };
    ended(run())
}

/// Writes completions and manual pages into a directory, `target/dist` where none is given.
#[cfg(feature = "dist")]
pub(crate) fn dist(mut arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let directory = arguments.next().unwrap_or_else(|| "target/dist".into());
    ended(made::write(directory.as_ref()))
}

fn ended(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "dist")]
mod made {
    use std::fs;
    use std::path::Path;

    use anyhow::{Context as _, Result};
    use clap::Command;
    use clap_complete::{Shell, generate};

    /// The program's name, and Cargo's subcommand.
    const PROGRAM: &str = "cargo-ecs-audit";
    const SUBCOMMAND: &str = "ecs-audit";

    /// How the program's name stands in what bash reads, in the two ways in which it is written.
    const TORN: &str = "cargo__subcmd__ecs__subcmd__audit__subcmd__";
    const WHOLE: &str = "cargo__ecs__audit__subcmd__";

    /// Completes `cargo ecs-audit` as `cargo-ecs-audit`, and leaves everything else to who completed it before.
    const BASH: &str = r#"
# `cargo ecs-audit` is completed as `cargo-ecs-audit`.
declare -F _cargo >/dev/null || { declare -F _completion_loader >/dev/null && _completion_loader cargo; }
_cargo_or_ecs_audit() {
    if [[ ${COMP_WORDS[1]} == ecs-audit && $COMP_CWORD -gt 1 ]]; then
        COMP_WORDS=("cargo-ecs-audit" "${COMP_WORDS[@]:2}")
        COMP_CWORD=$((COMP_CWORD - 1))
        _cargo__ecs__audit "cargo-ecs-audit" "$2" "$3"
    elif declare -F _cargo >/dev/null; then
        _cargo "$@"
    elif [[ $COMP_CWORD -eq 1 && ecs-audit == "$2"* ]]; then
        COMPREPLY=(ecs-audit)
    fi
}
complete -F _cargo_or_ecs_audit -o bashdefault -o default cargo
"#;

    pub(super) fn write(directory: &Path) -> Result<()> {
        let completions = directory.join("completions");
        for (name, text) in files() {
            put(&completions.join(name), &text)?;
        }
        let manual = directory.join("man");
        fs::create_dir_all(&manual)
            .with_context(|| format!("cannot make `{}`", manual.display()))?;
        let program = named(PROGRAM).version(env!("CARGO_PKG_VERSION"));
        clap_mangen::generate_to(program, &manual).context("cannot write the manual pages")?;
        println!(
            "wrote `{}` and `{}`",
            completions.display(),
            manual.display()
        );
        Ok(())
    }

    /// The completions of every shell, by their file's name.
    fn files() -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for shell in [
            Shell::Bash,
            Shell::Zsh,
            Shell::Fish,
            Shell::PowerShell,
            Shell::Elvish,
        ] {
            let mut text = completions(shell, named(PROGRAM), PROGRAM);
            let (name, beside) = match shell {
                Shell::Bash => {
                    // What a subcommand completes stands under another name than the one that it is looked up
                    // by, where the program's name has dashes.
                    let generated = String::from_utf8_lossy(&text);
                    text = generated.replace(TORN, WHOLE).into_bytes();
                    text.extend(BASH.as_bytes());
                    ("cargo-ecs-audit.bash", None)
                }
                // Cargo's own completion calls `_cargo-ecs-audit`.
                Shell::Zsh => ("_cargo-ecs-audit", None),
                Shell::Fish => {
                    text.extend(completions(shell, below_cargo(), "cargo"));
                    ("cargo-ecs-audit.fish", None)
                }
                // These take one program each; whoever has a completion of Cargo keeps it.
                Shell::PowerShell => ("cargo-ecs-audit.ps1", Some("cargo.ps1")),
                _ => ("cargo-ecs-audit.elv", Some("cargo.elv")),
            };
            files.push((name.to_owned(), text));
            if let Some(beside) = beside {
                let text = completions(shell, below_cargo(), "cargo");
                files.push((beside.to_owned(), text));
            }
        }
        files
    }

    fn completions(shell: Shell, mut command: Command, name: &str) -> Vec<u8> {
        let mut text = Vec::new();
        generate(shell, &mut command, name, &mut text);
        text
    }

    fn named(name: &'static str) -> Command {
        ecs_audit::command().name(name).bin_name(name)
    }

    fn below_cargo() -> Command {
        Command::new("cargo").subcommand(named(SUBCOMMAND))
    }

    fn put(path: &Path, text: &[u8]) -> Result<()> {
        let directory = path.parent().context("there is no directory")?;
        fs::create_dir_all(directory)
            .with_context(|| format!("cannot make `{}`", directory.display()))?;
        fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn every_shell_completes_every_subcommand() {
            let names: Vec<String> = ecs_audit::command()
                .get_subcommands()
                .map(|command| command.get_name().to_owned())
                .collect();
            assert!(names.len() > 3);
            for (file, text) in files() {
                let text = String::from_utf8(text).expect("completions are text");
                if file.ends_with(".bash") {
                    assert!(text.contains("_cargo__ecs__audit() {"), "{text}");
                }
                for name in &names {
                    assert!(text.contains(name.as_str()), "{file} does not know {name}");
                    let case = format!("        {WHOLE}{name})\n");
                    assert!(!file.ends_with(".bash") || text.contains(&case), "{name}");
                }
            }
        }
    }
}
