//! How fast the parser, the evaluator and a whole audit are.
//!
//! `cargo xtask bench` generates the large inputs and runs this in both profiles; run alone, it leaves
//! out what is not generated. Nothing is asserted: numbers of one machine say nothing of another.

#![allow(clippy::print_stdout, reason = "the numbers are what it is for")]

use std::ffi::OsString;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use ecs_audit::config::Config;
use ecs_audit::roots::{self, RootModule};
use ecs_audit::source::{Library, SourceMap};
use ecs_audit::terraform::evaluate::{Inputs, evaluate};
use ecs_audit::terraform::plan::Facts;
use ecs_audit::{Console, Stream, hcl};

/// How long one thing is repeated, unless once takes longer.
const ENOUGH: Duration = Duration::from_millis(500);
/// How often it is done at least.
const LEAST: u32 = 3;

/// What is audited.
struct Input {
    name: &'static str,
    /// The directory of the manifest.
    workspace: &'static str,
    /// The root module, where it is not to be found.
    root: Option<&'static str>,
    plan: Option<&'static str>,
}

const INPUTS: [Input; 4] = [
    Input {
        name: "infra",
        workspace: ".",
        root: None,
        plan: None,
    },
    Input {
        name: "monorepo",
        workspace: "tests/fixtures/monorepo",
        root: None,
        plan: None,
    },
    Input {
        name: "services",
        workspace: ".",
        root: Some("target/generated/services"),
        plan: None,
    },
    Input {
        name: "plan",
        workspace: ".",
        root: Some("target/generated/nothing"),
        plan: Some("target/generated/plan.json"),
    },
];

fn main() -> Result<()> {
    // `cargo test --benches` runs this too, and wants to know only whether it runs.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    println!("            bytes read   lex MB/s   parse MB/s   evaluate MB/s   audit ms");
    for input in &INPUTS {
        let generated = input.root.into_iter().chain(input.plan);
        if generated.into_iter().any(|path| !Path::new(path).exists()) {
            println!("{:<10}  not generated", input.name);
            continue;
        }
        measure(input)?;
    }
    Ok(())
}

fn measure(input: &Input) -> Result<()> {
    let workspace = fs::canonicalize(input.workspace)?;
    let modules = root_modules(input, &workspace)?;
    let facts = Facts::default();
    let evaluated = || {
        let mut sources = Vec::new();
        for module in &modules {
            let mut source = SourceMap::default();
            let inputs = Inputs {
                root: &module.path,
                workspace: &workspace,
                environment: &[],
                terragrunt: &[],
                assignments: &[],
                terraform_workspace: Some("default"),
                facts: &facts,
                edited: None,
            };
            black_box(evaluate(&inputs, &mut source));
            sources.push(source);
        }
        sources
    };
    let sources = evaluated();
    let texts: Vec<&str> = sources
        .iter()
        .flat_map(|source| source.files().map(|(_, file)| &*file.text))
        .collect();
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    let rate = |time: Duration| format!("{:.1}", bytes as f64 / time.as_secs_f64() / 1e6);
    let [lexed, parsed, evaluated] = if input.plan.is_none() {
        let each = |read: fn(&str)| least(|| texts.iter().for_each(|text| read(text)));
        let lexed = each(|text| drop(black_box(hcl::lex(text))));
        let parsed = each(|text| drop(black_box(hcl::parse(text))));
        let whole = least(|| drop(black_box(evaluated())));
        // Reading and parsing are a part of it, and measured by themselves.
        [lexed, parsed, whole.saturating_sub(parsed)].map(rate)
    } else {
        ["-"; 3].map(str::to_owned)
    };
    let audited = least(|| audit(input, &workspace));
    let read = match input.plan {
        Some(plan) => fs::metadata(plan)?.len(),
        None => bytes as u64,
    };
    println!(
        "{:<10}{read:>12}{lexed:>11}{parsed:>13}{evaluated:>16}{:>11.1}",
        input.name,
        audited.as_secs_f64() * 1e3,
    );
    Ok(())
}

fn root_modules(input: &Input, workspace: &Path) -> Result<Vec<RootModule>> {
    let config = Config::default();
    let found = match input.root {
        Some(root) => roots::named(workspace, workspace, &[PathBuf::from(root)], &config)?,
        None => roots::configured(workspace, &config, &Library::default())
            .ok()
            .context("the configuration is not read")?,
    };
    Ok(found.modules)
}

/// Runs the command line, its report into nothing.
fn audit(input: &Input, workspace: &Path) {
    let mut console = Console {
        output: Stream::plain(std::io::sink()),
        messages: Stream::plain(std::io::sink()),
    };
    let manifest = workspace.join("Cargo.toml");
    let mut arguments = vec![
        OsString::from("cargo-ecs-audit"),
        OsString::from("--manifest-path"),
        manifest.into_os_string(),
    ];
    arguments.extend(input.root.map(OsString::from));
    match input.plan {
        Some(plan) => arguments.extend(["--plan-file", plan].map(OsString::from)),
        None => arguments.extend(["--plan", "never"].map(OsString::from)),
    }
    black_box(ecs_audit::run(arguments, &mut console));
}

/// The least time of something that is done several times: what else the machine does only adds to it.
fn least(mut work: impl FnMut()) -> Duration {
    let begun = Instant::now();
    let mut least = Duration::MAX;
    let mut times = 0;
    while times < LEAST || begun.elapsed() < ENOUGH {
        let start = Instant::now();
        work();
        least = least.min(start.elapsed());
        times += 1;
    }
    least
}
