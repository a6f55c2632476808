//! The layers of the crate: what may name what, and who may do what. `ARCHITECTURE.md` says why.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_syntax_names_nothing_else_of_the_crate() {
    let mut faults = Faults::default();
    for file in sources().under("hcl") {
        for (line, path) in file.crate_paths() {
            if path != "hcl" && !path.starts_with("hcl::") {
                faults.add(&file, line, &format!("names `crate::{path}`"));
            }
        }
    }
    faults.report("`hcl` could be published alone");
}

#[test]
fn the_rules_see_the_inventory_and_nothing_else() {
    let allowed = ["ecs", "fix", "rules", "verdict"];
    let mut faults = Faults::default();
    for file in sources().under("rules") {
        for (line, path) in file.crate_paths() {
            let first = path.split("::").next().unwrap_or_default();
            if !allowed.contains(&first) {
                faults.add(&file, line, &format!("names `crate::{path}`"));
            }
        }
        file.find_words(
            &["std::fs", "std::env", "std::io", "std::process", "std::net"],
            &mut faults,
        );
    }
    faults.report("a rule sees the inventory, verdicts and fixes");
}

#[test]
fn one_module_starts_processes() {
    let mut faults = Faults::default();
    for file in sources() {
        // Cargo alone knows which workspace a package is of; `cargo_metadata` asks it.
        let asks_cargo = file.name == "workspace.rs";
        let asks_git = file.name == "git.rs";
        let builds_a_command = file.name == "cargo.rs";
        if builds_a_command {
            // It is `terraform::command` that runs it.
            file.find_words(
                &["process::Command", "MetadataCommand", ".run()", ".read()"],
                &mut faults,
            );
        } else if !file.name.starts_with("terraform/command") && !asks_cargo && !asks_git {
            file.find_words(
                &["xshell", "process::Command", "MetadataCommand"],
                &mut faults,
            );
        } else if asks_cargo {
            file.find_words(&["xshell", "process::Command"], &mut faults);
        }
    }
    faults.report(
        "only `terraform::command` starts processes, those that `cargo` builds too; `workspace` asks Cargo, \
         and `git` Git",
    );
}

#[test]
fn the_library_neither_prints_nor_exits() {
    let words = [
        "print!(",
        "println!(",
        "eprint!(",
        "eprintln!(",
        "dbg!(",
        "process::exit",
    ];
    let mut faults = Faults::default();
    for file in sources() {
        if file.name != "main.rs" {
            file.find_words(&words, &mut faults);
        }
        if file.name != "console.rs" {
            file.find_words(&["io::stdout", "io::stderr"], &mut faults);
        }
    }
    faults.report("what is written goes through the `Console` that `main` hands in");
}

#[test]
fn what_judges_and_reports_cannot_fail() {
    let mut faults = Faults::default();
    for file in sources() {
        let judges = ["ecs/", "rules/", "report/"]
            .iter()
            .any(|layer| file.name.starts_with(layer));
        if judges || file.name == "policy.rs" {
            file.find_words(&["anyhow", "std::io", "std::fs"], &mut faults);
            for (line, signature) in file.public_functions() {
                if signature.contains("-> Result<") {
                    faults.add(&file, line, "has a public function that can fail");
                }
            }
        }
    }
    faults.report("`ecs`, `rules`, `policy` and `report` cannot fail");
}

#[test]
fn renderers_own_what_they_serialise() {
    let mut faults = Faults::default();
    for file in sources() {
        // What is remembered has a type of its own for its file.
        let renders = file.name.starts_with("report/") && file.name != "report/mod.rs";
        if !renders && !file.name.starts_with("remembered") {
            file.find_words(&["Serialize"], &mut faults);
        }
    }
    faults.report("the domain's types are no wire types");
}

#[test]
fn few_write_files() {
    let writers = [
        "cli/output.rs",
        "fix/write.rs",
        "init/write.rs",
        "remembered",
        "terraform/command",
    ];
    let words = [
        "fs::write",
        "File::create",
        "OpenOptions",
        "fs::remove",
        "fs::rename",
        "fs::copy",
    ];
    let mut faults = Faults::default();
    for file in sources() {
        if !writers.iter().any(|writer| file.name.starts_with(writer)) {
            file.find_words(&words, &mut faults);
        }
    }
    faults.report("a report goes where the command line says, a fix where it was found, what sets a workspace up where `init` shows it, a plan into a private directory, what is remembered of it into the target directory");
}

/// A source file without its comments and its tests.
struct Source {
    name: String,
    lines: Vec<(usize, String)>,
}

fn sources() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![root.clone()];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 20, "too few sources are found: {found:?}");
    found.sort();
    let sources = found.iter().map(|path| {
        let name = path
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        Source::read(name, &fs::read_to_string(path).unwrap())
    });
    // A file of tests alone is declared by its neighbour under `#[cfg(test)]`.
    let is_tests = |source: &Source| {
        let stem = source.name.rsplit('/').next().unwrap_or_default();
        stem == "tests.rs" || source.name.contains("/tests/")
    };
    Sources(sources.filter(|source| !is_tests(source)).collect())
}

struct Sources(Vec<Source>);

impl Sources {
    fn under(self, layer: &str) -> Vec<Source> {
        let prefix = format!("{layer}/");
        let found: Vec<Source> = self
            .0
            .into_iter()
            .filter(|source| source.name.starts_with(&prefix))
            .collect();
        assert!(!found.is_empty(), "there is no layer `{layer}`");
        found
    }
}

impl IntoIterator for Sources {
    type Item = Source;
    type IntoIter = std::vec::IntoIter<Source>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Source {
    fn read(name: String, text: &str) -> Self {
        let code = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        let lines = code
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(number, line)| (number + 1, line.to_owned()))
            .collect();
        Source { name, lines }
    }

    /// Every path of this crate that is named, without `crate::`.
    fn crate_paths(&self) -> Vec<(usize, String)> {
        let mut paths = Vec::new();
        for (number, line) in &self.lines {
            for after in line.split("crate::").skip(1) {
                let end = after
                    .find(|letter: char| {
                        !letter.is_alphanumeric() && letter != '_' && letter != ':'
                    })
                    .unwrap_or(after.len());
                paths.push((*number, after[..end].trim_end_matches(':').to_owned()));
            }
        }
        paths
    }

    /// The signatures of the functions that others can call.
    fn public_functions(&self) -> Vec<(usize, String)> {
        let mut signatures = Vec::new();
        for (index, (number, line)) in self.lines.iter().enumerate() {
            let line = line.trim_start();
            if line.starts_with("pub fn ") || line.starts_with("pub(crate) fn ") {
                let rest = self.lines[index..].iter().map(|(_, line)| line.as_str());
                let mut signature = String::new();
                for line in rest {
                    signature.push_str(line);
                    if line.ends_with('{') {
                        break;
                    }
                }
                signatures.push((*number, signature));
            }
        }
        signatures
    }

    fn find_words(&self, words: &[&str], faults: &mut Faults) {
        for (number, line) in &self.lines {
            for word in words {
                if line.contains(word) {
                    faults.add(self, *number, &format!("has `{word}`"));
                }
            }
        }
    }
}

#[derive(Default)]
struct Faults(String);

impl Faults {
    fn add(&mut self, source: &Source, line: usize, fault: &str) {
        let _ = writeln!(self.0, "src/{}:{line}: {fault}", source.name);
    }

    #[track_caller]
    fn report(self, law: &str) {
        assert!(self.0.is_empty(), "\n{law}, but\n{}", self.0);
    }
}
