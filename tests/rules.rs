//! The pages of the rules are their tests, and the list of the rules is kept by one.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use ecs_audit::audit::{self, PlanSource, Request};
use ecs_audit::config::PlanMode;
use ecs_audit::fix;
use ecs_audit::policy::{Level, LevelSource, Levels, Target};
use ecs_audit::report::{Rendering, Report, ResolvedEdit, diagnostics};
use ecs_audit::roots::RootModule;
use ecs_audit::rules::{Options, RULES, Rule};

#[test]
fn every_page_shows_what_its_example_prints() {
    let mut faults = Faults::default();
    for rule in RULES {
        let page = Page::of(rule);
        let report = audit(rule, page.example());
        let printed = diagnostics(&report, &Rendering::default());
        if printed.is_empty() {
            faults.add(rule, "the example on its page violates nothing");
            continue;
        }
        let told = report.roots.iter().flat_map(|root| &root.verdicts);
        if let Some(other) = told.clone().find(|judged| judged.rule.id != rule.id) {
            faults.add(
                rule,
                &format!("its example was judged by {}", other.rule.id),
            );
        }
        // A doc comment keeps no blanks at the ends of its lines.
        let printed: Vec<&str> = printed.trim_end().lines().map(str::trim_end).collect();
        let printed = printed.join("\n");
        if page.text() == printed {
            continue;
        }
        if env::var_os("ECS_AUDIT_BLESS").is_some() {
            bless(rule, &printed);
        } else {
            let expected = page.text();
            faults.add(
                rule,
                &format!("its page shows\n\n{expected}\n\nand what is printed is\n\n{printed}\n"),
            );
        }
    }
    faults.report("`cargo bless --test rules` takes what is printed");
}

#[test]
fn every_page_says_what_to_write_instead() {
    let mut faults = Faults::default();
    for rule in RULES {
        let report = audit(rule, Page::of(rule).instead());
        let printed = diagnostics(&report, &Rendering::default());
        if !printed.is_empty() {
            faults.add(
                rule,
                &format!("what its page says to write instead gives\n\n{printed}"),
            );
        } else if report.roots.iter().all(|root| root.verdicts.is_empty()) {
            faults.add(
                rule,
                "what its page says to write instead is judged by nothing",
            );
        }
    }
    faults.report("what to write instead must pass");
}

#[test]
fn a_fix_of_the_example_is_what_to_write_instead() {
    let mut faults = Faults::default();
    for rule in RULES {
        let page = Page::of(rule);
        let report = audit(rule, page.example());
        let verdicts = report.roots.iter().flat_map(|root| &root.verdicts);
        let mut edits: Vec<&ResolvedEdit> = Vec::new();
        for edit in verdicts
            .filter_map(|judged| judged.fix.as_ref())
            .flat_map(|fix| &fix.edits)
        {
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
        if edits.is_empty() {
            continue;
        }
        match fix::apply(page.example(), &edits) {
            Some(fixed) if fixed == page.instead() => {}
            Some(fixed) => {
                let instead = page.instead();
                faults.add(
                    rule,
                    &format!("its fix gives\n\n{fixed}\nand its page says to write\n\n{instead}"),
                );
            }
            None => faults.add(rule, "the edits of its fix overlap"),
        }
    }
    faults.report("the fix and the page must agree");
}

#[test]
fn every_page_has_every_part() {
    let mut faults = Faults::default();
    for rule in RULES {
        let headings: Vec<&str> = rule
            .page
            .lines()
            .filter_map(|line| line.strip_prefix(" # "))
            .collect();
        let wanted = [
            "What it does",
            "Why it matters",
            "Example",
            "Use instead",
            "References",
        ];
        if headings != wanted {
            faults.add(
                rule,
                &format!("the parts of its page are {headings:?}, not {wanted:?}"),
            );
        }
    }
    faults.report("a page has the same parts as every other");
}

#[test]
fn ids_and_names_are_each_of_one_rule() {
    let mut seen = BTreeMap::new();
    for rule in RULES {
        for name in [rule.id, rule.name] {
            assert_eq!(seen.insert(name, rule.id), None, "`{name}` is given twice");
        }
    }
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert!(
        ids.is_sorted(),
        "the rules are not in the order of their ids: {ids:?}"
    );
}

/// The list in `src/rules/mod.rs` is written by this test, from the files beside it.
#[test]
fn the_list_of_the_rules_is_fresh() {
    const MARK: &str = "// From here on `cargo test --test rules` writes this file.\n";
    let directory = rules_directory();
    let mut rules: Vec<(String, String, String)> = Vec::new();
    for entry in fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        // What a rule knows may be parted; a rule is one file.
        if path.is_dir() {
            continue;
        }
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        // The macro's own file explains it and declares nothing.
        let Some((_, declaration)) = text.split_once("\nrule! {") else {
            continue;
        };
        let (_, after) = declaration.split_once(" static ").unwrap();
        let (constant, after) = after.split_once(" = {").unwrap();
        let (_, after) = after.split_once("id: \"").unwrap();
        let (id, _) = after.split_once('"').unwrap();
        rules.push((id.to_owned(), stem, constant.to_owned()));
    }
    rules.sort();
    let mut fresh = String::new();
    let mut modules: Vec<&str> = rules.iter().map(|(_, module, _)| module.as_str()).collect();
    modules.sort_unstable();
    for module in modules {
        let _ = writeln!(fresh, "mod {module};");
    }
    fresh.push_str("\n/// Every rule, in the order of the ids.\npub static RULES: &[&Rule] = &[\n");
    for (_, module, constant) in &rules {
        let _ = writeln!(fresh, "    &{module}::{constant},");
    }
    fresh.push_str("];\n");

    let path = directory.join("mod.rs");
    let text = fs::read_to_string(&path).unwrap();
    let Some((kept, written)) = text.split_once(MARK) else {
        panic!("`src/rules/mod.rs` has lost the line `{}`", MARK.trim_end());
    };
    if written.trim_start() != fresh {
        fs::write(&path, format!("{kept}{MARK}\n{fresh}")).unwrap();
        panic!("the list of the rules was stale and is now written anew: run the tests again");
    }
}

