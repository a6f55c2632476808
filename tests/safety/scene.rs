//! A workspace with one root module, and an audit of it with all that it prints.

use std::fs;
use std::path::PathBuf;

use ecs_audit::report::CHECKLIST_FORMATS;
use ecs_audit::{Console, Stream};

use crate::canary::{Canary, SECRET};

/// Every format that there is, as the command line names them.
fn formats() -> Vec<String> {
    let (_, said) = run(&["--format", "none-such"]);
    let known = said
        .split("known are")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    known
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn run(arguments: &[&str]) -> (String, String) {
    let (mut output, mut messages) = (Vec::new(), Vec::new());
    {
        let mut console = Console {
            output: Stream::plain(&mut output),
            messages: Stream::plain(&mut messages),
        };
        let arguments = ["cargo-ecs-audit"].iter().chain(arguments);
        ecs_audit::run(arguments.map(Into::into), &mut console);
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output), text(&messages))
}

/// A workspace; `Ⓢ` in what is written stands for the secret.
pub(crate) struct Scene<'a> {
    canary: &'a Canary,
    directory: tempfile::TempDir,
    arguments: Vec<String>,
}

impl<'a> Scene<'a> {
    pub(crate) fn new(canary: &'a Canary) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut scene = Scene {
            canary,
            directory,
            arguments: Vec::new(),
        };
        scene.write("Cargo.toml", "[workspace]\n");
        scene
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&mut self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.replace('Ⓢ', SECRET)).unwrap();
    }

    pub(crate) fn argument(&mut self, argument: &str) {
        self.arguments.push(argument.replace('Ⓢ', SECRET));
    }

    /// What an audit prints.
    pub(crate) fn printed(&self, more: &[&str]) -> String {
        thread_local! {
            static FORMATS: Vec<String> = formats();
        }
        let manifest = self.path("Cargo.toml").display().to_string();
        let root = self.path("main").display().to_string();
        let mut arguments = vec!["--manifest-path".to_owned(), manifest];
        arguments.extend(self.arguments.iter().cloned());
        if !self
            .arguments
            .iter()
            .any(|argument| argument == "--plan-file")
        {
            arguments.extend(["--plan".to_owned(), "never".to_owned()]);
        }
        let files: Vec<PathBuf> = FORMATS.with(|formats| {
            let name = |format: &String| self.path(&format!("report.{format}"));
            for format in formats {
                let path = name(format);
                arguments.push(format!("--format={format}={}", path.display()));
            }
            formats.iter().map(name).collect()
        });
        arguments.extend(more.iter().map(|&argument| argument.to_owned()));
        arguments.push(root);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (output, messages) = run(&arguments);
        let reports = files
            .iter()
            .map(|file| fs::read_to_string(file).unwrap_or_default());
        let printed: Vec<String> = reports.chain([output, messages]).collect();
        printed.join("\n")
    }

    /// What the release checklist says, in every format of it.
    fn checklists(&self) -> String {
        let mut arguments = vec!["checklist".to_owned()];
        let manifest = self.path("Cargo.toml").display().to_string();
        arguments.extend(["--manifest-path".to_owned(), manifest]);
        arguments.extend(self.arguments.iter().cloned());
        if !self.arguments.iter().any(|given| given == "--plan-file") {
            arguments.extend(["--plan".to_owned(), "never".to_owned()]);
        }
        let files = CHECKLIST_FORMATS.map(|format| {
            let path = self.path(&format!("checklist.{}", format.name()));
            arguments.push(format!("--format={}={}", format.name(), path.display()));
            path
        });
        arguments.push(self.path("main").display().to_string());
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (output, messages) = run(&arguments);
        assert!(messages.contains("exit code"), "{messages}");
        let written = files.map(|file| fs::read_to_string(file).unwrap_or_default());
        assert!(
            messages.contains("wrong usage") || written.iter().all(|text| !text.is_empty()),
            "{messages}"
        );
        [output, messages, written.join("\n")].join("\n")
    }

    /// Every line in which the secret is seen, of every format.
    pub(crate) fn leaks(&self) -> Vec<String> {
        let printed = self.printed(&["-v", "--show-passes"]);
        assert!(
            printed.contains("exit code"),
            "it went to the end:\n{printed}"
        );
        let printed = [printed, self.checklists()].join("\n");
        let seen = self.canary.seen_in(&printed);
        seen.map(str::to_owned).into_iter().collect()
    }
}