/// What is wrong, rule by rule, so that one run shows all of it.
#[derive(Default)]
struct Faults(String);

impl Faults {
    fn add(&mut self, rule: &Rule, fault: &str) {
        let _ = writeln!(self.0, "{} `{}`: {fault}", rule.id, rule.name);
    }

    #[track_caller]
    fn report(self, advice: &str) {
        assert!(self.0.is_empty(), "\n{}\n{advice}", self.0);
    }
}

/// The fenced blocks of a rule's page, in their order: language and text.
struct Page(Vec<(String, String)>);

impl Page {
    fn of(rule: &Rule) -> Self {
        let mut blocks = Vec::new();
        let mut open: Option<(String, String)> = None;
        for line in rule.page.lines() {
            let line = line.strip_prefix(' ').unwrap_or(line);
            match (line.strip_prefix("```"), &mut open) {
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (Some(language), None) => open = Some((language.to_owned(), String::new())),
                (None, Some((_, text))) => {
                    text.push_str(line);
                    text.push('\n');
                }
                (None, None) => {}
            }
        }
        Page(blocks)
    }

    fn block(&self, language: &str, last: bool) -> &str {
        let mut blocks = self.0.iter().filter(|(name, _)| name == language);
        let block = if last {
            blocks.next_back()
        } else {
            blocks.next()
        };
        block.map_or("", |(_, text)| text)
    }

    fn example(&self) -> &str {
        self.block("hcl", false)
    }

    fn text(&self) -> &str {
        self.block("text", false).trim_end()
    }

    fn instead(&self) -> &str {
        self.block("hcl", true)
    }
}

fn audit(rule: &'static Rule, source: &str) -> Report {
    let directory = tempfile::tempdir().unwrap();
    let path = fs::canonicalize(directory.path()).unwrap();
    fs::write(path.join("main.tf"), source).unwrap();
    let module = RootModule {
        path: path.clone(),
        name: "example".to_owned(),
        var_files: Vec::new(),
        workspace: None,
        ..RootModule::default()
    };
    let mut levels = Levels::default();
    if rule.opt_in {
        let source = LevelSource::Flag(format!("-W {}", rule.id));
        levels.set(Target::Rule(rule), Level::Warn, source);
    }
    audit::audit(
        &[module],
        &Request {
            workspace: path,
            plan: PlanSource::Run(PlanMode::Never),
            terraform_bin: None,
            assignments: Vec::new(),
            environment: Vec::new(),
            terraform_workspace: None,
            timeout: None,
            only: vec![rule],
            levels,
            options: Options::default(),
            waivers: None,
            edited: Default::default(),
            library: Default::default(),
            jobs: None,
            scope: None,
            memory: None,
        },
    )
}

fn rules_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules")
}

/// Writes what is printed into the page.
fn bless(rule: &Rule, printed: &str) {
    let module = rule.name.replace('-', "_");
    let path = rules_directory().join(format!("{module}.rs"));
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("    /// ```text\n").unwrap();
    let (_, after) = rest.split_once("    /// ```\n").unwrap();
    let mut page = String::new();
    for line in printed.lines() {
        page.push_str(format!("    /// {line}").trim_end());
        page.push('\n');
    }
    fs::write(
        &path,
        format!("{before}    /// ```text\n{page}    /// ```\n{after}"),
    )
    .unwrap();
}
